"""The index of activity: reckoned for all at once as for one by hand, what is unknown left out, stages by their rules."""

import random
import statistics
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from plumbline.engine import panel
from plumbline.kernel import Inputs, load
from plumbline.systems.enterprise import activity, lifecycle
from plumbline.systems.enterprise.tests.panels import JUNE, back, firm, inputs, month_row

CATALOG = load([Path(activity.__file__).parent])
COLUMNS = [column for _, column, _, _ in activity.PARTS]
POINT = Decimal("0.01")


def reckoned(folder, firms, months, earlier=(), month=JUNE, area="110000"):
    """Rows of the activity of a month, by the firm's code."""
    told = panel.Sources(inputs(CATALOG.tables[activity.FIRMS], firms, folder, "firms"),
                         inputs(CATALOG.tables[activity.MONTHS], months, folder, "months"),
                         inputs(CATALOG.tables[activity.ACTIVITY], earlier, folder, "earlier") if earlier
                         else Inputs(CATALOG.tables[activity.ACTIVITY]))
    path = folder / "reckoned.parquet"
    many = panel.write(activity.panel_of(CATALOG, month), told, month, area, path)
    found = pq.read_table(path).to_pylist()
    assert many == len(found)
    assert [one["code"] for one in found] == sorted(one["code"] for one in found)
    return {one["code"]: one for one in found}


def steady(at, many=13, now=None, **values):
    """A firm's months, all the same; the last one otherwise."""
    return [month_row(at, back(n), **(now if n == 0 and now is not None else values)) for n in range(many)]


def units(column, value):
    """A value in its smallest unit."""
    return None if value is None else int(value * 100) if isinstance(value, Decimal) else value


def by_hand(firms, months):
    """The index and scores of June as the words of the module say, firm by firm."""
    weights = [int(CATALOG.parameters[f"enterprise.activity.{name}"].on(JUNE).value) * 100 for name, *_ in activity.PARTS]
    told = {(row["code"], row["month_on"]): row for row in months}
    own = {one["code"]: [activity.own_score(
        units(column, told.get((one["code"], JUNE), {}).get(column)),
        [units(column, value) for n in range(1, 13)
         if (value := told.get((one["code"], back(n)), {}).get(column)) is not None], 3) for column in COLUMNS] for one in firms}
    found = {}
    for one in firms:
        peers = [own[other["code"]] for other in firms if (other["trade"], other["size"]) == (one["trade"], one["size"])]
        middles = [[each[at] for each in peers if each[at] is not None] for at in range(len(COLUMNS))]
        middles = [statistics.median_low(some) if len(some) >= 20 and one["trade"] else None for some in middles]
        scores = [activity.mixed(mine, middle, (1, 1)) for mine, middle in zip(own[one["code"]], middles, strict=True)]
        now = [told.get((one["code"], JUNE), {}).get(column) for column in COLUMNS]
        still = any(value is not None for value in now) and not any(now)
        found[one["code"]] = scores, activity.index_of(scores, weights, still)
    return found


def test_all_at_once_as_one_by_one_by_hand(tmp_path):
    dice = random.Random(5)
    firms = [firm(at, size=dice.choice(("小型", "微型")), trade=dice.choice(("工业", "批发业", None))) for at in range(240)]
    firms[7]["trade"] = "仓储业"  # alone of its kind
    months = []
    for at in range(240):
        level = dice.choice((0, 3, 40, 900))
        for n in range(dice.choice((2, 5, 14))):
            values = {column: dice.choice((None, 0, dice.randrange(level + 1), dice.randrange(level + 1))) for column in COLUMNS}
            for column in ("tax_yuan", "invoices_yuan", "power_kwh"):
                values[column] = None if values[column] is None else Decimal(values[column]) * Decimal("1.37")
            months.append(month_row(at, back(n), **values))
    found, wanted = reckoned(tmp_path, firms, months), by_hand(firms, months)
    assert len(found) == 240
    for code, (scores, index) in wanted.items():
        told = [found[code][score] for _, _, score, _ in activity.PARTS]
        assert told == [None if one is None else one * POINT for one in scores], code
        assert found[code]["index"] == (None if index is None else index * POINT), code
    assert sum(one["index"] is None for one in found.values()) > 5
    assert sum(one["index"] is not None for one in found.values()) > 100


def test_as_usual_is_a_hundred_and_half_is_fifty(tmp_path):
    rows = [*steady(1, insured=10, tax_yuan=Decimal(100)), *steady(2, insured=10, now={"insured": 5})]
    found = reckoned(tmp_path, [firm(1), firm(2)], rows)
    assert [found[code]["index"] for code in ("F00001", "F00002")] == [100, 50]
    assert [found[code]["known_weight"] for code in ("F00001", "F00002")] == [45, 25]


def test_what_fell_on_all_alike_counts_half(tmp_path):
    firms = [firm(at, trade="工业") for at in range(20)]
    rows = [row for at in range(20) for row in steady(at, insured=10, now={"insured": 5})]
    assert {one["index"] for one in reckoned(tmp_path, firms, rows).values()} == {75}
    rows = rows[:-13]
    assert {one["index"] for one in reckoned(tmp_path, firms, rows).values()} == {50, None}


