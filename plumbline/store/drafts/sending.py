"""Sending a report: its version, its document, its claims and its cites come to be together, or not at all."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from plumbline.kernel import NotAllowed, Report
from plumbline.store.documents.files import only_writer, put
from plumbline.store.documents.keeping import Found, keep
from plumbline.store.documents.rows import describe
from plumbline.store.documents.tables import Document
from plumbline.store.drafts.editing import held
from plumbline.store.drafts.handing import OWN_REPORT, handed_on, latest, own_report
from plumbline.store.drafts.tables import APPROVED, Draft
from plumbline.store.figures.citing import Place, cite
from plumbline.store.journal.writing import Write, record
from plumbline.store.words import bad, fitted, reason


@dataclass(frozen=True, slots=True)
class Printed:
    """A version as it leaves the house.

    docx    the bytes that are kept and handed out
    report  what reading them gives back
    places  where the numbers that stand for figures stand in the report's text
    """

    docx: bytes
    report: Report
    places: Sequence[Place]
    found: Found = field(default=Found())


def send(user: Any, draft_id: int, n: int, printed: Printed, why: str = "") -> Document:
    """Send the approved version `n`: a published document, with its claims and cites.

    Order   the bytes lie safe before the row says so; a file without a row is dropped by `documents.tidy`
    Raises  NotAllowed where the writer or the submitter sends; Conflict where `n` is not what was approved last
    """
    why = reason(why, needed=False)
    with only_writer(), transaction.atomic():
        draft = held(user, draft_id, "send")
        last = latest(draft, n, APPROVED)
        if own_report(user, draft):
            raise NotAllowed(OWN_REPORT)
        document = _document(user, draft, printed)
        draft.sender, draft.document = user, document
        handed_on(user, draft, last.paper, "sent", why)
        return document


def _document(user: Any, draft: Draft, printed: Printed) -> Document:
    """The document of a locked draft, read and cited."""
    sha256 = hashlib.sha256(printed.docx).hexdigest()
    if Document.objects.filter(sha256=sha256, received_area=draft.area).exists():
        raise bad("draft.twice", draft.title, f"同一份文件已经发出或收到过：「{draft.title}」；没有再发一份。")
    put(sha256, printed.docx)
    document = Document(
        sha256=sha256, name=fitted(Document, "name", f"{draft.title[:180]}.docx"), media="docx", size=len(printed.docx),
        area=draft.area, received_area=draft.area, example=draft.example, received_by=user, received_at=timezone.now(),
        state="reading", published=True)
    describe(document, printed.report)
    document.save()
    cite(document, printed.places)  # before `keep`, which takes the journal's lock
    document = keep(document.pk, printed.report, printed.found)
    record(user, Write("document.send", "document", document.pk, None,
                       {"name": document.name, "sha256": sha256, "size": document.size, "area": document.area,
                        "published": True, "cites": len(printed.places)}, area=document.area))
    return document
