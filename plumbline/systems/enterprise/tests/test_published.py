"""The invented half-year has the published figures, each with its rows; one changed payment changes its sentence."""

from decimal import Decimal
from itertools import chain, islice
from pathlib import Path

import pytest

from plumbline.engine import Page, Sight, compute, rows_behind
from plumbline.kernel import credit_code, load
from plumbline.kernel.comparison import Basis
from plumbline.reports.writing.law import law_two
from plumbline.reports.writing.writer import attempt
from plumbline.store.tests import laid
from plumbline.systems.enterprise import demo, invented_firms, invented_money, places

CITY, TOWN, HALF = "110000", "110112", "2020H1"
DISTRICTS = tuple(places.STREETS)
CATALOG = load([Path(demo.__file__).parent])
PUBLISHED = {
    ("unemployment_firms", CITY): 42_000, ("unemployment_yuan", CITY): 2_600_000_000, ("unemployment_persons", CITY): 4_335_000,
    ("rent_firms", TOWN): 8_319, ("rent_yuan", TOWN): 170_000_000, ("rent_state_yuan", CITY): 4_000_000_000,
    ("rent_other_yuan", CITY): 2_520_000_000, ("reward_firms", TOWN): 22, ("reward_yuan", TOWN): 110_000_000,
    ("job_support_yuan", TOWN): 68_770_000, ("post_firms", TOWN): 234, ("post_yuan", TOWN): 5_741_000,
    ("tax_deferred_yuan", TOWN): 400_000_000, ("tax_deferred_yuan", CITY): 3_100_000_000,
    ("social_relief_yuan", TOWN): 2_300_000_000, ("medical_relief_yuan", TOWN): 670_000_000,
    ("insurance_relief_yuan", CITY): 80_650_000_000, ("travel_firms", CITY): 2_051, ("travel_yuan", CITY): 1_023_000_000,
    ("utility_yuan", CITY): 1_300_000_000, ("firms_visited", CITY): 2_019, ("items_done", CITY): 4_032,
    ("visits_made", TOWN): 512, ("items_solved", TOWN): 212, ("renewals", CITY): 1_949, ("renewals_yuan", CITY): 10_560_000_000,
    ("first_loans", CITY): 810, ("first_loans_yuan", CITY): 3_500_000_000, ("bank_loans", TOWN): 8_314,
    ("bank_loans_yuan", TOWN): 75_200_000_000, ("financed_firms", TOWN): 289, ("financed_yuan", TOWN): 10_100_000_000,
    ("confirming_banks", CITY): 9, ("guarantee_fee", TOWN): Decimal("0.0088"), ("guarantee_fee_fight", TOWN): Decimal("0.0068"),
    ("new_firms", TOWN): 7_938, ("industry_resumed", TOWN): 329, ("buildings_resumed", TOWN): 75, ("shops_resumed", TOWN): 254,
    ("resumed_share", TOWN): 1, ("guides_issued", CITY): 52, ("measures_made", TOWN): 12, ("details_made", TOWN): 20,
    ("listed_firms", TOWN): 2, ("listed_firms_all", TOWN): 5,
}
SAID = {
    ("enterprise.new_firms", TOWN): "新设企业7938家，同比增长3%，总量居全市第三。",
    ("enterprise.unemployment", CITY): "返还失业保险费26亿元，惠及企业4.2万家、职工433.5万人。",
    ("enterprise.rent", TOWN): "为8319家中小微企业和个体工商户减免房租1.7亿元。",
    ("enterprise.rewards", TOWN): "向22家企业兑现奖励资金1.1亿元。",
    ("enterprise.jobs", TOWN): "拨付稳岗返还和各类补贴6877万元，另向234家企业拨付临时性岗位补贴574.1万元。",
    ("enterprise.tax", TOWN): "核准缓缴税款4亿元，减免社会保险费23亿元，减征医疗保险费6.7亿元。",
    ("enterprise.burden", CITY): "减免社会保险和医疗保险费806.5亿元，为企业节省水电气费13亿元。",
    ("enterprise.rent_by", CITY): "国有产权减免房租40亿元，非国有产权减免房租25.2亿元。",
    ("enterprise.travel", CITY): "向旅行社2051家暂退质保金10.23亿元。",
    ("enterprise.centres", CITY): "续贷中心审批1949笔、105.6亿元，首贷中心审批810笔、35亿元。",
    ("enterprise.banks", TOWN): "驻区银行为中小微企业放款8314笔、752亿元。",
    ("enterprise.financed", TOWN): "经区级对接，289家企业获得融资101亿元。",
    ("enterprise.fee", TOWN): "综合担保费率0.88%，同比下降0.5个百分点。",
    ("enterprise.visits", CITY): "走访服务企业2019家，为企业办结服务事项4032项。",
    ("enterprise.problems", TOWN): "走访企业512次，解决企业问题212个。",
    ("enterprise.resumed", TOWN): "规模以上工业企业329家、商务楼宇75栋、商超餐饮物流企业254家复工复产，复工率100%。",
    ("enterprise.guides", CITY): "编制行业防控指引52个。",
    ("enterprise.measures", TOWN): "出台支持中小微企业政策12条、实施细则20条。",
    ("enterprise.listed", TOWN): "新上市企业2家，上市企业共5家，后备企业23家。",
}


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    return laid.all_inputs(CATALOG.tables, chain(demo.deliveries(), demo.cuts()), tmp_path_factory.mktemp("firms"))


