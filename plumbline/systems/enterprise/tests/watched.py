"""A small district whose firms' activity is reckoned, with people who look at it, for the tests of its pages."""

import io
from datetime import date
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.test import Client

from plumbline.kernel import Coverage
from plumbline.store import batches, rolls
from plumbline.store.models import Office
from plumbline.store.records.cells import arrow_type
from plumbline.store.tests import made
from plumbline.systems.enterprise import activity
from plumbline.systems.enterprise.invented_firms import code_of
from plumbline.systems.enterprise.tests.panels import JUNE, back

STREET, OTHER = "990101001", "990101002"
TABLES = settings.CATALOG.tables
FIRMS, MONTHS = TABLES[activity.FIRMS], TABLES[activity.MONTHS]
# name, street, insured as usual and in June, when set up and closed
TOLD = (
    ("虚构稳当", STREET, 20, 20, date(2010, 1, 1), None), ("虚构上升", STREET, 20, 30, date(2012, 1, 1), None),
    ("虚构骤降", STREET, 20, 6, date(2014, 1, 1), None), ("虚构沉寂", OTHER, 0, 0, date(2015, 1, 1), None),
    ("虚构新办", OTHER, 5, 5, date(2020, 3, 1), None), ("虚构已关", OTHER, 9, 9, date(2016, 1, 31), date(2020, 6, 10)),
    ("虚构早关", OTHER, 9, 9, date(2016, 1, 31), date(2018, 1, 31)),
)


def parquet(table, rows):
    """Rows as a delivery."""
    columns = [one for one in table.columns if not one.derived]
    written = io.BytesIO()
    pq.write_table(pa.table({one.key: pa.array([row.get(one.key) for row in rows], arrow_type(one)) for one in columns}), written)
    return written.getvalue()


def code(at):
    """The credit code of the firm that stands there in the list."""
    return code_of(at, made.DISTRICT)


def world():
    """People, the roll, thirteen months of it, and June reckoned."""
    offices = [Office.objects.create(name=name, area=made.DISTRICT, kind="street", place=place)
               for name, place in (("玉溪街道办事处", STREET), ("青石街道办事处", OTHER))]
    found = SimpleNamespace(
        planner=made.user("planner"), leader=made.user("leader", "leader"), deputy=made.user("deputy", "deputy"),
        neighbour=made.user("neighbour", area=made.NEIGHBOUR), firm=made.user("firm", "firm"),
        street=made.user("street", "office", office=offices[0]), operator=made.user("operator", "operator"))
    rolls.take(found.planner, FIRMS, parquet(FIRMS, [firm(at, one) for at, one in enumerate(TOLD)]), "名录.parquet",
               day=date(2020, 6, 30), areas=[made.DISTRICT], why="测试")
    found.months = hand_in(found.planner, rows())
    found.batch = activity.reckon(found.planner, JUNE, made.DISTRICT)
    return found


def rows():
    """The records of thirteen months."""
    return [row for many in range(12, -1, -1) for at, one in enumerate(TOLD) if (row := month(at, one, many))]


def hand_in(user, told, **more):
    """The records, handed in as one delivery."""
    return batches.receive(user, MONTHS, "月度经营记录.parquet", parquet(MONTHS, told),
                           Coverage((made.DISTRICT,), back(12), date(2020, 6, 30)), **more)


def firm(at, told):
    """A row of the roll."""
    name, street, _, now, began, ended = told
    return {"code": code(at), "name": name, "area": made.DISTRICT, "street": street, "kind": "企业", "industry": "C3911",
            "employees": now, "revenue_yuan": 5_000_000, "status": "注销" if ended else "存续", "set_up_on": began,
            "closed_on": ended}


def month(at, told, many):
    """What is told of a firm in a month; nothing before it began and after it ended."""
    _, street, usual, now, began, ended = told
    on = back(many)
    if on < began.replace(day=1) or (ended and on > ended):
        return None
    return {"code": code(at), "area": made.DISTRICT, "street": street, "month_on": on, "insured": usual if many else now,
            "tax_yuan": 100 * (usual if many else now), "filings": 1 if usual else 0}


def client(user=None):
    """A browser, signed in."""
    found = Client()
    if user is not None:
        found.force_login(user)
    return found


def told(user, address):
    """What a page says, as data."""
    answer = client(user).get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.json()


__all__ = ["FIRMS", "MONTHS", "OTHER", "STREET", "TOLD", "client", "code", "hand_in", "rows", "told", "world"]
