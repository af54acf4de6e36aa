from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.kernel import Figure
from plumbline.kernel.comparison import Basis
from plumbline.reports.writing import write
from plumbline.reports.writing.law import law_two
from plumbline.reports.writing.tests.invented import AREA, BASIS, CITY, PERIOD, indicator

LABELS = st.sampled_from(["一般公共预算收入", "退出企业", "新增就业", "热线诉求解决率", "造林绿化面积"])
OF_AMOUNTS = (
    "{m.x}", "{m.x:level.3}", "{m.x:level/1}", "{m.x|yoy}", "{m.x|yoy:growth/bare}", "{m.x|yoy:growth/times}", "{m.x|qoq}",
    "{m.x|narrowing}", "{m.x|narrowing:quarter:narrowing/bare}", "{m.x|yoy|against:city}", "{m.x|change}",
    "{m.x|change:quarter}", "{m.x|change:from_to}", "{m.x|change:quarter:from_to/bare}", "{m.x|times}", "{m.x|of_target}",
    "{m.x|rank}", "{m.x|yoy|rank:down}", "{m.x|against:city}", "{m.x|period:year-before}", "{m.x|cumulative}",
)
OF_RATES = (
    "{m.x}", "{m.x:growth}", "{m.x:growth.2/bare}", "{m.x|narrowing}", "{m.x|against:city}", "{m.x|against:nation}",
    "{m.x|change}", "{m.x|change:from_to}", "{m.x|change:quarter:from_to}", "{m.x|rank}", "{m.x|rank:down:rank/位}",
)


def basis(unit, decimals, values):
    """Figures that take the drawn values in turn, the same one whenever asked again."""
    one = indicator("m.x", "甲", unit, decimals)
    told: dict[tuple[str, str], Decimal] = {}

    def figure(key, area, period, cell=()):
        value = told.setdefault((area, period), values[len(told) % len(values)])
        return Figure(key, area, period, unit, value)

    return Basis({"m.x": one}, figure, target=lambda *_: values[0] + 1, peers=lambda _: (AREA, CITY, "110112", "110105"))


@settings(max_examples=150, deadline=None)
@given(LABELS, st.sampled_from(OF_AMOUNTS), st.sampled_from(["元", "家", "人", "公顷", "吨", "次"]), st.integers(0, 2),
       st.lists(st.integers(1, 10 ** 13), min_size=4, max_size=6))
def test_amounts_read_back_and_a_changed_digit_shows(label, form, unit, decimals, values):
    scale = 2 if unit in ("公顷", "吨", "元") else 0
    found = basis(unit, decimals, [Decimal(value).scaleb(-scale) for value in values])
    assert law_two(f"上半年，{label}{form}。", found, AREA, PERIOD) == []


@settings(max_examples=150, deadline=None)
@given(LABELS, st.sampled_from(OF_RATES), st.integers(0, 2), st.lists(st.integers(-9999, 30000), min_size=4, max_size=6))
def test_rates_read_back_and_a_changed_digit_shows(label, form, decimals, values):
    found = basis("%", decimals, [Decimal(value).scaleb(-4) for value in values])
    assert law_two(f"上半年，{label}{form}。", found, AREA, PERIOD) == []


@pytest.mark.parametrize(("now", "then", "printed"), [
    ("-0.032", "-0.066", "降幅较一季度收窄3.4个百分点"), ("-0.066", "-0.032", "降幅较一季度扩大3.4个百分点"),
    ("0.051", "0.032", "增速较一季度提高1.9个百分点"), ("0.032", "0.051", "增速较一季度回落1.9个百分点"),
    ("0.02", "-0.01", "增速较一季度提高3个百分点、由降转升"), ("-0.01", "0.02", "增速较一季度回落3个百分点、由升转降"),
    ("-0.032", "-0.0321", "降幅与一季度持平"), ("0.0004", "-0.03", "增速较一季度提高3个百分点"),
])
def test_the_verb_follows_the_signs(now, then, printed):
    from_sides = basis("%", 1, [Decimal(now), Decimal(then)])
    text = "地区生产总值{m.x|narrowing}。"
    assert law_two(text, from_sides, AREA, PERIOD) == []
    assert write_text(text, from_sides) == f"地区生产总值{printed}。"


@pytest.mark.parametrize(("value", "printed"), [
    ("0.00049", "同比持平"), ("0.0005", "同比增长0.1%"), ("-0.0005", "同比下降0.1%"), ("0.11", "同比增长11%"),
    ("0.0745", "同比增长7.5%"), ("-0.0745", "同比下降7.5%"),
])
def test_the_verb_follows_the_printed_number(value, printed):
    assert write_text("{m.x:growth}", basis("%", 1, [Decimal(value)])) == printed


def test_a_rank_and_a_growth_of_one_sentence():
    assert law_two("退出企业{made.firms}，{made.revenue|yoy}，{made.revenue|narrowing}。", BASIS, AREA, PERIOD) == []


def write_text(template, found):
    return write(template, found, AREA, PERIOD).text
