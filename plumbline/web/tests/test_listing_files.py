"""Lists as files: exact, complete, and with nothing in them that a spreadsheet runs."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from plumbline.kernel import BadInput
from plumbline.web import export

FORMULAS = ("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x")


def as_csv(rows, heads=("甲",)):
    answer = export.export("表", list(heads), rows, len(rows), "csv")
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline="")))


def as_xlsx(rows, heads=("甲",), title="表"):
    return load_workbook(io.BytesIO(export.export(title, list(heads), rows, len(rows), "xlsx").content)).active


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_runs_as_a_formula(text):
    assert as_csv([[text]])[1] == [f"'{text}"]
    cell = as_xlsx([[text]])["A2"]
    assert cell.data_type == "s"


def test_no_list_of_texts_runs_as_a_formula():
    assert as_csv([[["=1+1", "b"]]])[1] == ["'=1+1、b"]
    assert as_xlsx([[["=1+1", "b"]]])["A2"].data_type == "s"


def test_a_negative_number_stays_a_number():
    assert as_csv([[Decimal("-3.20")]])[1] == ["-3.20"]
    assert as_xlsx([[Decimal("-3.2")]])["A2"].value == -3.2


def test_more_digits_than_a_spreadsheet_keeps_stay_exact():
    assert as_xlsx([[Decimal("12345678901234567890")]])["A2"].value == "12345678901234567890"


def test_unknown_is_empty_and_not_zero():
    assert as_csv([[None, Decimal(0)]], ("甲", "乙"))[1] == ["", "0"]
    sheet = as_xlsx([[None, 0]], ("甲", "乙"))
    assert (sheet["A2"].value, sheet["B2"].value) == (None, 0)


def test_times_are_those_of_shanghai():
    at = datetime.datetime(2020, 7, 28, 17, 0, tzinfo=datetime.UTC)
    assert as_csv([[at]])[1] == ["2020-07-29 01:00:00"]
    assert as_xlsx([[at]])["A2"].value == datetime.datetime(2020, 7, 29, 1, 0)  # noqa: DTZ001  a sheet has no zones


def test_too_many_rows_for_one_xlsx_are_refused_with_what_to_do():
    with pytest.raises(BadInput, match="csv"):
        export.export("表", ["甲"], [], export.MOST_ROWS + 1, "xlsx")


def test_a_title_no_sheet_may_have_is_made_one():
    assert as_xlsx([], title="a/b:[c]*?\\" + "长" * 40).title == "abc" + "长" * 28


@given(st.lists(st.lists(st.text(st.characters(blacklist_categories=["Cs"])), min_size=2, max_size=2), max_size=5))
def test_csv_keeps_every_text(rows):
    found = as_csv(rows, ("甲", "乙"))
    assert [[cell.removeprefix("'") if raw.startswith(export.STARTS_FORMULA) else cell for cell, raw in zip(
        line, row, strict=True)] for line, row in zip(found[1:], rows, strict=True)] == rows


@given(st.text(max_size=50))
def test_xlsx_takes_any_text(text):
    assert export.workbook("表", ["甲"], [[text.encode("utf-8", "ignore").decode()]])
