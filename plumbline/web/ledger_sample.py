"""Columns proposed from a spreadsheet somebody already keeps: names, types, units, choices; a person decides."""

import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from plumbline.kernel import AREAS, BY_CODE, BadInput, Finding
from plumbline.kernel.unit import ALL

# rows looked at, columns taken, and when few texts are choices
ROWS, COLUMNS = 2_000, 200
MOST_CHOICES, LEAST_ROWS = 12, 6
LARGEST = 200 * 1024 * 1024
UNREADABLE = (zipfile.BadZipFile, KeyError, ValueError, InvalidFileException, OSError, TypeError, AttributeError, IndexError)
PRIVATE = re.compile("姓名|电话|手机|联系人|身份证|证件号|住址|家庭地址|银行卡|账号|邮箱|微信")
NAMING = re.compile("编号|序号|代码|编码|号码")
# what is named is not chosen from a list, however few there are
NAMES = re.compile("名称|地址|街道|乡镇|社区|村|单位|部门|备注|说明|负责|人$")
_UNIT = re.compile(r"^(?P<label>.+?)[（(](?:单位[:：])?(?P<unit>[^（）()]{1,12})[）)]$")
_NAMES = {area.name for area in AREAS} | set(BY_CODE)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def proposed(data: bytes, name: str) -> list[dict[str, Any]]:
    """Columns as a declaration has them, besides `role` and `names`, from the first sheet's heads and rows.

    Raises  BadInput where there is nothing to read
    """
    rows = _rows(data, name)
    if not rows:
        raise _refused(name, "第一张工作表是空的；请在第一行写上各栏的名称")
    heads = ["" if value is None else " ".join(str(value).split()) for value in rows[0]][:COLUMNS]
    below = rows[1:]
    taken = [(at, head) for at, head in enumerate(heads) if head]
    if not taken:
        raise _refused(name, "第一行没有栏目名称；请把名称写在第一行")
    columns = [_column(head, [row[at] for row in below if at < len(row)]) for at, head in taken]
    _roles(columns, [[row[at] if at < len(row) else None for row in below] for at, _ in taken])
    return columns


def _refused(name: str, why: str) -> BadInput:
    return BadInput([Finding("sample.unread", name, f"「{name}」{why}；台账没有改动。")])


def _rows(data: bytes, name: str) -> list[tuple[Any, ...]]:
    """The first rows that are not empty, cells as values."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(info.file_size for info in package.infolist()) > LARGEST:
                raise _refused(name, "解开后太大；请只留表头和几百行再试")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and controls we do not read
            page = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
            page.reset_dimensions()
            rows = page.iter_rows(max_row=ROWS, max_col=COLUMNS, values_only=True)
            return [row for row in rows if any(value is not None for value in row)]
    except UNREADABLE:
        raise _refused(name, "打不开，不是 xlsx，或已损坏、加了密码；请在表格软件中另存为 xlsx 后重试") from None


def _column(head: str, cells: Sequence[Any]) -> dict[str, Any]:
    match = _UNIT.match(head)
    label, unit = (match["label"].strip(), match["unit"].strip()) if match else (head, "")
    if unit not in ALL and not unit.endswith("元"):
        label, unit = head, ""
    told = [value for value in cells if value is not None and str(value).strip()]
    kind, scale = _kind(told)
    number = kind in ("integer", "decimal")
    return {"key": "", "label": label, "type": kind, "unit": unit if number else "", "scale": scale,
            "required": bool(told) and len(told) == len(cells), "personal": bool(PRIVATE.search(label)),
            "choices": [] if NAMES.search(label) else _choices(kind, told), "meaning": "", "role": "", "names": False}


def _kind(told: Sequence[Any]) -> tuple[str, int]:
    """Type and digits behind the point of what was told; text where it is mixed, or nothing was."""
    tests: tuple[tuple[str, Callable[[Any], bool]], ...] = (
        ("date", _is_date), ("boolean", _is_truth), ("integer", _is_whole), ("decimal", _is_number))
    kind = next((kind for kind, test in tests if told and all(map(test, told))), "text")
    places = max((_places(value) for value in told), default=2) if kind == "decimal" else 2
    return kind, min(max(places, 1), 8)


def _is_date(value: Any) -> bool:
    if isinstance(value, (date, datetime)):
        return True
    match = _DATE.fullmatch(str(value).strip())
    try:
        return bool(match) and bool(date(*map(int, match.groups())))  # type: ignore[union-attr]
    except ValueError:
        return False


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool) or str(value).strip() in ("是", "否")


def _is_whole(value: Any) -> bool:
    number = _number(value)
    return number is not None and number == number.to_integral_value()


def _is_number(value: Any) -> bool:
    return _number(value) is not None


def _number(value: Any) -> Decimal | None:
    """A number; a text with a zero in front is a code, not a number."""
    text = format(value, ".15g") if isinstance(value, float) else str(value).strip()
    if isinstance(value, bool) or (len(text) > 1 and text[0] == "0" and text[1] != "."):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10 ** 15 else None


def _places(value: Any) -> int:
    number = _number(value)
    return max(0, -int(number.as_tuple().exponent)) if number is not None else 0


def _choices(kind: str, told: Sequence[Any]) -> list[str]:
    """Few texts that come again and again are choices."""
    counts = Counter(str(value).strip() for value in told)
    few = len(counts) <= min(MOST_CHOICES, len(told) // 2)
    return list(counts) if kind == "text" and len(told) >= LEAST_ROWS and few and all(len(text) <= 20 for text in counts) else []


def _roles(columns: list[dict[str, Any]], cells: list[list[Any]]) -> None:
    """Which column is the area, which the date, which names a row: the first that looks like it."""
    for column, told in zip(columns, cells, strict=True):
        texts = [str(value).strip() for value in told if value is not None]
        if texts and all(text in _NAMES for text in texts) and not any(one["role"] == "area" for one in columns):
            column |= {"role": "area", "type": "text", "choices": [], "unit": "", "required": True}
        elif column["type"] == "date" and column["required"] and not any(one["role"] == "dated" for one in columns):
            column["role"] = "dated"
        if (NAMING.search(column["label"]) and not column["personal"] and not any(one["names"] for one in columns)
                and len(texts) == len(told) == len(set(texts)) > 0):
            column |= {"names": True, "required": True}
            # a number that names is no quantity
            column |= {"type": "text", "choices": [], "unit": ""} if column["type"] == "integer" else {}
