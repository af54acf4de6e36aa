"""One claim: how it was printed and how it was read, what touches it, and what a person may do with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from plumbline.kernel import BadInput, Finding, label
from plumbline.kernel.label import LABELS
from plumbline.reports.keep import recheck
from plumbline.store import documents
from plumbline.store.documents.tables import Claim
from plumbline.store.models import Pairing, Share, Target
from plumbline.store.people import may
from plumbline.web import links
from plumbline.web.checks import CheckRow, checks_of
from plumbline.web.forms import whole
from plumbline.web.history import Step, history
from plumbline.web.screen import act, form_of, show
from plumbline.web.words import amount, bounded, exact, grouped, period_words

# fields a person may correct, in the order of the form; those with choices name the group of their words
FIELDS = (
    ("subject", "指标", ""), ("value", "数值", ""), ("value2", "数值上端（区间）", ""), ("unit", "单位", ""),
    ("bound", "界", "bound"), ("measure", "度量", "measure"), ("modality", "性质", "modality"),
    ("period", "时期", ""), ("deadline", "时限", ""), ("reference", "比较对象", ""), ("place", "地区", ""),
)
HINTS = {
    "value": "万、亿已乘出，如 4859000000", "period": "如 2020H1、2020Q1、2020-06、@2020-06-30",
    "deadline": "如 2020 或 2020-12-31", "reference": "如 上年同期、2020Q1、全市",
}
PLANNED = "计划目标"
CONTEXT = 60
MENTIONS = 12


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a claim: its label, as printed (empty where the text does not print it), and as read."""

    key: str
    label: str
    printed: str
    read: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Another claim about the same thing: where it stands and what it says."""

    href: str
    document: str
    subject: str
    surface: str
    words: str
    period: str


@dataclass(frozen=True, slots=True)
class Linked:
    """Something tied to a claim: a target, a pairing or a share, with its state and the reason given."""

    kind: str
    words: str
    state: str
    reason: str
    href: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of the form that corrects a claim; `trouble` is what was wrong with what was sent."""

    key: str
    label: str
    value: str
    hint: str
    choices: tuple[tuple[str, str], ...]
    trouble: str


@dataclass(frozen=True, slots=True)
class ClaimScreen:
    """A claim with all that is known of it.

    id, number   the claim's own number, and its number in the document
    document     number of the document; `title` what it is called
    surface      the number as printed; `words` as read
    before,after the text on both sides of it
    parts        every part as printed and as read
    section      headings above it
    state        read, confirmed, corrected, aside; `state_words` in Chinese, `reason` why
    version      to be sent back with a change
    checks       statements it takes part in
    linked       target, pairings and shares
    mentions     other claims about the same subject that this person sees
    history      what was done to it, latest first
    target       whether the plan has a target made of it
    may_edit     whether this person may confirm, correct or set aside
    form         the fields of the form that corrects it, where it is asked for
    troubles     findings that belong to no field
    """

    id: int
    number: int
    document: int
    title: str
    surface: str
    words: str
    before: str
    after: str
    subject: str
    measure: str
    modality: str
    section: str
    state: str
    state_words: str
    reason: str
    version: int
    may_edit: bool
    parts: list[Part]
    checks: list[CheckRow]
    linked: list[Linked]
    mentions: list[Mention]
    history: list[Step]
    target: bool = False
    form: list[Entry] = field(default_factory=list)
    why: str = ""
    troubles: list[Finding] = field(default_factory=list)
    changed: bool = field(default=False, metadata={"json": False})


def claim_seen(request: HttpRequest, document: int, number: int) -> Any:
    """The claim, if this person sees its document; 404 otherwise."""
    rows = Claim.objects.visible_to(request.user).select_related("document")
    return get_object_or_404(rows, document=document, number=number)


