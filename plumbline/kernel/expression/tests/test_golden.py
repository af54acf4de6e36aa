"""The golden cases on one row in Python."""

import pytest

from plumbline.kernel import parse_expression
from plumbline.kernel.expression.tests.golden import PARAMETERS, TABLE, blocks, each, wanted


@pytest.mark.parametrize("block", blocks(), ids=lambda block: block.name)
def test_python_gives_the_golden_values(block):
    wrong = []
    for text, cells in block.cases:
        expression = parse_expression(text, TABLE, PARAMETERS)
        for row, cell in zip(block.rows, cells, strict=True):
            got, want = expression.on(row, block.day), wanted(cell, expression.type)
            if got != want or type(got) is not type(want):
                wrong.append((text, row, got, want))
    assert not wrong


def test_there_are_more_than_a_thousand_golden_cases():
    assert len(list(each())) >= 1000
    assert {cell for _, _, _, cell in each()} >= {"TRUE", "FALSE", "NULL", "''"}
