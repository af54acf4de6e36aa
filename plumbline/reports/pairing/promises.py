"""The same thing promised and reported in one report."""

import re
from decimal import Decimal

from plumbline.kernel import Proposal, Report, label
from plumbline.kernel.period import is_period, span
from plumbline.kernel.printing import amount
from plumbline.reports.pairing.kinds import apart, doubt
from plumbline.reports.pairing.side import (
    Side,
    is_share,
    measured,
    reported_year,
    same_unit,
    share_of,
    sides,
    years,
)
from plumbline.reports.pairing.words import GENERIC, Index, Weights, shared_words

COUNT_LIMIT, SHARE_LIMIT = 0.5, 0.66
# what the other says only earlier in its sentence counts less: 优化营商环境条例，落实37项配套任务措施
_NEAR = 0.6
_PIECES = re.compile(r"[，。；：、,;:\n]")
_REST = re.compile("剩余|余下|其余|尚余|还剩|剩下")
_FRESH = re.compile("新增|再|新建|新开|新设|下半年|四季度")
# statistics that are totals of the year by their nature
_YEARLY = re.compile("新增就业|生产总值|零售总额|预算收入|固定资产投资")
_TOO_MUCH = Decimal("1.3")


def pairings(report: Report) -> list[Proposal]:
    """What is promised in a report and what it reports of the same, one partner each.

    No pair is better than a wrong one: unit, kind of quantity, year, grades, opposites and places must not
    differ, and most of what each subject says must be said of the other.
    """
    every = sides(report)
    weights = Weights(_PIECES.split(report.text))
    promised = [side for side in every if side.claim.modality == "target"]
    reported = [side for side in every if side.claim.modality == "actual"]
    index = Index(done.every for done in reported)
    rated = [
        (score, promise, done) for promise in promised for done in map(reported.__getitem__, index.near(promise.core))
        if (score := likeness(promise, done, weights, report.heading.period)) >= _limit(promise)
    ]
    return [_proposal(report, *chosen, weights) for chosen in _one_each(rated)]


def likeness(promise: Side, done: Side, weights: Weights, home: str | None) -> float:
    """How surely two claims are the same thing promised and reported, 0..1."""
    left, right = promise.claim, done.claim
    if measured(left) != measured(right) or measured(left) not in ("level", "yoy"):
        return 0.0
    unit = same_unit(left.unit, right.unit)
    year = reported_year(right, home)
    if not unit or year is None or year not in years(left, home) or not (promise.core & done.every) - GENERIC:
        return 0.0
    if _is_repeat(promise, done) or apart(promise, done):
        return 0.0
    alike = overlap(promise, done, weights)
    return alike * unit * doubt(promise, done) * _size(promise, done) * _time(done, home)


def overlap(left: Side, right: Side, weights: Weights) -> float:
    """Harmonic mean of how much of each subject the other claim says too."""
    ours = _covered(left, right, weights)
    theirs = _covered(right, left, weights)
    return 2 * ours * theirs / (ours + theirs) if ours and theirs else 0.0


def _covered(side: Side, by: Side, weights: Weights) -> float:
    whole = weights.sum(side.core)
    said = weights.sum(side.core & by.every) + _NEAR * weights.sum((side.core & by.near) - by.every)
    return said / whole if whole else 0.0


def _limit(promise: Side) -> float:
    return SHARE_LIMIT if is_share(promise.claim) else COUNT_LIMIT


def _is_repeat(promise: Side, done: Side) -> bool:
    """A count said twice (18 projects listed, 18 to go on with) is no progress."""
    return not is_share(promise.claim) and promise.claim.value == done.claim.value


def _size(promise: Side, done: Side) -> float:
    """Less for a report far beyond the promise, unless the promise is what remains to do."""
    if is_share(promise.claim) or _REST.search(promise.phrase) or promise.claim.value <= 0:
        return 1.0
    return 0.7 if done.claim.value > promise.claim.value * _TOO_MUCH else 1.0


