"""The holding folder: files handed in that are no batch yet, and how far the work on each is."""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from plumbline.store.deliveries.tables import HELD, Delivery
from plumbline.store.folders import locked


def folder() -> Path:
    """Where the files lie."""
    return settings.DATA / "holding"


def path_of(delivery: Delivery) -> Path:
    """The file of a delivery, under its hash; the ending tells its form."""
    return folder() / f"{delivery.sha256}{ending(delivery.name)}"


def ending(name: str) -> str:
    """The ending of a file's name.

    >>> ending("七月.XLSX"), ending("无")
    ('.xlsx', '')
    """
    found = Path(name).suffix.lower()
    return found if found[1:].isalnum() and len(found) < 10 else ""


def only_writer() -> AbstractContextManager[None]:
    """Nobody else puts or drops files here meanwhile."""
    return locked(folder())


def hold(name: str, chunks: Iterable[bytes]) -> tuple[str, int]:
    """Write a file under its hash, whole or not at all; hash and size. An empty one is not kept. Inside `only_writer`."""
    part, digest, size = folder() / f".{uuid4().hex}.part", hashlib.sha256(), 0
    with open(part, "wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if size:
        part.replace(folder() / f"{digest.hexdigest()}{ending(name)}")
    else:
        part.unlink()
    return digest.hexdigest(), size


def tidy() -> int:
    """Drop files no delivery waits with, and marks of progress nobody makes; how many there were."""
    with only_writer():
        waiting = Delivery.objects.filter(state__in=HELD)
        kept = {name for row in waiting for name in (path_of(row).name, mark(row.pk).name, f"{row.pk}.work")} | {".lock"}
        loose = [path for path in folder().iterdir() if path.name not in kept]
        for path in loose:
            path.unlink()
        return len(loose)


def mark(delivery_id: int) -> Path:
    """The file that says how far the work on a delivery is."""
    return folder() / f"{delivery_id}.progress"


def progress(delivery_id: int, done: int, total: int) -> None:
    """Say how many rows are done: in a file, since the work itself may hold the database."""
    fresh = mark(delivery_id).with_suffix(".fresh")
    fresh.write_text(f"{done} {total}")
    fresh.replace(mark(delivery_id))


@contextmanager
def alone(delivery_id: int) -> Iterator[bool]:
    """Whether nobody else works on a delivery; nobody does meanwhile. A killed worker lets go of it."""
    folder().mkdir(parents=True, exist_ok=True)
    with open(folder() / f"{delivery_id}.work", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def finished(delivery_id: int) -> None:
    """Nobody works on a delivery for now."""
    mark(delivery_id).unlink(missing_ok=True)


def reached(delivery_id: int) -> tuple[int, int]:
    """Rows done, and rows in all; both 0 where nobody knows yet."""
    try:
        done, total = mark(delivery_id).read_text().split()
    except (FileNotFoundError, ValueError):
        return 0, 0
    return int(done), int(total)
