"""The firms of the demo: whom the money of the half-year went to, those newly set up, and small traders who rent.

    Insured   42,000 in the city, some of them in the district: staff and contributions add up to what was paid back
    New       7,707 set up in the district in the first half of 2019, 7,938 in that of 2020, third of the city in number and
              growth; their capital grew by 156 %, the most of all
    Traders   individual businesses of the district that had their rent reduced

At a scale above one there are so many times more firms, the additional ones of the other districts, without events.
Unemployment contributions of a receiver are twice what was returned: the rule of 2020 gives half.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from plumbline.kernel import BY_CODE
from plumbline.kernel.credit_code import check_letter
from plumbline.systems.enterprise.places import MARK, OTHERS, TOWN, day_in, shared, spread, street_of, yuan

Row = dict[str, Any]
# receivers of returned contributions, their staff, cents: of the district, and of the city without it
TOWN_INSURED, TOWN_STAFF, TOWN_CENTS = 1_800, 68_560, 41_120_000_00
CITY_INSURED, CITY_STAFF, CITY_CENTS = 40_200, 4_266_440, 2_558_880_000_00
# of each year, newly set up firms and their capital in units of 100,000 yuan: in the district, in two others, in each of the rest
LARGER = ("110105", "110108")
NEW = ((2019, (7_707, 80_000), ((8_800, 112_000), (8_200, 104_000)), (100, 1_200)),
       (2020, (7_938, 204_800), ((9_120, 146_000), (8_560, 139_000)), (101, 1_500)))
UNIT = 100_000
TRADERS = 3_119
FILLERS = 60_000
INDUSTRIES = ("C1411", "C3911", "C2761", "F5211", "F5171", "H6220", "H6110", "I6513", "I6420", "L7211", "L7262", "M7320", "M7519",
              "O8040", "R8860", "G5431", "E4910", "N7820")
TRAVEL = "L7291"
TRAVEL_AGENCIES = 2_051
RENTAL = ("市属国企", "区属国企", "区属国企", "央企", "民营", "个人")
WORDS = ("云帆", "启航", "恒信", "众合", "新禾", "瑞丰", "海川", "金石", "远景", "德润", "博雅", "汇通", "安泰", "卓越",
         "同心", "百川")
SORTS = ("科技", "商贸", "餐饮", "制造", "文化", "物流", "服务", "咨询")
MISSING, GONE = 0.12, 0.08
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm of the demo.

    staff, cents  of a receiver, its insured persons and what was returned to it; 0 for others
    capital       of a newly set up one, its registered capital in yuan; 0 for others
    """

    code: str
    name: str
    area: str
    street: str
    kind: str
    industry: str
    set_up_on: date
    staff: int = 0
    cents: int = 0
    capital: int = 0

    @property
    def shown(self) -> str:
        """Its name where others read it: of an individual business its sort and the end of its code."""
        return self.name if self.kind == "企业" else f"{self.kind}（{self.code[-4:]}）"


@dataclass(frozen=True, slots=True)
class Cast:
    """The firms by what happens to them; a firm is in one of these."""

    town: tuple[Firm, ...]
    city: tuple[Firm, ...]
    new: tuple[Firm, ...]
    traders: tuple[Firm, ...]

    @property
    def all(self) -> Iterator[Firm]:
        """Every one of them."""
        return iter((*self.town, *self.city, *self.new, *self.traders))

    @property
    def town_new(self) -> list[Firm]:
        """Those set up in the district in 2019, old enough to have had help in 2020."""
        return [one for one in self.new if one.area == TOWN and one.set_up_on.year == 2019]


def code_of(number: int, area: str, sort: str = "1") -> str:
    """A valid unified social credit code of an invented firm: 9, its sort, the area, a number, the check.

    >>> len(code_of(1, "110112"))
    18
    """
    body = f"9{sort}{area}MA{number:07}"
    return body + check_letter(body)


@cache
def cast(seed: int = 2020) -> Cast:
    """The firms, the same for a seed."""
    dice = random.Random(seed)
    town = _insured(0, [TOWN] * TOWN_INSURED, TOWN_STAFF, TOWN_CENTS, dice)
    weights = [3 + int(code) % 7 for code in OTHERS]
    many = shared(CITY_INSURED, weights)
    areas = [code for code, part in zip(OTHERS, many, strict=True) for _ in range(part)]
    city = _insured(10_000, areas, CITY_STAFF, CITY_CENTS, dice)
    new = tuple(_new(dice))
    traders = tuple(_firm(90_000 + n, TOWN, "个体工商户", day_in(dice, date(2012, 1, 1), date(2019, 12, 31)), dice)
                    for n in range(TRADERS))
    return Cast(town, city, new, traders)


def _firm(number: int, area: str, kind: str, day: date, dice: random.Random) -> Firm:
    industry = INDUSTRIES[int(dice.random() ** 1.3 * len(INDUSTRIES))]
    name = f"{BY_CODE[area].short}{MARK}{WORDS[number % 16]}{SORTS[number // 16 % 8]}{number:06}"
    tail = "有限公司" if kind == "企业" else "店"
    code = code_of(number, area, "1" if kind == "企业" else "2")
    return Firm(code, name + tail, area, street_of(area, int(dice.random() * 97)), kind, industry, day)


