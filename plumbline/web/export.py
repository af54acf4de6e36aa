"""Lists as files: xlsx and csv, with nothing in them that a spreadsheet would run as a formula."""

import csv
import datetime
import io
import itertools
from collections.abc import Iterable, Iterator
from decimal import Decimal
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from plumbline.kernel import BadInput, Finding

MOST_ROWS = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# a spreadsheet runs a text that begins like this; those made for Chinese also where the sign is full-width
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# what a sheet's name may not hold
NOT_IN_NAMES = str.maketrans("", "", "[]:*?/\\")
# more digits than a spreadsheet keeps
EXACT_DIGITS = 15


def export(title: str, heads: list[str], rows: Iterable[list[object]], count: int, form: str) -> HttpResponseBase:
    """A list as xlsx or csv; csv has no limit, an xlsx holds at most `MOST_ROWS`."""
    answer: HttpResponseBase
    if form == "csv":
        answer = StreamingHttpResponse(csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
    elif count > MOST_ROWS:
        raise BadInput([Finding("export.size", title, f"「{title}」共 {count} 行，超过 xlsx 一次的上限 {MOST_ROWS} 行；"
                                                      "请先筛选，或改为导出 csv。")])
    else:
        answer = HttpResponse(workbook(title, heads, rows), content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{title}.{form}')}"
    return answer


def attached(data: bytes, media: str, name: str) -> HttpResponse:
    """Bytes as a file to keep, under a name."""
    answer = HttpResponse(data, content_type=media)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def csv_lines(heads: list[str], rows: Iterable[list[object]]) -> Iterator[str]:
    """The csv, line by line; the mark in front tells a spreadsheet that it is UTF-8."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    first: list[object] = [*heads]
    for row in itertools.chain([first], rows):
        writer.writerow([printed(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def printed(value: object) -> str:
    """A value in a csv; unknown is empty, and no text begins like a formula.

    >>> printed(Decimal("-3.20")), printed("=1+1"), printed(None), printed(True)
    ('-3.20', "'=1+1", '', '是')
    """
    plain = cell_value(value)
    if isinstance(plain, str):
        return f"'{plain}" if plain.startswith(STARTS_FORMULA) else plain
    return "" if plain is None else str(plain)


def cell_value(value: object) -> object:
    """A value as a spreadsheet keeps it: times in Shanghai, yes and no in Chinese."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, (list, tuple)):
        return "、".join(str(part) for part in value)
    return value


def workbook(title: str, heads: list[str], rows: Iterable[list[object]]) -> bytes:
    """The bytes of an xlsx with one sheet, its heads bold and kept in view."""
    book = Workbook(write_only=True)
    page = book.create_sheet(title.translate(NOT_IN_NAMES)[:31] or "表")
    page.freeze_panes = "A2"
    page.append([cell(page, head, Font(bold=True)) for head in heads])
    for row in rows:
        page.append([cell(page, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def cell(page: WriteOnlyWorksheet, value: object, font: Font | None = None) -> WriteOnlyCell:
    """A cell: texts stay texts, and numbers too long for a spreadsheet stay exact as text."""
    value = cell_value(value)
    if isinstance(value, Decimal) and len(value.as_tuple().digits) > EXACT_DIGITS:
        value = str(value)
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767]
    made = WriteOnlyCell(page, value)
    if isinstance(value, str):
        made.data_type = "s"
    if font:
        made.font = font
    return made
