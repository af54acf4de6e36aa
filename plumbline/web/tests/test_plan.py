"""The plan's pages: choosing, previewing, confirming, changing; proposals and what they change; the cockpit."""

import csv
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from plumbline.store import people, plans
from plumbline.store.models import Answer, Claim, Commitment, Entry, Pairing, Share, Target
from plumbline.store.tests import made
from plumbline.web.tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return world.district()


@pytest.fixture
def client(district):
    return world.browser(district.planner)


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:500]
    return answer.json()


def test_a_claim_that_promises_something_waits_until_it_is_in_the_plan(client, district):
    waiting = page(client, "/plan/claims.json")["list"]["rows"]
    assert [(row["subject"], row["words"]) for row in waiting] == [("新增基站", "13,000个")]
    client.post(reverse("confirm"), {"id": district.claims[6].pk, "why": world.WHY, "office": district.mine.pk})
    assert page(client, "/plan/claims.json")["list"]["rows"] == []
    target = Target.objects.get(claim=district.claims[6])
    assert (target.office, target.value, target.unit) == (district.mine, "13000", "个")
    entry = Entry.objects.get(table="target", key=str(target.pk))
    assert (entry.who, entry.action, entry.why) == ("planner", "target.commit", world.WHY)


def test_a_preview_says_what_would_be_written_and_what_cannot_and_writes_nothing(client, district):
    before = made.everything()
    ids = [district.claims[number].pk for number in (1, 4, 6)]
    answer = client.post("/plan/claims/preview.json", {"id": ids}).json()
    assert [(row["key"], row["due_on"]) for row in answer["good"]] == [(ids[2], "2025-12-31")]
    assert [(row["label"], row["why_not"]) for row in answer["bad"]] == [
        ("退出一般制造业企业", "性质是「实际」；如确是目标，请先更正性质。"), ("退出一般制造业企业", "已在计划中。")]
    assert made.everything() == before


def test_all_that_pass_a_filter_can_be_chosen_at_once(client, district):
    answer = client.post("/plan/claims/preview.json?q=基站", {"all": "1"}).json()
    assert [row["key"] for row in answer["good"]] == [district.claims[6].pk]
    none = client.post("/plan/claims/preview/?q=没有", {"all": "1"})
    assert none["Location"] == reverse("claims-to-plan")


@pytest.mark.parametrize("keys", [["x"], ["-1"], ["9" * 40], ["１"]])
def test_made_up_choices_are_refused(client, keys):
    before = made.everything()
    assert client.post(reverse("confirm"), {"id": keys}).status_code == 400
    assert client.post(reverse("confirm-commitments"), {"id": keys}).status_code == 400
    assert made.everything() == before


def test_confirming_one_twice_is_refused_whole(client, district):
    before = made.everything()
    answer = client.post(reverse("confirm"), {"id": [district.claims[6].pk, district.claims[4].pk]})
    assert answer.status_code == 400
    assert "已在计划中" in answer.content.decode()
    assert made.everything() == before


def test_a_target_is_changed_with_a_reason_and_keeps_its_old_value(client, district):
    address = reverse("target", args=[district.firms.pk])
    form = page(client, f"{address.rstrip('/')}.json")
    typed = {"value": "95", "bound": ">=", "due_on": "2025-11-30", "version": form["version"], "why": "调整"}
    assert client.post(address, form["fields"] | typed).status_code == 302
    after = page(client, f"{address.rstrip('/')}.json")
    assert (after["row"]["words"], after["row"]["due_on"]) == ("不低于95家", "2025-11-30")
    step = after["history"][0]
    assert {(one["key"], one["before"], one["after"]) for one in step["changes"]} == {
        ("bound", "等于", "不低于"), ("due_on", "2025-12-31", "2025-11-30"), ("value", "90", "95")}


def test_a_target_somebody_else_changed_meanwhile_is_not_overwritten(client, district):
    address = reverse("target", args=[district.firms.pk])
    assert client.post(address, {"value": "91", "version": "0", "why": "甲"}).status_code == 302
    before = made.everything()
    late = client.post(address, {"value": "99", "version": "0", "why": "乙"})
    assert late.status_code == 409
    words = late.content.decode()
    assert "刚被他人修改" in words
    assert 'value="99"' in words
    assert 'value="乙"' in words
    assert made.everything() == before


