"""A delivery is received whole or not at all; corrected with a reason; and what stood at any moment can be told."""

import hashlib
from dataclasses import replace
from datetime import date

import pyarrow.parquet as pq
import pytest
from django.db import DatabaseError
from django.utils import timezone

from plumbline.kernel import BadInput, Conflict, Coverage, NotAllowed
from plumbline.store import batches
from plumbline.store.batches import Batch, Watch, receiving
from plumbline.store.batches.coverage import common_area, holds
from plumbline.store.journal import Entry, verify
from plumbline.store.people import Office
from plumbline.store.records import files
from plumbline.store.records.tests.made import FIRMS, HALF_YEAR, HEADS, csv, line
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
LATER = Coverage(("990101",), date(2025, 7, 1), date(2025, 12, 31))


@pytest.fixture
def planner():
    return made.user()


def stored():
    """Names of all files in the folder."""
    return sorted(path.name for path in files.folder().glob("*")) if files.folder().exists() else []


def receive(user, *lines, coverage=HALF_YEAR, table=FIRMS, **told):
    return batches.receive(user, table, "一月.csv", csv(*lines), coverage, **told)


def refused(user, *lines, error=BadInput, **told):
    """What is refused leaves no row, no entry and no file; its findings, check and message."""
    before = stored() or [".lock"]
    with made.refused(error) as raised:
        receive(user, *lines, **told)
    assert (stored() or [".lock"]) == before
    return [(one.check, one.message) for one in raised.value.findings] if error is BadInput else str(raised.value)


def test_a_delivery_becomes_a_batch_with_its_rows_and_an_entry(planner):
    batch = receive(planner, line("A", phone="138"), line("B", amount="3"), example=True)
    assert (batch.rows, batch.area, batch.areas, batch.state, batch.example) == (2, "990101", ["990101"], "current", True)
    assert [row["code"] for row in pq.read_table(batch.file.path).to_pylist()] == ["A", "B"]
    assert pq.read_table(batch.personal_path).to_pylist() == [{"phone": "138", "row_": 2}, {"phone": None, "row_": 3}]
    assert stored() == sorted([".lock", f"{batch.sha256}.parquet", f"{batch.personal}.parquet"])
    assert hashlib.sha256(batch.file.path.read_bytes()).hexdigest() == batch.file.path.stem == batch.sha256
    entry = Entry.objects.latest("seq")
    assert (entry.action, entry.key, entry.after["rows"], entry.area) == ("batch.receive", str(batch.pk), 2, "990101")
    held = batches.inputs(FIRMS)
    assert (held.hashes, held.coverage) == ((batch.sha256,), (HALF_YEAR,))


def test_every_fault_is_told_at_once_and_nothing_is_kept(planner):
    found = refused(planner, line("A", amount="12.5万元"), line("B", day="2025-02-30"), line("C", area="110112"), line("B"))
    assert [check for check, _ in found] == ["cell.number", "cell.date", "cell.area", "row.twice"]


def test_one_bad_row_in_the_middle_of_many_is_found_and_nothing_is_kept(planner):
    lines = [line(f"F{number}") for number in range(150_000)]
    lines[75_000] = line("F75000", amount="12.345")
    assert refused(planner, *lines) == [(
        "cell.number", "第 75002 行「金额」：「12.345」有 3 位小数，这一列最多 2 位；不代为舍入，请按要求填写。")]


def test_looking_through_keeps_nothing(planner):
    with made.refused(AssertionError):
        found = batches.check(planner, FIRMS, "a.csv", csv(line("A"), line("B", day="x")), HALF_YEAR)
        assert (found.rows, len(found.first), found.counts, found.possible) == (2, 2, {"cell.date": 1}, False)
        assert batches.check(planner, FIRMS, "a.csv", csv(line("A")), HALF_YEAR).possible
        raise AssertionError("everything is as before")
    assert stored() == [".lock"]


def test_covered_and_empty_is_a_delivery(planner):
    batch = receive(planner)
    assert (batch.rows, batches.inputs(FIRMS).coverage) == (0, (HALF_YEAR,))
    assert receive(planner, coverage=LATER).rows == 0


def test_the_same_file_is_recognised_while_the_first_stands(planner):
    first = receive(planner, line("A"))
    day = timezone.localdate()
    assert refused(planner, line("A"))[0] == (
        "batch.twice", f"这份文件已经有了：{day}收到的「一月.csv（第{first.pk}批）」；没有再存一份。")
    batches.withdraw(planner, first, "报错了")
    assert receive(planner, line("A")).sha256 == first.sha256


