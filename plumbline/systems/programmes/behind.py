"""What a month's ranking counts of each office: every order above and below each line."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from plumbline.kernel import ZONE, Catalog, period
from plumbline.store.models import Office, Order, OrderMove
from plumbline.store.visibility import within
from plumbline.systems.programmes import ranking
from plumbline.systems.programmes.meetings import DECISION, last_day
from plumbline.systems.programmes.ranking import Score, Told
from plumbline.systems.programmes.returns import MONTHLY, late
from plumbline.systems.programmes.standing import URGING
from plumbline.systems.programmes.tasks import TASK, day

Lines = dict[int, dict[str, list[int]]]
WORK = (TASK, DECISION)
HANDED = "handed_in"


def ranking_of(user: Any, month: str, catalog: Catalog, now: datetime) -> list[Score]:
    """The offices of a user's area ranked for a month, by the rules in force on its last day."""
    weights = ranking.weights_on(catalog.parameters, period.span(month)[1])
    told = told_of(user, month, now)
    rows = Office.objects.none() if user.role == "deputy" else Office.objects.visible_to(user).order_by("name")
    offices = [ranking.Office(one.pk, one.name, one.kind) for one in rows]
    nothing = Told({}, {})
    return ranking.ranked(ranking.score(one, told.get(one.key, nothing), weights) for one in offices)


def counted(user: Any, rows: Any, path: str = "") -> Any:
    """What a ranking counts: all a person sees; an office is ranked among all of its area, though it opens only its own."""
    if user.is_authenticated and user.role == "office" and not user.is_superuser:
        return rows.filter(within(user, f"{path}area"))
    return rows.visible_to(user)


def told_of(user: Any, month: str, now: datetime) -> dict[int, Told]:
    """By office: the orders that count, and those that count for it."""
    first, last = period.span(month)
    below: Lines = defaultdict(lambda: defaultdict(list))
    above: Lines = defaultdict(lambda: defaultdict(list))
    _work(user, first, last, below, above)
    _returns(user, month, now, (below, above))
    urged: dict[int, list[int]] = defaultdict(list)
    for office, order in _urged(user, first, last):
        urged[office].append(order)
    return {key: Told(_fixed(below[key]), _fixed(above[key]), tuple(urged[key]))
            for key in {*below, *above, *urged}}


def _fixed(lines: dict[str, list[int]]) -> dict[str, tuple[int, ...]]:
    return {key: tuple(rows) for key, rows in lines.items()}


def _work(user: Any, first: date, last: date, below: Lines, above: Lines) -> None:
    """Tasks and decisions: closed of those in hand in the month; on time of those due in it."""
    rows = list(counted(user, Order.objects).filter(kind__in=WORK, office__isnull=False).exclude(state_kind="void")
                .exclude(opened_at__gte=_midnight(last, 1)))
    proposed = _proposed(row.pk for row in rows if row.state in ("proposed", "closed"))
    for one in rows:
        office = int(one.office_id or 0)
        over = one.closed_at.astimezone(ZONE).date() if one.closed_at and one.state == "closed" else None
        if over is None or over >= first:
            below[office]["closed"].append(one.pk)
            if over is not None and over <= last:
                above[office]["closed"].append(one.pk)
        due = due_of(one)
        if due is not None and first <= due <= last:
            below[office]["on_time"].append(one.pk)
            if one.pk in proposed and proposed[one.pk] <= due:
                above[office]["on_time"].append(one.pk)


def due_of(one: Order) -> date | None:
    """The day a task or decision is due."""
    if one.kind == TASK:
        return day(one, "due_on")
    return last_day(one.clocks.get("finish", {}).get("due_at"))


def _midnight(on: date, later: int = 0) -> datetime:
    return datetime.combine(on + timedelta(days=later), time(), ZONE)


def _proposed(keys: Iterable[int]) -> dict[int, date]:
    """The day each was last said to be done."""
    rows = OrderMove.objects.filter(order__in=list(keys), move="propose").order_by("order_id", "n")
    return {order: at.astimezone(ZONE).date() for order, at in rows.values_list("order_id", "at")}


def _returns(user: Any, month: str, now: datetime, lines: tuple[Lines, Lines]) -> None:
    """Returns asked for the month whose time is over, or that are in; in time of them."""
    rows = counted(user, Order.objects).filter(kind=MONTHLY, topic=month, office__isnull=False).exclude(state_kind="void")
    for one in rows:
        over = late(one, now)
        if one.state == HANDED or over:
            lines[0][int(one.office_id or 0)]["returns"].append(one.pk)
        if one.state == HANDED and not over:
            lines[1][int(one.office_id or 0)]["returns"].append(one.pk)


def _urged(user: Any, first: date, last: date) -> Iterable[tuple[int, int]]:
    rows = counted(user, OrderMove.objects, "order__").filter(
        order__kind__in=WORK, move__in=URGING, at__gte=_midnight(first), at__lt=_midnight(last, 1), office__isnull=False)
    return rows.order_by("order_id", "n").values_list("office_id", "order_id")
