"""What all installed systems declare, read and checked once, and handed to whoever needs it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from plumbline.kernel.calendar import Year
from plumbline.kernel.counting import indicator_findings
from plumbline.kernel.declaration import declared, mapping
from plumbline.kernel.errors import BadDeclaration, BadInput
from plumbline.kernel.expression import parse
from plumbline.kernel.indicator import Indicator, indicator_from
from plumbline.kernel.order import STATE_KINDS, OrderKind, order_kind_from
from plumbline.kernel.parameter import Parameter, parameters
from plumbline.kernel.record import Table, table_from
from plumbline.kernel.rule import Rule, rules_from
from plumbline.kernel.sentence import Sentence, sentence_from
from plumbline.kernel.system import System, system_from

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything that is declared, by key; never changed, only extended into a new one."""

    systems: Mapping[str, System] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    sentences: Mapping[str, Sentence] = field(default_factory=dict)
    orders: Mapping[str, OrderKind] = field(default_factory=dict)
    years: Mapping[int, Year] = field(default_factory=dict)
    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)

    def extended(self, tables: Iterable[Table] = (), indicators: Iterable[Indicator] = (),
                 sentences: Iterable[Sentence] = ()) -> "Catalog":
        """The same with what officials declared; a key that a system declares stays the system's."""
        more = {table.key: table for table in tables} | dict(self.tables)
        counted = {one.key: one for one in indicators} | dict(self.indicators)
        said = {one.key: one for one in sentences} | dict(self.sentences)
        return replace(self, tables=more, indicators=counted, sentences=said)

    def amended(self, orders: Iterable[OrderKind] = (), dated: Mapping[str, Parameter] | None = None,
                years: Mapping[int, Year] | None = None) -> "Catalog":
        """The same with kinds of order and parameters as officials changed them, those of unknown keys left out; and years.

        dated  by key in the catalog, `hotline.weights.solved`; a parameter itself knows its key without the system's
        """
        kinds = {one.key: one for one in orders if one.key in self.orders}
        numbers = {key: one for key, one in (dated or {}).items() if key in self.parameters}
        return replace(self, orders={**self.orders, **kinds}, parameters={**self.parameters, **numbers},
                       years={**self.years, **(years or {})})

    def of_table(self, table: str) -> tuple[Indicator, ...]:
        """The indicators that read a table, by key."""
        return tuple(one for _, one in sorted(self.indicators.items()) if one.table == table)


def load(folders: Iterable[Path]) -> Catalog:
    """The catalog of the systems in these folders.

    Raises  BadDeclaration, naming the file and everything in it that is missing or wrong
    """
    systems = {system.key: system for system in map(system_from, folders)}
    tables: dict[str, Table] = {}
    indicators: dict[str, Indicator] = {}
    rules: dict[str, tuple[Rule, ...]] = {}
    dated: dict[str, Parameter] = {}
    orders: dict[str, OrderKind] = {}
    for system in systems.values():
        tables |= _read(system, "records.yaml", table_from)
        orders |= _read(system, "orders.yaml", order_kind_from)
        for path in sorted((system.folder / "parameters").glob("*.yaml")):
            dated |= {f"{system.key}.{key}": one for key, one in parameters(path).items()}
    tables = {key: _worded(table, orders) for key, table in tables.items()}
    for system in systems.values():
        _needs(system, systems)
        seen = {key: table for key, table in tables.items() if key.split(".")[0] in (system.key, *system.needs)}
        indicators |= _read(system, "indicators.yaml", _with(seen, dated))
        rules |= _read(system, "rules.yaml", _ruled(seen, dated))
    if wrong := [*order_trouble(orders, tables, dated), *derived_trouble(tables, dated)]:
        raise BadDeclaration("; ".join(wrong))
    return Catalog(systems, tables, indicators, dated, _sentences(systems.values(), indicators), orders, rules=rules)


def _worded(table: Table, orders: Mapping[str, OrderKind]) -> Table:
    """A table whose rows are orders, with words for their states."""
    kind = orders.get(table.orders)
    if kind is None:
        return table
    names = {"state": tuple((one.key, one.label) for one in kind.states.values()), "state_kind": tuple(STATE_KINDS.items())}
    return replace(table, columns=tuple(
        replace(column, names=names[column.key]) if column.key in names else column for column in table.columns))


