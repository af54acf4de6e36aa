"""Accounts bound to parties, what parties say of themselves, how they want to be told, and what they were told."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from plumbline.store.journal.tables import ExactJSON
from plumbline.store.visibility import NOTHING, VisibleRows, within

ASKED, CONFIRMED, REFUSED, ENDED, WITHDRAWN = "asked", "confirmed", "refused", "ended", "withdrawn"
BINDING_STATES = ((ASKED, "待核对"), (CONFIRMED, "已确认"), (REFUSED, "未通过"), (ENDED, "已解除"))
STATEMENT_STATES = ((ASKED, "自述待核"), (CONFIRMED, "已采纳"), (REFUSED, "未采纳"), (WITHDRAWN, "已撤回"))
PAGE, MAIL, HOOK = "page", "mail", "hook"
CHANNELS = ((PAGE, "网页"), (MAIL, "邮件"), (HOOK, "接口推送"))
WAITING, SENDING, SENT, FAILED = "waiting", "sending", "sent", "failed"
PUSH_STATES = ((WAITING, "待发送"), (SENDING, "发送中"), (SENT, "已送达"), (FAILED, "未送达"))
# whoever looks after the parties of an area
WATCHERS = ("planner", "office", "leader")


def watched(user: Any, path: str = "") -> Q:
    """Rows of parties of the user's area, for who looks after them."""
    return within(user, f"{path}area") if user.role in WATCHERS else NOTHING


def confirmed_of(user: Any) -> Any:
    """The keys an account speaks for, as a query."""
    return Binding.objects.filter(user=user.pk, state=CONFIRMED).values("key")


class BindingRows(VisibleRows):
    """Bindings of the area; an account sees its own."""

    def seen_by(self, user: Any) -> Q:
        """The area's."""
        return watched(user)

    def own_of(self, user: Any) -> Q:
        """One's own."""
        return Q(user=user)


class Binding(models.Model):
    """An account that speaks for a party, once an officer confirmed it.

    table, key  the party: the roll and the key of its row
    name        what the account called the party; it proves nothing
    area        whose officers decide: the roll's where it knows the party by that name, else what was told
    evidence    in words; `paper` the hash of a picture, `paper_name`, `paper_type` as it is handed out
    answer      why it was refused or ended
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bindings")
    table = models.CharField(max_length=60)
    key = models.CharField("统一社会信用代码", max_length=40)
    name = models.CharField("企业名称", max_length=100)
    area = models.CharField("地区", max_length=6)
    state = models.CharField("状态", max_length=10, choices=BINDING_STATES, default=ASKED)
    evidence = models.CharField("说明", max_length=500, blank=True)
    paper = models.CharField(max_length=64, blank=True)
    paper_name = models.CharField(max_length=200, blank=True)
    paper_type = models.CharField(max_length=100, blank=True)
    asked_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("核对时间", null=True)
    answer = models.CharField("意见", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = BindingRows.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "table", "key"], condition=Q(state__in=(ASKED, CONFIRMED)),
                                               name="binding_once")]
        indexes = [models.Index(fields=["table", "key"]), models.Index(fields=["area", "state", "-id"])]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class Watched(VisibleRows):
    """Rows of the area, for who looks after its parties; a firm sees none."""

    def seen_by(self, user: Any) -> Q:
        """The area's."""
        return watched(user)


class OfParty(VisibleRows):
    """Rows of parties of the area; an account sees those of the parties it speaks for."""

    def seen_by(self, user: Any) -> Q:
        """The area's."""
        return watched(user)

    def own_of(self, user: Any) -> Q:
        """Those of one's own parties, of any table: a key is no other table's."""
        return Q(key__in=confirmed_of(user))


