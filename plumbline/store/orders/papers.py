"""What a file handed in with an order may be: told by its first bytes, never by its name; never opened, never unpacked."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plumbline.kernel import BadInput
from plumbline.store.folders import own_name
from plumbline.store.words import bad

LIMIT = 10 * 1024**2
NAME_LENGTH = 100
SCRIPT = Path(__file__).with_name("photograph.py")
SECONDS = 30
LARGE = 4
SIGNS = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"%PDF-", "pdf"), (b"PK\x03\x04", "zip"))
# by what it is: the endings it may have, the one it is given where it has another, and its type
ENDINGS = {
    "JPEG": (("jpg", "jpeg"), "image/jpeg"), "PNG": (("png",), "image/png"), "pdf": (("pdf",), "application/pdf"),
    "docx": (("docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), "txt": (("txt",), "text/plain"),
}
PHOTOS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "JPEG"}
# parts every docx and xlsx has, by their names as they lie in the file; the letters of a name are not packed
PARTS = {"docx": b"word/document.xml", "xlsx": b"xl/workbook.xml"}
CONTENTS = b"[Content_Types].xml"
WANTED = "照片（jpg、png、webp）、pdf、docx、xlsx、txt"
# letters that mean something to a shell, a page or a file system
UNSAFE = frozenset('<>"\'&|;:*?`$\\/{}%#=')


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it is kept: its name, bytes and type."""

    name: str
    data: bytes
    type: str


def read_of(name: str, given: Any) -> bytes:
    """The bytes handed in, never more than are allowed; BadInput where there are none, or more."""
    data = bytes(given[:LIMIT + 1]) if isinstance(given, (bytes, bytearray, memoryview)) else bytes(given.read(LIMIT + 1))
    if not data:
        raise bad("attachment.empty", "附件", f"「{shown(name)}」是空文件，没有保存；请检查后重新上传。")
    if len(data) > LIMIT:
        raise bad("attachment.large", "附件", f"「{shown(name)}」超过 {LIMIT // 1024**2} MB，没有保存；请缩小或拆分后再上传。")
    return data


def paper_of(name: str, data: bytes) -> Paper:
    """A file as it is to be kept: a photograph drawn anew, anything else as it came.

    Raises  BadInput for what is none of the kinds we keep, or bears another kind's name
    """
    kind = kind_of(data)
    if kind in PHOTOS:
        made, form = _drawn(name, data, kind), PHOTOS[kind]
        return Paper(_named(name, form), made, ENDINGS[form][1])
    if kind not in ENDINGS:
        raise bad("attachment.kind", "附件", f"「{shown(name)}」不是可以上传的文件，没有保存；请改交{WANTED}。")
    endings, media = ENDINGS[kind]
    if _ending(name) not in endings:
        raise bad("attachment.ending", "附件", f"「{shown(name)}」的内容是 {kind} 文件，与文件名不符，没有保存；请改好文件名。")
    return Paper(_named(name, kind), data, media)


def kind_of(data: bytes) -> str:
    """What the bytes say a file is: JPEG, PNG, WEBP, pdf, docx, xlsx, txt; empty for anything else.

    >>> kind_of(b"%PDF-1.7"), kind_of("说明".encode()), kind_of(b"MZ\\x90\\x00")
    ('pdf', 'txt', '')
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    kind = next((kind for sign, kind in SIGNS if data.startswith(sign)), "")
    if kind == "zip":
        return next((one for one, part in PARTS.items() if part in data), "") if CONTENTS in data else ""
    return kind or ("txt" if _text(data) else "")


def _text(data: bytes) -> bool:
    """Whether it is plain text, in UTF-8 or GB 18030."""
    if any(byte < 32 and byte not in (9, 10, 12, 13) for byte in set(data)):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _drawn(name: str, data: bytes, kind: str) -> bytes:
    """A photograph drawn anew, in a process of its own with bounded memory; BadInput where it cannot be."""
    try:
        done = subprocess.run([sys.executable, "-I", str(SCRIPT), kind], input=data, capture_output=True, timeout=SECONDS,
                              check=False)
    except subprocess.TimeoutExpired:
        raise _photo_trouble(name, "photo.large", "太大，处理不了") from None
    if done.returncode == LARGE:
        raise _photo_trouble(name, "photo.large", "像素太多")
    if done.returncode or not done.stdout:
        raise _photo_trouble(name, "photo.broken", "已损坏，或者不是完整的照片")
    return done.stdout


def _photo_trouble(name: str, check: str, what: str) -> BadInput:
    return bad(check, "附件", f"照片「{shown(name)}」{what}，没有保存；请用手机相册缩小或另存后再上传。")


def _ending(name: str) -> str:
    _, dot, ending = own_name(name).rpartition(".")
    return ending.lower() if dot else ""


def _named(name: str, kind: str) -> str:
    """A file's name as it is kept: no letters that mean something elsewhere, the ending of what it is."""
    endings, own = ENDINGS[kind][0], shown(name)
    stem, dot, ending = own.rpartition(".")
    stem = (stem if dot else own).strip(" .") or "附件"
    return f"{stem[:NAME_LENGTH]}.{ending.lower() if dot and ending.lower() in endings else endings[0]}"


def shown(name: str) -> str:
    """A name without folders, controls and letters that mean something to a page or a shell.

    >>> shown("C:\\\\x\\\\<script>.jpg")
    '_script_.jpg'
    """
    return "".join("_" if letter in UNSAFE else letter for letter in own_name(name))[:NAME_LENGTH + 10]
