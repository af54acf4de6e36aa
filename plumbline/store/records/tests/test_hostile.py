"""Files made to be trouble: none of them holds up the house, and none loses a row without a word."""

import io
import json
import time
import zipfile
from dataclasses import replace

import pytest

from plumbline.kernel import Column
from plumbline.store.records.tests.made import FIRMS, csv, line, reading, told, xlsx

GOOD = ("A", "990101", "12.5", "3", "2025-01-02", "是", "工业", "")
STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
MORE = '</row><row r="{}"><c r="A{}" t="n"><v>5</v></c></row></sheetData>'


def spoiled(old, new, strings=b""):
    """An xlsx whose sheet has something else in it, and strings nobody uses beside it."""
    given, buffer = zipfile.ZipFile(io.BytesIO(xlsx(GOOD))), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for info in given.infolist():
            text = given.read(info).decode()
            if info.filename.endswith("sheet1.xml"):
                assert old in text
                text = text.replace(old, new)
            package.writestr(info, text)
        if strings:
            package.writestr("xl/sharedStrings.xml", strings, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@pytest.mark.parametrize(("old", "new"), [
    ('r="2"', 'r="-2"'), ('r="2"', 'r="x"'), ('r="2"', 'r="1"'),
    ("</row></sheetData>", MORE.format(2, 2)), ("</row></sheetData>", MORE.format(1, 1)),
])
def test_a_row_a_spreadsheet_would_leave_out_is_told(tmp_path, old, new):
    found, _ = reading(tmp_path, spoiled(old, new))
    assert told(found) == [("文件", "file.xlsx")]
    assert found.rows == 0


@pytest.mark.slow
def test_a_row_far_below_is_not_waited_for(tmp_path):
    begun = time.process_time()
    found, _ = reading(tmp_path, spoiled("</row></sheetData>", MORE.format(9_999_999_999, 9_999_999_999)))
    assert ("文件", "file.xlsx") in told(found)
    assert time.process_time() - begun < 30


def test_a_package_far_larger_inside_is_refused(tmp_path):
    strings = STRINGS + b"<si><t>x</t></si>" * 4_000_000 + b"</sst>"
    found, _ = reading(tmp_path, spoiled("</sheetData>", "</sheetData>", strings))
    assert [one.check for one in found.tally.told] == ["file.xlsx"]
    assert "倍以上" in found.tally.told[0].message


@pytest.mark.parametrize("lines", [
    [{"代码": "A"}, {f"k{number}": 1 for number in range(40_000)}],
    [{f"k{number}": 1 for number in range(40_000)} | {"代码": "A"}],
])
def test_keys_without_end_take_no_longer_than_they_are_long(tmp_path, lines):
    begun = time.process_time()
    found, _ = reading(tmp_path, "\n".join(json.dumps(line) for line in lines).encode())
    assert found.tally.counts
    assert time.process_time() - begun < 8


def test_a_key_twice_among_very_many_is_named(tmp_path):
    line = json.dumps({f"k{number}": 1 for number in range(100_000)})[:-1] + ', "k99999": 2}'
    found, _ = reading(tmp_path, line.encode())
    assert told(found) == [("第 1 行", "row.json")]


@pytest.mark.parametrize(("kind", "choices", "value"), [
    ("integer", (), "13900000001x"), ("decimal", (), "1,390"), ("date", (), "1980-02-30"), ("boolean", (), "也许"),
    ("text", ("甲", "乙"), "虚构人名"),
])
def test_a_finding_about_a_personal_cell_does_not_repeat_it(tmp_path, kind, choices, value):
    phone = Column("phone", kind, "电话", required=False, choices=choices, personal=True)
    table = replace(FIRMS, columns=(*FIRMS.columns[:-1], phone))
    found, _ = reading(tmp_path, csv(line(phone=f'"{value}"')), table)
    [one] = found.tally.told
    assert one.where == "第 2 行「电话」"
    assert value not in one.message
