"""How long firms last: survival curves after Kaplan and Meier, with Greenwood's variance and log-log bands.

    S(t)  = Π (1 − dᵢ ÷ nᵢ)   over the months i up to t: dᵢ closed, nᵢ that stood until then
    band  = S ^ exp(± 1.96 √G ÷ ln S),   G = Σ dᵢ ÷ (nᵢ (nᵢ − dᵢ))

Firms that still stand, or moved away, count as long as they were seen and are then left out, not counted as closed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext

EXACT = Context(prec=40)
NORMAL = Decimal("1.959963984540054")
HALF = Decimal("0.5")
# (months lasted, closed then, only seen until then)
Lasted = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Step:
    """A month in which somebody closed, or the last anybody was seen in.

    at_risk   firms that stood until then; closed, left: in this month
    share     of all that still stand after it, exact to 40 digits; low, high: its 95 % band, None where there is none
    deviation Greenwood's standard deviation of it
    """

    month: int
    at_risk: int
    closed: int
    left: int
    share: Decimal
    deviation: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The survival of some firms.

    median  months until half have closed, with its 95 % bounds; None: fewer have, so far
    """

    count: int
    closed: int
    steps: tuple[Step, ...]
    median: int | None
    median_low: int | None
    median_high: int | None

    def around(self, month: int) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """The share that still stands after so many months, with its band; all None beyond what was seen."""
        if not self.steps or month > self.steps[-1].month:
            return None, None, None
        step = next((one for one in reversed(self.steps) if one.month <= month), None)
        return (step.share, step.low, step.high) if step else (Decimal(1), None, None)

    def after(self, month: int) -> Decimal | None:
        """The share that still stands after so many months; None beyond what was seen."""
        return self.around(month)[0]


def curve(lasted: Iterable[Lasted]) -> Curve:
    """The survival curve of firms, counted by how long they lasted.

    >>> [str(round(step.share, 3)) for step in curve([(1, 1, 0), (2, 0, 1), (3, 1, 1)]).steps]
    ['0.750', '0.375']
    """
    told: dict[int, list[int]] = {}
    for month, closed, left in lasted:
        sums = told.setdefault(month, [0, 0])
        sums[0], sums[1] = sums[0] + closed, sums[1] + left
    risk = count = sum(closed + left for closed, left in told.values())
    steps: list[Step] = []
    share, greenwood = Decimal(1), Decimal(0)
    with localcontext(EXACT):
        for month, (closed, left) in sorted(told.items()):
            share *= Decimal(risk - closed) / risk
            greenwood = greenwood + Decimal(closed) / (risk * (risk - closed)) if risk > closed else Decimal(0)
            low, high = band(share, greenwood)
            steps.append(Step(month, risk, closed, left, share, share * greenwood.sqrt(), low, high))
            risk -= closed + left
    shown = tuple(one for at, one in enumerate(steps) if one.closed or at == len(steps) - 1)
    return Curve(count, sum(one.closed for one in steps), shown, _first(shown, "share"), _first(shown, "low"),
                 _first(shown, "high"))


def band(share: Decimal, greenwood: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """The log-log band around a share; none at one, and no upper end at zero."""
    if not 0 < share < 1:
        return (None, None) if share else (Decimal(0), None)
    with localcontext(EXACT):
        spread = (NORMAL * greenwood.sqrt() / -share.ln()).exp()
        return share ** spread, share ** (1 / spread)


def _first(steps: Iterable[Step], part: str) -> int | None:
    """The first month in which a share is at one half or below."""
    return next((one.month for one in steps if (told := getattr(one, part)) is not None and told <= HALF), None)


__all__ = ["Curve", "Lasted", "Step", "band", "curve"]
