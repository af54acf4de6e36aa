"""Pages of assessment: which policies there are, how far each reached, how fast, whom it missed, and what it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from plumbline.engine.tallies import tallies
from plumbline.kernel import CITY, BadInput, Finding, area_name
from plumbline.store import orders, rolls
from plumbline.store.people import may
from plumbline.systems.enterprise import assess, assess_told
from plumbline.systems.enterprise.activity import FIRMS
from plumbline.systems.enterprise.activity_view import Eye, eye_of, span, today
from plumbline.systems.enterprise.assess import BY, Days, Told, Uptake
from plumbline.systems.enterprise.effect import CANNOT
from plumbline.systems.enterprise.needs import VISIT
from plumbline.systems.enterprise.warnings import MOST_AT_ONCE, due_on, waiting
from plumbline.web.export import export
from plumbline.web.figure_words import value_words
from plumbline.web.listing import Chosen, Column, Listing, listed
from plumbline.web.screen import FILES, act, form_of, show, twin

LIST = (Column("title", "政策"), Column("applied", "申请"), Column("paid", "已拨付"), Column("amount", "拨付金额"))
MISSED = (Column("name", "企业"), Column("size", "规模"), Column("industry", "行业"), Column("street", "街道乡镇"),
          Column("stand", "到哪一步"))
# months after the money that may be looked at, and the one looked at first
AFTER, USUAL = (1, 2, 3, 6, 12), 3


@dataclass(frozen=True, slots=True)
class ProgrammesPage:
    """The policies firms applied under."""

    area: str
    areas: tuple[tuple[str, str], ...]
    list: Listing


@dataclass(frozen=True, slots=True)
class Step:
    """A step from the policy to the money: how many firms, what share of those it fits, how wide its bar is."""

    label: str
    count: int
    share: str
    wide: int


@dataclass(frozen=True, slots=True)
class Line:
    """A group in the table of take-up, or a total."""

    name: str
    told: Uptake
    share: str
    wide: int

    @property
    def money(self) -> Decimal:
        """What it was paid, in 万元."""
        return (self.told.amount / 10_000).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class Did:
    """An outcome for the page: the sentence, and where zero, the point and the interval lie on a line of 100."""

    label: str
    words: str
    untold: int
    zero: float | None = None
    point: float | None = None
    low: float | None = None
    wide: float | None = None


@dataclass(frozen=True, slots=True)
class AssessPage:
    """The assessment of a policy in an area.

    rule    whom it fits, by which rule; empty where none is known, and then nobody can say whom it missed
    months  how many after the money firms are looked at; counted: payments of which months have them behind
    """

    key: str
    title: str
    area: str
    areas: tuple[tuple[str, str], ...]
    rule: str
    rules: Sequence[tuple[str, str]]
    chosen: str
    own: bool
    whole: Uptake
    unknown: int
    cut: bool
    steps: Sequence[Step]
    days: Days
    by: Mapping[str, Sequence[Line]]
    missed: int
    reasons: Sequence[tuple[str, int]]
    months: int
    counted: str
    left: str
    did: Sequence[Did]
    trust: str
    overlap: str
    cannot: Sequence[str] = CANNOT
    afters: Sequence[int] = field(metadata={"json": False}, default=AFTER)

    @property
    def money(self) -> str:
        """What was paid, as reports print it."""
        return value_words(str(self.whole.amount), "元", None)

    @property
    def address(self) -> str:
        """What was chosen, as the address of the list of those missed says it."""
        return urlencode({"area": self.area, "rule": self.chosen})


@dataclass(frozen=True, slots=True)
class MissedPage:
    """Firms a policy fits that have not applied."""

    key: str
    title: str
    area: str
    chosen: str
    orders: bool
    list: Listing


@dataclass(frozen=True, slots=True)
class MissedRow:
    """A firm the policy missed, and how far it came."""

    code: str
    name: str
    size: str
    industry: str
    street: str
    stand: str
    visit: str


def screen_of(request: HttpRequest) -> HttpResponseBase:
    """All policies with money."""
    eye = eye_of(request)
    rows = assess_told.programmes(eye)
    if form_of(request) in FILES:
        lines = ([getattr(one, column.key) for column in LIST] for one in rows)
        return export("政策评估", [*(one.label for one in LIST[:-1]), "拨付金额（元）"], lines, len(rows), form_of(request))
    return show(request, ProgrammesPage(eye.area, eye.areas, listed(request, rows, {"area": eye.area}, (), LIST)),
                "enterprise/assess-list.html")


def programme(request: HttpRequest, key: str) -> HttpResponseBase:
    """The assessment of one."""
    eye, chosen = eye_of(request), request.GET.get("rule", "")
    rule, held = assess_told.rule_for(eye, key, chosen), assess_told.rules(eye)
    told = assess_told.gathered(eye, key, rule)
    title, own = title_of(eye, key), assess_told.policy_of(eye, key) is not None
    whole = next(iter(assess.uptake(told.told)), Uptake("", 0, 0, 0, 0, 0, 0, 0, 0, Decimal(0)))
    after = request.GET.get("months", "")
    months = int(after) if after in map(str, AFTER) else USUAL
    found, counted, left = effects_of(eye, told.told, months)
    page = AssessPage(
        key, title, eye.area, eye.areas, rule.label if rule else "", [(one, each.label) for one, each in held.items()], chosen,
        own, whole, told.unknown, told.cut, steps(whole, rule is not None, own),
        assess.days_to_cash(told.told), {label: lines(eye, told.told, by) for by, label in bys(eye).items()},
        len(assess.missed(told.told)), sorted(assess.reasons(told.told).items()) if own else [], months, counted, left,
        [did(one) for one in found if one.name != "placebo"], assess.trust(found) if found else "",
        assess.overlap(found) if found else "")
    return show(request, page, "enterprise/assess.html")


def title_of(eye: Eye, key: str) -> str:
    """The policy's name. Raises Http404 for one nobody knows."""
    found = next((one.title for one in assess_told.programmes(eye) if one.key == key), None)
    if found is None:
        raise Http404
    return found


