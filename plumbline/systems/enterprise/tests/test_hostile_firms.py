"""A firm sees itself alone: every address of the site, walked as another firm, as one nobody confirmed, as one whose binding
ended, as an office elsewhere; guesses give nothing and are written down."""

import csv
import io
import re

import pytest
from django.test import Client
from django.urls import get_resolver
from openpyxl import load_workbook

from plumbline.store import orders
from plumbline.store.journal import Entry
from plumbline.store.models import Binding, Order, Statement
from plumbline.store.parties import bindings, kinds, preferences, pushing, statements
from plumbline.store.parties.tests import firms
from plumbline.store.parties.tests.firms import MINE, OTHER, UNKNOWN
from plumbline.store.tests import made
from plumbline.systems.enterprise.tests import portal_world
from plumbline.systems.enterprise.tests.portal_world import signed
from plumbline.web import firms as door
from plumbline.web.firms import for_firms

pytestmark = pytest.mark.django_db
MARK = "绛紫色搪瓷缸"
SCRIPT = "<script>alert(9)</script>"
# what a journal of officers, sessions and counters keep besides
COUNTED = ("Knock", "Entry", "Head", "Session", "User", "Chunk", "Kept", "Cut")
LEFT_OUT = re.compile(r"sign-|static")
# addresses of firms' own pages, of their account, and of pages for everybody
OPEN = re.compile(r"/(firm|profile|ask|policies|open311|api|sdmx)(/|\.|$)|^/$")
FIRMS = ("other", "stranger", "ended")


@pytest.fixture
def world(monkeypatch):
    rows = portal_world.known(monkeypatch)
    here = portal_world.district()
    rows[MINE]["name"] = f"{MARK}{SCRIPT}"
    monkeypatch.setattr(door, "MOST", 10**6)
    client = signed(here.mine)
    client.post(f"/firm/{MINE}/policies/{here.policies['fits'].pk}/apply/", {"reason": MARK})
    here.order = Order.objects.get()
    for public in (True, False):
        orders.note(here.officer, here.order.pk, f"{MARK}{SCRIPT}", public)
    here.paper = orders.attach(here.officer, here.order.pk, f"{MARK}.txt", MARK.encode(), True)
    here.inner = orders.attach(here.officer, here.order.pk, "内部.txt", b"inner", False)
    [here.statement] = statements.state(here.mine, firms.roll(), MINE, {"employees": "298"}, f"{MARK}{SCRIPT}")
    preferences.choose(here.mine, firms.TABLE, MINE, {"mail": "mark@example.org", "quiet_from": "1", "quiet_until": "2"}, 0)
    pushing.push(None, kinds.paper_of(here.policies["fits"]), [pushing.Party(MINE, made.DISTRICT, "990101001")])
    here.binding = Binding.objects.get(user=here.mine)
    return here


def routes(found=None, stem=""):
    """Routes as they are written, each with its view."""
    for one in (found or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            yield from routes(one, f"{stem}{one.pattern}")
        else:
            yield f"{stem}{one.pattern}", one.callback


def addresses(world):
    """Every address, with the keys of the firm and of what is its own."""
    keys = {"str:key": MINE, "str:number": world.order.number, "str:kind": "enterprise.request", "str:move": "withdraw",
            "int:policy": world.policies["fits"].pk, "int:statement": world.statement.pk, "int:paper": world.paper.pk,
            "int:key": world.binding.pk, "str:form": "docx", "str:where": "packs", "str:deed": "end"}
    for route, view in routes():
        if LEFT_OUT.search(route) or "(?P" in route:
            continue
        address = route
        for name, key in keys.items():
            address = address.replace(f"<{name}>", str(key))
        yield "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<(str:)?\w+>", MINE, address)), view


