"""A district with a street, a department and people at the hotline, for the tests of its doors."""

from io import BytesIO
from types import SimpleNamespace

from django.test import Client
from PIL import Image

from plumbline.store import orders, people
from plumbline.store.models import Office, Order
from plumbline.store.tests import made

PHONE = "139 5550 7788"
TEXT = "小区门口的路灯坏了三天，晚上看不清路。请尽快修好。"
TYPED = {"text": TEXT, "where": "990101001", "address": "虚构路 3 号", "phone": PHONE, "name": "张某某", "key": "k" * 32}


def district():
    """Offices and people of the invented district."""
    street = office("玉溪街道办事处", "street", "990101001")
    other = office("青石街道办事处", "street", "990101002")
    lamps = office("区城管委", "department")
    return SimpleNamespace(
        street=street, other=other, lamps=lamps, operator=made.user("operator", "operator"),
        dispatcher=made.user("dispatcher", "dispatcher"), planner=made.user("planner"),
        holder=made.user("holder", "office", office=street), stranger=made.user("stranger", "office", office=other))


def office(name, kind, place="", area=made.DISTRICT):
    """An office of a kind, that looks after a place."""
    return Office.objects.create(name=name, area=area, kind=kind, place=place)


def key(user, writes=True):
    """The secret of a new key."""
    return people.create_key(user, "测试程序", writes)[1]


def asked(client=None, **typed):
    """The answer to the public form."""
    return (client or Client()).post("/ask/", TYPED | typed)


def kept():
    """Every row there is but those of people: signing in writes when."""
    return {name: rows for name, rows in made.everything().items() if name != "User"}


def only():
    """The only order there is."""
    return Order.objects.get()


def sent(world, order, *moves):
    """An order moved along: (who, move, told)."""
    for who, move, told in moves:
        order.refresh_from_db()
        orders.move(getattr(world, who), order.pk, move, told, order.version)
    order.refresh_from_db()
    return order


def answered(world, order):
    """An order its street has answered."""
    return sent(world, order, ("dispatcher", "dispatch", {"office": world.street.pk}), ("holder", "sign", {}),
                ("holder", "answer", {"reply": "路灯已修好，当晚亮灯。", "finding": "已解决"}))


def picture(kind="JPEG", size=(40, 30)):
    """A small photograph."""
    data = BytesIO()
    Image.new("RGB", size, "red").save(data, kind)
    return data.getvalue()
