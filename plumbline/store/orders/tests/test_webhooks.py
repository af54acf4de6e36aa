"""Other systems are told of steps, signed, again till it arrives, and not after they are stopped."""

import json
from datetime import timedelta

import pytest

from plumbline.kernel import BadInput, Conflict, NotAllowed, SourceDown
from plumbline.store import orders
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Webhook, WebhookDelivery
from plumbline.store.orders import outbound, webhooks
from plumbline.store.orders.tests.made import CATALOG, at, moved, opened, person
from plumbline.store.tests.made import CITY, everything, refused

pytestmark = pytest.mark.django_db
ADDRESS = "https://hook.example.org/in?x=1"


def saved(user, number=None, version=None, **told):
    body = {"label": "城管平台", "address": ADDRESS, **told}
    return webhooks.save(user, body, number, version, catalog=CATALOG, now=at(9))


class Others:
    """The other system: what it was sent, and what it says next."""

    def __init__(self, monkeypatch):
        self.got, self.says = [], []
        monkeypatch.setattr(webhooks, "post", self.post)

    def post(self, address, body, headers, private):
        self.got.append((address, body, dict(headers), private))
        answer = self.says.pop(0) if self.says else 200
        if isinstance(answer, str):
            raise SourceDown(answer)
        return outbound.Answer(answer, "好" * 400)


@pytest.fixture
def others(monkeypatch):
    return Others(monkeypatch)


def waiting():
    return WebhookDelivery.objects.get()


def test_a_webhook_is_made_changed_and_stopped_by_planners_its_secret_told_to_nobody(cast):
    one = saved(cast["planner"], kinds=["small.matter"], moves=["send", "open"])
    assert (one.area, one.kinds, one.moves, len(one.secret)) == ("990101", ["small.matter"], ["open", "send"], 43)
    changed = saved(cast["planner"], one.pk, 0, label="住建平台")
    assert (changed.label, changed.kinds, changed.version, changed.secret) == ("住建平台", [], 1, one.secret)
    webhooks.retire(cast["planner"], one.pk, "不用了", at(10))
    seq = Entry.objects.count()
    assert webhooks.retire(cast["planner"], one.pk, "不用了").retired_at == at(10)
    assert Entry.objects.count() == seq
    entries = Entry.objects.filter(table="webhook").order_by("seq")
    assert [entry.action for entry in entries] == ["webhook.create", "webhook.edit", "webhook.retire"]
    assert one.secret not in str([(entry.before, entry.after) for entry in entries])
    assert verify().broken is None


def test_each_has_a_secret_of_its_own(cast):
    assert saved(cast["planner"]).secret != saved(cast["planner"]).secret


def test_those_who_do_not_set_up_orders_make_and_change_none(cast):
    one = saved(cast["planner"])
    opened(cast["operator"])
    WebhookDelivery.objects.update(state="failed")
    delivery = waiting()
    far = person("far", "planner", area="110112")
    for user in (far, *(cast[who] for who in ("operator", "dispatcher", "holder", "leader", "deputy", "stranger"))):
        acts = [lambda user=user: saved(user, one.pk, 0), lambda user=user: webhooks.retire(user, one.pk, "x"),
                lambda user=user: webhooks.again(user, delivery.pk), lambda user=user: saved(user, 10 ** 9, 0)]
        said, before = set(), everything()
        for act in acts:
            with pytest.raises(NotAllowed) as raised:
                act()
            said.add(str(raised.value))
        if user is not far:
            with pytest.raises(NotAllowed):
                saved(user)
        assert (said, everything()) == ({webhooks.ABSENT}, before)
        assert not Webhook.objects.visible_to(user).exists()
        assert not WebhookDelivery.objects.visible_to(user).exists()
    assert WebhookDelivery.objects.visible_to(cast["planner"]).get() == delivery


def test_two_who_change_one_at_once_one_is_told(cast):
    one = saved(cast["planner"])
    saved(cast["planner"], one.pk, 0, label="a")
    with refused(Conflict):
        saved(cast["planner"], one.pk, 0, label="b")
    webhooks.retire(cast["planner"], one.pk, "x")
    with refused(Conflict):
        saved(cast["planner"], one.pk, 2, label="c")


