"""An invented registry of market entities, of any size up to that of a city: every name says 模拟, every code is right.

Made column by column, 100,000 rows at a time; the same seed makes the same rows. What a fact is not known of is left out on
purpose: a delivery of real life knows the staff of some firms, the rent of few.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from plumbline.kernel import BY_CODE
from plumbline.kernel.credit_code import ADDS, LETTERS
from plumbline.systems.enterprise.places import MARK, STREETS

ROWS = 100_000
DAY, BIRTH = date(2020, 6, 30), date(1990, 1, 1)
COMMUNITIES = 8
KINDS = (("企业", 62), ("个体工商户", 36), ("农民专业合作社", 2))
SORTS = {"企业": "1", "个体工商户": "2", "农民专业合作社": "3"}
OWNERS = (("民营", 88), ("国有", 4), ("集体", 3), ("外资", 5))
LANDLORDS = (("市属国企", 12), ("区属国企", 14), ("央企", 8), ("民营", 46), ("个人", 20))
# industries the size measure has no row for, and what their own offices certify
UNLISTED = ("G53", "J", "K704", "P", "Q84", "S", "T")
CERTIFIED = (("微型", 70), ("小型", 22), ("中型", 6), ("大型", 2))
PREMISES = (("生产经营", 40), ("办公", 38), ("商业", 22))
WORDS = ("云帆", "启航", "恒信", "众合", "新禾", "瑞丰", "海川", "金石", "远景", "德润", "博雅", "汇通", "安泰", "卓越",
         "同心", "百川")
SHAPES = {"企业": "有限公司", "个体工商户": "经营部", "农民专业合作社": "专业合作社"}
# where a district's firms are: its share of all
SHARES = {"110105": 24, "110108": 22, "110106": 9, "110102": 8, "110101": 6, "110115": 6, "110112": 6, "110114": 6, "110113": 5,
          "110111": 3, "110107": 2, "110116": 1, "110117": 1, "110118": 1, "110109": 1, "110119": 1}
# set up in January … December, of a hundred: few at the turn of the year and in the month of the festival
MONTHS = (7, 4, 10, 10, 10, 9, 9, 8, 9, 7, 9, 8)
GROWTH = 1.07


@dataclass(frozen=True, slots=True)
class Trade:
    """An industry of the registry.

    share   of all entities, in a thousand
    staff   of a firm in the middle, and revenue a head and year, in thousand yuan
    years   that two in three live at most
    hit     how many in a hundred were hit hard in 2020
    """

    code: str
    word: str
    share: int
    staff: int
    head: int
    years: int
    hit: int = 20


TRADES = (
    Trade("A0111", "农业", 18, 6, 120, 15), Trade("A0311", "畜牧", 7, 8, 150, 12), Trade("B0890", "采选", 1, 40, 400, 20),
    Trade("C1411", "食品", 12, 25, 300, 16), Trade("C1810", "服装", 12, 18, 220, 13), Trade("C2761", "生物药品", 5, 60, 800, 20),
    Trade("C3481", "机械", 18, 25, 450, 18), Trade("C3911", "计算机", 12, 45, 900, 16), Trade("C39", "电子", 5, 30, 600, 14),
    Trade("D4411", "电力", 2, 80, 1500, 25), Trade("E4710", "建筑", 26, 40, 700, 14), Trade("E5011", "装饰", 30, 12, 350, 10),
    Trade("F5111", "农产品批发", 30, 8, 1800, 10), Trade("F5171", "设备批发", 62, 9, 2600, 11),
    Trade("F5211", "百货", 90, 5, 420, 8, 40), Trade("F5212", "便利", 88, 3, 300, 7, 35), Trade("F5292", "网店", 50, 4, 700, 6),
    Trade("G5431", "货运", 22, 12, 350, 11), Trade("G5910", "装卸", 6, 15, 300, 12), Trade("G5990", "仓储", 5, 12, 400, 14),
    Trade("G6020", "快递", 6, 40, 260, 9), Trade("H6110", "酒店", 9, 35, 240, 10, 90), Trade("H6210", "餐饮", 62, 9, 200, 6, 85),
    Trade("H6220", "快餐", 46, 5, 180, 5, 80), Trade("I6420", "互联网", 28, 20, 700, 8), Trade("I6513", "软件", 66, 16, 620, 9),
    Trade("J6760", "资本", 12, 10, 2500, 14), Trade("K7010", "置业", 12, 30, 3000, 15), Trade("K7020", "物业", 14, 60, 160, 15),
    Trade("K7030", "房产中介", 12, 12, 260, 8, 50), Trade("L7211", "管理", 46, 8, 500, 10),
    Trade("L7251", "广告", 30, 7, 380, 8, 45), Trade("L7291", "旅行", 12, 10, 600, 9, 95),
    Trade("M7320", "研究", 30, 14, 480, 12),
    Trade("M7519", "推广", 62, 8, 420, 9), Trade("N7820", "环卫", 5, 60, 130, 14), Trade("O8040", "理发", 40, 4, 130, 6, 80),
    Trade("O8111", "汽修", 16, 7, 230, 10), Trade("P8399", "培训", 12, 15, 210, 8, 85), Trade("Q8415", "诊所", 6, 12, 260, 13),
    Trade("R8712", "影视", 10, 10, 500, 8, 75), Trade("R9011", "健身", 8, 9, 180, 6, 90))


def _whole(values: pa.Array) -> pa.Array:
    """Numbers without what is behind the point."""
    return pc.cast(pc.floor(values), pa.int64())


class Dice:
    """Columns of chance, so many rows each; the same seed throws the same."""

    def __init__(self, seed: int, rows: int) -> None:
        self.rows, self._next = rows, seed * 1_000_003

    def even(self) -> pa.Array:
        """Numbers from 0 to 1."""
        self._next += 1
        return pc.random(self.rows, initializer=self._next)

    def below(self, most: int | pa.Array) -> pa.Array:
        """Whole numbers from 0, below `most`."""
        return _whole(pc.multiply(self.even(), most))

    def bell(self) -> pa.Array:
        """Numbers of a normal distribution: middle 0, spread 1."""
        far = pc.sqrt(pc.multiply(-2.0, pc.ln(pc.add(self.even(), 1e-12))))
        return pc.multiply(far, pc.cos(pc.multiply(2 * math.pi, self.even())))

    def of(self, told: Iterable[tuple[object, int]]) -> pa.Array:
        """Values by their weights."""
        every = [value for value, weight in told for _ in range(weight)]
        return pa.array(every).take(self.below(len(every)))

    def true(self, of_hundred: float | pa.Array) -> pa.Array:
        """Yes, so many times in a hundred."""
        return pc.less(pc.multiply(self.even(), 100), of_hundred)

    def known(self, values: pa.Array, of_hundred: float | pa.Array) -> pa.Array:
        """Values, known so many times in a hundred."""
        return pc.if_else(self.true(of_hundred), values, pa.scalar(None, values.type))


def firms(count: int, seed: int = 2020, day: date = DAY, first: int = 1) -> Iterator[pa.RecordBatch]:
    """Entities of the registry as it stands on a day, 100,000 at a time, by the column keys of `enterprise.firms`.

    first  number of the first one: other numbers make other entities
    """
    for start in range(first, first + count, ROWS):
        rows = min(ROWS, first + count - start)
        yield _some(Dice(seed * 7919 + start, rows), start, day)


def _some(dice: Dice, first: int, day: date) -> pa.RecordBatch:
    at = dice.of([(place, trade.share) for place, trade in enumerate(TRADES)])
    kind = dice.of(KINDS)
    found = {**_places(dice), "kind": kind, "ownership": dice.known(_only(kind, "企业", dice.of(OWNERS)), 96)}
    found |= _named(dice, found, at, first) | _lives(dice, at, day) | _sizes(dice, at, kind) | _people(dice, first)
    found |= _insurance(dice, found) | _premises(dice, at) | _virtues(dice, at)
    return pa.RecordBatch.from_pydict(found)


def _only(kind: pa.Array, which: str, values: pa.Array) -> pa.Array:
    """Values of one kind; none of the others."""
    return pc.if_else(pc.equal(kind, which), values, pa.scalar(None, values.type))


def _places(dice: Dice) -> dict[str, pa.Array]:
    """District, street, community: more firms in the middle of a district than at its edge."""
    told = [(f"{area}{street:03}", max(1, share * 400 // STREETS[area] // (1 + street % 5)))
            for area, share in SHARES.items() for street in range(1, STREETS[area] + 1)]
    street = dice.of(told)
    community = pc.binary_join_element_wise(street, _padded(pc.add(dice.below(COMMUNITIES), 1), 3), "")
    lane = pc.cast(pc.add(dice.below(199), 1), pa.string())
    return {"area": pc.utf8_slice_codeunits(street, 0, 6), "street": street, "community": dice.known(community, 94),
            "address": dice.known(pc.binary_join_element_wise(f"{MARK}路", lane, "号", ""), 98)}


def _padded(numbers: pa.Array, places: int) -> pa.Array:
    return pc.utf8_lpad(pc.cast(numbers, pa.string()), places, "0")


def codes(areas: Sequence[str], sorts: Sequence[str], first: int) -> list[str]:
    """Right credit codes of entities numbered from `first`; a thousandth of the time it takes to check them one by one."""
    heads = {(sort, area): f"9{sort}{area}MB" for sort in set(sorts) for area in set(areas)}
    sums = {pair: _sum(head, 0) for pair, head in heads.items()}
    tails = [{f"{n:03}": _sum(f"{n:03}", 10 + 3 * part) for n in range(1000)} for part in range(2)]
    last = {str(n): _sum(str(n), 16) for n in range(10)}
    found = []
    for number, (sort, area) in enumerate(zip(sorts, areas, strict=True), first):
        text = f"{number:07}"
        total = sums[sort, area] + tails[0][text[:3]] + tails[1][text[3:6]] + last[text[6]]
        found.append(f"{heads[sort, area]}{text}{LETTERS[-total % 31]}")
    return found


def _sum(text: str, place: int) -> int:
    """What letters add to the check, from a place on."""
    return sum(ADDS[place + at][letter] for at, letter in enumerate(text))


def _named(dice: Dice, found: dict[str, pa.Array], at: pa.Array, first: int) -> dict[str, pa.Array]:
    kinds = found["kind"].to_pylist()
    code = codes(found["area"].to_pylist(), [SORTS[kind] for kind in kinds], first)
    short = pa.array([BY_CODE[area].short for area in found["area"].to_pylist()])
    word = pa.array(WORDS).take(dice.below(len(WORDS)))
    trade = pa.array([one.word for one in TRADES]).take(at)
    number = pa.array([str(first + n) for n in range(dice.rows)])
    shape = pa.array([SHAPES[kind] for kind in kinds])
    industry = pa.array([one.code for one in TRADES]).take(at)
    return {"code": pa.array(code), "name": pc.binary_join_element_wise(short, MARK, word, trade, number, shape, ""),
            "industry": dice.known(industry, 97)}


def _lives(dice: Dice, at: pa.Array, day: date) -> dict[str, pa.Array]:
    """When each was set up, and whether it stands: by the month of the year, by the trade's length of life."""
    years = [(year, round(100 * GROWTH ** (year - BIRTH.year))) for year in range(BIRTH.year, day.year + 1)]
    months = [(month, weight) for month, weight in enumerate(MONTHS, 1)]
    days = [[(date(year, month, 1) - date(1970, 1, 1)).days for month in range(1, 13)] for year, _ in years]
    year, month = dice.of([(n, weight) for n, (_, weight) in enumerate(years)]), dice.of(months)
    starts = pa.array([one for some in days for one in some]).take(pc.add(pc.multiply(year, 12), pc.subtract(month, 1)))
    today = (day - date(1970, 1, 1)).days
    born = pc.min_element_wise(pc.add(starts, dice.below(28)), today)
    scale = pc.multiply(pa.array([365.25 * one.years for one in TRADES]).take(at), 1.6)
    lived = _whole(pc.multiply(scale, pc.power(pc.negate(pc.ln(pc.add(dice.even(), 1e-9))), 1 / 1.15)))
    ends = pc.add(born, pc.add(lived, 30))
    over = pc.less_equal(ends, today)
    how = dice.of((("注销", 82), ("吊销", 12), ("迁出", 6)))
    status = pc.if_else(over, how, dice.of((("存续", 96), ("停业", 4))))
    closed = pc.if_else(pc.and_(over, pc.not_equal(status, "吊销")), ends, pa.scalar(None, pa.int64()))
    return {"status": status, "set_up_on": _days(born), "closed_on": _days(closed)}


