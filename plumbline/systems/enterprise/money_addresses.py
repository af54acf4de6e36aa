"""The addresses of money; an application is opened on a page of its own, and moved together with its money."""

from plumbline.store.grants import examining
from plumbline.systems.enterprise import (
    money_apply,
    money_budgets,
    money_case,
    money_claws,
    money_desk,
    money_run,
    money_runs,
    money_view,
)
from plumbline.systems.enterprise.money_words import KIND

urls = [*money_desk.urls, *money_case.urls, *money_budgets.urls, *money_runs.urls, *money_run.urls, *money_claws.urls,
        *money_view.urls, *money_apply.urls]
pages = {KIND: "enterprise-application"}
moves = {KIND: examining.act}
moves_many = {KIND: examining.act_many}
