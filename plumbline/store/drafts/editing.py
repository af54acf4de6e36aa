"""Writing a draft: its head and its lines. Whoever changes a word of it may not review it afterwards."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from plumbline.kernel import BY_CODE, Conflict, Finding, NotAllowed
from plumbline.kernel.label import LABELS
from plumbline.kernel.period import is_period
from plumbline.store.drafts.tables import APPROVED, LINE_KINDS, REVIEWING, WRITING, Draft, DraftLine
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import may, require
from plumbline.store.words import bad, longest, plain, reason, refuse, text_trouble

ABSENT = "没有这份报告稿，或者您无权操作；没有保存任何改动。"
GONE = "这一段刚被他人删除；没有保存，请刷新后再改。"
STALE = "这一段刚被他人修改；没有保存您的改动，请刷新后再改。"
STALE_DRAFT = "这份报告稿刚被他人修改；没有保存，请刷新后核对再办理。"
HEAD = ("title", "kind", "area", "period", "issuer", "occasion", "delivered_on")
LONGEST_LINE = 4000
MOST_LINES = 3000


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a report."""

    title: str
    area: str
    period: str
    kind: str = "plan half-year"
    issuer: str = ""
    occasion: str = ""
    delivered_on: date | None = None


@transaction.atomic
def create(user: Any, head: Head, lines: Iterable[tuple[str, str]] = (), example: bool = False) -> Draft:
    """A new draft with its first lines (kind, text).

    Raises  BadInput with every finding
    """
    require(user, "write", head.area)
    now, rows = timezone.now(), [(kind, _clean(text)) for kind, text in lines]
    draft = Draft(writer=user, hands=[user.pk], made_at=now, changed_at=now, example=example,
                  **{name: _trimmed(getattr(head, name)) for name in HEAD})
    refuse([*_head_findings(draft), *(one for kind, text in rows for one in _line_findings(kind, text))])
    draft.save()
    DraftLine.objects.bulk_create([DraftLine(draft=draft, position=at, kind=kind, text=text, seen_at=now)
                                   for at, (kind, text) in enumerate(rows, 1)])
    record(user, Write("draft.create", "draft", draft.pk, None, plain(draft, HEAD) | {"lines": len(rows)},
                       area=draft.area))
    return draft


@transaction.atomic
def edit_head(user: Any, draft_id: int, changes: dict[str, Any], version: int) -> Draft:
    """Change what stands above a report; the area stays."""
    draft = held(user, draft_id, "write")
    if draft.version != version:
        raise Conflict(STALE_DRAFT)
    before = plain(draft, HEAD)
    for name in changes.keys() & (set(HEAD) - {"area"}):
        setattr(draft, name, _trimmed(changes[name]))
    refuse(_head_findings(draft))
    after = plain(draft, HEAD)
    if after == before:
        raise bad("draft.same", "修改", "没有任何改动。")
    touched(user, draft)
    record(user, Write("draft.head", "draft", draft.pk, before, after, area=draft.area))
    return draft


@transaction.atomic
def add_line(user: Any, draft_id: int, kind: str, text: str, after: int = 0) -> DraftLine:
    """A new line behind the line `after`; at the top where that is 0."""
    draft, text = held(user, draft_id, "write"), _clean(text)
    refuse(_line_findings(kind, text))
    row = _inserted(draft, kind, text, _line(draft, after).position if after else 0)
    touched(user, draft)
    record(user, _write("draft.line-add", draft, None, said(row)))
    return row


@transaction.atomic
def append_line(user: Any, draft_id: int, kind: str, text: str) -> DraftLine:
    """A new line at the end."""
    draft, text = held(user, draft_id, "write"), _clean(text)
    refuse(_line_findings(kind, text))
    last = draft.lines.aggregate(last=Max("position"))["last"] or 0
    row = _inserted(draft, kind, text, last)
    touched(user, draft)
    record(user, _write("draft.line-add", draft, None, said(row)))
    return row


@transaction.atomic
def edit_line(user: Any, line_id: int, text: str, version: int, kind: str = "", why: str = "") -> DraftLine:
    """Change a line; a text of several lines becomes as many, one behind the other.

    why  where a number is declared to stand for no figure: on what ground
    """
    (draft, row), why = _held_line(user, line_id, version), reason(why, needed=False)
    texts = [_clean(one) for one in text.splitlines() if one.strip()] or [""]
    kind = kind or row.kind
    refuse(one for part in texts for one in _line_findings(kind, part))
    before = said(row)
    row.kind, row.text, row.version, row.seen_at = kind, texts[0], row.version + 1, timezone.now()
    more: list[DraftLine] = []
    for part in reversed(texts[1:]):
        more.insert(0, _inserted(draft, "body", part, row.position))
    if said(row) == before and not more:
        return row
    row.save()
    touched(user, draft)
    record(user, _write("draft.line-edit", draft, before, said(row), why),
           *(_write("draft.line-add", draft, None, said(one)) for one in more))
    return row


@transaction.atomic
def acknowledge(user: Any, line_id: int) -> DraftLine:
    """The numbers of a line have changed, and a writer has seen it; no word of it changes, nor its approval."""
    found = DraftLine.objects.visible_to(user).filter(pk=line_id).values_list("draft", flat=True).first()
    if found is None:
        raise Conflict(GONE)
    draft = held(user, found, "write")
    row = _line(draft, line_id)
    before, row.seen_at = plain(row, ("seen_at",)), timezone.now()
    row.save(update_fields=["seen_at"])
    record(user, _write("draft.line-seen", draft, {"line": row.pk} | before, {"line": row.pk} | plain(row, ("seen_at",))))
    return row


