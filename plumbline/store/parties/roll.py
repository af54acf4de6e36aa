"""The roll parties stand in, as far as accounts need it, by the key of its table: a row, its corrections, who looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plumbline.store import rolls
from plumbline.store.declarations.reading import catalog
from plumbline.store.journal.tables import Entry
from plumbline.store.people.tables import User
from plumbline.store.rolls.looking import LOOK, MOST_LOOKS, PERSONAL

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Looked:
    """Who looked at a party's row, as the party reads it: name and office, when; whether at personal columns, and why."""

    who: str
    office: str
    at: datetime
    personal: bool
    why: str


def row_of(table: str, key: str) -> Row | None:
    """A party's row as it stands, open columns alone; None where there is no such roll or row."""
    roll = catalog().tables.get(table)
    return rolls.row_of(roll, key) if roll is not None and roll.roll else None


def correct(user: Any, table: str, key: str, changes: Mapping[str, Any], why: str) -> None:
    """Put a row right; as `rolls.correct` does, which locks the roll itself: never within a transaction that holds rows."""
    rolls.correct(user, catalog().tables[table], key, changes, why)


def lookers(table: str, key: str) -> list[Looked]:
    """Who looked at a party's row, the latest first; for the party itself."""
    told = list(Entry.objects.filter(table=table, key=key, action__in=(LOOK, PERSONAL)).order_by("-seq")[:MOST_LOOKS])
    people = {one.username: one for one in User.objects.filter(username__in={one.who for one in told}).select_related("office")}
    return [Looked(str(people.get(one.who, one.who)), str(person.office or "") if (person := people.get(one.who)) else "",
                   one.at, one.action == PERSONAL, one.why) for one in told]
