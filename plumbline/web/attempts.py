"""Attempts to sign in, counted: guessing a password takes longer than anybody has.

They are counted in the memory of the server, which is one process; a restart forgets them.
"""

import hashlib
import ipaddress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

PAUSE_SECONDS = 15 * 60
MOST = 10


def too_many(request: HttpRequest) -> bool:
    """Count an attempt before the password is looked at; whether it is one too many."""
    key = key_of(request)
    cache.add(key, 0, PAUSE_SECONDS)
    try:
        return cache.incr(key) > MOST
    except ValueError:  # its time was over just now
        return False


def forget(request: HttpRequest) -> None:
    """The password was right: what was tried before counts no longer."""
    cache.delete(key_of(request))


def key_of(request: HttpRequest) -> str:
    """What attempts are counted under: name and address, so that nobody is shut out from elsewhere."""
    said = f"{address_of(request)} {request.POST.get('username', '').strip()}"
    return f"sign-in/{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()}"


def address_of(request: HttpRequest) -> str:
    """The address a request comes from; of IPv6 the half that names the network, since one caller has all of the rest.

    The proxy that speaks HTTPS is in front of everybody, and says last in X-Forwarded-For whom it serves.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if settings.HTTPS and (forwarded := request.headers.get("X-Forwarded-For", "")):
        told = forwarded.rsplit(",", 1)[-1].strip()
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return told
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