def figure(held, name, area, period=HALF):
    [found] = compute(CATALOG, [CATALOG.indicators[f"enterprise.{name}"]], period, [area], held)
    return found


def basis(held):
    return Basis(CATALOG.indicators, lambda key, area, period, cell: compute(
        CATALOG, [CATALOG.indicators[key]], period, [area], held, cell)[0], target=lambda *_: None)


def test_every_published_figure_is_counted_and_opens_its_rows(held):
    for (name, area), published in PUBLISHED.items():
        found = figure(held, name, area)
        assert (name, area, found.value) == (name, area, published)
        behind = rows_behind(CATALOG, CATALOG.indicators[found.indicator], area, HALF, held, Sight(Page(0, 3)))
        assert behind.count == found.counted > 0


@pytest.mark.parametrize(("key", "area"), SAID)
def test_every_published_sentence_is_said_and_reads_back(key, area, held):
    sentence = CATALOG.sentences[key]
    assert attempt(sentence, basis(held), area, HALF).text == SAID[key, area]
    assert law_two(sentence, basis(held), area, HALF) == []


def test_new_firms_and_their_capital_grew_by_what_was_published(held):
    now, before = ({area: figure(held, name, area, period).value for area in DISTRICTS} for name, period in (
        ("new_firms", "2020H1"), ("new_firms", "2019H1")))
    assert before[TOWN] == 7_707
    assert sorted(now.values(), reverse=True).index(now[TOWN]) == 2
    growth = {area: now[area] / before[area] for area in DISTRICTS}
    assert sorted(growth.values(), reverse=True).index(growth[TOWN]) == 2
    capital, earlier = (figure(held, "new_capital", TOWN, period).value for period in ("2020H1", "2019H1"))
    assert capital / earlier - 1 == Decimal("1.56")
    assert capital == max(figure(held, "new_capital", area).value for area in DISTRICTS)


def test_months_are_told_of_firms_that_were_paid_nothing_too():
    paid = {one["subject"] for one in invented_money.applications()}
    told = {row["code"] for row in islice(demo.months(), 3_000)}
    assert (len(told & paid) > 1_500, len(told - paid) > 1_000) == (True, True)


def test_one_altered_payment_changes_its_sentence(tmp_path):
    rows = [demo.cut(one) for one in invented_money.applications() if one["area"] == TOWN]
    at = next(at for at, row in enumerate(rows) if row["policy"] == "JL2020")
    rows[at] = rows[at] | {"amount": rows[at]["amount"] + 10_000_000}
    table = CATALOG.tables["enterprise.applications"]
    inputs = {table.key: laid.inputs_of(table, [(demo.WHOLE, rows)], tmp_path)}
    said = attempt(CATALOG.sentences["enterprise.rewards"], basis(inputs), TOWN, HALF).text
    assert said == "向22家企业兑现奖励资金1.2亿元。"


def test_every_event_is_of_a_firm_of_the_roll():
    known = {one.code for one in invented_firms.cast().all}
    told = {row["subject"] for _, rows in demo.orders() for row in rows}
    assert told <= known
    assert not [code for code in known if credit_code.trouble(code)]


def test_a_receiver_paid_twice_what_was_returned():
    paid = {one["code"]: one for one in invented_firms.rows()}
    returned = [one["fields"] for one in invented_money.applications() if one["fields"]["policy"] == "YB2020"][:2_000]
    assert all(paid[one["code"]]["unemployment_paid_yuan"] == one["amount"] * 2 for one in returned)


def test_all_of_it_says_that_it_is_invented():
    for _, rows in demo.orders():
        assert "模拟" in next(rows)["title"]
    assert all("模拟" in one["name"] for one in demo.offices())
