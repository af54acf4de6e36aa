"""What a party says of itself: counted as told at once, marked as not yet checked, and put into the roll by an officer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from plumbline.kernel import Column, Conflict, NotAllowed, Table
from plumbline.store.journal.writing import Write, record
from plumbline.store.parties.bindings import own
from plumbline.store.parties.roll import correct, row_of
from plumbline.store.parties.tables import ASKED, CONFIRMED, REFUSED, WITHDRAWN, Statement
from plumbline.store.people.roles import may
from plumbline.store.registers import entries
from plumbline.store.registers.cutting import READ
from plumbline.store.registers.entries import Values
from plumbline.store.words import bad, plain, plain_value, reason

KEPT = ("key", "column", "value", "was", "state", "why", "answer")
ABSENT = "没有这项自述，或者您无权处理；没有保存任何改动。"
STALE = "这项自述刚被处理；没有保存您的操作，请刷新后再看。"
MEANWHILE = "贵企业的另一个账号刚填报了同一项；没有保存您的操作，请刷新后再看。"
MOST = 40


def state(user: Any, table: Table, key: str, told: Mapping[str, str], why: str = "", now: datetime | None = None
          ) -> list[Statement]:
    """Say facts of one's own party, as they are typed; what was said before and is not yet checked is replaced.

    told    by column; an empty text says nothing
    Raises  NotAllowed, BadInput with every finding, Conflict where another account says the same at this moment
    """
    binding = own(user, table.key, key)
    row = row_of(table.key, key) or {}
    values, why = checked(table, told), reason(why, needed=False)
    made = [Statement(user=user, table=table.key, key=key, area=binding.area, column=column, value=value,
                      was=plain_value(row.get(column)), why=why, asked_at=now or timezone.now())
            for column, value in values.items()]
    try:
        with transaction.atomic():
            _kept(user, made)
    except IntegrityError:
        raise Conflict(MEANWHILE) from None
    return made


def _kept(user: Any, made: list[Statement]) -> None:
    """Keep what was said, in place of what was said of the same before, inside a transaction."""
    for one in made:
        Statement.objects.filter(table=one.table, key=one.key, column=one.column, state=ASKED).update(state=WITHDRAWN)
        one.save()
    record(user, *(Write("statement.state", "statement", one.pk, None, plain(one, KEPT), one.why, one.area) for one in made))


def statable(table: Table) -> list[Any]:
    """The columns a party may say something of: neither who it is, nor where, nor what is worked out or personal."""
    fixed = {*table.identity, table.area}
    return [one for one in table.open_columns if one.key not in fixed and not one.derived]


def checked(table: Table, told: Mapping[str, str]) -> Values:
    """Typed texts as the values a row keeps; BadInput with everything that is wrong with them."""
    given = {name: text.strip() for name, text in told.items() if text.strip()}
    if not given or len(given) > MOST:
        raise bad("statement.empty", "自述", "请至少填写一项。" if not given else f"一次最多填 {MOST} 项；没有保存。")
    columns = [replace(one, required=False) for one in statable(table) if one.key in given]
    if len(columns) < len(given):
        raise bad("statement.column", "自述", "其中有不能由企业自己填报的项目；请刷新页面后重填。")
    return entries.checked(table, given, columns)


def told_of(table: Table, key: str) -> dict[str, Any]:
    """What a party said of itself and nobody has checked yet, by column, in Python's own types."""
    columns = {one.key: one for one in statable(table)}
    kept = Statement.objects.filter(table=table.key, key=key, state=ASKED).values_list("column", "value")
    return {name: typed(columns[name], value) for name, value in kept if name in columns}


def typed(column: Column, value: Any) -> Any:
    """A value as it is kept, in the column's own Python type."""
    return value if value is None or column.type not in READ else READ[column.type](value)


def confirm(user: Any, statement_id: int, now: datetime | None = None) -> Statement:
    """Take a fact into the roll, for it was checked.

    Order   the roll first, which has locks of its own, then the statement: killed between the two, it is confirmed again,
            and the roll, which says so already, is not changed twice
    """
    one = _checkable(user, Statement.objects.filter(pk=statement_id).first())
    correct(user, one.table, one.key, {one.column: one.value}, f"企业自述，经核对：{one.why or '未附说明'}"[:300])
    with transaction.atomic():
        one = _locked(user, statement_id)
        before, one.state = plain(one, KEPT), CONFIRMED
        return _decided(user, one, before, now)


@transaction.atomic
def refuse_statement(user: Any, statement_id: int, why: str, now: datetime | None = None) -> Statement:
    """Not to take it, with a reason the party reads."""
    why = reason(why)
    one = _locked(user, statement_id)
    before, one.state, one.answer = plain(one, KEPT), REFUSED, why
    return _decided(user, one, before, now)


@transaction.atomic
def withdraw(user: Any, statement_id: int) -> Statement:
    """Take back what was said and is not yet checked."""
    one = Statement.objects.select_for_update(of=("self",)).filter(pk=statement_id).first()
    if one is None:
        raise NotAllowed(ABSENT)
    own(user, one.table, one.key)
    if one.state != ASKED:
        raise Conflict(STALE)
    before, one.state = plain(one, KEPT), WITHDRAWN
    one.save()
    record(user, Write("statement.withdraw", "statement", one.pk, before, plain(one, KEPT), area=one.area))
    return one


def _locked(user: Any, statement_id: int) -> Statement:
    return _checkable(user, Statement.objects.select_for_update(of=("self",)).filter(pk=statement_id).first())


def _checkable(user: Any, one: Statement | None) -> Statement:
    if one is None or not may(user, "bind", one.area):
        raise NotAllowed(ABSENT)
    if one.state != ASKED:
        raise Conflict(STALE)
    return one


def _decided(user: Any, one: Statement, before: dict[str, Any], now: datetime | None) -> Statement:
    one.decided_by, one.decided_at = user, now or timezone.now()
    one.save()
    action = "statement.confirm" if one.state == CONFIRMED else "statement.reject"
    record(user, Write(action, "statement", one.pk, before, plain(one, KEPT), one.answer, one.area))
    return one
