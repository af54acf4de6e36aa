"""The three rates: ranks, weights, strike-outs, every request behind, and who sees what."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plumbline.kernel import Dated, Figure, load
from plumbline.kernel.figure import NO_DENOMINATOR
from plumbline.store import declarations, orders
from plumbline.store.models import Order
from plumbline.store.tests import made
from plumbline.systems.hotline import demo, rate_pages, rates
from plumbline.systems.hotline.tests import scores
from plumbline.systems.hotline.tests.scores import JUNE, client, number, shares, told
from plumbline.web import links

CATALOG = load([Path(demo.__file__).parent])
STREET, OTHER, THIRD = "990101001", "990101002", "990101003"
BEHIND = "/hotline/rates/requests"


@pytest.fixture
def world(db):
    return scores.world()


def figures(*values, counted=10):
    """The three rates, in per cent; None where one is missing."""
    return [Figure(f"hotline.{name}", "990101", "2020-06", "%", None if value is None else Decimal(value) / 100,
                   "" if value is not None else NO_DENOMINATOR, counted)
            for name, value in zip(rates.RATES, values, strict=True)]


def placed(found):
    return [(one.key, one.place, one.of) for one in rates.ranked(CATALOG.parameters, "2020-06", found)]


def weighted(parameters, **weights):
    """The parameters with other weights from July 2020 on."""
    found = dict(parameters)
    for name, weight in weights.items():
        key = f"hotline.weights.{name}"
        found[key] = replace(found[key], values=(*found[key].values, Dated(date(2020, 7, 1), Decimal(weight), "虚构文件")))
    return found


def test_a_score_is_the_weighted_mean_of_the_three_shares_exactly():
    [one] = rates.ranked(CATALOG.parameters, "2020-06", {"a": figures(90, 80, 60)})
    assert one.score.value == Decimal("76")  # (90×30 + 80×35 + 60×35) ÷ 100
    assert one.score.said == "（响应率90.00×30 + 解决率80.00×35 + 满意率60.00×35）÷ 100"


def test_equal_scores_share_a_place_and_the_next_is_counted_after_them():
    assert placed({"a": figures(80, 80, 80), "b": figures(90, 90, 90), "c": figures(80, 80, 80), "d": figures(70, 70, 70)}) == [
        ("b", 1, 4), ("a", 2, 4), ("c", 2, 4), ("d", 4, 4)]


def test_too_few_answers_or_a_missing_rate_give_no_place_and_are_never_zero():
    found = rates.ranked(CATALOG.parameters, "2020-06", {
        "few": figures(100, 100, 100, counted=2), "hole": figures(90, None, 90), "worst": figures(0, 0, 0)})
    assert [(one.key, one.place, one.of) for one in found] == [("worst", 1, 1), ("few", None, 0), ("hole", None, 0)]
    assert [one.why for one in found] == ["", "回访答复 2 件，不足 3 件，不参加排名", "缺解决率，不计算综合得分"]
    assert [one.score.value for one in found] == [0, 100, None]


def test_weights_hold_from_their_day_on_and_not_before():
    later = weighted(CATALOG.parameters, responded="0", solved="0", satisfied="100")
    by_name = {one.indicator.partition(".")[2]: one for one in figures(90, 80, 60)}
    assert rates.score(later, date(2020, 6, 30), by_name).value == 76
    assert rates.score(later, date(2020, 7, 31), by_name).value == 60


def test_a_weight_an_official_changed_holds_from_its_day_on(world):
    key = "hotline.weights.solved"
    declarations.declare_parameter(world.city, key, Dated(date(2020, 6, 1), Decimal(40), "虚构文件"), "虚构的理由")
    solved = declarations.catalog().parameters[key]
    assert [solved.on(day).value for day in (date(2020, 5, 31), date(2020, 6, 1))] == [35, 40]


def test_a_rate_without_weight_may_be_missing_and_weights_of_zero_rank_nobody():
    by_name = {one.indicator.partition(".")[2]: one for one in figures(None, 80, 60)}
    one_left = weighted(CATALOG.parameters, responded="0")
    assert rates.score(one_left, date(2020, 7, 31), by_name).value == 70
    none_left = rates.score(weighted(CATALOG.parameters, responded="0", solved="0", satisfied="0"), date(2020, 7, 31), by_name)
    assert (none_left.value, none_left.why) == (None, "权重合计为零，不计算综合得分")
    before = rates.score(CATALOG.parameters, date(2018, 12, 31), by_name)
    assert (before.value, before.why) == (None, "2018-12-31 还没有生效的权重，不计算综合得分")


def test_streets_are_ranked_by_what_call_back_found(world):
    found = scores.rates(world.city)
    assert [(one["key"], one["place"], one["of"], one["score"]) for one in found.values()] == [
        (STREET, 1, 2, "79.58"), (OTHER, 2, 2, "73.00"), (THIRD, None, 0, "100.00")]
    assert found[THIRD]["why"] == "回访答复 2 件，不足 3 件，不参加排名"
    assert found[THIRD]["why"] in client(world.city).get(f"/hotline/rates/?by=street&{JUNE}").content.decode()
    assert shares(found[OTHER]) == {"responded": ("80%", "分子 4，分母 5"), "solved": ("80%", "分子 4，分母 5"),
                                    "satisfied": ("60%", "分子 3，分母 5")}


def test_only_who_is_ranked_is_drawn(world):
    page = client(world.city).get(f"/hotline/rates/?by=street&{JUNE}")
    drawn = json.loads(re.search(r'<script id="rates-data"[^>]*>(.*?)</script>', page.content.decode()).group(1))
    assert [(one["name"], one["words"]) for one in drawn] == [("玉溪街道办事处", "79.58"), ("青石街道办事处", "73.00")]


def test_who_was_not_reached_or_not_asked_is_neither_for_nor_against(world):
    assert shares(scores.rates(world.city)[STREET]) == {
        "responded": ("100%", "分子 4，分母 4"), "solved": ("75%", "分子 3，分母 4"),
        "satisfied": ("66.7%", "分子 2，分母 3；1 件没有回答，不计入")}


@pytest.mark.parametrize(("by", "expected"), [
    ("district", {"990101"}), ("office", {"玉溪街道办事处", "青石街道办事处", "银杏街道办事处", "区城管委"}),
    ("topic_1", {"城乡建设", "环境保护"}), ("topic", {scores.ROADS, scores.NOISE}), ("month", {"2020-06"})])
def test_the_same_requests_are_looked_at_by_district_office_class_and_month(world, by, expected):
    found = scores.rates(world.city, f"by={by}&{JUNE}")
    assert set(found) == expected
    closed = {key: next(number["value"] for number in one["numbers"] if number["name"] == "closed") for key, one in found.items()}
    assert sum(int(value) for value in closed.values()) == len(scores.REQUESTS)


def test_months_without_answers_have_no_rate_and_no_score(world):
    found = scores.rates(world.city, "by=month&period=2020Q2")
    assert [(key, one["score"], one["numbers"][0]["words"]) for key, one in found.items()] == [
        ("2020-04", None, "—"), ("2020-05", None, "—"), ("2020-06", "80.41", "90.9%")]
    assert found["2020-04"]["numbers"][0]["why"].startswith("分母为零")


def test_the_city_has_no_place_and_a_district_is_placed_among_districts(world):
    [city] = told(world.city, f"/hotline/rates.json?{JUNE}")["whole"]
    assert (city["name"], city["place"]) == ("全市", None)
    _, district = told(world.planner, f"/hotline/rates.json?{JUNE}")["whole"]
    assert (district["name"], district["place"], district["of"]) == ("云溪区", 1, 1)


def test_one_begins_with_the_last_month_requests_ended_in_and_the_own_way_of_looking(world):
    assert told(world.city, "/hotline/rates.json")["period"] == "2020-06"
    assert [told(who, "/hotline/rates.json")["by"] for who in (world.city, world.planner, world.holder)] == [
        "district", "street", "street"]


def test_the_newest_month_is_offered_however_few_requests_ended_in_it(world, monkeypatch):
    one = Order.objects.filter(kind="hotline.request").first()
    Order.objects.filter(pk=one.pk).update(closed_at=one.closed_at.replace(month=8))
    monkeypatch.setattr(rate_pages, "FEW", 3)
    page = client(world.city).get("/hotline/rates/").context["screen"]
    assert (page.period, [key for key, _ in page.periods][:2]) == ("2020-06", ["2020-06", "2020-08"])


def test_a_struck_out_request_leaves_the_rate_and_may_be_taken_back_in(world):
    one = scores.request_at(10)
    orders.move(world.dispatcher, one.pk, "strike", {"struck": True, "struck_for": "不合理", "reason": "虚构理由"}, one.version)
    found = scores.rates(world.city)[OTHER]
    assert (found["place"], found["score"]) == (1, "91.25")
    assert shares(found)["solved"] == ("100%", "分子 4，分母 4")
    one.refresh_from_db()
    orders.move(world.dispatcher, one.pk, "strike", {"struck": False, "struck_for": "其他", "reason": "恢复"}, one.version)
    assert scores.rates(world.city)[OTHER]["score"] == "73.00"


def test_one_answer_put_right_changes_the_rate(world):
    one = scores.request_at(4)
    orders.move(world.dispatcher, one.pk, "record", {"solved": True, "satisfied": True, "reason": "复核"}, one.version)
    assert shares(scores.rates(world.city)[STREET]) == {
        "responded": ("100%", "分子 4，分母 4"), "solved": ("100%", "分子 4，分母 4"), "satisfied": ("75%", "分子 3，分母 4")}


def test_every_request_behind_a_score_is_listed_and_counted_in_each_rate(world):
    behind = f"{BEHIND}.json?area=990101&{JUNE}&cell=street=990101002"
    assert [one["number"] for one in told(world.city, behind)["list"]["rows"]] == [number(at) for at in range(6, 11)]
    failed = told(world.city, f"{behind}&in=satisfied&passed=no")["list"]
    assert ([one["number"] for one in failed["rows"]], failed["count"]) == ([number(9), number(10)], 2)
    assert told(world.city, f"{behind}&in=solved&passed=yes")["list"]["count"] == 4
    unknown = told(world.city, f"{BEHIND}.json?area=990101&{JUNE}&cell=street=990101001&in=satisfied")["list"]
    assert unknown["count"] == 3


def test_the_requests_behind_are_paged_and_sorted(world):
    page = client(world.city).get(f"{BEHIND}/?area=990101&{JUNE}&size=20&sort=-number").content.decode()
    assert page.index(number(12)) < page.index(number(11)) < page.index(number(1))
    assert "共 12 条" in page


def read_csv(answer):
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_the_ranking_and_the_requests_behind_leave_as_files(world):
    ranking = read_csv(client(world.city).get(f"/hotline/rates.csv?by=street&{JUNE}"))
    assert [line[:3] for line in ranking if line[0] in ("1", "2")] == [
        ["1", "玉溪街道办事处", "79.58"], ["2", "青石街道办事处", "73.00"]]
    behind = read_csv(client(world.city).get(f"{BEHIND}.csv?area=990101&{JUNE}&cell=street=990101002"))
    assert sum(line[0].startswith("SQ") for line in behind) == 5
    assert client(world.city).get(f"{BEHIND}.xlsx?area=990101&{JUNE}").status_code == 200


def test_a_street_sees_its_place_among_all_and_no_other_street(world):
    found = scores.rates(world.stranger)
    assert [(one["key"], one["place"], one["of"]) for one in found.values()] == [(OTHER, 2, 2)]
    page = client(world.stranger).get(f"/hotline/rates/?by=street&{JUNE}").content.decode()
    assert "青石街道办事处" in page
    assert not any(word in page for word in ("玉溪街道办事处", "银杏街道办事处", "79.58"))


def test_a_street_opens_the_requests_of_its_own_score_alone(world):
    rows = told(world.stranger, f"{BEHIND}.json?{JUNE}")["list"]["rows"]
    assert [one["number"] for one in rows] == [number(at) for at in range(6, 11)]
    assert all(one["may_object"] for one in rows)
    for cell in ("street=990101001", "office=玉溪街道办事处", "topic_1=城乡建设"):
        for form in ("", ".json", ".csv"):
            address = f"{BEHIND}{form or '/'}?area=990101&{JUNE}&cell={cell}"
            assert client(world.stranger).get(address).status_code == 403, address


def test_another_streets_figure_is_not_counted_for_a_street(world):
    told_of = f"/hotline/rates/figure/?indicator=hotline.solved&area=990101&{JUNE}"
    for cell in ("", "&cell=street=990101001"):
        before = made.everything()["Figure"]
        assert client(world.stranger).get(told_of + cell).status_code == 403
        assert made.everything()["Figure"] == before
    assert client(world.stranger).get(f"{told_of}&cell=street=990101002").status_code == 302


def test_a_department_sees_what_it_handled_and_the_street_the_same_request(world):
    lamps = made.user("lamps", "office", office=world.lamps)
    assert [one["number"] for one in told(lamps, f"{BEHIND}.json?{JUNE}")["list"]["rows"]] == [number(3)]
    assert number(3) in {one["number"] for one in told(world.holder, f"{BEHIND}.json?{JUNE}")["list"]["rows"]}


@pytest.mark.parametrize("address", ["/hotline/rates/", "/hotline/rates.csv", f"{BEHIND}/?{JUNE}", "/hotline/objections/"])
def test_a_deputy_and_a_stranger_see_no_rates(world, address):
    assert client(world.deputy).get(address).status_code == 404
    assert client().get(address).status_code == 302


@pytest.mark.parametrize("address", ["/hotline/rates/?period=六月", f"{BEHIND}/?period=2020-13", f"{BEHIND}/?{JUNE}&cell=title=x",
                                     "/hotline/rates/?by=month&period=1900/2030", "/hotline/rates/?period=0001",
                                     f"{BEHIND}/?period=2015/2020",
                                     f"/hotline/rates/figure/?indicator=hotline.solved&area=990101&{JUNE}&cell=phone=1"])
def test_an_address_made_up_is_refused_in_words(world, address):
    answer = client(world.city).get(address)
    assert answer.status_code == 400
    assert "时期" in answer.content.decode()


def test_an_office_reads_no_orders_of_others_among_the_records(world):
    listed = "/tables/hotline.requests"
    rows = [row["cells"][0]["words"] for row in told(world.stranger, f"{listed}.json")["rows"]]
    assert rows == [number(at) for at in range(6, 11)]
    exported = [line[0] for line in read_csv(client(world.stranger).get(f"{listed}.csv?where=number IS NOT NULL"))]
    assert [one for one in exported if one.startswith("SQ")] == rows
    assert len(told(world.planner, f"{listed}.json")["rows"]) == len(scores.REQUESTS)
    own, others = (links.entry("hotline.requests", scores.request_at(at).pk) for at in (6, 1))
    assert [client(world.stranger).get(one).status_code for one in (own, others)] == [200, 404]


def test_an_office_sees_a_figure_of_its_district_and_not_the_requests_of_others(world):
    told_of = f"/hotline/rates/figure/?indicator=hotline.solved&area=990101&{JUNE}"
    figure = client(world.planner).get(told_of)["Location"]
    for who, count in ((world.planner, 1), (world.stranger, 0)):
        assert client(who).get(figure).content.decode().count("背后的记录</h2>") == count
        assert client(who).get(f"{figure.rstrip('/')}/rows.csv").status_code == (200 if count else 403)
    own = client(world.stranger).get(f"{told_of}&cell=street=990101002")["Location"]
    assert "背后的记录</h2>" in client(world.stranger).get(own).content.decode()
