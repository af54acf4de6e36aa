"""Payment runs: two people, one file, one booking of each line; what the bank sends back goes again once it is put right."""

from datetime import date
from decimal import Decimal

import pytest

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store.grants import accounts, bank, overview, paying
from plumbline.store.grants.tables import Award, Budget, PaymentLine
from plumbline.store.grants.tests.made import (
    ROLL,
    SETTING,
    account,
    act,
    applied,
    approved,
    booked,
    budget,
    cast,
    returned,
    row,
    sent,
)
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Order
from plumbline.store.tests.made import DISTRICT, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """People, and a budget in force."""
    people = cast()
    budget(people)
    return people


def states():
    """States of awards, in order."""
    return list(Award.objects.order_by("pk").values_list("state", flat=True))


def test_a_run_goes_from_one_person_to_another_to_the_bank_and_is_booked(told):
    paid = sent(told, approved(told, 1), approved(told, 2))
    assert states() == ["listed", "listed"]
    assert booked(told, paid.run, returned(paid.run, "成功", "成功")).paid == 2
    paid.run.refresh_from_db()
    standing = Budget.objects.get()
    assert (paid.run.state, standing.reserved, standing.paid) == ("booked", 0, Decimal("2010.00"))
    assert set(Order.objects.values_list("state", "state_kind")) == {("paid", "done")}
    assert set(Award.objects.values_list("paid_on", flat=True)) == {date(2020, 6, 5)}
    assert {one.fields["paid_on"] for one in Order.objects.all()} == {"2020-06-05"}
    assert verify().broken is None


def test_who_makes_a_run_does_not_approve_it(told):
    run = paying.make(told.first, DISTRICT, "第一批", [approved(told).pk], **SETTING).run
    with refused(NotAllowed):
        paying.approve(told.first, run.pk, run.version, **SETTING)
    with refused(Conflict):
        bank.handed_out(told.second, run.pk, run.version, **SETTING)


@pytest.mark.parametrize("who", ["holder", "leader", "stranger"])
def test_nobody_else_pays(told, who):
    award, user = approved(told), getattr(told, who)
    with refused(NotAllowed):
        paying.make(user, DISTRICT, "第一批", [award.pk], **SETTING)
    run = paying.make(told.first, DISTRICT, "第一批", [award.pk], **SETTING).run
    for deed in (paying.approve, bank.handed_out):
        with refused(NotAllowed):
            deed(user, run.pk, run.version, **SETTING)


def test_an_award_without_an_account_is_left_out_and_named(told):
    one, bare = approved(told, 1), act(told.holder, applied(told, 2), "take")
    bare = act(told.first, bare, "approve")
    made = paying.make(told.first, DISTRICT, "第一批", None, **SETTING)
    assert ([line.award_id for line in made.run.lines.all()], [one.where for one in made.left_out]) == ([one.pk], [bare.key])


def test_a_file_handed_out_twice_is_the_same_file(told):
    paid = sent(told, approved(told, 1))
    again = bank.handed_out(told.second, paid.run.pk, paid.run.version, "gb18030", **SETTING)
    assert (again.data, again.sha256) == (paid.file.data, paid.file.sha256)
    assert Entry.objects.filter(action="run.file").count() == 2
    PaymentLine.objects.update(amount=1)  # somebody at the database itself
    with refused(Conflict):
        bank.handed_out(told.second, paid.run.pk, paid.run.version, **SETTING)


def test_a_file_is_plain_and_runs_nothing_in_a_spreadsheet(told):
    award = approved(told, 1)
    account(told, 1, holder="=HYPERLINK(1)", bank="@模拟银行")
    text = sent(told, award).file.data.decode("utf-8-sig")
    assert text.splitlines() == [
        "业务编号,收款人户名,收款账号,收款人开户行,金额,用途",
        "BF2020000001-00001,'=HYPERLINK(1),62220000" + f"{1:010}" + ",'@模拟银行,1005.00,稳岗补贴（虚构）"]


def test_a_return_booked_twice_books_once(told):
    paid = sent(told, approved(told, 1), approved(told, 2))
    back = returned(paid.run, "成功", "账号不符")
    first, second = booked(told, paid.run, back), booked(told, paid.run, back)
    assert ((first.paid, first.failed, first.before), (second.paid, second.failed, second.before)) == ((1, 1, 0), (0, 0, 2))
    assert Budget.objects.get().paid == Decimal("1005.00")
    assert Order.objects.filter(state="paid").get().moves.filter(move="pay").count() == 1


@pytest.mark.parametrize(("spoilt", "says"), [
    ({"amounts": {2: "1005.01"}}, "第 3 行：BF2020000001-00002 的金额是 1005.01 元"),
    ({"keys": {2: "BF2020000001-00003"}}, "第 3 行：批次 BF2020000001 里没有"),
    ({"keys": {2: "BF2020000001-2"}}, "第 3 行：批次 BF2020000001 里没有"),
    ({"keys": {2: "BF2020000001-00001"}}, "在第 2 行已经出现过，重复了"),
    ({"amounts": {2: "很多"}}, "第 3 行：「很多」不是金额")])
