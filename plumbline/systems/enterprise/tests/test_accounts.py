"""Officers' pages: who speaks for a firm, what firms say of themselves, what came of pushes."""

import csv
import io

import pytest
from openpyxl import load_workbook

from plumbline.kernel import NotAllowed
from plumbline.store.journal import Entry
from plumbline.store.models import Binding, Statement
from plumbline.store.orders.tests.test_attachments import photo
from plumbline.store.parties import bindings, kinds, pushing, statements
from plumbline.store.parties.tests import firms
from plumbline.store.parties.tests.firms import FAR, MINE, OTHER
from plumbline.systems.enterprise import account_pages, account_rows
from plumbline.systems.enterprise.tests import portal_world
from plumbline.systems.enterprise.tests.portal_world import signed, words

pytestmark = pytest.mark.django_db
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "＝1")


@pytest.fixture
def world(monkeypatch):
    rows = portal_world.known(monkeypatch)
    here = portal_world.district()
    here.corrected = []

    def looked(user, table, key):
        if key not in rows or rows[key]["area"] != user.area:
            raise NotAllowed("没有")
        return rows[key]

    monkeypatch.setattr(account_pages.rolls, "looked", looked)
    monkeypatch.setattr(account_rows.rolls, "rows_of", lambda table, keys, names: {one: rows[one] for one in keys & rows.keys()})
    monkeypatch.setattr(statements, "correct", lambda *told: here.corrected.append(told))
    return here


def test_an_officer_sees_what_was_told_beside_the_roll_and_confirms(world):
    one = bindings.join(firms.TOLD | {"username": "xin", "name": "虚构甲场"}, ("执照.png", photo("PNG")))
    client, address = signed(world.officer), f"/enterprise/accounts/{one.pk}/"
    page = words(client.get(address))
    for said in ("虚构甲场", "虚构甲厂", "名称与名录不同", "同一企业的其他账号", MINE):
        assert said in page
    picture = client.get(f"{address}paper/")
    assert (picture.status_code, picture["X-Content-Type-Options"]) == (200, "nosniff")
    b"".join(picture.streaming_content)
    assert client.post(address, {"deed": "confirm", "version": "0"}).status_code == 302
    assert firms.speaks(one.user) == [MINE]
    assert client.post(address, {"deed": "confirm", "version": "0"}).status_code == 409
    assert client.post(address, {"deed": "end", "why": ""}).status_code == 400
    assert client.post(address, {"deed": "end", "why": "离职"}).status_code == 302
    assert firms.speaks(one.user) == []


@pytest.mark.parametrize(("who", "status"), [
    ("neighbour", 404), ("deputy", 404), ("mine", 404), ("nobody", 302), ("leader", 200)])
def test_others_do_not_see_who_asks_and_nobody_of_them_decides(world, who, status):
    one = bindings.join(firms.TOLD | {"username": "xin"}, ("执照.png", photo("PNG")))
    client, address = signed(getattr(world, who)), f"/enterprise/accounts/{one.pk}/"
    assert client.get(address).status_code == status
    assert client.get(f"{address}paper/").status_code == (302 if who == "nobody" else 404)
    assert client.post(address, {"deed": "confirm", "version": "0"}).status_code in (302, 403, 404)
    assert Binding.objects.get(pk=one.pk).state == "asked"


def test_the_list_is_of_the_area_and_exported_harmless(world):
    for n, text in enumerate(FORMULAS):
        bindings.join(firms.TOLD | {"username": f"f{n}", "name": text, "label": text})
    bindings.join(firms.TOLD | {"username": "far", "key": FAR, "name": "虚构丙行"})
    client = signed(world.officer)
    told = client.get("/enterprise/accounts.json?state=asked").json()["list"]
    assert told["count"] == 6
    cells = [cell for row in rows_of(client, "/enterprise/accounts.csv") for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "＝"))] == []
    sheet = load_workbook(io.BytesIO(body(client.get("/enterprise/accounts.xlsx")))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)} == {"s"}
    assert FAR not in cells


