"""Parquet files in the data folder: named by their hash, written whole or not at all, dropped when nothing needs them."""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from plumbline.kernel import Table
from plumbline.store.folders import locked

PART = ".part-"


def folder() -> Path:
    """Where the files lie."""
    return settings.DATA / "batches"


def path_of(sha256: str) -> Path:
    """The file of a hash."""
    return folder() / f"{sha256}.parquet"


def only_writer() -> AbstractContextManager[None]:
    """Nobody else puts or drops files here meanwhile."""
    return locked(folder())


@contextmanager
def part() -> Iterator[Path]:
    """A file to write into, gone afterwards unless it was put in its place; locked as long as its writer lives."""
    path = folder() / f"{PART}{uuid4().hex}"
    with only_writer():
        held = open(path, "xb")  # noqa: SIM115  held while the caller works
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        held.close()


@contextmanager
def laid(data: bytes | Path) -> Iterator[Path]:
    """A delivery as a file: where it lies, or its bytes laid down for the time being."""
    if isinstance(data, Path):
        yield data
        return
    with part() as path:
        path.write_bytes(data)
        yield path


@contextmanager
def parts(table: Table) -> Iterator[list[Path]]:
    """Files to write the rows into: one, and one more where something is personal."""
    with ExitStack() as stack:
        personal = len(table.open_columns) < len(table.columns)
        yield [stack.enter_context(part()) for _ in range(1 + personal)]


def put(path: Path) -> str:
    """Give a finished part its name, the hash of what is in it; call it inside `only_writer`."""
    with open(path, "rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    if path_of(sha256).exists():
        path.unlink()
    else:
        path.replace(path_of(sha256))
        _settle(folder())
    return sha256


def _settle(place: Path) -> None:
    """The new name is on the disk, not only in memory."""
    number = os.open(place, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def drop_loose(needed: Iterable[str]) -> int:
    """Drop files no hash needs and parts whose writer died; inside `only_writer`. How many there were."""
    kept = {path_of(sha256).name for sha256 in needed} | {".lock"}
    loose = [path for path in folder().iterdir() if path.name not in kept and not _being_written(path)]
    for path in loose:
        path.unlink()
    return len(loose)


def _being_written(path: Path) -> bool:
    if not path.name.startswith(PART):
        return False
    with open(path, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
