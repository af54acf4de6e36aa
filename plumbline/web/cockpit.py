"""The cockpit: time against task for every target with a number; what is behind, due, unanswered, unconfirmed."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone

from plumbline.engine.refresh import refresh
from plumbline.kernel import area_name, inside
from plumbline.kernel.period import is_period, span
from plumbline.store import declarations, plans
from plumbline.store.models import Answer, Claim, Commitment, Document, Order, Pairing, Problem, Target
from plumbline.store.people import may
from plumbline.web import choices, confirmation, links
from plumbline.web.forms import whole
from plumbline.web.listing import day
from plumbline.web.screen import show, twin
from plumbline.web.standing import Standing, standing, tallied, with_evidence
from plumbline.web.words import bounded, period_words

OTHER = "其他"
# by role, the page one begins at; the site may name others in HOMES
HOMES = {"dispatcher": "order-board", "operator": "orders"} | getattr(settings, "HOMES", {})


@dataclass(frozen=True, slots=True)
class Bar:
    """A target beside the time it has."""

    key: int
    label: str
    words: str
    due_on: date | None
    office: str
    state: str
    section: str
    standing: Standing
    href: str
    source: str


@dataclass(frozen=True, slots=True)
class Group:
    """The targets of a section: `bars` with a share done, `levels` held against a limit, `blind` neither."""

    section: str
    bars: list[Bar]
    levels: list[Bar]
    blind: list[Bar]


@dataclass(frozen=True, slots=True)
class Due:
    """Something due: a target or a commitment; `late` when its day has passed."""

    kind: str
    label: str
    due_on: date
    office: str
    late: bool
    href: str


@dataclass(frozen=True, slots=True)
class Open:
    """A problem no confirmed measure answers; `proposed` measures wait for a person."""

    n: int
    title: str
    proposed: int
    href: str
    source: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One report's plan on one day.

    tallies  how many targets are ahead, on pace, behind, kept, and how many cannot be told
    waiting  what waits for a person: words, how many, where
    """

    document: int
    title: str
    area: str
    period: str
    href: str
    on: date
    days: list[tuple[str, str]]
    tallies: list[tuple[str, str, int]]
    groups: list[Group]
    behind: list[Bar]
    due: list[Due]
    open_problems: list[Open]
    problems: int
    waiting: list[tuple[str, int, str]]

    @property
    def on_text(self) -> str:
        """The day, as addresses write it."""
        return self.on.isoformat()

    @property
    def drawn_id(self) -> str:
        """Where the page keeps what the picture draws."""
        return f"drawn-{self.document}"

    @property
    def targets(self) -> int:
        """How many targets there are."""
        return sum(count for _, _, count in self.tallies)

    @property
    def levels(self) -> list[Bar]:
        """Targets held against a limit, of all sections."""
        return [bar for group in self.groups for bar in group.levels]

    @property
    def blind(self) -> list[Bar]:
        """Targets nobody can tell of, of all sections."""
        return [bar for group in self.groups for bar in group.blind]

    @property
    def drawn(self) -> list[dict[str, Any]]:
        """What the picture draws: every bar with its section, shares in per cent."""
        return [{"section": group.section, "label": bar.label, "words": bar.words, "href": bar.href,
                 "done": float(bar.standing.share * 100), "key": bar.standing.key, "word": bar.standing.word,
                 "gone": None if bar.standing.gone is None else float(bar.standing.gone * 100),
                 "why": bar.standing.why}
                for group in self.groups for bar in group.bars if bar.standing.share is not None]


@dataclass(frozen=True, slots=True)
class CockpitPage:
    """The cockpit of one report, or of two side by side."""

    title: str
    documents: choices.Choices
    document: str
    beside: str
    on: str
    panels: list[Panel]


def cockpit(request: HttpRequest) -> HttpResponseBase:
    """The cockpit: of the report asked for, else of the latest of one's own area."""
    seen = list(Document.objects.visible_to(request.user).filter(state="read").defer("text", "outline").order_by(
        "-delivered_on", "-pk"))
    first = chosen(seen, request.GET.get("document", "")) or own(seen, request.user.area)
    second = chosen(seen, request.GET.get("beside", ""))
    on = day(request.GET.get("on", ""))
    shown = [one for one in (first, second if second != first else None) if one]
    count_again(shown)
    page = CockpitPage(
        "驾驶舱", tuple((str(one.pk), f"{area_name(one.area)} · {one}") for one in seen),
        str(first.pk) if first else "", str(second.pk) if second else "", on.isoformat() if on else "",
        [panel(request.user, one, on or as_of(one)) for one in shown])
    return show(request, page, "web/cockpit.html")


def count_again(shown: Iterable[Document]) -> None:
    """Have the figures counted that targets of these reports are tied to, where records changed."""
    catalog = declarations.catalog()
    wanted = [key for one in plans.tied().filter(document__in=list(shown)) for key in plans.wanted(one, timezone.localdate())]
    refresh(catalog, [key for key in wanted if key[0] in catalog.indicators])


def chosen(seen: Iterable[Document], key: str) -> Document | None:
    """The report an address names, among those seen."""
    return next((one for one in seen if one.pk == whole(key)), None)


def own(seen: list[Document], area: str) -> Document | None:
    """The latest report of one's own area; else of an area inside it; else the latest of all."""
    return next((one for one in seen if one.area == area),
                next((one for one in seen if inside(one.area, area)), seen[0] if seen else None))