def test_twenty_and_no_more(cast):
    made = [saved(cast["planner"]) for _ in range(webhooks.MOST)]
    assert len(made) == 20
    with refused(BadInput):
        saved(cast["planner"])
    webhooks.retire(cast["planner"], made[0].pk, "x")
    assert saved(cast["planner"]).pk


def test_what_is_no_address_kind_or_move_is_refused(cast):
    wrong = [{"address": address} for address in (
        "", "ftp://a.cn", "javascript:alert(1)", "http://", "https:///x", "http://[::1", "http://a.cn:0/", "http://a.cn:99999/",
        "http://a.cn\\@b.cn/", "http://u:p@a.cn/", "http://@a.cn/", "http://例子.cn/", f"http://a.cn/{'x' * 300}", "//a.cn",
        "file:///etc/passwd", "http://a.cn/\x00", "gopher://a.cn")]
    wrong += [{"label": ""}, {"label": "长" * 51}, {"kinds": ["nothing"]}, {"moves": ["nothing"]}]
    before = everything()
    for told in wrong:
        with pytest.raises(BadInput):
            saved(cast["planner"], **told)
    assert everything() == before


def test_a_step_is_told_to_those_who_want_it_and_says_nothing_personal(cast, others):
    saved(cast["planner"], moves=["open"])
    saved(cast["planner"], kinds=["small.help"])
    saved(person("far", "planner", area="110112"))
    city = saved(person("city", "planner", area=CITY))
    order = opened(cast["operator"], text="我住3号楼", asker={"name": "王五", "phone": "010-1234 5678"})
    moved(cast["dispatcher"], order, "send", office=cast["street"].pk)
    told = [(row.webhook.made_by.username, row.move) for row in WebhookDelivery.objects.order_by("pk")]
    assert told == [("planner", "open"), ("city", "open"), ("city", "send")]
    row = city.deliveries.get(move="send")
    order.refresh_from_db()
    assert json.loads(row.body) == {
        "number": order.number, "kind": "small.matter", "move": "send", "label": "派单", "at": at(11).isoformat(),
        "state": "given", "state_label": "办理中", "state_kind": "open", "area": "990101", "place": "", "topic": "",
        "urgency": "usual", "office": "云溪街道", "due_at": order.due_at.isoformat()}
    for secret in ("王五", "1234", "3号楼", order.code, "路灯"):
        assert secret not in "".join(WebhookDelivery.objects.values_list("body", flat=True))


def test_what_is_refused_tells_nobody(cast, order):
    saved(cast["planner"])
    with refused(NotAllowed):
        moved(cast["second"], order, "return", reason="x")


def test_the_signature_verifies_and_binds_time_and_body(cast, others):
    hook = saved(cast["planner"])
    opened(cast["operator"])
    assert webhooks.send(at(10, 5)) == 1
    [(address, body, headers, private)] = others.got
    assert (address, private, headers["X-Plumbline-Time"]) == (ADDRESS, False, str(int(at(10, 5).timestamp())))
    hashed = webhooks.hmac.new(hook.secret.encode(), headers["X-Plumbline-Time"].encode() + b"." + body, "sha256").hexdigest()
    assert headers["X-Plumbline-Signature"] == f"sha256={hashed}"
    assert headers["X-Plumbline-Delivery"] == str(waiting().pk)
    assert hook.secret not in str(headers) + body.decode()
    assert json.loads(body)["move"] == "open"
    for secret, seconds, sent in ((hook.secret, "1", body), ("x", headers["X-Plumbline-Time"], body),
                                  (hook.secret, headers["X-Plumbline-Time"], body + b" ")):
        assert webhooks.signature(secret, seconds, sent) != hashed


def test_what_arrived_is_logged_and_not_sent_again(cast, others):
    saved(cast["planner"])
    opened(cast["operator"])
    others.says = [204]
    assert (webhooks.send(at(9)), webhooks.send(at(10)), webhooks.send(at(20))) == (0, 1, 0)
    one = waiting()
    assert (one.state, one.status, one.tries, one.sent_at, one.next_at, len(one.answer)) == ("sent", 204, 1, at(10), None, 300)


