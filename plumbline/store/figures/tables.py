"""Figures as they were published, run after run; the numbers of documents that rest on them; questions about both."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from plumbline.store.documents.tables import Document
from plumbline.store.visibility import OfDocument, VisibleRows, document_seen, within

CURRENT, REPLACED = "current", "replaced"
FIGURE_STATES = ((CURRENT, "现行"), (REPLACED, "已被替换"))
QUESTION_STATES = (("open", "待答复"), ("answered", "已答复"), ("closed", "已了结"))


class Run(models.Model):
    """Figures that were published together; `version` is the product's own, `engine` what counted them."""

    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.CharField("理由", max_length=300, blank=True)
    engine = models.CharField("计算引擎", max_length=10, default="duckdb")
    version = models.CharField("软件版本", max_length=30)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.why}"


class FigureRows(VisibleRows):
    """Figures of the user's area; of others, those that a document he sees prints; a deputy, only the latter."""

    def seen_by(self, user: Any) -> Q:
        """The area's own, or printed."""
        seen = Cite.objects.filter(document_seen(user, "document__"), figures__figure=OuterRef("pk"))
        printed = Q(Exists(seen))
        return printed if user.role == "deputy" else within(user, "area") | printed


class Figure(models.Model):
    """One figure of one run; never changed but for its state, and the mark where other records say the same; never removed.

    value, top, bottom  exact decimals as text, empty where there is none; `magnitude` is `value` for sorting only
    cell                values of dimensions, as `street=110112001`, joined by `;`, empty for none
    mark                hash of all it depends on: declaration and parameters in its first half, files and coverage in the other
    reason              why it took the place of the one before
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="figures")
    indicator = models.CharField("指标", max_length=100)
    area = models.CharField("地区", max_length=12)
    period = models.CharField("时期", max_length=30)
    first_on = models.DateField()
    last_on = models.DateField()
    cell = models.CharField("分组", max_length=200, blank=True)
    unit = models.CharField("单位", max_length=30)
    value = models.CharField("数值", max_length=80, blank=True)
    magnitude = models.FloatField(null=True)
    missing = models.CharField("缺数原因", max_length=20, blank=True)
    top = models.CharField("分子", max_length=80, blank=True)
    bottom = models.CharField("分母", max_length=80, blank=True)
    counted = models.BigIntegerField("记录数", default=0)
    unknown = models.BigIntegerField("无法判断的记录数", default=0)
    inputs = models.JSONField(default=list)
    mark = models.CharField(max_length=64)
    version = models.PositiveIntegerField("指标版本", default=1)
    state = models.CharField("状态", max_length=10, choices=FIGURE_STATES, default=CURRENT)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    reason = models.CharField("替换理由", max_length=300, blank=True)

    objects = FigureRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "area", "period", "cell"],
                                               condition=Q(state=CURRENT), name="one_current_figure")]
        indexes = [models.Index(fields=["indicator", "area", "period"]), models.Index(fields=["area", "last_on"])]
        ordering = ["indicator", "area", "-last_on", "cell", "-id"]

    def __str__(self) -> str:
        return f"{self.indicator} {self.area} {self.period} {self.value or self.missing}"


class Cite(models.Model):
    """A number of a document that stands for a figure, or for a comparison made from figures.

    number      of the cite in the document, from 1
    claim       number of the claim that was read at this place, or null
    start, end  offsets into the document's text
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="cites")
    number = models.PositiveIntegerField()
    claim = models.PositiveIntegerField(null=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    surface = models.CharField("原文", max_length=100)
    sentence = models.TextField("所在句子")
    ref = models.CharField(max_length=300)
    concept = models.CharField(max_length=200)
    label = models.CharField("名称", max_length=300)
    area = models.CharField("地区", max_length=12)
    period = models.CharField("时期", max_length=30)
    value = models.CharField("数值", max_length=80)
    unit = models.CharField("单位", max_length=30)
    decimals = models.IntegerField(null=True)

    objects = OfDocument.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="cite_number_once")]
        ordering = ["document_id", "number"]

    def __str__(self) -> str:
        return f"{self.label} {self.surface}"


class CiteFigure(models.Model):
    """A figure a cite rests on; `place` is its order among them."""

    cite = models.ForeignKey(Cite, models.CASCADE, related_name="figures")
    figure = models.ForeignKey(Figure, models.PROTECT, related_name="cites")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cite", "place"], name="cite_place_once")]
        ordering = ["cite_id", "place"]

    def __str__(self) -> str:
        return f"{self.cite_id}.{self.place}"


class Question(models.Model):
    """What a deputy or another reader asks about a number of a document."""

    cite = models.ForeignKey(Cite, models.PROTECT, related_name="questions")
    document = models.ForeignKey(Document, models.PROTECT, related_name="questions")
    text = models.CharField("问题", max_length=1000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField("状态", max_length=10, choices=QUESTION_STATES, default="open")
    version = models.PositiveIntegerField(default=0)

    objects = OfDocument.as_manager()

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return self.text


class Reply(models.Model):
    """A word in the thread of a question."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="replies")
    text = models.CharField("答复", max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text
