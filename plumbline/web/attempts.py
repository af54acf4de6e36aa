"""Attempts to sign in, counted: guessing a password takes longer than anybody has.

They are counted in the memory of the server, which is one process; a restart forgets them.
"""

import hashlib

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
    said = f"{request.META.get('REMOTE_ADDR', '')} {request.POST.get('username', '').strip()}"
    return f"sign-in/{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()}"
