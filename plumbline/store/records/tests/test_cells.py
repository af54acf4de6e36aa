"""A cell says a value of its type, or what is wrong with it and what to do."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from plumbline.kernel import ROW, Column, Coverage, Table
from plumbline.store.records.cells import arrow_type, covered, trimmed, typed
from plumbline.store.records.tally import Tally
from plumbline.store.records.values import area_trouble

COLUMNS = {
    "text": Column("x", "text", "列"), "integer": Column("x", "integer", "列", unit="人"),
    "decimal": Column("x", "decimal", "列", unit="元"), "date": Column("x", "date", "列"),
    "boolean": Column("x", "boolean", "列"), "choice": Column("x", "text", "列", choices=("甲", "乙")),
    "whole": Column("x", "decimal", "列", scale=0),
}


def read(kind, *texts):
    tally, column = Tally(), COLUMNS[kind]
    rows = pa.arange(2, 2 + len(texts))
    cells = typed(column, trimmed(pa.array(texts, pa.string())), rows, tally)
    assert cells.type == arrow_type(column)
    return cells.to_pylist(), [one.message for one in tally.told]


@pytest.mark.parametrize(("kind", "text", "value"), [
    ("text", " 云溪　", "云溪"), ("text", "一\n二", "一\n二"), ("text", "007", "007"), ("text", "NULL", "NULL"),
    ("integer", "12", 12), ("integer", "-3", -3), ("integer", "007", 7), ("integer", "9" * 15, 10**15 - 1),
    ("decimal", "12.5", Decimal("12.50")), ("decimal", "-0.01", Decimal("-0.01")), ("decimal", "12.5000", Decimal("12.50")),
    ("decimal", "9" * 15 + ".99", Decimal("9" * 15 + ".99")), ("whole", "12.00", Decimal(12)),
    ("date", "2025-06-30", date(2025, 6, 30)), ("date", "2025/6/3", date(2025, 6, 3)),
    ("date", "2024年2月29日", date(2024, 2, 29)),
    ("date", "2025-06-30 00:00:00", date(2025, 6, 30)),
    ("boolean", "是", True), ("boolean", "否", False), ("boolean", "FALSE", False), ("boolean", "1", True),
    ("choice", " 甲 ", "甲"),
])
def test_a_cell_says_its_value(kind, text, value):
    assert read(kind, text) == ([value], [])


@pytest.mark.parametrize(("kind", "text", "message"), [
    ("text", "", "必填，但是空的；请补上。"), ("text", "　", "必填，但是空的；请补上。"),
    ("text", "云\u200b溪", "含有看不见的控制字符；请删去后重新输入。"),
    ("text", "云\0溪", "含有看不见的控制字符；请删去后重新输入。"),
    ("integer", "1.5", "「1.5」是小数，这一列应为整数；请核对。"),
    ("integer", "12,345", "「12,345」含有千分位逗号；请去掉逗号。"),
    ("integer", "１２", "「１２」含有全角数字或符号；请改用半角。"),
    ("integer", "1e5", "「1e5」是科学记数法，末位可能已丢失；请写出全部数字。"),
    ("integer", "12人", "「12人」带有单位；请只写数字。"),
    ("integer", "1" * 16, f"「{'1' * 16}」整数部分有 16 位，最多 15 位；请核对。"),
    ("integer", "约十", "「约十」不是整数；请改正，没有数时留空。"),
    ("integer", "0x10", "「0x10」不是整数；请改正，没有数时留空。"),
    ("decimal", "12.345", "「12.345」有 3 位小数，这一列最多 2 位；不代为舍入，请按要求填写。"),
    ("decimal", "12,5", "「12,5」不是数字，小数最多 2 位；请改正，没有数时留空。"),
    ("decimal", "1E5", "「1E5」是科学记数法，末位可能已丢失；请写出全部数字。"),
    ("decimal", "12.5万元", "申报单位是元，文件写的是万元，请换算后再交。"),
    ("decimal", "12%", "申报单位是元，文件写的是%，请换算后再交。"),
    ("decimal", "nan", "「nan」不是数字，小数最多 2 位；请改正，没有数时留空。"),
    ("date", "2025-02-30", "2025-02-30 不是真实的日期；请核对。"), ("date", "2025-13-01", "2025-13-01 不是真实的日期；请核对。"),
    ("date", "0202-01-01", "年份 0202 不合常理；请核对。"), ("date", "45658", "「45658」不是日期；请写成 2025-06-30 的样子。"),
    ("date", "2025-06-30 12:00:00", "「2025-06-30 12:00:00」不是日期；请写成 2025-06-30 的样子。"),
    ("boolean", "有", "「有」既不是“是”也不是“否”；请只写是或否。"),
    ("choice", "丙", "「丙」不在可选的值中；请从甲、乙中选一个。"),
])
def test_a_wrong_cell_is_named_and_told_what_to_do(kind, text, message):
    assert read(kind, text)[1] == [f"第 2 行「列」：{message}"]


def test_one_wrong_cell_leaves_its_neighbours_as_they_are():
    cells, messages = read("decimal", "1", "x", "3")
    assert cells == [Decimal(1), None, Decimal(3)]
    assert messages == ["第 3 行「列」：「x」不是数字，小数最多 2 位；请改正，没有数时留空。"]


def test_findings_of_a_kind_are_counted_and_the_first_hundred_told():
    tally = Tally()
    for label in ("甲", "乙"):
        column = Column("x", "integer", label)
        typed(column, pa.array(["x"] * 5000), pa.arange(2, 5002), tally)
    assert tally.counts == {"cell.number": 10_000}
    assert len(tally.findings) == 200
    assert tally.told[-1].message == "另有 9800 处同类问题没有逐条列出；更正后再核对一次。"


@pytest.mark.parametrize(("code", "trouble"), [
    ("990101", ""), ("990101001", ""), ("990101001002", ""),
    ("110112", "110112 是通州区的代码，不在本次报送的地区云溪区（990101）之内；请核对。"),
    ("999999", "「999999」不是已知的行政区划代码；请按 GB/T 2260 填写六位代码，或写区名全称。"),
    ("99010", "「99010」不是已知的行政区划代码；请按 GB/T 2260 填写六位代码，或写区名全称。"),
    ("云溪", "「云溪」不是已知的行政区划代码；请按 GB/T 2260 填写六位代码，或写区名全称。"),
])
def test_the_code_of_another_city_is_named(code, trouble):
    assert area_trouble(code, Coverage(("990101",))) == trouble


def test_names_of_areas_become_their_codes():
    table = Table("x.y", "表", (Column("area", "text", "地区"),), "area")
    tally, found = Tally(), {"area": pa.array(["云溪区", "990101", None, "通州"]), ROW: pa.arange(2, 6)}
    covered(table, found, None, tally)
    assert found["area"].to_pylist() == ["990101", "990101", None, "通州"]
    assert tally.counts == {"cell.area": 1}