def screen_of(user: Any, claim: Any, **more: Any) -> ClaimScreen:
    """A claim with all that is known of it."""
    document, text, linked = claim.document, claim.document.text, linked_to(user, claim)
    return ClaimScreen(
        id=claim.pk, number=claim.number, document=document.pk, title=str(document), surface=claim.surface,
        words=words_of(claim), before=_before(text, claim.start), after=_after(text, claim.end),
        subject=claim.subject, measure=claim.measure, modality=claim.modality, section=claim.section,
        state=claim.state, state_words=claim.get_state_display(), reason=claim.reason, version=claim.version,
        may_edit=may(user, "correct", document.area), parts=parts_of(claim, text),
        checks=checks_of(user, claim), linked=linked, target=any(link.kind == PLANNED for link in linked),
        mentions=mentions_of(user, claim),
        history=history(user, "claim", claim.pk), **more,
    )


def words_of(claim: Any) -> str:
    """The value as read, bound and upper end with it: 不低于13,000个."""
    if claim.value2:
        return f"{amount(claim.value)}—{amount(claim.value2, claim.unit)}"
    return bounded(claim.bound, claim.value, claim.unit)


def parts_of(claim: Any, text: str) -> list[Part]:
    """Every part of a claim that says something, as printed and as read."""
    printed = {name: text[first:last] for name, (first, last) in claim.spans.items()}
    read = (
        ("subject", "指标", claim.subject), ("number", "数值", full(claim)), ("unit", "单位", claim.unit),
        ("measure", "度量", label("measure", claim.measure)), ("modality", "性质", label("modality", claim.modality)),
        ("bound", "界", label("bound", claim.bound)),
        ("tolerance", "印刷精度", f"± {amount(claim.tolerance)}" if exact(claim.tolerance) else ""),
        ("period", "时期", period_words(claim.period) if claim.period else ""),
        ("deadline", "时限", until(claim.deadline)),
        ("comparison", "比较", period_words(claim.reference) if claim.reference else ""),
        ("place", "地区", claim.place), ("section", "章节", claim.section),
    )
    return [Part(key, name, printed.get(key, ""), value) for key, name, value in read if value or printed.get(key)]


def full(claim: Any) -> str:
    """All digits of a value, and of its upper end where it has one."""
    ends = [grouped(number) for text in (claim.value, claim.value2) if text and (number := exact(text)) is not None]
    return "—".join(ends)


def until(deadline: str) -> str:
    """A deadline in words.

    >>> until("2020"), until("2020-08-31"), until("")
    ('2020年底前', '2020年8月31日前', '')
    """
    if not deadline:
        return ""
    return f"{deadline}年底前" if len(deadline) == 4 else f"{period_words(deadline)}前"


def _before(text: str, start: int) -> str:
    line = text.rfind("\n", 0, start) + 1
    return ("…" if start - line > CONTEXT else "") + text[max(line, start - CONTEXT):start].lstrip()


def _after(text: str, end: int) -> str:
    line = text.find("\n", end)
    line = len(text) if line < 0 else line
    return text[end:min(line, end + CONTEXT)].rstrip() + ("…" if line - end > CONTEXT else "")


def linked_to(user: Any, claim: Any) -> list[Linked]:
    """The target made of a claim, what it is paired with and what it is a share of."""
    made = [Linked(PLANNED, bounded(row.bound, row.value, row.unit), row.get_state_display(), "",
                   reverse("target", args=[row.pk])) for row in Target.objects.visible_to(user).filter(claim=claim)]
    pairs = Pairing.objects.visible_to(user).filter(Q(promised=claim) | Q(reported=claim))
    for row in pairs.select_related("promised", "reported"):
        other, kind = (row.reported, "已报完成") if row.promised_id == claim.pk else (row.promised, "对应承诺")
        made.append(_link(kind, other, row))
    shares = Share.objects.visible_to(user).filter(Q(whole=claim) | Q(part=claim))
    for row in shares.select_related("whole", "part"):
        other, kind = (row.part, "下级承担") if row.whole_id == claim.pk else (row.whole, "上级目标")
        made.append(_link(kind, other, row))
    return made


def _link(kind: str, claim: Any, row: Any) -> Linked:
    return Linked(kind, f"{claim.subject} {claim.surface}", row.get_state_display(), row.reason,
                  links.claim(claim.document_id, claim.number))


