"""The addresses of money; an application is opened on a page of its own, and moved together with its money."""

from plumbline.store.grants import examining
from plumbline.systems.enterprise import (
    money_apply,
    money_budgets,
    money_case,
    money_claws,
    money_desk,
    money_lists,
    money_run,
    money_runs,
    money_view,
)
from plumbline.systems.enterprise.money_words import KIND

MODULES = (money_desk, money_lists, money_case, money_budgets, money_runs, money_run, money_claws, money_view, money_apply)
urls = [address for module in MODULES for address in module.urls]
pages = {KIND: "enterprise-application"}
# an application without its money could be approved, and never paid
begun = {KIND: "enterprise-lists"}
moves = {KIND: examining.act}
moves_many = {KIND: examining.act_many}
