"""Tables of records as a system or an official declares them: columns, types, units, what is personal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from plumbline.kernel.area import inside
from plumbline.kernel.declaration import truth
from plumbline.kernel.form import FORMS

TYPES = {"text": "文字", "integer": "整数", "decimal": "小数", "date": "日期", "boolean": "是否"}
# the row's number in its delivery, or an entry's in its register; every Parquet of ours has it
ROW = "row_"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    type      text | integer | decimal | date | boolean
    unit      元 人 户 …; empty where there is none
    scale     digits behind the point of a decimal
    required  an empty cell is refused
    personal  never reaches an indicator; seeing it is a permission and is journalled
    choices   the only values there may be; any where empty
    names     words for values that are keys: a value and what an official reads
    derived   an expression over the columns before it: reckoned when a row of a roll is written, never delivered
    form      credit_code | industry | street | community: what a text must be (kernel.form); any text where empty
    """

    key: str
    type: str
    label: str
    meaning: str = ""
    unit: str = ""
    scale: int = 2
    required: bool = True
    personal: bool = False
    choices: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    derived: str = ""
    form: str = ""

    def name_of(self, value: str) -> str:
        """A value in words; itself where it has none of its own."""
        return next((words for key, words in self.names if key == value), value)


@dataclass(frozen=True, slots=True)
class Table:
    """A declared table.

    key            `system.table`
    area           column with the GB/T 2260 code of the area a row belongs to
    dated          column with the day a row counts for; empty where rows are undated
    identity       columns that name a row: no two rows that stand at once may share them
    register       people look entries up and correct them; otherwise rows stay as they were sent
    delete_months  personal columns are emptied so many months after the delivery; None where nothing is personal
    version        of the declaration, from 1
    orders         kind of order whose orders are its rows; empty where rows are delivered or entered
    roll           delivered whole by its sources, one row for each value of its only identity column; history is kept
    """

    key: str
    label: str
    columns: tuple[Column, ...]
    area: str
    dated: str = ""
    identity: tuple[str, ...] = ()
    meaning: str = ""
    register: bool = False
    delete_months: int | None = None
    owner: str = ""
    version: int = 1
    orders: str = ""
    roll: bool = False

    def column(self, key: str) -> Column | None:
        """The column of a key, None where there is none."""
        return next((column for column in self.columns if column.key == key), None)

    @property
    def open_columns(self) -> tuple[Column, ...]:
        """Columns that are not personal: all that an indicator may read."""
        return tuple(column for column in self.columns if not column.personal)

    @property
    def derived_columns(self) -> tuple[Column, ...]:
        """Columns that are reckoned from others, in the order they are reckoned."""
        return tuple(column for column in self.columns if column.derived)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a delivery says in full: areas and days; without days, everything up to now."""

    areas: tuple[str, ...]
    first: date | None = None
    last: date | None = None

    def covers(self, area: str, day: date) -> bool:
        """Whether one day of one area is told in full."""
        told = (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        return told and any(inside(area, outer) for outer in self.areas)


@dataclass(frozen=True, slots=True)
class File:
    """A Parquet file as it lies in the data folder: the table's columns in their order, and `row_`."""

    path: Path
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a table holds at a moment: the files that stand, and what they cover together."""

    table: Table
    files: tuple[File, ...] = ()
    coverage: tuple[Coverage, ...] = field(default=())

    @property
    def hashes(self) -> tuple[str, ...]:
        """Names of the files, sorted."""
        return tuple(sorted(file.sha256 for file in self.files))


COLUMN_PARTS = {"type", "label", "meaning", "unit", "scale", "required", "personal", "choices", "derived", "form"}
TABLE_PARTS = {"label", "meaning", "area", "dated", "identity", "register", "delete_months", "columns", "owner", "orders", "roll"}


def table_from(key: str, body: Any, wrong: list[str], version: int = 1) -> Table | None:
    """A table from its declaration (plain mappings of text, as `records.yaml` and a form give them).

    wrong  grows by a sentence for each thing that is missing or wrong; then None is given
    """
    before = len(wrong)
    if not isinstance(body, Mapping):
        wrong.append(f"{key}: write {', '.join(sorted(TABLE_PARTS))}")
        return None
    wrong += [f"{key}: {name} is no part of a table; remove it" for name in sorted(set(body) - TABLE_PARTS)]
    wrong += [f"{key}: {name} is missing; write it" for name in ("label", "area", "columns") if not body.get(name)]
    told = body.get("columns")
    columns = [column_from(f"{key}.{name}", str(name), one, wrong) for name, one in told.items()] \
        if isinstance(told, Mapping) else []
    known = {column.key for column in columns if column}
    identity = tuple(body.get("identity") or ())
    for name in (body.get("area"), body.get("dated"), *identity):
        if name and name not in known:
            wrong.append(f"{key}: {name} is no column of it; write one of {', '.join(sorted(known))}")
    table = Table(
        key=key, label=str(body.get("label", "")), columns=tuple(column for column in columns if column),
        area=str(body.get("area") or ""), dated=str(body.get("dated") or ""), identity=identity,
        meaning=str(body.get("meaning") or ""), register=truthful(key, "register", body, wrong),
        delete_months=_months(key, body.get("delete_months"), wrong),
        owner=str(body.get("owner") or ""), version=version, orders=str(body.get("orders") or ""),
        roll=truthful(key, "roll", body, wrong))
    wrong += list(_table_trouble(table))
    return None if len(wrong) > before else table


def _table_trouble(table: Table) -> Iterable[str]:
    area, dated = table.column(table.area), table.column(table.dated)
    if area and area.type != "text":
        yield f"{table.key}: the area column {area.key} must be text"
    if dated and dated.type != "date":
        yield f"{table.key}: the dated column {dated.key} must be a date"
    if table.register and not table.identity:
        yield f"{table.key}: a register needs identity columns; write them"
    if table.register and table.orders:
        yield f"{table.key}: its rows are entered, or are orders; keep register or orders"
    if table.roll and (len(table.identity) != 1 or table.register or table.orders):
        yield f"{table.key}: a roll has one identity column, and is neither a register nor orders"
    if table.derived_columns and not table.roll:
        yield f"{table.key}: {', '.join(one.key for one in table.derived_columns)}: only a roll has derived columns"
    personal = {column.key for column in table.columns if column.personal}
    if personal and table.delete_months is None:
        yield f"{table.key}: {', '.join(sorted(personal))} are personal; write delete_months"
    if used := personal & {table.area, table.dated}:
        yield f"{table.key}: {', '.join(sorted(used))} cannot be personal"


def column_from(where: str, key: str, body: Any, wrong: list[str]) -> Column | None:
    """A column from its declaration; `wrong` grows by a sentence for each thing that is missing or wrong."""
    before = len(wrong)
    if not isinstance(body, Mapping):
        wrong.append(f"{where}: write type, label, meaning")
        return None
    if not (key.isascii() and key.isidentifier() and key == key.lower()) or key == ROW:
        wrong.append(f"{where}: a column's key is small letters, digits and _, begins with a letter and is not {ROW}")
    wrong += [f"{where}: {name} is no part of a column; remove it" for name in sorted(set(body) - COLUMN_PARTS)]
    if body.get("type") not in TYPES:
        wrong.append(f"{where}: type is {body.get('type')!r}; write one of {', '.join(TYPES)}")
    if not body.get("label"):
        wrong.append(f"{where}: label is missing; write what an official reads")
    scale = str(body.get("scale", "2"))
    if not scale.isdigit() or int(scale) > 8:
        wrong.append(f"{where}: scale is {scale!r}; write 0 to 8")
    if body.get("form", "") not in ("", *FORMS) or (body.get("form") and body.get("type") != "text"):
        wrong.append(f"{where}: form is {body['form']!r}; write one of {', '.join(FORMS)} of a text")
    required, personal = truthful(where, "required", {"required": True, **body}, wrong), truthful(where, "personal", body, wrong)
    if len(wrong) > before:
        return None
    return Column(key, body["type"], body["label"], str(body.get("meaning") or ""), str(body.get("unit") or ""),
                  int(scale), required, personal, tuple(str(choice) for choice in body.get("choices") or ()),
                  derived=str(body.get("derived") or ""), form=str(body.get("form") or ""))


def truthful(where: str, name: str, body: Mapping[str, Any], wrong: list[str]) -> bool:
    """What a part says that is true or false; `wrong` grows where it says neither: a slip must not make a column public."""
    told = truth(body.get(name))
    if told is None:
        wrong.append(f"{where}: {name} is {body[name]!r}; write true or false")
    return bool(told)


def _months(where: str, told: Any, wrong: list[str]) -> int | None:
    text = str(told or "")
    if text and not (text.isascii() and text.isdigit()):
        wrong.append(f"{where}: delete_months is {told!r}; write a number of months")
        return None
    return int(text) if text else None