def test_statements_are_taken_into_the_roll_or_refused_with_a_reason(world):
    told = {"employees": "298", "layoff_rate": "0.02"}
    first, second = statements.state(world.mine, firms.roll(), MINE, told, "=HYPERLINK(1)")
    client = signed(world.officer)
    page = words(client.get("/enterprise/statements/"))
    assert ("虚构甲厂" in page, "298人" in page, "303人" in page) == (True, True, True)
    assert client.post(f"/enterprise/statements/{first.pk}/settle/", {"deed": "confirm"}).status_code == 302
    assert client.post(f"/enterprise/statements/{second.pk}/settle/", {"deed": "refuse", "why": ""}).status_code == 400
    assert client.post(f"/enterprise/statements/{second.pk}/settle/", {"deed": "refuse", "why": "与社保不符"}).status_code == 302
    assert [one[3] for one in world.corrected] == [{first.column: first.value}]
    assert sorted(Statement.objects.values_list("state", flat=True)) == ["confirmed", "refused"]
    cells = [cell for row in rows_of(client, "/enterprise/statements.csv") for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert "与社保不符" in words(signed(world.mine).get(f"/firm/{MINE}/data/"))


@pytest.mark.parametrize("who", ["mine", "other", "neighbour", "deputy", "leader", "nobody"])
def test_nobody_else_settles_a_statement(world, who):
    [one] = statements.state(world.mine, firms.roll(), MINE, {"employees": "298"})
    answer = signed(getattr(world, who)).post(f"/enterprise/statements/{one.pk}/settle/", {"deed": "confirm"})
    assert answer.status_code in (302, 403, 404)
    assert (world.corrected, Statement.objects.get().state) == ([], "asked")


def test_the_funnel_of_a_push_is_counted_by_street(world):
    one = world.policies["fits"]
    parties = [pushing.Party(key, row["area"], row["street"]) for key, row in firms.ROWS.items()]
    pushing.push(None, kinds.paper_of(one), parties)
    signed(world.mine).get(f"/firm/{MINE}/policies/{one.pk}/")
    signed(world.mine).post(f"/firm/{MINE}/policies/{one.pk}/apply/")
    pushing.shown(firms.TABLE, OTHER)
    client = signed(world.officer)
    [funnel] = client.get("/enterprise/pushes.json").json()["funnels"]
    assert [count for _, _, count, _ in funnel["steps"]] == [2, 2, 1, 1, 0, 0]
    told = client.get(f"/enterprise/pushes/{one.pk}.json").json()["streets"]
    assert [(row["place"], row["counts"]) for row in told] == [
        ("990101001", [1, 1, 1, 1, 0, 0]), ("990101002", [1, 1, 0, 0, 0, 0])]
    assert rows_of(client, f"/enterprise/pushes/{one.pk}.csv")[1][2:] == ["1", "1", "1", "1", "0", "0"]
    assert "推送" in words(client.get("/enterprise/pushes/"))
    [far] = signed(world.neighbour).get("/enterprise/pushes.json").json()["funnels"]
    assert far["steps"][0][2] == 1
    assert signed(world.deputy).get("/enterprise/pushes/").status_code == 404


def test_a_look_at_the_roll_is_written_down_before_it_is_shown(world, monkeypatch):
    seen = []
    monkeypatch.setattr(account_pages.rolls, "looked", lambda user, table, key: seen.append((user, key)) or {})
    one = Binding.objects.filter(user=world.stranger).get()
    signed(world.officer).get(f"/enterprise/accounts/{one.pk}/")
    assert seen == [(world.officer, one.key)]
    assert Entry.objects.filter(action="binding.ask").count() == Binding.objects.count()


def body(answer):
    """The bytes of a file."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def rows_of(client, address):
    """The rows of a csv."""
    return list(csv.reader(io.StringIO(body(client.get(address)).decode("utf-8-sig"))))


def test_what_is_no_deed_is_refused(world):
    one = bindings.join(firms.TOLD | {"username": "xin"})
    assert signed(world.officer).post(f"/enterprise/accounts/{one.pk}/", {"deed": "x"}).status_code == 400
    assert Binding.objects.get(pk=one.pk).state == "asked"
