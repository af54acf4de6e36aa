"""What is personal stays where it is kept: no page, list, file, notice or journal shows it to anybody who did not say why."""

import io
from datetime import date

import pytest
from django.conf import settings
from openpyxl import load_workbook

from plumbline.store import rolls
from plumbline.store.grants import accounts, applying, offers
from plumbline.store.grants.offers import Party
from plumbline.store.journal import Entry
from plumbline.store.models import Binding
from plumbline.store.parties import preferences
from plumbline.store.tests import made
from plumbline.systems.enterprise.tests import policy_world
from plumbline.systems.enterprise.tests.policy_world import HEADS, TABLE, code, lines
from plumbline.systems.enterprise.tests.test_hostile_firms import LEFT_OUT, routes
from plumbline.web.tests.world import browser

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PERSON, OLD, NEW, NUMBER, MAIL = "欧阳某某", "13911112222", "13933334444", "62229999888877776666", "secret-mark@example.org"
# what an account told for checking is for those who check; where a firm's own words go it sees itself
OPEN = {"officer": ("/enterprise/accounts/1",), "leader": (), "firm": (f"/firm/{code(1)}/choices",)}
FEWEST = {"officer": 100, "leader": 100, "firm": 5}
SECRETS = (PERSON, OLD, NEW, NUMBER, MAIL)


def told_of(world, phone, day):
    """The firms delivered with the name and the number of a person."""
    table = settings.CATALOG.tables[TABLE]
    rows = [(*row, PERSON, phone) for row in lines()]
    heads = ",".join(table.column(key).label for key in (*HEADS, "legal_person", "phone"))
    data = "\n".join([heads, *(",".join(row) for row in rows)]).encode()
    return rolls.take(world.root, table, data, "企业.csv", day=day, areas=sorted({row[2] for row in rows}))


@pytest.fixture
def world():
    world = policy_world.district()
    told_of(world, OLD, date(2020, 5, 2))
    told_of(world, NEW, date(2020, 5, 3))
    rolls.correct(world.root, settings.CATALOG.tables[TABLE], code(1), {"employees": "21"}, "核实")
    world.policy = policy_world.published(world)
    world.order = applied(world)
    given = {"holder": "虚构企业1", "number": NUMBER, "bank": "模拟银行"}
    accounts.set_account(world.root, Party(TABLE, code(1), made.DISTRICT), given, "来函")
    firm = made.user("jia", "firm")
    Binding.objects.create(user=firm, table=TABLE, key=code(1), name="虚构企业1", area=made.DISTRICT, state="confirmed",
                           asked_at=world.order.opened_at, evidence=f"电话 {NEW}")
    preferences.choose(firm, TABLE, code(1), {"mail": MAIL, "quiet_from": "1", "quiet_until": "2"}, 0)
    world.firm = firm
    return world


def applied(world):
    offer = offers.offer_of(world.policy.pk, settings.CATALOG, policy_world.DAY)
    row = rolls.row_of(settings.CATALOG.tables[TABLE], code(1))
    return applying.apply(world.root, offer, row, table=settings.CATALOG.tables[TABLE])


def words_of(answer):
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "spreadsheet" in answer.headers.get("Content-Type", ""):
        book = load_workbook(io.BytesIO(data))
        return "\n".join(f"{cell.value}" for sheet in book for row in sheet.iter_rows() for cell in row)
    return data.decode("utf-8", "replace")


def addresses(world):
    keys = {"<str:number>": world.order.number, "<int:policy>": world.policy.pk, "<str:code>": code(1), "<int:n>": 1}
    for route, _ in routes():
        if LEFT_OUT.search(route) or "(?P" in route:
            continue
        for key in (TABLE, code(1), "1"):
            address = "/" + route
            for name, one in {**keys, "<str:key>": key, "<int:key>": world.policy.pk}.items():
                address = address.replace(name, str(one))
            if "<" not in address:
                yield address


@pytest.mark.parametrize("who", list(OPEN))
def test_no_address_shows_what_is_personal(world, who):
    client, seen = browser(getattr(world, who)), set()
    for address in dict.fromkeys(addresses(world)):
        answer = client.get(address)
        assert answer.status_code < 500 or address.startswith("/sdmx"), address
        if answer.status_code == 200:
            seen.add(address)
            text = words_of(answer)
            found = [one for one in SECRETS if one in text]
            assert found == [] or address.startswith(OPEN[who]), address
    assert len(seen) > FEWEST[who], len(seen)


def test_no_journal_keeps_what_is_personal(world):
    for one in Entry.objects.all():
        told = f"{one.before} {one.after} {one.why}"
        assert [each for each in SECRETS if each in told] == [], one
