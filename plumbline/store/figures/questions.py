"""Questions about a number of a document, and the answers in their thread."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from plumbline.kernel import Conflict, NotAllowed
from plumbline.store.figures.tables import Cite, Question, Reply
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import may, require
from plumbline.store.words import bad, longest, text_trouble


@transaction.atomic
def question(user: Any, cite_id: int, text: str) -> Question:
    """A question about a number; whoever sees the document may ask."""
    cite = Cite.objects.visible_to(user).select_related("document").filter(pk=cite_id).first()
    if cite is None:
        raise NotAllowed("没有这个数字，或者您看不到它所在的文件；没有提交。")
    require(user, "question", cite.document.about or cite.document.area)
    row = Question(cite=cite, document=cite.document, text=_text("问题", text, longest(Question, "text")),
                   asked_by=user, asked_at=timezone.now())
    row.save()
    record(user, Write("question.ask", "question", row.pk, None, {"cite": cite.pk, "text": row.text},
                       area=cite.document.area))
    return row


@transaction.atomic
def answer(user: Any, question_id: int, text: str, version: int) -> Reply:
    """A word in the thread: by who answers for the report's area, or by who asked."""
    row = _question(user, question_id, version)
    asker = row.asked_by_id == user.pk
    if not (asker or may(user, "answer", row.document.area)):
        raise NotAllowed("只有报告所在地区的计划员和提问人可以在这里答复；没有保存。")
    reply = Reply(question=row, text=_text("答复", text, longest(Reply, "text")), by=user, at=timezone.now())
    reply.save()
    before = row.state
    row.state, row.version = "open" if asker else "answered", row.version + 1
    row.save()
    record(user, Write("question.answer", "question", row.pk, {"state": before},
                       {"state": row.state, "text": reply.text}, area=row.document.area))
    return reply


@transaction.atomic
def close(user: Any, question_id: int, version: int) -> Question:
    """The question is settled, says who asked it."""
    row = _question(user, question_id, version)
    if row.asked_by_id != user.pk and not user.is_superuser:
        raise NotAllowed("只有提问人可以了结自己的问题；没有保存。")
    before, row.state, row.version = row.state, "closed", row.version + 1
    row.save()
    record(user, Write("question.close", "question", row.pk, {"state": before}, {"state": row.state},
                       area=row.document.area))
    return row


def _question(user: Any, question_id: int, version: int) -> Question:
    row = Question.objects.visible_to(user).select_for_update(of=("self",)).select_related("document").filter(
        pk=question_id).first()
    if row is None:
        raise NotAllowed("没有这个问题，或者您看不到它；没有保存。")
    if row.version != version:
        raise Conflict("这个问题刚刚有了新的答复；请刷新后再写。")
    return row


def _text(name: str, text: str, most: int) -> str:
    kept = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    if not kept:
        raise bad("question.empty", name, f"请写下{name}；没有提交。")
    if trouble := text_trouble(name, kept.replace("\n", " "), most):
        raise bad("question.text", name, trouble)
    return kept
