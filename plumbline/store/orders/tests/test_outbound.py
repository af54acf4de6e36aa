"""What is sent goes to the address that was checked, never inside our own machine or network, and never for long."""

import http.server
import socket
import threading
import time
from contextlib import contextmanager

import pytest

from plumbline.kernel import SourceDown
from plumbline.store.orders import outbound, webhooks
from plumbline.store.orders.tests.made import at, opened
from plumbline.store.orders.tests.test_webhooks import saved, waiting

PUBLIC, INNER = "93.184.216.34", "127.0.0.1"
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


@pytest.mark.django_db
def test_private_addresses_only_where_the_house_says_so(cast, settings, here):
    with server(plainly(200)) as (other, address):
        saved(cast["planner"], address=address)
        opened(cast["operator"])
        assert (webhooks.send(at(10)), other.got, waiting().status) == (0, [], None)
        assert "内部网络" in waiting().answer
        settings.WEBHOOKS_PRIVATE = True
        assert (webhooks.send(at(10, 1)), len(other.got)) == (1, 1)