def steps(whole: Uptake, known: bool, pushed: bool) -> list[Step]:
    """From eligible to paid; where nobody knows whom it fits, or it was not told here, the steps that are known."""
    told = [("已申请", whole.applied), ("已拨付", whole.paid)] if known else [("已申请", whole.asked), ("已拨付", whole.given)]
    told = [("已推送", whole.pushed), ("已阅读", whole.read), *told] if pushed else told
    told = [("符合条件", whole.eligible), *told] if known else told
    most = max((many for _, many in told), default=0)
    return [Step(label, many, share_words(many, told[0][1]), round(100 * many / most) if most else 0) for label, many in told]


def share_words(many: int, of: int) -> str:
    """A share in per cent; a dash where there is nothing to be a share of."""
    return f"{Decimal(many) / of * 100:.1f}%" if of else "—"


def lines(eye: Eye, told: Sequence[Told], by: str) -> list[Line]:
    """Take-up by what firms are, the largest groups first; of the whole city by districts instead of streets."""
    found = assess.uptake(told, by)
    names: Mapping[str, str] = {}
    if by == "street" and whole_city(eye):
        found = districts(found)
        names = {one.key: area_name(one.key) for one in found}
    elif by == "street":
        names = {one.key: eye.street(one.key) for one in found}
    return [Line(names.get(one.key, one.key) if one.key != "不明" else one.key, one,
                 share_words(one.paid, one.eligible), round(100 * one.paid / one.eligible) if one.eligible else 0)
            for one in found]


def whole_city(eye: Eye) -> bool:
    """Whether the whole city is looked at."""
    return eye.area == CITY.code


def bys(eye: Eye) -> dict[str, str]:
    """What take-up is told by, with its words."""
    return BY | ({"street": "区"} if whole_city(eye) else {})


def districts(found: Sequence[Uptake]) -> list[Uptake]:
    """Take-up of streets, put together by the district they lie in; the one with most firms first."""
    parts: dict[str, list[Uptake]] = {}
    for one in found:
        parts.setdefault(one.key[:6], []).append(one)
    counted = [each.name for each in fields(Uptake) if each.name != "key"]
    made = [Uptake(key, **{name: sum(getattr(one, name) for one in some) for name in counted}) for key, some in parts.items()]
    return sorted(made, key=lambda one: (-one.eligible, -one.asked, one.key))


def effects_of(eye: Eye, told: Sequence[Told], months: int) -> tuple[list[assess.Finding], str, str]:
    """The outcomes; the months of payment that count, in words; and why others do not."""
    received = assess.by_month(told)
    seen = assess.seen_months(received, eye.months, months)
    left = "、".join(f"{month:%Y-%m}（{len(codes)} 户）" for month, codes in received.items() if month not in seen)
    if not seen or eye.month is None:
        return [], "", left
    streets = {one.values[0] or "": one.count for one in tallies(eye.rows, eye.area, span(eye.month), ("street",))}
    design = assess.design_of(eye.catalog, eye.month, months, streets)
    counted = "、".join(f"{month:%Y-%m}（{len(codes)} 户）" for month, codes in seen.items())
    return assess.effects(eye.catalog, design, eye.roll, eye.rows, seen, eye.area), counted, left


