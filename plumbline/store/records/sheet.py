"""What every source gives: the heads of its columns, and its cells a few ten thousand rows at a time."""

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

STEP = 1 << 20
ROWS = 65_536
ENCODINGS = ("utf-8", "gb18030")
MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a sheet: their numbers as the person sees them, and the cells of each head."""

    rows: pa.Array
    cells: list[pa.Array]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that can be read once, from the top."""

    heads: list[str]
    pieces: Iterator[Piece]


@dataclass(frozen=True, slots=True)
class Survey:
    """What can be said of a file without reading its cells.

    form      csv | xlsx | jsonl | parquet, by its first bytes
    encoding  of its text; empty where it is none, or in no known encoding
    lines     line ends in it: at least as many as there are rows; 0 where it is no text
    nul       number of the first line with a NUL, 0 where there is none
    broken    number of the first line that cannot be read, 0 where there is none
    odd       there is an odd number of double quotes in it
    """

    form: str
    sha256: str
    size: int
    encoding: str = ""
    lines: int = 0
    nul: int = 0
    broken: int = 0
    odd: bool = False


def survey(path: Path) -> Survey:
    """Look through a file once, from end to end."""
    with open(path, "rb") as file:
        start = file.read(64)
        form = form_of(start)
        if form in ("xlsx", "parquet"):
            file.seek(0)
            return Survey(form, hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)
    return _text(path, form, MARKS.get(start[:2], ""))


def form_of(start: bytes) -> str:
    """The form of a file by its first bytes.

    >>> form_of(b"PK\\x03\\x04"), form_of(b"PAR1"), form_of(b' {"a": 1}'), form_of(b"a,b")
    ('xlsx', 'parquet', 'jsonl', 'csv')
    """
    if start.startswith(b"PK\x03\x04"):
        return "xlsx"
    if start.startswith(b"PAR1"):
        return "parquet"
    return "jsonl" if start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{") else "csv"


def _text(path: Path, form: str, marked: str) -> Survey:
    """Hash, lines and encoding of a text, a megabyte at a time."""
    digest, lines, nul, quotes = hashlib.sha256(), 0, 0, 0
    for piece in pieces_of(path):
        digest.update(piece)
        if not nul and not marked and b"\0" in piece:
            nul = lines + piece.count(b"\n", 0, piece.index(b"\0")) + 1
        lines += piece.count(b"\n")
        quotes += piece.count(b'"')
    broken: dict[str, int] = {}
    for name in ([marked] if marked else ENCODINGS) if not nul else ():
        broken[name] = unreadable(path, name)
        if not broken[name]:
            break
    good = next((name for name, line in broken.items() if not line), "")
    return Survey(form, digest.hexdigest(), path.stat().st_size, good, lines + 1, nul,
                  0 if good else max(broken.values(), default=0), quotes % 2 == 1 and not marked)


def pieces_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a megabyte at a time."""
    with open(path, "rb") as file:
        while piece := file.read(STEP):
            yield piece


def unreadable(path: Path, encoding: str) -> int:
    """Number of the first line an encoding cannot read; 0 where it reads all of them."""
    decoder, lines = codecs.getincrementaldecoder(encoding)(), 0
    try:
        for piece in pieces_of(path):
            decoder.decode(piece)
            lines += piece.count(b"\n")
        decoder.decode(b"", True)
    except UnicodeDecodeError as error:
        return lines + error.object.count(b"\n", 0, error.start) + 1
    return 0
