"""What a rule says of one row: yes, no or cannot tell; each reason; what would decide; how near a miss is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from plumbline.kernel.errors import BadInput
from plumbline.kernel.expression import Expression, parse, tree
from plumbline.kernel.expression.fixed import fixed
from plumbline.kernel.expression.kinds import BOOLEAN
from plumbline.kernel.expression.row import Row
from plumbline.kernel.finding import Finding
from plumbline.kernel.gift import Worth, reckoning
from plumbline.kernel.nearness import Measure, measure
from plumbline.kernel.parameter import Parameter
from plumbline.kernel.record import Table
from plumbline.kernel.residual import Derived, Part, never, part_of, spread, tried, wants
from plumbline.kernel.rule import Condition, Rule

NAMED = re.compile(r"param\s*\.\s*([\w.]+)", re.IGNORECASE)
NO_MONEY = "不发放资金"
NOT_ELIGIBLE, NOT_TOLD = "不符合条件", "尚不能判断是否符合条件"


class Told(NamedTuple):
    """One condition of a row.

    holds  True, False, or None: unknown
    wants  of an unknown one: the columns that would decide it
    near   of a false one: the row's value and the limit, in Chinese
    """

    key: str
    label: str
    holds: bool | None
    wants: tuple[str, ...] = ()
    near: str = ""


class Near(NamedTuple):
    """The only condition a row fails, all others being true.

    distance  from the limit, in the column's unit or in days; None where there is no such measure
    """

    key: str
    words: str
    distance: Decimal | None


@dataclass(slots=True)
class Decision:
    """What a rule says of a row.

    holds          True: eligible, False: not, None: cannot tell
    conditions     in the rule's order
    wants          where nobody can tell: the columns that decide it whatever they hold; empty otherwise. Empty too where
                   no column would help
    near           where one condition fails and all others hold
    amount         yuan, to 0.01, of a row it holds of; else None
    why_no_amount  why there is none; empty where there is one
    """

    holds: bool | None
    conditions: tuple[Told, ...]
    wants: tuple[str, ...]
    near: Near | None
    amount: Decimal | None
    why_no_amount: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition, ready for rows."""

    key: str
    label: str
    part: Part
    far: Measure
    true: Told


class Open(NamedTuple):
    """A condition nobody can tell, the fields that decide it, and whether these had to be tried."""

    reason: Reason
    fields: tuple[str, ...]
    tried: bool


class Judge:
    """A rule, ready to be asked of many rows; parameters as they stand on a day.

    Raises  BadInput where the rule has an expression that cannot be used
    """

    __slots__ = ("_derived", "_reasons", "_whole", "_worth", "day", "rule")

    def __init__(self, rule: Rule, table: Table, parameters: Mapping[str, Parameter], day: date) -> None:
        self.rule, self.day = rule, day
        self._reasons = [_reason(one, table, parameters, day) for one in rule.conditions]
        self._derived = derived(table, parameters, day, [key for one in self._reasons for key in one.part.columns])
        self._whole = part_of(tree.Every(BOOLEAN, tuple(one.part.root for one in self._reasons)))
        self._worth = _worth(rule, table, parameters, day)

    def on(self, row: Row) -> Decision:
        """What the rule says of a row: values by column key in the column's own type; absent or None is unknown."""
        day, failed = self.day, 0
        told: list[Told] = []
        open_: list[Open] = []
        distance: Decimal | None = None
        for one in self._reasons:
            holds = one.part.test(row, day)
            if holds:
                told.append(one.true)
            elif holds is None:
                open_.append(Open(one, *_fields(one.part, row)))
                told.append(Told(one.key, one.label, None, self._spread(one.part, open_[-1].fields, row)))
            else:
                failed += 1
                words, distance = one.far(row)
                told.append(Told(one.key, one.label, False, (), words))
        if failed:
            near = _near(told, distance) if failed == 1 and not open_ else None
            return Decision(False, tuple(told), (), near, None, NOT_ELIGIBLE)
        if open_:
            return Decision(None, tuple(told), self._all_wants(open_, row), None, None, NOT_TOLD)
        amount, why = self._worth.on(row) if self._worth else (None, NO_MONEY)
        return Decision(True, tuple(told), (), None, amount, why)

    def _all_wants(self, open_: list[Open], row: Row) -> tuple[str, ...]:
        """Of the whole rule: its open conditions' own, unless they, or a condition that can do without, share one."""
        for one in open_:
            if one.tried and never(one.reason.part, _values(one.reason.part, row), one.fields):
                return self._spread(self._whole, one.fields, row)
        fields = tuple(key for one in open_ for key in one.fields)
        apart = len(set(fields)) == len(fields) and all(_apart(one, open_, self._reasons) for one in open_)
        return self._spread(self._whole, fields if apart else _tried(self._whole, row), row)

    def _spread(self, part: Part, fields: tuple[str, ...], row: Row) -> tuple[str, ...]:
        """The fields to be told, a derived one by those it waits for; and what those, once told, may open again."""
        if self._derived.keys().isdisjoint(fields):
            return fields
        told = spread(fields, row, self._derived)
        while not part.loose.isdisjoint(told) and (more := wants(part.root, row, frozenset((*told, *fields)))):
            fields, told = (*fields, *more), (*told, *spread(more, row, self._derived))
        return told