def test_days_told_already_are_told_again_only_as_a_correction(planner):
    first = receive(planner, line("A"))
    found = refused(planner, line("B", day="2025-06-30"), coverage=replace(LATER, first=date(2025, 6, 30)))
    assert found == [("batch.overlap", f"与现行的「{first}」（云溪区，2025-01-01至2025-06-30）重叠；"
                                       "如要更正它，请注明替换这一批并写明理由。")]
    assert [check for check, _ in refused(planner, line("B"), coverage=Coverage(("990101",)))] == ["batch.overlap"]
    assert receive(planner, line("B", day="2025-07-01"), coverage=LATER).state == "current"


def test_one_identity_stands_in_one_batch(planner):
    first = receive(planner, line("X"), line("A"))
    assert refused(planner, line("B", day="2025-07-01"), line("A", day="2025-07-02"), coverage=LATER) == [
        ("row.known", f"第 3 行与现行的「{first}」第 3 行重复：A；同一件事只能报一次，请删去，或更正那一批。")]
    dated = replace(FIRMS, key="example.dated", identity=("code", "day"))
    receive(planner, line("A"), table=dated)
    assert receive(planner, line("A", day="2025-07-02"), coverage=LATER, table=dated).rows == 1


def test_of_another_areas_batch_only_the_identity_is_told(planner):
    first = receive(planner, line("A"))
    neighbour = made.user("neighbour", area=made.NEIGHBOUR)
    [(check, message)] = refused(neighbour, line("A", area=made.NEIGHBOUR),
                                 coverage=Coverage((made.NEIGHBOUR,), date(2025, 1, 1), date(2025, 6, 30)))
    assert (check, message) == ("row.known", (
        "第 2 行与其他地区已报的一行重复：A；同一件事只能报一次，请删去，或换一个不与别处相同的编号。"))
    assert first.name not in message


def test_a_correction_takes_the_place_of_a_batch_and_both_stay(planner):
    first = receive(planner, line("A"))
    before = timezone.now()
    second = receive(planner, line("A", amount="13"), replaces=first, why="金额写错")
    first.refresh_from_db()
    assert (first.state, first.ended_at > before, second.replaces, second.reason) == ("replaced", True, first, "金额写错")
    assert batches.inputs(FIRMS).hashes == (second.sha256,)
    assert batches.inputs(FIRMS, before).hashes == (first.sha256,)
    assert batches.inputs(FIRMS, first.received_at - timezone.timedelta(seconds=1)).files == ()
    assert list(Entry.objects.values_list("action", "key").order_by("seq"))[-2:] == [
        ("batch.replace", str(first.pk)), ("batch.receive", str(second.pk))]
    assert refused(planner, line("A"), replaces=first, why="再来", error=Conflict).startswith(f"「{first}」已不是现行的")


def test_a_correction_has_a_reason_and_covers_what_it_corrects(planner):
    first = receive(planner, line("A"))
    assert refused(planner, line("A", amount="1"), replaces=first) == [("why.empty", "请写明理由；没有保存任何改动。")]
    narrow = replace(HALF_YEAR, last=date(2025, 3, 31))
    assert refused(planner, line("A", amount="1"), replaces=first, why="改", coverage=narrow) == [
        ("batch.narrow", f"更正须覆盖被更正的「{first}」的全部范围（云溪区，2025-01-01至2025-06-30）；请补全。")]


def test_a_withdrawn_batch_tells_nothing_and_stays_to_be_seen(planner):
    batch = receive(planner, line("A"))
    with made.refused(BadInput):
        batches.withdraw(planner, batch, " ")
    batches.withdraw(planner, batch, "重复报送")
    assert batches.inputs(FIRMS).coverage == ()
    assert batches.inputs(FIRMS, batch.received_at).hashes == (batch.sha256,)
    assert batches.tidy() == 0
    with made.refused(Conflict):
        batches.withdraw(planner, batch, "重复报送")


@pytest.mark.parametrize(("coverage", "check"), [
    (Coverage(()), "coverage.area"), (Coverage(("999999",)), "coverage.area"),
    (Coverage(("990101",), date(2025, 6, 30), date(2025, 1, 1)), "coverage.days"),
])
def test_what_a_delivery_covers_is_written_well(planner, coverage, check):
    assert [one for one, _ in refused(planner, line(), coverage=coverage)] == [check]


