"""Folders of files that only one process may change at a time; and the names of files as people give them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else adds or drops files meanwhile: a file is never dropped under a row about to be written."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def put(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, down to the disk; inside `locked`, or where nobody else writes the same file."""
    fresh = path.with_name(f".{path.name}.part")
    with open(fresh, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def own_name(name: str) -> str:
    """A file's own name, without folders and control letters.

    >>> own_name("C:\\\\下载\\\\七月.xlsx"), own_name("/")
    ('七月.xlsx', '未命名')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable()).strip() or "未命名"
