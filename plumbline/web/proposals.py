"""Proposals that wait for a person: promise and result, city and district, problem and measure."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Case, Exists, OuterRef, Prefetch, QuerySet, Value, When
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from plumbline.kernel import BadInput, Finding
from plumbline.kernel.target import COUNTED
from plumbline.store import plans
from plumbline.store.models import Answer, Claim, Pairing, Problem, Share
from plumbline.store.people import may
from plumbline.store.plans.tables import PROPOSAL_STATES
from plumbline.web import choices, links
from plumbline.web.excerpt import Side, around, side
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin
from plumbline.web.words import exact, share_words

DONE = {"confirmed": "已确认", "rejected": "已否定", "proposed": "已撤回"}
KINDS: dict[str, Any] = {"pairings": Pairing, "shares": Share, "answers": Answer}


@dataclass(frozen=True, slots=True)
class PairingRow:
    """A promise and what was reported of it.

    on_top  True: what is promised comes on top of what was reported; False: the report counts towards it; None:
            nobody has said
    """

    key: int
    promised: Side
    reported: Side
    reason: str
    score: float
    on_top: bool | None
    state: str
    state_key: str
    decidable: bool

    @property
    def texts(self) -> tuple[str, str]:
        """Both sentences, for a file."""
        return self.promised.sentence.text, self.reported.sentence.text

    @property
    def promise(self) -> str:
        """The promise, for a file."""
        return self.texts[0]

    @property
    def result(self) -> str:
        """What was reported, for a file."""
        return self.texts[1]

    @property
    def reading(self) -> str:
        """How the promise is read."""
        if self.on_top is None:
            return "口径未定"
        return "另加" if self.on_top else "全年口径"


@dataclass(frozen=True, slots=True)
class ProposalList:
    """Proposals of one kind: pairings, shares or problems."""

    title: str
    list: Listing
    where: str


def plannable(user: Any) -> Callable[[str], bool]:
    """Whether this user may plan for an area; asked once for each area."""
    known: dict[str, bool] = {}

    def allowed(area: str) -> bool:
        if area not in known:
            known[area] = may(user, "plan", area)
        return known[area]
    return allowed


PAIRING_COLUMNS = (
    Column("promise", "承诺", "promised__number"), Column("result", "已报告", "reported__number"),
    Column("reason", "理由"), Column("reading", "口径", "on_top"), Column("state", "状态", "state"),
)


def pairing_rows(user: Any) -> QuerySet[Pairing]:
    """The pairings a user sees, likeliest first."""
    return Pairing.objects.visible_to(user).select_related("promised__document", "reported__document").defer(
        "promised__document__text", "promised__document__outline", "reported__document__text",
        "reported__document__outline",
    ).annotate(promised_text=around("promised__"), reported_text=around("reported__")).order_by(
        "promised__document", "-score", "pk")


def pairing_spec(user: Any) -> Spec:
    """The list of pairings."""
    allowed = plannable(user)

    def row(one: Any) -> PairingRow:
        return PairingRow(
            one.pk, side(one.promised_text, one.promised), side(one.reported_text, one.reported), one.reason,
            one.score, one.on_top, one.get_state_display(), one.state, allowed(one.promised.document.area))
    return Spec(PAIRING_COLUMNS, (
        Filter("q", "查找", ("promised__subject__icontains", "reported__subject__icontains", "reason__icontains")),
        *choices.choice("document", "报告", "promised__document_id", choices.documents(user)),
        Filter("state", "状态", ("state",), PROPOSAL_STATES),
    ), row)


def pairings(request: HttpRequest) -> HttpResponseBase:
    """Promises beside what was reported of them."""
    rows, spec = pairing_rows(request.user), pairing_spec(request.user)
    if form_of(request) in FILES:
        return sheet(request, rows, spec, "承诺与完成")
    return show(request, ProposalList("承诺与完成", listing(request, rows, spec), "pairings"), "web/pairings.html")


@dataclass(frozen=True, slots=True)
class PartRow:
    """A district's part of a promise; `share` of the whole, unknown where the units differ."""

    key: int
    side: Side
    share: Decimal | None
    share_words: str
    reason: str
    state: str
    state_key: str
    decidable: bool

    @property
    def width(self) -> str:
        """How long its bar is, in per cent; never longer than the whole."""
        return f"{min(self.share or 0, 1) * 100:.2f}"


