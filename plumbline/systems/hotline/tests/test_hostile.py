"""Hostile use: script, formulas, telephones, bombs, floods and guesses, at every address there is."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import FakePayload
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from plumbline.store import orders
from plumbline.store.journal import Entry
from plumbline.store.models import Asker, Attachment, Order
from plumbline.store.orders.numbering import new_code
from plumbline.store.orders.tests.test_attachments import png_of
from plumbline.store.tests import made
from plumbline.systems.hotline.tests import crawled, doors
from plumbline.systems.hotline.tests.crawled import MARK, PHONE, SCRIPT, filled, got, hostile, known, signed, text_of

pytestmark = pytest.mark.django_db
LIVE = re.compile(r"<script>alert|<img src=x", re.I)
# counted at the doors, and what is made anew when somebody looks
COUNTED = ("Knock", "AccessKey", "User", "Session", "Chunk", "Kept", "Cut")
MANY = 1000


@pytest.fixture
def world():
    found = doors.district()
    found.neighbour = made.user("neighbour", "dispatcher", area=made.NEIGHBOUR)
    found.deputy, found.leader, found.nobody = made.user("deputy", "deputy"), made.user("leader", "leader"), None
    return found


@pytest.fixture
def still(monkeypatch):
    """The clock stands, so that no minute ends while posts are counted."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 22, 3, 0, 30, tzinfo=UTC))


def standing():
    """Every row, but for what is counted at the doors."""
    return {name: rows for name, rows in made.everything().items() if name not in COUNTED}


@pytest.mark.parametrize(("who", "pages"), [
    ("planner", {"/orders/", "/orders/board/"}), ("dispatcher", {"/orders/", "/orders/board/"}), ("operator", {"/orders/"}),
    ("holder", {"/orders/", "/orders/inbox/", "/notices/"}), ("leader", {"/orders/"})])
def test_no_page_runs_script_nor_tells_a_telephone(world, who, pages):
    order, keys = hostile(world)
    client, seen = signed(getattr(world, who)), set()
    for address in filled(order, keys):
        status, kind, text = got(client, address)
        assert status < 500, address
        if "html" in kind:
            assert not LIVE.search(text), address
            seen |= {address} if MARK in text else set()
        assert [one for one in known() if one in text] == [], address
    assert pages | {f"/orders/{order.number}/"} <= seen
    assert not Entry.objects.filter(action="order.look").exists()


@pytest.mark.parametrize("who", ["stranger", "neighbour", "deputy", "nobody"])
def test_no_address_shows_a_street_what_is_another_streets(world, who):
    order, keys = hostile(world)
    client = signed(getattr(world, who))
    before = standing()
    for address in filled(order, keys):
        status, _, text = got(client, address)
        assert status < 500, address
        assert MARK not in text, address
        assert [one for one in known() if one in text] == [], address
    assert standing() == before


@pytest.mark.parametrize("who", ["stranger", "neighbour", "deputy", "nobody"])
def test_no_form_lets_a_street_touch_what_is_another_streets(world, who):
    order, keys = hostile(world)
    client, before = signed(getattr(world, who)), standing()
    told = {"id": order.pk, "order": order.pk, "number": order.number, "version": order.version, "commit": "1", "text": "",
            "move": "hotline.request:sign", "why": "看看", "reason": "看看", "office": world.other.pk, "returned_for": "重复来件"}
    others = [f"/orders/{order.number}/moves/{key}/" for key in ("give_back", "transfer")]
    for address in filled(order, {**keys, "str:key": "sign"}) + others:
        answer = client.post(address, told)
        text = text_of(answer)
        assert answer.status_code < 500, address
        assert MARK not in text, address
        assert [one for one in known() if one in text] == [], address
    assert standing() == before


