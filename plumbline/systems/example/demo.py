"""Invented deliveries of any size: at scale n, n times as many trees, and the same rates."""

import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from plumbline.kernel import Coverage

MARK, AREA = "模拟", "990101"
FIRST, LAST = date(2020, 1, 1), date(2020, 6, 30)
# trees, of them slender ones; alive, dead, and the rest not looked at yet
TREES, SLENDER, ALIVE, DEAD = 400, 12, 342, 18
KINDS = ("国槐", "银杏", "白蜡")

Delivery = tuple[str, str, Coverage, Iterable[Mapping[str, Any]]]


def deliveries(scale: int = 1, seed: int = 2020) -> Iterator[Delivery]:
    """What a demo hands in: table, name, coverage and rows, each row made when asked for."""
    yield "example.trees", f"{MARK}数据：行道树补植", Coverage((AREA,), FIRST, LAST), _trees(scale, random.Random(seed))


def _trees(scale: int, dice: random.Random) -> Iterator[Mapping[str, Any]]:
    for number in range(TREES * scale):
        alive = True if number < ALIVE * scale else False if number < (ALIVE + DEAD) * scale else None
        yield {"number": f"{MARK}{number:08}", "area": AREA, "kind": dice.choice(KINDS),
               "girth": Decimal("7.5" if number < SLENDER * scale else "8.0"),
               "planted_on": FIRST + timedelta(days=dice.randrange((LAST - FIRST).days)), "alive": alive}
