"""Loans of the demo's half-year, as they stood with the banks.

    1,949 renewals, 10.56 billion yuan; 810 first loans, 3.5 billion   approved at the city's centres
    8,314 loans, 75.2 billion; 289 firms, 10.1 billion                 banks of the district; brought together by it
    1.38 % → 0.88 %                                                    guarantee fee, first half of 2019 and of 2020
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from plumbline.systems.enterprise.invented_firms import Cast, Firm, cast
from plumbline.systems.enterprise.invented_money import elsewhere
from plumbline.systems.enterprise.places import BANKS, at, day_in, spread

Row = Mapping[str, Any]
FIRST, LAST = date(2020, 1, 17), date(2020, 6, 30)
STEP = 10_000
CENTRE_FIRMS = 220
# fee in hundredths of a percent, and how far single ones lie from it
FEES = ((2019, 138, 12), (2020, 88, 9))
GUARANTEED, FIGHTING = 60, 24
FIGHT_FEE = 68
CONFIRMING = 9


@dataclass(frozen=True, slots=True)
class Lot:
    """Loans of one channel: how many, how much in yuan, of which products in turn."""

    channel: str
    many: int
    yuan: int
    products: tuple[str, ...]


RENEWALS, FIRST_LOANS = Lot("续贷中心", 1_949, 10_560_000_000, ("续贷",)), Lot("首贷中心", 810, 3_500_000_000, ("首贷",))
BANKED = Lot("驻区银行", 8_314, 75_200_000_000, ("首贷", "续贷", "续贷", "其他贷款"))
BROUGHT = Lot("区级对接", 340, 10_100_000_000, ("续贷", "其他贷款"))
BROUGHT_FIRMS = 289
CONFIRMED = Lot("确权中心", 63, 410_000_000, ("确权",))
REFUSED = 120


def loans(seed: int = 2020) -> Iterator[Row]:
    """Loans in the shape of `store.orders.intake.take_in`."""
    dice, firms = random.Random(seed + 4), cast(seed)
    for number, row in enumerate(_all(dice, firms, seed), 1):
        yield {"number": f"RZ{row['opened_at'].year}{number:06}", **row}


def _all(dice: random.Random, firms: Cast, seed: int) -> Iterator[Row]:
    centres = [*firms.town[:CENTRE_FIRMS], *elsewhere(seed, CENTRE_FIRMS)]
    district = [*firms.town, *firms.traders, *firms.town_new]
    for year, fee, apart in FEES:
        yield from _guaranteed(year, fee, apart, firms.town, dice)
    yield from _lot(RENEWALS, dice.sample(centres, RENEWALS.many), dice)
    yield from _lot(FIRST_LOANS, dice.sample(centres, FIRST_LOANS.many), dice)
    yield from _lot(BANKED, dice.sample(district, BANKED.many), dice)
    brought = dice.sample(firms.town, BROUGHT_FIRMS)
    yield from _lot(BROUGHT, [brought[n % BROUGHT_FIRMS] for n in range(BROUGHT.many)], dice)
    yield from _lot(CONFIRMED, dice.sample(centres, CONFIRMED.many), dice, BANKS[:CONFIRMING])
    for one in dice.sample(centres, REFUSED):
        yield _refused(one, dice)


def _lot(lot: Lot, firms: Sequence[Firm], dice: random.Random, banks: Sequence[str] = BANKS) -> Iterator[Row]:
    """The loans of a channel, with exactly its money."""
    for n, (one, money) in enumerate(zip(firms, spread(lot.yuan, lot.many, dice, STEP, STEP * 5), strict=True)):
        yield _loan(one, lot, lot.products[n % len(lot.products)], money, dice, banks[n % len(banks)])


def _loan(one: Firm, lot: Lot, product: str, money: int, dice: random.Random, bank: str) -> Row:
    """A loan that was paid."""
    approved = day_in(dice, FIRST, LAST - timedelta(days=6))
    paid = approved + timedelta(days=1 + int(dice.random() * 5))
    fields = {"firm": one.shown, "product": product, "channel": lot.channel, "amount_yuan": Decimal(money),
              "asked_yuan": Decimal(money + STEP * 10 * int(dice.random() * 5)),
              "rate": Decimal(385 + int(dice.random() * 120)).scaleb(-4), "approved_on": approved, "paid_on": paid}
    return _order(one, fields, bank, "paid", (approved, paid), dice)


def _refused(one: Firm, dice: random.Random) -> Row:
    """A renewal that was asked for and refused."""
    day = day_in(dice, FIRST, LAST)
    asked = Decimal(STEP * (50 + int(dice.random() * 200)))
    fields = {"firm": one.shown, "product": "续贷", "channel": RENEWALS.channel, "asked_yuan": asked}
    return _order(one, fields, BANKS[0], "refused", (day, day), dice)


def _order(one: Firm, fields: Mapping[str, Any], bank: str, state: str, days: tuple[date, date], dice: random.Random) -> Row:
    """The order of a loan: approved and over on these days."""
    approved, paid = days
    opened = at(approved - timedelta(days=2 + int(dice.random() * 9)))
    due = at(approved + timedelta(days=4), 18)
    return {"title": f"{fields['product']} {one.shown}"[:200], "area": one.area, "place": one.street, "subject": one.code,
            "urgency": "ordinary", "source": fields["channel"], "office": bank, "state": state, "opened_at": opened,
            "closed_at": at(paid, 16), "due_at": due, "late": dice.random() < 0.03, "fields": fields}


def _guaranteed(year: int, fee: int, apart: int, firms: Sequence[Firm], dice: random.Random) -> Iterator[Row]:
    """Guaranteed loans of half a year, whose fees are exactly what they are on average; in pairs as far above as below.

    Reading  in 2020 those of firms that fight the epidemic pay less, and the others make up for it
    """
    fighting = FIGHTING if year == 2020 else 0
    rest = (fee * GUARANTEED - FIGHT_FEE * fighting) * 100 // (GUARANTEED - fighting)
    short = fee * GUARANTEED * 100 - FIGHT_FEE * fighting * 100 - rest * (GUARANTEED - fighting)
    for n, one in enumerate(dice.sample(list(firms), GUARANTEED)):
        fights = n < fighting
        own = (FIGHT_FEE * 100 if fights else rest) + (apart if n % 2 else -apart) * 100 + (short if n == GUARANTEED - 1 else 0)
        approved = day_in(dice, date(year, 1, 8), date(year, 6, 20))
        paid = approved + timedelta(days=3)
        fields = {"firm": one.shown, "product": "其他贷款", "channel": "担保机构", "fee_rate": Decimal(own).scaleb(-6),
                  "amount_yuan": Decimal(STEP * (100 + int(dice.random() * 300))), "fight": fights, "approved_on": approved,
                  "paid_on": paid, "rate": Decimal(435).scaleb(-4)}
        yield _order(one, fields, BANKS[n % len(BANKS)], "paid", (approved, paid), dice)
