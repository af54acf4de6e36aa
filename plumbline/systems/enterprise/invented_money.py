"""Money of the demo's half-year: applications that were paid, and what was not levied, put off or given back.

    42,000 firms, 2.6 billion yuan, 4,335,000 persons   unemployment contributions returned, in the whole city
    22 firms, 110 million      234 firms, 5.741 million      68.77 million with the other subsidies: in the district
    8,319 firms, 170 million   rent of the district; 6.52 billion of the city
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from plumbline.kernel import BY_CODE
from plumbline.systems.enterprise.invented_firms import TRAVEL, TRAVEL_AGENCIES, Firm, cast
from plumbline.systems.enterprise.places import MARK, OTHERS, STREETS, TOWN, at, day_in, office, spread, street_of, yuan

Row = Mapping[str, Any]
AUTOMATIC, ASKED = "免申即享", "企业申报"
# in cents
RENT_FIRMS, RENT_CENTS, RENT_STATE = 8_319, 170_000_000_00, 128_000_000_00
CITY_STATE, CITY_OTHER = 4_000_000_000_00 - RENT_STATE, 2_520_000_000_00 - (RENT_CENTS - RENT_STATE)
EACH = 60
# of the district and of the city with it: deferred tax, social insurance, medical insurance, water and power
TAX, SOCIAL = (400_000_000_00, 3_100_000_000_00), (2_300_000_000_00, 62_350_000_000_00)
MEDICAL = 670_000_000_00, 18_300_000_000_00
UTILITY, TRAVEL_CENTS = (38_000_000_00, 1_300_000_000_00), 1_023_000_000_00
TOWN_TAX_FIRMS = 640
FIRST, LAST = date(2020, 2, 10), date(2020, 6, 30)


@dataclass(frozen=True, slots=True)
class Aid:
    """A policy whose money was paid: to how many firms of the district, how many cents, how, by which office."""

    key: str
    title: str
    firms: int
    cents: int
    way: str
    by: str


RETURNED = Aid("YB2020", f"失业保险稳岗返还（{MARK}）", 0, 0, AUTOMATIC, "人社局")
AIDS = (
    Aid("JL2020", f"重点企业奖励兑现（{MARK}）", 22, 110_000_000_00, ASKED, "发改委"),
    Aid("GW2020", f"岗位补贴（{MARK}）", 310, 10_250_000_00, ASKED, "人社局"),
    Aid("SB2020", f"一次性社会保险补贴（{MARK}）", 286, 13_080_000_00, ASKED, "人社局"),
    Aid("HB2020", f"滞留人员临时性岗位补贴（{MARK}）", 96, 4_320_000_00, ASKED, "人社局"),
    Aid("LS2020", f"中小微企业临时性岗位补贴（{MARK}）", 234, 5_741_000_00, ASKED, "人社局"),
)


def applications(seed: int = 2020) -> Iterator[Row]:
    """Paid applications, in the shape of `store.orders.intake.take_in`, each aid in the order it was paid."""
    dice, firms, number = random.Random(seed + 2), cast(seed), 0
    for one in (*firms.town, *firms.city):
        number += 1
        yield _paid(number, RETURNED, one, one.cents, dice)
    largest = sorted(firms.town, key=lambda one: -one.staff)
    for aid in AIDS:
        receivers = largest[:aid.firms] if aid.key == "JL2020" else dice.sample(firms.town, aid.firms)
        money = sorted(spread(aid.cents, aid.firms, dice, step=1_000_00), reverse=True)
        for one, cents in zip(receivers, money, strict=True):
            number += 1
            yield _paid(number, aid, one, cents, dice)


def _paid(number: int, aid: Aid, one: Firm, cents: int, dice: random.Random) -> Row:
    """An application as it stood once it was paid."""
    paid = day_in(dice, FIRST, LAST)
    opened = paid - timedelta(days=5 + int(dice.random() * 25))
    fields = {"policy": aid.key, "policy_title": aid.title, "code": one.code, "name": one.shown, "industry": one.industry,
              "street": one.street, "amount": yuan(cents), "persons": one.staff, "way": aid.way, "period": "2020",
              "paid_on": paid}
    return {"number": f"BT2020{number:06}", "title": f"{aid.title} {one.shown}"[:200], "area": one.area, "place": one.street,
            "subject": one.code, "source": "平台", "office": office(aid.by, one.area), "state": "paid",
            "opened_at": at(opened), "closed_at": at(paid, 16), "fields": fields}


def reliefs(seed: int = 2020) -> Iterator[Row]:
    """Rows of what was not levied, put off or given back."""
    dice = random.Random(seed + 3)
    for number, row in enumerate((*_rents(seed, dice), *_taxes(seed, dice), *_insurance(dice), *_travel(seed, dice)), 1):
        yield {"number": f"{MARK}{number:07}", "landlord": None, "code": None, **row}


def _granted(kind: str, one: Firm, cents: int, dice: random.Random, landlord: str | None = None) -> Row:
    return {"kind": kind, "code": one.code, "name": one.shown, "landlord": landlord, "area": one.area, "street": one.street,
            "granted_on": day_in(dice, FIRST, LAST), "amount_yuan": yuan(cents)}


def _rents(seed: int, dice: random.Random) -> Iterator[Row]:
    """Rent: of the district firm by firm, of the other districts some of their firms with all the money."""
    firms = cast(seed)
    tenants = [*firms.town, *firms.traders, *firms.town_new][:RENT_FIRMS]
    public = RENT_FIRMS * 3 // 4
    money = spread(RENT_STATE, public, dice, 100) + spread(RENT_CENTS - RENT_STATE, RENT_FIRMS - public, dice, 100)
    for n, (one, cents) in enumerate(zip(tenants, money, strict=True)):
        yield _granted("房租减免", one, cents, dice, "国有" if n < public else "非国有")
    others = elsewhere(seed, EACH)
    for landlord, total in (("国有", CITY_STATE), ("非国有", CITY_OTHER)):
        for one, cents in zip(others, spread(total, len(others), dice, 100), strict=True):
            yield _granted("房租减免", one, cents, dice, landlord)


def elsewhere(seed: int, each: int, first: int = 0) -> list[Firm]:
    """So many firms of each of the other districts, from one on."""
    found: dict[str, list[Firm]] = {code: [] for code in OTHERS}
    for one in cast(seed).city:
        found[one.area].append(one)
    return [one for code in OTHERS for one in found[code][first:first + each]]


def _taxes(seed: int, dice: random.Random) -> Iterator[Row]:
    """Deferred tax, firm by firm."""
    for firms, cents in ((cast(seed).town[:TOWN_TAX_FIRMS], TAX[0]), (elsewhere(seed, EACH, EACH), TAX[1] - TAX[0])):
        for one, part in zip(firms, spread(cents, len(firms), dice, 100), strict=True):
            yield _granted("缓缴税款", one, part, dice)


def _insurance(dice: random.Random) -> Iterator[Row]:
    """Contributions not levied and cheaper power, told month by month: of the district by street, of others in a sum."""
    places = [*(street_of(TOWN, n) for n in range(STREETS[TOWN])), *OTHERS]
    for kind, (town, city) in (("社会保险减免", SOCIAL), ("医疗保险减征", MEDICAL), ("水电气费降低", UTILITY)):
        many = STREETS[TOWN] * 5
        money = spread(town, many, dice, 100) + spread(city - town, len(OTHERS) * 5, dice, 100)
        slots = [(place, month) for place in places for month in range(2, 7)]
        for (place, month), cents in zip(slots, money, strict=True):
            name = BY_CODE[place[:6]].short
            yield {"kind": kind, "name": f"{name}{MARK}汇总", "area": place[:6], "street": place if len(place) == 9 else None,
                   "granted_on": date(2020, month, 28), "amount_yuan": yuan(cents)}


def _travel(seed: int, dice: random.Random) -> Iterator[Row]:
    """Deposits of travel agencies given back for a while."""
    agencies: Sequence[Firm] = [one for one in cast(seed).city if one.industry == TRAVEL]
    for one, cents in zip(agencies, spread(TRAVEL_CENTS, TRAVEL_AGENCIES, dice, 100), strict=True):
        yield _granted("旅游质保金暂退", one, cents, dice)
