"""The enterprise platform's own addresses, gathered from its modules."""

from plumbline.systems.enterprise import (
    activity_pages,
    policy_head,
    policy_list,
    policy_matrix,
    policy_page,
    policy_parties,
    policy_public,
    policy_workbench,
    portal_addresses,
    survival_pages,
    warning_pages,
)

POLICIES = (policy_list, policy_head, policy_workbench, policy_page, policy_parties, policy_matrix, policy_public)
WATCHED = (activity_pages, warning_pages, survival_pages)
urls: list[object] = [*portal_addresses.urls, *(address for module in (*POLICIES, *WATCHED) for address in module.urls)]
