"""Rolls: what was delivered when, what it changed, and what officers put right against the source."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from plumbline.kernel import area_name
from plumbline.store.journal.tables import ExactJSON
from plumbline.store.registers.tables import Chunk, Cut
from plumbline.store.visibility import NOTHING, VisibleRows, within


class AreaRows(VisibleRows):
    """Rows of the user's area; none for a deputy, who sees records only as a figure's evidence."""

    def seen_by(self, user: Any) -> Q:
        """The area's own."""
        return NOTHING if user.role == "deputy" else within(user, "area")


class StepRows(VisibleRows):
    """Deliveries of the user's area, and of the city above it, which tell of it too; none for a deputy."""

    def seen_by(self, user: Any) -> Q:
        """The area's own, and the city's."""
        return NOTHING if user.role == "deputy" or not user.area else within(user, "area") | Q(area=f"{user.area[:2]}0000")


class Roll(models.Model):
    """A roll as it lies there.

    bits  a row lies in the chunk that so many bits of its key's hash name
    last  the highest number a row was ever given
    mark  hash of what the derived columns of all its rows rest on: their expressions, the parameters' values
    """

    table = models.CharField("名册", max_length=100, unique=True)
    bits = models.PositiveSmallIntegerField(default=0)
    last = models.PositiveBigIntegerField(default=0)
    mark = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.table


class Step(models.Model):
    """A delivery that was taken.

    table    key of the declared table; `area` the narrowest that holds all of `areas`
    day      the day the source told its state of
    whole    rows of these areas it did not name are gone; otherwise they keep theirs
    columns  keys of the columns it told
    first    number before the first new row, `last` of the last one
    images   name of the file with what changed and gone rows were before; empty where there are none
    faults   name of the file with the rows that were wrong and left out; empty where all were taken
    bits     of the roll when it was taken
    """

    table = models.CharField("名册", max_length=100)
    day = models.DateField("截至")
    whole = models.BooleanField("整册", default=True)
    columns = models.JSONField("列", default=list)
    area = models.CharField("地区", max_length=6)
    areas = models.JSONField("地区", default=list)
    source = models.CharField("来源", max_length=100, blank=True)
    name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("文件指纹", max_length=64)
    rows = models.PositiveBigIntegerField("行数", default=0)
    new = models.PositiveBigIntegerField("新增", default=0)
    changed = models.PositiveBigIntegerField("变更", default=0)
    gone = models.PositiveBigIntegerField("退出", default=0)
    same = models.PositiveBigIntegerField("不变", default=0)
    bad = models.PositiveBigIntegerField("未收", default=0)
    first = models.PositiveBigIntegerField(default=0)
    last = models.PositiveBigIntegerField(default=0)
    bits = models.PositiveSmallIntegerField(default=0)
    images = models.CharField(max_length=64, blank=True)
    faults = models.CharField(max_length=64, blank=True)
    why = models.CharField("说明", max_length=300, blank=True)
    example = models.BooleanField("模拟数据", default=False)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("收下时间")

    objects = StepRows.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["table", "-id"]), models.Index(fields=["table", "sha256"])]

    def __str__(self) -> str:
        return f"{self.name}（{area_name(self.area)}，截至 {self.day}）"


class Leaf(models.Model):
    """The personal columns of a chunk as it stands: a file of their own, named `personal`; `cut` is the rest of the chunk."""

    chunk = models.OneToOneField(Chunk, models.PROTECT, related_name="leaf")
    cut = models.ForeignKey(Cut, models.PROTECT, related_name="+")
    personal = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.chunk}"


class Correction(models.Model):
    """What an officer put right in one row, or took back: by column, derived ones too, what stood before and after."""

    table = models.CharField("名册", max_length=100)
    key = models.CharField("标识", max_length=100)
    area = models.CharField("地区", max_length=12)
    day = models.DateField("日期")
    before: Any = ExactJSON("原为")
    after: Any = ExactJSON("改为")
    why = models.CharField("理由", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    objects = AreaRows.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["table", "key"])]

    def __str__(self) -> str:
        return f"{self.key} {self.at:%Y-%m-%d}"


class Overlay(models.Model):
    """A corrected value that stands until the source's own is no longer what it `was`, or until it is taken back.

    ended_by  the delivery whose own value ended it
    """

    table = models.CharField("名册", max_length=100)
    key = models.CharField("标识", max_length=100)
    column = models.CharField("列", max_length=100)
    value: Any = ExactJSON("更正为", null=True)
    was: Any = ExactJSON("来源的值", null=True)
    correction = models.ForeignKey(Correction, models.PROTECT, related_name="overlays")
    ended_at = models.DateTimeField("不再有效", null=True)
    ended_by = models.ForeignKey(Step, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "key", "column"], condition=Q(ended_at=None),
                                               name="corrected_once")]
        indexes = [models.Index(fields=["table", "key"])]

    def __str__(self) -> str:
        return f"{self.key} {self.column}"
