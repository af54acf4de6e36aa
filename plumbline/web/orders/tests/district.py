"""A district's orders and the people around them, for the tests of their pages: a small kind of invented matters."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import indicator_from
from plumbline.store import orders
from plumbline.store.orders.tests import made as matters
from plumbline.store.tests import made

NO_FILE = {"label": "受理数", "table": "small.rows", "unit": "件", "source": "示例办法", "count": ""}


def catalog():
    """The small kinds, and an indicator that counts every matter."""
    wrong: list[str] = []
    indicator = indicator_from("small.received", NO_FILE, {"small.rows": matters.ROWS}, wrong)
    assert not wrong, wrong
    return replace(matters.CATALOG, indicators={indicator.key: indicator})


def district(settings):
    """Everybody of a district and a neighbour; nobody has an order yet."""
    settings.CATALOG = catalog()
    street, other = matters.office(kind="street", place="990101001"), matters.office("区城管局")
    return SimpleNamespace(
        street=street, other=other, operator=made.user("operator", "operator"), dispatcher=made.user("dispatcher", "dispatcher"),
        planner=made.user("planner"), leader=made.user("leader", "leader"), deputy=made.user("deputy", "deputy"),
        holder=made.user("holder", "office", office=street), second=made.user("second", "office", office=other),
        stranger=made.user("stranger", "dispatcher", area=made.NEIGHBOUR),
        city=made.user("city", "planner", area=made.CITY))


def opened(world, at: datetime | None = None, **told):
    """A new order: now, or as long ago as said, where its clocks are over."""
    body = {"title": "路灯不亮", "text": "路口的灯三天不亮。", "area": made.DISTRICT, "place": "990101001003",
            "topic": "市政/照明/路灯", "urgency": "usual", **told}
    return orders.open_(world.operator, "small.matter", body, asker={"name": "王五", "phone": "010-5550 0001"},
                        now=at or timezone.now())


def moved(user, order, key, now: datetime | None = None, **told):
    """An order moved by somebody."""
    order.refresh_from_db()
    return orders.move(user, order.pk, key, told, order.version, now=now or timezone.now())


def given(world, days_ago=0, **told):
    """An order the street holds; its limit of five working days is long over where it was given thirty days ago."""
    at = timezone.now() - timedelta(days=days_ago)
    return moved(world.dispatcher, opened(world, at, **told), "send", at, office=world.street.pk)


def browser(user):
    """Somebody's browser."""
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


def page(user, name, /, *args, **asked):
    """The answer to a page somebody opens, by the name of its address."""
    return browser(user).get(reverse(name, args=args), asked)


def told(user, name, /, *args, **asked):
    """A page as it tells itself, without its looks."""
    answer = page(user, f"{name}-json", *args, **asked)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def sent(user, name, /, *args, **typed):
    """The answer to a form somebody sends."""
    return browser(user).post(reverse(name, args=args), typed)


def refused(user, status, name, /, *args, **typed):
    """What is said of a form that is refused; it leaves nothing behind."""
    client = browser(user)
    before = made.everything()
    answer = client.post(reverse(name, args=args), typed)
    assert (answer.status_code, made.everything() == before) == (status, True), answer.content.decode()
    return answer.content.decode()
