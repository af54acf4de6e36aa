"""Three streets with closed requests of June 2020 and what call-back found, for the tests of rates and objections."""

from datetime import date, datetime, timedelta, timezone

from django.test import Client

from plumbline.store import orders
from plumbline.store.models import Order
from plumbline.store.tests import made
from plumbline.systems.hotline.tests import doors

CHINA = timezone(timedelta(hours=8))
KIND = "hotline.request"
ROADS, NOISE = "城乡建设/城市建设和市政管理/基础设施", "环境保护/环境污染/噪音污染"
JUNE = "period=2020-06"
YES, NO = True, False
# of each request: street, office, class, and what was answered: reached, responded, solved, satisfied
REQUESTS = (
    ("001", "street", ROADS, (YES, YES, YES, YES)), ("001", "street", ROADS, (YES, YES, YES, YES)),
    ("001", "lamps", NOISE, (YES, YES, YES, NO)), ("001", "street", ROADS, (YES, YES, NO, None)),
    ("001", "street", NOISE, (NO, None, None, None)),
    ("002", "other", ROADS, (YES, YES, YES, YES)), ("002", "other", ROADS, (YES, YES, YES, YES)),
    ("002", "other", ROADS, (YES, YES, YES, YES)), ("002", "other", NOISE, (YES, YES, YES, NO)),
    ("002", "other", NOISE, (YES, NO, NO, NO)),
    ("003", "third", ROADS, (YES, YES, YES, YES)), ("003", "third", ROADS, (YES, YES, YES, YES)),
)


def world():
    """The district of the doors with a third street, a planner of the city, a deputy, and the requests taken in."""
    found = doors.district()
    found.third = doors.office("银杏街道办事处", "street", "990101003")
    found.city = made.user("city", area=made.CITY)
    found.deputy, found.leader = made.user("deputy", "deputy"), made.user("leader", "leader")
    found.third_holder = made.user("third", "office", office=found.third)
    orders.take_in(found.city, KIND, [row(found, at, *told) for at, told in enumerate(REQUESTS, 1)], "接入")
    return found


def row(found, at, street, office, topic, answers):
    """A past request as it is taken in, closed on a day of June 2020."""
    reached, responded, solved, satisfied = answers
    told = {"reached": reached, "responded": responded, "solved": solved, "satisfied": satisfied}
    return {
        "number": number(at), "title": f"虚构诉求{at}", "text": "虚构内容", "topic": topic, "urgency": "ordinary",
        "source": "电话", "area": made.DISTRICT, "place": f"990101{street}", "address": "", "lng": None, "lat": None,
        "state": "closed",
        "opened_at": datetime(2020, 6, at, 9, tzinfo=CHINA), "closed_at": datetime(2020, 6, at + 10, 9, tzinfo=CHINA),
        "due_at": None, "late": False, "returns": 0, "transfers": 0, "office": getattr(found, office).name,
        "fields": {key: value for key, value in told.items() if value is not None} | {"called_on": date(2020, 6, at + 10)}}


def number(at):
    """The number of the request that stands there in the list, from 1."""
    return f"SQ2020{at:06}"


def request_at(at):
    """That request."""
    return Order.objects.get(kind=KIND, number=number(at))


def client(user=None):
    """A browser, signed in."""
    found = Client()
    if user is not None:
        found.force_login(user)
    return found


def told(user, address):
    """What a page says, as data."""
    answer = client(user).get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.json()


def rates(user, more=f"by=street&{JUNE}"):
    """The rows of the ranking by key."""
    return {one["key"]: one for one in told(user, f"/hotline/rates.json?{more}")["list"]["rows"]}


def shares(one):
    """The three rates of a row: words and why."""
    return {told["name"]: (told["words"], told["why"]) for told in one["numbers"][:3]}