def did(one: assess.Finding) -> Did:
    """An outcome as the page draws it."""
    told = one.effect
    if told.value is None or told.low is None or told.high is None:
        return Did(one.label, one.words, one.untold)
    least, most = min(told.low, Decimal(0)), max(told.high, Decimal(0))
    room = (most - least) or Decimal(1)

    def place(value: Decimal) -> float:
        return round(float((value - least) / room * 92 + 4), 1)
    return Did(one.label, one.words, one.untold, place(Decimal(0)), place(told.value), place(told.low),
               round(place(told.high) - place(told.low), 1))


def missed(request: HttpRequest, key: str) -> HttpResponseBase:
    """Firms that should have and did not."""
    eye, chosen = eye_of(request), request.GET.get("rule", "")
    title = title_of(eye, key)
    told = assess.missed(assess_told.gathered(eye, key, assess_told.rule_for(eye, key, chosen)).told)
    street = request.GET.get("street", "").strip()[:12]
    told = [one for one in told if street in ("", one.street)]
    if form_of(request) in FILES:
        rows = ([getattr(one, column.key) for column in MISSED] for one in missed_rows(eye, told))
        return export(f"应享未享-{title}", [one.label for one in MISSED], rows, len(told), form_of(request))
    streets = tuple((one, eye.street(one)) for one in sorted({one.street for one in told if one.street}))
    asked = {"area": eye.area, "rule": chosen, "street": street}
    page = listed(request, told, asked, [Chosen("street", "街道乡镇", street, streets)], MISSED)
    page.rows[:] = missed_rows(eye, page.rows)
    return show(request, MissedPage(key, title, eye.area, chosen, may(request.user, "handle", eye.area), page),
                "enterprise/assess-missed.html")


def missed_rows(eye: Eye, told: Sequence[Told]) -> list[MissedRow]:
    """Firms with their names, how far they came, and visits still to be made."""
    codes = [one.code for one in told]
    named, visits = assess_told.names(eye, codes), waiting(codes[:MOST_AT_ONCE * 5], eye.user)
    return [MissedRow(one.code, named.get(one.code, one.code), one.size or "不明", one.industry or "不明",
                      eye.street(one.street), next(iter(assess.reasons([one]))), visits.get(one.code, "")) for one in told]


def visit(request: HttpRequest, key: str) -> HttpResponseBase:
    """Order visits to firms the policy missed; one that already has an open visit gets no second."""
    eye = eye_of(request)
    title, codes = title_of(eye, key), list(dict.fromkeys(request.POST.getlist("id")))
    if not codes or len(codes) > MOST_AT_ONCE:
        raise BadInput([Finding("assess.visit", "走访", f"请勾选 1 至 {MOST_AT_ONCE} 户企业，再点“开走访单”。")])
    table, already, made = eye.catalog.tables[FIRMS], waiting(codes, eye.user), 0
    for code in codes:
        if code not in already:
            _visit(eye, title, rolls.seen(eye.user, table, code))
            made += 1
    messages.success(request, f"开了 {made} 张走访单。")
    asked = {name: request.POST.get(name, "") for name in ("area", "rule")}
    return redirect(f"{reverse('assess-missed', args=[key])}?{urlencode(asked)}")


def _visit(eye: Eye, title: str, row: Mapping[str, Any]) -> None:
    orders.open_(eye.user, VISIT, {
        "title": f"走访{row['name']}"[:200], "text": f"符合「{title}」的条件，还没有申请，请上门说明。"[:2000],
        "area": row["area"], "place": row.get("street") or "", "subject": row["code"], "source": "政策评估",
        "fields": {"firm": row["name"], "planned_on": due_on(eye.catalog, today()).isoformat(),
                   "reasons": f"应享未享：{title}"[:200]}},
        key=f"missed {row['code']} {title}"[:200])


urls = [*twin("enterprise/assess", screen_of, "assess", *FILES),
        *twin("enterprise/assess/<str:key>", programme, "assess-programme"),
        *twin("enterprise/assess/<str:key>/missed", missed, "assess-missed", *FILES),
        *act("enterprise/assess/<str:key>/visit", visit, "assess-visit")]
