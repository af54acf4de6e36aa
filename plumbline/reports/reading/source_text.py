"""Plain text: which encoding the bytes are in, and lines as an editor counts them."""

import codecs
import re
from itertools import islice

from plumbline.kernel import BadInput
from plumbline.reports.reading.source import AS_DOCX, AS_TEXT, Source, bad

CHINESE = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\U00020000-\U0003ffff]")
LETTER = re.compile(r"[^\W\d_]")
KANA = re.compile(r"[\u3040-\u30ff]")
HANGUL = re.compile(r"[\uac00-\ud7af]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
STRANGE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
# Two in five characters of any modern Chinese text are among these.
FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三进等部度家业政力全市区建新月日高加实现增长"
)
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
SAMPLE = 20_000
FEW = 9
SAVE_AGAIN = "请用记事本或 WPS 打开，另存为 UTF-8 编码后再上传"


def read(data: bytes, where: str) -> Source:
    """A txt file: line N of the text is line N of the file, characters untouched."""
    text = decoded(data, where)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.endswith("\n"):
        text += "\n"
    check_letters(text, where)
    return Source(where, "txt", text)


def decoded(data: bytes, where: str) -> str:
    """The characters of the bytes: by the byte order mark, else UTF-8, else GB18030."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return printable(data[len(mark):].decode(encoding), where)
            except UnicodeDecodeError as error:
                raise broken(data[len(mark):], error, encoding, where) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return printable(national(data, where, error), where)
    # A few characters of GB18030 can happen to be UTF-8 of some other alphabet; more than a few cannot.
    sample = text[:SAMPLE]
    few = 0 < len(sample) - len(sample.encode("ascii", "ignore")) < FEW
    if few and not CHINESE.search(text) and (other := plausible(data)):
        return other
    return printable(text, where)


def national(data: bytes, where: str, error: UnicodeDecodeError) -> str:
    """The characters of bytes in GB18030, where that gives Chinese."""
    if text := plausible(data):
        return text
    sample = data[:error.start].decode("utf-8")
    if len(CHINESE.findall(sample[:SAMPLE])) > 10:
        raise broken(data, error, "utf-8", where) from error
    if CONTROL.search(data[:SAMPLE].decode("latin-1")):
        raise bad("garbage", where, f"不是文本文件，认不出是什么格式；如果是 Word 文件，{AS_DOCX}") from error
    raise bad("encoding", where, f"认不出文字编码（不是 UTF-8，也不是 GB18030）；{SAVE_AGAIN}") from error


def plausible(data: bytes) -> str | None:
    """The bytes as GB18030 where that makes Chinese as people write it, else None.

    Nearly any bytes decode; but chance gives rare characters where people use frequent ones.
    """
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    chinese = list(islice((found[0] for found in CHINESE.finditer(text)), SAMPLE))
    if not chinese or STRANGE.search(text):
        return None
    common = sum(map(is_common, chinese)) / len(chinese)
    frequent = sum(character in FREQUENT for character in chinese) / len(chinese)
    return text if common >= 0.6 and (len(chinese) < 200 or frequent >= 0.05) else None


def is_common(character: str) -> bool:
    """Whether a character is among the 3,755 of level one of GB/T 2312."""
    return b"\xb0\xa1" <= character.encode("gb18030") <= b"\xd7\xf9"


def printable(text: str, where: str) -> str:
    """The text, unless it holds what no text holds."""
    if "\x00" in text:
        line = text[:text.index("\x00")].count("\n") + 1
        raise bad("garbage", where, f"第 {line} 行含有空字符（NUL），不是正常的文本文件；{SAVE_AGAIN}")
    sample = text[:SAMPLE]
    if len(CONTROL.findall(sample)) * 50 > len(sample):
        raise bad("garbage", where, f"含有大量控制字符，不是文本文件；如果是扫描件，{AS_TEXT}")
    return text


def broken(data: bytes, error: UnicodeDecodeError, encoding: str, where: str) -> BadInput:
    """The refusal of a text that stops being text somewhere."""
    line = data[:error.start].decode(encoding, "ignore").count("\n") + 1
    at_end = "，文件可能没有传完" if error.start > len(data) - 4 else ""
    place = f"第 {line} 行起编码损坏（第 {error.start + 1} 字节{at_end}）"
    return bad("encoding", where, f"{place}；请重新上传，或{SAVE_AGAIN}")


def check_letters(text: str, where: str) -> None:
    """Refuse what has no letters, or is not Chinese."""
    letters = len(LETTER.findall(text))
    chinese = len(CHINESE.findall(text))
    if not text.strip() or not letters and not any(map(str.isalnum, text)):
        raise bad("empty", where, "没有文字，只有空白或符号；请核对是不是传错了文件")
    foreign = len(KANA.findall(text)) + len(HANGUL.findall(text))
    if chinese * 5 < letters or not chinese or foreign * 4 > chinese:
        share = chinese / letters if letters else 0
        raise bad("language", where, f"不像中文报告：字母文字中只有 {share:.0%} 是汉字；请上传中文文本")
