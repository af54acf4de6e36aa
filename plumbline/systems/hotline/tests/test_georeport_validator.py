"""The checks of the public validators of GeoReport v2, each as a test, in XML and in JSON.

Sources (public repositories; nothing of them is copied, the checks are written anew)
  V  SeeClickFix/open311-validator, tests/discovery.rb, services.rb, create.rb
  J  open311/schema-validation, schema/georeport-v2: services, service-definition, requests
  B  kvlahromei/validopen311, basic311.py
  C  ryanbriones/open311-api-tests, features
  R  a validator for Robot Framework, Open311Validator
  S  the standard itself, wiki.open311.org/GeoReport_v2 and /Service_Discovery

discovery   address ends in "discovery" (V); text/xml and application/json (V), with charset=utf-8 (S, B); neither empty, contact
            and key_service in both, the same contact (V); changeset a time (V), never in the future (V), later once services or
            what may be told of them changed (S); an array of at least one endpoint, each with specification, url, changeset,
            type production or test, an array of formats with at least one known, text/xml among them (V, S); all fields (S)
services    an array, not empty (V, C); each with code (V), name, description, metadata yes or no, type realtime, batch or
            blackbox, keywords, group (J, B, R); codes unique (S); code spot-checked against name (C)
definition  service_code asked for (S); attributes an array (R), not empty (C): variable, code, datatype of six, required,
            description, order (J, B, R), order positive and used once (S); values of key and name (J); 404 (S)
post        urlencoded, with api_key (S); answered in both forms (V); id or token, not both (S); id of letters and figures (R);
            found again by id, with the class it was sent with (C); id of a token (C, B); 400 that names the attribute that is
            missing (C); 400 and 404 for service_code, location, jurisdiction_id, 403 for the key (S)
requests    an array, also of one (R); id, status open or closed, code, name, description, times, place (J, B, R); times with
            zone (S); degrees numbers within bounds (J, B, R); filters by id, code, both dates, status (B), several at once, ids
            before all else (S); no more than 90 days and 1,000 (S); an empty argument is none (S); 404, 400 (S)
all         UTF-8, XML declaration, no namespace, JSON the same as XML (S); errors with code and description and their status (S)

Not taken over
  "content-type equal to text/xml, without more" (V): the standard asks for the charset too
  "lat, long and zipcode on every request" (B): the standard lets them be empty, and so do we where a place shall stay secret
"""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from django.test import Client
from lxml import etree

from plumbline.store import declarations, orders, registers
from plumbline.store.models import Order
from plumbline.store.tests import made
from plumbline.systems.hotline import georeport, services
from plumbline.systems.hotline.tests import doors

pytestmark = pytest.mark.django_db
LAMPS = services.code_of("城乡建设/城市建设和市政管理/基础设施")
MEDIA = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
ARRAYS = {"services", "service_requests", "errors", "endpoints", "formats", "attributes", "values", "service_request_updates"}
DATATYPES = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
URLENCODED = "application/x-www-form-urlencoded; charset=utf-8"


@pytest.fixture
def world():
    return doors.district()


@pytest.fixture
def known(world):
    """Three requests: one of a class, with a place; one of none; one that is closed. The first is the oldest."""
    told = [{"service_code": LAMPS, "lat": "40.1", "long": "116.6"}, {}, {}]
    found = [Order.objects.get(number=sent(world, "json", **one)[1][0]["service_request_id"]) for one in told]
    doors.sent(world, doors.answered(world, found[2]), ("operator", "call_back", {"reached": "false"}))
    return found


def got(path, form, code=200, **asked):
    """A document, and that its status, content type and declaration are the standard's."""
    answer = Client().get(f"/open311/v2/{path}.{form}", asked)
    return document(answer, form, code)


def document(answer, form, code):
    """What an answer says: JSON as it is, XML as the tree."""
    assert (answer.status_code, answer["Content-Type"]) == (code, MEDIA[form])
    text = answer.content.decode("utf-8")
    if form == "json":
        return json.loads(text)
    assert re.match(r"<\?xml version=['\"]1\.0['\"] encoding=['\"](utf-8|UTF-8)['\"]\?>", text)
    assert "xmlns" not in text
    return etree.fromstring(answer.content)


