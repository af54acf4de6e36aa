"""Declarations: tables, indicators, sentences, amended kinds of order and parameters; a change is a new row, none is altered."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from plumbline.store.journal.tables import ExactJSON
from plumbline.store.visibility import NOTHING, VisibleRows, within

TABLE, INDICATOR, SENTENCE = "table", "indicator", "sentence"
PARAMETER, ORDER, YEAR = "parameter", "order", "year"
DECLARATION_KINDS = ((TABLE, "台账"), (INDICATOR, "指标"), (SENTENCE, "句子"), (PARAMETER, "参数"), (ORDER, "工单类别"),
                     (YEAR, "工作日"))
IN_USE, RETIRED = "current", "retired"
DECLARATION_STATES = ((IN_USE, "在用"), (RETIRED, "已停用"))


class DeclarationRows(VisibleRows):
    """Declarations of the user's area; none for a deputy."""

    def seen_by(self, user: Any) -> Q:
        """The area's own."""
        return NOTHING if user.role == "deputy" else within(user, "area")

    def newest(self) -> "DeclarationRows":
        """The newest version of each key."""
        newer = Declaration.objects.filter(key=models.OuterRef("key"), version__gt=models.OuterRef("version"))
        return self.filter(~models.Exists(newer))


class Declaration(models.Model):
    """One version of what an official declared.

    key    `ledgers.d110112_t1`: the area it belongs to is part of it
    body   as `records.yaml` has it, columns as a list in their order, each with its key
    area   whose it is; `owner` the office that answers for it, in words
    by     who declared this version, `why` and when
    """

    key = models.CharField("标识", max_length=100)
    kind = models.CharField("种类", max_length=10, choices=DECLARATION_KINDS)
    version = models.PositiveIntegerField("版本")
    body = ExactJSON("内容")
    area = models.CharField("地区", max_length=6)
    owner = models.CharField("负责单位", max_length=100, blank=True)
    label = models.CharField("名称", max_length=100)
    table = models.CharField("所数的表", max_length=100, blank=True)
    state = models.CharField("状态", max_length=10, choices=DECLARATION_STATES, default=IN_USE)
    why = models.CharField("理由", max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    objects = DeclarationRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="version_once")]
        indexes = [models.Index(fields=["kind", "area"]), models.Index(fields=["table"])]
        ordering = ["key", "-version"]

    def __str__(self) -> str:
        return self.label
