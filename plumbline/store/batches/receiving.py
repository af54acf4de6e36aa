"""From a file handed in to a batch: looked through, received whole or not at all, corrected, withdrawn."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from plumbline.kernel import Column, Conflict, Coverage, Finding, NotAllowed, Table
from plumbline.kernel.period import months_later
from plumbline.store.batches import coverage as covering
from plumbline.store.batches.tables import CURRENT, REPLACED, WITHDRAWN, Batch
from plumbline.store.folders import own_name
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import may
from plumbline.store.records.files import laid, only_writer, parts, put
from plumbline.store.records.identity import shown
from plumbline.store.records.reading import Reading, Watch, read
from plumbline.store.records.tally import at
from plumbline.store.words import fitted, plain, reason

KEPT = ("table", "version", "name", "sha256", "source_sha256", "area", "areas", "first_on", "last_on", "rows", "size",
        "state", "replaces_id", "reason", "example", "forget_on")
ABSENT = "没有这一批数据，或者您无权操作；没有保存任何改动。"


class Told(TypedDict, total=False):
    """What may be said with a delivery.

    replaces  the standing batch it corrects, or its number; `why` is then needed
    example   the rows are invented
    watch     who waits for it
    """

    replaces: Batch | int | None
    why: str
    example: bool
    watch: Watch


@dataclass(frozen=True, slots=True)
class Preview:
    """What receiving a delivery would do; nothing of it is kept.

    findings  everything that is wrong, `counts` of each kind; empty: it can be received
    rows      rows that hold something
    columns   declared columns the file has
    first     the first rows, by column key; unreadable cells None
    replaces  the batch it would replace
    """

    name: str
    coverage: Coverage
    rows: int
    columns: tuple[Column, ...]
    first: list[dict[str, Any]]
    findings: tuple[Finding, ...]
    counts: dict[str, int] = field(default_factory=dict)
    replaces: Batch | None = None

    @property
    def possible(self) -> bool:
        """Whether it can be received."""
        return not self.findings


def check(user: Any, table: Table, name: str, data: bytes | Path, coverage: Coverage, **told: Unpack[Told]) -> Preview:
    """What is in a delivery and everything that is wrong with it; keeps nothing."""
    told_well, old = covering.well(user, table, coverage), _replaced(user, table, told.get("replaces"))
    with laid(data) as source, parts(table) as files:
        reading = read(table, source, told_well, files, told.get("watch", Watch()))
        _against(table, reading, told_well, old)
        return Preview(own_name(name), told_well, reading.rows, reading.columns, reading.first, reading.tally.told,
                       dict(reading.tally.counts), old)


def receive(user: Any, table: Table, name: str, data: bytes | Path, coverage: Coverage, **told: Unpack[Told]) -> Batch:
    """A delivery of a table, received.

    Coverage  what it tells in full; each row must lie in it. Covered and empty is a delivery too: heads without rows
    Overlap   no standing batch may tell of the same area and day, but for the one it `replaces`, whose coverage it
              must hold whole
    Twice     the same file with the same coverage is refused while the first stands
    Order     the Parquet lies safe before the row says so; a file without a row is dropped by `tidy`
    Raises    BadInput with every finding, and then nothing is kept; NotAllowed; Conflict where `watch` says stop, or
              somebody else was quicker
    """
    told_well, old = covering.well(user, table, coverage), _replaced(user, table, told.get("replaces"))
    why = reason(told.get("why", ""), needed=old is not None)
    with laid(data) as source, parts(table) as files:
        reading = read(table, source, told_well, files, told.get("watch", Watch()))
        known = set(covering.standing(table.key).values_list("pk", flat=True))
        _against(table, reading, told_well, old)
        reading.tally.refuse()
        with only_writer(), transaction.atomic():
            _free(table, told_well, old, known)
            batch = _batch(user, table, name, reading, told_well)
            batch.reason, batch.example, batch.replaces = why, told.get("example", False), old
            batch.save()
            writes = [Write("batch.receive", "batch", batch.pk, None, plain(batch, KEPT), why, batch.area)]
            if old:
                writes.insert(0, Write("batch.replace", "batch", old.pk, {"state": CURRENT}, {"state": REPLACED}, why, old.area))
            record(user, *writes)
            return batch


def _against(table: Table, reading: Reading, told: Coverage, old: Batch | None) -> None:
    """Findings against what stands already: the same file, the same days, the same identities."""
    tally = reading.tally
    for batch in covering.standing(table.key).filter(source_sha256=reading.survey.sha256):
        if batch.rows or batch.coverage == told:
            day = timezone.localtime(batch.received_at).date()
            tally.say("batch.twice", "文件", f"这份文件已经有了：{day}收到的「{batch}」；没有再存一份。")
    if old and not covering.holds(told, old.coverage):
        tally.say("batch.narrow", "覆盖范围", f"更正须覆盖被更正的「{old}」的全部范围"
                                          f"（{covering.words(old.coverage)}）；请补全。")
    for batch in covering.overlapping(table.key, told, old):
        tally.say("batch.overlap", "覆盖范围", f"与现行的「{batch}」（{covering.words(batch.coverage)}）重叠；"
                                           "如要更正它，请注明替换这一批并写明理由。")
    for batch in covering.standing(table.key).exclude(pk=old.pk if old else None):
        if not tally and _may_share(table, batch.coverage, told):
            _shared(reading, batch, covering.meet(batch.coverage.areas, told.areas))


def _may_share(table: Table, one: Coverage, other: Coverage) -> bool:
    """Whether rows of two coverages could have one identity: not where it names an area or day that differs."""
    apart = table.area in table.identity and not covering.meet(one.areas, other.areas)
    return bool(table.identity) and not apart and not (table.dated in table.identity and covering.days_apart(one, other))


def _shared(reading: Reading, batch: Batch, ours: bool) -> None:
    """Findings of the rows a standing batch has too; of another area's batch nothing is told but that it has them."""
    theirs = [batch.file.path, *([batch.personal_path] if batch.personal_path else [])]
    for name, row, there in reading.names.also_in(reading.files, theirs):
        where = f"现行的「{batch}」第 {there} 行" if ours else "其他地区已报的一行"
        reading.tally.say("row.known", at(row), f"{at(row)}与{where}重复：{shown(name)}；同一件事只能报一次，请删去，或"
                                                f"{'更正那一批' if ours else '换一个不与别处相同的编号'}。")


