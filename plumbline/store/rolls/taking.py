"""Taking a delivery of a roll: read, checked, compared with what stands, and applied as the difference; or nothing at all."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Required, TypedDict, Unpack

from plumbline.kernel import BY_CODE, Column, Coverage, Finding, NotAllowed, Table, inside
from plumbline.store.batches.coverage import meet
from plumbline.store.declarations.reading import catalog
from plumbline.store.folders import own_name
from plumbline.store.people.roles import require
from plumbline.store.records.files import laid, part, parts
from plumbline.store.records.reading import Reading, Watch, read
from plumbline.store.records.tally import listed
from plumbline.store.rolls import checking
from plumbline.store.rolls.applying import Said, apply
from plumbline.store.rolls.beside import Beside, Taken
from plumbline.store.rolls.checking import Asked, RowTally
from plumbline.store.rolls.chunks import key_column
from plumbline.store.rolls.comparing import Outcome, Terms
from plumbline.store.rolls.correcting import own_street
from plumbline.store.rolls.deriving import Derive
from plumbline.store.rolls.standing import overlays
from plumbline.store.rolls.tables import Step
from plumbline.store.words import bad, reason, refuse

# changes and departures shown before a delivery is taken
FIRST = 20


class Told(TypedDict, total=False):
    """What is said with a delivery.

    day      the day the source tells its state of; areas: whose rows it tells
    columns  keys of the columns it tells, the key aside: rows it does not name keep theirs. None: every row of these areas
             is told, those not named are gone; columns it has no head for keep theirs
    partly   good rows are taken, wrong ones left out and listed; otherwise one wrong row refuses all
    source   who tells it, as the pages say it; the table's owner where empty
    """

    day: Required[date]
    areas: Required[Sequence[str]]
    columns: Sequence[str] | None
    partly: bool
    why: str
    source: str
    example: bool
    watch: Watch


@dataclass(slots=True)
class Preview:
    """What taking a delivery would do; nothing of it is kept.

    rows, bad  rows read, and how many of them are wrong
    first      the first changes: key and, by column, before and after
    left       keys of the first rows that would be gone; nobody_gone: a wrong row does not say whose it is, so none would be
    """

    name: str
    columns: tuple[Column, ...]
    rows: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0
    bad: int = 0
    first: list[tuple[str, dict[str, tuple[Any, Any]]]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    whole: bool = False
    nobody_gone: bool = False

    @property
    def possible(self) -> bool:
        """Whether all of it can be taken; `whole`: something is wrong with the file itself, so that not even a part can."""
        return not self.findings


def preview(user: Any, table: Table, data: bytes | Path, name: str, **told: Unpack[Told]) -> Preview:
    """What taking a delivery would do, and everything that is wrong with it; keeps nothing."""
    watch = told.get("watch", Watch())
    with _read(user, table, data, told) as (reading, terms, tally):
        found = Preview(own_name(name), reading.columns, reading.rows)
        if not tally.whole:
            beside = Beside(terms, reading, tally)
            for done, (_, outcome) in enumerate(beside.outcomes(), 1):
                _add(found, table, outcome)
                watch.step(reading.rows * done // len(beside.numbers), reading.rows)
            found.nobody_gone = beside.terms.nobody and beside.terms.asked.whole
        found.findings, found.counts = tally.told, dict(tally.counts)
        found.bad, found.whole = len(tally.rows), tally.whole
        return found


def _add(found: Preview, table: Table, outcome: Outcome) -> None:
    for name in ("new", "changed", "gone", "same"):
        setattr(found, name, getattr(found, name) + getattr(outcome, name))
    found.first += outcome.first[:FIRST - len(found.first)]
    gone = outcome.before.slice(outcome.changed, max(FIRST - len(found.left), 0))
    found.left += gone[key_column(table)].to_pylist()


def take(user: Any, table: Table, data: bytes | Path, name: str, **told: Unpack[Told]) -> Step:
    """A delivery of a roll, applied as the difference it makes: only chunks with a difference are written.

    Order   files lie safe before the rows say so, in one transaction: killed at any moment, the old state stands whole
    Raises  BadInput with every finding, and then nothing is kept; NotAllowed; Conflict where `watch` says stop, or another
            delivery was taken meanwhile (a correction made meanwhile is kept)
    """
    why, partly = reason(told.get("why", ""), needed=False), told.get("partly", False)
    with _read(user, table, data, told) as (reading, terms, tally), ExitStack() as stack:
        if tally.whole:
            tally.refuse()
        beside = Beside(terms, reading, tally)
        taken = _written(beside, stack, told.get("watch", Watch()), partly)
        if tally.whole or not partly:
            tally.refuse()
        said = Said(own_name(name), told.get("source", "") or table.owner, why, told.get("example", False))
        return apply(user, beside, taken, said)


def _written(beside: Beside, stack: ExitStack, watch: Watch, partly: bool) -> dict[int, Taken]:
    """The chunks that become others, each written while the next is compared.

    None once something is wrong and nothing may be left out
    """
    taken: dict[int, Taken] = {}
    last, rows, numbers = beside.roll.last, beside.reading.rows, beside.numbers
    files = 1 + any(one.personal for one in beside.terms.table.columns)
    with ThreadPoolExecutor(1) as other:
        waiting = list[Future[None]]()
        for done, (number, outcome) in enumerate(beside.outcomes(), 1):
            if (outcome.touched or beside.regrouped) and (partly or not beside.tally):
                for one in waiting:
                    one.result()
                paths = [stack.enter_context(part()) for _ in range(files)]
                taken[number], write = beside.taken(number, outcome, paths, last)
                waiting = [other.submit(write)]
                last += outcome.new
            watch.step(rows * done // len(numbers), rows)
        for one in waiting:
            one.result()
    return taken


@contextmanager
def _read(user: Any, table: Table, data: bytes | Path, told: Told) -> Iterator[tuple[Reading, Terms, RowTally]]:
    """A delivery, read and checked by itself, and how it is compared."""
    columns = told.get("columns")
    asked = Asked(told["day"], _areas(user, told["areas"]), columns is None, tuple(columns or ()))
    narrow, tally = checking.deliverable(table, asked), RowTally()
    with laid(data) as source, parts(narrow) as files:
        reading = read(narrow, source, Coverage(asked.areas), files, told.get("watch", Watch()), tally)
        checking.refuse_derived(reading.columns, tally)
        if not tally.whole:
            checking.look(narrow, files, asked, tally)
        keys = tuple(one.key for one in reading.columns if not one.derived and one.key not in table.identity)
        _in_order(table, asked, keys)
        yield reading, Terms(table, asked, keys, Derive(table, catalog().parameters, asked.day), overlays(table)), tally


def _areas(user: Any, areas: Sequence[str]) -> tuple[str, ...]:
    """The areas told, each once, the wider ones alone.

    Raises  BadInput; NotAllowed outside the user's area, and to a street's office: what it does not name would be gone
    """
    told = sorted(set(areas))
    refuse(Finding("roll.area", "地区", f"没有「{code}」这个地区；请从列表中选择。") for code in told if code not in BY_CODE)
    if not told:
        raise bad("roll.area", "地区", "请写明这份数据是哪些地区的。")
    for code in told:
        require(user, "deliver", code)
    if own_street(user):
        raise NotAllowed("街道不报送全区的名册；本街道的个别内容有误，请在该主体的页面更正。没有保存任何改动。")
    return tuple(code for code in told if not any(code != outer and inside(code, outer) for outer in told))


def _in_order(table: Table, asked: Asked, columns: Sequence[str]) -> None:
    """Refuse a state older than the one known of the same columns: it would undo what came after it."""
    for step in Step.objects.filter(table=table.key, day__gt=asked.day):
        both = set(step.columns) & set(columns)
        if (both or (step.whole and asked.whole)) and meet(tuple(step.areas), asked.areas):
            labels = listed(one.label for one in table.columns if one.key in both) or "整册"
            raise bad("roll.day", "截至日", f"{labels}已有截至 {step.day} 的数据（{step.name}），不能再收 {asked.day} 的；"
                                         "个别行有误请逐条更正，整份有误请交一份更新的。")
