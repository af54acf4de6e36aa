"""The first row of a sheet: which column each head names, and what is wrong with those that name none."""

import difflib
import re
from collections.abc import Iterable, Sequence

from plumbline.kernel import Column, Table
from plumbline.kernel.unit import ALL, canonical
from plumbline.store.records.tally import MOST_OF_A_KIND, Tally, listed

UNIT = re.compile(r"(.+?)[(\[【]\s*(?:单位[:：]?)?\s*([^()\[\]【】]+?)\s*[)\]】]")
WIDE = str.maketrans("（）［］", "()[]")
# what stands before a unit to make it larger
MULTIPLIED = re.compile(r"[十百千万亿]+")
NUMBERS = ("integer", "decimal")


def columns_of(table: Table, heads: Sequence[str], tally: Tally) -> list[Column | None]:
    """The column each head names, by key or label, with or without its unit; None for a head that names none.

    A column that may be empty may be left out; a head nobody declared is refused, lest it be a slip of the pen.
    """
    found: list[Column | None] = []
    unknown: list[str] = []
    names = names_of(table)
    for head in heads:
        column = column_of(names, head, tally)
        if column is None and head.strip():
            unknown.append(head)
        elif column in found and column:
            tally.say("head.twice", f"列「{head}」", f"「{column.label}」有两列；请只留一列。")
        found.append(column)
    _report(table, found, unknown, tally)
    return found


def names_of(table: Table) -> dict[str, Column]:
    """The columns by what a head may call them: worked out once, however many heads a file has."""
    return {plain(text): column for column in table.columns for text in (column.label, column.key)}


def column_of(names: dict[str, Column], head: str, tally: Tally) -> Column | None:
    """The column a head names; a finding where its unit is another than the declared one."""
    name = plain(head)
    if name in names:
        return names[name]
    column, unit = unit_in(name, names)
    if column and unit and canonical(unit) != canonical(column.unit):
        declared = f"申报单位是{column.unit}" if column.unit else "申报时没有单位"
        tally.say("head.unit", f"列「{head}」", f"「{column.label}」{declared}，文件写的是{unit}，请换算后再交。")
    return column


def unit_in(name: str, names: dict[str, Column]) -> tuple[Column | None, str]:
    """The column of a head that ends with a unit in brackets, and that unit."""
    match = UNIT.fullmatch(name)
    column = names.get(match[1]) if match else None
    if match is None or column is None or column.type not in NUMBERS or not is_unit(match[2]):
        return None, ""
    return column, match[2]


def is_unit(text: str) -> bool:
    """Whether a text is a unit, or a multiple of one.

    >>> is_unit("万元"), is_unit("%"), is_unit("不含税")
    (True, True, False)
    """
    rest = MULTIPLIED.sub("", text, count=1) if MULTIPLIED.match(text) else text
    return text in ALL or rest in ALL or not rest


def plain(head: str) -> str:
    """A head as it is compared: without blanks, brackets of one kind, small letters.

    >>> plain(" 金额\\n（万元）")
    '金额(万元)'
    """
    return "".join(head.translate(WIDE).split()).lower().lstrip("\ufeff")


def _report(table: Table, found: Iterable[Column | None], unknown: list[str], tally: Tally) -> None:
    there = {column.key for column in found if column}
    absent = [column for column in table.columns if column.key not in there]
    for number, head in enumerate(unknown):
        # those beyond are only counted
        near = nearest(head, absent or table.columns) if number < MOST_OF_A_KIND else ""
        advice = f"是否指「{near}」？请改用这个列名" if near else "请删去这一列，或改用申报的列名"
        tally.say("head.unknown", f"列「{head}」", f"第 1 行的列名「{head}」没有申报；{advice}。")
    if missing := [column.label for column in absent if column.required]:
        tally.say("head.missing", "第 1 行", f"第 1 行缺少列：{listed(missing)}；请补上，第 1 行须是列名。")


def nearest(text: str, columns: Iterable[Column]) -> str:
    """The label most like a text, empty where none is."""
    names = {plain(name): column.label for column in columns for name in (column.label, column.key)}
    close = difflib.get_close_matches(plain(text), names, n=1, cutoff=0.5)
    return names[close[0]] if close else ""