def test_each_look_at_a_telephone_is_journalled_and_needs_a_reason(world):
    order, _ = hostile(world)
    address = f"/orders/{order.number}/asker/"
    for who in ("holder", "leader", "stranger"):  # he asked that the office not be told
        answer = signed(getattr(world, who)).post(address, {"why": "联系来件人"})
        assert answer.status_code in (403, 404)
        assert PHONE not in answer.content.decode()
    client = signed(world.operator)
    assert client.post(address, {"why": ""}).status_code == 400
    assert not Entry.objects.filter(action="order.look").exists()
    assert PHONE in client.post(address, {"why": "核对地址"}).content.decode()
    entry = Entry.objects.get(action="order.look")
    assert (entry.who, entry.why) == ("operator", "核对地址")
    assert PHONE not in client.get(f"/orders/{order.number}/").content.decode()
    Asker.objects.update(secret=False)
    assert PHONE in signed(world.holder).post(address, {"why": "约定上门"}).content.decode()
    assert Entry.objects.filter(action="order.look").count() == 2


def test_the_person_who_asked_reads_script_as_text(world):
    order, _ = hostile(world)
    client = Client()
    client.post("/ask/track/", {"number": order.number, "code": order.code})
    page = client.get(f"/ask/{order.number}/").content.decode()
    assert MARK in page
    assert not LIVE.search(page)


