"""One cell as text: the value it says, or what is wrong with it and what to do."""

import re
from datetime import date
from functools import lru_cache

from plumbline.kernel import BY_CODE, WHOLE_DIGITS, Column, Coverage, area_name, inside
from plumbline.kernel.unit import canonical
from plumbline.store.records.heads import is_unit
from plumbline.store.records.tally import listed

DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?: 00:00:00(?:\.0+)?)?", re.ASCII)
YES_NO = {"是": True, "否": False, "true": True, "false": False, "1": True, "0": False}
# Spark reads older days by another calendar; a year beyond these is a slip of the pen
FIRST_YEAR, LAST_YEAR = 1900, 2200
WITH_UNIT = re.compile(r"(-?[\d,.]+)\s*([^\d\s,.].*)", re.ASCII)
FULL_WIDTH = re.compile("[０-９．－，]")
LONGEST_SHOWN = 30


@lru_cache(maxsize=50_000)
def day(text: str) -> date | None:
    """The day a text says; None where it says none, or one that is not.

    >>> day("2025-02-28"), day("2025/2/3"), day("2025年2月3日"), day("2025-02-30")
    (datetime.date(2025, 2, 28), datetime.date(2025, 2, 3), datetime.date(2025, 2, 3), None)
    """
    match = DAY.fullmatch(text)
    try:
        told = date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
    return told if told and FIRST_YEAR <= told.year <= LAST_YEAR else None


def yes_no(text: str) -> bool | None:
    """Yes or no; None where a text says neither."""
    return YES_NO.get(text.lower())


def shown(text: str) -> str:
    """A text short enough for a message."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def day_trouble(text: str) -> str:
    """What is wrong with a text that is no day."""
    match = DAY.fullmatch(text)
    if not match:
        return f"「{shown(text)}」不是日期；请写成 2025-06-30 的样子。"
    if not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        return f"年份 {match[1]} 不合常理；请核对。"
    return f"{shown(text)} 不是真实的日期；请核对。"


def yes_no_trouble(text: str) -> str:
    """What is wrong with a text that is neither yes nor no."""
    return f"「{shown(text)}」既不是“是”也不是“否”；请只写是或否。"


def number_trouble(column: Column, text: str) -> str:
    """What is wrong with a text that is no number of a column."""
    kind = "整数" if column.type == "integer" else f"数字，小数最多 {column.scale} 位"
    if unit := _unit_trouble(column, text):
        return unit
    if FULL_WIDTH.search(text):
        return f"「{shown(text)}」含有全角数字或符号；请改用半角。"
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text, re.ASCII):
        return f"「{shown(text)}」含有千分位逗号；请去掉逗号。"
    if re.fullmatch(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+", text, re.ASCII):
        return f"「{shown(text)}」是科学记数法，末位可能已丢失；请写出全部数字。"
    if re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII):
        whole, _, behind = text.lstrip("-").partition(".")
        if len(whole) > WHOLE_DIGITS:
            return f"「{shown(text)}」整数部分有 {len(whole)} 位，最多 {WHOLE_DIGITS} 位；请核对。"
        if column.type == "integer":
            return f"「{shown(text)}」是小数，这一列应为整数；请核对。"
        return f"「{shown(text)}」有 {len(behind)} 位小数，这一列最多 {column.scale} 位；不代为舍入，请按要求填写。"
    return f"「{shown(text)}」不是{kind}；请改正，没有数时留空。"


def _unit_trouble(column: Column, text: str) -> str:
    match = WITH_UNIT.fullmatch(text)
    if not match or not is_unit(match[2]):
        return ""
    if canonical(match[2]) == canonical(column.unit):
        return f"「{shown(text)}」带有单位；请只写数字。"
    declared = f"申报单位是{column.unit}" if column.unit else "申报时没有单位"
    return f"{declared}，文件写的是{match[2]}，请换算后再交。"


def choice_trouble(column: Column, text: str) -> str:
    """What is wrong with a text that is none of the choices."""
    return f"「{shown(text)}」不在可选的值中；请从{listed(column.choices, 12)}中选一个。"


def area_trouble(text: str, coverage: Coverage | None) -> str:
    """What is wrong with the code of an area; empty where nothing is.

    Streets bear nine or twelve digits, the first six those of their district.
    """
    known = text.isascii() and text.isdigit() and len(text) in (6, 9, 12) and text[:6] in BY_CODE
    if not known:
        return f"「{shown(text)}」不是已知的行政区划代码；请按 GB/T 2260 填写六位代码，或写区名全称。"
    if coverage is None or any(inside(text, outer) for outer in coverage.areas):
        return ""
    told = listed([f"{area_name(code)}（{code}）" for code in coverage.areas])
    return f"{text} 是{area_name(text[:6])}的代码，不在本次报送的地区{told}之内；请核对。"
