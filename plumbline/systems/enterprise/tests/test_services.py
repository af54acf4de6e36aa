"""Whom to visit follows from what is known; a visit's matters are orders at once; packs, loans and arrears add up."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from plumbline.kernel import ZONE, BadInput, NotAllowed
from plumbline.store import orders, registers
from plumbline.store.journal import Entry
from plumbline.store.models import Office, Order
from plumbline.store.tests import made
from plumbline.systems.enterprise import needs, visiting
from plumbline.systems.enterprise.needs import ITEM, PACK, REQUEST, VISIT, Known, Need, Weights
from plumbline.systems.enterprise.service_arrears import age_of, share_of
from plumbline.systems.enterprise.service_loans import pipes
from plumbline.systems.enterprise.tests import policy_world
from plumbline.systems.enterprise.visiting import PLAN

CATALOG = settings.CATALOG
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=ZONE)  # a Monday
DAY = NOW.date()


@pytest.fixture
def town(db):
    """A planner of the district, an office with two people, another one; twelve firms in the roll."""
    world = policy_world.district()
    world.centre = Office.objects.create(name="区企业服务中心", area=made.DISTRICT)
    world.bank = Office.objects.create(name="模拟银行", area=made.DISTRICT, kind="enterprise")
    world.dispatching = made.user("sends", "planner", office=world.centre)
    world.visitor = made.user("visits", "office", office=world.centre)
    world.banker = made.user("banker", "office", office=world.bank)
    world.stranger = made.user("farther", "planner", area=made.NEIGHBOUR)
    return world


def asked(world, n, kind=REQUEST, now=NOW, **fields):
    told = {"title": "缺口罩", "area": made.DISTRICT, "place": f"{made.DISTRICT}001", "subject": policy_world.code(n),
            "urgency": "ordinary", "fields": {"matter": "物资", "firm": f"虚构企业{n}"} | fields}
    return orders.open_(world.dispatching, kind, told, catalog=CATALOG, now=now)


def found(world, now=NOW, **told):
    return needs.ranked(world.dispatching, made.DISTRICT, CATALOG, now, **told)


def need(n, street, score):
    return Need(policy_world.code(n), f"虚构企业{n}", made.DISTRICT, f"{made.DISTRICT}{street:03}", score, (), None)


def planned(world, *firms, first=DAY, a_day=2):
    return visiting.planned(world.dispatching, firms, {"office": world.centre.pk, "visitor": "小王", "first": first,
                                                       "a_day": a_day}, catalog=CATALOG, now=NOW)


def weights():
    return Weights(CATALOG, DAY)


def test_a_need_is_the_sum_of_its_reasons_and_says_each():
    known = Known(open_requests=5, late_requests=1, due_items=2, gold=True, last_on=DAY, warnings=["停工"])
    told = needs.points(known, weights(), DAY)
    assert [(one.text, one.points) for one in told] == [
        ("5 件诉求在办", 24), ("1 件诉求超期", 15), ("2 件承诺事项到期未办结", 20), ("预警：停工", 30), ("持金卡", 10)]


@pytest.mark.parametrize(("months", "points"), [(3, 0), (4, 3), (6, 9), (30, 18)])
def test_a_firm_nobody_visited_for_long_needs_it_the_more_to_a_limit(months, points):
    told = needs.unvisited(DAY - timedelta(days=30 * months), weights(), DAY)
    assert sum(one.points for one in told) == points
    assert sum(one.points for one in needs.unvisited(None, weights(), DAY)) == 18


def test_firms_are_ranked_by_what_is_known_and_strangers_see_none(town):
    asked(town, 1)
    asked(town, 2, now=NOW - timedelta(days=40))
    told = found(town)
    assert [(one.name, one.score) for one in told] == [("虚构企业2", 41), ("虚构企业1", 26)]
    assert told[0].why == "还没有走访过；1 件诉求超期；1 件诉求在办"
    assert needs.ranked(town.stranger, made.DISTRICT, CATALOG, NOW) == []


def test_a_policy_missed_by_one_condition_is_a_reason(town):
    policy_world.published(town)
    asked(town, 4)
    [one] = found(town)
    assert one.score == 8 + 18 + 6
    assert any(reason.points == 6 and "差一条" in reason.text for reason in one.reasons)


def test_who_looks_at_the_whole_city_sees_what_districts_publish(town):
    policy_world.published(town)
    asked(town, 4)
    city = made.user("whole", "planner", area=made.DISTRICT[:2] + "0000")
    [one] = needs.ranked(city, city.area, CATALOG, NOW)
    assert any("差一条" in reason.text for reason in one.reasons)


def test_a_warning_brings_a_firm_nobody_asked_for(town):
    [one] = found(town, warned={policy_world.code(3): ["参保减少一半"]})
    assert (one.name, one.score) == ("虚构企业3", 48)


@pytest.mark.django_db
def test_visits_are_planned_street_by_street_on_working_days():
    told = list(visiting.scheduled([need(1, 2, 9), need(2, 1, 5), need(3, 2, 3), need(4, 1, 1)], date(2026, 3, 6), 2))
    assert [(one.name, day) for one, day in told] == [
        ("虚构企业1", date(2026, 3, 6)), ("虚构企业3", date(2026, 3, 6)), ("虚构企业2", date(2026, 3, 9)),
        ("虚构企业4", date(2026, 3, 9))]


def test_a_plan_makes_visits_with_their_reasons_and_none_twice(town):
    asked(town, 1)
    [visit] = planned(town, *found(town))
    assert (visit.kind, visit.office, visit.subject) == (VISIT, town.centre, policy_world.code(1))
    assert visit.fields["need"] == 26
    assert visit.fields["reasons"] == "还没有走访过；1 件诉求在办"
    entries = Entry.objects.count()
    with pytest.raises(BadInput, match="已有待走访的安排"):
        planned(town, *found(town))
    assert (Order.objects.filter(kind=VISIT).count(), Entry.objects.count()) == (1, entries)


@pytest.mark.parametrize("wrong", [{"first": DAY - timedelta(days=1)}, {"first": None}, {"a_day": 0}])
def test_a_plan_that_cannot_be_is_refused_and_makes_nothing(town, wrong):
    with pytest.raises(BadInput):
        planned(town, need(1, 1, 5), **wrong)
    assert not Order.objects.exists()


def test_a_matter_of_a_visit_is_an_order_at_once_sent_to_its_office(town):
    [visit] = planned(town, need(1, 1, 5))
    one = visiting.add_item(town.visitor, visit, {"matter": "融资", "text": "想续贷"}, town.bank.pk, catalog=CATALOG, now=NOW)
    assert (one.kind, one.state, one.office, one.parent, one.subject) == (ITEM, "assigned", town.bank, visit, visit.subject)
    assert one.fields["origin"] == "走访"
    left = visiting.add_item(town.visitor, visit, {"matter": "用工", "text": "缺人"}, None, catalog=CATALOG, now=NOW)
    assert (left.state, left.office) == ("registered", None)
    assert visiting.items_of(town.visitor, visit) == [one, left]


def test_who_does_not_visit_adds_nothing(town):
    [visit] = planned(town, need(1, 1, 5))
    before = Entry.objects.count()
    for user in (town.banker, town.stranger):
        with pytest.raises(NotAllowed):
            visiting.add_item(user, visit, {"matter": "融资", "text": "想续贷"}, None, catalog=CATALOG, now=NOW)
    assert not Order.objects.filter(kind=ITEM).exists()
    assert Entry.objects.count() == before


def test_a_pack_is_kept_once_all_its_matters_are_over(town):
    firm = {"code": policy_world.code(1), "name": "虚构企业1", "area": made.DISTRICT, "street": f"{made.DISTRICT}001"}
    pack = visiting.opened(town.dispatching, PACK, firm, {"card": "金卡"}, town.centre.pk, catalog=CATALOG, now=NOW)
    with pytest.raises(BadInput, match="已有服务包"):
        visiting.opened(town.dispatching, PACK, firm, {"card": "银卡"}, town.centre.pk, catalog=CATALOG, now=NOW)
    item = visiting.add_item(town.dispatching, pack, {"matter": "融资", "text": "想续贷"}, town.bank.pk, catalog=CATALOG, now=NOW)
    with pytest.raises(BadInput, match="没有办完"):
        orders.move(town.visitor, pack.pk, "keep", {"reason": "都办成了"}, pack.version, catalog=CATALOG, now=NOW)
    for user, key, told in ((town.banker, "sign", {}), (town.banker, "answer", {"reply": "已续贷。", "finding": "已解决"}),
                            (town.dispatching, "confirm", {"satisfied": "true"})):
        item.refresh_from_db()
        orders.move(user, item.pk, key, told, item.version, catalog=CATALOG, now=NOW)
    kept = orders.move(town.visitor, pack.pk, "keep", {"reason": "都办成了"}, pack.version, catalog=CATALOG, now=NOW)
    assert kept.state == "kept"


def test_the_pipeline_adds_up_and_what_is_refused_has_no_amount():
    whole, banks = pipes([("甲", "paid", 0, {"amount_yuan": "100"}), ("甲", "asked", 3, {}),
                          ("乙", "approved", 0, {"amount_yuan": "300.5"}), ("乙", "refused", 0, {"asked_yuan": "9"}),
                          (None, "asked", 0, {})])
    assert [(one.bank, one.under_way, one.late, one.approved, one.paid, one.refused, one.amount) for one in (whole, *banks)] == [
        ("", 2, 1, 2, 1, 1, Decimal("400.5")), ("乙", 0, 0, 1, 0, 1, Decimal("300.5")), ("甲", 1, 1, 1, 1, 0, Decimal(100)),
        ("未派", 1, 0, 0, 0, 0, Decimal(0))]


def test_a_debt_ages_by_the_day_it_was_due():
    assert [age_of(DAY - timedelta(days=many), DAY) for many in (180, 181, 730, 731)] == [
        "半年以内", "半年至一年", "一至两年", "两年以上"]
    assert share_of(Decimal(1), Decimal(2)) == "50%"


def page(user, name, *args, **asked_for):
    client = Client()
    client.force_login(user)
    return client.get(reverse(name, args=args), asked_for)


PAGES = (("enterprise-needs",), ("enterprise-visits",), ("enterprise-packs", "packs"), ("enterprise-packs", "plans"),
         ("enterprise-loans",), ("enterprise-arrears",))


@pytest.mark.parametrize("address", PAGES)
def test_every_list_opens_and_is_handed_out(town, address):
    name, *args = address
    asked(town, 1)
    for form, begin in (("", b"<!doctype"), ("-json", b"{"), ("-csv", b"\xef\xbb\xbf")):
        told = page(town.dispatching, name + form, *args)
        body = b"".join(told.streaming_content) if told.streaming else told.content
        assert (told.status_code, body[:20].lower().lstrip().startswith(begin)) == (200, True), form


def test_a_visit_is_planned_made_and_read_on_its_page(town):
    asked(town, 1)
    client = Client()
    client.force_login(town.dispatching)
    later = date.today() + timedelta(days=7)  # noqa: DTZ011 the page asks the clock on the wall
    told = client.post(reverse("enterprise-needs-plan"), {"office": town.centre.pk, "visitor": "小王", "first": later.isoformat(),
                                                          "a_day": "2", "code": policy_world.code(1)})
    visit = Order.objects.get(kind=VISIT)
    assert (told.status_code, visit.fields["visitor"]) == (302, "小王")
    client.force_login(town.visitor)
    shown = client.get(reverse("enterprise-visit", args=[visit.number])).content.decode()
    assert "虚构企业1" in shown
    assert "还没有走访过" in shown
    client.post(reverse("enterprise-visit-item", args=[visit.number]),
                {"matter": "融资", "text": "想续贷", "office": town.bank.pk})
    assert Order.objects.get(kind=ITEM).office == town.bank
    client.post(reverse("enterprise-visit-move", args=[visit.number, "finish"]), {
        "version": visit.version, "done_on": later.isoformat(), "told": "经营正常"})
    visit.refresh_from_db()
    assert (visit.state, visit.fields["told"]) == ("done", "经营正常")
    assert client.get(reverse("enterprise-visit", args=[visit.number])).status_code == 200


def test_an_order_leads_to_the_firm_it_is_about(town):
    one, client = asked(town, 4), Client()
    client.force_login(town.dispatching)
    told = client.get(reverse("order-json", args=[one.number])).json()["party"]
    assert told == ["市场主体", "虚构企业4", reverse("party", args=[needs.FIRMS, policy_world.code(4)])]
    assert client.get(told[2]).status_code == 200


def test_a_bank_is_not_told_whom_to_visit(town):
    asked(town, 1)
    assert page(town.banker, "enterprise-needs").status_code == 404
    assert page(town.visitor, "enterprise-needs").status_code == 200


def test_a_stranger_finds_no_visit_and_no_pack(town):
    [visit] = planned(town, need(1, 1, 5))
    assert page(town.stranger, "enterprise-visit", visit.number).status_code == 404
    assert page(town.dispatching, "enterprise-packs", "others").status_code == 404


def test_arrears_are_summed_from_the_ledger(town):
    rows = [{"number": "1", "creditor": "虚构企业1", "debtor": "模拟机关", "debtor_kind": "机关", "area": made.DISTRICT,
             "listed_on": "2020-01-06", "owed_yuan": "100", "paid_yuan": "40", "due_on": "2019-01-01"},
            {"number": "2", "creditor": "虚构企业2", "debtor": "模拟国企", "debtor_kind": "国有企业", "area": made.DISTRICT,
             "listed_on": "2020-01-06", "owed_yuan": "60", "paid_yuan": "60"}]
    for row in rows:
        registers.save(town.root, CATALOG.tables["enterprise.arrears"], None, row, "登记")
    told = page(town.dispatching, "enterprise-arrears-json").json()
    whole = told["whole"]
    assert (whole["many"], whole["cleared"], whole["share"], whole["left"]) == (2, 1, "62.5%", "60元")
    left = page(town.dispatching, "enterprise-arrears-json", left="yes").json()
    assert [row["creditor"] for row in left["list"]["rows"]] == ["虚构企业1"]


def test_plans_and_packs_open_on_their_pages(town):
    client = Client()
    client.force_login(town.dispatching)
    for where, more in (("packs", {"card": "金卡"}), ("plans", {"aim": "恢复产能"})):
        told = client.post(reverse("enterprise-packs", args=[where]),
                           {"code": policy_world.code(2), "office": town.centre.pk, **more})
        assert told.status_code == 302
        one = Order.objects.get(kind={"packs": PACK, "plans": PLAN}[where])
        shown = client.get(told.headers["Location"])
        assert (shown.status_code, one.number in shown.content.decode()) == (200, True)
    wrong = client.post(reverse("enterprise-packs", args=["packs"]), {"code": "911", "office": town.centre.pk, "card": "金卡"})
    assert (wrong.status_code, Order.objects.count()) == (400, 2)
