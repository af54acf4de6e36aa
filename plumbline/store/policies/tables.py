"""Policies: papers with rules, their clauses, the versions that were published, and how many parties they fit."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from plumbline.store.documents.tables import Document
from plumbline.store.journal.tables import ExactJSON
from plumbline.store.people.tables import Office
from plumbline.store.visibility import VisibleRows, within

DRAFT, SUBMITTED, PUBLISHED, ENDED, JOINED, DROPPED = "draft", "submitted", "published", "ended", "joined", "dropped"
POLICY_STATES = ((DRAFT, "起草中"), (SUBMITTED, "待审核"), (PUBLISHED, "已发布"), (ENDED, "已终止"), (JOINED, "已并入新版"),
                 (DROPPED, "已放弃"))
APPLICATION, AUTOMATIC = "apply", "automatic"
WAYS = ((APPLICATION, "企业申报"), (AUTOMATIC, "免申即享"))
CONDITION, GIFT = "condition", "gift"
CLAUSE_KINDS = ((CONDITION, "条件"), (GIFT, "给什么"))
PROPOSED, CONFIRMED, LEFT_OUT = "proposed", "confirmed", "dropped"
CLAUSE_STATES = ((PROPOSED, "待确认"), (CONFIRMED, "已确认"), (LEFT_OUT, "不采用"))
MATCH_STATES = (("waiting", "等待匹配"), ("running", "正在匹配"), ("done", "已匹配"), ("failed", "未能匹配"))
# what everybody may read
PUBLIC = (PUBLISHED, ENDED)


class PolicyRows(VisibleRows):
    """Published ones are for everybody; drafts for the planners and leaders of the area, and for the office they are of."""

    policy = ""

    def seen_by(self, user: Any) -> Q:
        """Published, of the user's area, or of his office."""
        published = self.own_of(user)
        if user.role in ("planner", "leader"):
            return published | within(user, f"{self.policy}area")
        if user.role == "office" and user.office_id is not None:
            return published | Q(**{f"{self.policy}office": user.office_id})
        return published

    def own_of(self, user: Any) -> Q:
        """Published: all that a firm sees."""
        return Q(**{f"{self.policy}state__in": PUBLIC})


class OfPolicy(PolicyRows):
    """Rows seen as their policy is seen."""

    policy = "policy__"


class Policy(models.Model):
    """A policy: as it is written while nothing of it is published, then as its newest version has it.

    table      of those it is for: a roll, one row a party
    number     of the paper, as its issuer gave it
    text       the paper's words; its clauses lie in it
    way        whether one applies, or is given it without asking
    materials  what an application needs, one text each
    since, until              when its rules hold; an open end is empty
    apply_since, apply_until  when one may apply
    version    counts every change; `edition` every publication, 0 before the first
    hands      numbers of the users who changed a word of it or handed it in: none of them may approve it
    revises    the published policy this one is to replace by a new edition of it; empty for a policy of its own
    """

    area = models.CharField("地区", max_length=6)
    table = models.CharField("对象名录", max_length=100)
    title = models.CharField("政策名称", max_length=200)
    number = models.CharField("文号", max_length=100, blank=True)
    issuer = models.CharField("发文机关", max_length=100)
    office = models.ForeignKey(Office, models.PROTECT, verbose_name="办理单位", related_name="+")
    document = models.ForeignKey(Document, models.SET_NULL, null=True, blank=True, verbose_name="原文文件", related_name="+")
    text = models.TextField("政策原文", blank=True)
    way = models.CharField("办理方式", max_length=10, choices=WAYS, default=APPLICATION)
    materials: Any = ExactJSON("申报材料", default=list)
    since = models.DateField("施行日期")
    until = models.DateField("有效期至", null=True, blank=True)
    apply_since = models.DateField("申报开始", null=True, blank=True)
    apply_until = models.DateField("申报截止", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=POLICY_STATES, default=DRAFT)
    version = models.PositiveIntegerField(default=0)
    edition = models.PositiveIntegerField("版次", default=0)
    hands: Any = ExactJSON(default=list)
    revises = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="revisions")
    example = models.BooleanField("虚构示例", default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField("起草时间")
    changed_at = models.DateTimeField("最近改动")
    published_at = models.DateTimeField("发布时间", null=True)
    ended_at = models.DateTimeField("终止时间", null=True)
    why_ended = models.CharField("终止理由", max_length=300, blank=True)

    objects = PolicyRows.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "table", "area"])]
        constraints = [models.UniqueConstraint(fields=["revises"], condition=Q(state__in=(DRAFT, SUBMITTED)),
                                               name="policy_one_revision")]
        ordering = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def open_to_edit(self) -> bool:
        """Whether words of it can be changed in place."""
        return self.state in (DRAFT, SUBMITTED)


