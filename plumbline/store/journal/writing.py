"""Adding to the journal: the only way an entry comes to be."""

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from plumbline.store.adding import add
from plumbline.store.journal.tables import Entry, Head, canonical, text_of

# who is written where no user is at work
MACHINE = "系统"


@dataclass(frozen=True, slots=True)
class Write:
    """One write, as the journal is told of it.

    action  what was done: `claim.correct`
    table   which table, and `key` which row of it
    before  what was there; None where nothing was
    after   what is there now; None where nothing is
    area    whose it is; the user's own area where nothing is said
    """

    action: str
    table: str
    key: object
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    why: str = ""
    area: str = ""


def record(user: Any, *writes: Write) -> list[Entry]:
    """Add writes to the chain, in their order, inside the caller's transaction.

    Locks   the one Head row, to the end of the transaction: call it last, so that nobody waits in a circle
    Raises  RuntimeError outside a transaction
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction of the write it tells of")
    if not writes:
        return []
    head = _head()
    entries = _chained(user, writes, head)
    head.seq, head.digest = entries[-1].seq, entries[-1].digest
    add(entries, then=(f"UPDATE {Head._meta.db_table} SET seq = %s, digest = %s WHERE id = 1", [head.seq, head.digest]))
    return entries


def _head() -> Head:
    """Where the chain ends, locked: one statement, since all who write wait here for each other."""
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT seq, digest FROM {Head._meta.db_table} WHERE id = 1{lock}")
        row = cursor.fetchone()
    return Head(1, *row) if row else Head.objects.select_for_update().get_or_create(pk=1)[0]


def _chained(user: Any, writes: Sequence[Write], head: Head) -> list[Entry]:
    who, area = (MACHINE, "") if user is None else (user.get_username(), user.area)
    at, previous, entries = timezone.now(), head.digest, []
    for seq, write in enumerate(writes, head.seq + 1):
        entry = Entry(seq=seq, at=at, who=who, area=write.area or area, action=write.action, table=write.table,
                      key=str(write.key), before=write.before, after=write.after, why=write.why, previous=previous)
        entry.digest = previous = digest_of(
            (seq, moment(at), entry.who, entry.area, entry.action, entry.table, entry.key,
             text_of(entry.before), text_of(entry.after), entry.why), previous)
        entries.append(entry)
    return entries


def digest_of(fields: Sequence[Any], previous: str) -> str:
    """Hash of an entry's own fields, in the order of the table, and of the digest before it."""
    return hashlib.sha256(canonical([*fields, previous]).encode()).hexdigest()


def moment(at: datetime.datetime) -> str:
    """An instant in the one form the hash knows: `2020-07-29 01:02:03.000004`, in UTC."""
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
