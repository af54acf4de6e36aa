"""The doors against tools of others: the client `georeport`, and schemathesis with the description of the API."""

import pytest
import requests
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import connection
from georeport import GeoReport
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from plumbline.systems.hotline import services
from plumbline.systems.hotline.tests import doors

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
SETTINGS = settings(max_examples=25, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_what_was_written(live_server, form):
    world = doors.district()
    root = f"{live_server.url}/open311/v2"
    numbers = []
    for text in ("路灯坏了。", "井盖松了。"):
        answer = requests.post(f"{root}/requests.json", timeout=20, data={
            "api_key": doors.key(world.operator), "service_code": "000", "lat": "40.1", "long": "116.6", "description": text})
        numbers.append(answer.json()[0]["service_request_id"])
    client = GeoReport(root, jurisdiction="110000", output_format=form)
    listed = client.get_service_list()
    assert [one["service_code"] for one in listed] == list(services.services())
    definition = client.get_service_definition(listed[0]["service_code"])
    assert definition["service_code"] == listed[0]["service_code"]
    found = client.get_service_requests(status="open", service_code="000")
    assert [(one["service_request_id"], one["description"]) for one in found] == [
        (numbers[1], "井盖松了。"), (numbers[0], "路灯坏了。")]
    one = client.get_service_request(numbers[0])
    assert (one["service_request_id"], one["status"], float(one["lat"]), one["service_code"]) == (numbers[0], "open", 40.1, "000")
    named = client.get_service_requests(service_request_id=",".join(numbers))
    assert {one["service_request_id"] for one in named} == set(numbers)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_example_of_the_description_makes_the_api_fail(mode, monkeypatch):
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)  # it is the test's own
    world = doors.district()
    doors.asked()
    number, headers = doors.only().number, {"Authorization": f"Bearer {doors.key(world.dispatcher)}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    statuses = set()
    for operation in (found.ok() for found in schema.get_all_operations()):
        if mode is GenerationMode.NEGATIVE and operation.path.endswith("/kinds"):
            continue  # nothing is told to it that could be wrong
        known = mode is GenerationMode.POSITIVE and "{number}" in operation.path
        given_ = {"path_parameters": {"number": number}} if known else {}

        @SETTINGS
        @given(case=operation.as_strategy(mode, headers=headers, **given_))
        def examined(case):
            response = case.call(headers=headers)
            statuses.add(response.status_code)
            case.validate_response(response, checks=CHECKS, headers=headers)
        examined()
    assert (200 if mode is GenerationMode.POSITIVE else 400) in statuses
    assert max(statuses) < 500