def _apart(one: Open, open_: list[Open], every: list[Reason]) -> bool:
    """Whether no other condition has a say on what one waits for: no open one, and none that can do without."""
    others = [*(other.reason.part.columns for other in open_ if other is not one),
              *(other.part.loose for other in every if other is not one.reason)]
    return all(key not in columns for columns in others for key in one.fields)


def _fields(part: Part, row: Row) -> tuple[tuple[str, ...], bool]:
    """The fields that decide a condition: its blank ones where each stands in one open comparison; else, as is told, tried."""
    blank = part.blank(row)
    if blank is not None and len(set(blank)) == len(blank) and part.loose.isdisjoint(blank):
        return tuple(blank), False
    return _tried(part, row), True


def _tried(part: Part, row: Row) -> tuple[str, ...]:
    return tried(part, _values(part, row))


def _values(part: Part, row: Row) -> tuple[object, ...]:
    return tuple(row.get(key) for key in part.columns)


def _near(told: list[Told], distance: Decimal | None) -> Near:
    failing = next(one for one in told if one.holds is False)
    return Near(failing.key, failing.near, distance)


def _reason(one: Condition, table: Table, parameters: Mapping[str, Parameter], day: date) -> Reason:
    condition_of(one, table, parameters)
    part, far = _ready(one.text, table, _named(one.text, table, parameters), day)
    return Reason(one.key, one.label, part, far, Told(one.key, one.label, True))


def condition_of(one: Condition, table: Table, parameters: Mapping[str, Parameter]) -> Expression:
    """A condition's expression. Raises BadInput where it is none."""
    try:
        told = parsed(one.text, table, parameters)
    except BadInput as error:
        raise BadInput(Finding(found.check, one.key, found.message) for found in error.findings) from error
    if told.type != "boolean":
        raise BadInput([Finding("rule.type", one.key, f"条件“{one.label}”的结果应当是「是」或「否」；请写成比较，例如 … > 0。")])
    return told


def parsed(text: str, table: Table, parameters: Mapping[str, Parameter]) -> Expression:
    """An expression, parsed once for all rules that say the same. Raises BadInput."""
    named = _named(text, table, parameters)
    if not named and NAMED.search(text):
        return parse(text, table, parameters)
    return _parsed(text, table, named)


Named = frozenset[tuple[str, Parameter]]


def _named(text: str, table: Table, parameters: Mapping[str, Parameter]) -> Named:
    """The parameters a text names."""
    system = table.key.rpartition(".")[0]
    keys = (key for name in NAMED.findall(text) for key in (name, f"{system}.{name}"))
    return frozenset((key, parameters[key]) for key in keys if key in parameters)


@lru_cache(maxsize=4_000)
def _parsed(text: str, table: Table, parameters: Named) -> Expression:
    return parse(text, table, dict(parameters))


@lru_cache(maxsize=4_000)
def _ready(text: str, table: Table, named: Named, day: date) -> tuple[Part, Measure]:
    root = fixed(parsed(text, table, dict(named)).root, day)
    return part_of(root), measure(root)


def derived(table: Table, parameters: Mapping[str, Parameter], day: date, keys: Iterable[str]) -> dict[str, Derived]:
    """What the derived ones among these columns are reckoned from."""
    mine = {column.key for column in table.columns if column.derived}.intersection(keys)
    if not mine:
        return {}
    named = _named(" ".join(column.derived for column in table.columns), table, parameters)
    return {key: _derived(key, table, named, day) for key in sorted(mine)}


@lru_cache(maxsize=200)
def _derived(key: str, table: Table, named: Named, day: date) -> Derived:
    column = table.column(key)
    told = parsed(column.derived if column else "", table, dict(named))
    mine = {one.key for one in table.columns if one.derived}
    below = {one: _derived(one, table, named, day) for one in sorted(told.columns & mine)}
    every = told.columns.union(*(one.columns for one in below.values()))
    return Derived(fixed(told.root, day), tuple(sorted(every)), below)


def _worth(rule: Rule, table: Table, parameters: Mapping[str, Parameter], day: date) -> Worth | None:
    if rule.gives is None:
        return None
    wrong: list[str] = []
    told = reckoning(f"{rule.key}.gives", rule.gives, table, parameters, wrong)
    if wrong or told is None:
        raise BadInput([Finding("rule.gives", f"{rule.key}.gives", one) for one in wrong])
    return Worth(table, told, day)


