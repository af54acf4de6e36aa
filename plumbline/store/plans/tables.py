"""The plan: what was promised, by whom, by when, and what was reported of it."""

from typing import Any

from django.db import models
from django.db.models import Q

from plumbline.store.documents.tables import Claim, Document
from plumbline.store.people.tables import Office
from plumbline.store.visibility import OfDocument, document_seen

TARGET_STATES = (("open", "在办"), ("kept", "已完成"), ("missed", "未完成"), ("withdrawn", "已撤销"))
PROPOSAL_STATES = (("proposed", "待确认"), ("confirmed", "已确认"), ("rejected", "已否定"))


class OwedRows(OfDocument):
    """Targets and commitments: an office sees only its own."""

    def seen_by(self, user: Any) -> Q:
        """As the document is seen; for an office, what it owes."""
        seen = super().seen_by(user)
        return seen & Q(office=user.office_id) & ~Q(office=None) if user.role == "office" else seen


class PairingRows(OfDocument):
    """Pairings, seen as the document of the promise is."""

    document = "promised__document__"


class ShareRows(OfDocument):
    """Shares, seen by those who see both documents."""

    def seen_by(self, user: Any) -> Q:
        """Both sides."""
        return document_seen(user, "whole__document__") & document_seen(user, "part__document__")


class AnswerRows(OfDocument):
    """Answers, seen as the document of the problem is."""

    document = "problem__document__"


class Target(models.Model):
    """What a figure shall be, by a day, owed by an office; made from a claim by a person's confirmation.

    indicator  key of the one that counts it, where a person tied it to one
    """

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="target")
    document = models.ForeignKey(Document, models.PROTECT, related_name="targets")
    area = models.CharField("地区", max_length=6)
    label = models.CharField("指标", max_length=200)
    section = models.CharField("章节", max_length=300, blank=True)
    period = models.CharField("时期", max_length=30, blank=True)
    due_on = models.DateField("时限", null=True)
    bound = models.CharField("界", max_length=2)
    value = models.CharField("目标值", max_length=60)
    unit = models.CharField("单位", max_length=30)
    measure = models.CharField("度量", max_length=10, default="level")
    indicator = models.CharField("由指标计数", max_length=100, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="targets")
    state = models.CharField("状态", max_length=10, choices=TARGET_STATES, default="open")
    note = models.CharField("进展说明", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = OwedRows.as_manager()

    class Meta:
        ordering = ["document_id", "claim__number"]

    def __str__(self) -> str:
        return self.label


class Commitment(models.Model):
    """A measure of part three; `proposed` until a person confirms it, and only then in the plan.

    targets  numbers of the claims inside it
    outcome  what became of it once it is in the plan
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="commitments")
    number = models.PositiveIntegerField()
    ident = models.CharField("编号", max_length=300)
    section = models.CharField("章节", max_length=300)
    theme = models.CharField("主题", max_length=200)
    n = models.PositiveIntegerField("序号")
    text = models.TextField("内容")
    para = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    deadline = models.CharField("时限", max_length=10, blank=True)
    due_on = models.DateField("到期日", null=True)
    bodies = models.JSONField("涉及单位", default=list)
    targets = models.JSONField("所含目标", default=list)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="commitments")
    state = models.CharField("状态", max_length=10, choices=PROPOSAL_STATES, default="proposed")
    outcome = models.CharField("办理", max_length=10, choices=TARGET_STATES, default="open")
    note = models.CharField("进展说明", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = OwedRows.as_manager()

    class Meta:
        ordering = ["document_id", "number"]

    def __str__(self) -> str:
        return self.text


class Pairing(models.Model):
    """The same thing promised (a target claim) and reported (an actual claim); a proposal with its reason.

    `on_top` says how the promise is read: False, what is reported counts towards it (全年口径);
    True, it comes on top of what is reported (下半年新增); None, nobody has said.
    """

    promised = models.ForeignKey(Claim, models.CASCADE, related_name="reported_as")
    reported = models.ForeignKey(Claim, models.CASCADE, related_name="promised_as")
    reason = models.CharField("理由", max_length=300)
    score = models.FloatField("相近程度")
    on_top = models.BooleanField("另加", null=True)
    state = models.CharField("状态", max_length=10, choices=PROPOSAL_STATES, default="proposed")

    objects = PairingRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["promised", "reported"], name="pairing_once")]

    def __str__(self) -> str:
        return self.reason


class Share(models.Model):
    """A district's part of the city's promise: two target claims of two documents; a proposal."""

    whole = models.ForeignKey(Claim, models.CASCADE, related_name="shares")
    part = models.ForeignKey(Claim, models.CASCADE, related_name="share_of")
    reason = models.CharField("理由", max_length=300)
    score = models.FloatField("相近程度")
    state = models.CharField("状态", max_length=10, choices=PROPOSAL_STATES, default="proposed")

    objects = ShareRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["whole", "part"], name="share_once")]

    def __str__(self) -> str:
        return self.reason


class Problem(models.Model):
    """A numbered problem of part two."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="problems")
    n = models.PositiveIntegerField("序号")
    title = models.CharField("问题", max_length=300)
    text = models.TextField("内容")
    para = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    objects = OfDocument.as_manager()

    class Meta:
        ordering = ["document_id", "n"]

    def __str__(self) -> str:
        return self.title


class Answer(models.Model):
    """A measure that answers a problem; proposed by shared words and section, confirmed by a person."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="answers")
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="answers")
    reason = models.CharField("理由", max_length=300)
    score = models.FloatField("相近程度")
    state = models.CharField("状态", max_length=10, choices=PROPOSAL_STATES, default="proposed")

    objects = AnswerRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["problem", "commitment"], name="answer_once")]

    def __str__(self) -> str:
        return self.reason