def panel(user: Any, found: Document, on: date) -> Panel:
    """One report's plan on one day; as many queries whatever is in it."""
    bars = [bar_of(one, on) for one in with_evidence(
        user, Target.objects.visible_to(user).filter(document=found), on)]
    problems = list(open_problems(user, found))
    return Panel(
        found.pk, str(found), area_name(found.area), period_words(found.period), links.document(found.pk), on,
        days(found), tallied([bar.standing for bar in bars if bar.state != "withdrawn"]), groups(bars),
        sorted((bar for bar in bars if bar.standing.key == "behind" and bar.state == "open"), key=lag),
        due(user, found, bars, on), problems, Problem.objects.visible_to(user).filter(document=found).count(),
        waiting(user, found))


def lag(bar: Bar) -> Decimal:
    """How far a target is behind its time; the furthest first."""
    done, gone = bar.standing.share, bar.standing.gone
    return Decimal(0) if done is None or gone is None else done - gone


def bar_of(one: Target, on: date) -> Bar:
    """A target as the cockpit draws it."""
    return Bar(one.pk, one.label, bounded(one.bound, one.value, one.unit), one.due_on, str(one.office or ""), one.state,
               one.section, standing(one, on), reverse("target", args=[one.pk]),
               links.claim(one.document_id, one.claim.number))


def groups(bars: list[Bar]) -> list[Group]:
    """The targets by section, in the order of the report."""
    made: dict[str, Group] = {}
    for bar in bars:
        if bar.state == "withdrawn":
            continue
        group = made.setdefault(bar.section, Group(bar.section or OTHER, [], [], []))
        kind = group.levels if bar.standing.level else group.blind if bar.standing.share is None else group.bars
        kind.append(bar)
    return list(made.values())


def as_of(found: Document) -> date:
    """The day a report speaks of: the end of its period, else the day it was given, else today.

    Reading  its figures are those at the end of the period; held against the time gone when the report was given,
             a month later, every target would look late
    """
    if is_period(found.period):
        return span(found.period)[1]
    return found.delivered_on or timezone.localdate()


def days(found: Document) -> list[tuple[str, str]]:
    """Days the cockpit offers for a report: when its period ends, when it was given."""
    offered = []
    if is_period(found.period):
        offered.append((span(found.period)[1].isoformat(), "报告期末"))
    if found.delivered_on:
        offered.append((found.delivered_on.isoformat(), "报告日"))
    return [*offered, (timezone.localdate().isoformat(), "今天")]


def due(user: Any, found: Document, bars: list[Bar], on: date) -> list[Due]:
    """What is still open and due by the end of the month, the earliest first."""
    until = on.replace(day=monthrange(on.year, on.month)[1])
    measures = Commitment.objects.visible_to(user).filter(
        document=found, state="confirmed", outcome="open", due_on__lte=until).select_related("office")
    every = [Due("措施", one.text, one.due_on, str(one.office or ""), one.due_on < on,
                 reverse("commitment", args=[one.pk])) for one in measures]
    every += [Due("目标", f"{bar.label} {bar.words}", bar.due_on, bar.office, bar.due_on < on, bar.href)
              for bar in bars if bar.state == "open" and bar.due_on and bar.due_on <= until]
    return sorted(every, key=lambda one: (one.due_on, one.kind, one.label))


def open_problems(user: Any, found: Document) -> Iterator[Open]:
    """The problems that no confirmed measure answers."""
    answers = Answer.objects.visible_to(user).filter(problem=OuterRef("pk"))
    rows = Problem.objects.visible_to(user).filter(
        ~Exists(answers.filter(state="confirmed")), document=found,
    ).annotate(proposed=Count("answers", filter=Q(answers__state="proposed"))).order_by("n")
    for one in rows:
        yield Open(one.n, one.title, one.proposed, f"{reverse('problems')}?document={found.pk}#problem-{one.pk}",
                   links.place(found.pk, one.para))


def waiting(user: Any, found: Document) -> list[tuple[str, int, str]]:
    """What of a report waits for a person, and where it is done; nothing for who may not do it."""
    if not may(user, "plan", found.area):
        return []
    narrowed = f"?document={found.pk}"
    unread = Claim.objects.visible_to(user).filter(document=found, state="read").count()
    measures = Commitment.objects.visible_to(user).filter(document=found, state="proposed").count()
    pairs = Pairing.objects.visible_to(user).filter(promised__document=found, state="proposed").count()
    return [
        ("个数字待核对", unread, f"{reverse('claims', args=[found.pk])}?state=read"),
        ("个目标待列入计划", confirmation.rows(user).filter(document=found).count(),
         f"{reverse('claims-to-plan')}{narrowed}"),
        ("项措施待列入计划", measures, f"{reverse('commitments')}{narrowed}&state=proposed"),
        ("组承诺与完成待确认", pairs, f"{reverse('pairings')}{narrowed}&state=proposed"),
    ]


def home(request: HttpRequest) -> HttpResponseBase:
    """The first page is where a person's work waits: for most the cockpit; for an office that orders are given to, its inbox."""
    user = request.user
    if not user.is_authenticated or user.is_superuser:
        return redirect("cockpit")
    if user.office_id and user.role == "office" and Order.objects.filter(office=user.office_id).exists():
        return redirect("order-inbox")
    return redirect(HOMES.get(user.role, "cockpit"))


urls = [path("", home, name="home"), *twin("cockpit", cockpit, "cockpit")]