def text_of(answer):
    """The text of an answer, of a file too."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return data.decode("utf-8", "replace")


def standing():
    """Every row, but for what counts and writes down who knocked."""
    return {name: rows for name, rows in made.everything().items() if name not in COUNTED}


@pytest.mark.slow
def test_its_own_firm_sees_it_without_script(world):
    client, seen = signed(world.mine), set()
    for address, _ in addresses(world):
        answer = client.get(address)
        text = text_of(answer)
        assert answer.status_code < 500, address
        if "html" in answer.headers.get("Content-Type", ""):
            assert SCRIPT not in text, address
        assert "inner" not in text, address
        seen |= {address} if MARK in text else set()
    own = {f"/firm/{MINE}/", f"/firm/{MINE}/data/", f"/firm/{MINE}/orders/", f"/firm/{MINE}/orders/{world.order.number}/",
           f"/firm/{MINE}/orders/{world.order.number}/papers/{world.paper.pk}/"}
    assert own <= seen
    assert {address for address in seen if not OPEN.search(address)} == set()


@pytest.mark.slow
@pytest.mark.parametrize("who", FIRMS)
def test_no_address_shows_a_firm_what_is_anothers(world, who):
    client, before = signed(getattr(world, who)), standing()
    for address, view in addresses(world):
        answer = client.get(address)
        text = text_of(answer)
        assert answer.status_code < 500, address
        assert MARK not in text, address
        assert "mark@example.org" not in text, address
        assert "虚构甲厂" not in text or who == "ended", address
        if getattr(view, "signed_in", False) and not getattr(view, "firms", False):
            assert answer.status_code == 404, address
    assert standing() == before


@pytest.mark.slow
@pytest.mark.parametrize("who", FIRMS)
def test_no_form_lets_a_firm_touch_what_is_anothers(world, who):
    client, before = signed(getattr(world, who)), standing()
    told = {"v.employees": "1", "version": "0", "deed": "confirm", "why": "看看", "reason": "看看", "text": "看看",
            "title": "看看", "matter": "用工", "mail": "a@example.org", "quiet_from": "1", "quiet_until": "2",
            "id": world.order.pk, "label": "看看"}
    for address, _ in addresses(world):
        if address.startswith(("/ask", "/firm/join", "/firm/more", "/open311", "/policies/ask")):
            continue
        answer = client.post(address, told)
        assert answer.status_code < 500, address
        assert MARK not in text_of(answer), address
    assert standing() == before


@pytest.mark.slow
@pytest.mark.parametrize("who", ["neighbour", "deputy", "nobody"])
def test_no_address_shows_people_elsewhere_a_firm(world, who):
    client = signed(getattr(world, who))
    for address, _ in addresses(world):
        answer = client.get(address)
        text = text_of(answer)
        assert answer.status_code < 500, address
        assert MARK not in text, address
        assert "mark@example.org" not in text, address


@pytest.mark.parametrize("name", ["orders", "", "data", "choices"])
def test_guessed_codes_are_all_answered_alike_and_written_down(world, name):
    client = signed(world.other)
    stem = f"/{name}/" if name else "/"
    answers = {(answer.status_code, re.sub(r'value="\w{60,}"|"X-CSRFToken": "\w+"', "", answer.content.decode()))
               for key in (MINE, UNKNOWN, "91990101MA00000777", "x", "甲") for answer in [client.get(f"/firm/{key}{stem}")]}
    assert [status for status, _ in answers] == [404]
    assert Entry.objects.filter(action="firm.knock", who="yi").count() == 5


def test_guessed_numbers_and_papers_give_nothing_and_are_written_down(world):
    client, stem = signed(world.other), f"/firm/{OTHER}/orders"
    number = world.order.number
    before = Entry.objects.filter(action="firm.knock", who="yi").count()
    guesses = [f"{stem}/{number}/", f"{stem}/BT2020999999/", f"{stem}/{number}/papers/{world.paper.pk}/",
               f"{stem}/{number}/papers/999/", f"/orders/{number}/", f"/orders/{number}/papers/{world.paper.pk}/",
               f"/enterprise/accounts/{world.binding.pk}/paper/"]
    assert [client.get(address).status_code for address in guesses] == [404] * len(guesses)
    assert Entry.objects.filter(action="firm.knock", who="yi").count() - before == len(guesses)
    kept = Entry.objects.filter(action="firm.knock", who="yi").latest("seq")
    assert number not in kept.key
    own = signed(world.mine)
    assert own.get(f"/firm/{MINE}/orders/{number}/papers/{world.inner.pk}/").status_code == 404


def test_who_guesses_too_often_is_held_back_and_not_written_down_for_ever(world, monkeypatch):
    monkeypatch.setattr(door, "MOST", 5)
    client = signed(world.other)
    statuses = [client.get(f"/firm/91990101MA0000{n:04}/").status_code for n in range(100, 108)]
    assert (statuses, Entry.objects.filter(action="firm.knock", who="yi").count()) == ([404] * 5 + [429] * 3, 5)
    assert client.get(f"/firm/{OTHER}/").status_code == 200
    assert signed(world.mine).get(f"/firm/{MINE}/").status_code == 200


def test_a_binding_that_ends_shuts_the_door_at_once(world):
    client = signed(world.mine)
    assert client.get(f"/firm/{MINE}/orders/{world.order.number}/").status_code == 200
    bindings.end(world.officer, world.binding.pk, "查实冒用")
    assert client.get(f"/firm/{MINE}/orders/{world.order.number}/").status_code == 404
    assert client.post(f"/firm/{MINE}/orders/{world.order.number}/add/", {"text": "再说"}).status_code == 404
    assert client.post(f"/firm/{MINE}/data/", {"v.employees": "1"}).status_code == 404
    assert Statement.objects.count() == 1


def test_every_page_for_signed_in_people_is_shut_to_firms_unless_it_is_made_for_them():
    opened = {route for route, view in routes() if getattr(view, "signed_in", False) and getattr(view, "firms", False)}
    assert {route for route in opened if not route.startswith(("firm", "profile", "policies/ask"))} == set()
    assert getattr(for_firms(lambda request: None), "firms", False) is True


def test_every_page_that_wants_a_user_says_so(world):
    """Only `web.screen` asks people to sign in, so that nothing is forgotten when firms are shut out."""
    shut = [route for route, view in routes() if not getattr(view, "signed_in", False)]
    stems = {route.partition("/")[0].partition(".")[0] for route in shut}
    assert stems <= {"", "sign-in", "sign-out", "ask", "api", "open311", "sdmx", "firm", "policies", "v1"}, stems
    assert Client().get("/firm/").status_code == 302


@pytest.mark.slow
def test_no_list_of_the_site_holds_a_formula(world):
    """Every list handed out as a spreadsheet, with formulas in what firms, officers and rolls told."""
    world.statement.why = "=1+1"
    world.statement.save()
    for text in ("=1+1", "+1", "@x", "\t=1"):
        bindings.join(firms.TOLD | {"username": f"f{ord(text[0])}", "name": text.strip() or text, "label": text.strip()})
    Order.objects.update(title="=1+1", text="+1")
    root, found = signed(made.user("root", is_superuser=True)), set()
    for address, _ in addresses(world):
        if not address.endswith((".csv", ".xlsx")):
            continue
        answer = root.get(address)
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if answer.status_code != 200 or "sdmx" in address:
            continue
        if address.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
            assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "＝"))] == [], address
            found |= {address} if any(cell.startswith("'=") for cell in cells) else set()
        else:
            kinds_of = {cell.data_type for sheet in load_workbook(io.BytesIO(data)) for row in sheet.iter_rows() for cell in row}
            assert "f" not in kinds_of, address
    assert {"/orders.csv", "/enterprise/accounts.csv", "/enterprise/statements.csv"} <= found
