"""The enterprise platform's own addresses, gathered from its modules."""

from plumbline.systems.enterprise import (
    activity_pages,
    money_addresses,
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
OWN = (portal_addresses, money_addresses, *POLICIES, *WATCHED)
urls: list[object] = [address for module in OWN for address in module.urls]
pages = money_addresses.pages
# applications move together with their money
moves, moves_many = money_addresses.moves, money_addresses.moves_many
