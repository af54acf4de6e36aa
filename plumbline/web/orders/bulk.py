"""One move of many orders: chosen in the list, told once, done for each that allows it; the others are named."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plumbline.kernel import BadInput, Conflict, Finding, Move, OrderKind
from plumbline.store.models import Order
from plumbline.web.forms import status_of, ticked
from plumbline.web.forms import told as why_not
from plumbline.web.orders import movers
from plumbline.web.orders.forms import MoveForm, form_of, told
from plumbline.web.orders.rows import OrderRow, kinds, row_of, seen, speech
from plumbline.web.orders.wanted import offered
from plumbline.web.screen import act, show

MOST = 5000
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that some of the chosen orders can make: `count` of them."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class BulkPage:
    """Many orders moved at once: chosen, told what the move needs, done.

    offers   moves to choose from; `form`, of the one chosen
    done     how many were moved; None before
    refused  those that were not, each with why
    """

    ids: list[int]
    rows: list[OrderRow]
    offers: list[Offer]
    form: MoveForm | None = None
    done: int | None = None
    refused: list[Finding] = field(default_factory=list)
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many are chosen."""
        return len(self.ids)


def moves(request: HttpRequest) -> HttpResponseBase:
    """Choose a move, tell what it needs, and have it made."""
    ids = ticked(request)
    if not ids:
        raise BadInput([Finding("orders.none", "选择", "还没有选中任何一件；请先在列表中勾选。")])
    if len(ids) > MOST:
        raise BadInput([Finding("orders.many", "选择", f"选中了 {len(ids)} 件，一次最多 {MOST} 件；请分几次。")])
    kind, move = named(request.POST.get("move", ""))
    if move is None or kind is None or request.POST.get("commit") != "1":
        return page(request, ids, kind, move)
    try:
        made = movers.move_many(request.user, kind.key, ids, move.key, told(request, kind, move.asks))
    except (BadInput, Conflict) as error:
        return page(request, ids, kind, move, error)
    if not made.done:
        return page(request, ids, kind, move, BadInput(made.refused[:MOST_SHOWN]))
    return page(request, ids, None, None, done=made.done, refused=list(made.refused))


def named(text: str) -> tuple[OrderKind | None, Move | None]:
    """The kind and the move a form names: `hotline.request:sign`."""
    key, _, move = text.partition(":")
    kind = kinds().get(key)
    return kind, kind.moves.get(move) if kind else None


def page(request: HttpRequest, ids: list[int], kind: OrderKind | None, move: Move | None,
         error: Exception | None = None, **more: object) -> HttpResponseBase:
    """The page, with the form of the move where one is chosen."""
    by = speech()
    rows = [row_of(one, by) for one in seen(request.user).filter(pk__in=ids[:MOST_SHOWN]).order_by("-pk")]
    given = offered(request.user, kind, "") if kind else {}
    form = form_of(move, kind, given, request.POST.dict()) if kind and move else None
    trouble, findings = why_not(error)
    screen = BulkPage(ids, rows, [] if more else offers(request, ids), form, trouble=trouble, findings=findings, **more)  # type: ignore[arg-type]
    return show(request, screen, "web/order-moves.html", status_of(error) if error else 200)


def offers(request: HttpRequest, ids: list[int]) -> list[Offer]:
    """The moves that the chosen orders, as they stand, lead to, and that this person's role makes."""
    counts: dict[tuple[str, str], int] = {}
    labels: dict[tuple[str, str], str] = {}
    every = kinds()
    states = [pair for start in range(0, len(ids), 500) for pair in Order.objects.visible_to(request.user).filter(
        pk__in=ids[start:start + 500]).values_list("kind", "state")]
    for key, state in states:
        for move in every[key].moves_from(state) if key in every else ():
            if move.bulk and near(request.user, move):
                counts[key, move.key] = counts.get((key, move.key), 0) + 1
                labels[key, move.key] = move.label
    return [Offer(":".join(pair), labels[pair], count) for pair, count in counts.items()]


def near(user: object, move: Move) -> bool:
    """Whether a person's role, or his office, makes such moves at all."""
    role, office = getattr(user, "role", ""), getattr(user, "office_id", None)
    own = {role} | ({"holder", "first", "sender"} if office else set())
    return bool(getattr(user, "is_superuser", False) or own & set(move.by))


urls = [*act("orders/moves", moves, "order-moves")]
