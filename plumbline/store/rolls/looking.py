"""Looks: who looked at a party's row, and who saw its personal columns, each written down before anything is shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow.parquet as pq
from django.db import transaction

from plumbline.kernel import NotAllowed, Table, inside
from plumbline.store.journal.tables import Entry
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import outsider, require
from plumbline.store.records.files import path_of
from plumbline.store.rolls.chunks import key_column, lying, number_of, roll_of, rows_in
from plumbline.store.rolls.correcting import own_street
from plumbline.store.rolls.standing import Row, rows_of
from plumbline.store.rolls.tables import Step
from plumbline.store.words import reason

ABSENT = "没有这一条，或者您无权查看；没有显示任何信息。"
LOOK, PERSONAL = "roll.look", "roll.personal"
MOST_LOOKS = 200


@dataclass(frozen=True, slots=True)
class Look:
    """Who looked, when; why and at what, where it was at personal columns."""

    who: str
    at: datetime
    personal: bool
    why: str


def seen(user: Any, table: Table, key: str) -> Row:
    """A party's row as it stands, if this person may see it; NotAllowed, in the same words, where not or there is none."""
    row = rows_of(table, [key]).get(key)
    if row is None or not visible(user, table, row):
        raise NotAllowed(ABSENT)
    return row


def visible(user: Any, table: Table, row: Row) -> bool:
    """Whether a person may see a row: of his area; a street's office, of its street; a firm, a bank, a deputy none."""
    if not (user.is_authenticated and user.is_active):
        return False
    if user.is_superuser:
        return True
    if user.role in ("firm", "deputy") or outsider(user) or not user.area or not inside(str(row[table.area]), user.area):
        return False
    street = own_street(user)
    return not street or table.column("street") is None or row.get("street") == street


@transaction.atomic
def looked(user: Any, table: Table, key: str) -> Row:
    """The row of a party; the look is in the journal."""
    row = seen(user, table, key)
    record(user, Write(LOOK, table.key, key, area=str(row[table.area])[:6]))
    return row


@transaction.atomic
def personal_of(user: Any, table: Table, key: str, why: str) -> Row:
    """The personal columns of a party; the look and its reason are in the journal.

    Missing  columns that were dropped by their day are left out
    Raises   BadInput without a reason; NotAllowed
    """
    why, row = reason(why), seen(user, table, key)
    require(user, "personal", str(row[table.area])[:6])
    names = [one.key for one in table.columns if one.personal]
    number = number_of(key, roll_of(table).bits)
    one = lying(table, number).get(number)
    found: Row = {}
    if one and one.personal:
        found = next(iter(rows_in(path_of(one.personal), key_column(table), [key], names)), {})
    record(user, Write(PERSONAL, table.key, key, None, {"columns": names}, why, str(row[table.area])[:6]))
    return {name: found.get(name) for name in names if name in found}


def lookers(user: Any, table: Table, key: str) -> list[Look]:
    """Who looked at a party, the latest first, for those who may see it."""
    seen(user, table, key)
    told = Entry.objects.filter(table=table.key, key=key, action__in=(LOOK, PERSONAL)).order_by("-seq")[:MOST_LOOKS]
    return [Look(one.who, one.at, one.action == PERSONAL, one.why) for one in told]


def faults_of(step: Step) -> list[tuple[int, str]]:
    """Rows of a delivery that were left out, and why: their numbers in the file, in order."""
    if not step.faults:
        return []
    told = pq.read_table(path_of(step.faults))
    return list(zip(told["line_"].to_pylist(), told["why_"].to_pylist(), strict=True))
