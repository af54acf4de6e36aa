"""Published growth beside the growth of levels."""

from decimal import Decimal

import pytest

from plumbline.systems.economy.scope import beside


def test_a_difference_is_told_with_its_reason():
    told = beside(Decimal("16205.6"), Decimal("16490.2"), Decimal("-0.032"), "按可比价格")
    assert (told.published, told.of_levels, told.apart) == (Decimal("-0.032"), Decimal("-0.017"), Decimal("-0.015"))
    assert told.why == ("发布的增速是 -3.2%，按两期水平值推算是 -1.7%，相差 1.5 个百分点；"
                        "发布的增速按可比价格计算，水平值按当期口径，所以不同，不是差错。")


def test_what_agrees_is_said_to_agree():
    told = beside(Decimal("48.59"), Decimal("52.47"), Decimal("-0.074"))
    assert told.apart == 0
    assert told.why.endswith("两者一致。")


@pytest.mark.parametrize("parts", [
    (None, Decimal(1), Decimal(0)), (Decimal(1), None, Decimal(0)), (Decimal(1), Decimal(1), None),
    (Decimal(1), Decimal(0), Decimal(0)), (Decimal(1), Decimal(-1), Decimal(0)),
])
def test_without_one_of_the_three_nothing_is_said(parts):
    assert beside(*parts) is None