class Statement(models.Model):
    """One fact a party says of itself; it counts as told till an officer confirms it, and then stands in the roll.

    column, value  as the roll has them; `was`, what the roll said when it was stated
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    table = models.CharField(max_length=60)
    key = models.CharField("统一社会信用代码", max_length=40)
    area = models.CharField("地区", max_length=6)
    column = models.CharField("项目", max_length=60)
    value: Any = ExactJSON("自述", null=True)
    was: Any = ExactJSON("原登记", null=True)
    why = models.CharField("说明", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=STATEMENT_STATES, default=ASKED)
    asked_at = models.DateTimeField("填报时间")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("核对时间", null=True)
    answer = models.CharField("意见", max_length=300, blank=True)

    objects = OfParty.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["table", "key", "column"], condition=Q(state=ASKED),
                                               name="statement_once")]
        indexes = [models.Index(fields=["area", "state", "-id"])]

    def __str__(self) -> str:
        return f"{self.key} {self.column}"


class Preference(models.Model):
    """How a party wants to be told of policies: on its page always, further channels, what not, and when not.

    mail      address e-mails go to; empty: none are sent. `hook`, `secret` the same for a webhook
    unwanted  kinds of policy it does not want to be told of
    quiet_from, quiet_until  hours of the day, Asia/Shanghai, in which nothing is sent; equal: never quiet
    """

    table = models.CharField(max_length=60)
    key = models.CharField(max_length=40)
    area = models.CharField("地区", max_length=6)
    mail = models.CharField("邮箱", max_length=100, blank=True)
    hook = models.CharField("接口地址", max_length=300, blank=True)
    secret = models.CharField(max_length=64, blank=True)
    unwanted = models.JSONField("不接收", default=list)
    quiet_from = models.PositiveSmallIntegerField("免打扰起", default=21)
    quiet_until = models.PositiveSmallIntegerField("免打扰止", default=8)
    version = models.PositiveIntegerField(default=0)

    objects = OfParty.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "key"], name="preference_once")]

    def __str__(self) -> str:
        return self.key


class Pushing(models.Model):
    """How far a policy was told to whom it fits: after which matching, and what came of it since its edition was published.

    mark  of the matching that was told last; where a later one found other parties, those that are new are told too
    """

    policy = models.PositiveBigIntegerField("政策", unique=True)
    version = models.PositiveIntegerField("版次")
    area = models.CharField("地区", max_length=6)
    mark = models.CharField(max_length=64, blank=True)
    new = models.PositiveBigIntegerField("推送", default=0)
    opted_out = models.PositiveBigIntegerField("不接收", default=0)
    at = models.DateTimeField("推送时间")

    objects = Watched.as_manager()

    def __str__(self) -> str:
        return f"{self.policy}.{self.version}"


class Push(models.Model):
    """A policy told to a party through one channel, once: the receipt of it.

    policy, version  the published paper
    place    street of the party, nine digits, as the roll had it
    sent_at  when it arrived; on the page at once. `shown_at` first listed, `read_at` first opened there
    next_at  of an e-mail or a webhook that waits
    """

    policy = models.PositiveBigIntegerField("政策")
    version = models.PositiveIntegerField(default=1)
    table = models.CharField(max_length=60)
    key = models.CharField(max_length=40)
    area = models.CharField("地区", max_length=6)
    place = models.CharField("街道", max_length=12, blank=True)
    channel = models.CharField("方式", max_length=4, choices=CHANNELS)
    title = models.CharField("标题", max_length=200)
    state = models.CharField("状态", max_length=10, choices=PUSH_STATES, default=SENT)
    made_at = models.DateTimeField("推送时间")
    sent_at = models.DateTimeField("送达时间", null=True)
    shown_at = models.DateTimeField("看到时间", null=True)
    read_at = models.DateTimeField("阅读时间", null=True)
    next_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    objects = OfParty.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["policy", "version", "table", "key", "channel"], name="push_once")]
        indexes = [models.Index(fields=["key", "-id"]), models.Index(fields=["policy", "area"]),
                   models.Index(fields=["next_at"], condition=Q(state__in=(WAITING, SENDING)), name="push_to_send")]

    def __str__(self) -> str:
        return f"{self.policy} {self.key} {self.channel} {self.state}"
