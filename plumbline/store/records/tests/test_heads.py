"""Heads name columns by key or label, with or without their unit; those that name none are told the nearest."""

import pytest

from plumbline.store.records import heads
from plumbline.store.records.heads import columns_of
from plumbline.store.records.tally import Tally
from plumbline.store.records.tests.made import FIRMS, HEADS

REQUIRED = ["代码", "地区", "金额", "日期"]


def named(*heads):
    tally = Tally()
    columns = [column and column.key for column in columns_of(FIRMS, heads, tally)]
    return columns, [one.message for one in tally.told]


def test_labels_keys_and_a_mixture_of_both_name_columns():
    keys = [column.key for column in FIRMS.columns]
    assert named(*HEADS.split(",")) == named(*keys) == (keys, [])
    assert named("代码", "AREA", " 金 额\n（元） ", "日期 ") == (["code", "area", "amount", "day"], [])


def test_another_unit_in_the_head_is_refused():
    for head in ("金额（万元）", "金额(万元)", "金额【单位：万元】"):
        assert named("代码", "地区", head, "日期")[1] == ["「金额」申报单位是元，文件写的是万元，请换算后再交。"]


def test_unknown_and_missing_heads_are_told_with_the_nearest_name():
    assert named("代码", "地区名", "金额", "日期")[1] == [
        "第 1 行的列名「地区名」没有申报；是否指「地区」？请改用这个列名。", "第 1 行缺少列：地区；请补上，第 1 行须是列名。"]
    assert named(*REQUIRED, "备注")[1] == ["第 1 行的列名「备注」没有申报；请删去这一列，或改用申报的列名。"]
    assert named(*REQUIRED, "金额（不含税）")[1] == [
        "第 1 行的列名「金额（不含税）」没有申报；请删去这一列，或改用申报的列名。"]


def test_a_column_that_may_be_empty_may_be_left_out():
    assert named(*REQUIRED)[1] == []


@pytest.mark.parametrize("again", ["代码", "code"])
def test_a_column_stands_once(again):
    assert named(*REQUIRED, again)[1] == ["「代码」有两列；请只留一列。"]


def test_names_are_worked_out_once_however_many_heads_a_file_has(monkeypatch):
    made, names_of = [], heads.names_of
    monkeypatch.setattr(heads, "names_of", lambda table: made.append(table) or names_of(table))
    tally = Tally()
    assert heads.columns_of(FIRMS, [f"c{n}" for n in range(10_000)], tally) == [None] * 10_000
    assert len(made) == 1