def _days(numbers: pa.Array) -> pa.Array:
    return pc.cast(pc.cast(numbers, pa.int32()), pa.date32())


def _sizes(dice: Dice, at: pa.Array, kind: pa.Array) -> dict[str, pa.Array]:
    """Staff, revenue and assets, many small and few large; of small traders little is known."""
    firm = pc.equal(kind, "企业")
    middle = pa.array([math.log(one.staff) for one in TRADES]).take(at)
    staff = pc.add(middle, pc.multiply(dice.bell(), pc.if_else(firm, 1.25, 0.5)))
    staff = pc.cast(pc.ceil(pc.exp(pc.if_else(firm, staff, pc.subtract(staff, 1.2)))), pa.int64())
    head = pc.multiply(pa.array([one.head * 1000.0 for one in TRADES]).take(at), pc.exp(pc.multiply(dice.bell(), 0.7)))
    revenue = _round(pc.multiply(head, staff), 100)
    assets = _round(pc.multiply(revenue, pc.exp(pc.multiply(dice.bell(), 0.6))), 100)
    capital = _round(pc.exp(pc.add(pc.multiply(dice.bell(), 1.4), pc.if_else(firm, 14.2, 10.8))), 10_000)
    told = pc.if_else(firm, 88, 45)
    quarter = _round(pc.multiply(revenue, 0.22), 100)
    hit = pc.multiply(quarter, pc.subtract(1.05, pc.multiply(dice.even(), 0.8)))
    return {"capital_yuan": dice.known(capital, 97), "employees": dice.known(staff, told),
            "revenue_yuan": dice.known(revenue, told),
            "assets_yuan": dice.known(assets, pc.if_else(firm, 84, 30)), "revenue_2019_yuan": dice.known(quarter, 62),
            "revenue_2020_yuan": dice.known(_round(hit, 100), 60)}


