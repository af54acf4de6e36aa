"""Requests as anybody may see them: what it is about, roughly where, how far it is. No person, no text that was to be secret."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from plumbline.kernel import area_name
from plumbline.store.models import Office, Order, OrderMove
from plumbline.systems.hotline.gate import KIND
from plumbline.systems.hotline.georeport_documents import moment
from plumbline.systems.hotline.services import Service, code_of

OPEN, CLOSED = ("open", "waiting"), ("done", "void")
STATUSES = {"open": OPEN, "closed": CLOSED}
# figures that may be a telephone, an identity card, a bank card; and what people write of themselves with @
PRIVATE = re.compile(r"[0-9０-９](?:[ \-]?[0-9０-９]){6,}[xX]?|[\w.+-]+@[\w.-]+")
# kinds of request whose text tells of other people
UNTOLD = {"举报", "投诉"}
# a tenth of a kilometre, more or less
ROUGH = Decimal("0.001")
TEXT_LONGEST = 4000


def rows() -> QuerySet[Order]:
    """Requests, with the last word that was said to who asked."""
    said = OrderMove.objects.filter(order=OuterRef("pk")).exclude(says="").order_by("-n").values("says")[:1]
    return Order.objects.filter(kind=KIND).select_related("office", "asker").annotate(last_word=Subquery(said))


def narrowed(found: QuerySet[Order], since: datetime, until: datetime, statuses: Iterable[str], topics: Iterable[str] | None
             ) -> QuerySet[Order]:
    """Requests received in a stretch of time, of some states and classes."""
    found = found.filter(opened_at__gte=since, opened_at__lte=until)
    kinds = [kind for status in statuses for kind in STATUSES[status]]
    if kinds:
        found = found.filter(state_kind__in=kinds)
    return found.filter(topic__in=list(topics)) if topics is not None else found


def streets() -> dict[str, str]:
    """Names of streets by the code of what they look after."""
    return dict(Office.objects.filter(kind="street").exclude(place="").values_list("place", "name"))


def listed(order: Any, known: Mapping[str, Service], places: Mapping[str, str]) -> dict[str, Any]:
    """A request as the standard tells it.

    address  district, street, and the spot that was named as such; never the house
    lat      to three places, and only where nothing was to be secret
    """
    open_ = order.state_kind in OPEN
    code = code_of(order.topic)
    open_text = spoken(order)
    return {
        "service_request_id": order.number, "status": "open" if open_ else "closed", "status_notes": order.last_word or None,
        "service_name": known[code].name if code in known else order.topic.rsplit("/", 1)[-1] or None, "service_code": code,
        "description": cleaned(order.text)[:TEXT_LONGEST] if open_text else None,
        "agency_responsible": order.office.name if order.office else None, "service_notice": None,
        "requested_datetime": moment(order.opened_at),
        "updated_datetime": moment(order.changed_at if open_ else order.closed_at or order.changed_at),
        "expected_datetime": moment(order.due_at) if open_ else None,
        "address": _address(order, places, open_text), "address_id": order.place[:9] or None, "zipcode": None,
        "lat": _rough(order.lat) if open_text else None, "long": _rough(order.lng) if open_text else None, "media_url": None,
    }


def spoken(order: Any) -> bool:
    """Whether its text may be read by everybody: nothing was to be secret, and it tells of no other person."""
    asker = getattr(order, "asker", None)
    return not (asker and asker.secret) and order.fields.get("wants") not in UNTOLD


def cleaned(text: str) -> str:
    """A text without what may be somebody's number or address.

    >>> cleaned("请打 138-0013-8000 或 a@b.cn 找我，3号楼")
    '请打 *** 或 *** 找我，3号楼'
    """
    return PRIVATE.sub("***", text)


def updates(since: datetime, until: datetime, number: str = "") -> QuerySet[OrderMove]:
    """What was said to who asked, the last first."""
    of = Q(order__number=number) if number else Q()
    return OrderMove.objects.filter(of, order__kind=KIND, at__gte=since, at__lte=until).exclude(
        says="").select_related("order").order_by("-id")


def update(row: OrderMove, kinds: Mapping[str, str]) -> dict[str, Any]:
    """An update as the extension tells it; `kinds` of the states by key."""
    return {"update_id": str(row.pk), "service_request_id": row.order.number,
            "status": "open" if kinds.get(row.to, row.order.state_kind) in OPEN else "closed",
            "updated_datetime": moment(row.at), "description": row.says, "media_url": None}


def window(since: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """From when to when is looked for: ninety days, where one or both ends are not told."""
    days = timedelta(days=90)
    if since and until:
        return since, until
    if since:
        return since, since + days
    return (until or now) - days, until or now


def _address(order: Any, places: Mapping[str, str], open_text: bool) -> str:
    spot = str(order.fields.get("spot") or "") if open_text else ""
    return " ".join(part for part in (area_name(order.area), places.get(order.place[:9], ""), cleaned(spot)) if part)


def _rough(degrees: Decimal | None) -> Decimal | None:
    return degrees.quantize(ROUGH) if degrees is not None else None
