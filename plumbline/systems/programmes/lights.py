"""Traffic lights: what colour a task is on a day, by rules that are dated parameters, each with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from plumbline.kernel import BadDeclaration, Parameter, Reported, Target, progress
from plumbline.kernel.printing import amount
from plumbline.kernel.target import AHEAD, BEHIND, KEPT, ON_PACE, UNKNOWN

RED, YELLOW, GREEN, GREY, CLOSED = "red", "yellow", "green", "grey", "closed"
LABELS = {RED: "红灯", YELLOW: "黄灯", GREEN: "绿灯", GREY: "不亮灯", CLOSED: "已销号"}
# what a parameter's level means
BY_LEVEL = {1: YELLOW, 2: RED}
WORST = (RED, YELLOW, GREY, GREEN)
RULES = ("yellow_lag", "red_lag", "yellow_owed", "red_owed", "blocked")


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a day: lags in percentage points, months owed, level of a blocked task; `sources` their papers."""

    yellow_lag: Decimal
    red_lag: Decimal
    yellow_owed: int
    red_owed: int
    blocked: int
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a task.

    value   what is owed; None where it has no number
    done    what was told up to now, together, at `done_on`; None where nobody told
    owed    months not returned though their time is over
    blocked why it is blocked; empty where it is not
    absent  offices whose part of `done` is not told
    """

    value: Decimal | None = None
    unit: str = ""
    bound: str = "="
    measure: str = "level"
    period: str = ""
    due_on: date | None = None
    done: Decimal | None = None
    done_on: date | None = None
    owed: tuple[str, ...] = ()
    blocked: str = ""
    absent: tuple[str, ...] = ()
    state: str = "working"


@dataclass(frozen=True, slots=True)
class Light:
    """A colour and why; `share` done and `elapsed` time gone as shares, None where unknown."""

    key: str
    reasons: tuple[str, ...]
    share: Decimal | None = None
    elapsed: Decimal | None = None
    colours: tuple[str, ...] = field(default=(), metadata={"json": False})

    @property
    def label(self) -> str:
        """The colour as people say it."""
        return LABELS[self.key]


def rules_on(parameters: Mapping[str, Parameter], day: date) -> Rules:
    """The rules in force on a day.

    Raises  BadDeclaration where a parameter is not there, or says nothing for that day
    """
    told = {}
    for key in RULES:
        parameter = parameters.get(f"programmes.lights.{key}")
        dated = parameter.on(day) if parameter else None
        if dated is None:
            raise BadDeclaration(f"programmes.lights.{key}: says nothing for {day}; write a value from that day")
        told[key] = dated
    numbers = {key: dated.value for key, dated in told.items()}
    return Rules(numbers["yellow_lag"], numbers["red_lag"], int(numbers["yellow_owed"]), int(numbers["red_owed"]),
                 int(numbers["blocked"]), tuple(dict.fromkeys(one.source for one in told.values())))


def light(facts: Facts, on: date, rules: Rules) -> Light:
    """The light of a task: the worst of what its time, its number, its returns and what blocks it say."""
    if facts.state in ("closed", "cancelled"):
        return Light(CLOSED, ("已销号。" if facts.state == "closed" else "已撤销。",))
    pace, share, elapsed = _pace(facts, rules)
    told = [one for one in (_over(facts, on), _blocked(facts, rules), _owed(facts, rules), pace) if one]
    colours = tuple(colour for colour, _ in told)
    key = next(colour for colour in WORST if colour in colours)
    said = sorted(told, key=lambda one: WORST.index(one[0]))
    return Light(key, tuple(words for _, words in said), share, elapsed, tuple(colour for colour, _ in said))


Told = tuple[str, str]


def _over(facts: Facts, on: date) -> Told | None:
    if facts.due_on is None or on <= facts.due_on:
        return None
    days = (on - facts.due_on).days
    if facts.state == "proposed":
        return YELLOW, f"期限{facts.due_on}已过{days}天，已申请销号，待核。"
    return RED, f"期限{facts.due_on}已过{days}天，还没有销号。"


def _blocked(facts: Facts, rules: Rules) -> Told | None:
    return (BY_LEVEL.get(rules.blocked, RED), f"有堵点：{facts.blocked}") if facts.blocked else None


def _owed(facts: Facts, rules: Rules) -> Told | None:
    many = len(facts.owed)
    if many < rules.yellow_owed or not many:
        return None
    return (RED if many >= rules.red_owed else YELLOW), f"逾期未报{many}个月：{'、'.join(facts.owed)}。"


def _pace(facts: Facts, rules: Rules) -> tuple[Told, Decimal | None, Decimal | None]:
    """What the number says against the time; grey where nobody can tell."""
    if facts.value is None:
        return (GREEN if not facts.absent else GREY, "没有应完成数，只看期限、填报和堵点。"), None, None
    if facts.absent:
        some = "" if facts.done is None else f"，已报的合计{amount(facts.done, facts.unit)}"
        return (GREY, f"{len(facts.absent)}个单位未报（{'、'.join(facts.absent)}）{some}，进度无法判断。"), None, None
    if facts.done is None:
        return (GREY, "还没有填报，进度无法判断；未报不等于0。"), None, None
    asked = Target(facts.value, facts.unit, facts.measure, facts.bound, facts.period, facts.due_on)
    found = progress(asked, Reported(facts.done, facts.unit), facts.done_on, rules.yellow_lag)
    return (_colour(found.verdict, found.share, found.elapsed, rules), found.words), found.share, found.elapsed


def _colour(verdict: str, share: Decimal | None, elapsed: Decimal | None, rules: Rules) -> str:
    if verdict in (AHEAD, ON_PACE, KEPT):
        return GREEN
    if verdict == UNKNOWN:
        return GREY
    assert verdict == BEHIND
    far = share is not None and elapsed is not None and (elapsed - share) * 100 > rules.red_lag
    return RED if far else YELLOW
