"""A POST to an address somebody typed: never to our own machine or a private network, never for longer than it should take.

The name is looked up once, every address it has is checked, and the connection goes to a checked address: an answer of
the name servers that changes meanwhile changes nothing. Redirects are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from plumbline.kernel import SourceDown

TIMEOUT = 5
# of the whole exchange, however slowly the other side drips
LONGEST = 10
MOST_READ = 300
PORTS = {"http": 80, "https": 443}
# closed to all, though not every version of Python's own list says so: protocol assignments, relays, site-local,
# translation within a network, documentation, segment routing
CLOSED = tuple(ipaddress.ip_network(one) for one in (
    "192.0.0.0/24", "192.88.99.0/24", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "3fff::/20", "5f00::/16", "fec0::/10"))
# the middle of an address that wraps one of version 4 (ISATAP), with either mark
WRAPS = (0x00005EFE, 0x02005EFE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: HTTP status, and the beginning of its words."""

    status: int
    text: str


def trouble_of(address: str) -> str:
    """Why an address cannot be told of anything, for people; empty where it can. Looks nothing up.

    >>> trouble_of("https://example.org/hook"), trouble_of("ftp://example.org")
    ('', '网址要以 https:// 或 http:// 开头。')
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "这不是一个网址；请核对。"
    if parts.scheme not in PORTS:
        return "网址要以 https:// 或 http:// 开头。"
    if not parts.hostname or port == 0 or any(not 32 < ord(letter) < 127 for letter in address):
        return "这不是一个网址；请核对，中文域名请写成 xn-- 开头的形式。"
    if parts.username is not None or parts.password is not None:
        return "网址里不要写用户名和密码；请求带有签名，对方可以据此核对。"
    return ""


def public(address: str) -> bool:
    """Whether an IP address lies in the open internet: no own machine, no private network, none wrapped in another.

    >>> public("93.184.216.34"), public("10.0.0.1"), public("::ffff:127.0.0.1"), public("64:ff9b::7f00:1")
    (True, False, False, False)
    """
    one = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(one, ipaddress.IPv6Address):
        inner = one.ipv4_mapped or one.sixtofour or (one.teredo[1] if one.teredo else None)
        if inner is not None:
            return public(str(inner))
        if int(one) >> 32 & 0xFFFFFFFF in WRAPS:
            return False
    closed = any(one in network for network in CLOSED if network.version == one.version)
    return one.is_global and not (closed or one.is_multicast or one.is_reserved)


def post(address: str, body: bytes, headers: Mapping[str, str], private: bool = False) -> Answer:
    """Send a body; what came back, whatever its status.

    private  whether the own machine and private networks may be reached
    Raises   SourceDown, in words, where nothing came back, or the address may not be reached
    """
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    at = _checked(host, port, private)
    connection = _connection(parts.scheme, host, port, at)
    timer = threading.Timer(LONGEST, _cut, [connection])
    timer.daemon = True
    timer.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        text = answer.read(MOST_READ).decode("utf-8", "replace")
        return Answer(answer.status, "".join(letter if letter.isprintable() else " " for letter in text))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise SourceDown(f"{type(error).__name__}：{error}"[:MOST_READ]) from error
    finally:
        timer.cancel()
        connection.close()


def _checked(host: str, port: int, private: bool) -> tuple[int, Any]:
    """Family and address to connect to; SourceDown where the name has none, or one that may not be reached."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceDown(f"找不到「{host}」：{error}"[:MOST_READ]) from error
    if not private and not all(public(str(at[0])) for *_, at in found):
        raise SourceDown(f"「{host}」指向本机或内部网络，按规定不能发送。")
    return found[0][0], found[0][4]


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, whatever the name leads to by now."""

    at: tuple[int, Any]
    secure: ssl.SSLContext | None = None

    def connect(self) -> None:
        """Connect to the checked address; speak TLS with the name where that is asked."""
        family, at = self.at
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(TIMEOUT)
        self.sock = sock
        sock.connect(at)
        if self.secure:
            # greeted only once it is ours, so that one who greets for ever is cut off too
            self.sock = wrapped = self.secure.wrap_socket(sock, server_hostname=self.host, do_handshake_on_connect=False)
            wrapped.do_handshake()


def _connection(scheme: str, host: str, port: int, at: tuple[int, Any]) -> _Pinned:
    made = _Pinned(host, port, timeout=TIMEOUT)
    made.at = at
    made.secure = ssl.create_default_context() if scheme == "https" else None
    if scheme == "https":
        made.default_port = PORTS["https"]
    return made


def _cut(connection: _Pinned) -> None:
    """End an exchange that takes too long; whoever waits for it wakes up."""
    if sock := connection.sock:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            sock.close()
