"""Invented firms, an officer and accounts that speak for them."""

from types import SimpleNamespace

from django.conf import settings

from plumbline.kernel.credit_code import check_letter
from plumbline.store.models import Binding, Office
from plumbline.store.parties import bindings, keys
from plumbline.store.tests import made

TABLE = "enterprise.firms"


def code(n, area=made.DISTRICT):
    """A right credit code."""
    stem = f"91{area}MA{n:07}"
    return stem + check_letter(stem)


MINE, OTHER, FAR, UNKNOWN = code(1), code(2), code(3, made.NEIGHBOUR), code(9)
ROWS = {
    MINE: {"code": MINE, "name": "虚构甲厂", "area": made.DISTRICT, "street": "990101001", "employees": 303},
    OTHER: {"code": OTHER, "name": "虚构乙店", "area": made.DISTRICT, "street": "990101002", "employees": 3},
    FAR: {"code": FAR, "name": "虚构丙行", "area": made.NEIGHBOUR, "street": "110112001", "employees": 30},
}
TOLD = {"username": "jia", "password": made.PASSWORD, "label": "张某某", "area": made.DISTRICT, "table": TABLE, "key": MINE,
        "name": "虚构甲厂", "evidence": "法定代表人，电话见营业执照"}


def known(monkeypatch, rows=None):
    """The roll knows these firms."""
    found = ROWS if rows is None else rows
    for module in ("bindings", "statements"):
        monkeypatch.setattr(f"plumbline.store.parties.{module}.row_of", lambda table, key: found.get(key))


def district():
    """Two offices, a planner, people elsewhere; an account for each of two firms, both confirmed."""
    office = Office.objects.create(name="区经信局", area=made.DISTRICT, kind="department")
    far = Office.objects.create(name="邻区经信局", area=made.NEIGHBOUR, kind="department")
    world = SimpleNamespace(
        office=office, planner=made.user("planner"), officer=made.user("officer", "office", office=office),
        neighbour=made.user("neighbour", "office", area=made.NEIGHBOUR, office=far), leader=made.user("leader", "leader"),
        deputy=made.user("deputy", "deputy"), nobody=None)
    world.mine, world.other = account("jia", MINE), account("yi", OTHER)
    for one in Binding.objects.all():
        bindings.confirm(world.officer, one.pk, one.version)
    world.stranger = account("bing", UNKNOWN)  # asked, and nobody confirms it
    world.ended = account("ding", MINE)
    world.ending = Binding.objects.get(user=world.ended)
    bindings.confirm(world.officer, world.ending.pk, 0)
    bindings.end(world.officer, world.ending.pk, "已离职")
    return world


def account(name, key, **told):
    """Somebody who signed up for a firm."""
    name_of = ROWS.get(key, {}).get("name", "不在名录的厂")
    return bindings.join(TOLD | {"username": name, "key": key, "name": name_of} | told).user


def speaks(user):
    """The keys somebody speaks for."""
    return sorted(keys.keys_of(user, TABLE))


def roll():
    """The declared roll."""
    return settings.CATALOG.tables[TABLE]
