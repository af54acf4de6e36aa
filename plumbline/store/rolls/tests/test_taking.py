"""Deliveries of a roll: checked, taken as the difference, or refused whole."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from plumbline.kernel import BadInput, Conflict, Dated, NotAllowed, Parameter
from plumbline.store import rolls
from plumbline.store.journal import Entry
from plumbline.store.models import Cut, Office
from plumbline.store.records.files import path_of
from plumbline.store.records.reading import Watch
from plumbline.store.rolls import chunks
from plumbline.store.rolls.tests.made import FIRST, PARTIES, code, counts, csv, line, row, take
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
NEXT = FIRST + timedelta(1)


@pytest.fixture
def by():
    """Who delivers."""
    return made.user()


def standing():
    """All rows that stand, by number of the party's line."""
    return {one["code"]: one for file in rolls.standing(PARTIES).files for one in pq.read_table(file.path).to_pylist()}


def test_a_first_delivery_is_all_new(by):
    step = take(by, line(1), line(2, people=""), line(3, people="100"))
    assert counts(step) == (3, 0, 0, 0, 0)
    assert row(3) == {"code": code(3), "name": "模拟3", "area": made.DISTRICT, "street": made.DISTRICT + "001", "people": 100,
                      "sales": Decimal("100.50"), "set_up_on": date(2019, 5, 1), "size": "大", "row_": row(3)["row_"]}
    assert [row(n)["size"] for n in (1, 2, 3)] == ["小", None, "大"]
    assert sorted(one["row_"] for one in standing().values()) == [1, 2, 3]
    assert rolls.standing(PARTIES).coverage[0].areas == (made.DISTRICT,)
    assert Entry.objects.get(action="roll.take").after["new"] == 3


def test_the_next_delivery_is_taken_as_its_difference(by):
    take(by, line(1), line(2), line(3))
    numbers = {n: row(n)["row_"] for n in (1, 2)}
    step = take(by, line(1), line(2, people="120"), line(4), day=NEXT)
    assert counts(step) == (1, 1, 1, 1, 0)
    assert (row(2)["people"], row(2)["size"], row(3)) == (120, "大", None)
    assert {n: row(n)["row_"] for n in (1, 2)} == numbers
    assert row(4)["row_"] == 4


def test_the_same_delivery_again_changes_and_writes_nothing(by):
    take(by, line(1), line(2))
    before = list(Cut.objects.values_list("pk", flat=True))
    assert counts(take(by, line(2), line(1), day=NEXT)) == (0, 0, 0, 2, 0)
    assert list(Cut.objects.values_list("pk", flat=True)) == before


def test_only_chunks_with_a_difference_are_written(by, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 5)
    lines = [line(n) for n in range(40)]
    take(by, *lines)
    before = {file.sha256 for file in rolls.standing(PARTIES).files}
    assert len(before) == 8
    take(by, *lines[:7], line(7, people="11"), *lines[8:], day=NEXT)
    after = {file.sha256 for file in rolls.standing(PARTIES).files}
    assert len(after - before) == len(before - after) == 1


def test_a_roll_that_grows_is_laid_out_anew_with_its_numbers(by, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 5)
    take(by, *(line(n) for n in range(4)))
    numbers = {n: row(n)["row_"] for n in range(4)}
    step = take(by, *(line(n) for n in range(40)), day=NEXT)
    assert counts(step) == (36, 0, 0, 4, 0)
    assert {n: row(n)["row_"] for n in range(4)} == numbers
    assert len(standing()) == 40
    assert row(3, FIRST)["name"] == "模拟3"
    assert row(30, FIRST) is None


def test_columns_without_a_head_keep_what_they_were(by):
    take(by, line(1), line(2))
    lines = [f"{code(1)},模拟新名,{made.DISTRICT}", f"{code(2)},模拟2,{made.DISTRICT}"]
    step = take(by, *lines, heads="代码,名称,地区", day=NEXT)
    assert counts(step) == (0, 1, 0, 1, 0)
    assert (row(1)["name"], row(1)["people"]) == ("模拟新名", 10)


