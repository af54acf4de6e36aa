"""The enterprise platform's own addresses, gathered from its modules."""

from plumbline.systems.enterprise import (
    activity_pages,
    ask_pages,
    asked,
    assess_pages,
    front_pages,
    money_addresses,
    policy_head,
    policy_list,
    policy_matrix,
    policy_page,
    policy_parties,
    policy_proposals,
    policy_public,
    policy_workbench,
    portal_addresses,
    service_arrears,
    service_landings,
    service_loans,
    service_packs,
    service_visit,
    service_visits,
    survival_pages,
    warning_pages,
)
from plumbline.systems.enterprise.needs import VISIT

POLICIES = (policy_list, policy_head, policy_workbench, policy_page, policy_parties, policy_matrix, policy_public,
            policy_proposals)
SERVICES = (service_visits, service_visit, service_packs, service_loans, service_arrears,
            service_landings)
WATCHED = (activity_pages, warning_pages, survival_pages, assess_pages)
OWN = (front_pages, ask_pages, portal_addresses, money_addresses, *POLICIES, *SERVICES, *WATCHED)
urls: list[object] = [address for module in OWN for address in module.urls]
# kinds of order that are opened on a page of their own
pages = {VISIT: "enterprise-visit", **money_addresses.pages}
# kinds of order that are begun on a page of their own alone
begun = money_addresses.begun
# applications move together with their money, answers to questions into the register
moves, moves_many = {**money_addresses.moves, asked.KIND: asked.act}, money_addresses.moves_many
