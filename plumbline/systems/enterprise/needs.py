"""Whom to visit first: what a firm asked, was promised and nearly gets, what is noticed of it, and how long nobody came.

    need = sum of points; each part has its reason, its points are dated parameters, `enterprise.need.…`

Only firms that something is known of are ranked: who asked, was visited, was promised something, or is warned of.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone

from plumbline.kernel import BadDeclaration, Catalog, inside, scope
from plumbline.kernel.decision import Judge
from plumbline.store import rolls
from plumbline.store.models import Order
from plumbline.store.policies import published, rules_read

FIRMS = "enterprise.firms"
REQUEST, ITEM, VISIT, PACK = "enterprise.request", "enterprise.item", "enterprise.visit", "enterprise.promise"
STILL = ("open", "waiting")
# near misses are looked for among so many firms that have other reasons
MOST_JUDGED = 400
MOST_POLICIES = 60
DAYS_A_MONTH = 30


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a firm's need: in words, and its points."""

    text: str
    points: int


@dataclass(frozen=True, slots=True)
class Need:
    """A firm and why to visit it. last_on: of the last visit, None where there was none."""

    code: str
    name: str
    area: str
    street: str
    score: int
    reasons: tuple[Reason, ...]
    last_on: date | None
    planned: bool = False

    @property
    def why(self) -> str:
        """The reasons in a line."""
        return "；".join(one.text for one in self.reasons)


@dataclass(slots=True)
class Known:
    """What orders say of a firm, and of what it is warned."""

    open_requests: int = 0
    late_requests: int = 0
    due_items: int = 0
    gold: bool = False
    last_on: date | None = None
    planned: bool = False
    warnings: list[str] = field(default_factory=list)


class Weights:
    """The points as they stand on a day. Raises BadDeclaration where one has no value then."""

    def __init__(self, catalog: Catalog, day: date):
        self.catalog, self.day = catalog, day

    def __getitem__(self, name: str) -> int:
        """Points, or a number of things, months."""
        dated = self.catalog.parameters[f"enterprise.need.{name}"].on(self.day)
        if dated is None:
            raise BadDeclaration(f"enterprise.need.{name} has no value on {self.day}; write one")
        return int(dated.value)


def known_of(user: Any, area: str, now: datetime) -> dict[str, Known]:
    """What is known of firms of an area, by credit code, as far as the user sees it."""
    rows = Order.objects.visible_to(user).exclude(subject="").filter(area__startswith=scope(area))
    found: dict[str, Known] = {}
    late = Q(due_at__lt=now) | Q(level=3)
    for one in (rows.filter(kind=REQUEST, state_kind__in=STILL).values("subject").order_by()
                .annotate(many=Count("id"), late=Count("id", filter=late))):
        known = found.setdefault(one["subject"], Known())
        known.open_requests, known.late_requests = one["many"], one["late"]
    due = rows.filter(late, kind=ITEM, state_kind="open")
    for subject, many in due.values_list("subject").order_by().annotate(Count("id")):
        found.setdefault(subject, Known()).due_items = many
    for one in rows.filter(kind=PACK, state_kind__in=(*STILL, "done")).only("subject", "fields"):
        found.setdefault(one.subject, Known()).gold |= one.fields.get("card") == "金卡"
    visits = rows.filter(kind=VISIT).values("subject").order_by()
    for one in visits.annotate(last=Max("closed_at", filter=Q(state="done")), planned=Count("id", filter=Q(state="planned"))):
        known = found.setdefault(one["subject"], Known())
        known.last_on, known.planned = timezone.localtime(one["last"]).date() if one["last"] else None, bool(one["planned"])
    return found


def ranked(user: Any, area: str, catalog: Catalog, now: datetime,
           warned: Mapping[str, Sequence[str]] | None = None) -> list[Need]:
    """Firms of an area by need, the greatest first; closed ones and those that need nothing left out.

    warned  by credit code, what is warned of
    """
    day = timezone.localtime(now).date()
    table, weights = catalog.tables[FIRMS], Weights(catalog, day)
    known = known_of(user, area, now)
    for code, words in (warned or {}).items():
        known.setdefault(code, Known()).warnings = list(words)
    rows = rolls.rows_of(table, known)
    rows = {code: row for code, row in rows.items() if row["status"] == "存续" and inside(row["area"], area)
            and rolls.visible(user, table, row)}
    scored = sorted(((points(known[code], weights, day), code) for code in rows),
                    key=lambda told: (-sum(one.points for one in told[0]), told[1]))
    near = near_of([rows[code] for _, code in scored[:MOST_JUDGED]], area, catalog, day)
    made = [_need(rows[code], reasons + near_reason(near.get(code, ()), weights), known[code]) for reasons, code in scored]
    return sorted((one for one in made if one.score > 0), key=lambda one: (-one.score, one.code))


def _need(row: Mapping[str, Any], reasons: Sequence[Reason], known: Known) -> Need:
    told = tuple(sorted(reasons, key=lambda one: -one.points))
    return Need(row["code"], row["name"], row["area"], row["street"] or "", sum(one.points for one in told), told, known.last_on,
                known.planned)


def points(known: Known, weights: Weights, day: date) -> list[Reason]:
    """The reasons that orders and warnings give."""
    found = []
    for many, weight, most, words in (
            (known.open_requests, "open_request", "requests_most", "{} 件诉求在办"),
            (known.late_requests, "late_request", "requests_most", "{} 件诉求超期"),
            (known.due_items, "promise", "promises_most", "{} 件承诺事项到期未办结")):
        if many and (worth := min(many, weights[most]) * weights[weight]):
            found.append(Reason(words.format(many), worth))
    if known.warnings and weights["warning"]:
        found.append(Reason(f"预警：{'、'.join(known.warnings)}", weights["warning"]))
    if known.gold and weights["gold"]:
        found.append(Reason("持金卡", weights["gold"]))
    return found + unvisited(known.last_on, weights, day)


def unvisited(last_on: date | None, weights: Weights, day: date) -> list[Reason]:
    """The reason that nobody came for long; who was never visited counts as long as can be."""
    most = weights["months_most"]
    months = most if last_on is None else min(most, (day - last_on).days // DAYS_A_MONTH - weights["interval"])
    if months <= 0 or not weights["month"]:
        return []
    words = "还没有走访过" if last_on is None else f"上次走访在 {last_on}，已有 {(day - last_on).days // DAYS_A_MONTH} 个月"
    return [Reason(words, months * weights["month"])]


def near_of(rows: Iterable[Mapping[str, Any]], area: str, catalog: Catalog, day: date) -> dict[str, tuple[str, ...]]:
    """By credit code, the policies a firm misses by one condition, and by how much: those of its district and of the city."""
    policies = [one for one in published(FIRMS, day) if inside(one.area, area) or inside(area, one.area)][:MOST_POLICIES]
    rules, _ = rules_read(policies, catalog)
    judges = [(one, Judge(rules[one.pk], catalog.tables[FIRMS], catalog.parameters, day)) for one in policies if one.pk in rules]
    found: dict[str, tuple[str, ...]] = {}
    for row in rows if judges else ():
        told = [f"《{one.title}》差一条：{near.words}" for one, judge in judges
                if inside(row["area"], one.area) and (near := judge.on(row).near)]
        if told:
            found[row["code"]] = tuple(told)
    return found


def near_reason(near: Sequence[str], weights: Weights) -> list[Reason]:
    """The reason near misses give."""
    worth = min(len(near), weights["near_most"]) * weights["near"]
    return [Reason("；".join(near[:weights["near_most"]]), worth)] if worth else []
