"""The bytes of documents: in the data folder, named by their hash."""

from contextlib import AbstractContextManager
from pathlib import Path

from django.conf import settings

from plumbline.store import folders
from plumbline.store.documents.tables import Document

SIGNS = ((b"%PDF", "pdf"), (b"PK\x03\x04", "docx"), (b"<", "html"))


def folder() -> Path:
    """Where the bytes lie."""
    return settings.DATA / "files"


def bytes_of(document: Document) -> bytes:
    """The file as it was handed in."""
    return (folder() / document.sha256).read_bytes()


def media_of(data: bytes) -> str:
    """What the first letters say a file is: pdf, docx, html or txt.

    >>> media_of(b"%PDF-1.7"), media_of(b" <html>")
    ('pdf', 'html')
    """
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((media for sign, media in SIGNS if start.startswith(sign)), "txt")


def only_writer() -> AbstractContextManager[None]:
    """Nobody else puts or drops files here meanwhile."""
    return folders.locked(folder())


def put(sha256: str, data: bytes) -> None:
    """Write a file under its hash, whole or not at all; inside `only_writer`."""
    folders.put(folder() / sha256, data)


def tidy() -> int:
    """Drop files no document rests on, left by a process that was killed; how many there were."""
    with only_writer():
        kept = set(Document.objects.values_list("sha256", flat=True)) | {".lock"}
        loose = [path for path in folder().iterdir() if path.name not in kept]
        for path in loose:
            path.unlink()
        return len(loose)
