"""Traffic lights: each colour has its reason, and what was not told is never zero."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from plumbline.kernel import BadDeclaration
from plumbline.systems.programmes.lights import Facts, light, rules_on

JUNE, YEAR_END = date(2020, 6, 30), date(2020, 12, 31)
RULES = rules_on(settings.CATALOG.parameters, JUNE)


def facts(**told):
    return Facts(**{"value": Decimal(100), "unit": "家", "period": "2020", "due_on": YEAR_END, "done_on": JUNE} | told)


# half of the year is 182 of 366 days, 49.7 %
@pytest.mark.parametrize(("done", "key"), [(50, "green"), (45, "green"), (44, "yellow"), (35, "yellow"), (34, "red"), (0, "red")])
def test_the_share_done_against_the_time_gone(done, key):
    told = light(facts(done=Decimal(done)), JUNE, RULES)
    assert (told.key, told.share) == (key, Decimal(done) / 100)
    assert "时间过去182/366天" in told.reasons[0]


def test_not_told_is_not_zero():
    told = light(facts(), JUNE, RULES)
    assert (told.key, told.share) == ("grey", None)
    assert told.reasons == ("还没有填报，进度无法判断；未报不等于0。",)


def test_a_sum_with_parts_missing_names_them():
    told = light(facts(done=Decimal(60), absent=("甲街道", "乙街道")), JUNE, RULES)
    assert told.key == "grey"
    assert told.reasons == ("2个单位未报（甲街道、乙街道），已报的合计60家，进度无法判断。",)


def test_the_worst_reason_goes_first():
    told = light(facts(done=Decimal(50), owed=("2020-05",), blocked="用地未批"), JUNE, RULES)
    assert (told.key, told.colours) == ("red", ("red", "yellow", "green"))
    assert told.reasons[:2] == ("有堵点：用地未批", "逾期未报1个月：2020-05。")
    assert light(facts(done=Decimal(50), owed=("2020-04", "2020-05")), JUNE, RULES).key == "red"


def test_after_its_day():
    told = light(facts(done=Decimal(50)), date(2021, 1, 5), RULES)
    assert (told.key, told.reasons[0]) == ("red", "期限2020-12-31已过5天，还没有销号。")
    assert light(facts(done=Decimal(100), state="proposed"), date(2021, 1, 5), RULES).key == "yellow"
    assert light(facts(state="closed"), date(2021, 1, 5), RULES).key == "closed"


def test_rates_are_met_or_not():
    told = light(facts(value=Decimal(95), unit="%", bound=">=", done=Decimal("96.1")), JUNE, RULES)
    assert (told.key, told.share) == ("green", None)
    assert light(facts(value=Decimal(95), unit="%", bound=">=", done=Decimal("94.9")), JUNE, RULES).key == "yellow"


def test_a_task_without_a_number():
    told = light(facts(value=None, unit=""), JUNE, RULES)
    assert (told.key, told.reasons) == ("green", ("没有应完成数，只看期限、填报和堵点。",))


def test_a_day_before_the_rules_is_refused():
    with pytest.raises(BadDeclaration):
        rules_on(settings.CATALOG.parameters, date(1999, 1, 1))
