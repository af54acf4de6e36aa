"""The journal: every write, before and after, chained by hash."""

from django.db import models


class Entry(models.Model):
    """One write. `digest` is the hash of the entry's own fields and of `previous`, the digest before it.

    `who` and `what` are plain text, so that the chain does not depend on other tables.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField("时间")
    who = models.CharField("操作人", max_length=150)
    area = models.CharField("地区", max_length=6)
    action = models.CharField("操作", max_length=50)
    table = models.CharField("表", max_length=30)
    key = models.CharField("对象", max_length=50)
    before = models.JSONField("之前", null=True)
    after = models.JSONField("之后", null=True)
    why = models.CharField("理由", max_length=300, blank=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-seq"]
        indexes = [models.Index(fields=["table", "key"])]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.table} {self.key}"


class Head(models.Model):
    """The one row that says where the chain ends; locked while an entry is written."""

    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)
