"""From a file handed in to a document: received, read, or told why not; published, removed."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from plumbline.kernel import CITY, Conflict, Finding, NotAllowed
from plumbline.store.documents.files import media_of, only_writer, put, tidy
from plumbline.store.documents.tables import Document
from plumbline.store.folders import own_name
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import may, require
from plumbline.store.plans.tables import Target
from plumbline.store.words import bad, fitted, plain, reason

KEPT = ("name", "sha256", "size", "area", "state", "published")
TARGET = ("claim_id", "label", "period", "due_on", "bound", "value", "unit", "office_id", "state")
# states in which the same file, handed in again, is taken up again
LEFT = ("waiting", "reading", "failed", "stopped")
ABSENT = "没有这份文件，或者您无权操作；没有保存任何改动。"


def receive(user: Any, name: str, data: bytes, published: bool = False, example: bool = False) -> Document:
    """A file handed in, waiting to be read.

    Twice    in one area: BadInput naming the first; but a document that failed, was stopped or was left
             half read by a process that died is taken up again
    Order    the bytes lie safe before the row says so; a file without a row is dropped by `tidy`
    """
    require(user, "upload", user.area)
    if published:
        require(user, "publish", user.area)
    _usable(name, data)
    with only_writer(), transaction.atomic():
        sha256 = hashlib.sha256(data).hexdigest()
        first = Document.objects.select_for_update().filter(sha256=sha256, received_area=user.area).first()
        if first and first.state not in LEFT:
            day = timezone.localtime(first.received_at).date()
            raise bad("document.twice", name, f"这份文件已经有了：{day}收到的「{first}」；没有再存一份。")
        put(sha256, data)
        if first:
            return _take_up(user, first, "document.receive-again")
        document = Document(
            sha256=sha256, name=fitted(Document, "name", own_name(name)), media=media_of(data), size=len(data),
            area=user.area or CITY.code, received_area=user.area, example=example, received_by=user,
            received_at=timezone.now(), published=published)
        document.save()
        record(user, Write("document.receive", "document", document.pk, None, plain(document, KEPT),
                           area=document.area))
        return document


@transaction.atomic
def again(user: Any, document_id: int) -> Document:
    """A document that failed or was stopped, waiting to be read once more."""
    document = _own(user, document_id, "upload")
    if document.state not in ("failed", "stopped"):
        raise Conflict("只有未能读取或已停止的文件可以重新读取；请刷新页面。")
    return _take_up(user, document, "document.again")


def _take_up(user: Any, document: Document, action: str) -> Document:
    before = plain(document, KEPT)
    document.state, document.progress, document.trouble, document.findings = "waiting", 0, "", []
    document.save()
    record(user, Write(action, "document", document.pk, before, plain(document, KEPT), area=document.area))
    return document


@transaction.atomic
def begin(document_id: int) -> None:
    """The document is being read from now on; Conflict where it is no longer wanted."""
    document = Document.objects.select_for_update().filter(pk=document_id).first()
    if document is None or document.state not in ("waiting", "reading"):
        raise Conflict("这份文件已不在等待读取。")
    was, document.state, document.progress = document.state, "reading", 0
    document.save(update_fields=["state", "progress"])
    if was != "reading":
        record(None, Write("document.begin", "document", document.pk, {"state": was}, {"state": "reading"},
                           area=document.area))


def advance(document_id: int, percent: int) -> None:
    """How far the reading is; for the eye only, so it is not journalled."""
    Document.objects.filter(pk=document_id, state="reading").update(progress=min(max(percent, 0), 99))


@transaction.atomic
def fail(document_id: int, findings: Iterable[Finding]) -> None:
    """The document cannot be read, and why; nothing happens to one that is read, stopped or gone."""
    document = Document.objects.select_for_update().filter(pk=document_id, state__in=("waiting", "reading")).first()
    if document is None:
        return
    found, before = list(findings), plain(document, KEPT)
    document.state, document.trouble = "failed", "；".join(f.message for f in found)
    document.findings = [{"check": f.check, "where": f.where, "message": f.message} for f in found]
    document.save(update_fields=["state", "trouble", "findings"])
    record(None, Write("document.fail", "document", document.pk, before,
                       plain(document, (*KEPT, "trouble")), area=document.area))


@transaction.atomic
def stop(user: Any, document_id: int) -> None:
    """Stop reading; nothing of the text is kept, and the same upload begins anew."""
    document = _own(user, document_id, "upload")
    if document.state not in ("waiting", "reading"):
        raise Conflict("这份文件已不在读取；请刷新页面。")
    before, document.state = plain(document, KEPT), "stopped"
    document.save(update_fields=["state"])
    record(user, Write("document.stop", "document", document.pk, before, plain(document, KEPT), area=document.area))


def unfinished() -> list[int]:
    """Documents waiting or half read, the longest waiting first."""
    return list(Document.objects.filter(state__in=("waiting", "reading")).order_by("received_at", "pk")
                .values_list("pk", flat=True))


@transaction.atomic
def publish(user: Any, document_id: int, why: str, published: bool = True) -> Document:
    """Show a document to every area, or (published=False) to its own only."""
    document, why = _own(user, document_id, "publish"), reason(why)
    if document.state != "read":
        raise Conflict("文件尚未读取，不能公开；没有保存任何改动。")
    if document.published == published:
        return document
    document.published = published
    document.save(update_fields=["published"])
    record(user, Write("document.publish" if published else "document.unpublish", "document", document.pk,
                       {"published": not published}, {"published": published}, why, document.area))
    return document


@transaction.atomic
def remove(user: Any, document_id: int, why: str) -> None:
    """Drop a document with its claims; refused while the plan rests on it.

    Reading  withdrawn targets go with it: what they were stays in the journal
    """
    document, why = _own(user, document_id, "remove"), reason(why)
    gone = list(Target.objects.select_for_update().filter(document=document))
    states = list(document.commitments.select_for_update().values_list("state", flat=True))
    resting = sum(target.state != "withdrawn" for target in gone) + states.count("confirmed")
    if resting:
        raise bad("document.resting", str(document),
                  f"计划中有 {resting} 项目标或措施出自「{document}」，不能删除；请先逐项撤销。")
    if hasattr(document, "draft") or document.cites.exists():
        raise bad("document.sent", str(document), f"「{document}」是从这里发出的报告，不能删除；不宜公开的，可以取消公开。")
    before = plain(document, KEPT) | {"title": document.title, "claims": document.claims.count()}
    Target.objects.filter(document=document).delete()
    document.delete()
    record(user, *(Write("target.remove", "target", target.pk, plain(target, TARGET), None, why, target.area)
                   for target in gone),
           Write("document.remove", "document", document_id, before, None, why, document.area))
    transaction.on_commit(tidy)


def _own(user: Any, document_id: int, action: str) -> Document:
    """The document, locked; NotAllowed, in the same words, where there is none or the user may not."""
    document = Document.objects.select_for_update().filter(pk=document_id).first()
    if document is None or not may(user, action, document.area):
        raise NotAllowed(ABSENT)
    return document


def _usable(name: str, data: bytes) -> None:
    if not data:
        raise bad("file.empty", name, f"「{own_name(name)}」是空文件，没有保存；请检查后重新上传。")
    if len(data) > settings.UPLOAD_LIMIT:
        raise bad("file.large", name, f"「{own_name(name)}」超过 {settings.UPLOAD_LIMIT // 1024**2} MB 的上限，没有保存；"
                                      "请拆分，或另存为不含图片的版本后再上传。")
