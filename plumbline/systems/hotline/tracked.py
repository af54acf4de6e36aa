"""A request as the person who asked sees it: what was done, what was answered, how long it still takes. Nobody's telephone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from plumbline.kernel import area_name
from plumbline.store import declarations
from plumbline.store.models import Asker, Attachment, Office, Order, OrderNote
from plumbline.systems.hotline.gate import KIND

CODE_LENGTH = 12
# letters people mistake for figures, as Crockford's base32 reads them
ALIKE = str.maketrans("OIL", "011", " -")
# told to who knows no code, so that comparing takes as long as for one who does
NOBODY = "0" * CODE_LENGTH
GRANTS = "asked"
MOST_GRANTS = 20
RATED = "来件人评价："
# what comes next in a state, in words for who asked; else that it is done
NEXT = {"registered": "转交承办单位", "answered": "回访您"}
VERDICTS = {"yes": "满意", "no": "不满意"}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened, as the person who asked reads it; `told` is the reply, where there is one."""

    at: datetime
    says: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A word for both sides to read; `mine` where the person who asked said it."""

    at: datetime
    text: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo or paper both sides may see."""

    key: int
    name: str
    image: bool


@dataclass(frozen=True, slots=True)
class Tracked:
    """A request, for the person who asked.

    code    the secret, where it was made in this browser; else empty: who is here knows it
    clock   until when it is due, in words; empty where nothing runs
    phone   the last digits alone
    """

    number: str
    code: str
    title: str
    text: str
    state: str
    over: bool
    place: str
    opened_at: datetime
    clock: str
    office: str
    name: str
    phone: str
    secret: bool
    steps: list[Step]
    said: list[Said]
    photos: list[Photo]
    can_withdraw: bool
    can_rate: bool
    rated: str = ""
    troubles: list[str] = field(default_factory=list)


def found(number: str, code: str) -> Order | None:
    """The request of a number and its code; None for an unknown number as for a wrong code, after the same work."""
    code = code.upper().translate(ALIKE)
    order = None
    if number.isascii() and number.isalnum() and len(number) <= 24:
        order = Order.objects.filter(kind=KIND, number=number.upper()).select_related("office").first()
    kept = order.code if order and len(order.code) == CODE_LENGTH else ""
    right = constant_time_compare(code.encode("utf-8", "replace"), (kept or NOBODY).encode())
    return order if kept and right else None


def grant(request: HttpRequest, order: Order, fresh: bool = False) -> None:
    """Let this browser see a request until it is closed or the person leaves; `fresh` shows the code too."""
    grants = dict(request.session.get(GRANTS, {}))
    fresh = fresh or bool(grants.pop(order.number, {}).get("fresh"))
    kept = list(grants.items())[-MOST_GRANTS + 1:]
    request.session[GRANTS] = {**dict(kept), order.number: {"code": order.code, "fresh": fresh}}


def granted(request: HttpRequest, number: str) -> Order | None:
    """The request this browser was let in to; None where it was not."""
    told = request.session.get(GRANTS, {}).get(number)
    return found(number, told["code"]) if told else None


def left(request: HttpRequest, number: str) -> None:
    """Forget in this browser what was let in."""
    grants = dict(request.session.get(GRANTS, {}))
    grants.pop(number, None)
    request.session[GRANTS] = grants


def tracked(order: Order, now: datetime, fresh: bool) -> Tracked:
    """The page of a request."""
    kind = declarations.catalog().orders[KIND]
    asker = Asker.objects.filter(order=order).first()
    said = [Said(timezone.localtime(note.at), note.text, note.by_id is None) for note in public_notes(order)]
    rated = next((one.text.removeprefix(RATED) for one in said if one.mine and one.text.startswith(RATED)), "")
    state = kind.states.get(order.state)
    return Tracked(
        order.number, order.code if fresh else "", order.title, order.text, state.label if state else order.state,
        order.state_kind in ("done", "void"), place_words(order), timezone.localtime(order.opened_at), clock_words(order, now),
        order.office.name if order.office else "", masked_name(asker.name if asker else ""),
        masked_phone(asker.phone if asker else ""), bool(asker and asker.secret), steps(order),
        [one for one in said if not one.text.startswith(RATED)], [photo_of(row) for row in public_papers(order)],
        any("asker" in move.by for move in kind.moves_from(order.state)), may_rate(order) and not rated, rated)


def steps(order: Order) -> list[Step]:
    """What happened, the first first."""
    rows: Iterable[Any] = order.moves.exclude(says="").order_by("n").values_list("at", "says", "told")
    return [Step(timezone.localtime(at), says, told) for at, says, told in rows]


def public_notes(order: Order) -> Any:
    """Notes both sides may read."""
    return OrderNote.objects.filter(order=order, public=True).order_by("id")


def public_papers(order: Order) -> Any:
    """Photos and papers both sides may see."""
    return Attachment.objects.filter(order=order, public=True).order_by("id")


def photo_of(row: Attachment) -> Photo:
    """A photo, as the page names it."""
    return Photo(row.pk, row.name, row.type.startswith("image/"))


def may_rate(order: Order) -> bool:
    """Whether there is a reply to be satisfied with, or not."""
    return order.state in ("answered", "closed")


def place_words(order: Order) -> str:
    """Where it is: district, street, address."""
    street = Office.objects.filter(kind="street", place=order.place[:9]).first() if order.place else None
    return " ".join(part for part in (area_name(order.area), street.name if street else "", order.address) if part)


def clock_words(order: Order, now: datetime) -> str:
    """Until when it is due, for people; empty where no clock runs."""
    if order.due_at is None or order.state_kind in ("done", "void"):
        return ""
    due = timezone.localtime(order.due_at)
    until = f"{due.year}年{due.month}月{due.day}日 {due:%H:%M}"
    gap = order.due_at - now
    done = NEXT.get(order.state, "办理完")
    if gap < timedelta(0):
        return f"应在 {until} 前{done}，已超过时限；我们正在催办。"
    hours = int(gap.total_seconds() // 3600)
    rest = f"{hours // 24} 天" if hours >= 48 else f"{hours} 小时" if hours else "不到 1 小时"
    return f"将在 {until} 前{done}，还有 {rest}。"


def masked_phone(phone: str) -> str:
    """The last four figures of a telephone, behind stars.

    >>> masked_phone("138 0000 1234"), masked_phone("12345"), masked_phone("")
    ('*******1234', '*****', '')
    """
    figures = "".join(one for one in phone if one.isdigit())
    return "*" * (len(figures) - 4) + figures[-4:] if len(figures) > 6 else "*" * len(figures)


def masked_name(name: str) -> str:
    """The first letter of a name alone.

    >>> masked_name("王小明"), masked_name("")
    ('王**', '')
    """
    return name[:1] + "*" * (len(name) - 1)