@pytest.mark.parametrize(("form", "words"), [
    ({"value": "很多"}, "目标值"), ({"due_on": "2025-02-30"}, "不是日期"), ({"office": "abc"}, "责任单位"),
    ({"state": "gone"}, "状态"), ({"bound": "!"}, "界"), ({"value": "91", "why": ""}, "理由"), ({"label": ""}, "指标"),
])
def test_bad_values_are_refused_in_chinese_and_kept_in_the_form(client, district, form, words):
    before = made.everything()
    answer = client.post(reverse("target", args=[district.firms.pk]), {"why": "x", "version": "0"} | form)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert made.everything() == before


def test_an_office_reports_its_own_state_and_cannot_move_the_promise(district):
    client = world.browser(district.people["office"])
    address = reverse("target", args=[district.firms.pk])
    assert client.post(address, {"note": "已退出80家", "version": "0", "why": ""}).status_code == 302
    assert Target.objects.get(pk=district.firms.pk).note == "已退出80家"
    before = made.everything()
    assert client.post(address, {"value": "10", "version": "1", "why": "x"}).status_code == 403
    assert made.everything() == before


def test_a_commitment_is_confirmed_and_changed(client, district):
    Commitment.objects.update(state="proposed", office=None, version=0)
    client.post(reverse("confirm-commitments") + "?q=制造业", {"all": "1", "office": district.other.pk})
    address = reverse("commitment", args=[district.commitment.pk])
    shown = page(client, f"{address.rstrip('/')}.json")
    assert (shown["row"]["state"], shown["row"]["office"]) == ("已确认", "区商务局")
    assert [(one["label"], one["state"]) for one in shown["promises"]] == [
        ("退出一般制造业企业", "在办"), ("就业率", "在办"), ("新增基站", "未列入计划")]
    assert client.post(address, {"outcome": "kept", "version": shown["version"], "why": "完成"}).status_code == 302
    assert page(client, f"{address.rstrip('/')}.json")["row"]["outcome"] == "已完成"


def test_the_tree_shows_sections_themes_commitments_and_their_numbers(client):
    tree = page(client, "/plan.json")
    (section,) = tree["sections"]
    (theme,) = section["themes"]
    (branch,) = theme["branches"]
    assert (section["title"], theme["title"], branch["n"]) == ("三、下半年措施", "投资", 1)
    assert [(leaf["label"], leaf["state"]) for leaf in branch["leaves"]] == [
        ("退出一般制造业企业", "在办"), ("就业率", "在办"), ("新增基站", "待列入计划")]
    assert tree["waiting"] == {"claims": 1, "commitments": 0, "pairings": 2}
    assert tree["kept"] == {"commitments": 1, "targets": 2}


@pytest.mark.parametrize(("query", "found"), [
    ("q=就业", ["就业率"]), ("due_to=2025-11-30", []), ("due_from=2025-12-31", ["退出一般制造业企业", "就业率"]),
    ("state=kept", []), ("area=990101&sort=-label", ["退出一般制造业企业", "就业率"]), ("q=没有这个", []),
    ("due_from=昨天", ["退出一般制造业企业", "就业率"]), ("office=999&section=x", ["退出一般制造业企业", "就业率"]),
    ("page=99&size=7", ["退出一般制造业企业", "就业率"]), ("q=%00", ["退出一般制造业企业", "就业率"]),
])
def test_filters_of_targets(client, query, found):
    rows = page(client, f"/plan/targets.json?{query}")["list"]["rows"]
    assert sorted(row["label"] for row in rows) == sorted(found)


def test_a_list_is_handed_out_as_it_is_filtered(client):
    text = b"".join(client.get("/plan/targets.csv?q=就业").streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["指标"], row["目标"], row["责任单位"]) == ("就业率", "不低于95%", "区经信局")
    book = load_workbook(io.BytesIO(client.get("/plan/targets.xlsx").content))
    assert [cell.value for cell in book.active["A"]] == ["指标", "退出一般制造业企业", "就业率"]


