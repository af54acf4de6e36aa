"""A policy told to the parties it fits: through each channel once, whoever asks again, and whatever is killed meanwhile."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from plumbline.store.journal.writing import Write, record
from plumbline.store.parties.preferences import heard_at
from plumbline.store.parties.tables import HOOK, MAIL, PAGE, SENT, WAITING, Preference, Push, Pushing
from plumbline.store.people.roles import require

# parties told in one transaction, and rows in one statement
BATCH, ROWS = 5_000, 1_000
NAMES = ("policy", "version", "table", "key", "area", "place", "channel", "title", "made_at", "state", "sent_at", "next_at",
         "tries", "trouble")


@dataclass(frozen=True, slots=True)
class Paper:
    """What parties are told of: a published version of a policy. kind: what a party may not want to be told of."""

    policy: int
    version: int
    table: str
    title: str
    area: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a policy fits: the key, and where the roll has it."""

    key: str
    area: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did. new: words that were not told before, `already` those that were; `opted_out` parties that want none."""

    new: int = 0
    already: int = 0
    opted_out: int = 0


def push(user: Any, paper: Paper, parties: Iterable[Party], now: datetime | None = None) -> Pushed:
    """Tell parties of a policy: on their page at once, by e-mail and webhook after their quiet hours.

    user     who has it told; None: the machine, after the policy was published
    Twice    a party is told of a version through a channel once: the database holds it so, however many ask at once
    Killed   some thousand parties are one transaction; asked again, those told stay told, and the others are told
    Journal  one entry for each such transaction, with its counts
    """
    if user is not None:
        require(user, "policy", paper.area)
    left, at = iter(parties), now or timezone.now()
    new = already = out = 0
    while some := list(islice(left, BATCH)):
        done = _batch(user, paper, some, at)
        new, already, out = new + done.new, already + done.already, out + done.opted_out
    return Pushed(new, already, out)


def told_last(papers: Iterable[Paper], marks: Mapping[int, str]) -> list[Paper]:
    """Of some policies, by number the mark of their last matching, those whose parties were not told since."""
    known = {one.policy: (one.version, one.mark) for one in Pushing.objects.filter(policy__in=marks)}
    return [one for one in papers if known.get(one.policy) != (one.version, marks[one.policy])]


def told(paper: Paper, mark: str, done: Pushed, now: datetime | None = None) -> Pushing:
    """Keep that a policy was told to all a matching found; the pushes themselves are journalled, this follows from them."""
    at, before = now or timezone.now(), Pushing.objects.filter(policy=paper.policy, version=paper.version).first()
    values = {"version": paper.version, "area": paper.area, "mark": mark, "at": at, "opted_out": done.opted_out,
              "new": done.new + (before.new if before else 0)}
    return Pushing.objects.update_or_create(policy=paper.policy, defaults=values)[0]


@transaction.atomic
def _batch(user: Any, paper: Paper, parties: Sequence[Party], now: datetime) -> Pushed:
    known = {one.key: one for one in Preference.objects.filter(table=paper.table, key__in=[one.key for one in parties])} \
        if len(parties) < ROWS else {one.key: one for one in Preference.objects.filter(table=paper.table)}
    out = {key for key, one in known.items() if paper.kind and paper.kind in one.unwanted}
    made = _Prepared(now, {})
    rows = [row for one in parties if one.key not in out for row in _rows(paper, one, known.get(one.key), made)]
    new = sum(_added(rows[at:at + ROWS]) for at in range(0, len(rows), ROWS))
    done = Pushed(new, len(rows) - new, sum(one.key in out for one in parties))
    if new:
        record(user, Write("push.send", "push", paper.policy, None, {
            "version": paper.version, "parties": len(parties), "new": new, "opted_out": done.opted_out}, area=paper.area))
    return done


def _rows(paper: Paper, party: Party, one: Preference | None, made: "_Prepared") -> Iterator[tuple[Any, ...]]:
    """The values of a row for each channel, as `NAMES` has them."""
    told = (paper.policy, paper.version, paper.table, party.key, party.area[:6], party.place[:9])
    rest = (paper.title[:200], made.at)
    yield (*told, PAGE, *rest, SENT, made.at, None, 0, "")
    for channel, address in ((MAIL, one.mail), (HOOK, one.hook)) if one else ():
        if address and one:
            yield (*told, channel, *rest, WAITING, None, made.of(heard_at(one, made.now)), 0, "")


@dataclass(slots=True)
class _Prepared:
    """Moments in the database's own form: a few, however many rows bear them."""

    now: datetime
    known: dict[datetime, Any]

    @property
    def at(self) -> Any:
        """When it was told."""
        return self.of(self.now)

    def of(self, moment: datetime) -> Any:
        """A moment."""
        if moment not in self.known:
            self.known[moment] = _field("made_at").get_db_prep_save(moment, connection)
        return self.known[moment]


def _added(rows: Sequence[tuple[Any, ...]]) -> int:
    """Add rows that are not there yet; how many were not."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(_field(name).column) for name in NAMES)
    marks = ", ".join([f"({', '.join(['%s'] * len(NAMES))})"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(Push._meta.db_table)} ({columns}) VALUES {marks} ON CONFLICT DO NOTHING",
                       [value for row in rows for value in row])
        return int(cursor.rowcount)


def _field(name: str) -> Any:
    return Push._meta.get_field(name)


def shown(table: str, key: str, now: datetime | None = None) -> list[Push]:
    """What a party was told of on its page, the last first; from now on it counts as shown."""
    rows = list(Push.objects.filter(table=table, key=key, channel=PAGE).order_by("-id")[:200])
    if fresh := [one.pk for one in rows if one.shown_at is None]:
        Push.objects.filter(pk__in=fresh, shown_at=None).update(shown_at=now or timezone.now())
    return rows


def unread(table: str, key: str) -> int:
    """How many words on its page a party has not opened."""
    return Push.objects.filter(table=table, key=key, channel=PAGE, read_at=None).count()


def read(table: str, key: str, policy: int, now: datetime | None = None) -> int:
    """A policy was opened on a party's page: the receipt, kept once; how many there were to give."""
    at = now or timezone.now()
    rows = Push.objects.filter(table=table, key=key, policy=policy, channel=PAGE)
    rows.filter(shown_at=None).update(shown_at=at)
    return rows.filter(read_at=None).update(read_at=at)
