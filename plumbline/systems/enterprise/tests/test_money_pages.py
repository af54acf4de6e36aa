"""Pages of money: what each person finds there, how an application goes through them, and who is kept out."""

import io

import pytest
from django.test import Client
from django.urls import reverse

from plumbline.store.grants.tables import Award, Budget, PaymentRun
from plumbline.store.grants.tests.made import (
    NOW,
    ROLL,
    account,
    act,
    applied,
    approved,
    booked,
    budget,
    cast,
    firm,
    returned,
    sent,
)
from plumbline.store.journal import Entry
from plumbline.store.models import Order, Policy, PolicyMatch
from plumbline.store.tests import made
from plumbline.systems.enterprise.money_words import KIND

pytestmark = pytest.mark.django_db
LISTS = ("enterprise-applications", "enterprise-runs", "enterprise-budgets", "enterprise-claws", "enterprise-money")


def signed(user):
    """A browser of somebody."""
    client = Client()
    client.force_login(user)
    return client


def page(client, name, *of, **asked):
    """A page, in words."""
    answer = client.get(reverse(name, args=of), asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def sent_to(client, name, *of, **told):
    """A form sent: its answer."""
    return client.post(reverse(name, args=of), told, follow=True)


@pytest.fixture
def told(db):
    """People, the policy as a row, a budget in force."""
    people = cast()
    Policy.objects.create(pk=7, area=made.DISTRICT, table=ROLL, title="稳岗补贴（虚构）", issuer="虚构", office=people.office,
                          since=NOW.date(), state="published", made_by=people.first, made_at=NOW, changed_at=NOW)
    budget(people)
    return people


@pytest.mark.parametrize("name", LISTS)
def test_every_page_is_there_empty_and_with_money_and_as_a_file(told, name):
    client = signed(told.leader)
    assert page(client, name)
    paid = sent(told, approved(told, 1), approved(told, 2))
    booked(told, paid.run, returned(paid.run, "成功", "账号不符"))
    assert page(client, name)
    for form in ("json", "csv", "xlsx"):
        assert client.get(reverse(f"{name}-{form}")).status_code == 200


def test_an_application_goes_through_the_pages_from_two_hands_to_the_bank(told):
    holder, first, second = signed(told.holder), signed(told.first), signed(told.second)
    award = applied(told, 1)
    account(told, 1)
    number = award.order.number
    for client, key in ((holder, "take"), (first, "approve")):
        award.order.refresh_from_db()
        answer = sent_to(client, "enterprise-application-move", number, key, version=award.order.version)
        assert answer.status_code == 200
    assert Award.objects.get().state == "reserved"
    sent_to(first, "enterprise-run-make", policy=7, title="六月第一批")
    run = PaymentRun.objects.get()
    assert "要由另一个人复核" in page(first, "enterprise-run", run.number)
    assert first.post(reverse("enterprise-run-approve", args=[run.number]), {"version": 0}).status_code == 403
    sent_to(second, "enterprise-run-approve", run.number, version=0)
    assert "请下载后交给银行" in sent_to(first, "enterprise-run-file", run.number, version=1, encoding="gb18030").content.decode()
    file = first.post(reverse("enterprise-run-file", args=[run.number]), {"version": 2})
    assert file["Content-Disposition"].startswith("attachment")
    assert "62220000" in file.content.decode("gb18030")
    data = io.BytesIO(returned(run, "成功", day=""))
    data.name = "回盘.csv"
    answer = sent_to(first, "enterprise-run-book", run.number, version=2, **{"return": data})
    assert "到账 1 笔" in answer.content.decode()
    assert Budget.objects.get().paid == 1005
    text = page(first, "enterprise-run", run.number)
    assert "62220000" not in text
    assert "•••• 0001" in text


def test_a_spoilt_return_is_shown_line_by_line_and_books_nothing(told):
    paid = sent(told, approved(told, 1))
    data = io.BytesIO(returned(paid.run, "成功", amounts={1: "1.00"}))
    data.name = "回盘.csv"
    answer = signed(told.first).post(reverse("enterprise-run-book", args=[paid.run.number]), {"version": paid.run.version,
                                                                                               "return": data})
    assert (answer.status_code, Budget.objects.get().paid) == (400, 0)
    assert "第 2 行" in answer.content.decode()


def test_many_are_approved_at_once_by_the_common_page_with_their_money(told):
    budget(told, "1500", since=NOW.date())
    awards = [act(told.holder, applied(told, n), "take") for n in (1, 2, 3)]
    answer = signed(told.first).post(reverse("order-moves"), {
        "id": [one.order_id for one in awards], "move": "enterprise.application:approve", "commit": "1"})
    text = answer.content.decode()
    assert "办成 1 件" in text
    assert "预算只剩" in text
    assert Budget.objects.get(since=NOW.date()).reserved == 1005


def test_accounts_are_shown_whole_to_who_pays_after_a_reason(told):
    award = approved(told, 1)
    number = award.order.number
    whole = "62220000" + f"{1:010}"
    for user in (told.first, told.holder, told.leader):
        assert whole not in page(signed(user), "enterprise-application", number)
    answer = sent_to(signed(told.first), "enterprise-account-look", number, why="核对")
    assert whole in answer.content.decode()
    assert sent_to(signed(told.leader), "enterprise-account-look", number, why="看看").status_code == 403
    assert Entry.objects.filter(action="account.look").count() == 1


def test_a_firm_and_a_stranger_find_nothing_of_money(told):
    number = approved(told, 1).order.number
    for user in (firm(2), told.stranger, made.user("deputy", "deputy")):
        client = signed(user)
        assert client.get(reverse("enterprise-application", args=[number])).status_code in (403, 404)
        for name in LISTS:
            answer = client.get(reverse(f"{name}-csv"))
            assert "模拟企业" not in (b"".join(answer.streaming_content).decode() if answer.status_code == 200 else "")


def test_money_adds_up_on_the_leaders_page_and_each_number_opens_its_list(told):
    paid = sent(told, approved(told, 1), approved(told, 2))
    booked(told, paid.run, returned(paid.run, "成功", "账号不符"))
    client = signed(told.leader)
    screen = client.get(reverse("enterprise-money-json")).json()
    assert [(one["label"], one["count"], one["exact"]) for one in screen["cells"]] == [
        ("已申请", 2, "2,010.00 元"), ("已批准", 2, "2,010.00 元"), ("已拨付", 1, "1,005.00 元"), ("已追回", 0, "0.00 元")]
    for row in (screen, *screen["rows"]):
        for one in row["cells"]:
            address = one["href"].replace("/enterprise/applications/", "/enterprise/applications.json")
            assert client.get(address).json()["list"]["count"] == one["count"], one


@pytest.mark.parametrize("by", ["street", "month"])
def test_each_street_and_month_opens_its_list(told, by):
    paid = sent(told, approved(told, 1), approved(told, 2, street=f"{made.DISTRICT}002"))
    booked(told, paid.run, returned(paid.run, "成功", "成功"))
    client = signed(told.leader)
    rows = client.get(reverse("enterprise-money-json"), {"by": by}).json()["rows"]
    assert rows
    for row in rows:
        for one in row["cells"]:
            if one["label"] == "已拨付":
                address = one["href"].replace("/enterprise/applications/", "/enterprise/applications.json")
                assert client.get(address).json()["list"]["count"] == one["count"]


def test_a_budget_is_asked_for_and_decided_on_the_page(told):
    first, second = signed(told.first), signed(told.second)
    sent_to(first, "enterprise-budget-ask", policy=7, amount="200000", source="虚构追加文件", since="2020-01-01", why="追加")
    change = Budget.objects.get().changes.get(state="asked")
    assert first.post(reverse("enterprise-budget-decide", args=[change.pk]), {"agreed": "1"}).status_code == 403
    sent_to(second, "enterprise-budget-decide", change.pk, agreed="1")
    assert Budget.objects.get().amount == 200000
    answer = first.post(reverse("enterprise-budget-ask"), {"policy": 7, "amount": "很多", "source": "", "since": "2020-01-01",
                                                            "why": "追加"})
    assert (answer.status_code, "不是金额" in answer.content.decode()) == (400, True)


def test_money_is_asked_back_and_booked_on_the_page(told):
    paid = sent(told, approved(told, 1))
    booked(told, paid.run, returned(paid.run, "成功"))
    number = Award.objects.get().order.number
    first, second = signed(told.first), signed(told.second)
    sent_to(first, "enterprise-claw", number, amount="5", why="多付")
    claw = Award.objects.get().claws.get()
    assert first.post(reverse("enterprise-claw-decide", args=[number, claw.pk]), {"agreed": "1"}).status_code == 403
    sent_to(second, "enterprise-claw-decide", number, claw.pk, agreed="1")
    assert sent_to(first, "enterprise-claw-back", number, claw.pk, back_on="").status_code == 400
    sent_to(first, "enterprise-claw-back", number, claw.pk, back_on="2020-06-20")
    assert Budget.objects.get().back == 5


def test_what_is_promised_and_nobody_applied_for_is_shown(told):
    PolicyMatch.objects.create(policy_id=7, edition=0, day=NOW.date(), state="done", counts={"eligible": 12}, amount="6030.50")
    screen = signed(told.leader).get(reverse("enterprise-money-json")).json()
    assert (screen["promised"]["exact"], screen["promised"]["count"]) == ("6,030.50 元", 12)
    assert [(one["name"], one["promised"], one["eligible"], one["cells"][0]["count"]) for one in screen["rows"]] == [
        ("稳岗补贴（虚构）", "6,030.50 元", 12, 0)]


def test_the_common_form_leads_to_where_an_application_gets_its_money():
    client = signed(made.user(role="planner"))
    address = reverse("order-new", args=[KIND])
    for answer in (client.get(address), client.post(address, {"title": "模拟"})):
        assert (answer.status_code, answer.url) == (302, reverse("enterprise-lists"))
    assert not Order.objects.exists()
