"""Lists of what firms' accounts asked for: to speak for a firm, and to have a fact of it put right."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import area_name
from plumbline.store import rolls
from plumbline.store.models import Binding, Statement
from plumbline.store.parties.tables import BINDING_STATES, STATEMENT_STATES
from plumbline.systems.enterprise.portal_data import words
from plumbline.systems.enterprise.portal_known import TABLE, table
from plumbline.web import choices
from plumbline.web.listing import Column, Filter, Spec


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account that speaks for a firm, or asks to."""

    number: int
    name: str
    key: str
    account: str
    area: str
    state: str
    state_key: str
    asked_at: datetime
    href: str


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A fact a firm says of itself."""

    number: int
    name: str
    key: str
    label: str
    value: str
    was: str
    why: str
    state: str
    state_key: str
    asked_at: datetime
    answer: str


ACCOUNTS = (Column("name", "企业名称", "name"), Column("key", "统一社会信用代码", "key"),
            Column("account", "账号", "user__username"), Column("area", "地区", "area"),
            Column("state", "状态", "state"), Column("asked_at", "申请时间", "pk"))
STATEMENTS = (Column("name", "企业"), Column("key", "统一社会信用代码", "key"), Column("label", "项目", "column"),
              Column("value", "自述"), Column("was", "名录现值"), Column("why", "依据"), Column("state", "状态", "state"),
              Column("asked_at", "填报时间", "pk"))


def accounts(user: Any) -> Any:
    """Bindings this person sees: those that wait first."""
    return Binding.objects.visible_to(user).filter(table=TABLE).select_related("user").order_by("state", "-pk")


def statements(user: Any) -> Any:
    """Statements this person sees: those that wait first."""
    return Statement.objects.visible_to(user).filter(table=TABLE).order_by("state", "-pk")


def account_spec(user: Any) -> Spec:
    """The list of accounts."""
    return Spec(ACCOUNTS, (
        Filter("q", "查找", ("name__icontains", "key__iexact", "user__username__icontains")),
        Filter("state", "状态", ("state",), BINDING_STATES),
        *choices.choice("area", "地区", "area", choices.areas(accounts(user), "area"))), account_row)


def account_row(one: Binding) -> AccountRow:
    """A binding as the list shows it."""
    return AccountRow(one.pk, one.name, one.key, str(one.user), area_name(one.area), one.get_state_display(), one.state,
                      timezone.localtime(one.asked_at), reverse("enterprise-binding", args=[one.pk]))


def statement_spec(user: Any) -> Spec:
    """The list of statements."""
    columns = {one.key: one for one in table().columns}
    named = tuple((key, columns[key].label) for key, in statements(user).order_by().values_list("column").distinct()
                  if key in columns)
    return Spec(STATEMENTS, (
        Filter("q", "信用代码", ("key__iexact",)), Filter("state", "状态", ("state",), STATEMENT_STATES),
        *choices.choice("column", "项目", "column", named)), statement_row)


def statement_row(one: Statement) -> StatementRow:
    """A statement as the list shows it."""
    column = table().column(one.column)
    label, value, was = (column.label, words(column, one.value), words(column, one.was)) if column else (one.column, "", "")
    return StatementRow(one.pk, "", one.key, label, value, was or "未登记", one.why,
                        one.get_state_display(), one.state, timezone.localtime(one.asked_at), one.answer)


def called(found: Iterable[StatementRow]) -> list[StatementRow]:
    """Rows with the names the roll has for their firms."""
    rows = list(found)
    known = rolls.rows_of(table(), {one.key for one in rows}, ("name",))
    return [replace(one, name=str(known.get(one.key, {}).get("name") or "名录里没有")) for one in rows]
