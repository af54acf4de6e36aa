"""Reports being written: the draft, its lines, and every version that was handed on."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from plumbline.kernel.label import LABELS
from plumbline.store.documents.tables import Document
from plumbline.store.visibility import NOTHING, VisibleRows, within

WRITING, REVIEWING, APPROVED, SENT, WITHDRAWN = "writing", "reviewing", "approved", "sent", "withdrawn"
DRAFT_STATES = ((WRITING, "起草中"), (REVIEWING, "待审核"), (APPROVED, "待签发"), (SENT, "已发出"), (WITHDRAWN, "已撤回"))
LINE_KINDS = (
    ("title", "标题"), ("subtitle", "副标题"), ("heading1", "一、"), ("heading2", "（一）"), ("heading3", "1."),
    ("heading4", "（1）"), ("body", "正文"), ("note", "注"), ("signature", "落款"), ("date", "成文日期"),
)
VERSION_ACTIONS = (("submitted", "提交"), ("approved", "审核通过"), ("returned", "退回"), ("sent", "签发"))


class DraftRows(VisibleRows):
    """Drafts are seen by the planners and leaders of an area that holds theirs; by nobody else before they are sent."""

    draft = ""

    def seen_by(self, user: Any) -> Q:
        """Drafts of the user's area."""
        return within(user, f"{self.draft}area") if user.role in ("planner", "leader") else NOTHING


class OfDraft(DraftRows):
    """Rows seen as their draft is seen."""

    draft = "draft__"


class Draft(models.Model):
    """A report in the making.

    hands     numbers of the users who changed a word of it or handed it on: none of them may review it
    version   counts every change of the draft or of a line
    document  what was sent, once it was
    """

    title = models.CharField("标题", max_length=300)
    kind = models.CharField("文种", max_length=20, choices=tuple(LABELS["report"].items()), default="plan half-year")
    area = models.CharField("地区", max_length=6)
    period = models.CharField("报告期", max_length=30)
    issuer = models.CharField("发文机关", max_length=100, blank=True)
    occasion = models.CharField("会议", max_length=200, blank=True)
    delivered_on = models.DateField("报告日期", null=True)
    state = models.CharField("状态", max_length=10, choices=DRAFT_STATES, default=WRITING)
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="draft")
    hands = models.JSONField(default=list)
    example = models.BooleanField("虚构示例", default=False)
    made_at = models.DateTimeField("起草时间")
    changed_at = models.DateTimeField("最近改动")
    version = models.PositiveIntegerField(default=0)

    objects = DraftRows.as_manager()

    class Meta:
        ordering = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return self.title


class DraftLine(models.Model):
    """A paragraph of a draft: words, with a slot `{ref:form}` for each number that stands for a figure.

    seen_at  when a writer last saved it, or said that he has seen its numbers change
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField("段落", max_length=10, choices=LINE_KINDS, default="body")
    text = models.TextField("文字", blank=True)
    seen_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    objects = OfDraft.as_manager()

    class Meta:
        ordering = ["draft_id", "position", "id"]

    def __str__(self) -> str:
        return self.text[:40]


class DraftVersion(models.Model):
    """A draft as it was when it was handed on: every word, and every number with the figures it rests on.

    n       from 1, one for each time it was handed on
    sha256  of `paper`; equal ones say the same letter for letter
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="versions")
    n = models.PositiveIntegerField()
    paper = models.JSONField()
    sha256 = models.CharField(max_length=64)
    action = models.CharField("办理", max_length=10, choices=VERSION_ACTIONS)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.CharField("意见", max_length=300, blank=True)

    objects = OfDraft.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "n"], name="draft_version_once")]
        ordering = ["draft_id", "-n"]

    def __str__(self) -> str:
        return f"{self.draft_id}.{self.n} {self.action}"
