"""The enterprise platform's own addresses, gathered from its modules."""

from plumbline.systems.enterprise import (
    policy_head,
    policy_list,
    policy_matrix,
    policy_page,
    policy_parties,
    policy_public,
    policy_workbench,
    portal_addresses,
)

POLICIES = (policy_list, policy_head, policy_workbench, policy_page, policy_parties, policy_matrix, policy_public)
urls: list[object] = [*portal_addresses.urls, *(address for module in POLICIES for address in module.urls)]
