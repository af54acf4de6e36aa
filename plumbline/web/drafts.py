"""Reports being written: the list of drafts, and beginning a new one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import AREAS, BadInput, Finding, area_name, label
from plumbline.kernel.label import LABELS
from plumbline.store import drafts
from plumbline.store.drafts import DRAFT_STATES, Draft, DraftVersion, Head
from plumbline.store.people import may, require
from plumbline.web import choices
from plumbline.web.draft_outlines import OUTLINES, from_version, lines_of
from plumbline.web.forms import when, whole
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, form_of, show, twin
from plumbline.web.words import period_words

FIELDS = ("title", "area", "period", "kind", "issuer", "occasion", "delivered_on", "outline")


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in a list."""

    key: int
    title: str
    period: str
    area: str
    kind: str
    state: str
    state_words: str
    writer: str
    reviewer: str
    changed_at: datetime
    example: bool
    href: str


@dataclass(frozen=True, slots=True)
class DraftList:
    """The drafts a person sees; `may_write` whether he may begin one."""

    list: Listing
    may_write: bool
    where: str = "drafts"


def row_of(draft: Draft) -> DraftRow:
    """A draft as a list shows it."""
    return DraftRow(
        draft.pk, draft.title, period_words(draft.period), area_name(draft.area), label("report", draft.kind), draft.state,
        draft.get_state_display(), str(draft.writer), str(draft.reviewer or ""), draft.changed_at, draft.example,
        reverse("draft", args=[draft.pk]))


COLUMNS = (
    Column("title", "标题", "title"), Column("period", "报告期", "period"), Column("area", "地区", "area"),
    Column("kind", "文种", "kind"), Column("state_words", "状态", "state"), Column("writer", "起草", "writer__label"),
    Column("reviewer", "审核", "reviewer__label"), Column("changed_at", "最近改动", "changed_at"),
)


def rows(user: Any) -> QuerySet[Draft]:
    """The drafts a user sees, the last changed first."""
    return Draft.objects.visible_to(user).select_related("writer", "reviewer").order_by("-changed_at", "-pk")


def spec(user: Any) -> Spec:
    """The list, with the filters this user can choose from."""
    seen = Draft.objects.visible_to(user)
    return Spec(COLUMNS, (
        Filter("q", "标题", ("title__icontains",)), Filter("state", "状态", ("state",), DRAFT_STATES),
        *choices.choice("period", "报告期", "period", tuple(
            (key, period_words(key)) for key, _ in choices.values(seen, "period"))),
        *choices.choice("area", "地区", "area", choices.areas(seen, "area")),
        Filter("kind", "文种", ("kind",), tuple(LABELS["report"].items())),
    ), row_of)


def all_drafts(request: HttpRequest) -> HttpResponseBase:
    """The list of drafts."""
    if form_of(request) in FILES:
        return sheet(request, rows(request.user), spec(request.user), "报告稿")
    page = DraftList(listing(request, rows(request.user), spec(request.user)),
                     may(request.user, "write", request.user.area))
    return show(request, page, "web/drafts.html")


@dataclass(frozen=True, slots=True)
class NewDraft:
    """The form that begins a draft: what was typed, what can be chosen, and what was wrong."""

    fields: dict[str, str]
    areas: choices.Choices
    kinds: choices.Choices
    outlines: choices.Choices
    findings: list[Finding] = field(default_factory=list)


def new(request: HttpRequest) -> HttpResponseBase:
    """Begin a draft: from an outline of the genre, from an earlier report, or empty."""
    require(request.user, "write", request.user.area)
    if request.method != "POST":
        return show(request, form(request, usual(request)), "web/draft-new.html")
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    try:
        draft = begun(request, typed)
    except BadInput as error:
        return show(request, form(request, typed, error), "web/draft-new.html", 400)
    messages.success(request, "报告稿已建好。右侧是可用的句子，点一下就写进正文。")
    return redirect("draft", draft.pk)


def begun(request: HttpRequest, typed: dict[str, str]) -> Draft:
    """The draft a form asks for."""
    head = Head(typed["title"], typed["area"], typed["period"], typed["kind"], typed["issuer"], typed["occasion"],
                when(typed["delivered_on"]))
    return drafts.create(request.user, head, outline_of(request.user, typed["outline"]))


def outline_of(user: Any, chosen: str) -> list[tuple[str, str]]:
    """The lines an outline begins with: of the genre, or of an earlier version the user sees."""
    if chosen in OUTLINES:
        return lines_of(chosen)
    key = whole(chosen.removeprefix("version-")) if chosen.startswith("version-") else None
    version = DraftVersion.objects.visible_to(user).filter(pk=key).first() if key else None
    if chosen and version is None:
        raise BadInput([Finding("draft.outline", "提纲", "没有这份提纲；请从列表中选择。")])
    return from_version(version) if version else []


def form(request: HttpRequest, fields: dict[str, str], error: BadInput | None = None) -> NewDraft:
    """The form as it stands."""
    user = request.user
    areas = tuple((one.code, one.name) for one in AREAS if may(user, "write", one.code))
    earlier = DraftVersion.objects.visible_to(user).filter(action="sent").select_related("draft").defer("paper")
    made = tuple((key, words) for key, (words, _) in OUTLINES.items())
    outlines = (*made, *((f"version-{one.pk}", f"沿用提纲：{one.draft}") for one in earlier.order_by("-at")[:20]))
    return NewDraft(fields, areas, tuple(LABELS["report"].items()), outlines, list(error.findings) if error else [])


def usual(request: HttpRequest) -> dict[str, str]:
    """What a new draft most likely is: the half-year behind us, of one's own area."""
    today = timezone.localdate()
    period = f"{today.year}H1" if today.month >= 7 else f"{today.year - 1}"
    half = today.month >= 7
    return dict.fromkeys(FIELDS, "") | {"area": request.user.area, "period": period,
                                        "kind": "plan half-year" if half else "plan year",
                                        "outline": "half-year" if half else "year"}


urls = [
    *twin("drafts", all_drafts, "drafts", *FILES),
    *twin("drafts/new", new, "draft-new"),
]
