"""The catalog with what officials declared, and the versions of a declaration."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from plumbline.kernel import (
    BadDeclaration,
    Catalog,
    Indicator,
    Sentence,
    Table,
    indicator_from,
    inside,
    sentence_from,
    table_from,
)
from plumbline.store.batches.tables import Batch
from plumbline.store.declarations.amending import amended
from plumbline.store.declarations.tables import INDICATOR, RETIRED, SENTENCE, TABLE, Declaration
from plumbline.store.registers.tables import Item

SYSTEM = "ledgers"
LETTERS = {TABLE: "t", INDICATOR: "n", SENTENCE: "s"}


@dataclass(frozen=True, slots=True)
class _Made:
    """The catalog made last, of what was installed, when this was the newest declaration."""

    newest: object
    installed: Catalog
    catalog: Catalog


# one place, replaced whole: threads see the old one or the new one
_last = [_Made(None, Catalog(), Catalog())]


def catalog() -> Catalog:
    """What the installed systems declare, and the latest version of all that officials declared; retired ones too.

    Cost    one small query; the catalog is made anew only where something was declared since
    Raises  BadDeclaration where a declaration that was kept can no longer be read
    """
    newest = Declaration.objects.order_by("-pk").values_list("pk", "at").first()
    if newest is None:
        return settings.CATALOG
    made = _last[0]
    if made.newest != newest or made.installed is not settings.CATALOG:
        made = _last[0] = _Made(newest, settings.CATALOG, _extended(settings.CATALOG))
    return made.catalog


def _extended(installed: Catalog) -> Catalog:
    latest = list(Declaration.objects.newest())
    tables = [table_of(one) for one in latest if one.kind == TABLE]
    seen = {table.key: table for table in tables} | dict(installed.tables)
    return amended(installed, latest).extended(tables, [indicator_of(one, seen) for one in latest if one.kind == INDICATOR],
                              [sentence_of(one) for one in latest if one.kind == SENTENCE])


def table_of(declaration: Declaration) -> Table:
    """The table a declaration declares."""
    wrong: list[str] = []
    return _kept(table_from(declaration.key, as_mapping(declaration.body), wrong, declaration.version), wrong)


def indicator_of(declaration: Declaration, tables: Mapping[str, Table]) -> Indicator:
    """The indicator a declaration declares."""
    wrong: list[str] = []
    return _kept(indicator_from(declaration.key, declaration.body, tables, wrong, declaration.version), wrong)


def sentence_of(declaration: Declaration) -> Sentence:
    """The sentence a declaration declares."""
    wrong: list[str] = []
    body = {name: part for name, part in declaration.body.items() if name != "table"}
    return _kept(sentence_from(declaration.key, body, wrong), wrong)


def _kept(made: Any, wrong: Iterable[str]) -> Any:
    if made is None:
        raise BadDeclaration("; ".join(wrong))
    return made


def as_mapping(body: Mapping[str, Any]) -> dict[str, Any]:
    """A table's body as `records.yaml` has it: columns by key, in their order."""
    columns = {column["key"]: {name: part for name, part in column.items() if name != "key"} for column in body["columns"]}
    return {**body, "columns": columns}


def as_list(body: Mapping[str, Any]) -> dict[str, Any]:
    """A table's body as it is kept: columns in a list, so that no database changes their order."""
    columns = body.get("columns")
    if isinstance(columns, Mapping):
        return {**body, "columns": [{"key": key, **parts} for key, parts in columns.items()]}
    return {**body, "columns": list(columns or ())}


def latest(key: str) -> Declaration | None:
    """The newest version of a key."""
    return Declaration.objects.filter(key=key).order_by("-version").first()


def as_counted(now: Catalog, key: str, version: int) -> Indicator | None:
    """An indicator as it was when a figure was counted by it; None where nobody knows any more.

    Known  every version an official declared; of a system's own only the one that is installed
    """
    one = now.indicators.get(key)
    if one is None or one.version == version:
        return one
    kept = Declaration.objects.filter(key=key, kind=INDICATOR, version=version).first()
    return indicator_from(key, kept.body, now.tables, [], version) if kept else None


def open_to(key: str, area: str) -> bool:
    """Whether an area may know of what is declared: a system's always, an official's where it was made, above and below."""
    made_in = area_in(key)
    return not made_in or inside(area, made_in) or inside(made_in, area)


def retired() -> frozenset[str]:
    """Keys that are no longer in use: nothing new is delivered, counted or said by them."""
    return frozenset(Declaration.objects.newest().filter(state=RETIRED).values_list("key", flat=True))


def has_rows(table: str) -> bool:
    """Whether anything was ever delivered or entered for a table."""
    return Batch.objects.filter(table=table).exists() or Item.objects.filter(table=table).exists()


def area_in(key: str) -> str:
    """Area a declared key belongs to; empty where it is no key of ours.

    >>> area_in("ledgers.d110112_t1"), area_in("economy.main")
    ('110112', '')
    """
    system, _, name = key.partition(".")
    area, _, rest = name.partition("_")
    return area[1:] if system == SYSTEM and area[:1] == "d" and len(area) == 7 and area[1:].isdigit() and rest else ""


def free_key(area: str, kind: str) -> str:
    """A key nobody has yet: `ledgers.d110112_t3`."""
    stem = f"{SYSTEM}.d{area}_{LETTERS[kind]}"
    taken = set(Declaration.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(key for number in range(1, len(taken) + 2) if (key := f"{stem}{number}") not in taken)
