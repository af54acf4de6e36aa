"""The long work on a delivery, in a request where the file is small, else in the worker: checked, then received."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from zipfile import BadZipFile, ZipFile

from plumbline.kernel import BadInput, Conflict, Finding, NotAllowed, Table
from plumbline.store import batches, declarations, deliveries, registers, rolls
from plumbline.store.batches import Watch
from plumbline.store.deliveries import Delivery, trial
from plumbline.store.models import Batch
from plumbline.store.rolls import Step, Told
from plumbline.web.effects import effects
from plumbline.web.history import words as plain
from plumbline.web.table_rows import words

# a larger file is checked and received beside the server
SMALL, UNPACKED = 5 * 1024**2, 64 * 1024**2
# what a Parquet begins with: a small one can hold millions of rows
PARQUET = b"PAR1"
CHECKED_ROWS = 10


def small(delivery: Delivery) -> bool:
    """Whether the work is short enough for a person to wait for: little to read, unpacked too."""
    path = deliveries.path_of(delivery)
    if delivery.size > SMALL or not path.exists() or path.read_bytes()[:4] == PARQUET:
        return False
    try:
        with ZipFile(path) as packed:
            return sum(one.file_size for one in packed.infolist()) <= UNPACKED
    except BadZipFile:
        return True


def work(delivery_id: int) -> Delivery:
    """Do what waits with a delivery; what is wrong with it is kept with it.

    One that somebody else works on, or that was stopped meanwhile, is left as it is.
    """
    with deliveries.alone(delivery_id) as mine:
        row = deliveries.begin(delivery_id) if mine else None
        return done(row) if row else Delivery.objects.get(pk=delivery_id)


def done(row: Delivery) -> Delivery:
    """A delivery, checked or received."""
    table = declarations.catalog().tables[row.table]
    try:
        return check(row, table) if row.state == "checking" else receive(row, table)
    except BadInput as error:
        return deliveries.fail(row.pk, error.findings)
    except (Conflict, NotAllowed) as error:
        return deliveries.fail(row.pk, [Finding("delivery.refused", row.name, str(error))])


def watch(row: Delivery) -> Watch:
    """Who waits: progress goes into a file, and a delivery that was stopped is given up."""
    def stopped() -> bool:
        return not Delivery.objects.filter(pk=row.pk, state__in=deliveries.HELD).exists()

    return Watch(lambda done, total: deliveries.progress(row.pk, done, total), stopped)


def check(row: Delivery, table: Table) -> Delivery:
    """Look a delivery through: everything wrong with it, its first rows, and what it would change."""
    if table.register:
        return check_register(row, table)
    if table.roll:
        return check_roll(row, table)
    found = batches.check(row.handed_by, table, row.name, deliveries.path_of(row), deliveries.coverage_of(row),
                          replaces=row.replaces_id, why=row.why, watch=watch(row))
    told: dict[str, Any] = {"rows": found.rows, "counts": found.counts, **first_rows(table, found.columns, found.first)}
    if found.possible:
        with trial.received(table, deliveries.path_of(row), found.coverage, found.replaces) as held:
            told["effects"] = [asdict(one) for one in effects(declarations.catalog(), held)]
    return deliveries.checked(row.pk, told, found.findings, found.possible)


def first_rows(table: Table, columns: Any, first: list[dict[str, Any]]) -> dict[str, Any]:
    """The first rows as the page shows them; personal values stay hidden."""
    shown = [column for column in columns if not column.personal]
    return {"heads": [f"{column.label}（{column.unit}）" if column.unit else column.label for column in shown],
            "first": [[words(table, column, one.get(column.key)) for column in shown] for one in first[:CHECKED_ROWS]]}


def receive(row: Delivery, table: Table) -> Delivery:
    """Take a delivery in that a person said yes to."""
    if table.register:
        registers.take_in(row.handed_by, table, row.name, deliveries.path_of(row), why=row.why, watch=watch(row))
        return deliveries.received(row.pk, None)
    if table.roll:
        return receive_roll(row, table)
    if (batch := already(row)) is None:
        batch = batches.receive(row.handed_by, table, row.name, deliveries.path_of(row), deliveries.coverage_of(row),
                                replaces=row.replaces_id, why=row.why, watch=watch(row))
    return deliveries.received(row.pk, batch)


def already(row: Delivery) -> Batch | None:
    """The batch a worker made of this delivery before it was killed, and could not say so."""
    return Batch.objects.filter(table=row.table, source_sha256=row.sha256, state="current", received_by=row.handed_by,
                                received_at__gte=row.handed_at).first()


def roll_terms(row: Delivery, table: Table) -> Told:
    """What was said with a delivery of a roll."""
    assert row.last_on  # asked for where it is handed in
    columns = None if row.terms.get("whole", True) else rolls.columns_named(table, deliveries.path_of(row))
    return Told(day=row.last_on, areas=row.areas, columns=columns, partly=bool(row.terms.get("partly")), why=row.why,
                source=row.terms.get("source", ""), watch=watch(row))


def check_roll(row: Delivery, table: Table) -> Delivery:
    """Look a delivery of a roll through: new, changed and departed parties, and everything wrong with it."""
    terms = roll_terms(row, table)
    found = rolls.preview(row.handed_by, table, deliveries.path_of(row), row.name, **terms)
    first = [[key, said_of(table, changes)] for key, changes in found.first] + [[key, "退出名册"] for key in found.left]
    told: dict[str, Any] = {
        "rows": found.rows, "new": found.new, "changed": found.changed, "same": found.same, "gone": found.gone, "bad": found.bad,
        "counts": found.counts, "heads": ["标识", "改动"], "first": first, "tried": False, "nobody_gone": found.nobody_gone}
    return deliveries.checked(row.pk, told, found.findings, found.possible or (terms["partly"] and not found.whole))


def said_of(table: Table, changes: Mapping[str, tuple[Any, Any]]) -> str:
    """What changes in a party, in words; personal values stay hidden."""
    columns = {one.key: one for one in table.open_columns}
    return "；".join(f"{columns[key].label}：{words(table, columns[key], before)} → {words(table, columns[key], after)}"
                    for key, (before, after) in changes.items() if key in columns) or "个人信息有变"


def receive_roll(row: Delivery, table: Table) -> Delivery:
    """Take a delivery of a roll that a person said yes to; once, though a worker was killed before it could say so."""
    taken = Step.objects.filter(table=row.table, sha256=row.sha256, taken_by=row.handed_by, at__gte=row.handed_at)
    if not taken.exists():
        rolls.take(row.handed_by, table, deliveries.path_of(row), row.name, **roll_terms(row, table))
    return deliveries.received(row.pk, None)


def check_register(row: Delivery, table: Table) -> Delivery:
    """Look an import into a register through: new entries, changed ones, and everything wrong with it."""
    found = registers.check(row.handed_by, table, row.name, deliveries.path_of(row), watch=watch(row))
    labels = {column.key: column.label for column in table.columns}
    told: dict[str, Any] = {
        "rows": found.rows, "new": found.new, "changed": found.changed, "same": found.same, "counts": found.counts,
        "heads": ["行", "条目", "改动"],
        "first": [[str(one.row), one.key, change_words(labels, one)] for one in found.first[:CHECKED_ROWS]]}
    if found.possible:
        with trial.taken_in(table, deliveries.path_of(row)) as held:
            told |= {"effects": [asdict(one) for one in effects(declarations.catalog(), held)], "tried": held is not None}
    return deliveries.checked(row.pk, told, found.findings, found.possible)


def change_words(labels: Mapping[str, str], one: registers.Change) -> str:
    """What a row would do to an entry, in words."""
    if not one.before:
        return "新增"
    return "；".join(f"{labels.get(key, key)}：{plain(one.before.get(key))} → {plain(value)}"
                    for key, value in one.after.items())
