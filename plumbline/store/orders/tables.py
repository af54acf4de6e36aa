"""Orders: work given to an office, each with what happened to it, its clocks, its papers and who asked."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from plumbline.store.journal.tables import ExactJSON
from plumbline.store.orders.sight import OfOrder, OrderRows, PublicRows, ToldRows
from plumbline.store.people.tables import Office
from plumbline.store.visibility import NOTHING, VisibleRows, within

HELPER, PART = "helper", "part"
LINKS = ((HELPER, "协办"), (PART, "拆分"))
# how far its clocks are: nothing yet, reminded, warned, over
LEVELS = ((0, "正常"), (1, "提醒"), (2, "预警"), (3, "超期"))
STILL = Q(state_kind__in=("open", "waiting"))
ASKED, GRANTED, REFUSED = "asked", "granted", "refused"


class Order(models.Model):
    """Work given to an office.

    kind      key of its kind; `state`, `state_kind` as the kind declares them
    code      secret with which the person who asked looks it up
    topic     class, in levels: 城市管理/道路/路面破损
    urgency   key that chooses the limit of its clocks
    area      district, GB/T 2260; `place` street (9 digits) or community (12)
    office    who holds it; `first_office` who received it first; `sender` the office that opened it
    clocks    by clock: state, due_at, extensions as they stand, so that a list need not reckon
    due_at    when the first of its running clocks ends; `due_clock` which
    next_at   when its next reminder, warning or end falls; None where none is to come
    level     0 nothing yet, 1 reminded, 2 warned, 3 over
    fields    by field of the kind; empty ones left out
    parent    the order it helps or is a part of, by `link`
    joined    the order that answers it too
    subject   what it was made of: `target 12`, `meeting 3`; empty for none
    once      hash of what its opener called it, so that asking twice makes one; empty where nothing was said
    """

    kind = models.CharField("类别", max_length=60)
    number = models.CharField("编号", max_length=24, unique=True)
    code = models.CharField(max_length=12)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("内容", blank=True)
    topic = models.CharField("分类", max_length=120, blank=True)
    urgency = models.CharField("紧急程度", max_length=20, blank=True)
    source = models.CharField("来源", max_length=20, blank=True)
    state = models.CharField("状态", max_length=30)
    state_kind = models.CharField(max_length=8)
    area = models.CharField("地区", max_length=6)
    place = models.CharField("街道社区", max_length=12, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    lng = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True)
    lat = models.DecimalField("纬度", max_digits=9, decimal_places=6, null=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="orders")
    first_office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    sender = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", db_index=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField("收到时间")
    closed_at = models.DateTimeField("办结时间", null=True)
    changed_at = models.DateTimeField("更新时间")
    clocks = models.JSONField(default=dict)
    due_at = models.DateTimeField("时限", null=True)
    due_clock = models.CharField(max_length=30, blank=True)
    next_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField("提醒", choices=LEVELS, default=0)
    returns = models.PositiveSmallIntegerField("退单次数", default=0)
    transfers = models.PositiveSmallIntegerField("转派次数", default=0)
    fields: Any = ExactJSON("内容项", default=dict)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", db_index=False)
    link = models.CharField(max_length=10, choices=LINKS, blank=True)
    joined = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates", db_index=False)
    subject = models.CharField(max_length=60, blank=True)
    once = models.CharField(max_length=64, blank=True)
    example = models.BooleanField("模拟数据", default=False)
    version = models.PositiveIntegerField(default=0)

    objects = OrderRows.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["once"], condition=~Q(once=""), name="order_once")]
        indexes = [
            models.Index(fields=["kind", "-id"]),
            models.Index(fields=["kind", "-opened_at"]),
            models.Index(fields=["kind", "state", "-id"]),
            models.Index(fields=["office", "state_kind", "due_at"]),
            models.Index(fields=["area", "-id"]),
            models.Index(fields=["area", "kind", "state", "-id"]),
            models.Index(fields=["state_kind", "-id"]),
            models.Index(fields=["place", "-id"]),
            models.Index(fields=["due_at"], condition=STILL, name="order_due"),
            *(models.Index(fields=names, condition=STILL, name=name) for name, names in (
                ("order_open", ["area", "kind", "due_at"]), ("order_pressing", ["area", "due_at", "kind"]),
                ("order_queue", ["kind", "state", "due_at"]))),
            models.Index(fields=["-id"], condition=STILL & Q(level__gte=1), name="order_told"),
            # most orders have none of these: an index of all would seem of no use
            *(models.Index(fields=[name], condition=Q(**{f"{name}__isnull": False}), name=f"order_{name}")
              for name in ("sender", "parent", "joined")),
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="order_next"),
            models.Index(fields=["subject"], condition=~Q(subject=""), name="order_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Asker(models.Model):
    """Who asked: personal, shown to those who need it, each look journalled; dropped on `forget_on`.

    phone_digest  keyed hash of the telephone, so that a caller's earlier orders are found without reading it
    """

    order = models.OneToOneField(Order, models.CASCADE, related_name="asker")
    name = models.CharField("姓名", max_length=50, blank=True)
    phone = models.CharField("电话", max_length=30, blank=True)
    phone_digest = models.CharField(max_length=64, blank=True, db_index=True)
    email = models.CharField("邮箱", max_length=100, blank=True)
    secret = models.BooleanField("要求保密", default=False)
    forget_on = models.DateField(null=True)

    objects = OfOrder.as_manager()

    def __str__(self) -> str:
        return f"{self.order_id}"


class OrderMove(models.Model):
    """A move of an order, or something else that happened to it: the story, in order of `n`.

    move    key of the move; open, join, split, summon, extend, urge, escalate … for what is no declared move
    office  who holds it afterwards
    told    the reply, for the person who asked; `says` what that person reads of the move
    change  fields that changed: [before, after]
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="moves")
    n = models.PositiveIntegerField()
    move = models.CharField(max_length=30)
    label = models.CharField("动作", max_length=50)
    source = models.CharField(max_length=30, blank=True)
    to = models.CharField(max_length=30, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")
    why = models.CharField("理由", max_length=300, blank=True)
    told = models.TextField("答复", blank=True)
    says = models.CharField(max_length=200, blank=True)
    change: Any = ExactJSON(default=dict)

    objects = ToldRows.as_manager()

    class Meta:
        ordering = ["order_id", "n"]
        constraints = [models.UniqueConstraint(fields=["order", "n"], name="move_once")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.n} {self.label}"


class ClockEvent(models.Model):
    """What happened to a clock of an order: what its due time is reckoned from, as `kernel.clock.Event`."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="clock_events")
    clock = models.CharField(max_length=30)
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()
    amount = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    unit = models.CharField(max_length=10, blank=True)
    why = models.CharField(max_length=300, blank=True)

    objects = OfOrder.as_manager()

    class Meta:
        ordering = ["order_id", "clock", "at", "id"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.clock} {self.kind}"


class Extension(models.Model):
    """An extension (延期) asked for, and what another person said to it. state: asked | granted | refused."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="extensions")
    clock = models.CharField(max_length=30)
    amount = models.DecimalField("延长", max_digits=8, decimal_places=2)
    unit = models.CharField("单位", max_length=10)
    why = models.CharField("理由", max_length=300)
    state = models.CharField(max_length=10, default=ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField("意见", max_length=300, blank=True)

    objects = OfOrder.as_manager()

    class Meta:
        ordering = ["order_id", "id"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"


class OrderNote(models.Model):
    """A note on an order; a public one is read by the person who asked."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="notes")
    text = models.TextField("内容")
    public = models.BooleanField("对来件人公开", default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")

    objects = PublicRows.as_manager()

    class Meta:
        ordering = ["order_id", "id"]

    def __str__(self) -> str:
        return self.text[:30]


class Attachment(models.Model):
    """A paper or photograph of an order; its bytes lie in the data folder, named by their hash."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="attachments")
    name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("字节数")
    type = models.CharField("类型", max_length=100)
    public = models.BooleanField("对来件人公开", default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")

    objects = PublicRows.as_manager()

    class Meta:
        ordering = ["order_id", "id"]

    def __str__(self) -> str:
        return self.name


class NoticeRows(VisibleRows):
    """Notices to the user, or to his office."""

    def seen_by(self, user: Any) -> Q:
        """One's own."""
        return Q(user=user) | Q(user=None, office=user.office_id, office__isnull=False)

    def visible_to(self, user: Any) -> Any:
        """One's own, for a superuser too."""
        return self.filter(self.seen_by(user)) if user.is_authenticated and user.is_active else self.none()


class Notice(models.Model):
    """A word to a person or an office about an order; in the page, and by e-mail where an address is known.

    user, office  neither: the person who asked, by e-mail only
    level  key of the clock's level, or move, urge, extension; `clock`: which clock, so that what is answered reminds nobody
    mail   empty: none is sent; waiting, sending, sent, failed
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="notices")
    office = models.ForeignKey(Office, models.CASCADE, null=True, related_name="notices")
    order = models.ForeignKey(Order, models.CASCADE, null=True, related_name="notices")
    level = models.CharField("类别", max_length=20)
    clock = models.CharField(max_length=30, blank=True)
    text = models.CharField("内容", max_length=300)
    at = models.DateTimeField("时间")
    seen_at = models.DateTimeField("已读时间", null=True)
    mail = models.CharField(max_length=10, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    objects = NoticeRows.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-id"]), models.Index(fields=["office", "-id"]),
                   models.Index(fields=["next_at"], condition=Q(mail__in=("waiting", "sending")), name="notice_to_mail")]

    def __str__(self) -> str:
        return self.text


class WebhookRows(VisibleRows):
    """Webhooks of the user's area, for those who set them up."""

    def seen_by(self, user: Any) -> Q:
        """The area's own, for planners."""
        return within(user, "area") if user.role == "planner" else NOTHING


class Webhook(models.Model):
    """An address of another system that is told when orders move. kinds: of order; moves: all where empty."""

    label = models.CharField("名称", max_length=50)
    address = models.CharField("网址", max_length=300)
    area = models.CharField("地区", max_length=6)
    kinds = models.JSONField("工单类别", default=list)
    moves = models.JSONField("动作", default=list)
    secret = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField("停用时间", null=True)
    version = models.PositiveIntegerField(default=0)

    objects = WebhookRows.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.label


class WebhookDeliveryRows(WebhookRows):
    """Deliveries, seen as their webhook is."""

    def seen_by(self, user: Any) -> Q:
        """The webhook's area, for planners."""
        return within(user, "webhook__area") if user.role == "planner" else NOTHING


class WebhookDelivery(models.Model):
    """One word to a webhook. state: waiting | sent | failed (given up)."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    order = models.ForeignKey(Order, models.CASCADE, related_name="+")
    move = models.CharField(max_length=30)
    body = models.TextField()
    state = models.CharField("状态", max_length=10, default="waiting")
    tries = models.PositiveSmallIntegerField("次数", default=0)
    next_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField("应答", null=True)
    answer = models.CharField("应答内容", max_length=300, blank=True)
    made_at = models.DateTimeField("时间")
    sent_at = models.DateTimeField("送达时间", null=True)

    objects = WebhookDeliveryRows.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["next_at"], condition=Q(state="waiting"), name="webhook_to_send")]

    def __str__(self) -> str:
        return f"{self.webhook_id} {self.move} {self.state}"


class Numbering(models.Model):
    """The last number given to a kind of order in a year."""

    prefix = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="numbering_once")]

    def __str__(self) -> str:
        return f"{self.prefix}{self.year}"
