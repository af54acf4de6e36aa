"""A draft: written line by line, every number marked with what it stands for; read only once it was handed on."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from plumbline.kernel import BadInput, Cite, Finding, Paper, area_name, label
from plumbline.kernel.label import LABELS
from plumbline.reports import drafting
from plumbline.reports.drafting import Line, Sheet
from plumbline.store import drafts
from plumbline.store.declarations import catalog
from plumbline.store.drafts import LINE_KINDS, VERSION_ACTIONS, Draft, DraftLine, DraftVersion
from plumbline.store.drafts.changes import changed_of
from plumbline.store.figures import Figure
from plumbline.store.people import may
from plumbline.web import choices, draft_evidence
from plumbline.web.draft_evidence import value_words
from plumbline.web.draft_text import Entry, Legend, Mark, Passage, legend, outline, passage, passages_of, titled
from plumbline.web.forms import status_of, told, whole
from plumbline.web.history import Step, history
from plumbline.web.screen import form_of, show, twin
from plumbline.web.words import period_words

WRITABLE, WAITING = ("writing",), ("reviewing", "approved")


@dataclass(frozen=True, slots=True)
class Written:
    """A line to write on.

    typed     as it is edited, slots as numbers: 退出{1：68家}
    findings  what is wrong with it now
    moved     which of its numbers have changed, in words
    open      whether its form is open
    trouble   why a change was not saved; `typed` is then what was typed
    """

    key: int
    kind: str
    passage: Passage
    typed: str
    version: int
    findings: list[Finding]
    moved: list[str]
    open: bool = False
    trouble: str = ""
    troubles: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was handed on."""

    n: int
    action: str
    action_words: str
    by: str
    at: Any
    why: str
    href: str


@dataclass(frozen=True, slots=True)
class DraftScreen:
    """A draft.

    lines      to write on; empty where it is read only
    passages   to read, where it was handed on: the version under review, or the one that was sent
    moved      how many lines have numbers that changed since a writer last saw them
    todo       what keeps it from being handed on
    changed    which numbers have changed since the version shown was made
    may        what the person may do with it now: write, submit, withdraw, approve, return, send
    why_not    why the person may not approve or send it
    document   number of the document it became
    """

    key: int
    title: str
    titled: bool
    kind: str
    area: str
    period: str
    issuer: str
    occasion: str
    delivered_on: date | None
    state: str
    state_words: str
    writer: str
    version: int
    example: bool
    lines: list[Written]
    passages: list[Passage]
    outline: list[Entry]
    legend: list[Legend]
    todo: list[Finding]
    changed: list[str]
    may: list[str]
    why_not: str
    last: Version | None
    versions: int
    document: int | None
    history: list[Step]
    fields: dict[str, str]
    kinds: choices.Choices
    line_kinds: choices.Choices
    moved: int = 0
    adding: int | None = None
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)


def seen(request: HttpRequest, key: int) -> Draft:
    """The draft, if this person sees it; 404 otherwise."""
    rows = Draft.objects.visible_to(request.user).select_related("writer", "reviewer", "sender")
    return get_object_or_404(rows, pk=key)


def page(request: HttpRequest, key: int) -> HttpResponse:
    """A draft; `?edit=12` opens the form of a line, `?add=12` that of a new one behind it."""
    return show(request, screen_for(request, seen(request, key)), "web/draft.html")


def screen_for(request: HttpRequest, draft: Draft) -> DraftScreen:
    """A draft as the person sees it."""
    last = draft.versions.select_related("by").first()
    if draft.state in WRITABLE or last is None:
        return writing(request, draft, last)
    paper = drafts.thawed(last.paper, last.n)
    drifted = changed_of(paper.cites)
    moved = {id(one.cite) for one in drifted}
    passages = read_only(paper, reverse("draft-version", args=[draft.pk, last.n]), moved)
    words = [shift(one.cite.label, one.before, one.after) for one in drifted] if draft.state in WAITING else []
    return base(request, draft, last, passages, titled(paper), words)


