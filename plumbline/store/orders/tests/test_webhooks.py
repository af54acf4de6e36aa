"""Other systems are told of steps, signed, again till it arrives; nothing is sent to our own machine or network."""

import http.server
import json
import socket
import threading
import time
from contextlib import contextmanager
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
PUBLIC, INNER = "93.184.216.34", "127.0.0.1"


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
    one = waiting()
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


CLOSED = ("127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.0.8", "192.0.0.170", "192.0.2.1", "198.51.100.1", "203.0.113.9",
    "192.88.99.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fdff::1", "fec0::1", "ff02::1", "ff0e::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:0:127.0.0.1",
    "::ffff:169.254.169.254", "::127.0.0.1", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::",
    "2002:c0a8:101::1", "2001:db8::1", "100::1", "2001:0:7f00:1::1", "3fff::1", "5f00::1", "2001:470::5efe:127.0.0.1",
    "2001:470::200:5efe:10.0.0.1")


def test_addresses_of_our_own_machine_and_of_private_networks_are_closed():
    assert [address for address in CLOSED if outbound.public(address)] == []
    assert [address for address in (PUBLIC, "8.8.8.8", "172.32.0.1", "2606:2800:220:1::1", f"::ffff:{PUBLIC}")
            if not outbound.public(address)] == []


@contextmanager
def names(monkeypatch, *answers):
    """Names that lead to these addresses, one answer a question; what was connected to. Nothing leaves this machine."""
    asked, reached = [], []

    def looked_up(host, port, *_, **__):
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    def connected(self, address):
        reached.append(address)
        raise ConnectionRefusedError("nobody")

    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", looked_up)
        patched.setattr(socket.socket, "connect", connected)
        yield asked, reached


@pytest.mark.parametrize("inner", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["::ffff:192.168.0.1"], ["169.254.169.254"], ["fe80::1"]])
def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch, inner):
    with names(monkeypatch, inner) as (_, reached), pytest.raises(SourceDown, match="内部网络"):
        outbound.post("http://hook.example.org/", b"{}", {})
    assert reached == []


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
                                     "http://127.1/", "http://[::1]/", "http://[::ffff:7f00:1]/", "http://localhost/", "http://0/"])
def test_however_our_own_machine_is_written_it_is_not_connected_to(monkeypatch, address):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("connected"))
    with pytest.raises(SourceDown):
        outbound.post(address, b"{}", {})


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch):
    for scheme, port in (("http", 80), ("https", 443)):
        with names(monkeypatch, [PUBLIC], [INNER]) as (asked, reached), pytest.raises(SourceDown, match="nobody"):
            outbound.post(f"{scheme}://hook.example.org/", b"{}", {})
        assert (asked, reached) == (["hook.example.org"], [(PUBLIC, port)])


class Answering(http.server.BaseHTTPRequestHandler):
    """A server that keeps what it is sent, and says what it is told to."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, body, self.headers["Host"]))
        self.server.says(self)

    do_GET = do_POST

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def server(says):
    made = http.server.ThreadingHTTPServer((INNER, 0), Answering)
    made.got, made.says, made.daemon_threads = [], says, True
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield made, f"http://hook.example.org:{made.server_port}/in?x=1"
    finally:
        made.shutdown()
        made.server_close()


def plainly(status, text="好", **headers):
    def says(handler):
        handler.send_response(status)
        for name, value in {"Content-Length": len(text.encode()), **headers}.items():
            handler.send_header(name, str(value))
        handler.end_headers()
        handler.wfile.write(text.encode())
    return says


@pytest.fixture
def here(monkeypatch):
    """Every name leads to this machine; that is allowed where a test hands in `private`."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, *_, **__: [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (INNER, port))])


def test_what_is_sent_arrives_whole_and_its_answer_is_cut_short(here):
    with server(plainly(201, "好\r\n\x1b[31m" + "字" * 500)) as (other, address):
        answer = outbound.post(address, "正文".encode(), {"X-A": "b"}, private=True)
    assert other.got == [("/in?x=1", "正文".encode(), f"hook.example.org:{other.server_port}")]
    assert (answer.status, answer.text[:7], len(answer.text.encode()) <= 320) == (201, "好   [31", True)


def test_redirects_are_not_followed(here):
    with server(plainly(302, Location="http://127.0.0.1/secret")) as (other, address):
        answer = outbound.post(address, b"{}", {}, private=True)
    assert (answer.status, [path for path, *_ in other.got]) == (302, ["/in?x=1"])


def test_who_drips_or_hangs_is_cut_off(here, monkeypatch):
    monkeypatch.setattr(outbound, "LONGEST", 0.4)
    over = threading.Event()

    def drips(handler):
        while not over.is_set():
            handler.wfile.write(b"H")
            handler.wfile.flush()
            over.wait(0.05)

    for says in (drips, lambda _: over.wait()):
        begun = time.monotonic()
        with server(says) as (_, address):
            with pytest.raises(SourceDown):
                outbound.post(address, b"{}", {}, private=True)
            assert time.monotonic() - begun < 3
            over.set()
        over.clear()


def test_who_greets_for_ever_is_cut_off(here, monkeypatch):
    monkeypatch.setattr(outbound, "LONGEST", 0.4)
    over, door = threading.Event(), socket.create_server((INNER, 0))

    def drips():
        with door.accept()[0] as met:
            try:
                met.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
                while not over.wait(0.05):
                    met.sendall(b"\x00")
            except OSError:
                pass

    greeting = threading.Thread(target=drips, daemon=True)
    greeting.start()
    begun = time.monotonic()
    with pytest.raises(SourceDown):
        outbound.post(f"https://hook.example.org:{door.getsockname()[1]}/", b"{}", {}, private=True)
    assert time.monotonic() - begun < 3
    over.set()
    greeting.join(5)
    door.close()


def test_nonsense_for_an_answer_is_a_source_that_is_down(here):
    def nonsense(handler):
        handler.wfile.write(b"\x00\xff nonsense\r\n\r\n")

    with server(nonsense) as (_, address), pytest.raises(SourceDown):
        outbound.post(address, b"{}", {}, private=True)


def test_private_addresses_only_where_the_house_says_so(cast, settings, here):
    with server(plainly(200)) as (other, address):
        saved(cast["planner"], address=address)
        opened(cast["operator"])
        assert (webhooks.send(at(10)), other.got, waiting().status) == (0, [], None)
        assert "内部网络" in waiting().answer
        settings.WEBHOOKS_PRIVATE = True
        assert (webhooks.send(at(10, 1)), len(other.got)) == (1, 1)