@dataclass(frozen=True, slots=True)
class WholeRow:
    """A promise of the city with the parts districts promise of it.

    sure, perhaps  share of the whole that confirmed parts make up, and parts that wait for a person
    """

    key: int
    side: Side
    parts: list[PartRow]
    sure: Decimal | None
    perhaps: Decimal | None

    @property
    def rest(self) -> str:
        """What is placed and what is left, in words."""
        if self.sure is None or self.perhaps is None:
            return "有的承担与总量单位不同，算不出其余多少"
        left = max(1 - self.sure - self.perhaps, Decimal(0))
        return (f"已确认承担 {share_words(self.sure)}，待确认 {share_words(self.perhaps)}，"
                f"其余 {share_words(left)} 没有读到承担的区")

    @property
    def whole(self) -> str:
        """The city's promise, for a file."""
        return f"{self.side.subject} {self.side.words}"

    @property
    def taken(self) -> list[str]:
        """The districts' parts, for a file."""
        return [f"{one.side.document} {one.side.words}（{one.share_words}，{one.state}）" for one in self.parts]


SHARE_COLUMNS = (
    Column("whole", "市级承诺", "number"), Column("taken", "各区承担"), Column("rest", "其余"),
)


def share_rows(user: Any) -> QuerySet[Claim]:
    """Promises that have parts, with the parts this user sees."""
    seen = Share.objects.visible_to(user).select_related("part__document").defer(
        "part__document__text", "part__document__outline").annotate(part_text=around("part__")).order_by("pk")
    return Claim.objects.visible_to(user).filter(
        Exists(Share.objects.visible_to(user).filter(whole=OuterRef("pk"))),
    ).select_related("document").defer("document__text", "document__outline").annotate(
        text_around=around()).prefetch_related(Prefetch("shares", seen, to_attr="parts"))


def share_spec(user: Any) -> Spec:
    """The list of promises with their parts."""
    allowed = plannable(user)
    return Spec(SHARE_COLUMNS, (
        Filter("q", "查找", ("subject__icontains", "surface__icontains")),
        *choices.choice("document", "报告", "document_id", choices.documents(user)),
    ), lambda one: whole_row(one, allowed))


def whole_row(one: Any, allowed: Callable[[str], bool]) -> WholeRow:
    """A promise with its parts."""
    parts = [PartRow(
        share.pk, side(share.part_text, share.part), part := share_of(share.part, one), share_words(part),
        share.reason, share.get_state_display(), share.state, allowed(share.part.document.area))
        for share in one.parts]
    return WholeRow(one.pk, side(one.text_around, one), parts, placed(parts, "confirmed"), placed(parts, "proposed"))


def placed(parts: list[PartRow], state: str) -> Decimal | None:
    """Share of the whole that parts in a state make up; unknown where one of them is."""
    shares = [part.share for part in parts if part.state_key == state]
    return None if None in shares else sum((share for share in shares if share is not None), Decimal(0))


def share_of(part: Claim, whole: Claim) -> Decimal | None:
    """Share of the whole that a part makes up; unknown where the units differ or the whole is nothing."""
    top, bottom = exact(part.value), exact(whole.value)
    alike = part.unit == whole.unit or {part.unit, whole.unit} <= COUNTED
    if top is None or not bottom or not alike or part.measure != whole.measure:
        return None
    return top / bottom


def shares(request: HttpRequest) -> HttpResponseBase:
    """What the city promises, and the part districts promise of it."""
    rows, spec = share_rows(request.user), share_spec(request.user)
    if form_of(request) in FILES:
        return sheet(request, rows, spec, "市区分解")
    return show(request, ProposalList("市区分解", listing(request, rows, spec), "shares"), "web/shares.html")


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A measure that may answer a problem."""

    key: int
    text: str
    theme: str
    reason: str
    state: str
    state_key: str
    href: str
    decidable: bool


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem with the measures that answer it; `answered` when a person has confirmed one."""

    key: int
    n: int
    title: str
    text: str
    document: str
    answered: bool
    answers: list[AnswerRow]
    source: str

    @property
    def measures(self) -> list[str]:
        """The measures, for a file."""
        return [f"{one.text}（{one.state}）" for one in self.answers]

    @property
    def verdict(self) -> str:
        """Whether a measure answers it, in words."""
        return "已有措施" if self.answered else "尚无已确认的措施"


