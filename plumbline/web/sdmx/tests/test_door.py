"""What the door answers: to whom, in which form, and what it refuses."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from plumbline.kernel import Figure as Counted
from plumbline.store import figures, people
from plumbline.store.models import Batch, Figure
from plumbline.store.tests import made
from plumbline.web.sdmx.tests import world
from plumbline.web.tests.world import drained

pytestmark = pytest.mark.django_db
CSV = {"HTTP_ACCEPT": "application/vnd.sdmx.data+csv;version=1.0.0"}


@pytest.fixture
def told():
    return world.published()


def ask(path, user=None, **headers):
    client = Client()
    if user:
        client.force_login(user)
    answer = client.get(f"/sdmx/{path}", **headers)
    answer.told = drained(answer)
    return answer


def rows(answer):
    assert answer.status_code == 200, answer.told
    return list(csv.DictReader(io.StringIO(answer.told.decode())))


def short(answer):
    return [(row["FREQ"], row["INDICATOR"], row["REF_AREA"], row["TIME_PERIOD"], row["OBS_VALUE"]) for row in rows(answer)]


def test_a_stranger_reads_what_a_published_document_prints_and_nothing_else(told):
    assert short(ask("data/FIGURES", **CSV)) == [("A", "economy-gdp", "990101", "2024", "48590000000.00")]
    assert ask("data/FIGURES/S..../", **CSV).status_code == 400
    assert ask("data/FIGURES/S...", **CSV).status_code == 404


def test_people_read_what_they_see(told):
    assert len(rows(ask("data/FIGURES", told.planner, **CSV))) == 13
    assert short(ask("data/FIGURES", told.neighbour, **CSV)) == [
        ("S", "economy-gdp", "110112", "2025-S1", ""), ("A", "economy-gdp", "990101", "2024", "48590000000.00")]


def test_a_stranger_is_not_told_which_indicators_there_are_beyond_what_he_reads(told):
    body = ask("codelist/PLUMBLINE/CL_INDICATOR").content.decode()
    assert 'id="economy-gdp"' in body
    assert "trial-share" not in body
    assert "trial-share" in ask("codelist/PLUMBLINE/CL_INDICATOR", told.planner).content.decode()
    assert "甲" not in ask("codelist/PLUMBLINE/CL_PART").content.decode()


def test_a_key_reads_in_its_owners_name_until_it_is_stopped(told):
    key, secret = people.create_key(told.planner, "统计平台")
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert len(rows(ask("data/FIGURES", **bearer, **CSV))) == 13
    people.retire_key(told.planner, key.pk)
    answer = ask("data/FIGURES", **bearer, **CSV)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="plumbline"')
    for wrong in ("Bearer plk_nobody", "Basic eWVzOm5v", "Bearer", "x"):
        assert ask("data/FIGURES", HTTP_AUTHORIZATION=wrong).status_code == 401


def test_missing_is_not_zero(told):
    found = {(row["INDICATOR"], row["TIME_PERIOD"], row["REF_AREA"], row["PART"]): row
             for row in rows(ask("data/FIGURES/S+Q...", told.planner, **CSV))}
    assert found["programmes-moved", "2025-S1", "990101", "_T"]["OBS_VALUE"] == "0"
    missing = found["programmes-moved", "2025-Q1", "990101", "_T"]
    assert (missing["OBS_VALUE"], missing["OBS_STATUS"], missing["MISSING"], missing["UNKNOWN"]) == ("", "O", "UNKNOWN", "4")
    nothing = found["trial-share", "2025-Q1", "990101", "_T"]
    assert (nothing["OBS_VALUE"], nothing["OBS_STATUS"], nothing["NUMERATOR"], nothing["DENOMINATOR"]) == ("", "M", "0", "0")
    share = found["trial-share", "2025-S1", "990101", "_T"]
    assert (share["OBS_VALUE"], share["UNIT_MEASURE"], share["UNIT_MULT"]) == (f"{Decimal(1) / 3}", "%", "2")


def test_an_absent_value_is_absent_in_xml_and_null_in_json(told):
    root = etree.fromstring(ask("data/FIGURES/S.economy-gdp.110112.", told.neighbour).told)
    (obs,) = root.iter("{*}Obs")
    assert [child.tag.rpartition("}")[2] for child in obs] == ["ObsDimension", "Attributes"]
    body = json.loads(ask("data/FIGURES/S.economy-gdp.110112.?format=jsondata", told.neighbour).told)
    ((series,),) = ([body["dataSets"][0]["series"]["0:0:0:0"]],)
    assert series["observations"]["0"][0] is None


def test_json_numbers_are_the_stored_digits(told):
    for form in ("jsondata", "jsondata2"):
        body = json.loads(ask(f"data/FIGURES?format={form}", told.planner).told, parse_float=Decimal, parse_int=Decimal)
        sets = body["dataSets"] if form == "jsondata" else body["data"]["dataSets"]
        read = sorted(str(one[0]) for series in sets[0]["series"].values() for one in series["observations"].values()
                      if one[0] is not None)
        seen = Figure.objects.visible_to(told.planner).filter(state="current").exclude(value="")
        assert read == sorted(seen.values_list("value", flat=True))


def test_replaced_figures_are_not_told(told):
    found = rows(ask("data/FIGURES/S.programmes-moved..", told.planner, **CSV))
    assert {(row["OBS_VALUE"], row["REPLACED"]) for row in found} == {("0", "false"), ("12", "false")}


def test_who_may_not_see_the_newer_figure_reads_the_printed_one_and_that_it_was_replaced(told):
    deputy = made.user("deputy", "deputy")
    before = ask("data/FIGURES", **CSV)
    figures.publish(None, [world.figure(world.GDP, "2024", "48600000000", "元")], "年报定案")
    for who, told_of in ((None, ("48590000000.00", "true")), (deputy, ("48590000000.00", "true")),
                         (told.neighbour, ("48590000000.00", "true")), (told.planner, ("48600000000", "false"))):
        found = rows(ask("data/FIGURES/A.economy-gdp.990101.?startPeriod=2024", who, **CSV))
        assert [(row["OBS_VALUE"], row["REPLACED"]) for row in found] == [told_of]
    assert ask("data/FIGURES", HTTP_IF_NONE_MATCH=before["ETag"], **CSV).status_code == 200
    world.printing(told.planner, "定案.txt", Figure.objects.get(value="48600000000"), True)
    assert short(ask("data/FIGURES", **CSV)) == [("A", "economy-gdp", "990101", "2024", "48600000000")]


@pytest.mark.parametrize(("query", "times"), [
    ("startPeriod=2025", {"2025-S1", "2025-Q1", "2025-06", "2025-06-11", "2025-06-30", "2025-02-01/P5M"}),
    ("endPeriod=2024", {"2023", "2024"}),
    ("startPeriod=2025-Q2&endPeriod=2025-06", {"2025-06", "2025-06-11", "2025-06-30"}),
    ("c[TIME_PERIOD]=ge:2025-04%2Ble:2025-06", {"2025-06", "2025-06-11", "2025-06-30"}),
    ("c[TIME_PERIOD]=2024", {"2024"}),
    ("c[FREQ]=A,Q", {"2023", "2024", "2025-Q1"}),
    ("offset=1&limit=2", {"2024", "2025-06-11"}),
])
def test_a_query_is_narrowed(told, query, times):
    answer = ask(f"data/dataflow/PLUMBLINE/FIGURES/1.0/*.economy-gdp.990101.*?{query}", told.planner, **CSV)
    assert {row["TIME_PERIOD"] for row in rows(answer)} == times


def test_the_last_of_each_series(told):
    answer = rows(ask("data/FIGURES/..990101.?lastNObservations=1", told.planner, **CSV))
    keys = [(row["FREQ"], row["INDICATOR"], row["PART"]) for row in answer]
    assert len(keys) == len(set(keys)) == 12
    assert [row["TIME_PERIOD"] for row in answer if row["FREQ"] == "A"] == ["2024"]
    ends = rows(ask("data/FIGURES/A.economy-gdp..?firstNObservations=1", told.planner, **CSV))
    assert [row["TIME_PERIOD"] for row in ends] == ["2023"]


def test_several_keys_at_once(told):
    answer = ask("data/dataflow/PLUMBLINE/FIGURES/+/A.economy-gdp.*.*,S.trial-share.990101._T/", told.planner, **CSV)
    assert [row["INDICATOR"] for row in rows(answer)] == ["economy-gdp", "economy-gdp", "trial-share"]


def test_only_series(told):
    told_rows = rows(ask("data/FIGURES?detail=serieskeysonly", told.planner, **CSV))
    assert set(told_rows[0]) == {"DATAFLOW", "FREQ", "INDICATOR", "REF_AREA", "PART"}
    root = etree.fromstring(ask("data/FIGURES?detail=serieskeysonly", told.planner).told)
    assert not list(root.iter("{*}Obs"))
    assert len(list(root.iter("{*}Series"))) == len(told_rows) == 12
    assert set(rows(ask("data/FIGURES?detail=dataonly", told.planner, **CSV))[0]) == {
        "DATAFLOW", "FREQ", "INDICATOR", "REF_AREA", "PART", "TIME_PERIOD", "OBS_VALUE"}


def test_what_was_asked_for_and_has_not_changed_is_not_sent_again(told):
    for path, indicator in (("data/FIGURES", world.SHARE), ("dataflow/PLUMBLINE/FIGURES?references=all", world.MOVED)):
        first = ask(path)
        assert ask(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
        world.printing(told.planner, f"{path}.txt", Figure.objects.get(
            indicator=indicator, period="2025Q1"), True)
        again = ask(path, HTTP_IF_NONE_MATCH=first["ETag"])
        assert (again.status_code, again["ETag"] != first["ETag"]) == (200, True)
        assert ask(path, told.planner, HTTP_IF_NONE_MATCH=again["ETag"]).status_code == 200


def test_since(told):
    row = Figure.objects.select_related("run").get(indicator=world.GDP, period="2024")
    after = row.run.at.isoformat().replace("+", "%2B")
    assert ask(f"data/FIGURES?updatedAfter={after}", told.planner).status_code == 404
    assert ask("data/FIGURES?updatedAfter=2020-01-01", told.planner).status_code == 200


@pytest.mark.parametrize(("path", "status", "code"), [
    ("data/FIGURES/A.none..", 404, "100"), ("data/OTHER", 404, "100"), ("data/ELSE,FIGURES,1.0", 404, "100"),
    ("data/FIGURES,9", 404, "100"), ("data/FIGURES/a.b", 400, "140"), ("data/FIGURES?startPeriod=soon", 400, "140"),
    ("data/FIGURES?startPeriod=2025-Q7", 400, "140"), ("data/FIGURES?startPeriod=2025-02-30", 400, "140"),
    ("data/FIGURES?startPeriod=0000", 400, "140"), ("data/FIGURES?startPeriod=2025-W60", 400, "140"),
    ("data/FIGURES?detail=all", 400, "140"), ("data/FIGURES?lastNObservations=0", 400, "140"),
    ("data/FIGURES?limit=-1", 400, "140"), ("data/FIGURES?dimensionAtObservation=NONE", 400, "140"),
    ("data/FIGURES?dimensionAtObservation=REF_AREA", 501, "501"), ("data/FIGURES?includeHistory=true", 501, "501"),
    ("data/FIGURES?updatedAfter=yesterday", 400, "140"), ("data/dataflow/PLUMBLINE/FIGURES/1.0/*?c[NONE]=1", 400, "140"),
    ("data/dataflow/PLUMBLINE/FIGURES/1.0/*?c[REF_AREA]=sw:99", 501, "501"), ("data/FIGURES?format=pdf", 406, "140"),
    ("nowhere/PLUMBLINE", 400, "140"), ("codelist/PLUMBLINE/NONE", 404, "100"), ("codelist/ELSE", 404, "100"),
    ("dataflow/all/all/9.0", 404, "100"), ("categoryscheme", 404, "100"), ("dataflow?references=some", 400, "140"),
    ("dataflow?detail=some", 400, "140"), ("codelist/PLUMBLINE/CL_FREQ/1.0/X9", 404, "100"), ("metadata/x", 501, "501"),
    ("availableconstraint/FIGURES/A.none..", 404, "100"), ("data/%00", 404, "100"),
    ("data/FIGURES/A.%00..", 400, "140"), ("data/FIGURES/A.%E7%94%B2..", 400, "140"), ("data/FIGURES/A. ..", 400, "140"),
    ("data/dataflow/PLUMBLINE/FIGURES/1.0/*?c[REF_AREA]=%00", 400, "140"),
])
def test_what_cannot_be_answered_is_told_by_the_numbers_of_the_standard(told, path, status, code):
    answer = ask(path)
    assert answer.status_code == status
    (message,) = etree.fromstring(answer.content)
    assert message.get("code") == code
    assert [text.get("{http://www.w3.org/XML/1998/namespace}lang") for text in message] == ["zh", "en"]
    assert all(text.text for text in message)


def test_refusals_in_json_for_who_asks_for_json(told):
    answer = ask("data/FIGURES/A.none..", HTTP_ACCEPT="application/vnd.sdmx.data+json;version=2.0.0")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, 100)


def test_nothing_is_written_through_the_door(told):
    client = Client(enforce_csrf_checks=True)
    client.force_login(told.planner)
    before = made.everything()
    for method in ("post", "put", "delete", "patch"):
        assert getattr(client, method)("/sdmx/data/FIGURES").status_code == 405
    drained(client.get("/sdmx/data/FIGURES"))
    assert made.everything() == before


@pytest.mark.parametrize(("accept", "media"), [
    ("", "application/vnd.sdmx.genericdata+xml; version=2.1; charset=utf-8"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
     "application/vnd.sdmx.genericdata+xml; version=2.1; charset=utf-8"),
    ("application/vnd.sdmx.structurespecificdata+xml;version=2.1",
     "application/vnd.sdmx.structurespecificdata+xml; version=2.1; charset=utf-8"),
    ("application/vnd.sdmx.data+json;version=9.9;q=1, application/vnd.sdmx.data+csv;q=0.2, image/png",
     "application/vnd.sdmx.data+csv; version=1.0.0; charset=utf-8"),
    ("application/vnd.sdmx.data+csv;version=2.0.0", "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8"),
    ("application/json", "application/vnd.sdmx.data+json; version=2.0.0"),
])
def test_the_form_is_the_one_wanted_most(told, accept, media):
    assert ask("data/FIGURES", **({"HTTP_ACCEPT": accept} if accept else {}))["Content-Type"] == media


@pytest.mark.parametrize(("path", "kinds"), [
    ("dataflow/PLUMBLINE/FIGURES", ["Dataflow"]),
    ("dataflow/PLUMBLINE/FIGURES/latest?references=children", ["Dataflow", "DataStructure"]),
    ("structure/datastructure/PLUMBLINE/FIGURES/~?references=parents", ["Dataflow", "DataStructure"]),
    ("datastructure/PLUMBLINE/FIGURES?references=codelist", [*["Codelist"] * 6, "DataStructure"]),
    ("dataflow/PLUMBLINE/FIGURES?references=descendants", ["Dataflow", *["Codelist"] * 6, "ConceptScheme", "DataStructure"]),
    ("codelist/PLUMBLINE/CL_FREQ?references=parents", ["Codelist", "DataStructure"]),
    ("codelist/PLUMBLINE/CL_FREQ?references=ancestors", ["Dataflow", "Codelist", "DataStructure"]),
    ("codelist/PLUMBLINE/CL_FREQ+CL_AREA", ["Codelist"] * 2), ("structure/codelist/*/CL_FREQ,CL_AREA", ["Codelist"] * 2),
    ("agencyscheme", ["AgencyScheme"]), ("", ["Dataflow"]),
])
def test_structures_and_what_goes_with_them(told, path, kinds):
    root = etree.fromstring(ask(path).content)
    assert [one.tag.rpartition("}")[2] for group in root[1] for one in group] == kinds


def test_a_stub_says_where_the_whole_is(told):
    root = etree.fromstring(ask("codelist/PLUMBLINE/CL_FREQ?detail=allstubs").content)
    (stub,) = root.iter("{*}Codelist")
    assert (stub.get("isExternalReference"), stub.get("structureURL")) == (
        "true", "http://testserver/sdmx/codelist/PLUMBLINE/CL_FREQ/1.0")
    assert not list(root.iter("{*}Code"))


def test_one_code_of_a_list(told):
    root = etree.fromstring(ask("structure/codelist/PLUMBLINE/CL_FREQ/1.0/A").content)
    (only,) = root.iter("{*}Codelist")
    assert (only.get("isPartial"), [code.get("id") for code in root.iter("{*}Code")]) == ("true", ["A"])


def test_names_in_the_language_asked_for(told):
    chinese, english = (ask("codelist/PLUMBLINE/CL_FREQ?format=jsonstructure", HTTP_ACCEPT_LANGUAGE=language).json()
                        for language in ("zh-CN,zh;q=0.9,en;q=0.8", "en-GB,en;q=0.5"))
    assert [body["data"]["codelists"][0]["codes"][0]["name"] for body in (chinese, english)] == ["年", "Annual"]


def test_what_was_counted_from_invented_records_says_so(told):
    Batch.objects.create(table="trial.yards", sha256="b" * 64, name="一.csv", area=made.NEIGHBOUR, areas=[made.NEIGHBOUR], rows=1,
                         size=1, example=True, received_by=told.neighbour, received_at=timezone.now())
    figures.publish(None, [world.figure(world.MOVED, "2025", 1, area=made.NEIGHBOUR),
                           Counted(world.MOVED, made.NEIGHBOUR, "2026", "家", Decimal(2), inputs=("a", "b" * 64))])
    found = rows(ask("data/FIGURES/A.programmes-moved.110112.", told.neighbour, **CSV))
    assert [(row["TIME_PERIOD"], row["SIMULATED"]) for row in found] == [("2025", "false"), ("2026", "true")]
    assert {row["SIMULATED"] for row in rows(ask("data/FIGURES/..990101.", told.planner, **CSV))} == {"true"}
