"""Rules: clauses as named conditions, each with its source, and what they give; valid from a day to a day.

Declared in `rules.yaml`, or typed by an official as a policy; both are the same mapping of text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from plumbline.kernel.expression import Expression, tree
from plumbline.kernel.gift import Gift, gift_from, typed
from plumbline.kernel.parameter import Parameter
from plumbline.kernel.record import Table
from plumbline.kernel.residual import always_told

PARTS = {"label", "table", "since", "until", "source", "because", "gives"}
CONDITION_PARTS = {"label", "text", "source"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One reason: a condition of a row, and the paper it comes from.

    text  the expression, true, false or unknown of a row
    """

    key: str
    label: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A clause: it holds of a row where every condition does.

    table    whose rows it is asked of: `system.table`
    since    first day it is valid on
    until    last day; None where no end is said
    gives    what a row it holds of is given; None where that is no money
    """

    key: str
    label: str
    table: str
    since: date
    until: date | None
    source: str
    conditions: tuple[Condition, ...]
    gives: Gift | None = None
    version: int = 1

    def valid(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


def rule_on(rules: Iterable[Rule], day: date) -> Rule | None:
    """The one of these that is in force on a day; None where none is."""
    return next((rule for rule in rules if rule.valid(day)), None)


def rule_from(key: str, body: Any, tables: Mapping[str, Table], parameters: Mapping[str, Parameter],
              wrong: list[str], version: int = 1) -> Rule | None:
    """A rule from its declaration; `table` may leave out the system's name.

    body     label, table, since, until, source, because: {key: expression or {label, text, source}},
             gives: {label, base, rate, bands: [{when, rate}], cap}
    wrong    grows by a sentence (Chinese: officials type rules) for each thing that is missing or wrong; then None is given
    """
    before = len(wrong)
    if not isinstance(body, Mapping):
        wrong.append(f"{key}：请写 {'、'.join(sorted(PARTS))}")
        return None
    wrong += [f"{key}：{name} 不是规则的内容，请删去" for name in sorted(set(body) - PARTS)]
    wrong += [f"{key}：缺 {name}，请写明" for name in ("label", "table", "since", "source", "because") if not body.get(name)]
    name = str(body.get("table") or "")
    table = tables.get(name) or tables.get(f"{key.rpartition('.')[0]}.{name}")
    if name and table is None:
        wrong.append(f"{key}：没有登记“{name}”这张表，请改写 table")
    since, until = _day(key, "since", body, wrong), _day(key, "until", body, wrong)
    if since and until and until < since:
        wrong.append(f"{key}：until {until} 早于 since {since}，请改正")
    if table is None or since is None:
        return None
    conditions = _conditions(key, body, (table, parameters, since), wrong)
    gives = gift_from(f"{key}.gives", body["gives"], table, parameters, wrong) if body.get("gives") else None
    if len(wrong) > before:
        return None
    return Rule(key, str(body["label"]), table.key, since, until, str(body["source"]), conditions, gives, version)


def _day(key: str, name: str, body: Mapping[str, Any], wrong: list[str]) -> date | None:
    told = body.get(name)
    if not told or isinstance(told, date):
        return told or None
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        wrong.append(f"{key}：{name} 是“{told}”，不是真实的日期；请写成 2020-05-01")
        return None


def _conditions(key: str, body: Mapping[str, Any], over: tuple[Table, Mapping[str, Parameter], date],
                wrong: list[str]) -> tuple[Condition, ...]:
    told = body.get("because")
    if told and not isinstance(told, Mapping):
        wrong.append(f"{key}：because 请写成 条件名: 式子")
        return ()
    made = [_condition(f"{key}.{name}", str(name), one, str(body.get("source") or ""), wrong)
            for name, one in (told or {}).items()]
    return tuple(read for one in made if one and (read := _read(f"{key}.{one.key}", one, over, wrong)))


def _condition(where: str, key: str, body: Any, source: str, wrong: list[str]) -> Condition | None:
    parts = {"text": body} if isinstance(body, str) else body
    if not isinstance(parts, Mapping) or not parts.get("text"):
        wrong.append(f"{where}：请写一个式子，或写 label、text、source")
        return None
    if not (key.isascii() and key.isidentifier() and key == key.lower()):
        wrong.append(f"{where}：条件名“{key}”请用小写字母、数字和下划线，以字母开头")
    wrong += [f"{where}：{name} 不是条件的内容，请删去" for name in sorted(set(parts) - CONDITION_PARTS)]
    return Condition(key, str(parts.get("label") or ""), str(parts["text"]), str(parts.get("source") or source))


def _read(where: str, one: Condition, over: tuple[Table, Mapping[str, Parameter], date],
          wrong: list[str]) -> Condition | None:
    """The condition, with a label where it has none of its own."""
    table, parameters, since = over
    told = typed(where, one.text, table, parameters, (("boolean",), wrong))
    if told is None:
        return None
    wrong += _trouble(where, told, since)
    return one if one.label else replace(one, label=told.chinese())


def _trouble(where: str, told: Expression, since: date) -> Iterable[str]:
    """A condition must be decided once everything it reads is known."""
    early = sorted({f"param.{one.parameter.key}" for one in tree.walk(told.root)
                    if isinstance(one, tree.Constant) and one.parameter.on(since) is None})
    if early:
        yield f"{where}：参数 {'、'.join(early)} 在 {since} 尚无数值，请补上，或改 since"
    elif not told.columns:
        yield f"{where}：式子没有用到任何栏目，请写一个条件"
    elif not always_told(told.root, since):
        yield f"{where}：即使所有栏目都已知，也可能判断不了；请给 CASE 写上 ELSE，去掉 NULL"


def rules_from(key: str, entries: Any, tables: Mapping[str, Table], parameters: Mapping[str, Parameter],
               wrong: list[str]) -> tuple[Rule, ...] | None:
    """The entries of one key, from the oldest; an entry without `until` ends the day before the next one begins."""
    if not isinstance(entries, Sequence) or isinstance(entries, str) or not entries:
        wrong.append(f"{key}：请写一列，每一项是一个时期的规则")
        return None
    read = [rule_from(key, one, tables, parameters, wrong, at + 1) for at, one in enumerate(entries)]
    told = sorted((one for one in read if one), key=lambda one: one.since)
    ended = [replace(one, until=one.until or then.since - timedelta(1)) for one, then in zip(told, told[1:], strict=False)]
    for one, then in zip(ended, told[1:], strict=False):
        if one.since == then.since or (one.until is not None and one.until >= then.since):
            wrong.append(f"{key}：{then.since} 这一天有两条规则，请改 since 或 until")
    return (*ended, *told[-1:])