def test_it_is_sent_again_after_its_pauses_and_then_given_up(cast, others):
    saved(cast["planner"])
    opened(cast["operator"])
    others.says, now = [500, 404, 301, 302, 199, 500, 500], at(10)
    for minutes in (1, 5, 30, 120, 720):
        assert webhooks.send(now) == 0
        assert (waiting().state, waiting().next_at) == ("waiting", now + timedelta(minutes=minutes))
        assert webhooks.send(now + timedelta(minutes=minutes) - timedelta(seconds=1)) == 0
        now += timedelta(minutes=minutes)
    webhooks.send(now)
    one = waiting()
    assert (one.state, one.tries, one.next_at, one.status, len(others.got)) == ("failed", 6, None, 500, 6)
    assert webhooks.send(now + timedelta(days=99)) == 0
    assert len({headers["X-Plumbline-Delivery"] for _, _, headers, _ in others.got}) == 1
    assert len(others.got) == 6


def test_what_was_given_up_is_sent_again_when_a_person_says_so(cast, others):
    hook = saved(cast["planner"])
    opened(cast["operator"])
    with refused(Conflict):
        webhooks.again(cast["planner"], waiting().pk)
    WebhookDelivery.objects.update(state="failed", tries=6, next_at=None)
    webhooks.again(cast["planner"], waiting().pk, at(12))
    assert (webhooks.send(at(12)), waiting().tries) == (1, 1)
    WebhookDelivery.objects.update(state="failed")
    webhooks.retire(cast["planner"], hook.pk, "x")
    with refused(Conflict):
        webhooks.again(cast["planner"], waiting().pk)


def test_an_address_that_does_not_answer_holds_up_nobody_elses(cast, others):
    saved(cast["planner"], address="https://down.example.org/")
    saved(cast["planner"])
    for _ in range(3):
        opened(cast["operator"])
    others.says = ["找不到"]
    assert webhooks.send(at(10)) == 3
    assert [address for address, *_ in others.got].count("https://down.example.org/") == 1
    down = WebhookDelivery.objects.filter(webhook__address="https://down.example.org/").order_by("pk")
    assert [(one.state, one.tries, one.next_at, one.status) for one in down] == [
        ("waiting", 1, at(10, 1), None), ("waiting", 0, at(10, 1), None), ("waiting", 0, at(10, 1), None)]
    assert down[0].answer == "找不到"


def test_to_what_is_stopped_nothing_is_sent(cast, others):
    hook = saved(cast["planner"])
    order = opened(cast["operator"])
    webhooks.retire(cast["planner"], hook.pk, "停用", at(11))
    moved(cast["dispatcher"], order, "send", office=cast["street"].pk)
    assert (webhooks.send(at(20)), others.got) == (0, [])
    assert (waiting().state, waiting().answer) == ("failed", webhooks.RETIRED)


def test_one_that_is_stopped_between_looking_and_sending_is_not_sent(cast, others, monkeypatch):
    hook = saved(cast["planner"])
    opened(cast["operator"])
    opened(cast["operator"])
    whole = others.post

    def stopping(*told):
        webhooks.retire(cast["planner"], hook.pk, "停用", at(11))
        return whole(*told)

    monkeypatch.setattr(webhooks, "post", stopping)
    webhooks.send(at(12))
    assert len(others.got) == 1
    assert sorted(WebhookDelivery.objects.values_list("state", flat=True)) == ["failed", "failed"]


def test_one_killed_on_its_way_is_sent_again_under_its_number_and_two_workers_send_it_once(cast, others):
    saved(cast["planner"])
    opened(cast["operator"])
    one, stale = waiting(), waiting()
    stale.tries = 3
    assert not webhooks._claimed(stale, at(10))
    assert webhooks._claimed(one, at(10))
    assert not webhooks._claimed(one, at(10))
    assert (webhooks.send(at(10)), others.got) == (0, [])
    assert webhooks.send(at(10, 1)) == 1
    assert others.got[0][2]["X-Plumbline-Delivery"] == str(one.pk)


def test_words_long_past_are_dropped_those_that_wait_are_not(cast, others):
    saved(cast["planner"])
    opened(cast["operator"])
    webhooks.send(at(10))
    opened(cast["operator"])
    assert (webhooks.thin(at(10)), webhooks.thin(at(12)), waiting().state) == (0, 1, "waiting")
    assert orders.Order.objects.count() == 2
