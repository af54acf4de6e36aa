"""What is kept of a firm, column by column, with what it says of itself; and who looked at it."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from plumbline.kernel import BadInput, Column, Finding
from plumbline.store.models import Statement
from plumbline.store.parties import statements
from plumbline.store.parties.roll import lookers
from plumbline.systems.enterprise.portal_door import Firm, of_firm
from plumbline.systems.enterprise.portal_known import TABLE, shown, table
from plumbline.systems.enterprise.portal_start import Head, asked, head_of, state
from plumbline.web.orders.forms import Asked
from plumbline.web.screen import act, show, twin

MOST = 50
PERSONAL = "个人信息，不在这里显示"
GROUPS = (("企业", ("code", "name", "kind", "ownership", "status", "set_up_on", "closed_on", "capital_yuan")),
          ("在哪里", ("area", "street", "community", "address")),
          ("行业和规模", ("industry", "trade", "size", "employees", "revenue_yuan", "assets_yuan")))


@dataclass(frozen=True, slots=True)
class Datum:
    """One column: what the roll says, what the firm says (自述待核); how it is put right, where the firm may."""

    label: str
    value: str
    meaning: str
    told: str
    field: Asked | None


@dataclass(frozen=True, slots=True)
class Said:
    """Something the firm said of itself; `key` where it may still be taken back."""

    key: int | None
    label: str
    value: str
    was: str
    state: str
    answer: str
    at: Any


@dataclass(frozen=True, slots=True)
class DataPage:
    """What is kept of a firm."""

    head: Head
    groups: list[tuple[str, list[Datum]]]
    said: list[Said]
    lookers: list[Any]
    findings: list[Finding] = field(default_factory=list)


@of_firm
def data(request: HttpRequest, firm: Firm) -> HttpResponseBase:
    """Every column of the firm's row; sent, a form puts one of them right, till an officer has checked it as a statement."""
    found: list[Finding] = []
    if request.method == "POST":
        try:
            state(request, firm)
        except BadInput as error:
            found = list(error.findings)
        else:
            messages.success(request, "更正已提交，标作「自述待核」；工作人员核对后写入名录。")
            return redirect("firm-data", firm.key)
    return show(request, data_page(firm, found), "enterprise/portal-data.html", 400 if found else 200)


def data_page(firm: Firm, findings: list[Finding]) -> DataPage:
    """Everything the page shows."""
    columns = {one.key: one for one in table().columns}
    grouped = {key for _, keys in GROUPS for key in keys}
    groups = [(label, [columns[key] for key in keys if key in columns]) for label, keys in GROUPS]
    groups.append(("其他", [one for one in columns.values() if one.key not in grouped]))
    open_to = {one.key for one in statements.statable(table())}
    rows = Statement.objects.filter(table=TABLE, key=firm.key).order_by("-pk")[:MOST]
    return DataPage(
        head_of(firm, "data"), [(label, [datum(firm, one, one.key in open_to) for one in some]) for label, some in groups],
        [said(one, columns) for one in rows], list(lookers(TABLE, firm.key))[:MOST], findings)


def datum(firm: Firm, column: Column, statable: bool) -> Datum:
    """A column."""
    row, told = (firm.known.row, firm.known.told) if firm.known else ({}, {})
    if column.personal:
        return Datum(column.label, PERSONAL, column.meaning, "", None)
    value = shown(column, row.get(column.key)) or "未登记"
    meaning = "系统按划型办法算出" if column.derived else column.meaning
    return Datum(column.label, value, meaning, shown(column, told.get(column.key)), asked(column) if statable else None)


def said(one: Statement, columns: dict[str, Column]) -> Said:
    """Something the firm said."""
    column = columns.get(one.column)
    label, value, was = (column.label, words(column, one.value), words(column, one.was)) if column else (one.column, "", "")
    return Said(one.pk if one.state == "asked" else None, label, value, was or "未登记", one.get_state_display(), one.answer,
                one.asked_at)


def words(column: Column, value: Any) -> str:
    """A value as it is kept, in words."""
    return shown(column, statements.typed(column, value))


@of_firm
def withdraw(request: HttpRequest, firm: Firm, statement: int) -> HttpResponseBase:
    """Take back what is not yet checked."""
    statements.withdraw(request.user, statement)
    messages.success(request, "已撤回这一项自述。")
    return redirect("firm-data", firm.key)


urls = [
    *twin("firm/<str:key>/data", data, "firm-data"),
    *act("firm/<str:key>/data/<int:statement>/withdraw", withdraw, "firm-withdraw"),
]
