"""Documents, the claims found in them and what checking them said."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from plumbline.store.visibility import OfDocument, VisibleRows, document_seen

DOCUMENT_STATES = (
    ("waiting", "等待读取"), ("reading", "正在读取"), ("read", "已读取"), ("failed", "未能读取"),
    ("stopped", "已停止"),
)
CLAIM_STATES = (("read", "机读"), ("confirmed", "已确认"), ("corrected", "已更正"), ("aside", "已搁置"))


class Document(models.Model):
    """A file somebody handed in; `area` keeps it, `about` is the area its title names.

    The bytes lie in the data folder under their hash; `text` is what was read from them, and every
    offset in the house counts its characters. `outline` holds sections, problems' places and terms.
    """

    sha256 = models.CharField(max_length=64)
    name = models.CharField("文件名", max_length=200)
    media = models.CharField("类型", max_length=10)
    size = models.PositiveBigIntegerField("字节数")
    area = models.CharField("保管地区", max_length=6)
    received_area = models.CharField(max_length=6)
    state = models.CharField("状态", max_length=10, choices=DOCUMENT_STATES, default="waiting")
    progress = models.PositiveSmallIntegerField("进度", default=0)
    trouble = models.TextField("未能读取的原因", blank=True)
    findings = models.JSONField(default=list)
    title = models.CharField("标题", max_length=300, blank=True)
    kind = models.CharField("文种", max_length=20, blank=True)
    about = models.CharField("所述地区", max_length=6, blank=True)
    about_name = models.CharField("所述地区名称", max_length=50, blank=True)
    period = models.CharField("报告期", max_length=30, blank=True)
    delivered_on = models.DateField("报告日期", null=True)
    occasion = models.CharField("会议", max_length=200, blank=True)
    speaker = models.CharField("报告人", max_length=100, blank=True)
    text = models.TextField(blank=True)
    outline = models.JSONField(default=dict)
    published = models.BooleanField("已公开", default=False)
    example = models.BooleanField("虚构示例", default=False)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = VisibleRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "received_area"], name="file_once_an_area"),
        ]
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return self.title or self.name


class Claim(models.Model):
    """A claim of a document as it stands now; `original` keeps what was read, once a person changed it.

    `value` and `value2` are exact decimals as text; `magnitude` is the same as a float, for sorting only.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="claims")
    number = models.PositiveIntegerField()
    para = models.PositiveIntegerField("行")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    surface = models.CharField("原文数字", max_length=100)
    spans = models.JSONField(default=dict)
    value = models.CharField("数值", max_length=60)
    value2 = models.CharField("数值上端", max_length=60, blank=True)
    tolerance = models.CharField("精度", max_length=60, default="0")
    magnitude = models.FloatField(default=0)
    unit = models.CharField("单位", max_length=30, blank=True)
    subject = models.CharField("指标", max_length=200)
    place = models.CharField("地区", max_length=100, blank=True)
    period = models.CharField("时期", max_length=30, blank=True)
    deadline = models.CharField("时限", max_length=10, blank=True)
    reference = models.CharField("比较对象", max_length=100, blank=True)
    measure = models.CharField("度量", max_length=10)
    modality = models.CharField("性质", max_length=10)
    bound = models.CharField("界", max_length=2)
    numeral = models.CharField("汉字数", max_length=2, blank=True)
    part = models.PositiveSmallIntegerField("部分", default=0)
    section = models.CharField("章节", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=CLAIM_STATES, default="read")
    reason = models.CharField("理由", max_length=300, blank=True)
    original = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=0)

    objects = OfDocument.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="claim_number_once")]
        ordering = ["document_id", "number"]

    def __str__(self) -> str:
        return f"{self.subject} {self.surface}"


class CheckRows(OfDocument):
    """A check of two documents is seen by those who see both."""

    def seen_by(self, user: Any) -> Q:
        """The document, and the other one where there is one."""
        return super().seen_by(user) & (Q(other=None) | document_seen(user, "other__"))


class Check(models.Model):
    """A statement that checking made of a document, or of two of them.

    places  for each number: document, claim (its number, or null), file, para, and start, end in the text
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="checks")
    other = models.ForeignKey(Document, models.CASCADE, null=True, related_name="+")
    kind = models.CharField("种类", max_length=12)
    verdict = models.CharField("结论", max_length=12)
    why = models.TextField("依据")
    places = models.JSONField(default=list)

    objects = CheckRows.as_manager()

    class Meta:
        ordering = ["document_id", "id"]

    def __str__(self) -> str:
        return self.why
