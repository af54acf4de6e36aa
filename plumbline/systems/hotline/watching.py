"""The router watches itself: each office's share of an hour's requests against the same hour of past weeks.

Exact without a table of its own: the past tells how large a share may be (a Beta distribution), and the chance of a count
so far out, or further, is summed term by term (Beta-binomial). Past hours count as PAST_WORTH requests at most, so that a
share that has always wandered is allowed to wander.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WEEKS = 8
# an hour with fewer requests tells nothing
FEWEST = 20
PAST_WORTH = 200
# an alarm is so unlikely by chance, over all offices of an hour, and so far from the usual share
CHANCE, APART = 0.001, 0.10
RISE, FALL, FLOOD, SILENCE = "rise", "fall", "flood", "silence"

Hours = Mapping[datetime, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is not as it was.

    kind    rise | fall: an office's share; flood: nearly everything goes to one office; silence: nothing is sent at all
    office  name of the office; "" of all
    count   requests of the office in the hour, of `whole`
    usual   its share in the same hours of the past; None where it never had any request there or the past is unknown
    chance  how likely so many or more (so few or fewer) are by chance
    why     what an official reads
    """

    kind: str
    office: str
    count: int
    whole: int
    usual: float | None
    chance: float
    why: str


def same_hours(hours: Hours, hour: datetime, weeks: int = WEEKS) -> list[Mapping[str, int]]:
    """The same hour of the same weekday in the weeks before, as far as it was counted at all; the latest first."""
    before = [hour - timedelta(weeks=back) for back in range(1, weeks + 1)]
    return [hours[one] for one in before if one in hours]


def watch(hours: Hours, hour: datetime) -> tuple[Alarm, ...]:
    """Alarms of one hour, the least likely first.

    hours  requests sent to each office in each counted hour (an hour that was not counted is absent, not empty)
    """
    return alarms(hours[hour], same_hours(hours, hour)) if hour in hours else ()


def alarms(now: Mapping[str, int], past: Sequence[Mapping[str, int]]) -> tuple[Alarm, ...]:
    """Alarms of an hour's counts by office against those of past hours of its kind; none where the past is unknown."""
    whole = sum(now.values())
    told = _summed(past)
    if whole < FEWEST:
        return _silence(whole, past)
    if not told:
        return ()
    offices = sorted({*now, *told})
    found = (_of_office(office, (now.get(office, 0), whole), told, len(offices)) for office in offices)
    return tuple(sorted((one for one in found if one), key=lambda one: (one.chance, one.office)))


def _summed(past: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for hour in past:
        for office, count in hour.items():
            found[office] = found.get(office, 0) + count
    return found if sum(found.values()) >= FEWEST else {}


def _of_office(office: str, seen: tuple[int, int], told: Mapping[str, int], offices: int) -> Alarm | None:
    count, whole = seen
    all_past = sum(told.values())
    usual = told.get(office, 0) / all_past
    share = count / whole
    if abs(share - usual) < APART:
        return None
    worth = min(1.0, PAST_WORTH / all_past)
    inside = told.get(office, 0) * worth
    chance = tail(count, whole, inside + 0.5, all_past * worth - inside + 0.5, above=share > usual)
    if chance * offices > CHANCE:
        return None
    kind = FALL if share < usual else FLOOD if share >= 0.8 else RISE
    return Alarm(kind, office, count, whole, usual if office in told else None, chance,
                 _said(kind, office, seen, usual if office in told else None))


def _said(kind: str, office: str, seen: tuple[int, int], usual: float | None) -> str:
    count, whole = seen
    past = "过去同一时段没有派过" if usual is None else f"过去同一时段占 {usual:.0%}"
    now = f"这一小时派单 {whole} 件，其中 {count} 件（{count / whole:.0%}）派给{office}，{past}"
    todo = {FLOOD: "几乎全部派往一处，请暂停自动派单，检查分类模型和职责清单",
            RISE: "请查看是突发事件，还是分类或职责清单有误",
            FALL: "请查看是否错派到了别处"}[kind]
    return f"{now}；{todo}。"


def _silence(whole: int, past: Sequence[Mapping[str, int]]) -> tuple[Alarm, ...]:
    """An hour with nothing, or next to it, where the past had plenty: each week at least FEWEST, and ten times as much."""
    weeks = [sum(hour.values()) for hour in past]
    if len(weeks) < 3 or min(weeks) < max(FEWEST, 10 * whole):
        return ()
    why = f"这一小时只派单 {whole} 件，过去 {len(weeks)} 周同一时段最少也有 {min(weeks)} 件；请检查受理和派单是否中断。"
    # by a Poisson law with the smallest of the past hours as its mean
    chance = sum(math.exp(-min(weeks) + n * math.log(min(weeks)) - math.lgamma(n + 1)) for n in range(whole + 1))
    return (Alarm(SILENCE, "", whole, whole, None, chance, why),)


def tail(count: int, whole: int, inside: float, outside: float, above: bool) -> float:
    """Chance of `count` or more (or fewer) of `whole`, where the share has a Beta distribution of two weights.

    >>> tail(0, 10, 1.0, 1.0, above=True), round(tail(10, 10, 1.0, 1.0, above=True), 6)
    (1.0, 0.090909)
    """
    if above and count == 0:
        return 1.0
    terms = range(count, whole + 1) if above else range(count + 1)
    return min(1.0, sum(math.exp(_log_chance(n, whole, inside, outside)) for n in terms))


def _log_chance(count: int, whole: int, inside: float, outside: float) -> float:
    ways = math.lgamma(whole + 1) - math.lgamma(count + 1) - math.lgamma(whole - count + 1)
    return ways + _log_beta(count + inside, whole - count + outside) - _log_beta(inside, outside)


def _log_beta(one: float, other: float) -> float:
    return math.lgamma(one) + math.lgamma(other) - math.lgamma(one + other)
