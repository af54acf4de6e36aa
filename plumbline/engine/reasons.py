"""Answers of conditions, kept: a bit a row for true, a bit for known, on disk, for as long as the file they are of stands.

    <data>/decisions/<sha256 of the file>/<conditions>.arrow     a column for each condition, named by its digest
                                          <column>.keys          what names the rows

An answer depends on the condition, with the values of its parameters, and on the file; both have a name that changes with
them, so that nothing kept is ever wrong, only no longer asked for.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import ipc

from plumbline.engine import sources
from plumbline.engine.duck import Duck, literal, quoted
from plumbline.engine.numbers import Beyond
from plumbline.engine.stretches import Stretch, stretches
from plumbline.engine.vectors import vector
from plumbline.kernel import Expression, File, Inputs, Table
from plumbline.kernel.expression.fixed import fixed
from plumbline.kernel.expression.tree import Node

# changes when the meaning of a kept answer does, or how long a stretch is
VERSION = 1
ENDING, KEYS = ".arrow", ".keys"
Bits = Any


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition as it is asked of many rows on a day.

    digest   its name: the same for the same question
    sql      as DuckDB reads it
    """

    digest: str
    columns: frozenset[str]
    root: Node
    sql: str


def asked(condition: Expression, table: Table, day: date) -> Asked:
    """A condition with its name."""
    types = sorted((column.key, column.type, column.scale) for column in table.columns if column.key in condition.columns)
    sql = condition.sql("duckdb", day)
    digest = hashlib.sha256(repr((VERSION, table.key, types, sql)).encode()).hexdigest()[:32]
    return Asked(digest, condition.columns, fixed(condition.root, day), sql)


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of some rows of a file: those that follow each other in a stretch.

    bits  of a condition's digest: true, false or NULL for every row
    """

    file: File
    first: int
    rows: int
    bits: dict[str, Bits]


def answers(file: File, table: Table, these: Sequence[Asked], folder: Path | None, duck: Duck) -> list[Answers]:
    """The answers of a file's rows; what is not kept yet is reckoned, and kept where there is a folder."""
    if not file.rows:
        return []
    wanted = {one.digest: one for one in these}
    kept = list(_kept(folder / file.sha256, wanted)) if folder else []
    missing = [one for one in wanted.values() if not any(one.digest in bits for pack in kept for bits in pack)]
    if missing and folder:
        kept += list(_packed(_keep(file, table, missing, folder, duck), wanted))
    elif missing:
        kept.append([dict(zip(batch.schema.names, batch.columns, strict=True)) for batch in _batches(file, table, missing, duck)])
    return list(_joined(file, kept))


def _joined(file: File, packs: Iterable[Sequence[dict[str, Bits]]]) -> Iterator[Answers]:
    first = 0
    for parts in zip(*packs, strict=True):
        bits = {digest: told for part in parts for digest, told in part.items()}
        rows = len(next(iter(bits.values())))
        yield Answers(file, first, rows, bits)
        first += rows


def _kept(folder: Path, wanted: Collection[str]) -> Iterator[list[dict[str, Bits]]]:
    """What is kept of the conditions wanted, pack by pack, each pack a list of stretches."""
    left = set(wanted)
    for path in sorted(folder.glob(f"*{ENDING}")):
        if told := list(_packed(path, left)):
            left -= set(told[0][0])
            yield from told


def _packed(path: Path, wanted: Collection[str]) -> Iterator[list[dict[str, Bits]]]:
    """The columns of one pack that are wanted, as they lie on the disk."""
    source = pyarrow.memory_map(str(path))
    names = ipc.open_file(source).schema.names
    held = [at for at, name in enumerate(names) if name in wanted]
    if not held:
        return
    opened = ipc.open_file(source, options=ipc.IpcReadOptions(included_fields=held, use_threads=False))
    batches = [opened.get_batch(at) for at in range(opened.num_record_batches)]
    yield [dict(zip(batch.schema.names, batch.columns, strict=True)) for batch in batches]


