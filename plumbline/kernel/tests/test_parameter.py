"""A parameter has a unit, a paper and a review date, or the product does not start."""

from datetime import date
from decimal import Decimal

import pytest

from plumbline.kernel import BadDeclaration, parameters

GOOD = """
extensions:
  meaning: most extensions one demand may have
  unit: 次
  values:
    2024-01-01: {value: 1.10, source: 办法（2024） 第十五条}
    2021-01-01: {value: 2, source: 办法（2021） 第十五条}
  reviewed_on: 2025-01-10
"""


def load(tmp_path, text):
    path = tmp_path / "reply.yaml"
    path.write_text(text, encoding="utf-8")
    return parameters(path)


def test_a_value_holds_from_its_day_until_the_next(tmp_path):
    found = load(tmp_path, GOOD)["reply.extensions"]
    assert [found.on(day) and found.on(day).value for day in (
        date(2020, 12, 31), date(2021, 1, 1), date(2023, 12, 31), date(2024, 1, 1))] == [None, 2, 2, Decimal("1.10")]
    assert str(found.on(date(2024, 1, 1)).value) == "1.10"
    assert (found.unit, found.reviewed_on) == ("次", date(2025, 1, 10))


@pytest.mark.parametrize(("old", "new", "said"), [
    ("  unit: 次\n", "", "unit is missing"), ("  reviewed_on: 2025-01-10\n", "", "reviewed_on is missing"),
    (", source: 办法（2024） 第十五条", "", "source is missing"), ("value: 1.10", "value: some", "'some' is no number"),
    ("value: 1.10", "value: .nan", "is no number"), ("2024-01-01", "2024-02-30", "2024-02-30: not a real day"),
    ("reviewed_on: 2025-01-10", "reviewed_on: soon", "'soon'"),
    ("unit: 次", "unit: 次\n  colour: red", "colour is no part"),
    ("2024-01-01", "2021-01-01", "2021-01-01 is written twice"),
    ("unit: 次", "unit: 次\n  unit: 个", "unit is written twice"),
    ("extensions:", "extensions: [", "not YAML"), (GOOD, "- 1", "write parameters"), (GOOD, "a: 1", "reply.a: write"),
    (GOOD, "a: {meaning: m, unit: u, values: 3, reviewed_on: 2020-01-01}", "write since"),
])
def test_what_is_missing_or_wrong_is_said_with_its_file(tmp_path, old, new, said):
    with pytest.raises(BadDeclaration) as raised:
        load(tmp_path, GOOD.replace(old, new))
    assert "reply.yaml" in str(raised.value)
    assert said in str(raised.value)


def test_everything_wrong_is_said_at_once(tmp_path):
    with pytest.raises(BadDeclaration) as raised:
        load(tmp_path, GOOD.replace("  unit: 次\n", "").replace("value: 2,", "value: x,"))
    assert "unit is missing" in str(raised.value)
    assert "'x' is no number" in str(raised.value)
