"""The addresses of firms' pages, and of officers' pages of their accounts; those with a word come before those with a code."""

from plumbline.systems.enterprise import (
    account_pages,
    portal_choices,
    portal_data,
    portal_join,
    portal_orders,
    portal_start,
    push_pages,
)

MODULES = (account_pages, push_pages, portal_join, portal_data, portal_orders, portal_choices, portal_start)
urls = [address for module in MODULES for address in module.urls]
