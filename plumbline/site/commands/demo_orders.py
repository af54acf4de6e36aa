"""The demo's orders: offices, the past as it is taken in, and some that are under way now. All of it is invented."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from django.conf import settings

from plumbline.store import orders, people
from plumbline.store.models import Office, Order, User
from plumbline.systems.hotline import objections

WHY = "演示：接入模拟工单"
REQUEST = "hotline.request"
# how many of the invented requests are opened anew, now
LIVE = 24
# and how many of them say the same of one place
SAME = 6
# of each office that signs in so many: one waits, one is given, one signed for, one answered
EACH = 4
CALLED = "请派人到现场，一起核实并处理。（模拟）"
OBJECTED = "来件人要求的事超出街道权限，已当面说明并取得谅解，请剔除考核。（模拟）"


REPLY = "您好，您反映的情况我们已到现场核实，当天处理完毕。如有新情况请再来电。（模拟）"


def demos(keys: Iterable[str] | None = None) -> Iterator[Any]:
    """The demo of each installed system, or of these."""
    for key in keys or settings.SYSTEMS:
        yield import_module(f"plumbline.systems.{key}.demo")


def offices() -> int:
    """Make the offices that orders are given to; those that are there stay. How many are new."""
    return sum(people.create_offices(None, demo.offices()) for demo in demos() if hasattr(demo, "offices"))


def take_in(planner: Any, keys: Iterable[str] | None = None) -> Iterator[str]:
    """Take in the orders of the past of the installed systems, or of these, kind by kind, once; a line for each."""
    catalog = settings.CATALOG
    for demo in demos(keys):
        for kind, rows in demo.orders() if hasattr(demo, "orders") else ():
            if not Order.objects.filter(kind=kind, example=True).exists():
                many = orders.take_in(planner, kind, rows, WHY, example=True)
                yield f"模拟工单：{catalog.orders[kind].label} {many} 件"


def under_way(operator: User, dispatcher: User) -> int:
    """Open some requests now, so that every desk has work: some wait, some are with an office, some are answered; once."""
    if REQUEST not in settings.CATALOG.orders or Order.objects.filter(kind=REQUEST, opened_by=operator).exists():
        return 0
    demo = import_module("plumbline.systems.hotline.demo")
    rows = _chosen([row for kind, found in demo.orders() if kind == REQUEST for row in found])
    named = {office.name: office for office in Office.objects.filter(name__in={row["office"] for row in rows})}
    for at, row in enumerate(rows):
        _one(at, row, named.get(row["office"]), operator, dispatcher)
    return len(rows)


def _chosen(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of the past, what is asked anew: of offices that sign in, of everybody, and one matter many speak of."""
    signing = set(User.objects.filter(is_active=True, role="office").values_list("office__name", flat=True))
    matters = Counter((row["place"][:9], row["fields"].get("spot")) for row in rows if row["fields"].get("spot"))
    [(hot, _)] = matters.most_common(1)
    same = [row for row in rows if (row["place"][:9], row["fields"].get("spot")) == hot]
    own: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["office"] in signing:
            own.setdefault(row["office"], []).append(row)
    return [*[row for some in own.values() for row in some[:EACH]], *rows[::20][:LIVE // 2], *same[:SAME]]


def whistle(holder: User, called: Sequence[User]) -> None:
    """Let a street call the offices of some people to the spot of a request it works on; once."""
    one = Order.objects.filter(kind=REQUEST, office=holder.office_id, state="working").order_by("pk").first()
    if one and not one.children.exists():
        orders.summon(holder, one.pk, [user.office_id for user in called if user.office_id], CALLED, "需要到现场共同核实")


def object_to(holder: User) -> Order | None:
    """Let a street object to one request of its score that call-back found wanting, so that a judge has work; once."""
    if REQUEST not in settings.CATALOG.orders or Order.objects.filter(kind=objections.KIND).exists():
        return None
    place = holder.office.place if holder.office else ""
    own = Order.objects.filter(kind=REQUEST, place__startswith=place, state="closed").order_by("-closed_at") if place else ()
    one = next((one for one in own if False in (one.fields.get("solved"), one.fields.get("satisfied"))
                and not objections.why_not(holder, one, pending=False)), None)
    return objections.object_to(holder, one.number, objections.STRIKE, OBJECTED) if one else None


def _one(at: int, row: Mapping[str, Any], office: Office | None, operator: User, dispatcher: User) -> None:
    """One request as far as its number says: waiting, given to an office, signed for, answered."""
    told = {name: row[name] for name in ("title", "text", "topic", "urgency", "area", "place", "address", "lng", "lat")}
    fields = {name: row["fields"][name] for name in ("wants", "spot") if row["fields"].get(name)}
    one = orders.open_(operator, REQUEST, told | {"source": "电话", "fields": fields, "example": True},
                       asker={"name": f"模拟来电人{at + 1}", "phone": f"010-5550{at:04}"})
    if at % 4 == 0 or office is None:
        return
    one = orders.move(dispatcher, one.pk, "dispatch", {"office": office.pk}, one.version)
    holder = User.objects.filter(office=office, is_active=True).first()
    if at % 4 == 1 or holder is None:
        return
    one = orders.move(holder, one.pk, "sign", {}, one.version)
    if at % 4 == 3:
        orders.move(holder, one.pk, "answer", {"reply": REPLY, "finding": "已解决"}, one.version)