def writing(request: HttpRequest, draft: Draft, last: DraftVersion | None) -> DraftScreen:
    """A draft that is being written."""
    made = drafting.sheet(catalog(), draft)
    wanted = whole(request.GET.get("edit", "")) if may(request.user, "write", draft.area) else None
    lines = [line_of(draft, made, one, wanted) for one in made.lines]
    screen = base(request, draft, last, [one.passage for one in lines], titled(made.paper))
    if draft.state not in WRITABLE:  # given up before anything was handed on
        return screen
    return replace(screen, lines=lines, passages=[], todo=made.findings, moved=sum(bool(one.moved) for one in lines),
                   adding=whole(request.GET.get("add", "")))


def base(request: HttpRequest, draft: Draft, last: DraftVersion | None, passages: list[Passage], has_title: bool,
         changed: list[str] | None = None) -> DraftScreen:
    """All but the lines."""
    deeds, why_not = allowed(request.user, draft, last)
    return DraftScreen(
        key=draft.pk, title=draft.title, titled=has_title, kind=label("report", draft.kind), area=area_name(draft.area),
        period=period_words(draft.period), issuer=draft.issuer, occasion=draft.occasion, delivered_on=draft.delivered_on,
        state=draft.state, state_words=draft.get_state_display(), writer=str(draft.writer), version=draft.version,
        example=draft.example, lines=[], passages=passages, outline=outline(passages), legend=legend(passages), todo=[],
        changed=changed or [], may=deeds, why_not=why_not, last=version_of(last) if last else None,
        versions=last.n if last else 0, document=draft.document_id, history=history(request.user, "draft", draft.pk, 12),
        fields=head_fields(draft), kinds=tuple(LABELS["report"].items()), line_kinds=LINE_KINDS)


def allowed(user: Any, draft: Draft, last: DraftVersion | None) -> tuple[list[str], str]:
    """What a person may do with a draft now, and why not what others may."""
    deeds, why_not, state = [], "", draft.state
    if may(user, "write", draft.area):
        deeds += ["write", "submit"] if state == "writing" else []
        deeds += ["withdraw"] if state in ("writing", "reviewing", "approved") else []
    if may(user, "review", draft.area) and state in WAITING:
        deeds.append("return")
        if state == "reviewing" and user.pk not in draft.hands:
            deeds.append("approve")
        elif state == "reviewing":
            why_not = "您起草、改动或提交过这份报告稿，须由另一位同志审核。"
    if may(user, "send", draft.area) and state == "approved":
        if drafts.own_report(user, draft):
            why_not = "起草人和提交人不能签发自己的报告，须由另一位同志签发。"
        else:
            deeds.append("send")
    return deeds, why_not


def version_of(row: DraftVersion) -> Version:
    """A version in a list."""
    return Version(row.n, row.action, dict(VERSION_ACTIONS)[row.action], str(row.by), row.at, row.why,
                   reverse("draft-version", args=[row.draft_id, row.n]))


def head_fields(draft: Draft) -> dict[str, str]:
    """What stands in the form of the head."""
    return {"title": draft.title, "period": draft.period, "kind": draft.kind, "issuer": draft.issuer,
            "occasion": draft.occasion, "delivered_on": draft.delivered_on.isoformat() if draft.delivered_on else ""}


def line_of(draft: Draft, made: Sheet, line: Line, wanted: int | None) -> Written:
    """A line to write on."""
    row = line.row
    told_of = [shift(called(line, key), one.before, one.after) for key, one in line.moved.items()]
    return Written(row.pk, row.kind, passage(f"l{row.pk}", row.kind, line.text, marks(draft, made, line)), line.typed,
                   row.version, list(line.findings), told_of, open=wanted == row.pk)


def called(line: Line, key: int) -> str:
    """What a line calls a figure."""
    return next(cite.label for cite in line.cites if key in cite.figures)


