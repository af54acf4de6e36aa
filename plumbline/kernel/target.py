"""How far a target is: its share done against the share of its time gone (时间过半、任务过半)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plumbline.kernel.period import share_gone, span
from plumbline.kernel.printing import amount, bounded
from plumbline.kernel.unit import COUNTERS, PERSONS, SHARES

AHEAD, ON_PACE, BEHIND, KEPT, UNKNOWN = "ahead", "on pace", "behind", "kept", "cannot tell"
VERDICTS = {AHEAD: "超前", ON_PACE: "符合进度", BEHIND: "滞后", KEPT: "已完成", UNKNOWN: "无法判断"}
DOWN = ("<", "<=")
UP = (">", ">=", "<~")
# words for things counted one by one: 68家 of 90个 is a share, 68公里 of 90个 is none
COUNTED = frozenset(COUNTERS) | frozenset(PERSONS)


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure shall be: value and bound, the period it is for and the day it is due."""

    value: Decimal
    unit: str
    measure: str = "level"
    bound: str = "="
    period: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report says of it, by a pairing that a person confirmed.

    on_top  False: it counts towards the target; True: the target comes on top of it; None: nobody has said
    """

    value: Decimal
    unit: str
    period: str = ""
    on_top: bool | None = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a target is at a report's date.

    share     share done, None where the target is not a sum to be filled (a rate is met or not)
    elapsed   share of the time gone
    verdict   ahead | on pace | behind | kept | cannot tell
    words     Chinese sentence: the numbers and the rule that led to the verdict
    reported  the value it rests on, or None
    """

    share: Decimal | None
    elapsed: Decimal | None
    verdict: str
    words: str
    reported: Decimal | None = None

    @property
    def label(self) -> str:
        """The verdict in Chinese."""
        return VERDICTS[self.verdict]


def is_rate(measure: str, unit: str) -> bool:
    """Whether a number is growth, a share or an amount of something each: it is met or not, and never adds up.

    >>> is_rate("level", "微克/立方米"), is_rate("yoy", "%"), is_rate("level", "家")
    (True, True, False)
    """
    return measure != "level" or unit in SHARES or "/" in unit


def due_day(deadline: str | None) -> date | None:
    """The last day of a deadline: a year means its 31 December; None where there is none.

    >>> due_day("2020"), due_day("2020-09"), due_day(None)
    (datetime.date(2020, 12, 31), datetime.date(2020, 9, 30), None)
    """
    try:
        return span(deadline or "")[1]
    except ValueError:
        return None


def progress(target: Target, reported: Reported | None, on: date | None, tolerance: Decimal) -> Progress:
    """How far a target is on a day; `tolerance` in percentage points, either way of the time gone.

    Rates    and limits are met or not, never divided; before their day is over, met is only on pace
    Stocks   (a state at a day) have no known start, so their share is not held against the time
    Unknown  where nobody said how a promise is to be read, both readings must agree
    """
    gone = _gone(target, reported, on)
    elapsed = None if gone is None else Decimal(gone[0]) / gone[1]
    if trouble := _trouble(target, reported, on):
        return Progress(None, elapsed, UNKNOWN, trouble, reported.value if reported else None)
    assert reported  # for the types: _trouble has said so
    assert on
    if _is_rate(target) or target.bound in DOWN:
        return _met_or_not(target, reported, on, elapsed)
    if reported.on_top is None:
        return _either(target, reported, on, tolerance)
    return _filled(target, reported, on, gone, tolerance)


def _trouble(target: Target, reported: Reported | None, on: date | None) -> str:
    """Why nothing can be said at all; empty where something can."""
    if reported is None:
        return "没有已确认的完成数，无法判断。"
    if on is None:
        return "报告没有写明报告期，无法判断时间进度。"
    if not _comparable(target.unit, reported.unit):
        return f"单位不同（目标用「{target.unit}」，完成数用「{reported.unit}」），无法比较。"
    if target.measure == "level" and not _is_rate(target) and target.value <= 0:
        return "目标值不大于零，无法计算完成比例。"
    return ""


def _comparable(one: str, other: str) -> bool:
    return one == other or {one, other} <= COUNTED


def _is_rate(target: Target) -> bool:
    return is_rate(target.measure, target.unit)


