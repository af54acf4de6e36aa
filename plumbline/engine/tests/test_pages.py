"""Rows by the page: those that meet, each once, in a lasting order."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plumbline.engine import Page, Rows, Sight, pages, record, rows, rows_behind, sorting, streamed
from plumbline.engine.tests import made
from plumbline.kernel import BadInput


@pytest.fixture
def told(tmp_path):
    return made.inputs(tmp_path, made.rows(5, 500), 3)


def names(these) -> list[tuple[str, int]]:
    return [(row["file_"], row["row_"]) for row in these]


@pytest.mark.parametrize("near", [0, 100, 1000])
def test_pages_together_are_all_rows_file_by_file(told, monkeypatch, near):
    monkeypatch.setattr(pages, "STRETCH_BITS", 5)
    monkeypatch.setattr(pages, "NEAR", near)
    seen = [row for first in range(0, 500, 70) for row in rows(told, page=Page(first, 70)).rows]
    assert names(seen) == [(file.sha256, at + 1) for file in told.files for at in range(file.rows)]
    assert rows(told, page=Page(500, 10)).rows == ()
    assert rows(told).count == 500


def test_a_condition_narrows_and_keeps_the_order(told):
    mine = [row for row in made.held(told) if row["staff"] is not None and row["staff"] < 3 and "文" in (row["kind"] or "")]
    found = rows(told, "staff < 3", {"kind": "文"}, page=Page(3, 5))
    assert found.count == len(mine) > 8
    assert [{key: row[key] for key in mine[0]} for row in found.rows] == mine[3:8]


def test_sorted_rows_have_empty_ones_last(told):
    mine = sorted(made.held(told), key=lambda row: (row["amount"] is None, -(row["amount"] or 0), row["due_on"] is None,
                                                    row["due_on"] or date.min, row["file_"], row["row_"]))
    found = rows(told, order=("-amount", "due_on"), page=Page(80, 40))
    assert names(found.rows) == names(mine[80:120])


@pytest.mark.parametrize("column", ["staff", "amount", "kind", "due_on", "done", "firm"])
@pytest.mark.parametrize("down", [False, True])
def test_far_back_in_a_sorted_list_no_row_is_lost_or_told_twice(told, monkeypatch, column, down):
    monkeypatch.setattr(sorting, "NEAR", 0)
    monkeypatch.setattr(sorting, "SAMPLE", 60)
    mine = [row for row in sorted(made.held(told), key=lambda row: (row["file_"], row["row_"])) if row["area"]]
    mine = [*sorted((row for row in mine if row[column] is not None), key=lambda row: row[column], reverse=down),
            *(row for row in mine if row[column] is None)]
    order = (f"-{column}" if down else column,)
    found = [row for first in range(0, len(mine), 23)
             for row in rows(told, "area IS NOT NULL", order=order, page=Page(first, 23)).rows]
    assert names(found) == names(mine)


def test_values_come_as_they_were_sent_and_personal_columns_do_not(tmp_path):
    told = made.inputs(tmp_path, [{"area": "110112", "due_on": date(2020, 2, 29), "amount": Decimal("12.50"), "staff": 3,
                                   "done": False, "kind": "", "name": "张三", "row_": 7}], 1)
    assert rows(told).rows == ({
        "area": "110112", "due_on": date(2020, 2, 29), "closed_on": None, "kind": "", "firm": None,
        "amount": Decimal("12.50"), "staff": 3, "done": False, "level": None, "row_": 7, "file_": "c000"},)
    assert [column.key for column in rows(told).columns][-1] == "level"


def test_a_row_is_found_by_its_name(told):
    row = made.held(told)[77]
    assert record(told, row["file_"], row["row_"]) == row
    assert record(told, row["file_"], 1000) is None
    assert record(told, "gone", 1) is None


def test_an_export_has_every_row_once(told, monkeypatch):
    monkeypatch.setattr(pages, "STRETCH_BITS", 4)
    sent = [row for batch in streamed(told, "done") for row in batch.to_pylist()]
    assert names(sent) == names(row for row in made.held(told) if row["done"])


def test_where_a_file_is_another_only_its_rows_are_counted_again(told, tmp_path, monkeypatch):
    asked, over = list[str](), pages.Question.over
    monkeypatch.setattr(pages.Question, "over", lambda self, files, more=(): asked.append(files) or over(self, files, more))
    assert rows(told, "staff > 0").count == sum((row["staff"] or 0) > 0 for row in made.held(told))
    other = made.write(tmp_path, "z000", made.CALLS, [{"area": "110112", "staff": staff} for staff in (1, 2, None)])
    now = replace(told, files=(*told.files[1:], other))
    asked.clear()
    assert rows(now, "staff > 0").count == sum((row["staff"] or 0) > 0 for row in made.held(now))
    assert asked[0] == [other]


def test_rows_shown_before_are_the_same_and_what_a_caller_does_to_them_stays_with_him(told):
    first, whole = rows(told, page=Page(7, 5)), made.held(told)[7:12]
    assert list(first.rows) == whole
    first.rows[0]["staff"] = -1
    assert list(rows(told, page=Page(7, 5)).rows) == whole
    assert list(rows(told, page=Page(9, 9)).rows) == made.held(told)[9:18]


def test_rows_of_one_number_in_many_files_are_told_apart(told):
    every = {(row["file_"], row["row_"]): row for row in made.held(told)}
    keys = [(file.sha256, at) for at, file in enumerate(told.files[::-1], 3)] + [(told.files[0].sha256, 4), ("gone", 4)]
    asked = pages.Question(told, "TRUE", frozenset())
    assert pages.fetched(asked, keys) == [every[key] for key in keys[:-1]]


def test_a_table_without_files_has_no_rows(tmp_path):
    told = made.inputs(tmp_path, [], 0)
    assert (rows(told).rows, rows(told, "done", order=("staff",)).count, list(streamed(told))) == ((), 0, [])


@pytest.mark.parametrize(("asked", "says"), [
    ({"order": ("name",)}, "没有可查看的栏目“name”"), ({"order": ("x; DROP",)}, "没有可查看的栏目"),
    ({"contains": {"staff": "3"}}, "不是文字"), ({"contains": {"nothing": "3"}}, "没有可查看的栏目"),
    ({"where": "name = 'a'"}, "个人信息"), ({"where": "due_on >"}, "读不懂"),
])
def test_what_cannot_be_asked_is_said(told, asked, says):
    with pytest.raises(BadInput, match=says):
        rows(told, **asked)


def test_pages_near_the_begin_are_the_same_without_counting(tmp_path):
    told = made.inputs(tmp_path, made.rows(11, 900), files=5)
    one = made.indicator("count", where="staff >= 0 OR done")
    catalog = made.catalog(made.CALLS, [one])
    inputs = {made.CALLS.key: told}
    whole = rows_behind(catalog, one, "110000", "2020", inputs, Sight(Page(0, 1000)))
    assert whole.count > 100
    for first, size in ((0, 50), (50, 50), (whole.count - 7, 50), (whole.count, 50), (0, 1000), (3, 0)):
        known = rows_behind(catalog, one, "110000", "2020", inputs, Sight(Page(first, size), counted=whole.count))
        assert known == Rows(whole.columns, whole.rows[first:first + size], whole.count)
