"""GeoReport v2: what the validators of Open311 look at, in XML and in JSON; and that nobody's data goes out by it."""

import json
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import etree

from plumbline.store import orders
from plumbline.store.models import Asker, Order, OrderNote
from plumbline.store.tests import made
from plumbline.systems.hotline import services
from plumbline.systems.hotline.tests import doors

pytestmark = pytest.mark.django_db
LAMPS = "城乡建设/城市建设和市政管理/基础设施"
NEEDED = {"service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible",
          "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode",
          "lat", "long", "media_url"}


@pytest.fixture
def world():
    return doors.district()


def read(path, client=None, **asked):
    """An answer in JSON."""
    answer = (client or Client()).get(f"/open311/v2/{path}.json", asked)
    return answer.status_code, json.loads(answer.content)


def tree(path, **asked):
    """An answer in XML, and its status."""
    answer = Client().get(f"/open311/v2/{path}.xml", asked)
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    return answer.status_code, etree.fromstring(answer.content)


def posted(secret, form="json", **sent):
    """The answer to a new request."""
    told = {"api_key": secret, "service_code": services.code_of(LAMPS), "address_string": "云溪区玉溪街道虚构路 3 号",
            "description": "路灯坏了，电话 139-5550-7788。", **sent}
    return Client().post(f"/open311/v2/requests.{form}", {name: value for name, value in told.items() if value is not None})


@pytest.fixture
def request_(world):
    """A request made through the door."""
    answer = posted(doors.key(world.operator), phone="13955507788", first_name="某某", last_name="张", email="a@example.invalid",
                    lat="40.123456", long="116.654321", **{"attribute[spot]": "虚构小区", "attribute[wants]": "求助"})
    assert answer.status_code == 200, answer.content.decode()
    return doors.only()


