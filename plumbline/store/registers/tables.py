"""Registers: entries people look up and correct, the cuts made of them, and how each person likes to see them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from plumbline.store.journal.tables import ExactJSON
from plumbline.store.visibility import NOTHING, VisibleRows, within

# entries of one chunk at most: what a cut writes anew when one of them changes
CHUNK = 25_000


class ItemRows(VisibleRows):
    """Entries of the user's area; none for a deputy."""

    def seen_by(self, user: Any) -> Q:
        """The area's own."""
        return NOTHING if user.role == "deputy" else within(user, "area")


class Item(models.Model):
    """An entry of a register.

    table   key of the declared table
    area    of the row; `key` is the text of its identity columns
    values  by column: text, whole numbers and yes or no as they are, decimals and dates as text; empty ones left out
    since   first day it stands; `until` the first day it no longer does, None while it stands
    """

    table = models.CharField("名录", max_length=100)
    area = models.CharField("地区", max_length=12)
    key = models.CharField("标识", max_length=300)
    values: Any = ExactJSON("内容")
    since = models.DateField("生效日")
    until = models.DateField("失效日", null=True)
    version = models.PositiveIntegerField(default=0)

    objects = ItemRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "key"], condition=Q(until=None), name="entry_once")]
        indexes = [models.Index(fields=["table", "id"]), models.Index(fields=["table", "area"])]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.key


class Kept(models.Model):
    """An area a register speaks for in full: no entry there is none, not unknown."""

    table = models.CharField("名录", max_length=100)
    area = models.CharField("地区", max_length=12)
    since_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "area"], name="area_kept_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.area}"


class Chunk(models.Model):
    """Entries of a register whose number, divided by CHUNK, is `number`.

    changed  grows with every transaction that writes one of them; `cut` is what it was when the last cut was made
    """

    table = models.CharField("名录", max_length=100)
    number = models.PositiveIntegerField()
    changed = models.PositiveBigIntegerField(default=1)
    cut = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "number"], name="chunk_once")]
        indexes = [models.Index(fields=["table"], condition=~Q(cut=F("changed")), name="chunk_to_cut")]

    def __str__(self) -> str:
        return f"{self.table} {self.number}"


class Cut(models.Model):
    """A chunk as it stood when it was cut: a Parquet named by its hash; `rows` 0 and no hash where none stood.

    kept  whether the file is; one that a later cut followed and no figure rests on is dropped after a while
    """

    chunk = models.ForeignKey(Chunk, models.PROTECT, related_name="cuts")
    sha256 = models.CharField(max_length=64, blank=True)
    rows = models.PositiveIntegerField("行数")
    kept = models.BooleanField(default=True)
    at = models.DateTimeField("时间")

    class Meta:
        indexes = [models.Index(fields=["chunk", "-id"])]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.chunk} {self.at:%Y-%m-%d %H:%M:%S}"


class OwnRows(VisibleRows):
    """What each person keeps for himself."""

    def seen_by(self, user: Any) -> Q:
        """One's own."""
        return Q(user=user)

    def visible_to(self, user: Any) -> Any:
        """One's own, for a superuser too."""
        return self.filter(user=user) if user.is_authenticated and user.is_active else self.none()


class SavedFilter(models.Model):
    """A list as a person likes to see it: `query` as it stands in the address, and the columns shown."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    table = models.CharField("表", max_length=100)
    name = models.CharField("名称", max_length=50)
    query = models.CharField("筛选条件", max_length=2000, blank=True)
    columns = models.JSONField("显示的列", default=list)

    objects = OwnRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "table", "name"], name="filter_once")]
        ordering = ["table", "name"]

    def __str__(self) -> str:
        return self.name
