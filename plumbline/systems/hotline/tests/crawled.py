"""Every address of the site, found in its own list, filled in for one order; and one order that is hostile in every part."""

import re

from django.test import Client
from django.urls import get_resolver

from plumbline.store import orders
from plumbline.store.models import Asker, OrderNote
from plumbline.store.tests import made
from plumbline.systems.hotline.tests import doors

SCRIPT = "<script>alert(9)</script>"
BROKEN = "\"'><img src=x onerror=alert(9)>"
FORMULA = "=1+1"
MARK = "藏青色铁皮棚"
PHONE, NAME, MAIL = "13955507788", "欧阳某某", "who@example.invalid"
TITLE = f"{FORMULA}{MARK}{SCRIPT}"
# nothing of an order, and slow to draw
LEFT_OUT = re.compile(r"sign|profile/keys|sdmx|ledgers")
STEMS = ("orders", "hotline", "ask", "notices", "webhooks", "programmes", "journal", "cockpit", "inbox", "search", "")


def patterns(found=None, stem=""):
    """Routes as they are written."""
    for one in (found or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            yield from patterns(one, f"{stem}{one.pattern}")
        else:
            yield f"{stem}{one.pattern}"


def filled(order, keys):
    """Every address, with the order's number and the keys of what lies with it."""
    found = []
    for route in dict.fromkeys(patterns()):
        stem = route.partition("/")[0].partition(".")[0]
        if stem not in STEMS or LEFT_OUT.search(route) or "(?P" in route:
            continue
        address = route.replace("<str:number>", order.number).replace("<str:kind>", "target")
        for name, key in keys.items():
            address = address.replace(f"<{name}>", str(key))
        if "<" not in address:
            found.append(f"/{address}")
    return found


def hostile(world):
    """An order of the street with script, a formula and a mark in every part; its asker wants to be kept secret."""
    told = {"title": TITLE, "text": f"{MARK}{SCRIPT}\n{BROKEN}", "area": made.DISTRICT, "place": "990101001",
            "address": f"{MARK}{BROKEN}", "urgency": "ordinary", "fields": {"wants": "举报", "spot": f"{MARK}{SCRIPT}"}}
    asker = {"name": NAME, "phone": PHONE, "email": MAIL, "secret": True}
    order = orders.open_(world.operator, "hotline.request", told, asker=asker)
    doors.sent(world, order, ("dispatcher", "dispatch", {"office": world.street.pk, "reason": f"{MARK}{SCRIPT}"}))
    for public in (True, False):
        orders.note(world.dispatcher, order.pk, f"{MARK}{SCRIPT}{BROKEN}", public)
    paper = orders.attach(world.holder, order.pk, f"{MARK}<script>.txt", MARK.encode(), True)
    order.refresh_from_db()
    return order, {"int:key": paper.pk, "int:extension": 1, "str:key": "hotline.request", "int:pk": 1}


def got(client, address):
    """Status, type and text of an answer; of a workbook nothing."""
    answer = client.get(address)
    return answer.status_code, answer.headers.get("Content-Type", ""), text_of(answer)


def text_of(answer):
    """The text of an answer; a file is closed once it was read to its end."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return "" if data.startswith(b"PK") else data.decode("utf-8", "replace")


def signed(person):
    """A browser a person is signed in with."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def known():
    """What nobody sees who did not ask for it with a reason: as it was typed, and the code of the order."""
    one = Asker.objects.get()
    typed = [PHONE, f"{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}", f"{PHONE[:3]}-{PHONE[3:7]}", NAME, MAIL]
    return [*typed, one.phone_digest, one.order.code]


def notes():
    """How many notes there are."""
    return OrderNote.objects.count()
