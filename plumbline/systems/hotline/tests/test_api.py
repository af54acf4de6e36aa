"""The API: what a key's owner may, no more; refusals in Chinese, the same shape everywhere."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plumbline.store.journal import Entry
from plumbline.store.models import Asker, Attachment, Order, OrderNote
from plumbline.store.tests import made
from plumbline.systems.hotline.tests import doors

pytestmark = pytest.mark.django_db
BODY = {"kind": "hotline.request", "title": "路灯不亮", "text": "小区门口路灯不亮。", "area": made.DISTRICT, "place": "990101001",
        "urgency": "ordinary", "fields": {"spot": "虚构小区"},
        "asker": {"name": "张某某", "phone": "13955507788", "secret": True}}


@pytest.fixture
def world():
    return doors.district()


def call(method, path, secret="", body=None, **headers):
    """Status and JSON of an answer."""
    given = {"Authorization": f"Bearer {secret}"} if secret else {}
    answer = Client().generic(method, f"/api/v1{path}", json.dumps(body) if body is not None else b"",
                              content_type="application/json", headers=given | headers)
    return answer.status_code, json.loads(answer.content)


@pytest.fixture
def opened(world):
    """An order opened by the operator's key."""
    status, told = call("POST", "/orders", doors.key(world.operator), BODY)
    assert status == 200, told
    return doors.only()


def test_an_order_is_opened_in_the_name_of_the_keys_owner(world, opened):
    assert (opened.title, opened.source, opened.opened_by, opened.area, opened.fields) == (
        "路灯不亮", "接口", world.operator, made.DISTRICT, {"spot": "虚构小区"})
    assert Entry.objects.filter(action__startswith="order").latest("pk").who == "operator"
    assert (Asker.objects.get().phone, Asker.objects.get().secret) == ("13955507788", True)


def test_the_same_idempotency_key_gives_the_same_order(world):
    secret = doors.key(world.operator)
    told = {json.dumps(call("POST", "/orders", secret, BODY, **{"Idempotency-Key": "a-1"})[1]) for _ in range(2)}
    assert (len(told), Order.objects.count()) == (1, 1)
    call("POST", "/orders", doors.key(world.dispatcher), BODY, **{"Idempotency-Key": "a-1"})
    assert Order.objects.count() == 2  # what somebody else calls his order is another


def test_an_order_is_shown_without_who_asked_and_with_the_moves_there_are(world, opened):
    status, told = call("GET", f"/orders/{opened.number}", doors.key(world.dispatcher, writes=False))
    assert (status, told["title"], told["state"], told["fields"]) == (200, "路灯不亮", "registered", {"spot": "虚构小区"})
    assert "dispatch" in [move["key"] for move in told["moves"]]
    assert [step["move"] for step in told["story"]] == ["open"]
    for part in ("13955507788", "张某某", opened.code):
        assert part not in json.dumps(told, ensure_ascii=False)


def test_lists_are_narrowed_and_paged(world, opened):
    secret = doors.key(world.planner)
    call("POST", "/orders", doors.key(world.operator), BODY | {"title": "第二件"})
    status, told = call("GET", "/orders?size=1", secret)
    assert (status, [row["title"] for row in told["orders"]], told["more"]) == (200, ["第二件"], True)
    status, told = call("GET", "/orders?size=1&page=2", secret)
    assert ([row["title"] for row in told["orders"]], told["more"]) == (["路灯不亮"], False)
    for asked, many in (("state=registered", 2), ("state_kind=done", 0), (f"area={made.NEIGHBOUR}", 0),
                        ("since=2999-01-01", None),
                        ("until=2020-01-01T00:00:00Z", 0), (f"office={world.street.pk}", 0), ("kind=hotline.request", 2)):
        status, told = call("GET", f"/orders?{asked}", secret)
        assert (status, len(told["orders"])) == (200, many) if many is not None else status == 400


def test_a_move_is_made_by_who_may_and_once(world, opened):
    path, body = f"/orders/{opened.number}/moves", {"move": "dispatch", "version": opened.version, "office": world.street.pk}
    status, told = call("POST", path, doors.key(world.dispatcher), body)
    assert (status, told["state"]) == (200, "assigned")
    assert call("POST", path, doors.key(world.dispatcher), body)[0] == 409
    status, told = call("POST", path, doors.key(world.dispatcher), body | {"move": "sign", "version": told["version"]})
    assert status in (400, 403)
    opened.refresh_from_db()
    assert (opened.state, opened.office) == ("assigned", world.street)


