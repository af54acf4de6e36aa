"""Lists to confirm, and applying for a published policy: from the roll to the bank, by people on pages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from plumbline.store.grants import budgets
from plumbline.store.grants.tables import Award, Budget
from plumbline.store.models import Order
from plumbline.store.parties.tables import CONFIRMED, Binding
from plumbline.store.tests import made
from plumbline.systems.enterprise.tests.policy_world import TABLE, code, district, published
from plumbline.web.tests.world import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A district with firms, people who pay."""
    found = district()
    found.payer, found.second = made.user("payer"), made.user("payer2")
    return found


def money(world, policy):
    """A budget of a policy in force."""
    wanted = budgets.Wanted(policy.pk, policy.title, made.DISTRICT, budgets.yuan("100000"), "虚构资金文件", policy.since)
    budgets.decide(world.second, budgets.ask(world.payer, wanted, "下达").pk, True)


def post(user, name, *of, **told):
    """A form sent: its answer."""
    return browser(user).post(reverse(name, args=of), told, follow=True)


def test_whom_a_policy_fits_is_listed_once_and_confirmed_by_the_firm(world):
    policy = published(world, way="automatic")
    answer = post(world.payer, "enterprise-draw-up", policy.pk)
    assert "新列入" in answer.content.decode()
    listed = Award.objects.count()
    assert listed == Order.objects.filter(state="offered").count() > 0
    assert {one.area for one in Award.objects.all()} == {made.DISTRICT}
    assert "新列入 0 家" in post(world.payer, "enterprise-draw-up", policy.pk).content.decode()
    money(world, policy)
    award = Award.objects.select_related("order").order_by("pk").first()
    firm = made.user("firm", "firm")
    Binding.objects.create(user=firm, table=TABLE, key=award.key, name="虚构", area=made.DISTRICT, state=CONFIRMED,
                           asked_at=timezone.now())
    page = browser(firm).get(reverse("firm-order", args=[award.key, award.order.number])).content.decode()
    assert "确认享受" in page
    post(firm, "firm-move", award.key, award.order.number, "confirm", version=award.order.version)
    award.refresh_from_db()
    assert (award.state, Budget.objects.get().reserved) == ("reserved", award.amount)


def test_an_officer_applies_in_a_firms_name_and_another_approves(world):
    policy = published(world)
    money(world, policy)
    fits, none = code(1), "91110000600037341L"
    assert post(world.payer, "enterprise-ask-for", policy=policy.pk, code=none).status_code == 403
    answer = post(world.payer, "enterprise-ask-for", policy=policy.pk, code=f" {fits.lower()} ")
    assert "已代为申请" in answer.content.decode()
    award = Award.objects.get()
    assert (award.key, award.order.opened_by, award.order.office) == (fits, world.payer, policy.office)
    again = post(world.payer, "enterprise-ask-for", policy=policy.pk, code=fits)
    assert (again.status_code, Award.objects.count()) == (409, 1)


def test_who_does_not_fit_is_told_why_on_the_page(world):
    policy = published(world)
    answer = post(world.payer, "enterprise-ask-for", policy=policy.pk, code=code(12))
    assert answer.status_code == 400
    assert "不符合「参保职工少于30人」" in answer.content.decode()
    assert not Award.objects.exists()


def test_a_firm_applies_with_one_press_and_is_asked_for_its_account(world):
    policy = published(world)
    fits = code(1)
    firm = made.user("firm", "firm")
    Binding.objects.create(user=firm, table=TABLE, key=fits, name="虚构企业1", area=made.DISTRICT, state=CONFIRMED,
                           asked_at=timezone.now())
    answer = post(firm, "firm-apply", fits, policy.pk, reason="请支持")
    text = answer.content.decode()
    assert "已提交" in text
    assert "收款账户" in text
    post(firm, "firm-account", fits, holder="虚构企业1", number="6222000011112222", bank="虚构银行")
    shown = browser(firm).get(reverse("firm-account", args=[fits])).content.decode()
    assert "•••• 2222" in shown
    assert "6222000011112222" not in shown
    assert Award.objects.get().order.text == "请支持"
    other = code(2)
    assert post(firm, "firm-apply", other, policy.pk).status_code == 404
    assert browser(firm).get(reverse("firm-account", args=[other])).status_code == 404


def test_an_account_that_cannot_be_is_not_kept(world):
    fits, firm = code(1), made.user("firm", "firm")
    Binding.objects.create(user=firm, table=TABLE, key=fits, name="虚构企业1", area=made.DISTRICT, state=CONFIRMED,
                           asked_at=timezone.now())
    answer = post(firm, "firm-account", fits, holder="虚构企业1", number="12", bank="虚构银行")
    assert (answer.status_code, "8 至 32 位数字" in answer.content.decode()) == (400, True)
