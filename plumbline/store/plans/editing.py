"""Changing a target or a commitment that stands in the plan: who may, on which version, and the write itself."""

from typing import Any

from plumbline.kernel import Conflict, NotAllowed
from plumbline.store.journal.writing import Write, record
from plumbline.store.plans.changes import checked, editable
from plumbline.store.words import plain, reason

STALE = "这项内容刚被他人修改；没有保存您的改动，请刷新后再改。"
ABSENT = "没有这项内容，或者您无权操作；没有保存任何改动。"
# a change of these is a change of the promise itself
MOVES = {"label", "value", "unit", "bound", "due_on"}


def allowed(
    user: Any, row: Any, changes: dict[str, Any], why: str, version: int,
) -> tuple[dict[str, Any], str]:
    """The changes as they are kept, and the reason; NotAllowed, Conflict or BadInput where they are not."""
    fields = editable(user, row) if row else []
    if not fields or changes.keys() - set(fields):
        raise NotAllowed(ABSENT)
    if row.version != version:
        raise Conflict(STALE)
    changed = checked(user, row, changes)
    withdrawn = "withdrawn" in (changed.get("state"), changed.get("outcome"))
    return changed, reason(why, needed=withdrawn or bool(MOVES & changed.keys()))


def write(user: Any, row: Any, table: str, changed: dict[str, Any], why: str) -> Any:
    """Write the changes into a row and into the journal; the row."""
    names = ["office_id" if name == "office" else name for name in changed]
    before = plain(row, names)
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    record(user, Write(f"{table}.edit", table, row.pk, before, plain(row, names), why, row.document.area))
    return row