def _gone(target: Target, reported: Reported | None, on: date | None) -> tuple[int, int] | None:
    """Days gone and days in all, from the earliest period told, at the latest the year the target is due in."""
    if target.due_on is None or on is None:
        return None
    starts = [span(period)[0] for period in (target.period, reported.period if reported else "")
              if period and not period.startswith("@")]
    if target.due_on.year <= on.year:
        starts.append(date(target.due_on.year, 1, 1))
    starts = [start for start in starts if start <= target.due_on]
    return share_gone(min(starts), target.due_on, on) if starts else None


def _met(target: Target, value: Decimal) -> bool | None:
    """Whether a value is what the target asks; None where the target does not say which way.

    Reading  a fall (-3%) is reached by falling further, a rank by a smaller number; we reject the reading
             of the bare sign, by which 下降3%以上 would be met by growth
    """
    sign = -1 if target.measure == "rank" or (target.measure != "level" and target.value < 0) else 1
    mine, asked = sign * value, sign * target.value
    if target.bound in (">", "<"):
        return mine > asked if target.bound == ">" else mine < asked
    if target.bound in DOWN:
        return mine <= asked
    if target.bound in UP or target.measure != "level" or not _is_rate(target):
        return mine >= asked
    return True if mine == asked else None


def _met_or_not(target: Target, reported: Reported, on: date, elapsed: Decimal | None) -> Progress:
    met, over = _met(target, reported.value), target.due_on is not None and on >= target.due_on
    told = f"目标{bounded(target.bound, target.value, target.unit)}，报告{amount(reported.value, reported.unit)}"
    if met is None:
        verdict, words = UNKNOWN, f"{told}；目标没有写明是不低于还是不超过，无法判断：请在目标中选定。"
    elif not met:
        verdict, words = BEHIND, f"{told}，{'时限已到，' if over else ''}未达到。这类目标只看是否达到，不按时间折算。"
    elif over:
        verdict, words = KEPT, f"{told}，时限已到，达到。"
    else:
        verdict, words = ON_PACE, f"{told}，目前达到；时限未到，到期再看。"
    return Progress(None, elapsed, verdict, words, reported.value)


def _either(target: Target, reported: Reported, on: date, tolerance: Decimal) -> Progress:
    counts, on_top = (
        progress(target, Reported(reported.value, reported.unit, reported.period, reading), on, tolerance)
        for reading in (False, True))
    if counts.verdict == on_top.verdict:
        return counts
    words = (f"口径未定：按全年计，{counts.words}按另外新增计，{on_top.words}请在配对中选定口径。")
    return Progress(None, counts.elapsed, UNKNOWN, words, reported.value)


def _filled(
    target: Target, reported: Reported, on: date, gone: tuple[int, int] | None, tolerance: Decimal,
) -> Progress:
    """Verdict on a sum to be filled."""
    whole = target.value + reported.value if reported.on_top else target.value
    share = reported.value / whole
    elapsed = None if gone is None else Decimal(gone[0]) / gone[1]
    top = f"（{amount(target.value)}另加已报的{amount(reported.value)}）" if reported.on_top else ""
    told = f"完成{amount(reported.value, reported.unit)}，目标{amount(whole, target.unit)}{top}，占{_percent(share)}"
    if not reported.on_top and _met(target, reported.value):
        return Progress(share, elapsed, KEPT, f"{told}，已完成。", reported.value)
    if target.due_on is not None and on >= target.due_on:
        return Progress(share, elapsed, BEHIND, f"{told}，时限已到，未完成。", reported.value)
    if target.period.startswith("@"):
        return Progress(share, elapsed, UNKNOWN, f"{told}；存量目标没有期初数，不与时间相比。", reported.value)
    if gone is None or elapsed is None:
        why = "目标没有时限" if target.due_on is None else "起始时间不明"
        return Progress(share, None, UNKNOWN, f"{told}；{why}，无法与时间相比。", reported.value)
    lead = (share - elapsed) * 100
    verdict = AHEAD if lead > tolerance else BEHIND if lead < -tolerance else ON_PACE
    return Progress(share, elapsed, verdict, f"{told}；时间过去{gone[0]}/{gone[1]}天，占{_percent(elapsed)}；"
                                             f"{_lead(lead, tolerance)}，{VERDICTS[verdict]}。", reported.value)


def _lead(lead: Decimal, tolerance: Decimal) -> str:
    side = "快" if lead >= 0 else "慢"
    most = f"容许的{amount(tolerance)}个百分点"
    return f"比时间{side}{abs(lead):.1f}个百分点，{f'在{most}之内' if abs(lead) <= tolerance else f'超出{most}'}"


def _percent(share: Decimal) -> str:
    return f"{share * 100:.1f}%"
