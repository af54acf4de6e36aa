"""Batches: deliveries that were received, each with what it covers in full."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from plumbline.kernel import Coverage, File
from plumbline.store.records.files import path_of
from plumbline.store.visibility import NOTHING, VisibleRows, within

CURRENT, REPLACED, WITHDRAWN = "current", "replaced", "withdrawn"
BATCH_STATES = ((CURRENT, "现行"), (REPLACED, "已被更正"), (WITHDRAWN, "已撤回"))


class BatchRows(VisibleRows):
    """Batches of the user's area; none for a deputy, who sees records only as a figure's evidence."""

    def seen_by(self, user: Any) -> Q:
        """The area's own."""
        return NOTHING if user.role == "deputy" else within(user, "area")


class Batch(models.Model):
    """A delivery that was received; its rows lie in the data folder as Parquet, named by the hash of that file.

    table          key of the declared table, and `version` of its declaration
    sha256         of the Parquet without personal columns; `source_sha256` of the file as it was handed in
    personal       of the Parquet with the personal columns and `row_`; empty where there are none, or no longer
    area           narrowest area that holds all of `areas`; `areas`, `first_on`, `last_on` are the coverage
    size           bytes of the file as it was handed in
    replaces       the batch this one corrects, and `reason` why; of a withdrawn one, why it was withdrawn
    ended_at       when it was replaced or withdrawn
    forget_on      day the personal columns are dropped
    """

    table = models.CharField("表", max_length=100)
    version = models.PositiveIntegerField("表的版本", default=1)
    sha256 = models.CharField(max_length=64)
    source_sha256 = models.CharField("文件指纹", max_length=64)
    personal = models.CharField(max_length=64, blank=True)
    name = models.CharField("文件名", max_length=200)
    area = models.CharField("地区", max_length=6)
    areas = models.JSONField("覆盖地区", default=list)
    first_on = models.DateField("覆盖起", null=True)
    last_on = models.DateField("覆盖止", null=True)
    rows = models.PositiveBigIntegerField("行数")
    size = models.PositiveBigIntegerField("字节数")
    state = models.CharField("状态", max_length=10, choices=BATCH_STATES, default=CURRENT)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    reason = models.CharField("理由", max_length=300, blank=True)
    example = models.BooleanField("模拟数据", default=False)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_at = models.DateTimeField("收到时间")
    ended_at = models.DateTimeField("终止时间", null=True)
    forget_on = models.DateField("个人信息删除日", null=True)

    objects = BatchRows.as_manager()

    class Meta:
        indexes = [models.Index(fields=["table", "state"]), models.Index(fields=["source_sha256"]),
                   models.Index(fields=["sha256"])]
        ordering = ["-received_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name}（第{self.pk}批）"

    @property
    def coverage(self) -> Coverage:
        """What it tells in full."""
        return Coverage(tuple(self.areas), self.first_on, self.last_on)

    @property
    def file(self) -> File:
        """Its rows, without personal columns."""
        return File(path_of(self.sha256), self.sha256, self.rows)

    @property
    def personal_path(self) -> Path | None:
        """Its personal columns, None where there are none, or no longer."""
        return path_of(self.personal) if self.personal else None