def _time(done: Side, home: str | None) -> float:
    """Less for a month or a quarter within the time reported on."""
    period = done.claim.period
    if not (period and home and is_period(period) and is_period(home)) or period.startswith("@"):
        return 1.0
    first, last = span(period)
    start, end = span(home)
    return 1.0 if (last - first).days * 10 >= (end - start).days * 7 else 0.85


def _one_each(rated: list[tuple[float, Side, Side]]) -> list[tuple[float, Side, Side]]:
    """The best partner of each; a promise made twice in the same words may keep the same one."""
    taken: dict[int, Side] = {}
    used: set[int] = set()
    chosen = []
    for score, promise, done in sorted(rated, key=lambda row: (-row[0], row[1].claim.number, row[2].claim.number)):
        number = done.claim.number
        again = number in taken and taken[number].claim.value == promise.claim.value
        if promise.claim.number in used or (number in taken and not again):
            continue
        used.add(promise.claim.number)
        taken.setdefault(number, promise)
        chosen.append((score, promise, done))
    return sorted(chosen, key=lambda row: row[1].claim.number)


def _proposal(report: Report, score: float, promise: Side, done: Side, weights: Weights) -> Proposal:
    on_top = _on_top(promise, done, report.heading.period)
    words = shared_words(promise.said, done.said, weights)
    reason = (
        f"承诺“{named(promise)}”，已报“{named(done)}”；都说到{'、'.join(words)}；{units(promise, done)}"
        f"，年份相同。{_reading(promise, done, on_top)}"
    )
    return Proposal(promise.claim.number, done.claim.number, round(score, 3), reason[:300], on_top)


def named(side: Side) -> str:
    """A claim as people name it."""
    return "".join(f"{side.claim.subject[:40]}{side.claim.surface[:40]}".split())


def units(left: Side, right: Side) -> str:
    """What the units of two claims say, in words."""
    if left.claim.unit == right.claim.unit:
        return f"单位同为“{left.claim.unit}”，同是{label('measure', left.claim.measure)}"
    return f"“{left.claim.unit}”与“{right.claim.unit}”都是计个数的量词"


def _on_top(promise: Side, done: Side, home: str | None) -> bool | None:
    """How a promise is read; None where the words allow both readings. Rates and growth never add up."""
    if is_share(promise.claim):
        return False
    if re.fullmatch(r"\d{4}", home or "") or _YEARLY.search(promise.said) or promise.claim.para == done.claim.para:
        return False
    if _REST.search(promise.phrase) or _later(promise.claim.period, done.claim.period):
        return True
    if "全年" in promise.phrase:
        return False
    if not _FRESH.search(promise.clause) and ("全年" in promise.sentence or promise.claim.unit.endswith("元")):
        return False
    return None


def _later(promised: str | None, reported: str | None) -> bool:
    """Whether the time of the promise begins after what is reported ends: 下半年新增."""
    if not (promised and reported and is_period(promised) and is_period(reported)):
        return False
    return not promised.startswith("@") and span(promised)[0] > span(reported)[1]


def _reading(promise: Side, done: Side, on_top: bool | None) -> str:
    part, whole, unit = done.claim.value, promise.claim.value, promise.claim.unit
    if is_share(promise.claim):
        return "比率、增速不累加，直接与目标比较。"
    if whole <= 0 or part < 0:
        return "不是两个正数，不能算完成比例，请人工比较。"
    if on_top is False:
        return f"承诺是全年数，已完成{share_of(part, whole)}。"
    together = f"合计{amount(part + whole, unit)}，已完成{share_of(part, part + whole)}"
    if on_top:
        return f"承诺的是已报之外的部分，{together}。"
    return f"承诺有两种读法：按全年数，已完成{share_of(part, whole)}；按另外新增，{together}。请确认口径。"
