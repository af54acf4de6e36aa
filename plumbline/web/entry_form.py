"""An entry of a register as a form: its fields, what was typed, and the values the store takes of that."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from plumbline.kernel import AREAS, BY_CODE, Column, Finding, Table, area_name, inside
from plumbline.store.models import Item
from plumbline.store.people import may
from plumbline.store.registers.cutting import READ
from plumbline.store.registers.entries import text_of
from plumbline.web.forms import told
from plumbline.web.row_filters import TRUTH

HINTS = {"integer": "整数，如 12", "decimal": "数字，不写千分号，如 1280.5"}
LONGEST_VALUE = 2000


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the form; `kind` is text, number, date or choice."""

    key: str
    label: str
    unit: str
    kind: str
    value: str
    required: bool
    personal: bool
    hint: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class EntryForm:
    """An entry as a form.

    version   the person filled it in on; None for a new entry
    standing  whether the entry can be put out of use
    why       the reason typed; `trouble` and `findings`, why it was not saved
    """

    action: str
    retire: str
    fields: list[FormField]
    version: int | None
    standing: bool
    why: str = ""
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)


def entry_form(request: HttpRequest, table: Table, item: Item | None, error: Exception | None = None) -> EntryForm | None:
    """The form of an entry, or of a new one; None where the person may not write it.

    error  why what was typed was not saved; the form then holds what was typed
    """
    area = item.area if item else request.user.area
    if not may(request.user, "register", area[:6]) or (item and item.until):
        return None
    stands = standing(table, item)
    typed = {key: request.POST.get(f"v.{key}", stands[key]) for key in stands} if error else stands
    if item is None:
        action, retire = reverse("add-entry", args=[table.key]), ""
    else:
        action, retire = (reverse(name, args=[table.key, item.pk]) for name in ("edit-entry", "retire-entry"))
    return EntryForm(action, retire, [_field(request.user, column, table, typed[column.key], item)
                                      for column in writable(request.user, table)],
                     item.version if item else None, item is not None, request.POST.get("why", "") if error else "", *told(error))


def writable(user: Any, table: Table) -> list[Column]:
    """The columns a person may write: personal ones only who may see them."""
    return [column for column in table.columns if not column.personal or may(user, "personal", user.area)]


def standing(table: Table, item: Item | None) -> dict[str, str]:
    """What stands in an entry, as its form has it; personal values stay out of it."""
    row = entry_row(table, item) if item else {}
    return {column.key: "" if column.personal else text_of(row.get(column.key)) or "" for column in table.columns}


def _field(user: Any, column: Column, table: Table, value: str, item: Item | None) -> FormField:
    hint = "；".join(part for part in (column.meaning, HINTS.get(column.type, "")) if part)
    if column.personal and item is not None:
        hint = "留空则不改动；" + hint
    required = column.required and not (column.personal and item is not None)
    return FormField(column.key, column.label, column.unit, KINDS.get(column.type, "text"), value, required,
                     column.personal, hint.strip("；"), offered(user, column, table, value))


KINDS = {"integer": "number", "decimal": "number", "date": "date"}


def offered(user: Any, column: Column, table: Table, value: str = "") -> tuple[tuple[str, str], ...]:
    """What a field offers to choose from; empty where anything may be written."""
    if column.type == "boolean":
        return TRUTH
    if column.key == table.area:
        seen = [(one.code, one.name) for one in AREAS if user.is_superuser or inside(one.code, user.area)]
        return (*seen, (value, area_name(value))) if value and value not in BY_CODE else tuple(seen)
    return tuple((choice, choice) for choice in column.choices)


def typed_values(request: HttpRequest, table: Table, item: Item | None) -> dict[str, str]:
    """What was typed, by column; a personal field left empty is left as it is."""
    typed = {column.key: request.POST.get(f"v.{column.key}", "").strip()[:LONGEST_VALUE]
             for column in writable(request.user, table)}
    personal = {column.key for column in table.columns if column.personal}
    return {key: text for key, text in typed.items() if text or item is None or key not in personal}


def entry_row(table: Table, item: Item) -> dict[str, Any]:
    """An entry as a row: open columns in their own Python types."""
    return {column.key: typed_value(column, item.values.get(column.key)) for column in table.open_columns}


def typed_value(column: Column, value: Any) -> Any:
    """A value as an entry keeps it, in the column's own Python type."""
    return value if value is None or column.type not in READ else READ[column.type](value)
