"""Orders are cut to Parquet as their table declares it: only the chunks that changed, and nothing personal."""

from dataclasses import replace
from datetime import date, timedelta

import pyarrow.parquet as pq
import pytest
from django.db.models import F
from django.utils import timezone

from plumbline.kernel import Column, Coverage
from plumbline.store import batches, orders
from plumbline.store.orders import Order, cutting
from plumbline.store.orders.tests.made import CATALOG, ROWS, at, moved, office, opened, person
from plumbline.store.registers.tables import Chunk, Cut

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings):
    settings.CATALOG = CATALOG
    street = office()
    return {"street": street, "operator": person("operator", "operator"), "dispatcher": person("dispatcher", "dispatcher"),
            "holder": person("holder", "office", office=street)}


def rows(files):
    return [row for file in files for row in pq.read_table(file.path).to_pylist()]


def test_an_order_is_a_row_of_the_declared_columns(cast):
    given = opened(cast["operator"], topic="城管/道路/路面", place="990101001002", source="电话")
    order = moved(cast["dispatcher"], given, "send", office=cast["street"])
    told = {"reply": "好", "finding": "已解决", "met": "是", "cost": "3.5", "seen_on": "2025-03-04", "contact": "张三"}
    order = moved(cast["holder"], order, "answer", at(9, day=date(2025, 3, 14)), **told)
    moved(cast["operator"], order, "close", at(9, day=date(2025, 3, 15)), met="否")
    found = batches.inputs(ROWS)
    assert found.coverage == (Coverage(("990101",)),)
    [row] = rows(found.files)
    assert {key: str(value) if key == "cost" else value for key, value in row.items()} == {
        "number": "SX2025000001", "area": "990101", "street": "990101001", "topic_1": "城管", "source": "电话",
        "office": "云溪街道", "office_kind": "department", "state": "closed", "state_kind": "done",
        "opened_on": date(2025, 3, 3), "due_on": date(2025, 3, 11), "closed_on": date(2025, 3, 15), "late": True, "returns": 0,
        "transfers": 0, "extensions": 0, "helper": False, "finding": "已解决", "met": False, "cost": "3.50",
        "seen_on": date(2025, 3, 4), "row_": order.pk}


def test_what_is_in_time_what_runs_and_what_never_began_are_three_things(cast):
    opened(cast["operator"])
    first, second = (moved(cast["dispatcher"], opened(cast["operator"], now=now), "send", now, office=cast["street"])
                     for now in (at(10), timezone.now()))
    moved(cast["holder"], first, "answer", at(12), reply="好", finding="已解决")
    assert [row["late"] for row in rows(batches.inputs(ROWS).files)] == [None, False, False]
    second.refresh_from_db()
    assert second.due_at > timezone.now()


def test_only_chunks_that_changed_are_written_anew(cast, monkeypatch):
    monkeypatch.setattr(cutting, "CHUNK", 2)
    monkeypatch.setattr("plumbline.store.registers.cutting.CHUNK", 2)
    made = [opened(cast["operator"]) for _ in range(5)]
    before = batches.inputs(ROWS).hashes
    assert (len(rows(batches.inputs(ROWS).files)), Cut.objects.count()) == (5, len(before))
    moved(cast["dispatcher"], made[2], "send", office=cast["street"])
    changed = Chunk.objects.exclude(cut=F("changed")).get()
    assert changed.number == made[2].pk // 2
    after = batches.inputs(ROWS).hashes
    assert (len(set(after) - set(before)), Cut.objects.count()) == (1, len(before) + 1)
    assert batches.inputs(ROWS).hashes == after
    assert Cut.objects.count() == len(before) + 1


def test_what_stood_at_a_moment_is_still_told(cast):
    order = opened(cast["operator"])
    batches.inputs(ROWS)
    then = timezone.now()
    moved(cast["dispatcher"], order, "send", office=cast["street"])
    assert [row["state"] for row in rows(batches.inputs(ROWS).files)] == ["given"]
    assert [row["state"] for row in rows(batches.inputs(ROWS, then).files)] == ["new"]
    assert batches.inputs(ROWS, then - timedelta(days=1)).files == ()


def test_nothing_personal_is_ever_cut(cast):
    wide = replace(ROWS, columns=(*ROWS.columns, *(Column(key, "text", key, required=False) for key in (
        "contact", "text", "title", "code", "phone", "name"))))
    order = opened(cast["operator"], text="秘密", fields={"contact": "张三"}, asker={"name": "王五", "phone": "12345678"})
    assert order.fields == {"contact": "张三"}
    assert cutting.cut(wide, CATALOG.orders["small.matter"]) == 1
    [row] = rows(batches.inputs(wide).files)
    assert {row[key] for key in ("contact", "text", "title", "code", "phone", "name")} == {None}


def test_orders_from_before_a_table_was_declared_are_cut_too(cast):
    bare = replace(CATALOG, tables={})
    orders.open_(cast["operator"], "small.matter", {"title": "x", "area": "990101"}, catalog=bare)
    assert not Chunk.objects.exists()
    assert len(rows(batches.inputs(ROWS).files)) == Order.objects.count() == 1
