"""The invented city of the enterprise demo: districts, streets, the offices that serve firms, and banks; all say 模拟."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

from plumbline.kernel import BY_CODE, CITY, ZONE

MARK = "模拟"
TOWN = "110112"
# district: how many streets and towns
STREETS: Mapping[str, int] = {
    "110101": 17, "110102": 15, "110105": 43, "110106": 28, "110107": 9, "110108": 29, "110109": 13, "110111": 28, "110112": 24,
    "110113": 25, "110114": 22, "110115": 24, "110116": 16, "110117": 18, "110118": 20, "110119": 18}
OTHERS = tuple(code for code in STREETS if code != TOWN)
SERVICE = "企业服务中心"
# who sees to what a firm asks for
OFFICES: Mapping[str, str] = {
    "融资": "金融办", "用工": "人社局", "用地空间": "规自分局", "物资": "经信局", "物流": "商务局", "税费": "税务局",
    "政策兑现": "发改委", "证照": "市场监管局", "拖欠账款": "经信局", "其他": SERVICE}
MATTERS = tuple(OFFICES)
BANKS = tuple(f"{MARK}银行{number:02}" for number in range(1, 13))


def office(name: str, district: str) -> str:
    """Name of a district's office."""
    return f"{BY_CODE[district].short}{MARK}{name}"


def office_for(matter: str, district: str) -> str:
    """The office of a district that sees to a matter."""
    return office(OFFICES[matter], district)


def offices() -> Iterator[Mapping[str, Any]]:
    """Offices to create: of each district those that serve firms, and banks; of the city, banks."""
    for district in STREETS:
        for name in sorted({*OFFICES.values()}):
            yield {"name": office(name, district), "area": district, "kind": "department", "place": ""}
    for area in (CITY.code, *STREETS):
        for name in BANKS:
            yield {"name": name, "area": area, "kind": "enterprise", "place": ""}


def street_of(district: str, at: int) -> str:
    """Code of a street of a district, nine digits.

    >>> street_of("110112", 24), street_of("110112", 25)
    ('110112001', '110112002')
    """
    return f"{district}{at % STREETS[district] + 1:03}"


def shared(total: int, weights: Sequence[int | float]) -> list[int]:
    """A whole number shared out by weight, exactly; each part is what it should be to within one.

    >>> shared(10, [1, 1, 2]), sum(shared(100_003, [0.3] * 7))
    ([2, 3, 5], 100003)
    """
    ends = list(accumulate(weights))
    cuts = [round(total * end / ends[-1]) for end in ends]
    return [cut - before for cut, before in zip(cuts, [0, *cuts[:-1]], strict=True)]


def spread(total: int, many: int, dice: random.Random, step: int = 1, least: int = 0) -> list[int]:
    """A whole number in so many parts of different sizes, each a multiple of a step; the last takes the rest.

    >>> sum(spread(1_000, 7, random.Random(1), step=10, least=20))
    1000
    """
    left = total - many * least
    parts = shared(left // step, [0.02 + dice.random() ** 1.8 for _ in range(many)])
    return [least + part * step + (left % step if at == many - 1 else 0) for at, part in enumerate(parts)]


def day_in(dice: random.Random, first: date, last: date) -> date:
    """A day between two, both among them."""
    return first + timedelta(days=int(dice.random() * ((last - first).days + 1)))


def at(day: date, hour: int = 10) -> datetime:
    """An hour of a day in the city."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def yuan(cents: int) -> Decimal:
    """Cents as yuan.

    >>> yuan(12345)
    Decimal('123.45')
    """
    return Decimal(cents).scaleb(-2)
