"""A file becomes a text: what kind of file it is, decided by its bytes, and whose module reads it."""

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, cast

from plumbline.kernel import BadInput, Finding

MOST_BYTES = 20 * 1024 * 1024
MOST_LETTERS = 5_000_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: `text[start:end]`, at row and column (from 0), covering so many of each."""

    row: int
    column: int
    start: int
    end: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a text; one line for each row, cells parted by tabs.

    heads  how many rows at the top are headings; None where the format does not say
    """

    cells: tuple[Cell, ...]
    heads: int | None = None

    def covering(self, row: int, column: int) -> Cell | None:
        """The cell that lies over a row and column, merged cells included."""
        for cell in self.cells:
            if 0 <= row - cell.row < cell.rows and 0 <= column - cell.column < cell.columns:
                return cell
        return None


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file; lines end with `\\n`, and only there (form feeds and the like stay characters).

    media     txt | docx | html | pdf
    tables    what the format marks as a table
    breaks    1-based lines whose end is only layout, the paragraph goes on; None where nobody can tell
    findings  remarks: the file was read, but somebody should know
    """

    name: str
    media: str
    text: str
    tables: tuple[Table, ...] = ()
    breaks: frozenset[int] | None = None
    findings: tuple[Finding, ...] = ()


class Reader(Protocol):
    """What a module that reads one kind of file offers."""

    read: Callable[[bytes, str], Source]


# Loaded when a file of the kind comes, so that a txt does not pay for the others.
READERS = {
    "txt": "plumbline.reports.reading.source_text",
    "html": "plumbline.reports.reading.source_html",
    "docx": "plumbline.reports.reading.source_docx",
    "pdf": "plumbline.reports.reading.source_pdf",
}
ENDINGS = {
    ".txt": "txt", ".text": "txt", ".md": "txt", ".html": "html", ".htm": "html", ".shtml": "html",
    ".xhtml": "html", ".docx": "docx", ".docm": "docx", ".dotx": "docx", ".pdf": "pdf",
}
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
AS_DOCX = "请在 Word 或 WPS 中打开，“另存为” docx 后再上传"
AS_TEXT = "请先做文字识别（OCR），存为 docx、txt 或带文字层的 pdf 后再上传"
ACCEPTED = "可读 txt、docx、html 和带文字层的 pdf"
# First bytes of what people do send, and what they should do about it.
REFUSED = (
    (b"{\\rtf", "rtf", f"是 RTF 文件，不能直接读取；{AS_DOCX}"),
    (b"\x89PNG\r\n", "picture", f"是图片，没有文字；{AS_TEXT}"),
    (b"\xff\xd8\xff", "picture", f"是图片，没有文字；{AS_TEXT}"),
    (b"GIF8", "picture", f"是图片，没有文字；{AS_TEXT}"),
    (b"II*\x00", "picture", f"是图片，没有文字；{AS_TEXT}"),
    (b"MM\x00*", "picture", f"是图片，没有文字；{AS_TEXT}"),
    (b"Rar!\x1a\x07", "archive", f"是压缩包；请解压后逐个上传其中的文件，{ACCEPTED}"),
    (b"7z\xbc\xaf\x27\x1c", "archive", f"是压缩包；请解压后逐个上传其中的文件，{ACCEPTED}"),
    (b"\x1f\x8b\x08", "archive", f"是压缩包；请解压后逐个上传其中的文件，{ACCEPTED}"),
    (b"AC10", "drawing", f"是图纸文件，不是报告；{ACCEPTED}"),
)
# nothing but a byte order mark and blanks; each mark whole, since its bytes alone are halves of characters
BLANK = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*")
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|p|table|article|section|main|span|h[1-6]|center|font|ul|ol|br|script|style|link|base)\b",
    re.IGNORECASE | re.DOTALL,
)
ANY_MARKUP = re.compile(rb"<(?:html|body|div|p|br|td|span|h[1-6])\b[^<>]{0,2000}>", re.IGNORECASE)


def load(source: Path | bytes, name: str = "") -> Source:
    """The text of a file: txt, html, docx or pdf, whatever its name says.

    Raises  BadInput with messages in Chinese; nothing is kept
    """
    name = name or (source.name if isinstance(source, Path) else "")
    where = name or "文件"
    data = source if isinstance(source, bytes) else bytes_of(source, where)
    if len(data) > MOST_BYTES:
        size = f"超过 {MOST_BYTES // 1024**2} MB（{len(data) / 1024**2:.1f} MB）"
        raise bad("large", where, f"{size}；请去掉图片或分成几个文件再上传")
    if BLANK.fullmatch(data):
        raise bad("empty", where, "是空的，没有任何文字；请核对是不是传错了文件，或上传中断了")
    media = media_of(data, name, where)
    reader = cast(Reader, importlib.import_module(READERS[media]))
    read = reader.read(data, where)
    if len(read.text) > MOST_LETTERS:
        raise bad("long", where, f"有 {len(read.text)} 个字，超过 {MOST_LETTERS} 个；请分成几个文件再上传")
    return replace(read, name=name, findings=misnamed(name, media) + read.findings)


def bytes_of(path: Path, where: str) -> bytes:
    """The bytes of a file, never more than one above the limit."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = {
            FileNotFoundError: "找不到；请核对路径", IsADirectoryError: "是文件夹；请给出其中的文件",
            PermissionError: "没有读取权限；请检查文件权限",
        }.get(type(error), f"读不出来（{error.strerror}）；请检查磁盘或网络后再试")
        raise bad("unreadable", where, reason) from error


