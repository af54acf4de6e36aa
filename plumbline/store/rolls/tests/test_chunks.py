"""Which chunk a key lies in, and a chunk told of in any order."""

from datetime import timedelta

import pyarrow as pa
import pytest

from plumbline.store import rolls
from plumbline.store.rolls.chunks import number_of, numbers_of
from plumbline.store.rolls.tests.made import FIRST, PARTIES, code, counts, line, row, take
from plumbline.store.tests import made

NEXT = FIRST + timedelta(1)


@pytest.mark.parametrize("bits", [0, 1, 7, 20])
def test_the_chunks_of_many_keys_are_those_of_each(bits):
    keys = [code(n) for n in range(200)] + ["", "甲"]
    assert numbers_of(pa.array(keys), bits).to_pylist() == [number_of(key, bits) for key in keys]
    assert numbers_of(pa.chunked_array([keys[:5], keys[5:]]), bits).to_pylist() == [number_of(key, bits) for key in keys]


@pytest.mark.django_db
def test_the_order_of_a_delivery_does_not_matter():
    by = made.user()
    take(by, *(line(n) for n in range(9, 0, -1)))
    told = take(by, *(line(n, people="200" if n == 4 else "10") for n in (5, 12, 2, 4, 1, 9, 3, 8, 6)), day=NEXT)
    assert counts(told) == (1, 1, 1, 7, 0)
    assert (row(4)["people"], row(4)["size"], row(12)["name"], row(7)) == (200, "大", "模拟12", None)
    [changed] = [one for one in rolls.history_of(PARTIES, code(4)) if one.column == "people"]
    assert (changed.before, changed.after) == (10, 200)
