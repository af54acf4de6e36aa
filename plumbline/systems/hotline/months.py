"""How the invented half-year is laid out: how many requests each street gets and closes in each month, and how they end.

Every count is a whole number of scale 1 times the scale, shared out over the streets without a rest; so the city's
rates are the same at every scale, and each street, department and month has its own.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from plumbline.systems.hotline.city import streets
from plumbline.systems.hotline.planted import HOT

# bits of how a request ended
STRUCK, REACHED, RESPONSE_TOLD, RESPONDED, SOLVED_TOLD, SOLVED, SATISFIED_TOLD, SATISFIED = (1 << at for at in range(8))
QUICK, CARRIED, VOID = range(3)
# requests of a planted hot spot grow slower than the city: one compound has only so many people
HOT_GROWS = 20


@dataclass(frozen=True, slots=True)
class Month:
    """A month at scale 1.

    opened     requests that came; of them `carried` end in the next month, `void` are not taken on
    struck     of those that end in this month: struck out; `reached` of the others: reached by call-back
    responded  yes and known answers; so are `solved` and `satisfied`
    """

    first: date
    opened: int
    carried: int
    void: int
    struck: int
    reached: int
    responded: tuple[int, int]
    solved: tuple[int, int]
    satisfied: tuple[int, int]


# solved 71.2 % in January and 82.3 % in June, satisfied 87.9 % and 91.1 %; what was carried from June ends in July
MONTHS = (
    Month(date(2020, 1, 1), 820, 80, 12, 14, 640, (587, 635), (445, 625), (545, 620)),
    Month(date(2020, 2, 1), 900, 90, 13, 17, 780, (724, 775), (558, 760), (667, 755)),
    Month(date(2020, 3, 1), 980, 95, 14, 19, 860, (808, 855), (638, 840), (743, 835)),
    Month(date(2020, 4, 1), 1040, 100, 15, 20, 915, (869, 910), (700, 895), (797, 890)),
    Month(date(2020, 5, 1), 1100, 105, 16, 21, 970, (931, 965), (763, 950), (853, 945)),
    Month(date(2020, 6, 1), 1160, 110, 17, 22, 1030, (997, 1025), (823, 1000), (911, 1000)),
    Month(date(2020, 7, 1), 0, 0, 0, 2, 98, (95, 97), (79, 96), (87, 96)),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole half-year at a scale: by month and street, how many come (by kind and planted hot spot) and how they end."""

    scale: int

    def comes(self, month: int) -> Iterator[tuple[int, int, int, int]]:
        """Street, hot spot (-1 for none), kind and how many, of the requests that come in a month."""
        for street, (quick, carried, void) in enumerate(self._kinds(month)):
            hot = [(at, self.planted(at, month)) for at, one in enumerate(HOT) if one.street == street]
            yield from ((street, at, QUICK, many) for at, many in hot)
            yield street, -1, QUICK, quick - sum(many for _, many in hot)
            yield street, -1, CARRIED, carried
            yield street, -1, VOID, void

    def planted(self, hot: int, month: int) -> int:
        """How many requests of a hot spot come in a month."""
        return HOT[hot].months[month] * (1 + self.scale // HOT_GROWS)

    def ends(self, month: int, dice: random.Random) -> list[bytearray]:
        """For each street how each request that ends in a month ended, in no order."""
        plan, closings = MONTHS[month], self.closings(month)
        struck = shared(plan.struck * self.scale, closings)
        rest = [all_ - out for all_, out in zip(closings, struck, strict=True)]
        reached = shared(plan.reached * self.scale, rest)
        told = [self._answers(reached, *answer) for answer in (plan.responded, plan.solved, plan.satisfied)]
        return [_mixed(closings[at], struck[at], reached[at], [each[at] for each in told], dice)
                for at in range(len(closings))]

    def closings(self, month: int) -> list[int]:
        """How many requests of each street end in a month."""
        before = [carried for _, carried, _ in self._kinds(month - 1)] if month else [0] * len(streets())
        return [kinds[0] + more for kinds, more in zip(self._kinds(month), before, strict=True)]

    def _kinds(self, month: int) -> list[tuple[int, int, int]]:
        """Of each street: requests that end in the month they came, in the next, and those not taken on."""
        plan, scale = MONTHS[month], self.scale
        hot = [0] * len(streets())
        for at, one in enumerate(HOT):
            hot[one.street] += self.planted(at, month) if plan.opened else 0
        usual = shared(plan.opened * scale - sum(hot), [1] * len(hot))
        void = shared(plan.void * scale, usual)
        left = [all_ - out for all_, out in zip(usual, void, strict=True)]
        carried = shared(plan.carried * scale, left)
        return [(left[at] - carried[at] + hot[at], carried[at], void[at]) for at in range(len(hot))]

    def _answers(self, reached: Sequence[int], yes: int, known: int) -> list[tuple[int, int]]:
        """Of each street: known answers, and those that are no; harder streets have more of them."""
        told = shared(known * self.scale, reached)
        weights = [many * one.hard for many, one in zip(told, streets(), strict=True)]
        return list(zip(told, shared((known - yes) * self.scale, weights), strict=True))


def shared(total: int, weights: Sequence[int]) -> list[int]:
    """A whole number shared out by weights, without a rest; nobody is more than one off his exact share.

    >>> shared(10, [1, 1, 2]), shared(2, [0, 5, 5])
    ([2, 3, 5], [0, 1, 1])
    """
    whole, so_far, given, parts = sum(weights) or 1, 0, 0, []
    for weight in weights:
        so_far += weight
        upto = total * so_far // whole
        parts.append(upto - given)
        given = upto
    return parts


def _mixed(closings: int, struck: int, reached: int, told: Sequence[tuple[int, int]], dice: random.Random) -> bytearray:
    """How the requests of a street ended, mixed; the unsatisfied are among the unsolved, as far as they go."""
    ended = [0] * closings
    ended[reached:reached + struck] = [STRUCK | REACHED | RESPONSE_TOLD | SOLVED_TOLD | SATISFIED_TOLD] * struck
    for at in range(reached):
        ended[at] = REACHED
        for (known, no), (bit, yes) in zip(told, ((RESPONSE_TOLD, RESPONDED), (SOLVED_TOLD, SOLVED),
                                                  (SATISFIED_TOLD, SATISFIED)), strict=True):
            ended[at] |= 0 if at >= known else bit if at < no else bit | yes
    dice.shuffle(ended)
    return bytearray(ended)
