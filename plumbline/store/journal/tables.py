"""The journal: every write, before and after, chained by hash."""

import json
from typing import Any, NoReturn

from django.db import models
from django.db.models import Q

from plumbline.store.visibility import VisibleRows, within

APPEND_ONLY = "the journal only grows: entries are written by store.journal.record and never changed"
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class ExactJSON(models.TextField):
    """A value as canonical JSON text, kept letter by letter, so that its hash is the same in every database."""

    def from_db_value(self, value: str | None, *_: object) -> Any:
        """The value the text says."""
        return None if value is None else json.loads(value)

    def get_prep_value(self, value: Any) -> str | None:
        """The text of a value."""
        return text_of(value)


def text_of(value: Any) -> str | None:
    """The text of a value; None where there is no value."""
    return None if value is None else canonical(value)


def canonical(value: Any) -> str:
    """The one way a value is written: keys in order, no blanks."""
    return ENCODER.encode(value)


class EntryRows(VisibleRows):
    """Entries; they can be read and added, nothing else."""

    def seen_by(self, user: Any) -> Q:
        """Planners and leaders see their area, an office what it did itself, a deputy nothing."""
        if user.role in ("planner", "leader"):
            return within(user, "area")
        return Q(who=user.username) if user.role == "office" else Q(pk__in=())

    def update(self, **_: object) -> NoReturn:
        """Refused."""
        raise TypeError(APPEND_ONLY)

    def delete(self) -> NoReturn:
        """Refused."""
        raise TypeError(APPEND_ONLY)

    def bulk_update(self, *_: object, **__: object) -> NoReturn:
        """Refused."""
        raise TypeError(APPEND_ONLY)

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> list["Entry"]:
        """Adds entries; refuses to replace any."""
        if options.get("update_conflicts") or options.get("ignore_conflicts"):
            raise TypeError(APPEND_ONLY)
        return super().bulk_create(objs, *args, **options)


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
    before = ExactJSON("之前", null=True)
    after = ExactJSON("之后", null=True)
    why = models.CharField("理由", max_length=300, blank=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = EntryRows.as_manager()

    class Meta:
        ordering = ["-seq"]
        indexes = [models.Index(fields=["table", "key"])]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.table} {self.key}"

    def save(self, *args: Any, **options: Any) -> None:
        """Adds the entry; refuses to change one that stands."""
        if not self._state.adding:
            raise TypeError(APPEND_ONLY)
        super().save(*args, **(options | {"force_insert": True}))

    def delete(self, *_: object, **__: object) -> NoReturn:
        """Refused."""
        raise TypeError(APPEND_ONLY)


class Head(models.Model):
    """The one row that says where the chain ends; locked while an entry is written."""

    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)
