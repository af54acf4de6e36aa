from decimal import Decimal

import pytest

from plumbline.kernel.comparison import Basis, made, needed, rank
from plumbline.kernel.errors import BadInput
from plumbline.kernel.figure import NO_COMPARISON, NO_DENOMINATOR, NOT_RECEIVED, Figure
from plumbline.kernel.indicator import Indicator
from plumbline.kernel.ref import ref

OWN, CITY = "110112", "110000"
INDICATORS = {
    "m.money": Indicator("m.money", "收入", "m.t", "sum", "元", "虚构", dated="day", decimals=2),
    "m.plan": Indicator("m.plan", "计划", "m.t", "sum", "元", "虚构"),
    "m.yearly": Indicator("m.yearly", "年度计划", "m.t", "sum", "元", "虚构", dated="due_on"),
    "m.kinds": Indicator("m.kinds", "行业数", "m.t", "distinct", "个", "虚构", of="kind", dated="day"),
    "m.staff": Indicator("m.staff", "从业人员", "m.t", "latest", "人", "虚构", of="staff", dated="day"),
    "m.grown": Indicator("m.grown", "增速", "m.t", "latest", "%", "虚构", of="rate", dated="day", fresh=True),
    "m.flow": Indicator("m.flow", "当月数", "m.t", "latest", "元", "虚构", of="money", dated="day", fresh=True),
    "m.rate": Indicator("m.rate", "解决率", "m.t", "share", "%", "虚构", dated="day", decimals=1),
}


def basis(values, **more):
    """A basis of the figures given: key, area, period → value, or (top, bottom) of a share."""
    def figure(key, area, period, cell):
        told = values.get((key, area, period))
        unit = INDICATORS[key].unit
        if told is None:
            return Figure(key, area, period, unit, None, NOT_RECEIVED)
        if isinstance(told, tuple):
            top, bottom = map(Decimal, told)
            return Figure(key, area, period, unit, top / bottom, top=top, bottom=bottom)
        return Figure(key, area, period, unit, Decimal(told))
    return Basis(INDICATORS, figure, **more)


def asked(text, values, period="2020H1", **more):
    return basis(values, **more)(ref(text).at(OWN, period))


def test_growth_is_divided_once_and_exactly():
    one = asked("m.money|yoy", {("m.money", OWN, "2020H1"): 90, ("m.money", OWN, "2019H1"): 100})
    assert (one.value, one.unit, one.decimals) == (Decimal("-0.1"), "%", 1)
    assert [figure.period for figure in one.figures] == ["2020H1", "2019H1"]


@pytest.mark.parametrize(("base", "missing"), [(None, NOT_RECEIVED), (0, NO_DENOMINATOR), (-5, NO_DENOMINATOR)])
def test_growth_without_a_base_is_missing_and_says_why(base, missing):
    one = asked("m.money|yoy", {("m.money", OWN, "2020H1"): 90, ("m.money", OWN, "2019H1"): base})
    assert (one.value, one.missing) == (None, missing)
    assert "收入" in one.why


def test_a_rate_has_no_growth_rate():
    with pytest.raises(BadInput, match="百分点"):
        asked("m.rate|yoy", {})


def test_narrowing_is_the_difference_of_two_growths():
    values = {("m.money", OWN, "2020H1"): 968, ("m.money", OWN, "2019H1"): 1000,
              ("m.money", OWN, "2020Q1"): 467, ("m.money", OWN, "2019Q1"): 500}
    one = asked("m.money|narrowing", values)
    assert (one.value, one.unit) == (Decimal("0.034"), "百分点")
    assert (one.now, one.then, one.beside) == (Decimal("-0.032"), Decimal("-0.066"), "2020Q1")
    assert len(one.figures) == 4


def test_narrowing_of_the_first_quarter_looks_at_the_year_before():
    values = {("m.rate", OWN, "2020Q1"): "0.05", ("m.rate", OWN, "2019"): "0.04"}
    one = asked("m.rate|narrowing", values, "2020Q1")
    assert (one.value, one.beside) == (Decimal("0.01"), "2019")


def test_against_the_city_in_points():
    one = asked("m.rate|against:city", {("m.rate", OWN, "2020H1"): "0.034", ("m.rate", CITY, "2020H1"): "0.021"})
    assert (one.value, one.unit, one.beside) == (Decimal("0.013"), "百分点", "全市")