def test_some_columns_of_some_parties_change_only_these(by):
    take(by, line(1), line(2), line(3))
    step = take(by, f"{code(2)},250", heads="代码,人数", day=NEXT, columns=["people"], source="人社部门")
    assert counts(step) == (0, 1, 0, 0, 0)
    assert [row(n)["people"] for n in (1, 2, 3)] == [10, 250, 10]
    assert row(2)["size"] == "大"
    assert (step.columns, step.source, step.whole) == (["people"], "人社部门", False)


def test_a_party_nobody_knows_cannot_come_with_some_columns(by):
    take(by, line(1))
    with made.refused(BadInput) as raised:
        take(by, f"{code(9)},250", heads="代码,人数", day=NEXT, columns=["people"])
    assert [(one.check, one.where) for one in raised.value.findings] == [("roll.unknown", "第 2 行")]


@pytest.mark.parametrize(("cells", "check"), [
    ({"code": code(1)[:-1] + "I"}, "cell.form"), ({"street": "110112001"}, "cell.place"), ({"people": "-1"}, "cell.negative"),
    ({"sales": "1.234"}, "cell.number"), ({"set_up_on": "2020-02-30"}, "cell.date"), ({"set_up_on": "2020-02-01"}, "cell.future"),
    ({"area": made.NEIGHBOUR, "street": made.NEIGHBOUR + "001"}, "cell.area"), ({"name": ""}, "cell.empty"),
])
def test_one_wrong_row_refuses_all_and_is_named(by, cells, check):
    take(by, line(1))
    with made.refused(BadInput) as raised:
        take(by, line(1), line(2, **cells), day=FIRST)
    [finding] = raised.value.findings
    assert (finding.check, finding.where[:6]) == (check, "第 3 行「")


def test_good_rows_are_taken_alone_where_asked_and_bad_ones_listed(by):
    take(by, line(1), line(2), line(3))
    step = take(by, line(1, people="11"), line(2, people="-1"), line(4), day=NEXT, partly=True)
    assert counts(step) == (1, 1, 1, 0, 1)
    assert (row(1)["people"], row(2)["people"], row(3)) == (11, 10, None)
    told = pq.read_table(path_of(step.faults)).to_pylist()
    assert told == [{"line_": 3, "why_": "第 3 行「人数」：-1 小于零；请核对，没有数时留空。"}]


def test_nobody_goes_while_a_wrong_row_does_not_say_whose_it_is(by):
    take(by, line(1), line(2))
    found = rolls.preview(by, PARTIES, csv(line(1), line(2, code=code(2)[:-1] + "I")), "x.csv", day=NEXT, areas=[made.DISTRICT])
    assert (found.gone, found.nobody_gone, found.bad) == (0, True, 1)
    assert counts(take(by, line(1), line(2, code=code(2)[:-1] + "I"), day=NEXT, partly=True)) == (0, 0, 0, 1, 1)
    assert row(2)["name"] == "模拟2"


def test_nobody_goes_while_a_row_could_not_be_read_at_all(by):
    take(by, line(1), line(2))
    assert counts(take(by, line(1), line(2) + ",多一格", day=NEXT, partly=True)) == (0, 0, 0, 1, 1)
    assert row(2)["name"] == "模拟2"


def test_a_party_told_twice_is_wrong_both_times(by):
    take(by, line(1))
    step = take(by, line(1), line(2), line(2, people="11"), day=NEXT, partly=True)
    assert counts(step) == (0, 0, 0, 1, 2)


def test_a_derived_column_cannot_be_delivered(by):
    with made.refused(BadInput) as raised:
        take(by, line(1) + ",大", heads="代码,名称,地区,街道,人数,收入,成立日期,电话,规模")
    assert [one.check for one in raised.value.findings] == ["head.derived"]


def test_rows_of_another_area_are_its_own(by):
    take(by, line(1))
    other = made.user("other", area=made.NEIGHBOUR)
    moved = line(1, area=made.NEIGHBOUR, street=made.NEIGHBOUR + "001")
    with made.refused(BadInput) as raised:
        take(other, moved, areas=[made.NEIGHBOUR])
    assert [one.check for one in raised.value.findings] == ["roll.other"]
    with made.refused(NotAllowed):
        take(other, line(1))