def media_of(data: bytes, name: str, where: str) -> str:
    """The kind of file by its first bytes; its name only where they leave a choice."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(ZIP_STARTS):
        return "docx"
    if data.startswith(OLE):
        raise bad(*old_office(data, where))
    for start, check, message in REFUSED:
        if data.startswith(start):
            raise bad(check, where, message)
    head = plain_head(data[:8192])
    named_html = ENDINGS.get(ending(name)) == "html"
    return "html" if MARKUP.match(head) or (named_html and ANY_MARKUP.search(head)) else "txt"


def plain_head(head: bytes) -> bytes:
    """The first bytes without byte order mark, and without the zeros of UTF-16."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[2:].replace(b"\x00", b"")
    return head.removeprefix(b"\xef\xbb\xbf")


def old_office(data: bytes, where: str) -> tuple[str, str, str]:
    """What to say of an OLE file: a docx under a password, or Word, Excel or WPS of before 2007."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "locked", where, "加了打开密码，读不出来；请去掉密码后再上传"
    if "Workbook".encode("utf-16-le") in data:
        return "sheet", where, f"是电子表格，不是报告；请上传报告正文，{ACCEPTED}"
    return "doc", where, f"是旧的 doc（或 wps）格式，不能直接读取；{AS_DOCX}"


def misnamed(name: str, media: str) -> tuple[Finding, ...]:
    """A remark where the ending of a name and the content of the file do not agree."""
    if not ending(name) or ENDINGS.get(ending(name), "") == media:
        return ()
    message = f"文件名以 {ending(name)} 结尾，内容却是 {media}；已按 {media} 读取，请核对是不是要传的文件"
    return (remark("ending", name, message),)


def ending(name: str) -> str:
    """The ending of a file name, in small letters: `.docx`; empty where there is none."""
    found = re.search(r"\.[A-Za-z0-9]{1,6}$", name)
    return found[0].lower() if found else ""


def bad(check: str, where: str, message: str) -> BadInput:
    """The refusal of a file, for one reason."""
    return BadInput([remark(check, where, message)])


def remark(check: str, where: str, message: str) -> Finding:
    """A finding about a file; the message names the file first."""
    return Finding(f"source.{check}", where, f"{where}：{message}")
