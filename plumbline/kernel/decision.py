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
from plumbline.kernel.expression.row import Test, compiled
from plumbline.kernel.expression.tree import Node, walk
from plumbline.kernel.finding import Finding
from plumbline.kernel.gift import Worth, reckoning
from plumbline.kernel.nearness import Measure, measure
from plumbline.kernel.outlook import Derived
from plumbline.kernel.parameter import Parameter
from plumbline.kernel.record import Table
from plumbline.kernel.residual import plain, waited, wants
from plumbline.kernel.rule import Condition, Rule

Row = Mapping[str, object]
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
    """A condition, ready for rows.

    plain    unknown exactly where one of its columns is
    columns  those it reads, in the order they are written
    """

    key: str
    label: str
    root: Node
    test: Test
    far: Measure
    plain: bool
    columns: tuple[str, ...]
    true: Told


class Judge:
    """A rule, ready to be asked of many rows; parameters as they stand on a day.

    Raises  BadInput where the rule has an expression that cannot be used
    """

    __slots__ = ("_derived", "_loose", "_reasons", "_root", "_worth", "day", "rule")

    def __init__(self, rule: Rule, table: Table, parameters: Mapping[str, Parameter], day: date) -> None:
        self.rule, self.day = rule, day
        self._reasons = [_reason(one, table, parameters, day) for one in rule.conditions]
        self._derived = derived(table, parameters, day, [key for one in self._reasons for key in one.columns])
        self._root = tree.Every(BOOLEAN, tuple(one.root for one in self._reasons))
        # columns of conditions that can do without one: told, such a column may open what is closed; and columns of several
        every = [key for one in self._reasons for key in one.columns]
        loose = frozenset(key for one in self._reasons for key in one.columns if not one.plain or every.count(key) > 1)
        self._loose = loose.union(*(self._derived[key].fields for key in loose & self._derived.keys()))
        self._worth = _worth(rule, table, parameters, day)

    def on(self, row: Row) -> Decision:
        """What the rule says of a row: values by column key in the column's own type; absent or None is unknown."""
        day, failed, blank = self.day, 0, False
        told: list[Told] = []
        distance: Decimal | None = None
        for one in self._reasons:
            holds = one.test(row, day)
            if holds:
                told.append(one.true)
            elif holds is None:
                blank = True
                told.append(Told(one.key, one.label, None, self._wants(one, row)))
            else:
                failed += 1
                words, distance = one.far(row)
                told.append(Told(one.key, one.label, False, (), words))
        if failed:
            near = _near(told, distance) if failed == 1 and not blank else None
            return Decision(False, tuple(told), (), near, None, NOT_ELIGIBLE)
        if blank:
            return Decision(None, tuple(told), self._all_wants(told, row), None, None, NOT_TOLD)
        amount, why = self._worth.on(row) if self._worth else (None, NO_MONEY)
        return Decision(True, tuple(told), (), None, amount, why)

    def _wants(self, one: Reason, row: Row) -> tuple[str, ...]:
        if not one.plain:
            return wants(one.root, row, self._derived)
        blank = [key for key in one.columns if row.get(key) is None]
        if self._derived.keys().isdisjoint(blank):
            return tuple(blank)
        return tuple(dict.fromkeys(base for key in blank for base in self._below(key, row)))

    def _below(self, key: str, row: Row) -> tuple[str, ...]:
        """The columns a blank one waits for: itself, unless it is derived."""
        if key not in self._derived:
            return (key,)
        told = self._derived[key]
        return waited(told, tuple(row.get(one) for one in told.columns)) or (key,)

    def _all_wants(self, told: list[Told], row: Row) -> tuple[str, ...]:
        """Of the whole rule; its conditions' own, put together, where they cannot speak for each other."""
        found = tuple(dict.fromkeys(key for one in told for key in one.wants))
        return found if self._loose.isdisjoint(found) else wants(self._root, row, self._derived)


def _near(told: list[Told], distance: Decimal | None) -> Near:
    failing = next(one for one in told if one.holds is False)
    return Near(failing.key, failing.near, distance)


def _reason(one: Condition, table: Table, parameters: Mapping[str, Parameter], day: date) -> Reason:
    root = fixed(condition_of(one, table, parameters).root, day)
    columns = tuple(dict.fromkeys(node.column.key for node in walk(root) if isinstance(node, tree.Field)))
    return Reason(one.key, one.label, root, compiled(root), measure(root), plain(root), columns, Told(one.key, one.label, True))


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


def derived(table: Table, parameters: Mapping[str, Parameter], day: date, keys: Iterable[str]) -> dict[str, Derived]:
    """What the derived ones among these columns, and those they are derived from, are reckoned from."""
    asked = set(keys)
    mine = {column.key for column in table.columns if column.derived}
    if asked.isdisjoint(mine):
        return {}
    named = _named(" ".join(column.derived for column in table.columns), table, parameters)
    found = {key: _derived(key, table, named, day) for key in sorted(asked & mine)}
    return {**{key: one for told in found.values() for key, one in told.below.items()}, **found}


@lru_cache(maxsize=200)
def _derived(key: str, table: Table, named: Named, day: date) -> Derived:
    column = table.column(key)
    told = parsed(column.derived if column else "", table, dict(named))
    mine = {one.key for one in table.columns if one.derived}
    below = {one: _derived(one, table, named, day) for one in sorted(told.columns & mine)}
    every = {key: one for part in below.values() for key, one in part.below.items()} | below
    fields = (told.columns - mine).union(*(one.fields for one in every.values()))
    return Derived(fixed(told.root, day), fields, every)


def _worth(rule: Rule, table: Table, parameters: Mapping[str, Parameter], day: date) -> Worth | None:
    if rule.gives is None:
        return None
    wrong: list[str] = []
    told = reckoning(f"{rule.key}.gives", rule.gives, table, parameters, wrong)
    if wrong or told is None:
        raise BadInput([Finding("rule.gives", f"{rule.key}.gives", one) for one in wrong])
    return Worth(table, told, day)