def _keep(file: File, table: Table, these: Sequence[Asked], folder: Path, duck: Duck) -> Path:
    """Reckon these conditions and keep the answers; a pack is there in full or not at all."""
    name = hashlib.sha256(" ".join(sorted(one.digest for one in these)).encode()).hexdigest()[:32]
    path = folder / file.sha256 / f"{name}{ENDING}"
    _write(path, pyarrow.schema([(one.digest, pyarrow.bool_()) for one in these]), _batches(file, table, these, duck))
    return path


def _write(path: Path, schema: pyarrow.Schema, batches: Iterable[pyarrow.RecordBatch]) -> None:
    """A file that is there in full or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, unready = tempfile.mkstemp(dir=path.parent, suffix=".unready")
    try:
        with os.fdopen(handle, "wb") as raw, ipc.new_file(raw, schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
        os.replace(unready, path)
    finally:
        Path(unready).unlink(missing_ok=True)


def _batches(file: File, table: Table, these: Sequence[Asked], duck: Duck) -> Iterator[pyarrow.RecordBatch]:
    keys = sorted({key for one in these for key in one.columns})
    for stretch in stretches(file, table, keys):
        found: dict[str, Bits] = {}
        beyond: list[Asked] = []
        for one in these:
            try:
                found[one.digest] = vector(one.root, stretch)
            except Beyond:
                beyond.append(one)
        found |= _elsewhere(file, stretch, beyond, duck) if beyond else {}
        yield pyarrow.RecordBatch.from_arrays([found[one.digest] for one in these], [one.digest for one in these])


def _elsewhere(file: File, stretch: Stretch, these: Sequence[Asked], duck: Duck) -> dict[str, Bits]:
    """The answers as DuckDB gives them."""
    keys = sorted({key for one in these for key in one.columns})
    [group] = sources.groups(Inputs(stretch.table, (file,)))
    told = ", ".join([*sources.read(stretch.table, group, keys, quoted, sources.DUCKDB), "file_row_number AS at_"])
    source = f"(SELECT {told} FROM read_parquet([{literal(str(file.path))}], file_row_number = true))"
    sql = ", ".join(f"{one.sql} AS c{at}_" for at, one in enumerate(these))
    until = stretch.first + stretch.rows
    question = (f"SELECT {sql} FROM {source} AS t_ WHERE at_ >= {stretch.first} AND at_ < {until} ORDER BY at_")
    found = pyarrow.Table.from_batches(list(duck.batches(question)))
    return {one.digest: found.column(at).combine_chunks() for at, one in enumerate(these)}


def keys(file: File, table: Table, column: str, folder: Path | None) -> list[Any]:
    """What names the rows of a file, stretch by stretch; kept beside the answers, as every look-up asks for it."""
    if folder is None:
        return [_plain(stretch.column(column)) for stretch in stretches(file, table, [column])]
    path = folder / file.sha256 / f"{column}{KEYS}"
    if not path.exists():
        told = [_plain(stretch.column(column)) for stretch in stretches(file, table, [column])]
        kind = told[0].type if told else pyarrow.string()
        _write(path, pyarrow.schema([(column, kind)]), (pyarrow.RecordBatch.from_arrays([one], [column]) for one in told))
    opened = ipc.open_file(pyarrow.memory_map(str(path)))
    return [opened.get_batch(at).column(0) for at in range(opened.num_record_batches)]


def _plain(array: Any) -> Any:
    return array.dictionary_decode() if pyarrow.types.is_dictionary(array.type) else array


def tidy(folder: Path, files: Collection[str], conditions: Collection[str] | None = None) -> int:
    """Drop the answers of files that no longer stand, and packs none of whose conditions is asked for; how many packs.

    files       sha256 of every file that stands
    conditions  digests of all that is still asked for; None: every condition is
    """
    gone = 0
    for home in sorted(folder.iterdir()) if folder.exists() else ():
        packs = list(home.glob(f"*{ENDING}"))
        idle = packs if home.name not in files else [
            pack for pack in packs if conditions is not None and _idle(pack, conditions)]
        gone += len(idle)
        for pack in idle:
            pack.unlink(missing_ok=True)
        if home.name not in files:
            shutil.rmtree(home, ignore_errors=True)
    return gone


def _idle(pack: Path, conditions: Collection[str]) -> bool:
    with pyarrow.memory_map(str(pack)) as source:
        return set(ipc.open_file(source).schema.names).isdisjoint(conditions)