def test_a_streets_office_delivers_no_roll(by):
    street = Office.objects.create(name="二街", area=made.DISTRICT, kind="street", place=made.DISTRICT + "002")
    department = Office.objects.create(name="人社局", area=made.DISTRICT, kind="department")
    take(by, line(1))
    with_street, without = (made.user(name, role="office", office=one) for name, one in (("s", street), ("d", department)))
    with made.refused(NotAllowed):
        take(with_street, line(1, people="5"), day=NEXT)
    assert counts(take(without, line(1, people="5"), day=NEXT)) == (0, 1, 0, 0, 0)


def test_an_older_state_than_the_known_one_is_refused(by):
    take(by, line(1), day=NEXT)
    with made.refused(BadInput) as raised:
        take(by, line(1, people="9"), day=FIRST)
    assert [one.check for one in raised.value.findings] == ["roll.day"]


def test_a_stopped_delivery_leaves_nothing(by):
    with made.refused(Conflict):
        take(by, line(1), watch=Watch(stop=lambda: True))


def test_a_preview_tells_the_difference_and_keeps_nothing(by):
    take(by, line(1), line(2))
    before = made.everything()
    found = rolls.preview(by, PARTIES, csv(line(1, people="120"), line(3)), "x.csv", day=NEXT, areas=[made.DISTRICT])
    assert (found.new, found.changed, found.gone, found.same, found.possible) == (1, 1, 1, 0, True)
    assert found.first == [(code(1), {"people": (10, 120), "size": ("小", "大")})]
    assert found.left == [code(2)]
    assert made.everything() == before


def test_personal_columns_lie_apart(by):
    take(by, line(1))
    [file] = rolls.standing(PARTIES).files
    assert "phone" not in pq.read_schema(file.path).names
    assert "phone" not in row(1)


def test_an_amended_parameter_reaches_every_row_with_the_next_delivery(by, settings):
    def told(limit):
        values = ((date(2019, 1, 1), 50), (date(2020, 2, 1), limit))
        dated = tuple(Dated(day, Decimal(value), "本系统约定") for day, value in values)
        parameter = Parameter("size.large", "大主体的下限", "人", dated, FIRST)
        settings.CATALOG = replace(settings.CATALOG, parameters={"example.size.large": parameter})

    told(5)
    size = replace(PARTIES.column("size"), derived="case when people >= param.size.large then '大' else '小' end")
    table = replace(PARTIES, columns=(*PARTIES.columns[:-1], size))
    both = {"areas": [made.DISTRICT], "day": FIRST}
    rolls.take(by, table, csv(line(1), line(2, people="60")), "x.csv", **both)
    assert [rolls.row_of(table, code(n))["size"] for n in (1, 2)] == ["小", "大"]
    step = rolls.take(by, table, csv(f"{code(2)},61", heads="代码,人数"), "x.csv", columns=["people"],
                      **both | {"day": date(2020, 2, 2)})
    assert counts(step) == (0, 2, 0, 0, 0)
    assert rolls.row_of(table, code(1))["size"] == "大"
    assert rolls.row_of(table, code(1), FIRST)["size"] == "小"


def test_a_correction_made_while_a_delivery_is_taken_is_kept(by, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 5)
    take(by, *(line(n) for n in range(20)))
    steps = []

    def meanwhile(*done):
        steps.append(done)
        # read, and all four chunks compared
        if len(steps) == 5:
            rolls.correct(by, PARTIES, code(3), {"sales": "7"}, "核实", FIRST)
            rolls.correct(by, PARTIES, code(4), {"people": "8"}, "核实", FIRST)

    step = take(by, *(line(n, people="12" if n in (3, 4) else "11") for n in range(20)), day=NEXT, watch=Watch(meanwhile))
    assert counts(step) == (0, 20, 0, 0, 0)
    assert (row(3)["sales"], row(3)["people"], row(4)["people"], row(5)["people"]) == (Decimal("7.00"), 12, 12, 11)
    assert rolls.overlays(PARTIES).keys() == {code(3)}
    assert [one.after for one in rolls.history_of(PARTIES, code(4)) if one.column == "people"] == [12, 8]


def test_another_delivery_taken_meanwhile_is_a_conflict(by):
    take(by, line(1))
    steps = []

    def meanwhile(*done):
        steps.append(done)
        # read and compared
        if len(steps) == 2:
            take(by, line(1, people="5"), day=NEXT)

    with pytest.raises(Conflict):
        take(by, line(1, people="6"), day=NEXT, watch=Watch(meanwhile))
    assert row(1)["people"] == 5
