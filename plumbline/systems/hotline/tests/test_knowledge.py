"""What an operator is shown while the caller speaks."""

from datetime import date

from plumbline.systems.hotline.knowledge import Answer, fitting, similar

TODAY = date(2020, 6, 30)
CARD = Answer("居住证怎么办理", "到街道政务大厅办理。", ("居住证",), "模拟规定")
HEAT = Answer("暖气不热找谁", "拨打供热单位电话。", ("暖气", "供热"), "模拟规定")
OLD = Answer("旧居住证怎么办理", "不再办理。", ("居住证",), "模拟规定", until=date(2019, 12, 31))


def test_answers_that_fit_come_best_first_and_old_ones_never():
    assert fitting("我想问居住证怎么办理要什么材料", [HEAT, OLD, CARD], TODAY) == [CARD]
    assert fitting("家里暖气一点不热", [HEAT, CARD], TODAY) == [HEAT]


def test_nothing_fits_where_nothing_is_shared():
    assert fitting("路灯坏了", [HEAT, CARD], TODAY) == []
    assert fitting("", [HEAT], TODAY) == []


def test_requests_alike_come_first_and_say_what_they_share():
    rows = [(1, "SQ1", "晨曦苑南门井盖松动", ""), (2, "SQ2", "公园垃圾没人清", ""), (3, "SQ3", "井盖响", "晨曦苑南门")]
    found = similar("晨曦苑南门的井盖松动很危险", "", rows)
    assert [one.number for one in found] == ["SQ1", "SQ3"]
    assert "晨曦苑南门" in found[0].shared[0]
