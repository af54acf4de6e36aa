from decimal import Decimal

import pytest

from plumbline.kernel.label import LABELS
from plumbline.kernel.printing import BOUND_WORDS, amount, bounded, ordinal, printed_amount


@pytest.mark.parametrize(("value", "unit", "decimals", "text", "reliable"), [
    ("4859123456", "元", 2, "48.59亿元", -6), ("23850000000", "元", 2, "238.5亿元", -6), ("2300000000", "元", 2, "23亿元", -6),
    ("47500000", "元", 2, "4750万元", -2), ("194000", "元", 1, "19.4万元", -3), ("23184", "元", 0, "23184元", 0),
    ("99999999", "元", 0, "1亿元", -8), ("99999", "元", 0, "10万元", -4), ("94999", "元", 0, "94999元", 0),
    ("22652", "栋", 0, "22652栋", None), ("125000", "人", 0, "12.5万人", -2), ("990000000", "次", 0, "9.9亿次", -6),
    ("0.0345", "%", 1, "3.5%", 3), ("0.11", "%", 1, "11%", 3), ("0.0004", "%", 1, "0%", 3),
    ("0.034", "百分点", 1, "3.4个百分点", 3), ("0.0012", "‰", 1, "1.2‰", 4),
    ("43", "微克/立方米", 0, "43微克/立方米", 0), ("1200000", "元/人", 0, "1200000元/人", 0), ("0", "家", 0, "0家", None),
    ("1555.7", "公顷", 1, "1555.7公顷", 1), ("1.0182", "倍", 1, "1倍", 1), ("0.5", "家", 1, "0.5家", 1),
])
def test_a_number_is_printed_as_the_genre_does(value, unit, decimals, text, reliable):
    printed = printed_amount(Decimal(value), unit, decimals)
    assert (printed.text, printed.decimals) == (text, reliable)


@pytest.mark.parametrize(("value", "text"), [
    ("999999", "999999个"), ("1000000", "100万个"), ("123456789", "1.23456789亿个"), ("-1500000", "-150万个"), ("0", "0个"),
])
def test_a_screen_shows_every_digit(value, text):
    assert amount(Decimal(value), "个") == text


def test_bounds_have_one_set_of_words():
    assert bounded("<=", Decimal("0.5"), "%") == "不超过0.5%"
    assert {key: word for key, word in LABELS["bound"].items() if key != "="} == {
        key: word for key, word in BOUND_WORDS.items() if key != "="}


def test_places_up_to_ninety_nine_are_in_characters():
    assert [ordinal(place) for place in (1, 10, 16, 30, 99, 100, 0)] == ["一", "十", "十六", "三十", "九十九", "100", "0"]