def test_confirming_a_pairing_changes_the_cockpit(client, district):
    shown = page(client, "/cockpit.json")
    assert shown["panels"][0]["groups"][0]["bars"] == []
    sent = {"state": "confirmed", "on_top": "0", "why": "同一件事"}
    client.post(reverse("decide", args=["pairings", district.pairing.pk]), sent)
    (panel,) = page(client, "/cockpit.json")["panels"]
    (bar,) = panel["groups"][0]["bars"]
    assert Decimal(bar["standing"]["share"]).quantize(Decimal("0.001")) == Decimal("0.756")
    assert (bar["standing"]["word"], bar["href"]) == ("超前", reverse("target", args=[district.firms.pk]))
    assert "68" in bar["standing"]["why"]
    late = page(client, "/cockpit.json?on=2025-12-31")["panels"][0]
    assert [one["label"] for one in late["behind"]] == ["退出一般制造业企业"]
    assert {one["label"] for one in late["due"]} == {
        "退出一般制造业企业 90家", "就业率 不低于95%", district.commitment.text}


def test_a_pairing_read_as_on_top_is_measured_so(client, district):
    client.post(reverse("decide", args=["pairings", district.pairing.pk]), {"state": "confirmed", "on_top": "1"})
    (bar,) = page(client, "/cockpit.json")["panels"][0]["groups"][0]["bars"]
    assert Decimal(bar["standing"]["share"]).quantize(Decimal("0.001")) == Decimal("0.430")
    client.post(reverse("decide", args=["pairings", district.pairing.pk]), {"state": "rejected", "why": "不是一件事"})
    assert Pairing.objects.get(pk=district.pairing.pk).state == "rejected"
    assert page(client, "/cockpit.json")["panels"][0]["groups"][0]["bars"] == []


def test_rates_are_held_against_their_limit_and_not_divided(client):
    (level,) = page(client, "/cockpit.json")["panels"][0]["groups"][0]["levels"]
    assert (level["label"], level["standing"]["share"], level["standing"]["level"]) == ("就业率", None, True)


def test_both_sentences_of_a_pairing_stand_side_by_side(client):
    first = page(client, "/plan/pairings.json")["list"]["rows"][0]
    assert first["promised"]["sentence"] == {"before": "全年退出一般制造业企业", "number": "90家", "after": "。"}
    assert first["reported"]["sentence"] == {"before": "退出一般制造业企业", "number": "68家", "after": "。"}


def test_a_problem_without_a_measure_stands_out_until_one_is_confirmed(client, district):
    assert [one["title"] for one in page(client, "/cockpit.json")["panels"][0]["open_problems"]] == ["投资不足"]
    assert page(client, "/plan/problems.json?answered=1")["list"]["rows"] == []
    client.post(reverse("decide", args=["answers", district.answer.pk]), {"state": "confirmed", "why": "对应"})
    assert page(client, "/cockpit.json")["panels"][0]["open_problems"] == []
    (problem,) = page(client, "/plan/problems.json?answered=1")["list"]["rows"]
    assert (problem["answered"], problem["answers"][0]["state"]) == (True, "已确认")
    assert Answer.objects.get().state == "confirmed"


@pytest.mark.parametrize(("kind", "form", "status"), [
    ("pairings", {"state": "maybe"}, 400), ("pairings", {}, 400), ("targets", {"state": "confirmed"}, 404)])
def test_a_decision_nobody_can_take_is_refused(client, district, kind, form, status):
    before = made.everything()
    assert client.post(f"/plan/{kind}/{district.pairing.pk}/decide/", form).status_code == status
    assert made.everything() == before


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/sign-out/", ""])
def test_a_decision_never_leads_elsewhere(client, district, back):
    sent = {"state": "confirmed", "on_top": "0", "back": back}
    answer = client.post(reverse("decide", args=["pairings", district.pairing.pk]), sent)
    assert answer["Location"] == reverse("pairings")


