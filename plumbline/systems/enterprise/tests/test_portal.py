"""A firm's pages: what fits it and why, what it says of itself, what it asks for, how it is told."""

import pytest
from django.test import Client

from plumbline.store import orders
from plumbline.store.journal import Entry
from plumbline.store.models import Binding, Notice, Order, Push, Statement, User
from plumbline.store.orders.tests.test_attachments import photo
from plumbline.store.parties import kinds, pushing, statements
from plumbline.store.parties.tests import firms
from plumbline.store.parties.tests.firms import MINE, OTHER, UNKNOWN
from plumbline.store.tests import made
from plumbline.systems.enterprise.tests import portal_world
from plumbline.systems.enterprise.tests.portal_world import signed, words

pytestmark = pytest.mark.django_db
HOME = f"/firm/{MINE}/"
JOIN = {"username": "xin", "password": made.PASSWORD, "again": made.PASSWORD, "area": made.DISTRICT, "key": MINE,
        "name": "虚构甲厂", "evidence": "法定代表人"}


@pytest.fixture
def world(monkeypatch):
    found = portal_world.known(monkeypatch)
    here = portal_world.district()
    here.rows = found
    return here


@pytest.fixture
def client(world):
    return signed(world.mine)


def test_the_first_page_tells_what_fits_and_what_is_missing(client):
    told = client.get(f"/firm/{MINE}.json").json()
    assert [one["title"] for one in told["fits"]] == ["虚构租金减免"]
    assert (told["fits"][0]["amount"], told["total"]) == ("12,000元", "12,000元")
    [near] = told["near"]
    assert (near["title"], "303" in near["note"], "300" in near["note"]) == ("虚构小微补贴", True, True)
    assert [one["title"] for one in told["untold"]] == ["虚构稳岗返还"]
    assert [one["key"] for one in told["form"]] == ["v.layoff_rate", "v.dishonest"]
    assert [one["title"] for one in told["others"]] == ["虚构高精尖奖励"]
    page = words(client.get(HOME))
    for said in ("虚构租金减免", "12,000元", "还差：上年度裁员率、严重失信", "填这 2 项"):
        assert said in page


def test_a_fact_stated_is_asked_again_at_once_and_marked(client, world):
    answer = client.post(HOME, {"v.layoff_rate": "0.02", "v.dishonest": "false"}, follow=True)
    assert answer.status_code == 200
    told = client.get(f"/firm/{MINE}.json").json()
    assert {one["title"]: one["stated"] for one in told["fits"]} == {"虚构稳岗返还": True, "虚构租金减免": False}
    assert "自述待核" in words(client.get(f"{HOME}policies/{world.policies['untold'].pk}/"))
    assert signed(world.other).get(f"/firm/{OTHER}.json").json()["untold"][0]["stated"] is False


def test_what_cannot_be_a_fact_is_refused_and_nothing_kept(client):
    answer = client.post(HOME, {"v.layoff_rate": "不多"})
    assert (answer.status_code, Statement.objects.count()) == (400, 0)
    assert "上年度裁员率" in words(answer)


def test_a_policy_gives_every_reason_with_its_clause_and_counts_as_read(client, world):
    one = world.policies["untold"]
    pushing.push(None, kinds.paper_of(one), [pushing.Party(MINE, made.DISTRICT, "990101001")])
    assert client.get(f"/firm/{MINE}/choices.json").json()["head"]["unread"] == 1
    told = client.get(f"/firm/{MINE}/policies/{one.pk}.json").json()
    assert [(each["mark"], each["clause"]) for each in told["reasons"]] == [
        ("unknown", "裁员率不高于百分之五点五"), ("unknown", "没有严重失信")]
    assert Push.objects.get().read_at is not None
    assert client.get(f"/firm/{MINE}/choices.json").json()["told"][0]["fresh"] is False


def test_a_firm_applies_once_and_follows_it(client, world):
    address = f"{HOME}policies/{world.policies['fits'].pk}/apply/"
    client.post(address, {"reason": "请尽快"})
    order = Order.objects.get()
    assert (order.kind, order.subject, order.fields["amount"], order.office) == (
        "enterprise.application", MINE, "12000.00", world.office)
    assert "12,000" in words(client.get(f"{HOME}orders/{order.number}/")).replace("12000", "12,000")
    assert "不能再提" in words(client.post(address, follow=True))
    assert order.number in words(client.get(HOME))
    assert order.number in words(client.get(f"{HOME}orders/"))
    signed(world.other).post(f"/firm/{OTHER}/policies/{world.policies['fits'].pk}/apply/")
    assert Order.objects.count() == 1