@pytest.mark.parametrize("who", ["stranger", "neighbour", "deputy"])
def test_who_may_not_see_an_order_is_told_there_is_none(world, opened, who):
    others = {"neighbour": lambda: made.user("neighbour", "dispatcher", area=made.NEIGHBOUR),
              "deputy": lambda: made.user("deputy", "deputy")}
    secret = doors.key(others[who]() if who in others else world.stranger)
    before = made.everything()
    missing = call("GET", "/orders/SQ2020999999", secret)
    assert call("GET", f"/orders/{opened.number}", secret) == missing
    assert call("GET", "/orders", secret)[1]["orders"] == []
    path = f"/orders/{opened.number}"
    for rest, body in (("moves", {"move": "sign", "version": 0}), ("notes", {"text": "看看", "public": True})):
        assert call("POST", f"{path}/{rest}", secret, body)[0] == 404
    after = made.everything()
    assert {name for name in after if after[name] != before[name]} <= {name for name in after if "nock" in name}


def test_writing_wants_a_key_that_writes(world, opened):
    before = made.everything()
    reads = doors.key(world.dispatcher, writes=False)
    for path, body in (("/orders", BODY), (f"/orders/{opened.number}/notes", {"text": "看看"}),
                       (f"/orders/{opened.number}/moves", {"move": "dispatch", "version": 0, "office": world.street.pk})):
        status, told = call("POST", path, reads, body)
        assert (status, told["status"]) == (403, 403)
        assert "只能读取" in told["advice"]
        for secret in ("", "plk_nobody"):
            assert call("POST", path, secret, body)[0] == 401
    after = made.everything()
    assert {name for name in after if after[name] != before[name]} <= {
        name for name in after if any(told in name.lower() for told in ("knock", "accesskey", "entry", "head"))}
    assert call("GET", "/orders")[1]["advice"].startswith("没有密钥")


@pytest.mark.parametrize(("body", "where"), [
    ({}, "kind"), (BODY | {"title": ""}, "title"), (BODY | {"colour": "red"}, "colour"), (BODY | {"lng": "east"}, "lng"),
    (BODY | {"title": "a" * 201}, "title"), (BODY | {"fields": {"spot": ["a"]}}, "fields"), ([], ""),
    (BODY | {"lat": 1e400}, "lat"),
])
def test_what_does_not_fit_the_description_is_said_part_by_part(world, body, where):
    status, told = call("POST", "/orders", doors.key(world.operator), body)
    assert (status, told["status"], Order.objects.count()) == (400, 400, 0)
    assert any(where in finding["where"] for finding in told["findings"])


@pytest.mark.parametrize("change", [
    {"kind": "hotline.nothing"}, {"area": "123456"}, {"place": "990101"}, {"urgency": "at once"}, {"fields": {"colour": "red"}},
    {"fields": {"wants": "别的"}}, {"title": "看\u202e不见"}, {"asker": {"phone": "1"}}, {"lng": 181, "lat": 1}, {"lng": 1},
    {"text": "a\0b"},
])
def test_what_the_store_refuses_opens_nothing(world, change):
    status, told = call("POST", "/orders", doors.key(world.operator), BODY | change)
    assert status in (400, 403)
    assert told["advice"]
    assert Order.objects.count() == 0


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe", b"", b"[" * 100_000, b'{"title": "\\ud800"}', b"null", b"NaN"])
def test_a_body_that_cannot_be_read_is_refused(world, data):
    answer = Client().post("/api/v1/orders", data, content_type="application/json",
                           headers={"Authorization": f"Bearer {doors.key(world.operator)}"})
    assert (answer.status_code, answer.json()["status"]) == (400, 400)


def test_notes_and_papers_are_kept(world, opened):
    secret = doors.key(world.operator)
    status, told = call("POST", f"/orders/{opened.number}/notes", secret, {"text": "已与来件人核实。"})
    assert (status, OrderNote.objects.get().pk, OrderNote.objects.get().public) == (200, told["id"], False)
    photo = SimpleUploadedFile("a.png", doors.picture("PNG"), "image/png")
    answer = Client().post(f"/api/v1/orders/{opened.number}/attachments", {"file": photo, "public": "true"},
                           headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, Attachment.objects.get().pk) == (200, answer.json()["id"])
    assert Attachment.objects.get().public
    bomb = SimpleUploadedFile("a.zip", b"PK\x03\x04" + bytes(1000), "application/zip")
    answer = Client().post(f"/api/v1/orders/{opened.number}/attachments", {"file": bomb},
                           headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, Attachment.objects.count()) == (400, 1)


def test_kinds_are_told_as_they_are_declared(world):
    status, told = call("GET", "/kinds", doors.key(world.operator, writes=False))
    (kind,) = [one for one in told if one["key"] == "hotline.request"]
    assert (status, kind["label"], kind["states"]["registered"]) == (200, "诉求工单", "待派单")
    assert {"key": "dispatch", "label": "派单", "needs": ["office"], "takes": ["reason"]} in kind["moves"]


def test_the_description_lists_every_answer_and_no_page_loads_from_elsewhere(world):
    answer = Client().get("/api/v1/openapi.json")
    paths = answer.json()["paths"]
    assert set(paths["/api/v1/orders"]["post"]["responses"]) == {"200", "400", "401", "403", "404", "409", "413", "429", "503"}
    assert len(paths) == 6
    assert Client().get("/api/v1/docs").status_code == 404