def test_files_hold_no_formula(world):
    hostile(world)
    client = signed(world.planner)
    rows = list(csv.reader(io.StringIO(b"".join(client.get("/orders.csv").streaming_content).decode("utf-8-sig"))))
    assert [row[2][:2] for row in rows[1:]] == ["'="]
    answer = client.get("/orders.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content)).active
    [cell] = [cell for row in sheet.iter_rows(min_row=2) for cell in row if MARK in str(cell.value)]
    assert (cell.data_type, cell.value[:4]) == ("s", "=1+1")
    for name in ("/notices.csv", "/hotline/rates/requests.csv", "/journal.csv"):
        answer = client.get(name)
        text = b"".join(answer.streaming_content).decode("utf-8-sig") if answer.streaming else answer.content.decode()
        assert [cell for row in csv.reader(io.StringIO(text)) for cell in row if cell.startswith(("=", "+", "@"))] == [], name


class Unread(FakePayload):
    """A body of a hundred megabytes that nobody may read."""

    def read(self, *_):
        raise AssertionError("the body was read")

    readline = read

    def __len__(self):
        return 100 * 1024 ** 2


@pytest.mark.parametrize("address", ["/ask/", "/ask/SQ1/add/", "/api/v1/orders/SQ1/attachments", "/open311/v2/requests.json",
                                     "/orders/SQ1/attach/", "/orders/SQ1/moves/answer/"])
def test_a_hundred_megabytes_are_refused_before_they_are_read(world, address):
    before = standing()
    answer = signed(world.operator).post(address, content_type="multipart/form-data; boundary=x", **{
        "CONTENT_LENGTH": str(100 * 1024 ** 2), "wsgi.input": Unread(b"")})
    assert (answer.status_code, standing()) == (413, before)
    assert "20 MB" in answer.content.decode() or "\\u4e0a" in answer.content.decode()


@pytest.mark.parametrize(("name", "data", "why"), [
    ("大.jpg", b"\xff\xd8\xff" + bytes(11 * 1024 ** 2), "超过 10 MB"), ("弹.png", png_of(60_000, 60_000), "像素太多"),
    ("弹.zip", b"PK\x03\x04" + bytes(1000), "不是可以上传的文件"), ("页.svg", b"<svg onload='alert(9)'/>", "不"),
])
def test_what_is_no_photo_is_refused_politely_and_the_request_taken(world, data, name, why):
    client = Client()
    client.post("/ask/", doors.TYPED | {"photos": [SimpleUploadedFile(name, data)]})
    page = client.get(f"/ask/{doors.only().number}/").content.decode()
    assert why in page
    assert (Attachment.objects.count(), orders.attachments.folder().exists() and any(
        path.suffix != ".lock" and path.name != ".lock" for path in orders.attachments.folder().iterdir())) == (0, False)


def test_papers_sent_with_a_move_that_is_refused_are_not_kept(world):
    doors.asked()
    order = doors.sent(world, doors.only(), ("dispatcher", "dispatch", {"office": world.street.pk}), ("holder", "sign", {}))
    client, before = signed(world.holder), standing()
    answer = client.post(f"/orders/{order.number}/moves/answer/", {
        "version": order.version, "reply": "", "finding": "已解决", "evidence": SimpleUploadedFile("a.txt", b"paper")})
    assert (answer.status_code, standing()) == (400, before)


@pytest.mark.slow
def test_a_thousand_posts_a_minute_from_one_address_are_held_back_politely(world, still):
    client = Client()
    statuses = [client.post("/ask/", doors.TYPED | {"text": f"第 {n} 件事", "key": ""}).status_code for n in range(MANY)]
    assert (statuses[:10], set(statuses[10:]), Order.objects.count()) == ([302] * 10, {429}, 10)


def test_who_posts_too_often_is_told_when_to_try_again_and_others_are_served(world, still):
    for n in range(10):
        assert doors.asked(text=f"第 {n} 件事").status_code == 302
    answer = doors.asked()
    assert (answer.status_code, answer["Retry-After"], Order.objects.count()) == (429, "30", 10)
    for words in ("提交得太频繁", "30 秒后再试", "12345"):
        assert words in answer.content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7").post("/ask/", doors.TYPED | {"text": "别处的事"})
    assert elsewhere.status_code == 302
    order = Order.objects.latest("pk")
    client = Client()
    client.post("/ask/track/", {"number": order.number, "code": order.code})
    assert client.post(f"/ask/{order.number}/add/", {"text": "再说一句"}).status_code == 429


def test_programs_that_write_too_often_are_held_back_in_the_words_of_their_door(world, still, monkeypatch):
    secret, other = doors.key(world.operator), doors.key(world.dispatcher)
    monkeypatch.setattr("plumbline.systems.hotline.gate.most", lambda name, now: 3)
    body = {"kind": "hotline.request", "title": "路灯不亮", "area": made.DISTRICT}

    def api(key):
        return Client().post("/api/v1/orders", json.dumps(body), content_type="application/json",
                             headers={"Authorization": f"Bearer {key}"})

    assert [api(secret).status_code for _ in range(3)] == [200] * 3
    answer = api(secret)
    assert (answer.status_code, answer["Retry-After"], Order.objects.count()) == (429, "30", 3)
    assert "写入得太频繁" in answer.json()["advice"]
    told = {"api_key": secret, "service_code": "000", "description": "路灯不亮", "address_string": "云溪区玉溪街道"}
    answer = Client().post("/open311/v2/requests.json", told)
    assert (answer.status_code, Order.objects.count()) == (429, 3)
    assert "30 秒后再试" in answer.json()[0]["description"]
    assert api(other).status_code == 200


def test_a_code_is_not_guessed(world, still):
    doors.asked()
    order = doors.only()
    assert len({new_code() for _ in range(2000)}) == 2000
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{12}", new_code()) for _ in range(50))  # 60 bits
    client = Client()
    for n in range(10):
        answer = client.post("/ask/track/", {"number": order.number, "code": f"{n:012}"})
        assert answer.status_code == 400
    held = client.post("/ask/track/", {"number": order.number, "code": order.code})
    assert (held.status_code, "次数太多" in held.content.decode()) == (429, True)
    assert client.get(f"/open311/v2/tokens/{order.number}-{order.code}.json").status_code == 429
    for n in range(20):  # from elsewhere; till nobody may try this number any more
        Client(REMOTE_ADDR=f"192.0.2.{n}").post("/ask/track/", {"number": order.number, "code": "X" * 12})
    late = Client(REMOTE_ADDR="198.51.100.1").post("/ask/track/", {"number": order.number, "code": order.code})
    assert late.status_code == 429


ODD = st.one_of(
    st.text(max_size=40), st.text(st.characters(categories=("Cs", "Cc", "Cf", "Co", "Cn", "Mn", "Nd")), max_size=12),
    st.sampled_from(["\0", "\ud800", "9" * 400, "-1", "1e999", "NaN", "²", "٣", "0x10", "true", "{}", "[]", "' OR 1=1 --", "%s%n",
                     "{{7*7}}", "../../etc/passwd", "hotline.request", "2026-02-30", "9999-12-31T23:59:59", SCRIPT, "长" * 6000]))
FIELDS = ("id", "number", "version", "text", "title", "reason", "reply", "office", "why", "public", "clock", "amount", "granted",
          "answer", "urgency", "area", "place", "address", "lng", "lat", "phone", "name", "code", "key", "once", "move", "commit",
          "next", "topic", "q", "state", "kind", "sort", "page", "size", "month", "level", "street", "order", "reached", "solved",
          "called_on", "verdict", "step", "into", "since", "until", "description", "service_code", "lat", "long", "api_key",
          "label")


def coded(pairs):
    """A form as a browser that has lost its mind would send it."""
    return "&".join(f"{name}={quote(text.encode('utf-8', 'surrogatepass'))}" for name, text in pairs.items())


def tried(ask, addresses, examples):
    """Addresses, each with anything; none may fail."""
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(address=st.sampled_from(addresses), pairs=st.dictionaries(st.sampled_from(FIELDS), ODD, min_size=4, max_size=24))
    def check(address, pairs):
        answer = ask(address, coded(pairs))
        assert answer.status_code < 500
        text_of(answer)

    check()


@pytest.mark.parametrize("who", ["operator", "holder", "nobody"])
def test_no_form_fails_whatever_is_typed(world, who):
    order, keys = hostile(world)
    client = signed(getattr(world, who))
    forms = [one for one in filled(order, {**keys, "str:key": "transfer"})
             if one.startswith(("/orders", "/ask", "/hotline")) and not one.endswith((".json", ".xlsx"))]
    forms.append("/open311/v2/requests.json")
    tried(lambda address, body: client.post(address, body, content_type="application/x-www-form-urlencoded"), forms, 120)


@pytest.mark.parametrize("who", ["planner", "nobody"])
def test_no_address_fails_whatever_is_asked(world, who):
    order, keys = hostile(world)
    client = signed(getattr(world, who))
    lists = [one for one in filled(order, keys) if one.startswith(("/orders", "/ask", "/hotline", "/notices"))
             and one.endswith((".json", "/ask/track/"))] + ["/open311/v2/requests.json", "/open311/v2/servicerequestupdates.xml"]
    tried(lambda address, query: client.get(f"{address}?{query}"), lists, 80)


JSON = st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), ODD),
                    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=8), one, max_size=3), max_leaves=8)