def test_an_undated_table_has_no_days(planner):
    assert refused(planner, line(), table=replace(FIRMS, dated=""))[0][0] == "coverage.days"


def test_nobody_delivers_for_another_area(planner):
    for role in ("leader", "deputy"):
        refused(made.user(role, role=role), line(), error=NotAllowed)
    refused(made.user("neighbour", area=made.NEIGHBOUR), line(), error=NotAllowed)
    refused(planner, line(), coverage=Coverage(("990000",)), error=NotAllowed)
    office = Office.objects.create(name="区商务局", area=made.DISTRICT)
    batch = receive(made.user("office", role="office", office=office), line())
    theirs = made.user("neighbour2", area=made.NEIGHBOUR)
    with made.refused(NotAllowed):
        batches.withdraw(theirs, batch, "试试")
    refused(theirs, line(area="110112"), replaces=batch, why="试试", error=NotAllowed,
            coverage=Coverage((made.NEIGHBOUR,)))


def test_batches_are_seen_in_their_area_and_by_no_deputy(planner):
    batch = receive(planner, line())
    seen = {name: list(Batch.objects.visible_to(user)) for name, user in {
        "planner": planner, "city": made.user("city", area=made.CITY), "neighbour": made.user("n", area=made.NEIGHBOUR),
        "deputy": made.user("deputy", role="deputy")}.items()}
    assert seen == {"planner": [batch], "city": [batch], "neighbour": [], "deputy": []}


def test_whoever_is_quicker_wins_and_the_other_is_told(planner, monkeypatch):
    compare = receiving._against

    def slow(*arguments):
        compare(*arguments)
        monkeypatch.setattr(receiving, "_against", compare)
        receive(planner, line("B"))

    monkeypatch.setattr(receiving, "_against", slow)
    with pytest.raises(Conflict):
        receive(planner, line("A"))
    assert [batch.rows for batch in Batch.objects.all()] == [1]
    assert batches.tidy() == 0


def test_a_delivery_can_be_stopped(planner):
    assert refused(planner, line(), error=Conflict, watch=Watch(stop=lambda: True)) == "已停止；没有保存任何内容。"


def test_what_breaks_off_while_it_is_written_leaves_no_row_and_its_file_is_dropped(planner, monkeypatch):
    def broken(*_):
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(receiving, "record", broken)
        with made.refused(DatabaseError):
            receive(planner, line())
    assert len(stored()) == 3
    assert batches.tidy() == 2
    assert stored() == [".lock"]
    assert receive(planner, line()).rows == 1


def test_a_part_somebody_writes_is_not_dropped_and_that_of_a_dead_writer_is(planner):
    receive(planner, line())
    with files.part() as path:
        (files.folder() / f"{files.PART}dead").write_bytes(b"half")
        assert batches.tidy() == 1
        assert path.exists()
    assert not path.exists()


def test_personal_values_are_dropped_when_their_time_has_come(planner):
    batch = receive(planner, line("A", phone="138"))
    path, kept = batch.personal_path, batch.file.path.read_bytes()
    assert batches.forget(batch.forget_on - timezone.timedelta(1), {}) == 0
    assert path.exists()
    assert (batches.forget(batch.forget_on, {}), batches.forget(batch.forget_on, {})) == (1, 0)
    batch.refresh_from_db()
    assert (batch.personal, path.exists(), batch.file.path.read_bytes()) == ("", False, kept)
    entry = Entry.objects.latest("seq")
    assert (entry.action, entry.who) == ("batch.forget", "系统")
    assert verify().broken is None


def test_coverage_holds_another_or_not():
    year = Coverage(("990000",), date(2025, 1, 1), date(2025, 12, 31))
    assert holds(year, HALF_YEAR)
    assert not holds(HALF_YEAR, year)
    assert holds(Coverage(("990101",)), HALF_YEAR)
    assert not holds(HALF_YEAR, Coverage(("990101",)))
    assert (common_area(("110105", "110112")), common_area(("110112",)), common_area(("110112", "990101"))) == (
        "110000", "110112", "")


def test_the_name_of_a_file_loses_its_folders_and_control_letters(planner):
    batch = batches.receive(planner, FIRMS, "C:\\台账\\七月\n.csv", csv(line(), heads=HEADS), HALF_YEAR)
    assert batch.name == "七月.csv"