def shift(name: str, before: Figure, after: Figure) -> str:
    """How a figure changed, and why: 退出企业：68家 → 70家（补报）."""
    return f"{name}：{value_words(before)} → {value_words(after)}（{after.reason}）"


def marks(draft: Draft, made: Sheet, line: Line) -> list[Mark]:
    """Every number of a line with what it stands for."""
    found = []
    for number, cite in enumerate(line.cites, 1):
        rows = [made.figures[key] for key in cite.figures if key in made.figures]
        kind = "moved" if line.moved.keys() & set(cite.figures) else "bound"
        found.append(Mark(cite.start, cite.end, kind, draft_evidence.brief(cite, line.text[cite.start:cite.end], rows),
                          reverse("draft-number", args=[draft.pk, line.row.pk, number])))
    found += [Mark(one.start, one.end, "unbound", "还没有对应的数值；点开选择",
                   reverse("draft-unbound", args=[draft.pk, line.row.pk, one.start, one.end])) for one in line.unbound]
    return found + [Mark(start, end, "literal", "直接写入的数，不随记录更新") for start, end in literals(line)]


def literals(line: Line) -> list[tuple[int, int]]:
    """Where numbers stand that their writer put in as they are."""
    found, at = [], 0
    for part in line.parts:
        if part.template.startswith("{="):
            found.append((at, at + len(part.text)))
        at += len(part.text)
    return found


def read_only(paper: Paper, address: str, moved: set[int]) -> list[Passage]:
    """A paper to read; each number leads to its card below `address`."""
    def mark(number: int, cite: Cite, surface: str) -> Mark:
        return Mark(cite.start, cite.end, "changed" if id(cite) in moved else "bound",
                    draft_evidence.brief(cite, surface, ()), f"{address}cites/{number}/")
    return passages_of(paper, mark)


def refused(request: HttpRequest, draft: Draft, error: Exception, line: DraftLine | None = None) -> HttpResponse:
    """The draft as it stands, with what was typed and why it was not saved."""
    trouble, findings = told(error)
    screen = screen_for(request, seen(request, draft.pk))
    if line is None:
        return show(request, replace(screen, trouble=trouble, findings=findings), "web/draft.html", status_of(error))
    typed = request.POST.get("text", "")
    lines = [replace(one, open=True, typed=typed, trouble=trouble, troubles=findings) if one.key == line.pk else one
             for one in screen.lines]
    if not any(one.key == line.pk for one in lines):  # removed, or handed on meanwhile
        screen = replace(screen, trouble=trouble, findings=findings)
    return show(request, replace(screen, lines=lines), "web/draft.html", status_of(error))


def number_card(request: HttpRequest, key: int, line: int, number: int) -> HttpResponse:
    """The evidence of a number of a draft."""
    draft = seen(request, key)
    row = get_object_or_404(draft.lines, pk=line)
    made = drafting.sheet_of(catalog(), draft, [row])
    cites = made.lines[0].cites
    if not 0 < number <= len(cites):
        raise BadInput([Finding("draft.number", "数值", "这一段刚被改动，没有这个数值了；请刷新后再看。")])
    cite = cites[number - 1]
    surface = made.lines[0].text[cite.start:cite.end]
    return part(request, draft_evidence.card(request.user, catalog(), cite, surface), "web/draft-card.html",
                f"{reverse('draft', args=[key])}#l{line}")


def part(request: HttpRequest, screen: Any, template: str, back: str) -> HttpResponse:
    """A piece beside the text; a page of its own where nothing can put it there."""
    if form_of(request) == "json" or request.headers.get("HX-Request") == "true":
        return show(request, screen, template)
    return render(request, "web/draft-alone.html", {"screen": screen, "part": template, "back": back})


urls = [
    *twin("drafts/<int:key>", page, "draft"),
    *twin("drafts/<int:key>/lines/<int:line>/numbers/<int:number>", number_card, "draft-number"),
]