def _replaced(user: Any, table: Table, told: Batch | int | None) -> Batch | None:
    """The batch that is to be replaced; it must stand, and be the user's to correct."""
    if told is None:
        return None
    number = told.pk if isinstance(told, Batch) else told
    batch = Batch.objects.filter(pk=number, table=table.key).first()
    if batch is None or not may(user, "deliver", batch.area):
        raise NotAllowed(ABSENT)
    if batch.state != CURRENT:
        raise Conflict(f"「{batch}」已不是现行的；请刷新页面，更正现行的那一批。")
    return batch


def _batch(user: Any, table: Table, name: str, reading: Reading, told: Coverage) -> Batch:
    """The row of a batch whose files have been put in their places; inside `only_writer`."""
    hashes = [put(path) for path in reading.files]
    return Batch(
        table=table.key, version=table.version, sha256=hashes[0], personal=hashes[1] if len(hashes) > 1 else "",
        source_sha256=reading.survey.sha256, name=fitted(Batch, "name", own_name(name)), size=reading.survey.size,
        area=covering.common_area(told.areas), areas=list(told.areas), first_on=told.first, last_on=told.last,
        rows=reading.rows, received_by=user, received_at=timezone.now(),
        forget_on=months_later(timezone.localdate(), table.delete_months) if table.delete_months and len(hashes) > 1 else None)


def _free(table: Table, told: Coverage, old: Batch | None, known: set[int]) -> None:
    """Make room for a batch; Conflict where what stands has changed while the file was read.

    known  batches its identities were held against; one that came since may have them too
    """
    if covering.overlapping(table.key, told, old):
        raise Conflict("核对期间又有人报送了重叠的数据；没有保存，请刷新后再核对一次。")
    if any(_may_share(table, one.coverage, told) for one in covering.standing(table.key) if one.pk not in known):
        raise Conflict("核对期间又收到了这张表的另一批数据；没有保存，请再核对一次。")
    ended = {"state": REPLACED, "ended_at": timezone.now()}
    if old and not Batch.objects.filter(pk=old.pk, state=CURRENT).update(**ended):
        raise Conflict(f"「{old}」刚被他人更正或撤回；没有保存，请刷新页面。")


@transaction.atomic
def withdraw(user: Any, batch: Batch | int, why: str) -> Batch:
    """A batch no longer stands: what it told is told by nobody. It stays to be seen, as do figures made of it."""
    number, why = batch.pk if isinstance(batch, Batch) else batch, reason(why)
    kept = Batch.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if kept is None or not may(user, "deliver", kept.area):
        raise NotAllowed(ABSENT)
    if kept.state != CURRENT:
        raise Conflict(f"「{kept}」已不是现行的；请刷新页面。")
    kept.state, kept.reason, kept.ended_at = WITHDRAWN, why, timezone.now()
    kept.save(update_fields=["state", "reason", "ended_at"])
    record(user, Write("batch.withdraw", "batch", kept.pk, {"state": CURRENT}, {"state": WITHDRAWN}, why, kept.area))
    return kept