def plain(element):
    """A tree by the Spark convention, all values texts: what JSON has to say too."""
    if element.tag in ARRAYS:
        return [plain(one) for one in element]
    return {one.tag: plain(one) for one in element} if len(element) else element.text or ""


def texts(value):
    """JSON with all values as XML writes them."""
    if isinstance(value, dict):
        return {name: texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [texts(one) for one in value]
    if isinstance(value, float):
        return f"{value:.3f}"
    return {None: "", True: "true", False: "false"}[value] if value is None or isinstance(value, bool) else str(value)


def both(path, **asked):
    """A document, the same in both forms."""
    told = got(path, "json", **asked)
    assert plain(got(path, "xml", **asked)) == texts(told)
    return told


def sent(world, form, code=200, **more):
    """The answer to a new request, as a client sends it, and its status."""
    told = {"api_key": doors.key(world.operator), "service_code": "000", "address_string": "云溪区玉溪街道",
            "description": "路灯坏了。"}
    body = "&".join(f"{name}={value}" for name, value in (told | more).items() if value is not None)
    answer = Client().post(f"/open311/v2/requests.{form}", body, content_type=URLENCODED)
    return answer.status_code, document(answer, form, code)


def when(text):
    """An instant with its zone."""
    assert ZONED.fullmatch(text)
    return datetime.fromisoformat(text)


def test_discovery_has_every_field_in_both_forms(world):
    told = both("discovery")
    assert set(told) == {"changeset", "contact", "key_service", "endpoints"}
    assert all(told.values())
    assert len(told["endpoints"]) > 0
    for endpoint in told["endpoints"]:
        assert set(endpoint) == {"specification", "url", "changeset", "type", "formats"}
        assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
        assert endpoint["type"] in ("production", "test")
        assert "text/xml" in endpoint["formats"]
        assert set(endpoint["formats"]) <= {"text/xml", "application/json", "text/html"}
        assert Client().get(endpoint["url"].removeprefix("http://testserver") + "/services.xml").status_code == 200


def test_the_changeset_is_a_time_and_moves_with_the_services(world):
    first = when(both("discovery")["changeset"])
    assert first == georeport.CHANGED <= datetime.fromisoformat("2026-11-22T23:59:59+08:00")
    row = {"area": made.DISTRICT, "path": "虚构/门类/事项", "urgency": "ordinary"}
    table = declarations.catalog().tables[services.REGISTER]
    registers.save(made.user("keeper"), table, None, row, "新增一类", 0)
    services.Item.objects.update(since="2030-01-02")
    assert when(both("discovery")["endpoints"][0]["changeset"]) == datetime.fromisoformat("2030-01-02T00:00:00+08:00")


def test_every_service_is_whole(world):
    told = both("services")
    assert len(told) > 0
    for one in told:
        assert set(one) == {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
        assert all(isinstance(one[name], str) for name in set(one) - {"metadata"})
        assert one["service_code"]
        assert one["service_name"]
        assert isinstance(one["metadata"], bool)
        assert one["type"] in ("realtime", "batch", "blackbox")
        assert ";" not in one["keywords"]
    assert len({one["service_code"] for one in told}) == len(told)
    assert next(one["service_name"] for one in told if one["service_code"] == LAMPS) == "基础设施"


def test_every_service_with_metadata_has_a_definition(world):
    for service in both("services")[:12]:
        assert service["metadata"]
        told = both(f"services/{service['service_code']}")
        assert (set(told), told["service_code"]) == ({"service_code", "attributes"}, service["service_code"])
        assert len(told["attributes"]) > 0
        for one in told["attributes"]:
            assert set(one) == {"variable", "code", "datatype", "required", "datatype_description", "order", "description",
                                "values"}
            assert (type(one["variable"]), type(one["required"])) == (bool, bool)
            assert one["datatype"] in DATATYPES
            assert one["code"].isascii()
            assert bool(one["values"]) == one["datatype"].endswith("list")
            assert all(set(value) == {"key", "name"} and value["key"] for value in one["values"])
        orders_ = [one["order"] for one in told["attributes"]]
        assert sorted(set(orders_)) == orders_
        assert orders_[0] >= 1


@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_request_sent_as_a_form_is_answered_with_an_id_and_found_by_it(world, form):
    _, told = sent(world, form, service_code=LAMPS, lat="40.1", long="116.6", **{"attribute[wants]": "求助"})
    [row] = told if form == "json" else plain(told)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", row["service_request_id"])
    assert "token" not in row
    assert row["service_notice"]
    assert Order.objects.get().text == "路灯坏了。"
    [found] = both(f"requests/{row['service_request_id']}")
    assert (found["service_code"], found["status"], found["description"]) == (LAMPS, "open", "路灯坏了。")
    token = f"{row['service_request_id']}-{row['code']}"
    assert both(f"tokens/{token}") == [{"service_request_id": row["service_request_id"], "token": token}]


def test_an_attribute_that_is_required_says_so_and_is_missed_by_name(world):
    path = Path(services.__file__).with_name("orders.yaml")
    body = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)["request"]
    body["fields"]["spot"]["required"] = "true"
    declarations.declare_order(made.user("head", area=made.CITY), "hotline.request", body, "须写明地点")
    [spot] = [one for one in both(f"services/{LAMPS}")["attributes"] if one["code"] == "spot"]
    assert spot["required"] is True
    _, [fault] = sent(world, "json", 400)
    assert (fault["code"], Order.objects.count()) == (400, 0)
    assert spot["description"] in fault["description"]
    assert when(both("discovery")["changeset"]) > georeport.CHANGED
    sent(world, "json", **{"attribute[spot]": "虚构小区"})
    assert Order.objects.get().fields == {"spot": "虚构小区"}


@pytest.mark.parametrize(("told", "code", "named"), [
    ({"service_code": None}, 400, "service_code"), ({"service_code": ""}, 400, "service_code"),
    ({"service_code": "no-such"}, 404, "service_code"), ({"jurisdiction_id": "no-such"}, 404, "jurisdiction_id"),
    ({"address_string": None}, 400, "lat"), ({"address_string": ""}, 400, "address_string"),
    ({"api_key": None}, 403, "api_key"), ({"api_key": "no-such"}, 403, "api_key"), ({"attribute[no_such]": "1"}, 400, "no_such"),
])
@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_wrong_post_is_told_what_is_wrong_in_the_form_it_asked_for(world, form, told, code, named):
    _, fault = sent(world, form, code, **told)
    [row] = fault if form == "json" else plain(fault)
    assert (set(row), str(row["code"])) == ({"code", "description"}, str(code))
    assert named in row["description"]
    assert Order.objects.count() == 0


@pytest.mark.parametrize(("path", "asked", "code"), [
    ("services", {"jurisdiction_id": "no-such"}, 404), ("services/no-such", {}, 404), ("requests/SQ1999000001", {}, 404),
    ("tokens/no-such", {}, 404), ("requests", {"jurisdiction_id": "no-such"}, 404), ("requests", {"status": "half"}, 400),
    ("requests", {"start_date": "2020-13-01T00:00:00Z"}, 400), ("no-such", {}, 404),
    ("requests", {"start_date": "2020-01-01T00:00:00Z", "end_date": "2020-04-01T00:00:00Z"}, 400),
])
@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_wrong_question_is_answered_with_an_error_document(world, form, path, asked, code):
    fault = got(path, form, code, **asked)
    if form == "xml":
        assert (fault.tag, [one.tag for one in fault]) == ("errors", ["error"])
    [row] = fault if form == "json" else plain(fault)
    assert (set(row), str(row["code"])) == ({"code", "description"}, str(code))
    assert row["description"]


def test_every_request_of_the_list_is_whole(world, known):
    told = both("requests")
    assert len(told) == 3
    for one in told:
        assert one["status"] in ("open", "closed")
        assert all(isinstance(one[name], str) and one[name] for name in ("service_request_id", "service_code", "service_name"))
        assert all(one[name] is None or isinstance(one[name], str) for name in set(one) - {"lat", "long"})
        assert len(one["description"]) <= 4000
        assert when(one["requested_datetime"]) <= when(one["updated_datetime"])
        assert one["expected_datetime"] is None or when(one["expected_datetime"]) > when(one["requested_datetime"])
        assert (one["lat"] is None) == (one["long"] is None)
    [placed] = [one for one in told if one["lat"] is not None]
    assert (type(placed["lat"]), -90 <= placed["lat"] <= 90, -180 <= placed["long"] <= 180) == (float, True, True)
    [closed] = both("requests", status="closed")
    assert when(closed["updated_datetime"]).replace(microsecond=0) == Order.objects.get(
        number=closed["service_request_id"]).closed_at.replace(microsecond=0)


def numbers(**asked):
    """The ids a list tells, the same in both forms."""
    return {one["service_request_id"] for one in both("requests", **asked)}


def test_filters_by_id_class_and_status_alone_several_and_empty(world, known):
    first, second, closed = (one.number for one in known)
    assert numbers(service_code=LAMPS) == {first}
    assert numbers(service_code=f"{LAMPS},000") == {first, second, closed}
    assert numbers(status="closed") == {closed}
    assert numbers(status="open") == {first, second}
    assert numbers(status="open,closed") == {first, second, closed}
    assert numbers(service_request_id=f"{first},{closed}") == {first, closed}
    assert numbers(service_request_id=first, status="closed", service_code="000", start_date="gestern") == {first}
    nothing = dict.fromkeys(("service_request_id", "service_code", "status", "start_date", "end_date", "jurisdiction_id",
                             "page", "page_size"), "")
    assert numbers(**nothing) == {first, second, closed}


def test_the_list_reaches_back_ninety_days_from_either_end_that_is_told(world, known):
    first, second, closed = known
    Order.objects.filter(pk=first.pk).update(opened_at=first.opened_at - timedelta(days=91))
    Order.objects.filter(pk=second.pk).update(opened_at=second.opened_at - timedelta(days=89))
    assert numbers() == {second.number, closed.number}
    day = {name: (first.opened_at - timedelta(days=ago)).strftime("%Y-%m-%dT%H:%M:%SZ") for name, ago in
           (("early", 92), ("late", 90), ("recent", 89.5), ("far", 2))}
    assert numbers(end_date=day["late"]) == {first.number}
    assert numbers(start_date=day["recent"]) == {second.number, closed.number}
    assert numbers(start_date=day["early"]) == {first.number, second.number}
    assert numbers(start_date=day["early"], end_date=day["late"]) == {first.number}
    assert numbers(start_date=day["late"], end_date=day["far"]) == {second.number}


def test_without_a_page_size_the_standards_thousand_are_told(world):
    many = [{"title": "某事", "text": "某事。", "area": made.DISTRICT, "urgency": "ordinary", "state": "registered"}] * 1003
    rows = [one | {"number": f"SQ{at}", "opened_at": datetime.now(georeport.CHANGED.tzinfo)} for at, one in enumerate(many)]
    orders.take_in(made.user("keeper"), "hotline.request", rows, "搬家")
    assert len(got("requests", "json")) == 1000
    assert len(got("requests", "json", page="2")) == 3
    assert len(got("requests", "json", page_size="50")) == 50
    got("requests", "json", 400, page_size="1001")


def test_updates_and_photographs_are_extensions_in_both_forms(world, known):
    told = both("servicerequestupdates", service_request_id=known[2].number)
    assert {"update_id", "service_request_id", "status", "updated_datetime", "description"} <= set(told[0])
    assert (told[0]["status"], told[-1]["status"]) == ("closed", "open")
    assert all(when(one["updated_datetime"]) for one in told)