def _round(values: pa.Array, step: int) -> pa.Array:
    """Whole yuan, in steps."""
    return pc.multiply(pc.cast(pc.round(pc.divide(pc.cast(values, pa.float64()), step)), pa.int64()), step)


def _people(dice: Dice, first: int) -> dict[str, pa.Array]:
    numbers = pa.array(range(first, first + dice.rows), pa.int64())
    return {"legal_person": pc.binary_join_element_wise(f"{MARK}法人", pc.cast(numbers, pa.string()), ""),
            "phone": dice.known(pc.binary_join_element_wise("100", _padded(numbers, 8), ""), 93)}


def _insurance(dice: Dice, found: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """Insured persons now and of two years, what was paid for them, and layoffs: known of those that insure anybody."""
    staff = dice.known(pc.fill_null(found["employees"], 3), 78)
    before = _tenths(pc.multiply(staff, pc.add(0.9, pc.multiply(dice.even(), 0.25))))
    after = _tenths(pc.multiply(staff, pc.add(0.85, pc.multiply(dice.even(), 0.2))))
    paid = _round(pc.multiply(staff, pc.add(4200.0, pc.multiply(dice.even(), 2600.0))), 10)
    rate = _scaled(_whole(pc.multiply(pc.power(dice.even(), 3), 2000)), 4)
    return {"insured": staff, "insured_2019": dice.known(before, 93), "insured_2020": dice.known(after, 90),
            "social_paid_yuan": dice.known(paid, 90),
            "unemployment_paid_yuan": dice.known(_round(pc.multiply(paid, 0.05), 1), 88),
            "unemployment_months": dice.known(pc.min_element_wise(dice.below(30), 12), 85), "layoff_rate": dice.known(rate, 70)}


def _tenths(values: pa.Array) -> pa.Array:
    return _scaled(_whole(pc.round(pc.multiply(values, 10))), 1)


def _scaled(numbers: pa.Array, places: int) -> pa.Array:
    """Whole numbers as decimals with so many places."""
    return pc.multiply(pc.cast(numbers, pa.decimal128(19, 0)), pa.scalar(Decimal(1).scaleb(-places)))


def _premises(dice: Dice, at: pa.Array) -> dict[str, pa.Array]:
    rents = dice.known(dice.true(72), 66)
    yes = pc.fill_null(rents, False)
    rent = _round(pc.exp(pc.add(9.4, pc.multiply(dice.bell(), 0.9))), 100)

    def renting(values: pa.Array) -> pa.Array:
        return pc.if_else(yes, values, pa.scalar(None, values.type))
    hit = dice.true(pa.array([one.hit for one in TRADES]).take(at))
    return {"renter": rents, "landlord": renting(dice.known(dice.of(LANDLORDS), 85)),
            "premises": renting(dice.known(dice.of(PREMISES), 90)), "rent_yuan": renting(dice.known(rent, 74)),
            "open_as_asked": dice.known(dice.true(91), 55), "hard_hit": dice.known(hit, 80)}


def _virtues(dice: Dice, at: pa.Array) -> dict[str, pa.Array]:
    """What policies ask of a firm besides: most of it known of some."""
    new = pa.array([one.code[0] in "IM" or one.code.startswith("C39") for one in TRADES]).take(at)
    loan = pc.if_else(dice.true(4), _round(pc.exp(pc.add(14.0, dice.bell())), 10_000), pa.scalar(None, pa.int64()))
    rate = _scaled(pc.add(_whole(pc.multiply(dice.even(), 160)), 40), 4)
    told = {"zombie": (0.8, 90), "dishonest": (1.5, 97), "functions_fit": (88, 60), "in_park": (14, 75), "key_field": (6, 70),
            "outside_clearing": (93, 65), "in_difficulty": (22, 35), "chain_branch": (5, 60), "supplies_fight": (2, 80)}
    found = {key: dice.known(dice.true(often), known) for key, (often, known) in told.items()}
    trained = pc.add(dice.below(30), 1)
    defer = pc.if_else(dice.true(6), pc.add(dice.below(6), 1), pa.scalar(None, pa.int64()))
    found |= {"trained": dice.known(trained, 9), "tax_defer_months": defer}
    found["training_yuan"] = dice.known(pc.multiply(found["trained"], 1_200), 94)
    found |= {"high_end": dice.known(pc.and_(new, dice.true(55)), 72), "guaranteed_yuan": loan,
              "guarantee_rate": pc.if_else(pc.is_valid(loan), dice.known(rate, 92), pa.scalar(None, rate.type))}
    unlisted = pa.array([one.code.startswith(UNLISTED) for one in TRADES]).take(at)
    certified = dice.known(dice.of(CERTIFIED), 60)
    return found | {"certified_size": pc.if_else(unlisted, certified, pa.scalar(None, certified.type))}
