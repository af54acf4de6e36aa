"""Tables as xlsx: one sheet, heads in the first row, values and not formulas."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
from openpyxl.utils.exceptions import InvalidFileException

from plumbline.kernel import Table
from plumbline.store.records.heads import columns_of
from plumbline.store.records.sheet import STEP, Piece, Sheet
from plumbline.store.records.tally import Tally, at, listed

ROWS = 5_000
LARGEST = 2 << 30
# what unpacks to so many times its size, and to so much, was not made by a spreadsheet
DENSEST, LARGE = 200, 64 << 20
# digits a spreadsheet keeps; what was longer is lost already
EXACT_DIGITS = 15
# rows a spreadsheet has; one that says it is farther down would be waited for through all the empty ones before it
LAST_ROW = 1_048_576
# what openpyxl and the packages under it raise for a damaged, encrypted or foreign package
UNREADABLE = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, SyntaxError, InvalidFileException, OSError, TypeError,
              AttributeError, IndexError, NotImplementedError, RuntimeError, EOFError, AssertionError)
MERGED = re.compile(rb'<(?:\w+:)?mergeCell[^>]*\bref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="([^"]*)"')
LONGEST_TAG = 1 << 16


def open_xlsx(path: Path, table: Table, tally: Tally) -> Sheet:
    """The sheet whose heads are the table's; the first one where none is."""
    try:
        with zipfile.ZipFile(path) as package:
            unpacked = sum(info.file_size for info in package.infolist())
        if unpacked > LARGEST:
            return _refused(tally, "解开后超过 2 GB；请拆分，或改交 csv")
        if unpacked > max(LARGE, DENSEST * path.stat().st_size):
            return _refused(tally, f"解开后是原来的 {DENSEST} 倍以上，可能已损坏；请在表格软件中重新保存，或改交 csv")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and controls we do not read
            book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True)
            pages = [(page, _heads(page)) for page in book.worksheets]
        tags = {page.title: _tags(path, page) for page, _ in pages}
    except UNREADABLE:
        return _refused(tally, "打不开，可能已损坏或加了密码；请在表格软件中重新保存后再交")
    fitting = [(page, heads) for page, heads in pages if heads and not _wrong(table, heads)]
    if len(fitting) > 1:
        return _refused(tally, f"有 {len(fitting)} 张工作表都是这种表（{listed(page.title for page, _ in fitting)}）；请只留一张")
    page, heads = (fitting or pages or [(None, [])])[0]
    if not heads:
        return Sheet([], iter(()))
    merged, orderly = tags[page.title]
    if merged:
        tally.say("file.merged", "文件", f"有合并的单元格：{listed(merged)}；请取消合并，逐格填写。")
    if not orderly:
        return _refused(tally, "的行号重复或不按次序，有的行会读不到；请在表格软件中重新保存后再交")
    return Sheet(heads, _pieces(page, len(heads), tally))


def _refused(tally: Tally, why: str) -> Sheet:
    tally.say("file.xlsx", "文件", f"这个 xlsx {why}。")
    return Sheet([], iter(()))


def _heads(page: Any) -> list[str]:
    page.reset_dimensions()
    first = next(page.iter_rows(max_row=1, values_only=True), ())
    heads = ["" if value is None else str(value).strip() for value in first]
    while heads and not heads[-1]:
        heads.pop()
    return heads


def _wrong(table: Table, heads: Sequence[str]) -> bool:
    aside = Tally()
    columns = columns_of(table, heads, aside)
    return not any(columns) or bool(aside.counts.keys() & {"head.missing", "head.unknown"})


def _tags(path: Path, page: Any) -> tuple[list[str], bool]:
    """Merged cells of a sheet: all but the first of each are empty, though they do not look so; and whether rows follow
    each other: one whose number is not larger than the last is left out without a word.
    """
    merged: list[str] = []
    last, orderly, rest = 0, True, b""
    with zipfile.ZipFile(path) as package, package.open(page._worksheet_path) as file:
        while piece := file.read(STEP):
            whole = rest + piece
            end = whole.rfind(b">") + 1
            text, rest = whole[:end], whole[end:][-LONGEST_TAG:]
            merged += [ref.decode() for ref in MERGED.findall(text)]
            for number in ROW.findall(text):
                orderly, last = orderly and number.isdigit() and int(number) > last, int(number) if number.isdigit() else last
    return list(dict.fromkeys(merged)), orderly


def _pieces(page: Any, width: int, tally: Tally) -> Iterator[Piece]:
    numbers: list[int] = []
    columns: list[list[str | None]] = [[] for _ in range(width)]
    number = 1
    try:
        for number, row in enumerate(page.iter_rows(min_row=2, max_row=LAST_ROW), 2):
            texts = [_text(cell, number, tally) for cell in row]
            if any(texts[width:]):
                tally.say("row.width", at(number), f"{at(number)}在表头之外还有内容；请删去，或补上列名。")
            numbers.append(number)
            for place, column in enumerate(columns):
                column.append(texts[place] if place < len(texts) else None)
            if len(numbers) == ROWS:
                yield _piece(numbers, columns)
                numbers, columns = [], [[] for _ in range(width)]
    except UNREADABLE:
        last = numbers[-1] if numbers else 1
        tally.say("file.xlsx", at(last), f"这个 xlsx {at(last)}以后读不出来，可能已损坏；请在表格软件中重新保存后再交。")
    if number == LAST_ROW:
        tally.say("file.xlsx", "文件", f"这个 xlsx 的行号到了 {LAST_ROW} 以上，可能已损坏；请重新保存，或改交 csv。")
    if numbers:
        yield _piece(numbers, columns)


def _piece(numbers: list[int], columns: list[list[str | None]]) -> Piece:
    return Piece(pa.array(numbers, pa.int64()), [pa.array(column, pa.string()) for column in columns])


def _text(cell: Any, row: int, tally: Tally) -> str | None:
    """What a cell says, as it would be typed; a finding for a formula or an error."""
    value = cell.value
    if value is None:
        return None
    place = f"{at(row)}（单元格 {cell.coordinate}）"
    if cell.data_type == "f":
        tally.say("cell.formula", place, f"{place}是公式；请复制后“选择性粘贴”为数值再交。", "formula")
        return None
    if cell.data_type == "e":
        tally.say("cell.error", place, f"{place}是错误值 {value}；请改正。", "error")
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (datetime, date)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return _number(value, place, tally)


def _number(value: Any, place: str, tally: Tally) -> str:
    """A number as a spreadsheet shows it: 12.0 is 12, no exponent, and no digits beyond those it shows."""
    if not isinstance(value, (int, float)):
        return str(value)
    text = format(Decimal(format(value, f".{EXACT_DIGITS}g")), "f") if isinstance(value, float) else str(value)
    if len(text.lstrip("-").partition(".")[0]) > EXACT_DIGITS:
        tally.say("cell.digits", place, f"{place}超过 {EXACT_DIGITS} 位，存为数字会丢失末位；请改为文本格式重填。", "digits")
    return text
