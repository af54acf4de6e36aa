"""Offices and the people who sign in."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q

from plumbline.store.visibility import VisibleRows, within

ROLES = (
    ("planner", "计划员"),
    ("office", "责任单位"),
    ("leader", "领导"),
    ("deputy", "人大代表"),
    ("operator", "话务员"),
    ("dispatcher", "派单员"),
    ("firm", "企业用户"),
)
OFFICE_KINDS = (("department", "部门"), ("street", "街道乡镇"), ("enterprise", "公共服务企业"), ("district", "区政府"))


class AreaRows(VisibleRows):
    """Rows seen by the people of an area that holds theirs."""

    def seen_by(self, user: "User") -> Q:
        """Rows of the user's area."""
        return within(user, "area")


class UserRows(UserManager.from_queryset(AreaRows)):  # type: ignore[misc]
    """Users, as Django wants them managed, and as people see them."""

    use_in_migrations = False


class Office(models.Model):
    """A body that owes work, in one area: a department, a street, a public enterprise, a district's government."""

    name = models.CharField("单位", max_length=100)
    area = models.CharField("地区", max_length=6)
    kind = models.CharField("类别", max_length=10, choices=OFFICE_KINDS, default="department")
    # what a street looks after: its code of nine digits; empty for others
    place = models.CharField("辖区", max_length=12, blank=True)

    objects = AreaRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "area"], name="office_once_an_area")]
        ordering = ["area", "name"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person with one role in one area; sees that area, what lies in it, and what is published."""

    label = models.CharField("姓名", max_length=50, blank=True)
    role = models.CharField("角色", max_length=10, choices=ROLES, default="deputy")
    area = models.CharField("地区", max_length=6)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = UserRows()

    def __str__(self) -> str:
        return self.label or self.username


class KeyRows(VisibleRows):
    """Keys are seen by their owner."""

    def seen_by(self, user: "User") -> Q:
        """One's own."""
        return Q(user=user)


class AccessKey(models.Model):
    """A key with which a program reads, or also writes, in a person's name; `digest` of its secret, `hint` its last letters."""

    user = models.ForeignKey(User, models.PROTECT, related_name="access_keys")
    label = models.CharField("用途", max_length=50)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField("末四位", max_length=4)
    writes = models.BooleanField("可以写入", default=False)
    made_at = models.DateTimeField("新增时间")
    retired_at = models.DateTimeField("停用时间", null=True)

    objects = KeyRows.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.label} …{self.hint}"


class Knock(models.Model):
    """How often somebody knocked at a door that is open to everybody, in one stretch of time.

    who    keyed digest of an address, or of what was tried; nobody is known by it
    since  start of the stretch, in seconds since 1970
    """

    door = models.CharField(max_length=20)
    who = models.CharField(max_length=64)
    since = models.PositiveBigIntegerField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["door", "who", "since"], name="knock_once")]

    def __str__(self) -> str:
        return f"{self.door} {self.count}"
