"""Firms that are warned of something: whose, why, and the order to visit them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from plumbline.kernel import BadDeclaration, Catalog
from plumbline.store import orders
from plumbline.store.models import Order
from plumbline.systems.enterprise.lifecycle import WARNINGS, Reason, any_warning, warning_reasons
from plumbline.systems.enterprise.needs import VISIT, Weights

MOST_AT_ONCE = 200


def condition(kind: str) -> str:
    """The condition of a row with a warning of a kind (`warns_drop` …), or with any."""
    return f"coalesce({kind}, false)" if kind in {column for column, _, _ in WARNINGS} else any_warning()


def because(reasons: list[Reason], row: Mapping[str, Any]) -> str:
    """Why a firm is warned, in a line: what it is called, and the numbers."""
    silent = f"连续 {row['idle_months']} 个月没有活动"
    closing = [f"活跃度 {row['index']}"] if row["index"] is not None else []
    closing += ["本月没有申报"] if row["filings_now"] == 0 else []
    closing += [silent] if row["idle_months"] else []
    told = {"濒临关停": "，".join(closing),
            "活跃度骤降": f"活跃度由 {row['index_before']} 降到 {row['index']}",
            "参保骤降": f"参保由 {row['insured_before']} 人减到 {row['insured_now']} 人",
            "没有活动": silent}
    names = [one.label for one in reasons]
    return "；".join(f"{name}：{told[name]}" for name in names if name != "没有活动" or "濒临关停" not in names)


def waiting(codes: list[str], user: Any) -> dict[str, str]:
    """Visits to some firms that are still to be made, by the firm's code: number of the order."""
    found = Order.objects.visible_to(user).filter(kind=VISIT, subject__in=codes, state_kind="open")
    return dict(found.values_list("subject", "number"))


def due_on(catalog: Catalog, today: date) -> date:
    """The day by which a visit ordered today is to be made. Raises BadDeclaration where nobody has set how long that takes."""
    dated = catalog.parameters["enterprise.warnings.visit_days"].on(today)
    if dated is None:
        raise BadDeclaration(f"enterprise.warnings.visit_days has no value on {today}; write one")
    return today + timedelta(days=int(dated.value))


def visit(user: Any, catalog: Catalog, row: Mapping[str, Any], today: date) -> Order:
    """Open an order to visit a firm because of its warnings; asked for twice in a month, the same order is given.

    Raises  NotAllowed, BadInput as `orders.open_`
    """
    reasons = warning_reasons(catalog, row, row["month_on"])
    why = because(reasons, row)
    return orders.open_(user, VISIT, {
        "title": f"走访{row['name'] or row['code']}"[:200], "text": f"{row['month_on']:%Y年%m月}预警：{why}。",
        "area": row["area"], "place": row["street"] or "", "subject": row["code"], "source": "预警",
        "fields": {"firm": row["name"] or row["code"], "planned_on": due_on(catalog, today).isoformat(),
                   "need": Weights(catalog, today)["warning"], "reasons": why[:200]}},
        key=f"warning {row['code']} {row['month_on']:%Y-%m}")


__all__ = ["MOST_AT_ONCE", "because", "condition", "due_on", "visit", "waiting"]
