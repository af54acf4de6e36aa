"""No two rows may have one identity: found in two looks, so that ten million rows fit into memory.

The first look keeps a hash of each row's identity; only where hashes meet does the second compare the rows themselves.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from plumbline.kernel import ROW, Table
from plumbline.store.records.sheet import ROWS

# stands between the columns of an identity; no cell may hold it
BETWEEN = "\x1f"


class Names:
    """Identities of the rows of one file, gathered while it is read."""

    def __init__(self, table: Table) -> None:
        self.columns = table.identity
        self._seen: set[int] = set()
        self._again: set[int] = set()

    def add(self, found: dict[str, pa.Array]) -> None:
        """Take in some rows; those without a column of the identity are not compared."""
        if not self.columns or not found.keys() >= set(self.columns):
            return
        hashes = [hash(name) for name in names_of([found[key] for key in self.columns])]
        fresh = set(hashes)
        if len(fresh) < len(hashes) or not fresh.isdisjoint(self._seen):
            once: set[int] = set()
            for one in hashes:
                if one in once or one in self._seen:
                    self._again.add(one)
                once.add(one)
        self._seen |= fresh

    def twice(self, files: Sequence[Path]) -> Iterator[tuple[str, int, int]]:
        """Identity, row and the row that had it first; `files` hold the rows between them, column beside column."""
        first: dict[str, int] = {}
        for name, row in self._rows(files, self._again) if self._again else ():
            if name in first:
                yield name, row, first[name]
            else:
                first[name] = row

    def also_in(self, files: Sequence[Path], other: Sequence[Path]) -> Iterator[tuple[str, int, int]]:
        """Identity, row, and the row of the other file that has it too."""
        theirs = dict(self._rows(other, self._seen)) if self._seen else {}
        for name, row in self._rows(files, {hash(name) for name in theirs}) if theirs else ():
            if name in theirs:
                yield name, row, theirs[name]

    def _rows(self, files: Sequence[Path], wanted: Collection[int]) -> Iterator[tuple[str, int]]:
        """Identity and row wherever the hash is wanted."""
        for found in read(files, (*self.columns, ROW)):
            if not found.keys() >= set(self.columns):
                return
            for name, row in zip(names_of([found[key] for key in self.columns]), found[ROW].to_pylist(), strict=True):
                if hash(name) in wanted:
                    yield name, row


def names_of(columns: Sequence[pa.Array]) -> list[str]:
    """The text of each row's identity; an empty cell is an empty text."""
    texts = [column if pa.types.is_string(column.type) else pc.cast(column, pa.string()) for column in columns]
    joined = pc.binary_join_element_wise(*texts, BETWEEN, null_handling="replace", null_replacement="")
    found: list[str] = joined.to_pylist()
    return found


def read(files: Sequence[Path], columns: Iterable[str]) -> Iterator[dict[str, pa.Array]]:
    """Columns of files that lie side by side, some rows at a time."""
    wanted = list(columns)
    opened = [pq.ParquetFile(path) for path in files]
    try:
        streams = [file.iter_batches(ROWS, columns=[name for name in wanted if name in file.schema_arrow.names])
                   for file in opened]
        for batches in zip(*streams, strict=True):
            yield {name: column for batch in batches for name, column in zip(batch.schema.names, batch.columns, strict=True)}
    finally:
        for file in opened:
            file.close()


def shown(name: str) -> str:
    """An identity for people.

    >>> shown("甲" + BETWEEN + "2025-06-30")
    '甲、2025-06-30'
    """
    return "、".join(part for part in name.split(BETWEEN) if part)
