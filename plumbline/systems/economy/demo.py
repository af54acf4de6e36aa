"""Invented deliveries of a statistics office that hold the published figures of the first half of 2020.

Every row says 模拟. The two reports print some of the numbers; those they do not print are made up to fit:
the other districts', so that ranks can be counted, and a year before, so that growth can be held against levels.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from plumbline.kernel import AREAS, CITY, Coverage

Row = Mapping[str, Any]
Delivery = tuple[str, str, Coverage, Iterable[Row]]
MARK = "模拟"
HALF, QUARTER, BEFORE = date(2020, 6, 30), date(2020, 3, 31), date(2019, 6, 30)
TOWN = "110112"
OTHERS = tuple(area.code for area in AREAS if area.code.startswith(CITY.code[:2]) and area.code not in (CITY.code, TOWN))
REAL = "按可比价格"
# item, unit; level and growth of the half-year, then of the first quarter; what the growth is held against
Told = tuple[str, str, str, str, str, str, str]
OF_CITY: tuple[Told, ...] = (
    ("地区生产总值", "亿元", "16205.6", "-3.2", "7462.2", "-6.6", REAL),
    ("第一产业增加值", "亿元", "40.4", "-20.8", "12.7", "-22.9", REAL),
    ("第二产业增加值", "亿元", "2404.8", "-4.2", "909.6", "-17.5", REAL),
    ("第三产业增加值", "亿元", "13760.4", "-3.0", "6539.9", "-4.8", REAL),
    ("规模以上工业增加值", "", "", "-3.7", "", "-14.7", REAL),
    ("电子行业增加值", "", "", "15.2", "", "3.1", REAL),
    ("汽车行业增加值", "", "", "-12.4", "", "-39.4", REAL),
    ("高技术制造业增加值", "", "", "3.2", "", "-4.2", REAL),
    ("战略性新兴产业增加值", "", "", "-1.1", "", "-7.3", REAL),
    ("金融业增加值", "亿元", "3345.1", "5.7", "1682.5", "5.5", REAL),
    ("信息服务业增加值", "", "", "8.3", "", "3.5", REAL),
    ("固定资产投资", "", "", "-1.5", "", "-7.1", ""),
    ("建安投资", "亿元", "1310.5", "-3.9", "498.2", "-12.6", ""),
    ("房地产开发投资", "", "", "4.0", "", "-2.2", ""),
    ("市场总消费额", "", "", "-13.0", "", "-12.5", ""),
    ("服务性消费额", "", "", "-9.7", "", "-4.2", ""),
    ("社会消费品零售总额", "亿元", "5973.7", "-16.3", "2716.5", "-21.5", ""),
    ("限额以上网上零售额", "亿元", "1899.2", "25.8", "807.4", "15.9", "按可比口径"),
    ("线上教育企业收入", "", "", "29.0", "", "21.0", ""),
    ("一般公共预算收入", "亿元", "2823.6", "-11.0", "1477.5", "-11.6", ""),
    ("居民人均可支配收入", "元", "34573", "2.1", "17684", "1.6", ""),
    ("居民消费价格", "", "", "2.9", "", "3.8", ""),
)
OF_TOWN: tuple[Told, ...] = (
    ("一般公共预算收入", "亿元", "48.59", "-7.4", "23.91", "-10.2", ""),
    ("固定资产投资", "", "", "0.9", "", "-8.4", ""),
    ("建安投资", "亿元", "196.4", "2.4", "71.2", "-9.6", ""),
    ("社会消费品零售总额", "亿元", "238.5", "-17.1", "108.8", "-22.8", ""),
    ("居民人均可支配收入", "元", "23184", "3.4", "11902", "2.2", ""),
    ("规模以上工业总产值", "亿元", "251.7", "-13.2", "102.9", "-22.7", ""),
    ("银行业税收", "亿元", "3.7", "50.9", "1.6", "38.4", ""),
    ("商品房销售面积", "万平方米", "46.2", "52.5", "11.3", "-20.6", ""),
    ("住宅销售面积", "", "", "-46.3", "", "-61.8", ""),
    ("商业营业用房销售面积", "", "", "1000.0", "", "120.0", ""),
    ("新设企业", "家", "7938", "3.0", "2870", "-18.5", ""),
    ("新设市场主体注册资本", "亿元", "1382.6", "156.0", "402.3", "64.0", ""),
    ("城乡劳动力就业人数", "人", "6487", "-29.8", "2316", "-41.2", ""),
    ("扶贫资金拨付额", "万元", "7986", "30.8", "3120", "22.5", ""),
)
# states at the end of a period: area, item, unit, level, growth
STATES = (
    (CITY.code, "贷款余额", "", "", "8.9"), (TOWN, "贷款余额", "", "", "18.1"),
    (TOWN, "城镇登记失业率", "%", "2.96", ""), (CITY.code, "城镇登记失业率", "%", "1.58", ""),
)
QUARTERLY = ((CITY.code, "规模以上工业增加值", QUARTER, "-14.7"), (CITY.code, "规模以上工业增加值", HALF, "7.4"))
SCOPES = {"限额以上网上零售额": "限额以上批发零售业、住宿餐饮业", "新设企业": "含亦庄", "新设市场主体注册资本": "含亦庄"}
# the district's places among the sixteen: of the others so many are ahead; by level and by growth
AHEAD = {
    "新设企业": (2, 2), "新设市场主体注册资本": (0, 0), "建安投资": (0, 5), "居民人均可支配收入": (11, 3),
    "一般公共预算收入": (9, 6), "社会消费品零售总额": (9, 8), "固定资产投资": (0, 4),
}


def deliveries(scale: int = 1, seed: int = 2020) -> Iterator[Delivery]:
    """What a demo hands in: table, name, coverage and rows; at scale n as many rows again of other items, n - 1 times."""
    half = Coverage((CITY.code,), date(2020, 1, 1), HALF)
    before = Coverage((CITY.code,), date(2019, 1, 1), BEFORE)
    yield "economy.main", f"{MARK}数据：2019年上半年主要指标", before, _year_before()
    yield "economy.main", f"{MARK}数据：2020年上半年主要指标", half, _half_year(scale, seed)


def _row(area: str, told: Told, ended_on: date, level: str, growth: str, basis: str = "累计") -> dict[str, Any]:
    item, unit = told[:2]
    return {
        "item": item, "area": area, "ended_on": ended_on, "basis": basis, "level": Decimal(level) if level else None,
        "unit": unit or None, "growth": Decimal(growth) if growth else None, "base_note": told[6] or None,
        "scope": "，".join(filter(None, (SCOPES.get(item, ""), MARK))), "revision": "初步",
    }


def _half_year(scale: int, seed: int) -> Iterator[Row]:
    made = 0
    for row in _published():
        made += 1
        yield row
    for number in range(made * (scale - 1)):
        # 7919 steps through all of them before it comes back to one
        at = (number * 7919 + seed) % 100_000
        told = (f"{MARK}指标{number:08}", "亿元", "", "", "", "", "")
        yield _row(OTHERS[number % len(OTHERS)], told, HALF, f"{at}.5", f"{at % 40 - 20}.3")


def _published() -> Iterator[Row]:
    for area, told in ((area, told) for area, table in ((CITY.code, OF_CITY), (TOWN, OF_TOWN)) for told in table):
        yield _row(area, told, HALF, told[2], told[3])
        yield _row(area, told, QUARTER, told[4], told[5])
    for told in OF_TOWN:
        yield from _others(told)
    for area, item, unit, level, growth in STATES:
        yield _row(area, (item, unit, "", "", "", "", ""), HALF, level, growth, "时点")
    for area, item, ended_on, growth in QUARTERLY:
        yield _row(area, (item, "", "", "", "", "", REAL), ended_on, "", growth, "当季")


def _others(told: Told) -> Iterator[Row]:
    """The fifteen other districts, so many of them ahead of ours by level and by growth."""
    if told[0] not in AHEAD:
        return
    by_level, by_growth = AHEAD[told[0]]
    for at, area in enumerate(OTHERS):
        level = _near(told[2], at, by_level, Decimal("1.03")) if told[2] else ""
        step = Decimal("0.3") * (at + 1 if at < by_growth else -at - 1)
        yield _row(area, told, HALF, level, str(Decimal(told[3]) + step))


def _near(level: str, at: int, ahead: int, ratio: Decimal) -> str:
    """A level ahead of another while `at` is below `ahead`, else behind it."""
    far = ratio + Decimal(at) / 100
    value = Decimal(level) * far if at < ahead else Decimal(level) / far
    return str(value.quantize(Decimal(level)))


def _year_before() -> Iterator[Row]:
    """Levels of the year before, as the growth would have them; of what is counted at constant prices, a little less."""
    for area, table in ((CITY.code, OF_CITY), (TOWN, OF_TOWN)):
        for told in table:
            if told[2]:
                part = 1 + Decimal(told[3]) / 100
                level = Decimal(told[2]) / part * (Decimal("0.985") if told[6] else 1)
                yield _row(area, told, BEFORE, str(level.quantize(Decimal(told[2]))), "")
