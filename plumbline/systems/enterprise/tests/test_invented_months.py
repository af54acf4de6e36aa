"""The invented months: the same on every run, in the declared columns, with what is never told left empty."""

from collections import Counter
from datetime import date

from django.conf import settings

from plumbline.systems.enterprise import invented_months
from plumbline.systems.enterprise.invented_months import firms_of, month, months

MAY = date(2020, 5, 1)
MANY = 4_000


def firms(many=MANY):
    return firms_of({"code": f"F{at:06}", "area": "110112", "street": "110112001", "insured": 40,
                     "set_up_on": date(2015, 1, 1)} for at in range(many))


def test_the_same_firms_have_the_same_months():
    assert month(firms(), MAY).equals(month(firms(), MAY))
    assert not month(firms(), MAY).column("tax_yuan").equals(month(firms(), date(2020, 6, 1)).column("tax_yuan"))


def test_the_columns_are_those_declared():
    assert month(firms(10), MAY).column_names == [one.key for one in settings.CATALOG.tables["enterprise.months"].columns]


def test_some_of_every_column_is_not_told_and_that_is_not_zero():
    told = month(firms(), MAY)
    for name in told.column_names[4:]:
        assert 0.10 < told.column(name).null_count / MANY < 0.17, name


def test_most_are_steady_and_some_fall_silent():
    levels = Counter(invented_months._level(firms(), 16).to_pylist())
    assert 0.64 < levels[1_000] / MANY < 0.72
    assert 0.04 < levels[0] / MANY < 0.09
    assert set(levels) == {0, 300, 520, 1_000, 1_400}


def test_numbers_of_two_months_have_nothing_to_do_with_each_other():
    one, other = firms().dice(20).to_pylist(), firms().dice(21).to_pylist()
    together = sum((a - 499.5) * (b - 499.5) for a, b in zip(one, other, strict=True)) / MANY / 288.7**2
    assert abs(together) < 0.05


def test_firms_stand_from_their_first_day_to_their_last():
    some = firms_of([{"code": "a", "set_up_on": date(2020, 5, 31)}, {"code": "b", "set_up_on": date(2020, 6, 1)},
                     {"code": "c", "closed_on": date(2020, 4, 30)}, {"code": "d", "closed_on": date(2020, 5, 1)}, {"code": "e"}])
    assert month(some, MAY).column("code").to_pylist() == ["a", "d", "e"]


def test_the_months_run_from_the_first_to_the_last():
    every = list(months())
    assert (every[0], every[-1], len(every)) == (date(2019, 1, 1), date(2020, 6, 1), 18)