def test_missing_is_not_zero(tmp_path):
    rows = [*steady(1, insured=10, tax_yuan=Decimal(100), now={"insured": 10}),
            *steady(2, insured=10, tax_yuan=Decimal(100), now={"insured": 10, "tax_yuan": Decimal(0)})]
    found = reckoned(tmp_path, [firm(1), firm(2), firm(3)], rows)
    assert [found[code]["tax_score"] for code in ("F00001", "F00002", "F00003")] == [None, 0, None]
    assert [found[code]["index"] for code in ("F00001", "F00002")] == [100, Decimal("55.56")]
    silent = found["F00003"]
    assert [silent[key] for key in ("index", "idle_months", "stage", "known_weight", "told_months")] == [None, None, None, 0, 0]


def test_silence_counts_only_months_told_of(tmp_path):
    rows = [month_row(1, back(n), insured=0 if n < 8 and n != 3 else 4) for n in range(13) if n != 2]
    rows += [month_row(2, back(n), insured=0) for n in range(13)]
    found = reckoned(tmp_path, [firm(1), firm(2)], rows)
    assert [found[code]["idle_months"] for code in ("F00001", "F00002")] == [2, 13]
    assert [found[code]["index"] for code in ("F00001", "F00002")] == [0, 0]
    assert found["F00002"]["stage"] == "休眠"


@pytest.mark.parametrize(("more", "now", "stage"), [
    ({"closed_on": date(2020, 6, 30)}, 10, "注销"), ({"closed_on": date(2020, 7, 1)}, 10, "平稳"),
    ({"set_up_on": date(2019, 7, 31)}, 10, "新设"),
    ({"set_up_on": date(2019, 6, 30)}, 10, "平稳"), ({}, 8, "收缩"), ({}, 9, "平稳"), ({}, 11, "成长"), ({}, 12, "成长")])
def test_stages_by_their_rules(tmp_path, more, now, stage):
    rows = steady(1, insured=10, now={"insured": now})
    one = reckoned(tmp_path, [firm(1, **more)], rows)["F00001"]
    assert one["stage"] == stage
    told = lifecycle.stage_reason(CATALOG, one, date(2020, 6, 30))
    assert told.label == stage
    assert all(holds for _, holds in told.conditions)


def test_who_was_not_yet_set_up_or_is_long_gone_is_not_there(tmp_path):
    firms = [firm(1, set_up_on=date(2020, 7, 1)), firm(2, closed_on=date(2020, 5, 31)), firm(3, set_up_on=None),
             firm(4, status="吊销")]
    assert list(reckoned(tmp_path, firms, [])) == ["F00003"]


def test_another_area_is_not_reckoned_but_its_firms_are_peers(tmp_path):
    firms = [firm(at, trade="工业", area="110112" if at < 2 else "110105") for at in range(20)]
    rows = [row for at in range(20) for row in steady(at, insured=10, now={"insured": 5})]
    found = reckoned(tmp_path, firms, rows, area="110112")
    assert {code: one["index"] for code, one in found.items()} == {"F00000": 75, "F00001": 75}


def test_three_months_are_held_against_the_three_before(tmp_path):
    earlier = [{"code": "F00001", "area": "110112", "month_on": back(n), "index": Decimal(value)}
               for n, value in ((1, "90"), (2, "81"), (3, "120"), (5, "130.01"), (6, "500"))]
    one = reckoned(tmp_path, [firm(1)], steady(1, insured=10), earlier)["F00001"]
    assert (one["index_quarter"], one["index_before"]) == (Decimal("90.33"), Decimal("125.01"))


def test_warnings_say_why(tmp_path):
    earlier = [{"code": "F00001", "area": "110112", "month_on": back(n), "index": Decimal(100)} for n in (1, 2, 3, 4, 5)]
    rows = [*steady(1, insured=20, now={"insured": 8}), *steady(2, insured=20), *steady(3, insured=20),
            *[month_row(4, back(n), insured=0 if n < 3 else 9) for n in range(13)]]
    rows[13 + 13]["insured"] = None
    found = reckoned(tmp_path, [firm(at) for at in (1, 2, 3, 4)], rows, earlier)
    assert lifecycle.warned(found["F00001"]) == ["活跃度骤降", "参保骤降"]
    assert lifecycle.warned(found["F00002"]) == []
    assert found["F00003"]["warns_people"] is None
    assert lifecycle.warned(found["F00004"]) == ["参保骤降", "没有活动"]
    reasons = lifecycle.warning_reasons(CATALOG, found["F00004"], date(2020, 6, 30))
    assert [one.label for one in reasons] == ["参保骤降", "没有活动"]
    assert {holds for one in reasons for _, holds in one.conditions} == {True}


def test_the_parts_on_a_firms_page_say_why_they_are_missing(tmp_path):
    months = steady(1, insured=10, power_kwh=Decimal("7.50"), filings=0, now={"insured": 5, "filings": 0})
    months[1]["hires"] = 2
    months[0]["hires"] = 3
    row = reckoned(tmp_path, [firm(1)], months)["F00001"]
    parts = {one.key: one for one in activity.parts_of(CATALOG, JUNE, {one["month_on"]: one for one in months}, row)}
    assert (parts["insured"].now, parts["insured"].usual, parts["insured"].own, parts["insured"].why) == (5, 10, 5000, "")
    assert parts["power_kwh"].why == "本月没有记录"
    assert parts["hires"].why == "此前只有 1 个月的记录，不足 3 个月"
    assert parts["filings"].why == "此前一直是零，没有可比的"
