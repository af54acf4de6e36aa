"""The addresses of firms' pages; those with a word come before those with a code."""

from plumbline.systems.enterprise import portal_choices, portal_data, portal_join, portal_orders, portal_start

urls = [*portal_join.urls, *portal_data.urls, *portal_orders.urls, *portal_choices.urls, *portal_start.urls]
