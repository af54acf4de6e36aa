"""The journal: who did what, when and why; each entry before and after; and whether the chain holds."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import NotAllowed, area_name
from plumbline.store import journal
from plumbline.store.models import Claim, Entry
from plumbline.web import choices, links
from plumbline.web.forms import whole
from plumbline.web.history import Difference, action_words, differences, offices, table_words
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin

# nothing was written before; earlier days have no instant in UTC
EARLIEST = date(1970, 1, 1)
STREAM = "application/x-ndjson"
# those who may have the chain walked; it tells how many entries there are in all
WALKERS = ("planner", "leader")


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry in the list; `action_key` and `table` as the journal keeps them."""

    seq: int
    at: datetime
    who: str
    action: str
    action_key: str
    table: str
    table_words: str
    key: str
    area: str
    why: str
    href: str

    @property
    def thing(self) -> str:
        """What was written."""
        return f"{self.table_words} {self.key}"


@dataclass(frozen=True, slots=True)
class JournalPage:
    """The entries this user may see; `total` of all that is written, where the user may have it walked."""

    title: str
    list: Listing
    walkable: bool
    total: int | None


COLUMNS = (
    Column("seq", "序号", "seq"), Column("at", "时间", "at"), Column("who", "操作人", "who"),
    Column("action", "操作", "action"), Column("thing", "对象", "table"), Column("why", "理由"),
    Column("area", "地区", "area"),
)


def row_of(entry: Entry) -> EntryRow:
    """An entry as the list shows it."""
    return EntryRow(entry.seq, entry.at, entry.who, action_words(entry.action), entry.action, entry.table,
                    table_words(entry.table), entry.key, area_name(entry.area) if entry.area else "", entry.why,
                    reverse("entry", args=[entry.seq]))


def rows(user: Any) -> QuerySet[Entry]:
    """The entries a user sees, latest first, without what was written."""
    return Entry.objects.visible_to(user).defer("before", "after").order_by("-seq")


def spec(user: Any) -> Spec:
    """The journal's list, with the filters this user can choose from."""
    seen = Entry.objects.visible_to(user)
    actions = tuple((key, action_words(key)) for key, _ in choices.values(seen, "action"))
    tables = tuple((key, table_words(key)) for key, _ in choices.values(seen, "table"))
    return Spec(COLUMNS, (
        *choices.choice("who", "操作人", "who", choices.values(seen, "who")),
        *choices.choice("action", "操作", "action", actions),
        *choices.choice("table", "对象种类", "table", tables),
        Filter("key", "对象号", ("key",)),
        Filter("from", "自", ("at__gte",), kind="date", read=first_instant),
        Filter("to", "至", ("at__lte",), kind="date", read=last_instant),
        Filter("q", "理由", ("why__icontains",)),
    ), row_of)


def first_instant(text: str) -> datetime:
    """When a day begins in Shanghai."""
    return datetime.combine(max(date.fromisoformat(text), EARLIEST), time.min, timezone.get_current_timezone())


def last_instant(text: str) -> datetime:
    """When a day ends in Shanghai."""
    return datetime.combine(max(date.fromisoformat(text), EARLIEST), time.max, timezone.get_current_timezone())


def entries(request: HttpRequest) -> HttpResponseBase:
    """The journal."""
    if form_of(request) in FILES:
        return sheet(request, rows(request.user), spec(request.user), "日志")
    walkable = may_walk(request.user)
    page = JournalPage("日志", listing(request, rows(request.user), spec(request.user)), walkable,
                       Entry.objects.count() if walkable else None)
    return show(request, page, "web/journal.html")


def may_walk(user: Any) -> bool:
    """Whether a user may have the whole chain walked."""
    return user.is_superuser or user.role in WALKERS


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry.

    differences  every field before and after, those that changed first
    made, gone   whether there was nothing before, whether there is nothing after
    href         the thing it was written of, where it can be opened
    """

    row: EntryRow
    differences: list[Difference]
    made: bool
    gone: bool
    previous: str
    digest: str
    href: str
    before: int | None
    after: int | None


def entry(request: HttpRequest, key: int) -> HttpResponseBase:
    """One entry, before and after."""
    seen = Entry.objects.visible_to(request.user)
    found = get_object_or_404(seen, pk=key)
    earlier, later = seen.filter(seq__lt=key).order_by("-seq"), seen.filter(seq__gt=key).order_by("seq")
    page = EntryPage(
        row_of(found), differences(found, offices([found])), found.before is None, found.after is None,
        found.previous, found.digest, thing(request.user, found),
        earlier.values_list("seq", flat=True).first(), later.values_list("seq", flat=True).first())
    return show(request, page, "web/entry.html")


def thing(user: Any, found: Entry) -> str:
    """Address of what an entry was written of, empty where it has no page."""
    key = whole(found.key)
    if key is None:
        return ""
    if found.table in ("target", "commitment"):
        return reverse(found.table, args=[key])
    if found.table == "document":
        return links.document(key)
    if found.table == "claim" and (one := Claim.objects.visible_to(user).filter(pk=key).first()):
        return links.claim(one.document_id, one.number)
    return ""


@dataclass(frozen=True, slots=True)
class VerdictPage:
    """What walking the chain found; `broken` is the first entry that does not hold."""

    count: int
    broken: int | None
    why: str
    digest: str
    href: str

    @property
    def sound(self) -> bool:
        """Whether the whole chain holds."""
        return self.broken is None


def verify(request: HttpRequest) -> HttpResponseBase:
    """Walks the chain; tells how far it is while it walks, where the page asks for that."""
    if not may_walk(request.user):
        raise NotAllowed("查验日志限计划员和领导；没有进行查验。")
    if STREAM in request.headers.get("Accept", ""):
        return StreamingHttpResponse(steps(), content_type=STREAM)
    return show(request, verdict_page(journal.verify()), "web/verdict.html")


def steps() -> Iterator[str]:
    """How far the walk is, a line at a time; the last line is the verdict."""
    total = Entry.objects.count()
    walk = journal.walk()
    while True:
        try:
            yield json.dumps({"done": next(walk), "of": total}) + "\n"
        except StopIteration as end:
            found = verdict_page(end.value)
            break
    yield json.dumps({"sound": found.sound, "why": found.why, "count": found.count, "digest": found.digest,
                      "href": found.href}, ensure_ascii=False) + "\n"


def verdict_page(found: journal.Verdict) -> VerdictPage:
    """A verdict, with the address of the entry that does not hold."""
    href = reverse("entry", args=[found.broken]) if (found.broken or 0) > 0 else ""
    return VerdictPage(found.count, found.broken, found.why, found.digest, href)


urls = [
    *twin("journal", entries, "journal", *FILES),
    *twin("journal/<int:key>", entry, "entry"),
    *act("journal/verify", verify, "verify"),
]