def order_trouble(orders: Mapping[str, OrderKind], tables: Mapping[str, Table], dated: Mapping[str, Parameter]) -> Iterable[str]:
    """What of the kinds of order does not fit the rest: other kinds, tables and parameters they name."""
    for kind in orders.values():
        for other in (kind.helper, kind.part):
            if other and other not in orders:
                yield f"{kind.key}: {other} is no kind of order"
        for clock in kind.clocks.values():
            if not (any(key.startswith(f"{clock.of}.") for key in dated) if clock.by else clock.of in dated):
                yield f"{kind.key}.{clock.key}: there is no parameter {clock.of}{'.…' if clock.by else ''}; write its limits"
            if clock.most and clock.most not in dated:
                yield f"{kind.key}.{clock.key}: there is no parameter {clock.most}"
    for table in tables.values():
        if table.orders and table.orders not in orders:
            yield f"{table.key}: {table.orders} is no kind of order"
    prefixes = [kind.prefix for kind in orders.values()]
    if twice := sorted({one for one in prefixes if prefixes.count(one) > 1}):
        yield f"prefix {', '.join(twice)} belongs to two kinds of order; change one"


def derived_trouble(tables: Mapping[str, Table], dated: Mapping[str, Parameter]) -> Iterable[str]:
    """What of the derived columns cannot be reckoned from the columns before them."""
    for table in tables.values():
        for column in table.derived_columns:
            before = replace(table, columns=table.columns[:table.columns.index(column)])
            try:
                told = parse(column.derived, before, dated)
            except BadInput as error:
                yield from (f"{table.key}.{column.key}: {one.where}: {one.message}" for one in error.findings)
            else:
                if told.type != column.type:
                    yield f"{table.key}.{column.key}: its expression gives {told.type}, not {column.type}"


def _with(seen: Mapping[str, Table], dated: Mapping[str, Parameter]) -> Callable[[str, Any, list[str]], Indicator | None]:
    def made(key: str, body: Any, wrong: list[str]) -> Indicator | None:
        one = indicator_from(key, body, seen, wrong)
        if one:
            wrong += [f"{key}, {found.where}: {found.message}" for found in indicator_findings(one, seen[one.table], dated)]
        return one
    return made


def _ruled(seen: Mapping[str, Table], dated: Mapping[str, Parameter]) -> Callable[[str, Any, list[str]], tuple[Rule, ...] | None]:
    return lambda key, entries, wrong: rules_from(key, entries, seen, dated, wrong)


def _sentences(systems: Iterable[System], indicators: Mapping[str, Indicator]) -> dict[str, Sentence]:
    """The sentences of all systems: each file a list, each entry with its key."""
    found: dict[str, Sentence] = {}
    for system in systems:
        for path in sorted((system.folder / "sentences").glob("*.yaml")):
            wrong = list[str]()
            for body in _listed(path):
                one = _sentence(system, body, indicators, wrong)
                wrong += [f"{one.key} is declared twice; keep one"] if one and one.key in found else []
                found |= {one.key: one} if one else {}
            if wrong:
                raise BadDeclaration(f"{path}: " + "; ".join(wrong))
    return found


def _listed(path: Path) -> list[Any]:
    told = declared(path)
    if not isinstance(told, list):
        raise BadDeclaration(f"{path}: write a list of sentences, each with key, text, figures")
    return told


def _sentence(system: System, body: Any, indicators: Mapping[str, Indicator], wrong: list[str]) -> Sentence | None:
    key = str(body.get("key") or "") if isinstance(body, Mapping) else ""
    if not key.startswith(f"{system.key}."):
        wrong.append(f"key {key!r}: begin it with {system.key}.")
        return None
    one = sentence_from(key, body, wrong)
    if one:
        wrong += [f"{key}, {name}: {ref.indicator} is no indicator" for name, ref in one.figures.items()
                  if ref.indicator not in indicators]
    return one


def _needs(system: System, systems: Mapping[str, System]) -> None:
    if absent := sorted(set(system.needs) - set(systems)):
        raise BadDeclaration(f"{system.folder / 'system.yaml'}: needs {', '.join(absent)}, which is not installed")


def _read(system: System, name: str, make: Callable[[str, Any, list[str]], Thing | None]) -> dict[str, Thing]:
    """The declarations of one file, each under the system's key."""
    path, wrong = system.folder / name, list[str]()
    found = {f"{system.key}.{key}": make(f"{system.key}.{key}", body, wrong) for key, body in mapping(path).items()}
    if wrong:
        raise BadDeclaration(f"{path}: " + "; ".join(wrong))
    return {key: one for key, one in found.items() if one is not None}
