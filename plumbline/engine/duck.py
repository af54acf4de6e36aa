"""DuckDB inside the process: one database a process, a cursor a thread."""

import atexit
import ctypes
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow

from plumbline.engine import sources
from plumbline.kernel import Column, Inputs

MEMORY = "2GiB"


class Duck:
    """The embedded engine; opened at its first question, and again in a child after a fork."""

    name = dialect = "duckdb"

    def __init__(self, memory: str = MEMORY, threads: int = 0, folder: str | Path = "") -> None:
        self.memory, self.threads = memory, threads or os.cpu_count() or 1
        self.folder = str(folder or Path(tempfile.gettempdir()) / "plumbline-duckdb")
        self._lock = threading.Lock()
        self._database: duckdb.DuckDBPyConnection | None = None
        self._mine = threading.local()
        os.register_at_fork(after_in_child=self._leave)
        atexit.register(self.close)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a question."""
        try:
            return self.cursor().execute(sql).fetchall()
        except duckdb.Error as error:
            raise explained(error) from error

    def batches(self, sql: str, size: int = 10_000) -> Iterator[pyarrow.RecordBatch]:
        """The rows of a question, so many at a time."""
        cursor = self._open().cursor()
        try:
            yield from cursor.sql(sql).to_arrow_reader(size)
        except duckdb.Error as error:
            raise explained(error) from error
        finally:
            cursor.close()

    def source(self, inputs: Inputs, columns: Sequence[str]) -> str:
        """The columns of all files, in brackets."""
        places = {sha256: at for at, sha256 in enumerate(sources.hashes(inputs))}
        parts = [self._part(inputs, group, columns, places) for group in sources.groups(inputs)]
        if not parts:
            return sources.nothing(inputs.table, columns, quoted, sources.DUCKDB)
        return f"({' UNION ALL '.join(parts)})"

    def _part(self, inputs: Inputs, group: sources.Group, columns: Sequence[str], places: dict[str, int]) -> str:
        told = sources.read(inputs.table, group, columns, quoted, sources.DUCKDB)
        if sources.PLACE in columns:
            told.append(f"CAST({_place([places[file.sha256] for file in group.files])} AS BIGINT) AS {sources.PLACE}")
        paths = ", ".join(literal(str(file.path)) for file in group.files)
        return f"SELECT {', '.join(told)} FROM read_parquet([{paths}])"

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """This thread's own way to ask."""
        database = self._open()
        if getattr(self._mine, "database", None) is not database:
            self._mine.database, self._mine.cursor = database, database.cursor()
        cursor: duckdb.DuckDBPyConnection = self._mine.cursor
        return cursor

    def close(self) -> None:
        """Close the database of this process."""
        with self._lock:
            if self._database is not None:
                self._database.close()
            self._database, self._mine = None, threading.local()

    def _open(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._database is None:
                self._database = duckdb.connect(":memory:", config={
                    "memory_limit": self.memory, "threads": self.threads, "temp_directory": self.folder,
                    "preserve_insertion_order": False, "autoinstall_known_extensions": False,
                    "autoload_known_extensions": False})
                # DuckDB 2.0.0 fails on `file_index` in a limited question with its own late look-up
                self._database.execute("SET parquet_metadata_cache = true; SET disabled_optimizers = 'late_materialization'")
            return self._database

    def _leave(self) -> None:
        """In a child, after a fork: the parent's database is never used and never freed, as its threads are not here."""
        if self._database is not None:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._database))
        self._lock, self._database, self._mine = threading.Lock(), None, threading.local()


def _place(places: Sequence[int]) -> str:
    """The place of a row's file; the files of a group follow each other, unless others lie between them."""
    if places[-1] - places[0] + 1 == len(places):
        return f"file_index + {places[0]}" if len(places) > 1 else str(places[0])
    return f"[{', '.join(map(str, places))}][CAST(file_index AS BIGINT) + 1]"


def opened(**options: Any) -> Duck:
    """The engine with these options."""
    return Duck(**options)


def quoted(name: str) -> str:
    """A column's name."""
    return f'"{name}"'


def literal(text: str) -> str:
    """A text as DuckDB reads it."""
    return "'" + text.replace("'", "''") + "'"


def explained(error: duckdb.Error) -> Exception:
    """The error people are told; what is a mistake of ours stays as it is."""
    if isinstance(error, duckdb.OutOfRangeException):
        return sources.overflow()
    if isinstance(error, duckdb.ConversionException):
        return sources.unfit()
    if isinstance(error, (duckdb.IOException, duckdb.InvalidInputException)):
        return sources.gone(name_in(str(error)), "无法读取")
    return error


def name_in(message: str) -> str:
    """Name of the file a message of DuckDB is about; empty where it names none.

    >>> name_in("IO Error: No files found that match '/data/batches/ab12.parquet'"), name_in("No memory")
    ('ab12.parquet', '')
    """
    paths = [word.strip("'\"():,;") for word in message.split() if "/" in word]
    return Path(paths[0]).name if paths else ""


def value_of(value: Any, column: Column) -> str:
    """A value of a column, or its text, as DuckDB reads it in the column's type."""
    return f"CAST({literal(str(value))} AS {sources.sql_type(column, sources.DUCKDB)})"
