"""Whether an indicator can be counted is said before it is."""

from dataclasses import replace

import pytest

from plumbline.kernel import Column, Indicator, Table, indicator_findings
from plumbline.kernel.counting import reading

TABLE = Table("works.list", "台账", (
    Column("number", "text", "编号"), Column("area", "text", "地区"), Column("done_on", "date", "完成日期", required=False),
    Column("land", "decimal", "面积", unit="亩"), Column("state", "text", "状态", choices=("在建", "完工")),
    Column("phone", "text", "电话", personal=True, required=False)), area="area", identity=("number",), delete_months=12)
COUNT = Indicator("works.done", "完工数", "works.list", "count", "个", "约定", where="state = '完工'", dated="done_on",
                  dimensions=("state",))


def told(**changes):
    """What is wrong with the indicator, changed."""
    return [(one.check, one.where) for one in indicator_findings(replace(COUNT, **changes), TABLE, {})]


def test_what_can_be_counted_has_no_findings_and_is_read():
    assert told() == []
    read = reading(COUNT, TABLE, {})
    assert read.of is None
    assert read.where.chinese() == "状态是“完工”"


@pytest.mark.parametrize(("changes", "where"), [
    ({"where": "state"}, "哪些行算数"), ({"where": "phone = '1'"}, "哪些行算数"), ({"where": "state = '停工'"}, "哪些行算数"),
    ({"dated": "closed_on"}, "按哪一栏的日期"), ({"dated": "state"}, "按哪一栏的日期"), ({"dimensions": ("phone",)}, "分组"),
    ({"dimensions": ("absent",)}, "分组"), ({"kind": "sum"}, "合计"), ({"kind": "sum", "of": "state"}, "合计"),
    ({"kind": "share", "of": "land"}, "占比"), ({"kind": "latest", "of": "land", "dated": ""}, "最新一期（时点数）"),
])
def test_what_cannot_be_is_told_with_its_place(changes, where):
    assert [place for _, place in told(**changes)] == [where]


@pytest.mark.parametrize("changes", [
    {"kind": "sum", "of": "land"}, {"kind": "mean", "of": "land * 2"}, {"kind": "share", "of": "land > 1", "where": ""},
    {"kind": "distinct", "of": "state"}, {"kind": "latest", "of": "land"}, {"dated": ""}, {"where": ""},
])
def test_every_kind_is_taken_with_what_it_wants(changes):
    assert told(**changes) == []


def test_everything_wrong_is_told_at_once():
    assert len(told(where="nothing = 1", dated="state", dimensions=("phone",), kind="sum", of="absent")) == 4