PARTS = ("kind", "title", "text", "area", "place", "lng", "lat", "fields", "asker", "move", "version", "office", "reason",
         "reply", "public", "urgency", "topic", "address")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(body=st.dictionaries(st.sampled_from(PARTS), JSON, max_size=8), usual=st.booleans())
def check_bodies(secret, number, body, usual):
    told = ({"kind": "hotline.request", "title": "路灯不亮", "move": "sign", "version": 0, "text": "x"} if usual else {}) | body
    for path in ("orders", f"orders/{number}/moves", f"orders/{number}/notes"):
        answer = Client().post(f"/api/v1/{path}", json.dumps(told), content_type="application/json",
                               headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code < 500, (path, told)


def test_no_body_makes_the_api_fail(world, monkeypatch):
    monkeypatch.setattr("plumbline.systems.hotline.gate.most", lambda name, now: 10 ** 6)
    order, _ = hostile(world)
    check_bodies(doors.key(world.holder), order.number)
    check_bodies(doors.key(world.operator), order.number)


def test_the_asker_takes_back_nothing_that_is_answered_and_nobody_else_anything(world):
    client = Client()
    doors.asked(client)
    order = doors.answered(world, doors.only())
    before = standing()
    assert client.post(f"/ask/{order.number}/withdraw/").status_code == 302
    assert Client().post(f"/ask/{order.number}/withdraw/").status_code == 302
    assert standing() == before
    assert crawled.notes() == 0