def test_discovery_says_where_and_in_which_forms(world):
    status, told = read("discovery")
    _, root = tree("discovery")
    assert (status, root.tag) == (200, "discovery")
    assert root.findtext("contact") == told["contact"] != ""
    assert root.findtext("key_service") == told["key_service"] != ""
    assert datetime.fromisoformat(told["changeset"]).tzinfo is not None
    (endpoint,) = root.find("endpoints")
    assert [one.text for one in endpoint.find("formats")] == told["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    assert endpoint.findtext("specification") == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint.findtext("url") == told["endpoints"][0]["url"] == "http://testserver/open311/v2"
    assert endpoint.findtext("type") == "production"


def test_services_have_codes_names_groups_and_kinds_of_answer(world):
    status, told = read("services")
    _, root = tree("services")
    assert (status, root.tag, {one.tag for one in root}) == (200, "services", {"service"})
    assert [one.findtext("service_code") for one in root] == [one["service_code"] for one in told]
    assert len({one["service_code"] for one in told}) == len(told) > 50
    assert all(one["service_name"] and one["group"] and one["type"] == "realtime" and one["metadata"] is True for one in told)
    assert {one.findtext("metadata") for one in root} == {"true"}
    assert told[0]["service_code"] == "000"
    assert all(one["service_code"].isascii() and one["service_code"].isalnum() for one in told)


def test_a_definition_lists_what_may_be_told(world):
    status, told = read(f"services/{services.code_of(LAMPS)}")
    _, root = tree(f"services/{services.code_of(LAMPS)}")
    assert (status, told["service_code"], root.tag) == (200, services.code_of(LAMPS), "service_definition")
    assert [(one["code"], one["datatype"], one["order"], one["required"], one["variable"]) for one in told["attributes"]] == [
        ("wants", "singlevaluelist", 1, False, True), ("spot", "string", 2, False, True)]
    assert told["attributes"][0]["values"][1] == {"key": "求助", "name": "求助"}
    assert [one.findtext("key") for one in root.find("attributes")[0].find("values")] == ["咨询", "求助", "投诉", "举报", "建议"]


def test_a_request_is_posted_and_found_again_in_both_forms(world, request_):
    status, (told,) = read(f"requests/{request_.number}")
    _, root = tree(f"requests/{request_.number}")
    assert (status, root.tag, [one.tag for one in root]) == (200, "service_requests", ["request"])
    assert set(told) == NEEDED == {one.tag for one in root[0]}
    assert (told["service_request_id"], told["status"], told["service_code"], told["service_name"]) == (
        request_.number, "open", services.code_of(LAMPS), "基础设施")
    assert (told["lat"], told["long"], told["address_id"]) == (40.123, 116.654, "990101001")
    assert (root[0].findtext("lat"), root[0].findtext("long")) == ("40.123", "116.654")
    assert told["status_notes"] == "已受理"
    for name in ("requested_datetime", "updated_datetime"):
        assert datetime.fromisoformat(told[name]).utcoffset() == timedelta(hours=8)
    assert (request_.topic, request_.area, request_.place, request_.source) == (LAMPS, "990101", "990101001", "Open311")
    assert (request_.lat, request_.lng) == (Decimal("40.123456"), Decimal("116.654321"))
    assert request_.fields == {"spot": "虚构小区", "wants": "求助"}
    assert request_.opened_by == world.operator


def test_the_answer_to_a_post_gives_the_number_and_the_code(world):
    (told,) = json.loads(posted(doors.key(world.operator)).content)
    order = doors.only()
    assert (told["service_request_id"], told["code"], told["account_id"]) == (order.number, order.code, None)
    assert "token" not in told
    root = etree.fromstring(posted(doors.key(world.operator), "xml").content)
    assert root[0].findtext("service_request_id") == Order.objects.first().number
    status, ((found),) = read(f"tokens/{order.number}-{order.code}")
    assert (status, found) == (200, {"service_request_id": order.number, "token": f"{order.number}-{order.code}"})
    assert read(f"tokens/{order.number}-000000000000")[0] == 404


def test_nobodys_name_telephone_house_or_secret_goes_out(world, request_):
    told = Client().get("/open311/v2/requests.json").content.decode()
    for part in ("13955507788", "139-5550-7788", "张某某", "a@example.invalid", "虚构路", request_.code):
        assert part not in told
    assert "路灯坏了，电话 ***。" in told
    assert "虚构小区" in told
    Asker.objects.update(secret=True)
    status, (row,) = read("requests")
    assert (row["description"], row["lat"], row["address"]) == (None, None, "云溪区 玉溪街道办事处")


def test_the_text_of_who_reports_another_is_not_told(world):
    posted(doors.key(world.operator), **{"attribute[wants]": "举报"})
    assert read("requests")[1][0]["description"] is None


def test_statuses_follow_the_kinds_of_states(world, request_):
    doors.answered(world, request_)
    assert read("requests", status="closed")[1] == []
    doors.sent(world, request_, ("operator", "call_back", {"reached": "false"}))
    status, (told,) = read("requests", status="closed")
    assert (told["status"], told["agency_responsible"], told["expected_datetime"]) == ("closed", "玉溪街道办事处", None)
    assert told["updated_datetime"] == told["updated_datetime"]
    assert read("requests", status="open")[1] == []
    assert len(read("requests", status="open,closed")[1]) == 1


def test_requests_are_narrowed_by_number_class_time_and_page(world, request_):
    other = json.loads(posted(doors.key(world.operator), service_code="000").content)[0]["service_request_id"]
    assert [row["service_request_id"] for row in read("requests")[1]] == [other, request_.number]
    assert len(read("requests", service_request_id=f"{other},{request_.number},SQ1")[1]) == 2
    assert [row["service_request_id"] for row in read("requests", service_code=services.code_of(LAMPS))[1]] == [request_.number]
    assert read("requests", service_code="nothing")[1] == []
    assert [row["service_request_id"] for row in read("requests", page="2", page_size="1")[1]] == [request_.number]
    Order.objects.filter(pk=request_.pk).update(opened_at="2020-06-10T00:00:00+08:00", changed_at="2020-06-20T00:00:00+08:00")
    when = {"start_date": "2020-06-01T00:00:00Z", "end_date": "2020-06-30T00:00:00+08:00"}
    assert [row["service_request_id"] for row in read("requests", **when)[1]] == [request_.number]
    assert read("requests", **when, updated_after="2020-06-21")[1] == []
    assert [row["service_request_id"] for row in read("requests")[1]] == [other]
    assert len(read("requests", start_date="2020-06-01")[1]) == 1
    assert tree("requests", **when)[1][0].findtext("requested_datetime") == "2020-06-10T00:00:00+08:00"


@pytest.mark.parametrize(("asked", "code"), [
    ({"start_date": "gestern"}, 400), ({"start_date": "2020-01-01", "end_date": "2020-06-30"}, 400),
    ({"start_date": "2020-02-30"}, 400), ({"start_date": "0001-01-01T00:00:00Z"}, 400), ({"status": "half"}, 400),
    ({"start_date": "2020-06-02", "end_date": "2020-06-01"}, 400), ({"page": "0"}, 400), ({"page_size": "1001"}, 400),
    ({"page": "１"}, 400), ({"page": "9999", "page_size": "1000"}, 400), ({"jurisdiction_id": "city.gov"}, 404),
])
def test_what_is_asked_wrongly_is_answered_with_an_error_document(world, asked, code):
    status, (told,) = read("requests", **asked)
    assert (status, told["code"]) == (code, code)
    assert told["description"]
    _, root = tree("requests", **asked)
    assert (root.tag, root[0].tag, root[0].findtext("code")) == ("errors", "error", str(code))


@pytest.mark.parametrize(("path", "code"), [
    ("services/nothing", 404), ("requests/SQ2020999999", 404), ("requests/%00", 404), ("tokens/x", 404), ("elsewhere", 404),
    ("requests/a/b", 404), ("servicerequestupdates", 403),
])
def test_what_is_not_there_is_said(world, path, code):
    assert read(path)[0] == code


@pytest.mark.parametrize(("sent", "code", "told"), [
    ({"service_code": None}, 400, "service_code"), ({"service_code": "999"}, 404, "service_code"),
    ({"address_string": None}, 400, "没有地点"), ({"lat": "91", "long": "0"}, 400, "纬度"), ({"lat": "40"}, 400, "经度"),
    ({"lat": "x", "long": "y"}, 400, "经度"), ({"attribute[colour]": "red"}, 400, "colour"),
    ({"attribute[wants]": "别的"}, 400, "诉求类型"), ({"description": "长" * 4001}, 400, "4000"),
    ({"phone": "1" * 31}, 400, "phone"), ({"email": "nobody"}, 400, "邮箱"), ({"address_id": "990101999"}, 400, "address_id"),
    ({"description": "a\0b"}, 400, "控制字符"),
    ({"jurisdiction_id": "city.gov"}, 404, "jurisdiction_id"),
])
def test_a_post_that_is_wrong_opens_nothing(world, sent, code, told):
    answer = posted(doors.key(world.operator), **sent)
    (error,) = json.loads(answer.content)
    assert (answer.status_code, error["code"], Order.objects.count()) == (code, code, 0)
    assert told in error["description"]


def test_writing_wants_a_key_that_may(world):
    reads, street = doors.key(world.operator, writes=False), doors.key(world.holder)
    for secret in (None, "", "plk_nobody", reads, street):
        answer = posted(secret)
        assert (answer.status_code, json.loads(answer.content)[0]["code"], Order.objects.count()) == (403, 403, 0)
    assert Client().put("/open311/v2/requests.json").status_code == 405
    assert Client().post("/open311/v2/services.json").status_code == 405


def test_a_link_is_kept_as_text_and_a_photo_as_a_photo(world):
    photo = SimpleUploadedFile("a.jpg", doors.picture(), "image/jpeg")
    posted(doors.key(world.operator), media_url="http://example.invalid/a.jpg", media=photo)
    order = doors.only()
    assert "http://example.invalid/a.jpg" in order.text
    assert [paper.name for paper in order.attachments.all()] == ["a.jpg"]


def test_updates_are_told_and_taken(world, request_):
    doors.sent(world, request_, ("dispatcher", "dispatch", {"office": world.street.pk}))
    status, told = read("servicerequestupdates", service_request_id=request_.number)
    assert (status, [row["description"] for row in told]) == (200, ["已转交承办单位", "已受理"])
    assert {row["status"] for row in told} == {"open"}
    _, root = tree("servicerequestupdates", service_request_id=request_.number)
    assert (root.tag, root[0].tag) == ("service_request_updates", "request_update")
    secret = doors.key(world.operator)
    assert len(read("servicerequestupdates", api_key=secret)[1]) == 2
    sent = {"api_key": secret, "service_request_id": request_.number, "description": "今晚仍不亮。"}
    answer = Client().post("/open311/v2/servicerequestupdates.json", sent)
    assert json.loads(answer.content)[0]["service_request_id"] == request_.number
    assert (OrderNote.objects.get().text, OrderNote.objects.get().public) == ("今晚仍不亮。", True)
    elsewhere = Client().post("/open311/v2/servicerequestupdates.json", sent | {"api_key": doors.key(world.stranger)})
    assert (elsewhere.status_code, OrderNote.objects.count()) == (404, 1)


def test_what_xml_cannot_say_is_replaced(world, request_):
    Order.objects.update(text="坏\x01字<b>&", title="x")
    assert tree(f"requests/{request_.number}")[1][0].findtext("description") == "坏\ufffd字<b>&"


def test_a_service_of_the_register_takes_the_place_of_those_an_empty_house_has(world):
    path = "虚构/门类/事项"
    made_item = {"table": services.REGISTER, "area": made.CITY, "key": path, "since": "2020-01-01"}
    services.Item.objects.create(**made_item, values={"area": made.CITY, "path": path, "urgency": "complex", "words": "甲 乙"})
    told = read("services")[1]
    assert [(one["service_name"], one["keywords"]) for one in told] == [("其他（由热线分类）", ""), ("事项", "甲, 乙")]
    posted(doors.key(world.operator), service_code=services.code_of(path))
    assert (doors.only().topic, doors.only().urgency) == (path, "complex")


def test_a_list_asks_the_database_no_more_for_many(world, request_, django_assert_max_num_queries):
    for _ in range(5):
        orders.open_(world.operator, "hotline.request", {"title": "某事", "area": made.DISTRICT})
    with django_assert_max_num_queries(8):
        assert len(read("requests")[1]) == 6
