"""What an entry holds: checked as a row of a file is, kept as JSON, told to the journal without personal values."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from plumbline.kernel import ROW, Column, Table
from plumbline.store.people.roles import require
from plumbline.store.records.cells import covered, trimmed, typed
from plumbline.store.records.tally import Tally
from plumbline.store.words import bad

Values = dict[str, Any]
# what the journal, which is never changed, keeps of a personal value that is to be forgotten one day
HIDDEN, CHANGED = "（个人信息）", "（个人信息，已更改）"


def checked(table: Table, told: Mapping[str, object], columns: Iterable[Column]) -> Values:
    """What a person typed, by column, as an entry keeps it; an empty field is left out.

    Raises  BadInput with every finding
    """
    tally, rows, kept, found = Tally(), pa.array([0]), list(columns), dict[str, pa.Array]()
    for key in told.keys() - {column.key for column in kept}:
        tally.say("entry.column", f"「{key}」", f"「{key}」不是可以填写的列；请刷新页面后重填。")
    for column in kept:
        found[column.key] = typed(column, trimmed(pa.array([text_of(told.get(column.key))], pa.string())), rows, tally)
    found[ROW] = rows
    covered(table, found, None, tally)
    tally.refuse()
    return plain_values({key: cells[0].as_py() for key, cells in found.items() if key != ROW})


def text_of(value: object) -> str | None:
    """A value as a person would type it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return None if value is None else str(value)


def plain_values(row: Mapping[str, Any]) -> Values:
    """Values of a row as JSON keeps them: decimals and dates as text, empty ones left out."""
    return {key: _plain(value) for key, value in row.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def key_of(table: Table, values: Values) -> str:
    """The text of an entry's identity; a slash inside a value is doubled, so that no two identities read the same.

    >>> key_of(Table("a.b", "", (), "", identity=("code", "on")), {"code": "A/1", "on": "2025-06-30"})
    'A//1 / 2025-06-30'
    """
    return " / ".join((text_of(values.get(key)) or "").replace("/", "//") for key in table.identity)


def difference(table: Table, old: Values, new: Values) -> tuple[Values, Values]:
    """What an entry held and holds, only where that differs, as the journal keeps it."""
    changed = [column for column in table.columns if old.get(column.key) != new.get(column.key)]
    before = {column.key: _told(column, old.get(column.key), HIDDEN) for column in changed}
    return before, {column.key: _told(column, new.get(column.key), CHANGED) for column in changed}


def _told(column: Column, value: Any, mask: str) -> Any:
    return mask if column.personal and value is not None else value


def told(table: Table, values: Values) -> Values:
    """An entry without its personal values, as the journal and lists show it."""
    return {column.key: _told(column, values[column.key], HIDDEN) for column in table.columns if column.key in values}


def area_in(table: Table, values: Values) -> str:
    """The area of an entry."""
    return str(values[table.area])


def allowed(user: Any, table: Table, areas: Iterable[str]) -> None:
    """Raise unless the table is a register and the user may write entries of all these areas."""
    if not table.register:
        raise bad("entry.batches", table.label, f"「{table.label}」按批报送，不能逐条修改；请交一批更正。")
    for area in sorted({code[:6] for code in areas}):
        require(user, "register", area)