@transaction.atomic
def acknowledge_all(user: Any, draft_id: int) -> None:
    """The numbers of every line have been seen as they are now."""
    draft, now = held(user, draft_id, "write"), timezone.now()
    draft.lines.update(seen_at=now)
    record(user, _write("draft.line-seen", draft, None, {"lines": draft.lines.count(), "seen_at": now.isoformat()}))


@transaction.atomic
def move_line(user: Any, line_id: int, up: bool, version: int) -> DraftLine:
    """Move a line past the one above it, or below it; nothing happens at the end of the draft."""
    draft, row = _held_line(user, line_id, version)
    near = draft.lines.filter(position__lt=row.position).order_by("-position") if up else \
        draft.lines.filter(position__gt=row.position).order_by("position")
    other = near.first()
    if other is None:
        return row
    before = said(row)
    row.position, other.position = other.position, row.position
    row.version += 1
    other.save(update_fields=["position"])
    row.save(update_fields=["position", "version"])
    touched(user, draft)
    record(user, _write("draft.line-move", draft, before, said(row)))
    return row


@transaction.atomic
def remove_line(user: Any, line_id: int, version: int) -> Draft:
    """Drop a line; its words stay in the journal."""
    draft, row = _held_line(user, line_id, version)
    before = said(row)
    row.delete()
    touched(user, draft)
    record(user, _write("draft.line-remove", draft, before, None))
    return draft


def held(user: Any, draft_id: int, action: str) -> Draft:
    """The draft, locked; NotAllowed, in the same words, where there is none or the user may not."""
    draft = Draft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft is None or not may(user, action, draft.area) or not Draft.objects.visible_to(user).filter(pk=draft_id).exists():
        raise NotAllowed(ABSENT)
    if action == "write" and draft.state not in (WRITING, REVIEWING, APPROVED):
        raise Conflict(f"这份报告稿{draft.get_state_display()}，不能再改；没有保存任何改动。")
    return draft


def touched(user: Any, draft: Draft) -> None:
    """Keep a changed draft: what was handed on for review or approved goes back to writing."""
    if draft.state in (REVIEWING, APPROVED):
        draft.state, draft.reviewer = WRITING, None
    draft.hands = sorted({*draft.hands, user.pk})
    draft.version, draft.changed_at = draft.version + 1, timezone.now()
    draft.save()


def said(row: DraftLine) -> dict[str, Any]:
    """A line as the journal keeps it."""
    return {"line": row.pk, "position": row.position, "paragraph": row.get_kind_display(), "text": row.text}


def _write(action: str, draft: Draft, before: dict[str, Any] | None, after: dict[str, Any] | None, why: str = "") -> Write:
    return Write(action, "draft", draft.pk, before, after, why, draft.area)


def _line(draft: Draft, line_id: int) -> DraftLine:
    row = draft.lines.filter(pk=line_id).first()
    if row is None:
        raise Conflict(GONE)
    return row


def _held_line(user: Any, line_id: int, version: int) -> tuple[Draft, DraftLine]:
    """A line and its draft, the draft locked."""
    found = DraftLine.objects.visible_to(user).filter(pk=line_id).values_list("draft", flat=True).first()
    if found is None:
        raise Conflict(GONE)
    draft = held(user, found, "write")
    row = _line(draft, line_id)
    if row.version != version:
        raise Conflict(STALE)
    return draft, row


def _inserted(draft: Draft, kind: str, text: str, after: int) -> DraftLine:
    if draft.lines.count() >= MOST_LINES:
        raise bad("draft.lines", "段落", f"一份报告稿最多 {MOST_LINES} 段；请拆成几份。")
    draft.lines.filter(position__gt=after).update(position=F("position") + 1)
    row = DraftLine(draft=draft, position=after + 1, kind=kind, text=text, seen_at=timezone.now())
    row.save()
    return row


def _trimmed(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _clean(text: str) -> str:
    """A line without blanks around it, its tabs and breaks as blanks."""
    return " ".join(part for part in text.replace("\t", " ").splitlines() if part.strip()).strip(" \u3000")


def _line_findings(kind: str, text: str) -> list[Finding]:
    found = []
    if kind not in dict(LINE_KINDS):
        found.append(Finding("draft.kind", "段落", "没有这种段落；请从列表中选择。"))
    if trouble := text_trouble("文字", text, LONGEST_LINE):
        found.append(Finding("draft.text", "文字", trouble))
    elif any(unicodedata.category(letter) == "Co" for letter in text):
        found.append(Finding("draft.text", "文字", "「文字」含有只有某种字体才认得的自造字；请改用通用的字。"))
    return found


def _head_findings(draft: Draft) -> list[Finding]:
    found = [] if draft.title else [Finding("draft.title", "标题", "请填写标题。")]
    for name, label in (("title", "标题"), ("issuer", "发文机关"), ("occasion", "会议")):
        if trouble := text_trouble(label, getattr(draft, name), longest(Draft, name)):
            found.append(Finding(f"draft.{name}", label, trouble))
    if draft.area not in BY_CODE:
        found.append(Finding("draft.area", "地区", "没有这个地区；请从列表中选择。"))
    if not is_period(draft.period) or draft.period.startswith("@"):
        found.append(Finding("draft.period", "报告期",
                             f"「{draft.period[:30]}」不是报告期；请写作 2020H1、2020Q1、2020 或 2020-06。"))
    if draft.kind not in LABELS["report"]:
        found.append(Finding("draft.kind", "文种", "没有这种文种；请从列表中选择。"))
    return found
