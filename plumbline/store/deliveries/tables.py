"""Deliveries on their way: handed in, checked, waiting for a person's yes, and then a batch or nothing."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from plumbline.store.batches.tables import Batch
from plumbline.store.visibility import NOTHING, VisibleRows, within

WAITING, CHECKING, REFUSED, READY = "waiting", "checking", "refused", "ready"
ACCEPTED, RECEIVING, RECEIVED, STOPPED, FAILED = "accepted", "receiving", "received", "stopped", "failed"
DELIVERY_STATES = (
    (WAITING, "等待核对"), (CHECKING, "正在核对"), (REFUSED, "有问题，未收下"), (READY, "等您确认"),
    (ACCEPTED, "等待写入"), (RECEIVING, "正在写入"), (RECEIVED, "已收下"), (STOPPED, "已取消"), (FAILED, "未能处理"),
)
# states in which the file lies in the holding folder
HELD = (WAITING, CHECKING, READY, ACCEPTED, RECEIVING)


class DeliveryRows(VisibleRows):
    """Deliveries of the user's area; none for a deputy."""

    def seen_by(self, user: Any) -> Q:
        """The area's own."""
        return NOTHING if user.role == "deputy" else within(user, "area")


class Delivery(models.Model):
    """A file somebody handed in for a table; the file lies in the holding folder until it is a batch, or dropped.

    table     key of the declared table
    area      whose it is: that of the person who handed it in
    areas     what it covers, with `first_on` and `last_on`; empty days cover everything up to now
    replaces  the batch it corrects
    terms     of a roll: whether it is `whole`, taken `partly`, and its `source`; its day is `last_on`
    preview   what the check counted, the first rows, and which figures would change
    findings  everything that was wrong
    batch     what it became
    """

    table = models.CharField("表", max_length=100)
    name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField("字节数")
    area = models.CharField("地区", max_length=6)
    areas = models.JSONField("覆盖地区", default=list)
    first_on = models.DateField("起", null=True)
    last_on = models.DateField("止", null=True)
    replaces = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")
    why = models.CharField("理由", max_length=300, blank=True)
    terms = models.JSONField("报送方式", default=dict)
    state = models.CharField("状态", max_length=10, choices=DELIVERY_STATES, default=WAITING)
    preview = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handed_at = models.DateTimeField("报送时间")

    objects = DeliveryRows.as_manager()

    class Meta:
        ordering = ["-handed_at", "-id"]
        indexes = [models.Index(fields=["table", "state"])]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return self.name
