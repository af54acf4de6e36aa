"""Handing a draft on: submitted, returned, approved, withdrawn. Four eyes: nobody approves his own words."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from plumbline.kernel import Conflict, NotAllowed, Paper
from plumbline.store.drafts.editing import STALE_DRAFT, held
from plumbline.store.drafts.frozen import digest, frozen
from plumbline.store.drafts.tables import APPROVED, REVIEWING, SENT, WITHDRAWN, WRITING, Draft, DraftVersion
from plumbline.store.journal.writing import Write, record
from plumbline.store.words import bad, reason

OWN_WORDS = "起草、改动或提交过这份报告稿的人不能审核它；请由另一位同志审核。没有保存任何改动。"
OWN_REPORT = "起草人和提交人不能签发自己的报告；请由另一位同志签发。没有保存任何改动。"
OTHER_VERSION = "这份报告稿在您打开之后又有了新的版本；没有保存，请刷新后看过新版本再办理。"


@transaction.atomic
def submit(user: Any, draft_id: int, version: int, paper: Paper, why: str = "") -> DraftVersion:
    """Hand a draft on for review, frozen as `paper`.

    version  of the draft the paper was made from
    Raises   Conflict where somebody changed the draft meanwhile
    """
    draft, why = held(user, draft_id, "write"), reason(why, needed=False)
    if draft.version != version or draft.state != WRITING:
        raise Conflict(STALE_DRAFT)
    if not any(one.text.strip() for one in paper.paragraphs):
        raise bad("draft.empty", "报告稿", "报告稿还是空的；请先写下正文再提交。")
    draft.hands = sorted({*draft.hands, user.pk})
    return handed_on(user, draft, frozen(paper), "submitted", why)


@transaction.atomic
def return_(user: Any, draft_id: int, n: int, why: str) -> DraftVersion:
    """Give version `n` back to be written on, with the reason."""
    draft, why = held(user, draft_id, "review"), reason(why)
    last = latest(draft, n, REVIEWING, APPROVED)
    draft.reviewer = None
    return handed_on(user, draft, last.paper, "returned", why)


@transaction.atomic
def approve(user: Any, draft_id: int, n: int, why: str = "") -> DraftVersion:
    """Approve version `n`, and no other.

    Raises  NotAllowed where the user wrote, changed or submitted any of it
    """
    draft, why = held(user, draft_id, "review"), reason(why, needed=False)
    last = latest(draft, n, REVIEWING)
    if user.pk in draft.hands:
        raise NotAllowed(OWN_WORDS)
    draft.reviewer = user
    return handed_on(user, draft, last.paper, "approved", why)


@transaction.atomic
def withdraw(user: Any, draft_id: int, version: int, why: str) -> Draft:
    """Give a draft up before it is sent; it stays to be read."""
    draft, why = held(user, draft_id, "write"), reason(why)
    if draft.version != version:
        raise Conflict(STALE_DRAFT)
    before, draft.state = draft.state, WITHDRAWN
    draft.version, draft.changed_at = draft.version + 1, timezone.now()
    draft.save()
    record(user, Write("draft.withdraw", "draft", draft.pk, {"state": before}, {"state": draft.state}, why, draft.area))
    return draft


def own_report(user: Any, draft: Draft) -> bool:
    """Whether a draft is this user's own: he began it, or handed it in last. He may then not send it."""
    handed_in = draft.versions.filter(action="submitted").order_by("-n").values_list("by", flat=True).first()
    return user.pk in (draft.writer_id, handed_in)


VERBS = {"submitted": "draft.submit", "returned": "draft.return", "approved": "draft.approve", "sent": "draft.send"}
STATES = {"submitted": REVIEWING, "returned": WRITING, "approved": APPROVED, "sent": SENT}


def latest(draft: Draft, n: int, *states: str) -> DraftVersion:
    """The newest version of a locked draft, if it is the one the person saw and the draft is in one of these states."""
    last = draft.versions.order_by("-n").first()
    if last is None or last.n != n or draft.state not in states:
        raise Conflict(OTHER_VERSION)
    return last


def handed_on(user: Any, draft: Draft, paper: dict[str, Any], action: str, why: str) -> DraftVersion:
    """Keep a version of a locked draft, its new state, and the journal's entry, inside the caller's transaction."""
    last = draft.versions.order_by("-n").first()
    row = DraftVersion(draft=draft, n=last.n + 1 if last else 1, paper=paper, sha256=digest(paper), action=action,
                       by=user, at=timezone.now(), why=why)
    row.save()
    before, draft.state = draft.state, STATES[action]
    draft.version, draft.changed_at = draft.version + 1, row.at
    draft.save()
    record(user, Write(VERBS[action], "draft", draft.pk, {"state": before},
                       {"state": draft.state, "n": row.n, "sha256": row.sha256}, why, draft.area))
    return row
