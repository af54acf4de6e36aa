"""A policy is told once through each channel, never in quiet hours, and not to who wants none of its kind."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone

from plumbline.kernel import BadInput, Conflict, NotAllowed, SourceDown
from plumbline.store.journal import Entry
from plumbline.store.models import Preference, Push
from plumbline.store.orders.outbound import Answer
from plumbline.store.orders.recipients import DUMMY
from plumbline.store.orders.webhooks import signature
from plumbline.store.parties import preferences, pushing, sending
from plumbline.store.parties.pushing import Paper, Party, Pushed
from plumbline.store.parties.tests import firms
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
NOON, NIGHT, MORNING = (datetime(2020, 7, 1, hour, tzinfo=UTC) for hour in (4, 15, 23))  # 12时, 23时, 次日7时
DAY = datetime(2020, 7, 2, 0, 0, tzinfo=UTC)  # 8时
PAPER = Paper(7, 1, firms.TABLE, "虚构租金减免办法", made.DISTRICT, "房租")
PARTIES = [Party(key, row["area"], row["street"]) for key, row in firms.ROWS.items()]
LOC = "django.core.mail.backends.locmem.EmailBackend"


def chosen(user, key=firms.MINE, **told):
    version = preferences.of(firms.TABLE, key).version
    return preferences.choose(user, firms.TABLE, key, {"quiet_from": "21", "quiet_until": "8"} | told, version)


@pytest.fixture
def world(monkeypatch):
    firms.known(monkeypatch)
    return firms.district()


def pushed(now=NOON, paper=PAPER, parties=PARTIES):
    return pushing.push(None, paper, parties, now)


def states(channel):
    return list(Push.objects.filter(channel=channel).order_by("pk").values_list("state", flat=True))


def test_a_policy_is_told_once_and_journalled(world):
    assert pushed() == Pushed(3, 0, 0)
    entries = Entry.objects.filter(action="push.send").count()
    assert pushed() == Pushed(0, 3, 0)
    assert (Push.objects.count(), entries, Entry.objects.filter(action="push.send").count()) == (3, 1, 1)
    assert pushed(paper=Paper(7, 2, firms.TABLE, "修订", made.DISTRICT)) == Pushed(3, 0, 0)


def test_only_who_makes_policies_has_them_told(world):
    with made.refused(NotAllowed):
        pushing.push(world.mine, PAPER, PARTIES, NOON)
    with made.refused(NotAllowed):
        pushing.push(world.neighbour, PAPER, PARTIES, NOON)
    assert pushing.push(world.planner, PAPER, PARTIES, NOON).new == 3


def test_who_wants_none_of_a_kind_is_told_nothing_of_it(world):
    chosen(world.mine, unwanted=["房租"], mail="a@example.org")
    assert pushed() == Pushed(2, 0, 1)
    assert pushed(paper=Paper(8, 1, firms.TABLE, "社保补贴", made.DISTRICT, "社保")).new == 4


def test_mail_waits_for_the_morning_and_goes_out_once(world, settings):
    settings.EMAIL_BACKEND = LOC
    chosen(world.mine, mail="a@example.org")
    pushed(NIGHT)
    assert (sending.deliver(NIGHT), sending.deliver(MORNING), len(outbox.outbox)) == (0, 0, 0)
    assert Push.objects.get(channel="mail").next_at == DAY
    assert (sending.deliver(DAY), sending.deliver(DAY), states("mail")) == (1, 0, ["sent"])
    [letter] = outbox.outbox
    assert (letter.to, "虚构租金减免办法" in letter.body, firms.MINE in letter.body) == (["a@example.org"], True, False)


def test_mail_that_fails_is_tried_again_then_given_up(world, settings, monkeypatch):
    settings.EMAIL_BACKEND = LOC
    chosen(world.mine, mail="a@example.org", quiet_from="0", quiet_until="0")
    pushed()

    def broken(self):
        raise OSError("no")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", broken)
    now, tries = NOON, []
    for _ in range(5):
        sending.deliver(now)
        one = Push.objects.get(channel="mail")
        tries.append((one.state, one.tries))
        now = one.next_at or now
    assert tries == [("waiting", 1), ("waiting", 2), ("waiting", 3), ("waiting", 4), ("failed", 5)]


def test_mail_cut_off_while_it_was_sent_is_not_sent_again(world, settings):
    settings.EMAIL_BACKEND = LOC
    chosen(world.mine, mail="a@example.org")
    pushed()
    Push.objects.filter(channel="mail").update(state="sending")
    assert sending.deliver(NOON + timedelta(minutes=11)) == 0
    assert (states("mail"), len(outbox.outbox)) == (["failed"], 0)


def test_without_a_mail_server_it_says_so(world, settings):
    settings.EMAIL_BACKEND = DUMMY
    chosen(world.mine, mail="a@example.org")
    pushed()
    sending.deliver(NOON)
    assert "没有设置邮件服务器" in Push.objects.get(channel="mail").trouble


def test_a_webhook_is_signed_and_sent_again_till_it_arrives(world, monkeypatch):
    one, heard = chosen(world.mine, hook="https://example.org/hook"), []
    answers = [SourceDown("不通"), Answer(500, "x"), Answer(204, "")]

    def post(address, body, headers, private):
        heard.append((address, body, headers))
        answer = answers[len(heard) - 1]
        if isinstance(answer, SourceDown):
            raise answer
        return answer

    monkeypatch.setattr(sending, "post", post)
    pushed()
    now, sent = NOON, []
    for _ in range(3):
        sent.append(sending.deliver(now))
        now += timedelta(minutes=6)
    assert (sent, states("hook"), len({headers["X-Plumbline-Delivery"] for *_, headers in heard})) == ([0, 0, 1], ["sent"], 1)
    address, body, headers = heard[0]
    assert headers["X-Plumbline-Signature"] == f"sha256={signature(one.secret, headers['X-Plumbline-Time'], body)}"
    assert firms.MINE.encode() in body


def test_no_webhook_reaches_a_private_network(world):
    chosen(world.mine, hook="http://127.0.0.1:9/")
    pushed()
    assert sending.deliver(NOON) == 0
    assert "内部网络" in Push.objects.get(channel="hook").trouble


def test_who_closed_a_channel_meanwhile_gets_nothing_by_it(world, settings):
    settings.EMAIL_BACKEND = LOC
    chosen(world.mine, mail="a@example.org", hook="https://example.org/")
    pushed()
    chosen(world.mine)
    assert (sending.deliver(NOON), states("mail"), states("hook"), len(outbox.outbox)) == (0, ["failed"], ["failed"], 0)
    assert not sending.due(NOON + timedelta(days=9))


def test_a_page_shown_and_read_is_a_receipt_given_once(world):
    pushed()
    [row] = pushing.shown(firms.TABLE, firms.MINE, NOON)
    assert pushing.read(firms.TABLE, firms.MINE, 7, NIGHT) == 1
    assert pushing.read(firms.TABLE, firms.MINE, 7, DAY) == 0
    row.refresh_from_db()
    assert (row.shown_at, row.read_at, Push.objects.exclude(read_at=None).count()) == (NOON, NIGHT, 1)


@pytest.mark.parametrize("told", [
    {"mail": "a@b"}, {"mail": "a@b.c, d@e.f"}, {"hook": "ftp://example.org"}, {"hook": "https://u:p@example.org"},
    {"quiet_from": "24"}, {"quiet_until": "x"}])
def test_preferences_that_cannot_be_are_refused(world, told):
    with made.refused(BadInput):
        chosen(world.mine, **told)


def test_preferences_are_the_firms_own_and_the_second_account_is_told(world):
    with made.refused(NotAllowed):
        chosen(world.other, mail="a@example.org")
    chosen(world.mine, mail="a@example.org")
    with made.refused(Conflict):
        preferences.choose(world.mine, firms.TABLE, firms.MINE, {"quiet_from": "1", "quiet_until": "2"}, 0)
    assert Preference.objects.get().mail == "a@example.org"


@pytest.mark.parametrize(("start", "end", "hour", "heard"), [
    (21, 8, 12, 12), (21, 8, 23, 8), (21, 8, 7, 8), (12, 14, 12, 14), (12, 14, 14, 14), (8, 8, 8, 8)])
def test_quiet_hours_may_cross_midnight(start, end, hour, heard):
    one = Preference(quiet_from=start, quiet_until=end)
    now = datetime(2020, 7, 1, 0, 30, tzinfo=UTC) + timedelta(hours=hour - 8)
    told = preferences.heard_at(one, now)
    assert (timezone.localtime(told).hour, told >= now) == (heard, True)