def test_an_area_is_not_held_against_itself():
    one = basis({("m.rate", CITY, "2020H1"): "0.021"})(ref("m.rate|against:city").at(CITY, "2020H1"))
    assert (one.value, one.missing, one.why) == (None, NO_COMPARISON, "北京市不与自己比较")


def test_ties_share_a_rank():
    assert [rank(made(Decimal(one)), [made(Decimal(other)) for other in others]).value
            for one, others in ((5, (5, 7, 3)), (7, (5, 5, 3)), (3, (5, 5, 7)))] == [2, 1, 4]


def test_the_smallest_can_come_first():
    assert rank(made(Decimal(3)), [made(Decimal(5)), made(Decimal(4))], smallest_first=True).value == 1


def test_a_rank_with_an_area_missing_is_missing_and_names_it():
    values = {("m.money", OWN, "2020H1"): 5, ("m.money", "110101", "2020H1"): 7}
    one = asked("m.money|rank", values, peers=lambda _: (OWN, "110101", "110105"))
    assert one.value is None
    assert "朝阳区" in one.why
    assert "东城区" not in one.why


def test_quarters_add_up_since_january():
    values = {("m.money", OWN, "2020Q1"): 3, ("m.money", OWN, "2020Q2"): 4}
    assert asked("m.money|cumulative", values, "2020Q2").value == 7
    assert asked("m.money|cumulative", {("m.money", OWN, "2020Q2"): 4}, "2020Q2").value is None


def test_a_share_since_january_is_remade_from_its_parts():
    values = {("m.rate", OWN, "2020Q1"): (1, 2), ("m.rate", OWN, "2020Q2"): (1, 8)}
    assert asked("m.rate|cumulative", values, "2020Q2").value == Decimal("0.2")


def test_a_share_of_the_target():
    values = {("m.money", OWN, "2020H1"): 68}
    one = asked("m.money|of_target", values, target=lambda *_: Decimal(85))
    assert (one.value, one.unit) == (Decimal("0.8"), "%")
    without = asked("m.money|of_target", values)
    assert without.value is None
    assert "没有设定目标" in without.why


def test_a_share_of_what_another_indicator_counts_as_planned():
    values = {("m.money", OWN, "2020H1"): 68, ("m.plan", OWN, "2020H1"): 85, ("m.yearly", OWN, "2020"): 136}
    one = asked("m.money|of_target:m.plan", values)
    assert (one.value, [figure.indicator for figure in one.figures]) == (Decimal("0.8"), ["m.money", "m.plan"])
    assert asked("m.money|of_target:m.yearly", values).value == Decimal("0.5")
    missing = asked("m.money|of_target:m.plan", {("m.money", OWN, "2020H1"): 68})
    assert missing.value is None
    assert "计划" in missing.why
    apart = asked("m.money|of_target:m.rate", {("m.money", OWN, "2020H1"): 68, ("m.rate", OWN, "2020"): "0.5"})
    assert (apart.value, apart.why) == (None, "单位不同（元与%），不能算完成比例")


def test_what_is_needed_is_known_beforehand():
    asked_for = needed([ref("m.money|narrowing").at(OWN, "2020H1"), ref("m.money|yoy").at(OWN, "2020H1")], INDICATORS)
    assert [period for _, _, period, _ in asked_for] == ["2020H1", "2019H1", "2020Q1", "2019Q1"]


def test_an_undeclared_indicator_is_refused():
    with pytest.raises(BadInput, match="没有指标"):
        basis({})(ref("m.other").at(OWN, "2020H1"))


@pytest.mark.parametrize("step", ["yoy", "qoq", "times", "change", "narrowing", "cumulative"])
def test_records_without_a_day_have_no_year_before(step):
    with pytest.raises(BadInput, match="不分时期"):
        asked(f"m.plan|{step}", {("m.plan", OWN, "2020Q2"): 3, ("m.plan", OWN, "2019Q2"): 3}, "2020Q2")


@pytest.mark.parametrize("key", ["m.kinds", "m.staff", "m.grown"])
def test_what_does_not_add_up_is_not_cumulated(key):
    values = {(key, OWN, "2020Q1"): 3, (key, OWN, "2020Q2"): 4, (key, OWN, "2020H1"): 5}
    with pytest.raises(BadInput, match="各期相加不是累计"):
        asked(f"{key}|cumulative", values, "2020Q2")
    assert asked(f"{key}|cumulative", values, "2020H1").value == 5
    assert asked("m.flow|cumulative", {("m.flow", OWN, "2020Q1"): 3, ("m.flow", OWN, "2020Q2"): 4}, "2020Q2").value == 7