PROBLEM_COLUMNS = (
    Column("title", "问题", "n"), Column("verdict", "结论", "answered"), Column("measures", "措施"),
    Column("document", "报告", "document__title"),
)
ANSWERED = (("0", "尚无已确认的措施"), ("1", "已有措施"))


def problem_rows(user: Any) -> QuerySet[Problem]:
    """The problems a user sees, with the measures that may answer them."""
    seen = Answer.objects.visible_to(user).exclude(state="rejected").select_related("commitment").order_by(
        "-score", "pk")
    sure = Answer.objects.filter(problem=OuterRef("pk"), state="confirmed")
    return Problem.objects.visible_to(user).select_related("document").defer(
        "document__text", "document__outline",
    ).annotate(answered=Case(When(Exists(sure), then=Value("1")), default=Value("0"))).prefetch_related(
        Prefetch("answers", seen, to_attr="measures"))


def problem_spec(user: Any) -> Spec:
    """The list of problems."""
    allowed = plannable(user)

    def row(one: Any) -> ProblemRow:
        decidable = allowed(one.document.area)
        answers = [AnswerRow(
            answer.pk, answer.commitment.text, answer.commitment.theme, answer.reason, answer.get_state_display(),
            answer.state, reverse("commitment", args=[answer.commitment_id]), decidable) for answer in one.measures]
        return ProblemRow(one.pk, one.n, one.title, one.text, str(one.document), one.answered == "1", answers,
                          links.place(one.document_id, one.para))
    return Spec(PROBLEM_COLUMNS, (
        Filter("q", "查找", ("title__icontains", "text__icontains")),
        *choices.choice("document", "报告", "document_id", choices.documents(user)),
        Filter("answered", "措施", ("answered",), ANSWERED),
    ), row)


def problems(request: HttpRequest) -> HttpResponseBase:
    """Problems, and the measures that answer them."""
    rows, spec = problem_rows(request.user), problem_spec(request.user)
    if form_of(request) in FILES:
        return sheet(request, rows, spec, "问题与措施")
    return show(request, ProposalList("问题与措施", listing(request, rows, spec), "problems"), "web/problems.html")


def decide(request: HttpRequest, kind: str, key: int) -> HttpResponseBase:
    """Confirms or rejects a proposal; a pairing also in which way it is read."""
    if kind not in KINDS:
        raise Http404
    found = get_object_or_404(KINDS[kind].objects.visible_to(request.user), pk=key)
    state = request.POST.get("state", "")
    if state not in DONE:
        raise BadInput([Finding("proposal.state", "确认", "请选择「确认」「否定」或「撤回」；没有保存任何改动。")])
    on_top = {"1": True, "0": False}.get(request.POST.get("on_top", "")) if kind == "pairings" else None
    plans.decide(request.user, found, state, request.POST.get("why", "").strip(), on_top=on_top)
    messages.success(request, f"{DONE[state]}，并记入日志。")
    return redirect(back(request, kind))


def back(request: HttpRequest, kind: str) -> str:
    """The list a decision was made in, as it stood; never another site."""
    there, name = request.POST.get("back", ""), "problems" if kind == "answers" else kind
    if form_of(request) == "json":
        return reverse(f"{name}-json")
    home = reverse(name)
    return there if url_has_allowed_host_and_scheme(there, None) and there.startswith(home) else home


urls = [
    *twin("plan/pairings", pairings, "pairings", *FILES),
    *twin("plan/shares", shares, "shares", *FILES),
    *twin("plan/problems", problems, "problems", *FILES),
    *act("plan/<str:kind>/<int:key>/decide", decide, "decide"),
]