def test_a_district_s_part_of_the_city_s_promise(district):
    """1.3 万 promised by one, 90 by the other; here both stand in one report."""
    Share.objects.create(whole=district.claims[6], part=district.claims[4], reason="同为数量", score=0.4)
    client = world.browser(district.planner)
    (whole,) = page(client, "/plan/shares.json")["list"]["rows"]
    (part,) = whole["parts"]
    assert part["share_words"] == "0.7%"
    assert (whole["sure"], whole["parts"][0]["decidable"]) == ("0", True)
    client.post(reverse("decide", args=["shares", part["key"]]), {"state": "confirmed"})
    (whole,) = page(client, "/plan/shares.json")["list"]["rows"]
    assert Decimal(whole["sure"]) == Decimal(90) / 13000


def test_the_city_beside_the_district(district):
    city = made.user("city", area=made.CITY)
    world.large(city, 3, made.CITY)
    shown = page(world.browser(city), f"/cockpit.json?beside={district.document.pk}")
    assert [panel["title"] for panel in shown["panels"]] == ["大报告", str(district.document)]
    other = page(world.browser(district.planner), "/cockpit.json")
    assert [panel["title"] for panel in other["panels"]] == [str(district.document)]


@pytest.mark.parametrize("query", ["document=x", "beside=999999999999999999999", "on=2020-13-01", "document=&on="])
def test_the_cockpit_does_not_stumble_over_an_address(client, query):
    assert client.get(f"/cockpit/?{query}").status_code == 200


@pytest.mark.parametrize("address", ["/cockpit/", "/plan/", "/plan/targets/", "/plan/commitments/", "/plan/claims/",
                                     "/plan/pairings/", "/plan/shares/", "/plan/problems/"])
def test_an_empty_page_says_what_to_do_next(address):
    text = world.browser(made.user()).get(address).content.decode()
    assert "plumb-empty" in text
    assert any(word in text for word in ("上传", "选择目标", "列入"))


ADDRESSES = ("/cockpit/", "/plan/", "/plan/targets/", "/plan/commitments/", "/plan/claims/", "/plan/pairings/",
             "/plan/problems/", "/plan/shares/", "/journal/", "/people/", "/people/offices/", "/plan/targets.csv",
             "/plan/commitments.xlsx", "/plan/pairings.csv", "/plan/problems.csv", "/journal.csv")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_asks_the_store_as_often_for_many_rows_as_for_few(address, django_assert_max_num_queries):
    planner = made.user()
    people.create_office(None, "子", made.DISTRICT)
    world.large(planner, 6, made.DISTRICT)
    client = world.browser(planner)
    with django_assert_max_num_queries(16) as few:
        world.drained(client.get(address))
    for name in ("甲", "乙", "丙"):
        people.create_office(None, name, made.DISTRICT)
    world.large(made.user("other"), 25, made.DISTRICT)
    with django_assert_max_num_queries(len(few)):
        answer = client.get(address)
        world.drained(answer)
    assert answer.status_code == 200


def test_a_preview_asks_as_often_for_many_as_for_few(django_assert_max_num_queries):
    planner = made.user()
    document = world.large(planner, 25)
    keys = list(Claim.objects.filter(document=document).values_list("pk", flat=True))
    client = world.browser(planner)
    with django_assert_max_num_queries(12) as few:
        client.post("/plan/claims/preview/", {"id": keys[:2]})
    with django_assert_max_num_queries(len(few)):
        answer = client.post("/plan/claims/preview/", {"id": keys})
    assert answer.status_code == 200


def test_what_a_target_says_is_drawn_harmless(client, district):
    script = "<script>alert(1)</script>"
    plans.edit(district.planner, district.firms.pk, {"label": f"{script}=1+1"}, script, 0)
    for address in ("/cockpit/", "/plan/", "/plan/targets/", reverse("target", args=[district.firms.pk]), "/journal/"):
        assert script not in client.get(address).content.decode()


def test_the_plan_opens_with_a_report_of_ones_own_area(client, district):
    neighbour = made.document(district.people["neighbour"], data=b"another" + made.DATA, published=True)
    assert page(client, "/plan.json")["document"] == district.document.pk
    assert page(world.browser(district.people["neighbour"]), "/plan.json")["document"] == neighbour.pk
