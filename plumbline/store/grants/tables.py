"""Money given under policies: budgets, awards, payment runs with their lines, claw-backs, and where money is sent."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from plumbline.store.journal.tables import ExactJSON
from plumbline.store.orders.sight import own
from plumbline.store.orders.tables import Order
from plumbline.store.parties.tables import confirmed_of
from plumbline.store.visibility import NOTHING, VisibleRows, within

ASKED, DONE, REFUSED = "asked", "done", "refused"
# an award: applied for, budget reserved, in a payment run, paid, sent back by the bank, over without money, money back
AWARD_STATES = (("asked", "已申请"), ("reserved", "已批准"), ("listed", "拨付中"), ("paid", "已拨付"), ("failed", "退汇"),
                ("void", "已终止"), ("clawed", "已追回"))
LIVE = ("asked", "reserved", "listed", "paid", "failed")
HELD = ("reserved", "listed", "failed")
RUN_STATES = (("made", "待复核"), ("approved", "待发银行"), ("sent", "已发银行"), ("booked", "已入账"), ("cancelled", "已取消"))
LINE_STATES = (("waiting", "待回盘"), ("paid", "成功"), ("failed", "失败"), ("dropped", "未发出"))
BACK_STATES = ((ASKED, "待决定"), ("agreed", "待收回"), (REFUSED, "不追回"), ("back", "已收回"))
CHANGE_STATES = ((ASKED, "待决定"), (DONE, "已生效"), (REFUSED, "未同意"))
# who looks into the money of an area
SEES = ("planner", "office", "leader")


def money(label: str, **more: Any) -> Any:
    """A column of yuan, exact to a cent."""
    return models.DecimalField(label, max_digits=18, decimal_places=2, **more)


def person(null: bool = False) -> Any:
    """A column of somebody who did something."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=null, related_name="+")


class MoneyRows(VisibleRows):
    """Money of the user's area, for those whose work it is."""

    path = "area"

    def seen_by(self, user: Any) -> Q:
        """The area's own."""
        return within(user, self.path) if user.role in SEES else NOTHING


class AwardRows(MoneyRows):
    """Awards of the area; an office sees those of the applications it has to do with, a firm its own."""

    def seen_by(self, user: Any) -> Q:
        """The area's, or the office's own."""
        return own(user, "order__") if user.role == "office" else super().seen_by(user)

    def own_of(self, user: Any) -> Q:
        """Those of one's own parties."""
        return Q(key__in=confirmed_of(user))


class RunRows(MoneyRows):
    """Payment runs of the area; an office sees those with an application it has to do with."""

    def seen_by(self, user: Any) -> Q:
        """The area's, or those with lines of the office's own."""
        if user.role != "office":
            return super().seen_by(user)
        return Q(pk__in=PaymentLine.objects.filter(own(user, "award__order__")).values("run"))


class OfAward(MoneyRows):
    """Rows seen as their award is: lines of runs, money asked back."""

    path = "award__area"

    def seen_by(self, user: Any) -> Q:
        """The area's, or the office's own."""
        return own(user, "award__order__") if user.role == "office" else super().seen_by(user)


class OfBudget(MoneyRows):
    """Rows seen as their budget is."""

    path = "budget__area"


class BankAccount(models.Model):
    """Where a party's money is sent: personal-like, whole for who pays, each look journalled.

    Kept    rows are never changed but for `until_at`: the one that stands has none, earlier ones are its history
    """

    table = models.CharField(max_length=60)
    key = models.CharField(max_length=40)
    area = models.CharField("地区", max_length=6)
    holder = models.CharField("户名", max_length=100)
    number = models.CharField("账号", max_length=40)
    bank = models.CharField("开户行", max_length=100)
    since_at = models.DateTimeField("登记时间")
    until_at = models.DateTimeField("停用时间", null=True)
    by = person(null=True)
    why = models.CharField("理由", max_length=300, blank=True)

    objects = MoneyRows.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["table", "key"], condition=Q(until_at=None), name="account_one_stands")]
        indexes = [models.Index(fields=["table", "key"])]

    def __str__(self) -> str:
        return f"{self.key} {self.bank}"


class Budget(models.Model):
    """What may be spent on a policy in an area, from a day to a day; yuan.

    reserved  approved and not yet paid; `paid` paid; `back` clawed back, which is not spent again
    Never     reserved and paid together pass the amount: the database itself refuses that
    """

    policy = models.PositiveBigIntegerField("政策")
    title = models.CharField("政策名称", max_length=200)
    area = models.CharField("地区", max_length=6)
    amount = money("预算", default=0)
    reserved = money("已批未付", default=0)
    paid = money("已拨付", default=0)
    back = money("已追回", default=0)
    source = models.CharField("资金文件", max_length=200)
    since = models.DateField("起")
    until = models.DateField("止", null=True)
    version = models.PositiveIntegerField(default=0)

    objects = MoneyRows.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "area", "since"], name="budget_once"),
            models.CheckConstraint(condition=Q(reserved__gte=0, paid__gte=0, back__gte=0), name="budget_not_below_zero"),
            models.CheckConstraint(condition=Q(amount__gte=F("reserved") + F("paid")), name="budget_never_over")]

    def __str__(self) -> str:
        return f"{self.title} {self.area}"

    @property
    def left(self) -> Any:
        """What may still be approved, yuan."""
        return self.amount - self.reserved - self.paid


