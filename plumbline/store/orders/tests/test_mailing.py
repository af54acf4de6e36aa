"""E-mails go out at most once, are tried again, given up, and never sent where they do not hold any more."""

import os
import signal
from dataclasses import replace
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connections

from plumbline.kernel import BadInput
from plumbline.store import orders
from plumbline.store.models import Asker, Notice
from plumbline.store.orders import mailing
from plumbline.store.orders.tests.made import CATALOG, at, moved, opened, person
from plumbline.store.orders.tests.test_sweeping import OFFICE, day, hourly
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
BACKEND = "plumbline.store.orders.tests.test_mailing.Failing"


class Failing(EmailBackend):
    """The locmem back end, that fails as it is told."""

    opens, sends, died = [], [], False

    def open(self):
        if self.opens:
            raise self.opens.pop(0)

    def send_messages(self, messages):
        if self.sends and (trouble := self.sends.pop(0)):
            raise trouble
        if self.died:
            super().send_messages(messages)
            os.kill(os.getpid(), signal.SIGKILL)
        return super().send_messages(messages)


@pytest.fixture
def failing(settings, monkeypatch):
    settings.EMAIL_BACKEND = BACKEND
    monkeypatch.setattr(Failing, "opens", [])
    monkeypatch.setattr(Failing, "sends", [])
    return Failing


@pytest.fixture
def note(cast):
    """A word to one person, by e-mail."""
    cast["dispatcher"].email = "paidan@example.org"
    cast["dispatcher"].save()
    return waits(cast["dispatcher"], "SX2025000001「路灯」督办：快")


def waits(user, text):
    return Notice.objects.create(user=user, level="urge", text=text, at=at(10), mail="waiting", next_at=at(10))


def mailed(now=None, catalog=CATALOG, **more):
    return orders.mail(now or at(10), catalog=catalog, **more)


def test_what_waits_is_sent_once(note):
    assert (mailed(at(9)), mailed(), mailed(), mailed(at(20))) == (0, 1, 0, 0)
    [sent] = mail.outbox
    assert (sent.to, sent.bcc, sent.subject) == (["paidan@example.org"], [], "准绳：SX2025000001「路灯」督办：快")
    assert sent.body.startswith("SX2025000001「路灯」督办：快\n\n请登录准绳查看。")
    note.refresh_from_db()
    assert (note.mail, note.tries, note.next_at, note.trouble) == ("sent", 1, None, "")


def test_the_story_of_an_order_by_e_mail(cast, order):
    assert mailed(at(11)) == 2
    assert [(one.to, one.subject) for one in mail.outbox] == [
        (["wang@example.org"], f"准绳：SX2025000001「路灯不亮」{said}。") for said in ("已受理", "已转交")]
    assert "查询码" in mail.outbox[0].body
    assert order.code not in str([one.message() for one in mail.outbox])


def test_those_of_one_office_do_not_read_one_anothers_address(cast):
    for number in range(3):
        person(f"p{number}", "office", office=cast["street"], email=f"p{number}@example.org")
    gone = person("gone", "office", office=cast["street"], email="gone@example.org")
    gone.is_active = False
    gone.save()
    moved(cast["dispatcher"], opened(cast["operator"]), "send", office=cast["street"].pk)
    assert mailed(at(11)) == 1
    assert (mail.outbox[0].to, mail.outbox[0].bcc) == ([], [f"p{number}@example.org" for number in range(3)])
    assert "@example.org" not in str(mail.outbox[0].message())


def test_a_refused_one_is_tried_after_its_pauses_and_given_up_after_five(note, failing):
    failing.sends = [SMTPRecipientsRefused({}), SMTPException("busy"), OSError("cut"), ValueError("odd"), SMTPException("no"),
                     SMTPException("never asked")]
    now = at(10)
    for tries, minutes in enumerate((1, 5, 30, 120), 1):
        assert mailed(now) == 0
        note.refresh_from_db()
        assert (note.mail, note.tries, note.next_at) == ("waiting", tries, now + timedelta(minutes=minutes))
        assert note.trouble
        now += timedelta(minutes=minutes)
        assert mailed(now - timedelta(seconds=1)) == 0
    assert mailed(now) == 0
    note.refresh_from_db()
    assert (note.mail, note.tries, note.next_at, note.trouble) == ("failed", 5, None, "SMTPException：no")
    assert (mailed(now + timedelta(days=9)), len(failing.sends), mail.outbox) == (0, 1, [])


def test_one_that_fails_does_not_hold_up_the_next(cast, note, failing):
    waits(cast["dispatcher"], "第二")
    failing.sends = [SMTPException("x")]
    assert (mailed(), mail.outbox[0].subject) == (1, "准绳：第二")


def test_where_the_server_is_away_all_wait_and_no_try_is_counted(note, failing):
    failing.opens = [ConnectionRefusedError("away")]
    assert mailed() == 0
    note.refresh_from_db()
    assert (note.mail, note.tries, note.next_at) == ("waiting", 0, at(10, 5))
    assert (mailed(at(10, 4)), mailed(at(10, 5))) == (0, 1)