def mentions_of(user: Any, claim: Any) -> list[Mention]:
    """Other claims about the same subject, in this document and in others this person sees."""
    if not claim.subject:
        return []
    rows = Claim.objects.visible_to(user).filter(subject=claim.subject).exclude(pk=claim.pk)
    return [Mention(links.claim(row.document_id, row.number), str(row.document), row.subject, row.surface,
                    words_of(row), period_words(row.period) if row.period else "")
            for row in rows.select_related("document").order_by("document_id", "number")[:MENTIONS]]


def form_for(claim: Any, sent: dict[str, str], findings: Iterable[Finding] = ()) -> list[Entry]:
    """The form that corrects a claim, with what was sent and what was wrong with it."""
    troubles = {finding.check.rpartition(".")[2]: finding.message for finding in findings}
    return [Entry(key, name, sent.get(key, getattr(claim, key)), HINTS.get(key, ""),
                  tuple(LABELS[group].items()) if group else (), troubles.get(key, ""))
            for key, name, group in FIELDS]


def panel(request: HttpRequest, document: int, number: int) -> HttpResponse:
    """The panel of a claim; `?form` opens the form that corrects it."""
    claim = claim_seen(request, document, number)
    form = form_for(claim, {}) if "form" in request.GET and may(request.user, "correct", claim.document.area) else []
    return show(request, screen_of(request.user, claim, form=form), "web/claim.html")


def confirm(request: HttpRequest, document: int, number: int) -> HttpResponse:
    """Say that a claim was read rightly."""
    claim = claim_seen(request, document, number)
    documents.confirm(request.user, [claim.pk], request.POST.get("why", ""))
    return after_change(request, document, number)


def set_aside(request: HttpRequest, document: int, number: int) -> HttpResponse:
    """Say that a number is no claim, and why."""
    claim = claim_seen(request, document, number)
    try:
        documents.set_aside(request.user, claim.pk, request.POST.get("why", ""), version_of(request))
    except BadInput as error:
        return refused(request, claim, error, [])
    recheck(document)
    return after_change(request, document, number)


def correct(request: HttpRequest, document: int, number: int) -> HttpResponse:
    """Correct what was read; what was wrong with the correction stands at its field."""
    claim = claim_seen(request, document, number)
    sent = {key: request.POST[key].strip() for key, _, _ in FIELDS if key in request.POST}
    changes = {key: value for key, value in sent.items() if value != str(getattr(claim, key))}
    try:
        documents.correct(request.user, claim.pk, changes, request.POST.get("why", ""), version_of(request))
    except BadInput as error:
        return refused(request, claim, error, form_for(claim, sent, error.findings))
    recheck(document)
    return after_change(request, document, number)


def version_of(request: HttpRequest) -> int:
    """The version the person saw; BadInput where the form does not say."""
    if (found := whole(request.POST.get("version", ""))) is None:
        raise BadInput([Finding("claim.form", "页面", "页面内容不完整。请刷新后重试。")])
    return found


def refused(request: HttpRequest, claim: Any, error: BadInput, form: list[Entry]) -> HttpResponse:
    """The panel again, with every finding at its field or above the form."""
    if form_of(request) == "json":
        raise error
    placed = {entry.key for entry in form if entry.trouble}
    loose = [finding for finding in error.findings if finding.check.rpartition(".")[2] not in placed]
    screen = screen_of(request.user, claim, form=form, troubles=loose, why=request.POST.get("why", ""))
    return show(request, screen, "web/claim.html", status=422)


def after_change(request: HttpRequest, document: int, number: int) -> HttpResponse:
    """The panel as it stands now, and the mark in the text with it."""
    claim = claim_seen(request, document, number)
    return show(request, screen_of(request.user, claim, changed=True), "web/claim.html")


urls = [
    *act("documents/<int:document>/claims/<int:number>/confirm", confirm, "claim-confirm"),
    *act("documents/<int:document>/claims/<int:number>/correct", correct, "claim-correct"),
    *act("documents/<int:document>/claims/<int:number>/aside", set_aside, "claim-aside"),
]
