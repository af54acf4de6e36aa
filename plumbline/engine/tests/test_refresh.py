"""A figure is as fresh as the click: what changed is counted again, everything else stays as it was published."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from plumbline.engine import refresh
from plumbline.kernel import BadInput, Catalog, Column, Coverage, Dated, Indicator, NotAllowed, Parameter, Table
from plumbline.kernel.ref import ref
from plumbline.store import batches, figures, models
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
TABLE = Table("works.list", "台账", (
    Column("number", "text", "编号"), Column("area", "text", "区"), Column("done_on", "date", "完成日期", required=False),
    Column("amount", "decimal", "金额", unit="元", required=False), Column("kind", "text", "类别"),
), "area", "done_on", ("number",))
DONE = Indicator("works.done", "完成数", "works.list", "count", "家", "本例", dated="done_on", dimensions=("kind",))
PAID = Indicator("works.paid", "金额", "works.list", "sum", "元", "本例", of="amount", dated="done_on", decimals=2)
CATALOG = Catalog(tables={"works.list": TABLE}, indicators={"works.done": DONE, "works.paid": PAID})
FIRST = "编号,区,完成日期,金额,类别\nA1,990101,2025-01-05,10.50,市场\nA2,990101,2025-03-09,4.25,企业\n"
KEY = ("works.done", made.DISTRICT, "2025H1", ())
PAYMENT = ("works.paid", made.DISTRICT, "2025H1", ())


def told(first=date(2025, 1, 1), last=date(2025, 6, 30)):
    return Coverage((made.DISTRICT,), first, last)


@pytest.fixture
def planner():
    return made.user()


@pytest.fixture
def batch(planner):
    return batches.receive(planner, TABLE, "一.csv", FIRST.encode(), told())


def test_a_figure_is_counted_once_and_then_found(batch):
    rows = refresh.refresh(CATALOG, [KEY, PAYMENT])
    assert [rows[KEY].value, rows[PAYMENT].value] == ["2", "14.75"]
    before = made.everything()
    assert refresh.refresh(CATALOG, [PAYMENT, KEY]) == {PAYMENT: rows[PAYMENT], KEY: rows[KEY]}
    assert made.everything() == before


def test_a_corrected_delivery_reaches_every_figure_with_the_reason(planner, batch):
    old = refresh.refresh(CATALOG, [KEY])[KEY]
    batches.receive(planner, TABLE, "二.csv", FIRST.replace("2025-03-09", "2025-07-09").encode(),
                    told(last=date(2025, 12, 31)), replaces=batch, why="日期填错")
    rows = refresh.refresh(CATALOG, [KEY, PAYMENT])
    assert (rows[KEY].value, rows[KEY].reason, rows[KEY].replaces) == ("1", "记录有更新", old)
    assert rows[PAYMENT].value == "10.50"


def test_the_same_number_from_more_coverage_is_known_apart_from_a_missing_one(planner, batch):
    late = ("works.done", made.DISTRICT, "2025", ())
    assert refresh.refresh(CATALOG, [late])[late].missing == "not received"
    batches.receive(planner, TABLE, "下半年.csv", "编号,区,完成日期,金额,类别\n".encode(),
                    told(date(2025, 7, 1), date(2025, 12, 31)))
    row = refresh.refresh(CATALOG, [late])[late]
    assert (row.value, row.missing) == ("2", "")


def test_another_declaration_counts_again(batch):
    refresh.refresh(CATALOG, [KEY])
    stricter = Indicator("works.done", "完成数", "works.list", "count", "家", "本例", where="kind = '市场'", dated="done_on",
                         dimensions=("kind",), version=2)
    catalog = Catalog(tables=CATALOG.tables, indicators={"works.done": stricter})
    row = refresh.refresh(catalog, [KEY])[KEY]
    assert (row.value, row.version, row.replaces.value) == ("1", 2, "2")


@pytest.mark.parametrize("written", ["param.limits.least", "PARAM.limits.least", '"param"."limits"."least"'])
def test_a_changed_parameter_counts_again_however_it_is_written(batch, written):
    def catalog(least):
        one = replace(PAID, where=f"amount > {written}")
        values = (Dated(date(2020, 1, 1), Decimal(least), "本例"),)
        parameter = Parameter("limits.least", "起算金额", "元", values, date(2025, 1, 1))
        return Catalog(tables=CATALOG.tables, indicators={one.key: one}, parameters={"works.limits.least": parameter})

    assert [refresh.refresh(catalog(least), [PAYMENT])[PAYMENT].value for least in ("1", "5")] == ["14.75", "10.50"]


def test_cells_are_figures_of_their_own(batch):
    market = ("works.done", made.DISTRICT, "2025H1", (("kind", "市场"),))
    none = ("works.done", made.DISTRICT, "2025H1", (("kind", "其他"),))
    rows = refresh.refresh(CATALOG, [market, none, KEY])
    assert [rows[key].value for key in (market, none, KEY)] == ["1", "0", "2"]


def test_an_older_figure_is_counted_again_from_the_records_as_they_stood(planner, batch):
    old = refresh.refresh(CATALOG, [PAYMENT])[PAYMENT]
    batches.receive(planner, TABLE, "二.csv", FIRST.replace("10.50", "99.99").encode(), told(), replaces=batch, why="金额填错")
    new = refresh.refresh(CATALOG, [PAYMENT])[PAYMENT]
    assert [new.value, old.value] == ["104.24", "14.75"]
    old.refresh_from_db()
    assert refresh.again(CATALOG, old) == figures.counted(old)
    assert refresh.again(CATALOG, new) == figures.counted(new)


def test_a_writer_is_given_published_figures_and_their_keys(batch):
    basis = refresh.basis(CATALOG, [ref("works.done").at(made.DISTRICT, "2025H1")])
    compared = basis(ref("works.paid").at(made.DISTRICT, "2025H1"))
    row = models.Figure.objects.get(indicator="works.paid")
    assert (compared.value, compared.numbers) == (Decimal("14.75"), (row.pk,))
    assert row.run.at <= timezone.now()


def test_an_unknown_indicator_is_refused():
    with made.refused(BadInput):
        refresh.refresh(CATALOG, [("works.absent", made.DISTRICT, "2025H1", ())])


def test_another_districts_own_figure_is_nobodys_to_quote(planner):
    refresh.permitted(planner, [ref("works.done"), ref("works.done|area:city"), ref("works.done|rank"),
                                ref(f"works.done|area:{made.DISTRICT}")])
    refresh.permitted(planner, [ref("works.done|against:city"), ref("works.done|yoy|against:nation")])
    for part in ("area", "against"):
        with pytest.raises(NotAllowed, match="其他地区"):
            refresh.permitted(planner, [ref(f"works.done|{part}:{made.NEIGHBOUR}")])
