"""Parts of a promise add up to the whole, to the last digit."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.kernel import BadInput
from plumbline.systems.programmes.splitting import parts_of, scale_of, shares

WHOLES = st.integers(1, 10**12)
WEIGHTS = st.lists(st.decimals("0.001", "1000000", places=3), min_size=1, max_size=40)


def test_a_hundred_to_three_streets():
    assert shares(Decimal(100), [Decimal(3), Decimal(3), Decimal(1)]) == [43, 43, 14]
    assert shares(Decimal(100), [Decimal(1)] * 3) == [34, 33, 33]


def test_digits_of_the_unit_are_kept():
    assert shares(Decimal("48.59"), [Decimal(1), Decimal(2)], 2) == [Decimal("16.20"), Decimal("32.39")]
    assert scale_of(Decimal("48.590"), "亿元") == 4
    assert scale_of(Decimal(90), "家") == 0
    [one, other] = parts_of(Decimal(10), "公顷", "level", [(1, Decimal(1)), (2, Decimal(2))])
    assert (one.value, other.value) == (Decimal("3.33"), Decimal("6.67"))


@settings(max_examples=300, deadline=None)
@given(WHOLES, st.integers(0, 4), WEIGHTS)
def test_parts_add_up_and_are_within_one_of_their_due(units, scale, weights):
    value = Decimal(units).scaleb(-scale)
    cut = shares(value, weights, scale)
    assert sum(cut) == value
    total = sum(weights)
    step = Decimal(1).scaleb(-scale)
    assert all(abs(part * total - value * weight) < step * total for part, weight in zip(cut, weights, strict=True))


def test_weights_keep_their_digits():
    assert shares(Decimal(10), [Decimal("0.5"), Decimal("1.5")]) == [3, 7]
    assert shares(Decimal(10), [Decimal("5E+1"), Decimal("1.5E+2")]) == [3, 7]


@pytest.mark.parametrize(("value", "unit", "weights", "words"), [
    ("95", "%", [(1, 1), (2, 1)], "是比率"),
    ("95", "家", [(1, 1)], "至少选两个单位"),
    ("95", "家", [(1, 1), (1, 1)], "选了两次"),
    ("95", "家", [(1, 1), (2, 0)], "大于零"),
    ("-1", "家", [(1, 1), (2, 1)], "不大于零"),
    ("1", "家", [(1, 1), (2, 1)], "分到的是 0"),
])
def test_what_cannot_be_split_is_told(value, unit, weights, words):
    with pytest.raises(BadInput) as told:
        parts_of(Decimal(value), unit, "level", [(office, Decimal(weight)) for office, weight in weights])
    assert words in told.value.findings[0].message


def test_without_a_number_there_are_parts_without_numbers():
    assert [one.value for one in parts_of(None, "", "level", [(1, Decimal(1)), (2, Decimal(1))])] == [None, None]