def test_nothing_typed_by_a_person_becomes_a_header(cast, note):
    evil = "x\r\nBcc: all@example.org\nSubject: y\x85To: z\u2028Cc: q\x0bFrom: r"
    Notice.objects.update(text=evil)
    assert mailed() == 1
    message = mail.outbox[0].message()
    assert sorted(message.keys()) == sorted(["Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To",
                                             "Date", "Message-ID"])
    assert mail.outbox[0].recipients() == ["paidan@example.org"]
    assert "\n" not in mail.outbox[0].subject


def test_a_title_or_address_with_lines_is_not_even_kept(cast):
    before = made.everything()
    with pytest.raises(BadInput):
        opened(cast["operator"], title="x\r\nBcc: a@b.cn")
    for email in ("a@b.cn\r\nBcc: c@d.cn", "a@b.cn,c@d.cn", "a,b@c.cn", "<a@b.cn>", "王 <a@b.cn>", "a@b.cn;", "a@b"):
        with pytest.raises(BadInput):
            opened(cast["operator"], asker={"email": email})
    assert made.everything() == before


def test_an_address_that_is_none_is_given_up_and_holds_up_nobody(cast, order, note):
    Asker.objects.update(email="a\nBcc: b@c.cn")
    assert mailed(at(11)) == 1
    assert [one.to for one in mail.outbox] == [["paidan@example.org"]]


def test_who_has_no_address_any_more_gets_none(cast, order, note):
    Asker.objects.all().delete()
    cast["dispatcher"].is_active = False
    cast["dispatcher"].save()
    assert mailed(at(11)) == 0
    assert set(Notice.objects.values_list("mail", flat=True)) == {""}
    assert mail.outbox == []


def reminded(cast, now=None):
    """An order whose office reads e-mail, and was reminded."""
    person("reader", "office", office=cast["street"], email="reader@example.org")
    order = moved(cast["dispatcher"], opened(cast["operator"]), "send", office=cast["street"].pk)
    mailed(at(11))
    mail.outbox.clear()
    orders.sweep(now or order.next_at, CATALOG)
    return order


def test_a_reminder_of_what_was_answered_or_hangs_meanwhile_is_not_sent(cast):
    for key, told in (("answer", {"reply": "好", "finding": "已解决"}), ("hang", {"reason": "x"})):
        type(cast["holder"]).objects.filter(username="reader").delete()
        order = reminded(cast)
        moved(cast["holder"], order, key, order.next_at, **told)
        assert (mailed(day(12)), mail.outbox) == (0, [])
        assert order.notices.get(level="warn").mail == ""


def test_a_reminder_to_an_office_that_passed_it_on_is_not_sent(cast):
    order = reminded(cast)
    moved(cast["dispatcher"], order, "pass", day(8), office=cast["other"].pk, reason="职责")
    mailed(day(9))
    assert [one for one in mail.outbox if "将超期" in one.subject] == []


def test_a_reminder_that_still_holds_is_sent(cast):
    order = reminded(cast)
    assert mailed(order.next_at) == 1
    assert mail.outbox[0].subject == f"准绳：{order.number}「路灯不亮」将超期：办理时限至3月10日24时。"


def test_a_reminder_of_office_hours_waits_for_them(cast):
    person("reader", "office", office=cast["street"], email="reader@example.org")
    order = hourly(cast, day(3, 10))
    orders.mail(day(3, 10), catalog=OFFICE)
    orders.sweep(day(4, 9), OFFICE)
    Notice.objects.filter(level="remind").update(next_at=day(4, 9))
    mail.outbox.clear()
    assert orders.mail(day(4, 20), catalog=OFFICE) == 0
    one = order.notices.get(level="remind")
    assert (one.mail, one.next_at, mail.outbox) == ("waiting", day(5, 9), [])
    assert orders.mail(day(5, 9), catalog=OFFICE) == 1


def test_what_is_no_reminder_of_office_hours_is_sent_at_night(note):
    assert mailed(at(23)) == 1


def test_no_more_than_were_asked_for(cast, note):
    for number in range(4):
        waits(cast["dispatcher"], f"第{number}")
    assert [mailed(most=2), mailed(most=2), mailed(most=2), mailed()] == [2, 2, 1, 0]


def test_who_lost_an_order_kind_still_gets_the_words_of_its_steps(cast, order):
    assert mailed(at(11), replace(CATALOG, orders={})) == 2


@pytest.mark.django_db(transaction=True)
def test_killed_while_sending_it_is_not_sent_again_and_the_others_are(cast, note, failing, monkeypatch):
    waits(cast["dispatcher"], "第二")
    connections.close_all()
    child = os.fork()
    if not child:
        monkeypatch.setattr(Failing, "died", True)
        mailed()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    note.refresh_from_db()
    assert note.mail == "sending"
    assert (mailed(), [one.subject for one in mail.outbox]) == (1, ["准绳：第二"])
    assert mailed(at(10, 10)) == 0
    note.refresh_from_db()
    assert (note.mail, note.trouble, len(mail.outbox)) == ("failed", mailing.CUT_OFF_SAYS, 1)


def test_two_workers_send_one_e_mail(note):
    looked_up = mailing._addressed([Notice.objects.get(pk=note.pk)])
    assert mailed() == 1
    assert not mailing._mailed(mail.get_connection(), *next(looked_up), at(10))
    assert len(mail.outbox) == 1