def test_a_firm_does_what_is_left_to_it_and_reads_no_reason_of_the_office(client, world):
    client.post(f"{HOME}policies/{world.policies['fits'].pk}/apply/")
    order = Order.objects.get()
    orders.note(world.officer, order.pk, "内部看法：可疑", False)
    orders.note(world.officer, order.pk, "请带原件", True)
    orders.attach(world.officer, order.pk, "内部.pdf", b"%PDF-1.4 secret", False)
    order = orders.move(world.officer, order.pk, "send_back", {"reason": "缺租赁合同"}, order.version + 0)
    page = words(client.get(f"{HOME}orders/{order.number}/"))
    assert ("请补正材料" in page, "请带原件" in page, "内部看法" in page, "内部.pdf" in page, "补正后再交" in page) == (
        True, True, False, False, True)
    assert "请补正材料 ：缺租赁合同" in page or "请补正材料：缺租赁合同" in page
    answer = client.post(f"{HOME}orders/{order.number}/moves/resubmit/",
                         {"version": order.version, "reply": "已附合同", "evidence": photo("PNG")}, follow=True)
    order.refresh_from_db()
    assert (answer.status_code, order.state) == (200, "submitted")
    client.post(f"{HOME}orders/{order.number}/add/", {"text": "补充说明"})
    assert "您补充：补充说明" in words(client.get(f"{HOME}orders/{order.number}/"))
    assert client.post(f"{HOME}orders/{order.number}/moves/approve/", {"version": order.version}).status_code == 400


def test_a_firm_asks_for_help_and_the_order_is_its_own(client):
    told = {"title": "缺熟练工", "text": "需要二十名", "matter": "用工", "once": "a"}
    answer = client.post(f"{HOME}orders/new/enterprise.request/", told, follow=True)
    order = Order.objects.get()
    assert (answer.status_code, order.kind, order.subject, order.place) == (200, "enterprise.request", MINE, "990101001")
    client.post(f"{HOME}orders/new/enterprise.request/", told)
    assert Order.objects.count() == 1


def test_the_roll_is_shown_whole_but_for_what_is_personal(client, world):
    world.rows[MINE]["phone"] = "13900000000"
    page = words(client.get(f"{HOME}data/"))
    for said in (MINE, "虚构甲厂", "24,000元", "未登记", "更正", "个人信息，不在这里显示"):
        assert said in page
    assert "13900000000" not in page
    client.post(f"{HOME}data/", {"v.employees": "298", "why": "年底减员"})
    page = words(client.get(f"{HOME}data/"))
    assert ("298人" in page, "自述待核" in page) == (True, True)
    client.post(f"{HOME}data/{Statement.objects.get().pk}/withdraw/")
    assert statements.told_of(firms.roll(), MINE) == {}



def test_channels_kinds_and_quiet_hours_are_chosen(client):
    told = {"mail": "a@example.org", "hook": "", "wanted": ["房租", "其他"], "quiet_from": "22", "quiet_until": "7",
            "version": "0"}
    assert client.post(f"{HOME}choices/", told).status_code == 302
    shown = client.get(f"/firm/{MINE}/choices.json").json()
    assert (shown["mail"], [kind for kind, wanted in shown["kinds"] if wanted], shown["quiet_from"]) == (
        "a@example.org", ["房租", "其他"], 22)
    assert client.post(f"{HOME}choices/", told).status_code == 409
    assert client.post(f"{HOME}choices/", told | {"version": "1", "mail": "x"}).status_code == 400


def test_signing_up_leads_to_a_page_that_waits(world):
    client = Client()
    assert client.get("/firm/join/").status_code == 200
    answer = client.post("/firm/join/", JOIN, follow=True)
    page = words(answer)
    assert ("已提交" in page, "待核对" in page) == (True, True)
    assert client.get(HOME).status_code == 404
    assert User.objects.get(username="xin").role == "firm"


@pytest.mark.parametrize("told", [{}, {"key": UNKNOWN}, {"name": "别的名字"}])
def test_whatever_the_roll_says_the_answer_is_the_same(world, told):
    answers = [Client().post("/firm/join/", JOIN | {"username": name} | more, follow=True)
               for name, more in (("xin", told), ("xin2", {}))]
    first, second = (words(one).replace("xin2", "xin").replace(UNKNOWN, MINE).replace("别的名字", "虚构甲厂") for one in answers)
    assert first.partition("申请绑定的")[0] == second.partition("申请绑定的")[0]
    assert Entry.objects.filter(action="firm.knock").count() >= 1


def test_too_many_sign_ups_from_one_address_are_held_back(world):
    client = Client()
    statuses = [client.post("/firm/join/", {}).status_code for _ in range(11)]
    assert statuses == [400] * 10 + [429]


def test_an_account_binds_another_firm_and_leaves_one(client, world):
    client.post("/firm/more/", JOIN | {"key": OTHER, "name": "虚构乙店"})
    assert Binding.objects.filter(user=world.mine, key=OTHER, state="asked").count() == 1
    assert client.get(f"/firm/{OTHER}/").status_code == 404
    client.post(f"{HOME}leave/", {"why": ""})
    assert client.get(HOME).status_code == 404


def test_who_signs_in_as_a_firm_lands_on_its_page(world):
    client = Client()
    answer = client.post("/sign-in/", {"username": "jia", "password": made.PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == HOME
    assert "驾驶舱" not in words(answer)


def test_a_firm_is_told_of_every_step_that_says_something_to_it(client, world):
    client.post(f"{HOME}policies/{world.policies['fits'].pk}/apply/")
    order = Order.objects.get()
    orders.move(world.officer, order.pk, "take", {}, order.version)
    told = client.get(f"/firm/{MINE}/orders.json").json()["notices"]
    assert [text.endswith("已受理。") for _, text in told] == [True]
    assert signed(world.ended).get("/firm.json").status_code == 200
    assert Notice.objects.filter(user__in=[world.other, world.ended, world.stranger]).count() == 0
