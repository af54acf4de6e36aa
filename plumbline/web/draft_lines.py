"""Writing on a draft: a line added, changed, moved, removed; a number bound, or declared to stand for none."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from plumbline.kernel import BadInput, Conflict, Finding
from plumbline.kernel.sentence import Sentence
from plumbline.reports import drafting
from plumbline.reports.wording import meant, put
from plumbline.store import drafts
from plumbline.store.declarations import catalog
from plumbline.store.drafts import Draft, DraftLine
from plumbline.store.drafts.editing import GONE
from plumbline.store.words import reason
from plumbline.web.draft_outlines import HEADINGS
from plumbline.web.draft_page import refused, seen
from plumbline.web.forms import version, whole
from plumbline.web.screen import act, form_of

NUMBERED = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、])\s*")


def back(request: HttpRequest, draft: Draft, line: int | None = None) -> HttpResponse:
    """To the draft, at a line; as JSON where the form was sent to one."""
    answer = HttpResponse(status=302)
    address = reverse("draft-json" if form_of(request) == "json" else "draft", args=[draft.pk])
    answer.headers["Location"] = f"{address}#l{line}" if line else address
    return answer


def line_seen(draft: Draft, key: int) -> DraftLine:
    """The line of a draft; Conflict where somebody removed it."""
    row = draft.lines.filter(pk=key).first()
    if row is None:
        raise Conflict(GONE)
    return row


def add(request: HttpRequest, key: int) -> HttpResponse:
    """A new line behind `after`, at the top where that is 0; or a ready sentence, or a figure, where it belongs."""
    draft = seen(request, key)
    after = whole(request.POST.get("after", ""))
    try:
        if "sentence" in request.POST or "slot" in request.POST:
            row = inserted(request, draft, after)
        else:
            line = (request.POST.get("kind", "body"), meant(request.POST.get("text", "").strip(), ""))
            row = drafting.add_line(request.user, catalog(), draft, line, last_of(draft) if after is None else after)
    except (BadInput, Conflict) as error:
        return refused(request, draft, error)
    return back(request, draft, row.pk)


def inserted(request: HttpRequest, draft: Draft, chosen: int | None) -> DraftLine:
    """A ready sentence or a figure: at the end of the line that was chosen, else below the heading of its section."""
    section = ""
    template = request.POST.get("slot", "")
    if "sentence" in request.POST:
        one = sentence_of(request.POST["sentence"])
        template, section = one.template, one.section
    row = line_seen(draft, chosen) if chosen else None
    if row is None or row.kind in HEADINGS:
        row = row_below(draft, row, section)
        if row is None or row.text:
            return drafting.add_line(request.user, catalog(), draft, ("body", template), row.pk if row else 0)
    return drafting.save_line(request.user, catalog(), row, row.text + template, row.version)


def row_below(draft: Draft, heading: DraftLine | None, section: str) -> DraftLine | None:
    """The line a sentence goes to or behind: the last below a heading, else the last of the draft."""
    rows = list(draft.lines.all())
    heads = [heading] if heading else [row for row in rows if row.kind in HEADINGS and section and same(row.text, section)]
    if not heads:
        return rows[-1] if rows else None
    at = next(index for index, row in enumerate(rows) if row.pk == heads[0].pk)
    below = next((index for index, row in enumerate(rows[at + 1:], at + 1) if row.kind in HEADINGS), len(rows))
    return rows[below - 1]


def same(heading: str, section: str) -> bool:
    """Whether a heading names a section, numbers left out.

    >>> same("（一）经济运行", "一、经济运行"), same("经济", "民生")
    (True, False)
    """
    ours, theirs = (NUMBERED.sub("", text) for text in (heading, section))
    return ours == theirs or bool(theirs) and theirs in ours


def last_of(draft: Draft) -> int:
    """Number of the last line, 0 where there is none."""
    last = draft.lines.last()
    return last.pk if last else 0


def sentence_of(key: str) -> Sentence:
    """A ready sentence."""
    one: Sentence | None = catalog().sentences.get(key)
    if one is None:
        raise BadInput([Finding("draft.sentence", "句子", "没有这个句子；请刷新后重新选择。")])
    return one


def change(request: HttpRequest, key: int, line: int) -> HttpResponse:
    """Change a line: its words, its kind or its place; drop it; or say that its new numbers have been seen."""
    draft = seen(request, key)
    row = line_seen(draft, line)
    try:
        DEEDS.get(request.POST.get("do", ""), rewrite)(request, row)
    except (BadInput, Conflict) as error:
        return refused(request, draft, error, row)
    return back(request, draft, None if request.POST.get("do") == "remove" else line)


def rewrite(request: HttpRequest, row: DraftLine) -> None:
    """The words as they were typed."""
    template = meant(request.POST.get("text", "").strip(), row.text)
    drafting.save_line(request.user, catalog(), row, template, version(request), request.POST.get("kind", ""))


def move(request: HttpRequest, row: DraftLine) -> None:
    """Past the line above, or below."""
    drafts.move_line(request.user, row.pk, request.POST["do"] == "up", version(request))


def remove(request: HttpRequest, row: DraftLine) -> None:
    """Out of the draft."""
    drafts.remove_line(request.user, row.pk, version(request))


def acknowledge(request: HttpRequest, row: DraftLine) -> None:
    """The new numbers have been seen."""
    drafts.acknowledge(request.user, row.pk)


DEEDS: dict[str, Any] = {"up": move, "down": move, "remove": remove, "seen": acknowledge}


def bind(request: HttpRequest, key: int, line: int) -> HttpResponse:
    """Put a slot in the place of a number, or declare, with a reason, that it stands for no figure."""
    draft = seen(request, key)
    row = line_seen(draft, line)
    try:
        start, end = (whole(request.POST.get(name, "")) for name in ("start", "end"))
        if start is None or end is None or start >= end:
            raise BadInput([Finding("bind.place", "绑定", "没有指明绑定哪几个字；请回到正文，点开那个数字再选。")])
        bound(request, draft, row, (start, end))
    except (BadInput, Conflict) as error:
        return refused(request, draft, error, row)
    return back(request, draft, line)


def bound(request: HttpRequest, draft: Draft, row: DraftLine, place: tuple[int, int]) -> None:
    """The change itself."""
    one = drafting.sheet_of(catalog(), draft, [row]).lines[0]
    slot, why = request.POST.get("slot", ""), ""
    if "literal" in request.POST:
        slot, why = f"{{={one.text[place[0]:place[1]]}}}", reason(request.POST.get("why", ""))
    elif not slot.startswith("{"):
        raise BadInput([Finding("bind.slot", "绑定", "没有选择绑定到哪个数值；请先选一个。")])
    template = put(one.parts, *place, slot)
    drafting.prepare(request.user, catalog(), draft, template)
    drafts.edit_line(request.user, row.pk, template, version(request), why=why)


def found(request: HttpRequest, key: int, line: int) -> tuple[Draft, DraftLine]:
    """A draft and a line of it, if this person sees them."""
    draft = seen(request, key)
    return draft, get_object_or_404(draft.lines, pk=line)


urls = [
    *act("drafts/<int:key>/lines", add, "draft-add"),
    *act("drafts/<int:key>/lines/<int:line>", change, "draft-line"),
    *act("drafts/<int:key>/lines/<int:line>/bind", bind, "draft-bind"),
]
