"""Which engine counts: DuckDB inside the process, or Spark; chosen by one setting, `PLUMBLINE_ENGINE`."""

import importlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.conf import settings

from plumbline.kernel import BadDeclaration, Inputs

MODULES = {"duckdb": "plumbline.engine.duck", "spark": "plumbline.engine.spark"}


class Engine(Protocol):
    """What counting needs of an engine; `dialect` is the one expressions are written in."""

    name: str
    dialect: str

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a question; whole numbers and exact decimals. Raises BadInput where a sum overflows."""

    def source(self, inputs: Inputs, columns: Sequence[str]) -> str:
        """What a question reads these columns from, in brackets; `row_` and `file_` may be among them."""

    def close(self) -> None:
        """Give back what the engine holds."""


_chosen: ContextVar[Engine | None] = ContextVar("engine", default=None)
_opened: dict[str, Engine] = {}
_opening = threading.Lock()


def open_engine(name: str, **options: Any) -> Engine:
    """An engine by its name.

    options  duckdb: memory ("2GiB"), threads (0: as many as there are cores), folder (what outgrows the memory goes there)
             spark: master, settings (a mapping of Spark's own)
    Raises   BadDeclaration for another name
    """
    if name not in MODULES:
        raise BadDeclaration(f"PLUMBLINE_ENGINE is {name!r}; write one of {', '.join(MODULES)}")
    made: Engine = importlib.import_module(MODULES[name]).opened(**options)
    return made


@contextmanager
def using(engine: Engine) -> Iterator[Engine]:
    """Everything counted in this block is counted by this engine."""
    token = _chosen.set(engine)
    try:
        yield engine
    finally:
        _chosen.reset(token)


def standing() -> Engine:
    """The engine of the block around, else the one the settings name: opened once, kept while the process lives."""
    return _chosen.get() or kept(settings.ENGINE, **settings.ENGINE_OPTIONS)


def kept(name: str, **options: Any) -> Engine:
    """An engine that is opened once and kept while the process lives; the options of the first call stand."""
    with _opening:
        if name not in _opened:
            _opened[name] = open_engine(name, **options)
        return _opened[name]
