"""Pdf files with a text layer: glyphs from pdfium, in a process apart, put together to lines and paragraphs."""

import json
import re
import subprocess
import sys
from array import array
from pathlib import Path

from plumbline.kernel import Finding
from plumbline.reports.reading.source import AS_TEXT, Source, bad, remark
from plumbline.reports.reading.source_grid import boxed, rules_of
from plumbline.reports.reading.source_layout import write
from plumbline.reports.reading.source_lines import UPRIGHT, Box, Line, Sheet, glyphs_of, lines_of, turn_of
from plumbline.reports.reading.source_page import Page, tidy
from plumbline.reports.reading.source_text import CHINESE, LETTER, check_letters

GLYPHS = Path(__file__).with_name("source_glyphs.py")
MOST_SECONDS = 90
UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\ufffe\uffff]")
PER_GLYPH = 6
# SIGKILL and SIGXCPU, by number since Windows has neither.
OUT_OF_TIME = (9, 24)
EMBED = "请改传 docx，或另存为嵌入字体的 pdf（也可请管理员在服务器上安装中文字体）"
# Width, height, number of glyphs and rules of a page.
Size = tuple[float, float, int, list[Box]]
FAULTS = {
    "locked": "加了打开密码，读不出来；请去掉密码后再上传",
    "broken": "已损坏或没有传完整，打不开；请确认在阅读器中能打开，再重新上传",
    "crashed": "读取时出错，文件可能已损坏或过于复杂；请在阅读器中另存（或打印为 pdf）后再上传",
    "long": "页数或字数过多；请分成几个文件再上传",
    "memory": "解开后占用内存过大，已停止读取；请在阅读器中另存（或打印为 pdf）后再上传",
    "slow": f"读取超过 {MOST_SECONDS} 秒，已停止；请在阅读器中另存（或打印为 pdf）后再上传",
}


def read(data: bytes, where: str) -> Source:
    """A pdf: its lines, without page headers and numbers; `breaks` says where a paragraph goes on."""
    # pdfium mends a file cut off half way and gives what is left of it; half a report is none.
    if b"%%EOF" not in data.rstrip(b"\x00 \r\n\t")[-4096:]:
        raise bad("truncated", where, "末尾缺少结束标记，可能没有传完；请确认在阅读器中能打开，再重新上传")
    sizes, floats, lost = glyphs(data, where)
    lines = pages_of(sizes, floats)
    check_layer(lines, "".join(map(letter_of, floats[::PER_GLYPH])), len(sizes), lost, where)
    page = Page(where)
    write(lines, page)
    source = page.source("pdf", known=True)
    check_letters(source.text, where)
    notes = remarks(lines, len(sizes), lost, where)
    return Source(where, "pdf", source.text, source.tables, source.breaks, notes)


def glyphs(data: bytes, where: str) -> tuple[list[Size], "array[float]", int]:
    """Page sizes, glyphs, and how many pieces of text were lost.

    They come from a process that may crash, or run out of memory or time.
    """
    try:
        done = subprocess.run(  # noqa: S603
            # -P: the folder of the program is no place to import from.
            [sys.executable, "-P", str(GLYPHS)], input=data, capture_output=True, timeout=MOST_SECONDS, check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise bad("slow", where, FAULTS["slow"]) from error
    head, newline, body = done.stdout.partition(b"\n")
    if b"ModuleNotFoundError" in done.stderr:
        raise ModuleNotFoundError(done.stderr.decode(errors="replace"))
    if done.returncode or not newline:
        # Killed by the system for the time it took, or gone by itself.
        fault = "slow" if -done.returncode in OUT_OF_TIME else "crashed"
        raise bad(fault, where, FAULTS[fault])
    said = json.loads(head)
    if fault := said.get("error"):
        raise bad(fault, where, FAULTS[fault])
    floats = array("f")
    floats.frombytes(body)
    return said["pages"], floats, said["lost"]


def pages_of(sizes: list[Size], floats: "array[float]") -> list[Line]:
    """The lines of all pages, in order."""
    lines: list[Line] = []
    at = 0
    for number, (width, height, count, boxes) in enumerate(sizes, start=1):
        own = floats[at:at + count * PER_GLYPH]
        turn = turn_of(own)
        rules = rules_of(boxes, UPRIGHT[turn])
        sheet = Sheet(number, width, height, rules.at)
        found = [line for line in map(cleaned, lines_of(glyphs_of(own, turn), sheet)) if line]
        boxed(found, rules)
        lines += found
        at += count * PER_GLYPH
    return lines


def cleaned(line: Line) -> Line | None:
    """A line without characters that print nothing; None where nothing is left."""
    for run in line.runs:
        run.text = tidy(UNREADABLE.sub("", run.text))
    line.runs = [run for run in line.runs if run.text]
    return line if line.runs else None


def letter_of(code: float) -> str:
    """The character of a code point; those that are none count as unreadable."""
    return chr(int(code)) if 0 <= code <= 0x10FFFF else "\ufffd"


def check_layer(lines: list[Line], letters: str, pages: int, lost: int, where: str) -> None:
    """Refuse a pdf of pictures, and one whose characters have no meaning."""
    if lost > len(letters):
        raise bad("fonts", where, f"有 {lost} 处文字读不出来：文件没有嵌入字体；{EMBED}")
    strange = len(UNREADABLE.findall(letters))
    if strange * 3 > len(letters) and strange > len(CHINESE.findall(letters)):
        raise bad("unmapped", where, f"文字层无法解读（字体缺少字符对照表，复制出来是乱码）；{AS_TEXT}")
    if not any(LETTER.search(line.text) for line in lines):
        raise bad("picture", where, f"共 {pages} 页，没有文字层（可能是扫描件）；{AS_TEXT}")


def remarks(lines: list[Line], pages: int, lost: int, where: str) -> tuple[Finding, ...]:
    """Pages without text, and text that may be missing."""
    notes = []
    told = {line.page for line in lines}
    empty = [str(number) for number in range(1, pages + 1) if number not in told]
    if empty:
        which = "、".join(empty[:10]) + ("等" if len(empty) > 10 else "")
        notes.append(remark("pages", where, f"第 {which} 页没有文字（空白或图片），没有读入；请核对"))
    if lost:
        notes.append(remark("fonts", where, f"有 {lost} 处单字可能没有读出，因为文件没有嵌入字体；{EMBED}"))
    return tuple(notes)
