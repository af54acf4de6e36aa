"""The clocks of a kind in words: how long each gives, as of which paper, and who is told when."""

from dataclasses import dataclass
from datetime import date

from plumbline.kernel import ORDER_ROLES, RELATIONS, Catalog, Clock, Level, OrderKind
from plumbline.kernel.clock import term

WHO = {**ORDER_ROLES, **RELATIONS}


@dataclass(frozen=True, slots=True)
class Limited:
    """How long a clock gives in one case: what case, how long, and the key of the parameter that says so."""

    case: str
    words: str
    key: str


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A clock in words; `how`, how it counts; `levels`, who is told when."""

    key: str
    label: str
    limits: list[Limited]
    how: str
    levels: list[str]


def clock_rows(catalog: Catalog, kind: OrderKind, offered: dict[str, tuple[tuple[str, str], ...]], today: date) -> list[ClockRow]:
    """The clocks of a kind.

    offered  the ways a clock may count, in words, by part
    """
    return [ClockRow(key, clock.label, limits(catalog, clock, today),
                     "，".join(dict(choices)[getattr(clock, part)] for part, choices in offered.items()), levels(clock))
            for key, clock in kind.clocks.items()]


def limits(catalog: Catalog, clock: Clock, today: date) -> list[Limited]:
    """What a clock gives in each case, as it stands today."""
    found = []
    for key, one in catalog.parameters.items():
        if key == clock.of or key.rpartition(".")[0] == clock.of:
            now = one.on(today)
            found.append(Limited(one.meaning.partition("，")[0], term(now.value, one.unit) if now else "尚无", key))
    return found


def levels(clock: Clock) -> list[str]:
    """When a clock tells whom."""
    hours = {"office": "，只在上班时间"}
    return [f"{one.label}：{when(one)}告诉{'、'.join(WHO[who] for who in one.to)}{hours.get(one.hours, '')}"
            for one in clock.levels]


def when(one: Level) -> str:
    """When a level is reached.

    >>> from decimal import Decimal
    >>> when(Level("warn", "预警", (), used=Decimal("0.8"))), when(Level("late", "超期", ()))
    ('用去80%时', '到期时')
    """
    if one.used is not None:
        return f"用去{(one.used * 100).normalize():f}%时"
    if one.before is not None:
        return f"到期前{term(one.before, one.unit)}"
    return f"到期后{term(one.after, one.unit)}" if one.after is not None else "到期时"
