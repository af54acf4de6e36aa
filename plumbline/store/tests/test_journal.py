"""The journal only grows, and says when somebody has touched it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from plumbline.store import journal
from plumbline.store.journal import Entry, Write, record, verify
from plumbline.store.journal.tables import Head
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db


def write(count, before=None):
    with transaction.atomic():
        return record(None, *(
            Write("claim.confirm", "claim", n, before, {"值": "二〇二〇", "n": n}, "核对原文", "990101")
            for n in range(count)))


def execute(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_an_empty_journal_holds():
    verdict = verify()
    assert (verdict.count, verdict.broken) == (0, None)


def test_entries_are_numbered_without_a_gap_and_chained():
    write(3)
    write(2)
    entries = list(Entry.objects.order_by("seq"))
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.previous for entry in entries] == ["0" * 64, *(entry.digest for entry in entries[:-1])]
    assert verify() == journal.Verdict(5, None, "共 5 条，首尾相接，未见改动。", entries[-1].digest)


def test_what_was_written_is_read_back():
    write(1, {"a": [1, None, "中"]})
    entry = Entry.objects.get()
    assert entry.before == {"a": [1, None, "中"]}
    assert entry.after == {"值": "二〇二〇", "n": 0}
    assert (entry.who, entry.area, entry.why) == ("系统", "990101", "核对原文")


def test_writing_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(RuntimeError):
        record(None, Write("a", "b", 1))
    assert not Entry.objects.exists()


def test_a_refused_write_leaves_no_entry():
    def break_off():
        with transaction.atomic():
            return record(None, Write("a", "b", 1)), 1 / 0

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert not Entry.objects.exists()
    assert verify().broken is None


def test_entries_cannot_be_changed_or_deleted():
    entry = write(1)[0]
    entry = Entry.objects.get(pk=entry.pk)
    rows = Entry.objects.filter(pk=1)
    for attempt in (entry.save, entry.delete, rows.delete, lambda: rows.update(why="x"),
                    lambda: Entry.objects.bulk_update([entry], ["why"]),
                    lambda: Entry.objects.bulk_create([entry], ignore_conflicts=True),
                    lambda: Entry.objects.update_or_create(pk=1, defaults={"why": "x"})):
        with made.refused(TypeError):
            attempt()


COLUMNS = {
    "at": "2020-01-01 00:00:00", "who": "别人", "area": "110000", "action": "claim.confirn", "table": "clain",
    "key": "9", "before": '{"a":2}', "after": '{"n":3,"值":"二〇二一"}', "why": "核对原文 ",
    "previous": "1" * 64, "digest": "1" * 64,
}


@pytest.mark.parametrize("column", COLUMNS)
def test_an_altered_column_is_found_and_its_entry_named(column):
    write(9, {"a": 1})
    execute(f'UPDATE store_entry SET "{column}" = %s WHERE seq = 5', COLUMNS[column])
    verdict = verify()
    assert (verdict.count, verdict.broken) == (4, 5)
    assert "第 5 条" in verdict.why


def test_an_altered_number_is_found():
    write(9)
    execute("UPDATE store_entry SET seq = 50 WHERE seq = 5")
    assert (verify().broken, verify().why) == (5, "缺少第 5 条：其后直接是第 6 条。")


@pytest.mark.parametrize("letters", [("after", '{"n":4', '{ "n":4'), ("at", " ", "T")])
def test_a_byte_that_changes_no_value_is_found_all_the_same(letters):
    write(9)
    column, old, new = letters
    if connection.vendor == "postgresql" and column == "at":
        pytest.skip("PostgreSQL keeps an instant as a number: there is no such byte")
    execute(f"UPDATE store_entry SET {column} = replace({column}, %s, %s) WHERE seq = 5", old, new)
    assert verify().broken == 5


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps an instant as a number")
@pytest.mark.parametrize("form", ["{at}+00", "{at}0", "{at:.25}", "{at}\x00", " {at}"])
def test_an_instant_written_in_another_form_is_found(form, monkeypatch):
    monkeypatch.setattr(journal.writing.timezone, "now", lambda: datetime(2020, 7, 29, 1, 2, 3, 400_000, UTC))
    write(9)
    assert verify().broken is None
    execute("UPDATE store_entry SET at = %s WHERE seq = 5", form.format(at="2020-07-29 01:02:03.400000"))
    assert verify().broken == 5


@pytest.mark.parametrize("early", [0, -3])
def test_an_entry_before_the_first_is_found_and_named(early):
    write(3)
    execute("UPDATE store_entry SET seq = %s WHERE seq = 3", early)
    write(1)
    assert (verify().count, verify().broken) == (0, early)
    assert f"第 {early} 条在链首之前" in verify().why


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps no byte that is not UTF-8")
def test_a_byte_that_is_no_letter_is_found_and_named():
    write(9)
    execute("UPDATE store_entry SET who = CAST(x'e7b3' AS TEXT) WHERE seq = 5")
    assert (verify().broken, verify().count) == (5, 4)
    execute("UPDATE store_entry SET who = x'e7b3' WHERE seq = 5")
    assert verify().broken == 5


def test_a_missing_entry_is_found_first_middle_and_last():
    write(9)
    for gone in (9, 5, 1):
        with transaction.atomic():
            execute("DELETE FROM store_entry WHERE seq = %s", gone)
            verdict = verify()
            assert verdict.broken == gone
            assert f"缺少第 {gone} 条" in verdict.why
            transaction.set_rollback(True)


def test_all_entries_gone_is_found():
    write(3)
    execute("DELETE FROM store_entry")
    assert verify().broken == 1


def test_entries_out_of_order_are_found():
    write(9)
    for old, new in ((4, 99), (5, 4), (99, 5)):
        execute("UPDATE store_entry SET seq = %s WHERE seq = %s", new, old)
    assert verify().broken == 4


def test_an_entry_replaced_with_a_sound_hash_breaks_the_next():
    write(9)
    entry = Entry.objects.get(seq=5)
    fields = (5, journal.writing.moment(entry.at), "别人", entry.area, entry.action, entry.table, entry.key, None,
              journal.tables.canonical(entry.after), entry.why)
    execute("UPDATE store_entry SET who = %s, digest = %s WHERE seq = 5", "别人",
            journal.writing.digest_of(fields, entry.previous))
    assert verify().broken == 6
    assert "第 5 条被替换" in verify().why


@pytest.mark.parametrize(("head", "broken"), [((8, None), 9), ((9, "1" * 64), 9), ((12, None), 10)])
def test_a_head_that_does_not_match_is_found(head, broken):
    last = write(9)[-1]
    execute("UPDATE store_head SET seq = %s, digest = %s", head[0], head[1] or last.digest)
    assert verify().broken == broken


def test_a_head_that_is_gone_is_found():
    write(3)
    execute("DELETE FROM store_head")
    assert verify().broken == 1


@pytest.mark.slow
def test_a_hundred_thousand_entries_are_verified_and_one_altered_is_named():
    for _ in range(20):
        write(5_000)
    assert (verify().count, verify().broken) == (100_000, None)
    execute("UPDATE store_entry SET why = %s WHERE seq = 77777", "核对源文")
    assert (verify().count, verify().broken) == (77_776, 77_777)


def test_threads_that_write_at_once_make_one_chain(transactional_db):
    def work(_):
        try:
            for _ in range(10):
                write(3)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert (verify().count, verify().broken) == (240, None)
    assert Head.objects.count() == 1


def test_people_see_the_entries_of_their_area_an_office_its_own_a_deputy_none():
    office = made.people.create_office(None, "区商务局", made.DISTRICT)
    seen = {
        "planner": made.user("a"), "leader": made.user("b", "leader"), "deputy": made.user("c", "deputy"),
        "office": made.user("d", "office", office=office), "neighbour": made.user("e", area=made.NEIGHBOUR),
    }
    with transaction.atomic():
        record(seen["office"], Write("target.edit", "target", 1, area=made.DISTRICT))
    counts = {name: Entry.objects.visible_to(who).count() for name, who in seen.items()}
    assert counts == {"planner": 6, "leader": 6, "deputy": 0, "office": 1, "neighbour": 1}
