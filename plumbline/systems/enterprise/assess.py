"""Whether a policy works: who took it up, how fast the money came, whom it missed, and what it did to those it reached.

Nothing here asks the database: what was pushed, applied for and paid is handed over as plain rows, so that the page, the
tests and a bench reckon the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plumbline.engine.matched import Design, Held, Sums, sums
from plumbline.kernel import BadDeclaration, Catalog, Inputs
from plumbline.kernel import period as periods
from plumbline.systems.enterprise.effect import Effect, Moments, Stratum, effect
from plumbline.web.row_filters import quoted

AGES = "case when age_months < 12 then '不满1年' when age_months < 36 then '1至3年' when age_months < 120 then '3至10年' " \
       "when age_months >= 120 then '10年以上' else '成立日期不明' end"
LIVELY = "case when index < 60 then '低' when index < 90 then '较低' when index < 110 then '平常' when index < 140 then '较高' " \
         "when index >= 140 then '高' end"
TRADE, SIZE = "coalesce(trade, '行业不明')", "coalesce(size, '规模不明')"
# name of an outcome in the engine, what people call it, unit, and what makes print of its whole numbers
LOOKED_AT = (("alive", "存续率", "个百分点", Decimal(100)), ("active", "活跃企业占比", "个百分点", Decimal(100)),
             ("index", "活跃度", "点", Decimal("0.01")), ("change", "活跃度的变化", "点", Decimal("0.01")),
             ("placebo", "获支持之前的活跃度变化", "点", Decimal("0.01")))
BY = {"size": "规模", "industry": "行业", "street": "街道乡镇"}


@dataclass(frozen=True, slots=True)
class Told:
    """What happened to one firm under a policy; days where they are known.

    eligible  True, False, or None: cannot tell
    """

    code: str
    eligible: bool | None = None
    size: str = ""
    industry: str = ""
    street: str = ""
    pushed_on: date | None = None
    read_on: date | None = None
    applied_on: date | None = None
    paid_on: date | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Uptake:
    """How far a policy reached: numbers of firms; of the eligible those pushed, read, applied, paid.

    asked, given  all that applied and all that were paid, eligible or not; amount: yuan of all those paid
    outside       applied or paid without being eligible, or where nobody could tell
    """

    key: str
    eligible: int
    unknown: int
    pushed: int
    read: int
    applied: int
    paid: int
    asked: int
    given: int
    amount: Decimal
    outside: int = 0

    @property
    def share(self) -> Decimal | None:
        """Eligible firms that were paid, of the eligible ones; None where there are none."""
        return Decimal(self.paid) / self.eligible if self.eligible else None


@dataclass(frozen=True, slots=True)
class Days:
    """Days from application to money: of how many, the middle one, one in ten was longer than `slow`; None where nobody was."""

    count: int
    middle: int | None
    slow: int | None
    longest: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome: what was looked at, the effect, and the sentence that says it."""

    name: str
    label: str
    effect: Effect
    words: str
    untold: int
    scale: Decimal
    unit: str


def uptake(told: Iterable[Told], by: str = "") -> list[Uptake]:
    """Take-up, of all or by a column; the eligible ones count, what else was paid is told apart."""
    groups: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        groups[(getattr(one, by) or "不明") if by else ""].append(one)
    return [_uptake(key, some) for key, some in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))]


def _uptake(key: str, some: Sequence[Told]) -> Uptake:
    fits = [one for one in some if one.eligible]
    return Uptake(
        key, len(fits), sum(one.eligible is None for one in some), sum(one.pushed_on is not None for one in fits),
        sum(one.read_on is not None for one in fits), sum(one.applied_on is not None for one in fits),
        sum(one.paid_on is not None for one in fits), sum(one.applied_on is not None for one in some),
        sum(one.paid_on is not None for one in some), sum((one.amount or Decimal(0) for one in some if one.paid_on), Decimal(0)),
        sum(not one.eligible and (one.applied_on is not None or one.paid_on is not None) for one in some))