class PolicyClause(models.Model):
    """A condition of a policy, or what it gives; it counts once a person has confirmed it.

    n           its place among the policy's clauses, from 1; a condition's key is `c` and this number, for ever
    body        of a condition label, text, source; of a gift label, base, rate, bands, cap
    start, end  where it stands in the policy's text; empty where it was typed without one
    sure, why   of what was proposed: whether the words leave no doubt, and what it rests on
    """

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="clauses")
    n = models.PositiveIntegerField()
    kind = models.CharField("种类", max_length=10, choices=CLAUSE_KINDS, default=CONDITION)
    body: Any = ExactJSON("内容")
    state = models.CharField("状态", max_length=10, choices=CLAUSE_STATES, default=PROPOSED)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    sure = models.BooleanField(default=True)
    why = models.CharField("依据", max_length=300, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField("确认时间", null=True)

    objects = OfPolicy.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "n"], name="policy_clause_once")]
        ordering = ["policy_id", "n"]

    def __str__(self) -> str:
        return str(self.body.get("label", "")) if isinstance(self.body, dict) else ""

    @property
    def key(self) -> str:
        """What the rule calls a condition."""
        return f"c{self.n}"


class PolicyVersion(models.Model):
    """A policy as it was published, every word of it: never changed.

    n       from 1: the policy's edition
    body    every field, the clauses, and `rule`, as `rules.yaml` has it
    sha256  of the body; equal ones say the same letter for letter
    """

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="versions")
    n = models.PositiveIntegerField("版次")
    body: Any = ExactJSON("内容")
    sha256 = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("发布时间")
    why = models.CharField("意见", max_length=300, blank=True)

    objects = OfPolicy.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "n"], name="policy_version_once")]
        ordering = ["policy_id", "-n"]

    def __str__(self) -> str:
        return f"{self.policy_id}.{self.n}"


class PolicyMatch(models.Model):
    """How many parties a published policy fits: what the last matching found, kept so that pages are quick.

    mark       hash of all it depends on: the edition's rule, the day, the files of the roll
    counts     eligible, not_eligible, unknown; unpriced: eligible, and nobody can tell how much they are given;
               by_condition: key → fails, unknown, alone
    cells      by column: value → [eligible, not eligible, cannot tell]
    amount     exact sum of what the eligible would be given, in yuan as text; empty where it gives none
    progress   of the matching under way, 0 to 100
    """

    policy = models.OneToOneField(Policy, models.CASCADE, related_name="match")
    edition = models.PositiveIntegerField("版次")
    day = models.DateField("日期")
    mark = models.CharField(max_length=64, blank=True)
    state = models.CharField("状态", max_length=10, choices=MATCH_STATES, default="waiting")
    progress = models.PositiveSmallIntegerField("进度", default=0)
    trouble = models.CharField("原因", max_length=300, blank=True)
    counts: Any = ExactJSON(default=dict)
    cells: Any = ExactJSON(default=dict)
    amount = models.CharField("金额", max_length=40, blank=True)
    at = models.DateTimeField("匹配时间", null=True)

    objects = OfPolicy.as_manager()

    class Meta:
        ordering = ["policy_id"]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.state}"
