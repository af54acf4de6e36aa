"""A table of invented firms, and files of it."""

import io
from datetime import date

import openpyxl

from plumbline.kernel import Column, Coverage, Table
from plumbline.store.records.files import parts
from plumbline.store.records.reading import Watch, read

FIRMS = Table(
    "example.firms", "企业",
    (Column("code", "text", "代码"), Column("area", "text", "地区"), Column("amount", "decimal", "金额", unit="元"),
     Column("people", "integer", "人数", unit="人", required=False), Column("day", "date", "日期"),
     Column("small", "boolean", "小微", required=False),
     Column("kind", "text", "行业", required=False, choices=("工业", "商业")),
     Column("phone", "text", "电话", required=False, personal=True)),
    area="area", dated="day", identity=("code",), delete_months=6)
HEADS = "代码,地区,金额,人数,日期,小微,行业,电话"
NAMES = tuple(HEADS.split(","))
HALF_YEAR = Coverage(("990101",), date(2025, 1, 1), date(2025, 6, 30))
WATCH = Watch()


def csv(*lines, heads=HEADS):
    """A csv of these lines."""
    return "\n".join((heads, *lines)).encode()


def line(code="A", **cells):
    """A line of a csv: a good one, but for these cells."""
    good = {"area": "990101", "amount": "12.5", "people": "3", "day": "2025-01-02", "small": "是", "kind": "工业", "phone": ""}
    return ",".join((code, *(good | cells).values()))


def xlsx(*rows, heads=NAMES, change=lambda page: None):
    """An xlsx of these rows; `change` may spoil its sheet."""
    book = openpyxl.Workbook()
    book.active.append(heads)
    for row in rows:
        book.active.append(row)
    change(book.active)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def reading(tmp, data, table=FIRMS, coverage=HALF_YEAR):
    """What is read of some bytes: the reading, and its rows."""
    source = tmp / "source"
    source.write_bytes(data)
    with parts(table) as files:
        found = read(table, source, coverage, files, WATCH)
        return found, found.first


def told(found):
    """Place and check of every finding."""
    return [(one.where, one.check) for one in found.tally.told]