class BudgetChange(models.Model):
    """A budget as somebody asks to set it, and what another person said. state: asked | done | refused."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="changes")
    before = money("原预算")
    amount = money("新预算")
    source = models.CharField("资金文件", max_length=200)
    why = models.CharField("理由", max_length=300)
    state = models.CharField("状态", max_length=10, choices=CHANGE_STATES, default=ASKED)
    asked_by = person()
    asked_at = models.DateTimeField("提出时间")
    decided_by = person(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField("意见", max_length=300, blank=True)

    objects = OfBudget.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["budget"], condition=Q(state=ASKED), name="budget_change_one_waits")]

    def __str__(self) -> str:
        return f"{self.budget_id} {self.amount}"


class Award(models.Model):
    """What a party asks for, or has, of a policy in a period: its application's side of the money.

    key     of the party in `table`: for a firm its unified social credit code
    amount  yuan; None until it is known
    basis   rule, day, answer, conditions and the facts they rest on, as they stood; no personal ones
    stated  facts the applicant states himself, by column
    Once    one that lives a policy, party and period: nobody is paid twice
    """

    order = models.OneToOneField(Order, models.PROTECT, related_name="award")
    policy = models.PositiveBigIntegerField("政策")
    title = models.CharField("政策名称", max_length=200)
    table = models.CharField(max_length=60)
    key = models.CharField("主体", max_length=40)
    period = models.CharField("期间", max_length=20)
    area = models.CharField("地区", max_length=6)
    place = models.CharField("街道", max_length=12, blank=True)
    amount = money("金额", null=True)
    persons = models.PositiveIntegerField("人数", null=True)
    automatic = models.BooleanField("免申即享", default=False)
    state = models.CharField("状态", max_length=10, choices=AWARD_STATES, default=ASKED)
    budget = models.ForeignKey(Budget, models.PROTECT, null=True, related_name="awards")
    asked_at = models.DateTimeField("申请时间")
    approved_at = models.DateTimeField("批准时间", null=True)
    approved_by = person(null=True)
    paid_on = models.DateField("拨付日期", null=True)
    back = money("已追回", default=0)
    basis: Any = ExactJSON(default=dict)
    stated: Any = ExactJSON(default=dict)

    objects = AwardRows.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "table", "key", "period"], condition=Q(state__in=LIVE), name="award_once"),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="award_above_zero")]
        indexes = [models.Index(fields=["policy", "state"]), models.Index(fields=["table", "key"]),
                   models.Index(fields=["area", "state"])]

    def __str__(self) -> str:
        return f"{self.policy} {self.key} {self.period}"


class PaymentRun(models.Model):
    """A list of awards paid together: made by one person, approved by another, sent to the bank, booked from its return."""

    number = models.CharField("批次", max_length=24, unique=True)
    area = models.CharField("地区", max_length=6)
    policy = models.PositiveBigIntegerField("政策", null=True)
    title = models.CharField("名称", max_length=200)
    count = models.PositiveIntegerField("笔数")
    total = money("金额")
    state = models.CharField("状态", max_length=10, choices=RUN_STATES, default="made")
    made_by = person()
    made_at = models.DateTimeField("制单时间")
    approved_by = person(null=True)
    approved_at = models.DateTimeField("复核时间", null=True)
    encoding = models.CharField(max_length=10, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True)
    booked_at = models.DateTimeField("入账时间", null=True)
    version = models.PositiveIntegerField(default=0)

    objects = RunRows.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number


class PaymentLine(models.Model):
    """One payment of a run; the account is the one that stood when the run was made."""

    run = models.ForeignKey(PaymentRun, models.PROTECT, related_name="lines")
    n = models.PositiveIntegerField("序号")
    award = models.ForeignKey(Award, models.PROTECT, related_name="lines")
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    amount = money("金额")
    state = models.CharField("状态", max_length=10, choices=LINE_STATES, default="waiting")
    why = models.CharField("原因", max_length=200, blank=True)
    paid_on = models.DateField("入账日期", null=True)
    booked_at = models.DateTimeField(null=True)

    objects = OfAward.as_manager()

    class Meta:
        ordering = ["run_id", "n"]
        constraints = [
            models.UniqueConstraint(fields=["run", "n"], name="line_number_once"),
            # one line at a time may bring money to an award, and one that did is the last
            models.UniqueConstraint(fields=["award"], condition=Q(state__in=("waiting", "paid")), name="line_pays_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.n}"


class ClawBack(models.Model):
    """Money asked back: why, what another person decided, and when it came."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="claws")
    amount = money("金额")
    why = models.CharField("理由", max_length=300)
    state = models.CharField("状态", max_length=10, choices=BACK_STATES, default=ASKED)
    asked_by = person()
    asked_at = models.DateTimeField("提出时间")
    decided_by = person(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField("意见", max_length=300, blank=True)
    back_on = models.DateField("收回日期", null=True)
    booked_by = person(null=True)

    objects = OfAward.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["award"], condition=Q(state__in=(ASKED, "agreed")), name="claw_one_open")]

    def __str__(self) -> str:
        return f"{self.award_id} {self.amount}"
