"""Where the pages of records get their rows: from the engine, over what stands; personal values from the store."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plumbline.engine import Page, Rows
from plumbline.engine import rows as engine_rows
from plumbline.engine import streamed as engine_streamed
from plumbline.kernel import Inputs, Table
from plumbline.store import batches
from plumbline.store.models import Cut
from plumbline.store.registers.tables import CHUNK
from plumbline.web.row_filters import Asked

# a sorted list longer than this is handed out in the order it was delivered
MOST_SORTED = 50_000
PIECE = 1000


def inputs_of(table: Table) -> Inputs:
    """What stands of a table; a register is cut first where it changed."""
    return batches.inputs(table)


def file_of(table: Table, number: int) -> str:
    """The file in which an entry, or an order, was cut last; empty where it was not."""
    cut = Cut.objects.filter(chunk__table=table.key, chunk__number=number // CHUNK).order_by("-pk").first()
    return cut.sha256 if cut else ""


def found(inputs: Inputs, wanted: Asked, rows: int | None = None) -> Rows:
    """The page of rows that was asked for; none, of none, where nobody can tell what was asked.

    rows  so many instead of a page
    """
    if wanted.findings:
        return Rows(inputs.table.open_columns, (), 0)
    size = wanted.size if rows is None else rows
    page = Page((wanted.page - 1) * size if rows is None else 0, size)
    told = engine_rows(inputs, wanted.where, wanted.contains, order_of(wanted), page)
    if rows is None and told.count and not told.rows:
        last = Page((told.count - 1) // size * size, size)
        return engine_rows(inputs, wanted.where, wanted.contains, order_of(wanted), last)
    return told


def order_of(wanted: Asked) -> Sequence[str]:
    """What the engine sorts by."""
    return (wanted.sort,) if wanted.sort else ()


def every(inputs: Inputs, wanted: Asked, count: int) -> Iterator[Mapping[str, Any]]:
    """All rows that were asked for, sorted where they are not too many; a piece at a time in memory."""
    if wanted.findings:
        return
    if wanted.sort and count <= MOST_SORTED:
        for first in range(0, count, PIECE):
            yield from engine_rows(inputs, wanted.where, wanted.contains, order_of(wanted), Page(first, PIECE)).rows
        return
    for batch in engine_streamed(inputs, wanted.where, wanted.contains):
        yield from batch.to_pylist()