def days_to_cash(told: Iterable[Told]) -> Days:
    """How long those who were paid had waited since they applied; paid without an application count from the push.

    >>> days_to_cash([Told("甲", applied_on=date(2020, 5, 1), paid_on=date(2020, 5, 9))]).middle
    8
    """
    found = sorted((one.paid_on - since).days for one in told if one.paid_on and (since := one.applied_on or one.pushed_on))
    if not found:
        return Days(0, None, None, None)
    return Days(len(found), found[(len(found) - 1) // 2], found[-(-9 * len(found) // 10) - 1], found[-1])


def missed(told: Iterable[Told]) -> list[Told]:
    """Firms that fit and have neither applied nor been paid: those nobody has told first, then those who have not read."""
    found = [one for one in told if one.eligible and one.applied_on is None and one.paid_on is None]
    return sorted(found, key=lambda one: (one.pushed_on is not None, one.read_on is not None, one.street, one.code))


def by_month(told: Iterable[Told]) -> dict[date, tuple[str, ...]]:
    """Firms that were paid, by the first day of the month of their first payment."""
    found: dict[date, list[str]] = defaultdict(list)
    for one in told:
        if one.paid_on:
            found[one.paid_on.replace(day=1)].append(one.code)
    return {month: tuple(sorted(codes)) for month, codes in sorted(found.items())}


def street_groups(counts: Mapping[str, int]) -> str:
    """An expression that puts streets into three groups by how many firms they have; unknown ones into a fourth.

    >>> street_groups({"a": 5, "b": 1, "c": 3})[:70]
    "case when street in ('b') then '企业少的街道' when street in ('c') then '企业居"
    """
    order = sorted((street for street in counts if street), key=lambda street: (counts[street], street))
    if len(order) < 3:
        return "coalesce(street, '街道不明')"
    third = -(-len(order) // 3)
    thirds = (order[:third], order[third:2 * third], order[2 * third:])
    whens = [f"when street in ({', '.join(map(quoted, some))}) then '{name}'"
             for name, some in zip(("企业少的街道", "企业居中的街道", "企业多的街道"), thirds, strict=True) if some]
    return f"case {' '.join(whens)} else '街道不明' end"


def design_of(catalog: Catalog, day: date, months: int, streets: Mapping[str, int]) -> Design:
    """How firms are matched: trade, size, age, group of streets, and how lively they were the month before."""
    active = catalog.parameters["enterprise.activity.active"].on(day)
    if active is None:
        raise BadDeclaration(f"enterprise.activity.active has no value on {day}; write one")
    return Design((TRADE, SIZE, AGES, street_groups(streets), LIVELY), months, int(active.value * 100), "closed_on")


def seen_months(received: Mapping[date, Sequence[str]], told: Iterable[date], months: int) -> dict[date, tuple[str, ...]]:
    """Of the months of receipt those whose month before, and so many months later, have been reckoned."""
    known = set(told)
    return {month: tuple(codes) for month, codes in received.items()
            if {periods.months_later(month, -1), periods.months_later(month, months)} <= known}


def effects(catalog: Catalog, design: Design, roll: Inputs, rows: Inputs, received: Mapping[date, Sequence[str]],
            area: str) -> list[Finding]:
    """What the policy did to those it reached, outcome by outcome; the last one tells whether the comparison can be trusted."""
    found = sums(design, Held(roll, rows, received), area, catalog.parameters)
    made = []
    for name, label, unit, scale in LOOKED_AT:
        told = effect(strata_of(found[name]))
        made.append(Finding(name, label, told, told.words(label, unit, scale), sum(one[3] for one in found[name].values()),
                            scale, unit))
    return made


def strata_of(found: Mapping[tuple[tuple[str, ...], bool], Sums]) -> list[Stratum]:
    """The engine's sums as strata."""
    sides: dict[tuple[str, ...], dict[bool, Moments]] = defaultdict(dict)
    for (key, got), (count, total, squares, _) in found.items():
        sides[key][got] = Moments(count, total, squares)
    return [Stratum(key, one.get(True, Moments()), one.get(False, Moments())) for key, one in sorted(sides.items())]


def trust(found: Sequence[Finding]) -> str:
    """What the check on the months before says of the comparison."""
    [check] = [one for one in found if one.name == "placebo"]
    if check.effect.value is None:
        return f"事前检查做不成：{check.effect.why}。上面的差别只能作参考。"
    if check.effect.seen:
        return (f"事前检查没有通过：还没有收到资金的几个月里，两边的活跃度变化已经不同（{check.words}）"
                "上面的差别至少有一部分不是这项政策带来的，不能当作政策效果引用。")
    return f"事前检查通过：还没有收到资金的几个月里，两边的活跃度变化看不出差别（{check.words}）"


def overlap(found: Sequence[Finding]) -> str:
    """How many could be compared, in words."""
    one = next(each.effect for each in found if each.name == "alive")
    whole = one.matched + one.alone
    if not whole:
        return "没有一户获支持企业有可比的记录。"
    return (f"获支持企业中有此前记录的 {whole} 户，其中 {one.matched} 户在同一层里找得到未获支持的企业"
            f"（{one.others} 户，{one.strata} 层），{one.alone} 户找不到，没有计入。")


def reasons(told: Iterable[Told]) -> Counter[str]:
    """How the firms a policy missed stand: not pushed, pushed and unread, read and not applied."""
    return Counter("没有推送" if one.pushed_on is None else "推送了没有读" if one.read_on is None else "读了没有申请"
                   for one in missed(told))


__all__ = ["BY", "Days", "Finding", "Told", "Uptake", "by_month", "days_to_cash", "design_of", "effects", "missed", "overlap",
           "reasons", "seen_months", "strata_of", "street_groups", "trust", "uptake"]