def _insured(first: int, areas: list[str], staff: int, cents: int, dice: random.Random) -> tuple[Firm, ...]:
    """Receivers of returned contributions: at least two persons each, and money by the person."""
    persons = spread(staff, len(areas), dice, least=2)
    money = shared(cents, persons)
    made = []
    for at, (area, many, part) in enumerate(zip(areas, persons, money, strict=True)):
        one = _firm(first + at, area, "企业", day_in(dice, date(2001, 1, 1), date(2018, 12, 31)), dice)
        industry = TRAVEL if area != TOWN and at < TRAVEL_AGENCIES else one.industry
        made.append(replace(one, industry=industry, staff=many, cents=part))
    return tuple(made)


def _new(dice: random.Random) -> Iterator[Firm]:
    number = 300_000
    for year, town, larger, rest in NEW:
        known = dict(zip(LARGER, larger, strict=True)) | {TOWN: town}
        for area in (TOWN, *OTHERS):
            many, units = known.get(area, rest)
            for part in spread(units, many, dice, least=1):
                number += 1
                one = _firm(number, area, "企业", day_in(dice, date(year, 1, 1), date(year, 6, 30)), dice)
                yield replace(one, capital=part * UNIT)


def rows(scale: int = 1, seed: int = 2020) -> Iterator[Row]:
    """Rows of the roll of firms; what nobody knows of a firm is left out."""
    dice = random.Random(seed + 1)
    for one in cast(seed).all:
        yield _row(one, dice)
    for number in range(FILLERS * (scale - 1)):
        area = OTHERS[int(dice.random() * len(OTHERS))]
        yield _row(_firm(200_000 + number, area, "企业", day_in(dice, date(2000, 1, 1), date(2018, 12, 31)), dice), dice)


def _row(one: Firm, dice: random.Random) -> Row:
    row: Row = {
        "code": one.code, "name": one.name, "area": one.area, "street": one.street,
        "community": f"{one.street}{1 + int(dice.random() * 8):03}", "address": f"{MARK}路{1 + int(dice.random() * 300)}号",
        "kind": one.kind, "ownership": "国有" if dice.random() < 0.03 else "民营", "industry": one.industry, "status": "存续",
        "set_up_on": one.set_up_on}
    if one.area != TOWN and not one.cents and dice.random() < GONE:
        row |= {"status": "注销", "closed_on": day_in(dice, max(one.set_up_on, date(2015, 1, 1)), date(2020, 6, 30))}
    known = {**_staff(one, dice), **_rent(dice), **_turnover(one, dice), **_marks(one, dice)}
    sure = KEPT if one.cents or one.capital else ()
    return row | {key: value for key, value in known.items() if key in sure or dice.random() > MISSING}


# what is always known of a receiver, and of one newly set up
KEPT = frozenset((
    "capital_yuan", "employees", "insured", "unemployment_paid_yuan", "unemployment_months", "layoff_rate", "zombie",
    "dishonest"))


def _staff(one: Firm, dice: random.Random) -> Row:
    """Staff and contributions."""
    staff = one.staff or 1 + int(dice.random() ** 3 * 30)
    before = Decimal(round(staff * (95 + dice.random() * 12))) / HUNDRED
    return {"employees": staff, "insured": staff, "insured_2019": before, "insured_2020": Decimal(staff),
            "social_paid_yuan": Decimal(staff * 3 * (1_500 + int(dice.random() * 900))),
            "unemployment_paid_yuan": yuan(one.cents * 2) if one.cents else Decimal(staff * 600),
            "unemployment_months": 12 if one.cents else int(dice.random() * 18),
            "layoff_rate": Decimal(int(dice.random() * (500 if one.cents else 900))).scaleb(-4), "zombie": False,
            "dishonest": not one.cents and dice.random() < 0.02}


def _rent(dice: random.Random) -> Row:
    """Whether and of whom it rents."""
    renter = dice.random() < 0.7
    return {"renter": renter} | ({
        "landlord": RENTAL[int(dice.random() * len(RENTAL))], "premises": ("生产经营", "办公", "商业")[int(dice.random() * 3)],
        "rent_yuan": Decimal(3_000 + 500 * int(dice.random() ** 2 * 90)), "open_as_asked": dice.random() < 0.9} if renter else {})


def _turnover(one: Firm, dice: random.Random) -> Row:
    """Turnover, assets, capital."""
    revenue = (one.staff or 5) * (120_000 + int(dice.random() * 400_000))
    quarter = revenue // 4
    return {"capital_yuan": Decimal(one.capital or UNIT * (1 + int(dice.random() ** 2 * 200))), "revenue_yuan": Decimal(revenue),
            "assets_yuan": Decimal(int(revenue * (0.5 + dice.random()))), "revenue_2019_yuan": Decimal(quarter),
            "revenue_2020_yuan": Decimal(int(quarter * (0.05 + dice.random())))}


def _marks(one: Firm, dice: random.Random) -> Row:
    """What the lists of the offices say of it."""
    hard = one.industry[0] in "HRO" or one.industry == TRAVEL
    return {"hard_hit": hard, "functions_fit": dice.random() < 0.8, "in_park": dice.random() < 0.3,
            "high_end": one.industry[0] in "IM", "key_field": dice.random() < 0.3, "outside_clearing": dice.random() < 0.95,
            "in_difficulty": hard or dice.random() < 0.2, "chain_branch": one.industry[0] in "HF" and dice.random() < 0.2,
            "supplies_fight": one.industry == "C2761"}