def test_a_return_that_was_altered_is_refused_whole_with_its_lines_named(told, spoilt, says):
    paid = sent(told, approved(told, 1), approved(told, 2))
    with refused(BadInput) as raised:
        booked(told, paid.run, returned(paid.run, "成功", "成功", **spoilt))
    assert says in str(raised.value)


@pytest.mark.parametrize("data", [b"", b"a,b\r\n1,2\r\n", "业务编号,金额,结果\r\n".encode(), b"\xff\xfe\x00x",
                                  "业务编号,金额,结果\r\nBF2020000001-00001,1005.00,好了\r\n".encode()])
def test_a_file_that_is_no_return_is_refused(told, data):
    paid = sent(told, approved(told, 1))
    with refused(BadInput):
        booked(told, paid.run, data)


def test_a_return_that_says_otherwise_than_before_is_refused(told):
    paid = sent(told, approved(told, 1))
    booked(told, paid.run, returned(paid.run, "成功"))
    with refused(BadInput) as raised:
        booked(told, paid.run, returned(paid.run, "账号不符"))
    assert "已按“成功”入账" in str(raised.value)


def test_what_failed_goes_again_only_after_its_account_is_put_right(told):
    first = sent(told, approved(told, 1))
    booked(told, first.run, returned(first.run, "账号不符"))
    assert (states(), Order.objects.get().state, Budget.objects.get().reserved) == (["failed"], "failed", Decimal("1005.00"))
    with refused(BadInput) as raised:
        paying.make(told.first, DISTRICT, "第二批", None, **SETTING)
    assert "没有更正" in str(raised.value)
    account(told, 1, number="6222111122223333")
    again = sent(told, Award.objects.get())
    assert "6222111122223333" in again.file.data.decode("utf-8-sig")
    booked(told, again.run, returned(again.run, "成功"))
    assert (states(), Budget.objects.get().paid) == (["paid"], Decimal("1005.00"))


def test_what_is_in_a_run_is_in_no_other_and_not_withdrawn(told):
    award = approved(told)
    sent(told, award)
    with refused(BadInput):
        paying.make(told.first, DISTRICT, "又一批", [award.pk], **SETTING)
    with refused(BadInput):
        act(told.first, award, "withdraw", reason="改主意")


def test_a_run_not_sent_is_taken_apart_one_that_is_sent_not(told):
    award = approved(told)
    run = paying.make(told.first, DISTRICT, "第一批", [award.pk], **SETTING).run
    paying.cancel(told.second, run.pk, run.version, "列错了", **SETTING)
    assert (states(), Order.objects.get().state, Budget.objects.get().reserved) == (["reserved"], "approved", Decimal("1005.00"))
    paid = sent(told, award)
    with refused(Conflict):
        paying.cancel(told.second, paid.run.pk, paid.run.version, "晚了", **SETTING)


def test_an_account_is_whole_for_who_pays_and_every_look_is_written_down(told):
    account(told, 1)
    account(told, 1, number="6222111122223333")
    code = row(1)["code"]
    with refused(NotAllowed):
        accounts.whole(told.holder, ROLL, code, "看看")
    with refused(BadInput):
        accounts.whole(told.first, ROLL, code, " ")
    seen = accounts.whole(told.first, ROLL, code, "核对退汇")
    assert [one.number for one in seen] == ["6222111122223333", f"62220000{1:010}"]
    assert [one.until_at is None for one in seen] == [True, False]
    look = Entry.objects.get(action="account.look")
    assert (look.who, look.why, look.key) == ("first", "核对退汇", code)
    assert not any("6222111122223333" in str(one.after) for one in Entry.objects.all())
    assert accounts.masked(seen[0].number) == "•••• 3333"


@pytest.mark.parametrize("wrong", [{"number": "123"}, {"number": "6222-1111-XXXX"}, {"holder": ""}, {"bank": "\u200b行"}])
def test_an_account_that_cannot_be_is_refused(told, wrong):
    with refused(BadInput):
        account(told, 1, **wrong)


def test_money_adds_up_by_policy_street_and_month(told):
    applied(told, 3)
    approved(told, 4)
    paid = sent(told, approved(told, 1), approved(told, 2, street=f"{DISTRICT}002"))
    booked(told, paid.run, returned(paid.run, "成功", "成功"))
    whole = overview.total(told.leader)
    one = Decimal("1005.00")
    assert [(part.count, part.yuan) for part in (whole.applied, whole.approved, whole.paid, whole.back)] == [
        (4, 4 * one), (3, 3 * one), (2, 2 * one), (0, 0)]
    assert [(part.key, part.label, part.paid.yuan) for part in overview.by(told.leader, "policy")] == [
        ("7", "稳岗补贴（虚构）", 2 * one)]
    assert [(part.key, part.applied.count) for part in overview.by(told.leader, "street")] == [
        (f"{DISTRICT}001", 3), (f"{DISTRICT}002", 1)]
    assert [(part.key, part.paid.count) for part in overview.by(told.leader, "month")] == [("2020-06", 2)]
    assert overview.total(told.stranger).applied.count == 0
    assert overview.days_to_cash(told.leader) == 4
