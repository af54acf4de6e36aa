"""Ledgers of the demo: what is resumed, owed, made, offered, brought in and listed on exchanges; every name says 模拟.

    329 firms of industry, 75 buildings, 254 shops resumed   5 firms listed, two of them in the half-year
    52 guides      12 measures and 20 details of the district; 54 measures of the city
"""

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from plumbline.kernel import BY_CODE, CITY
from plumbline.systems.enterprise.invented_firms import INDUSTRIES, cast
from plumbline.systems.enterprise.invented_money import elsewhere
from plumbline.systems.enterprise.places import MARK, STREETS, TOWN, day_in, street_of

Row = Mapping[str, Any]
# kind, how many in the district, in each other one, and how many there have not resumed
SITES = (("规模以上工业企业", 329, 20, 1), ("商务楼宇", 75, 6, 0), ("商超餐饮物流企业", 254, 15, 1))
LACKS = ("防疫物资", "返岗人员", "原材料", "物流", "资金", "不缺", "不缺", "不缺")
GUIDES = 52
TRADES = ("商场超市", "写字楼", "建筑工地", "餐饮", "快递", "工厂", "理发", "物业", "银行网点", "影剧院", "宾馆",
          "学校食堂", "农贸市场")
# paper, area, kind, how many, when
PAPERS = (
    ("打好防疫阻击战的措施", CITY.code, "政策措施", 19, date(2020, 2, 3)),
    ("促进中小微企业发展的措施", CITY.code, "政策措施", 16, date(2020, 2, 5)),
    ("复工复产措施", CITY.code, "政策措施", 10, date(2020, 3, 2)),
    ("中小微企业新措施", CITY.code, "政策措施", 9, date(2020, 4, 17)),
    ("中小微企业措施细则", CITY.code, "实施细则", 36, date(2020, 3, 10)),
    ("区级支持企业措施", TOWN, "政策措施", 12, date(2020, 2, 14)), ("区级实施细则", TOWN, "实施细则", 20, date(2020, 3, 6)))
ARREARS, ELSEWHERE_ARREARS = 86, 18
SPACES, LANDINGS = (60, 8), (80, 10)
SOURCES = ("结对区推荐", "市级派发", "自主招商", "以商招商")
# listed before, listed in the half-year, reserve: of the district
LISTED, NEWLY, RESERVE = 3, ("科创板", "主板"), 23
BOARDS = ("主板", "中小板", "创业板", "科创板", "境外")


def places(town: int, each: int) -> Iterator[tuple[str, str, int]]:
    """Area, street and number of each thing: so many of the district and of each other district."""
    for area in (TOWN, *(code for code in STREETS if code != TOWN)):
        for n in range(town if area == TOWN else each):
            yield area, street_of(area, n), n


def sites(seed: int = 2020) -> Iterator[Row]:
    """Places of work and when they resumed: in the district all of them."""
    dice = random.Random(seed + 10)
    for number, (kind, town, each, shut) in enumerate(SITES):
        for area, street, n in places(town, each):
            open_ = area == TOWN or n >= shut
            yield {"number": f"{MARK}{number}{n:05}", "name": f"{BY_CODE[area].short}{MARK}{kind[-4:]}{n + 1}", "kind": kind,
                   "area": area, "street": street, "listed_on": date(2020, 2, 9),
                   "resumed_on": day_in(dice, date(2020, 2, 10), date(2020, 4, 30)) if open_ else None,
                   "lack": LACKS[int(dice.random() * 8)], "chief": f"{street}和产权单位" if kind == "商务楼宇" else None}


def guides(seed: int = 2020) -> Iterator[Row]:
    """Guides, one for each trade."""
    dice = random.Random(seed + 11)
    for n in range(GUIDES):
        yield {"number": f"{MARK}{n + 1:03}", "trade": f"{TRADES[n % 13]}{n // 13 + 1 if n >= 13 else ''}", "area": CITY.code,
               "issued_on": day_in(dice, date(2020, 2, 1), date(2020, 6, 20)), "office": f"{MARK}防控工作组"}


def measures() -> Iterator[Row]:
    """Measures, clause by clause."""
    for number, (paper, area, kind, many, day) in enumerate(PAPERS, 1):
        for n in range(1, many + 1):
            yield {"number": f"{MARK}{number:02}{n:03}", "paper": f"{paper}（{MARK}）", "title": f"第{n}条", "kind": kind,
                   "area": area, "issued_on": day}


def arrears(seed: int = 2020) -> Iterator[Row]:
    """Money owed to firms, and how much of it is paid by now."""
    dice, firms = random.Random(seed + 12), [*cast(seed).town[:ARREARS], *elsewhere(seed, ELSEWHERE_ARREARS)]
    for number, one in enumerate(firms, 1):
        owed = 10_000 * (3 + int(dice.random() ** 2 * 400))
        roll = dice.random()
        paid = owed if roll < 0.55 else owed * int(dice.random() * 9) // 10 if roll < 0.8 else 0
        kind = ("机关", "事业单位", "国有企业", "大型民营企业")[int(dice.random() * 4)]
        due = day_in(dice, date(2018, 3, 1), date(2019, 12, 1))
        debtor = f"{MARK}{kind}{number % 30 + 1}"
        yield {"number": f"{MARK}{number:05}", "code": one.code, "creditor": one.shown, "debtor": debtor,
               "debtor_kind": kind, "area": one.area, "street": one.street, "due_on": due,
               "listed_on": day_in(dice, date(2020, 1, 6), date(2020, 5, 31)), "owed_yuan": Decimal(owed),
               "paid_yuan": Decimal(paid), "paid_on": day_in(dice, date(2020, 6, 1), date(2020, 6, 30)) if paid else None,
               "plan": None if paid == owed else f"年底前还清（{MARK}）"}


def spaces(seed: int = 2020) -> Iterator[Row]:
    """Spaces where projects can go."""
    dice = random.Random(seed + 13)
    for area, street, n in places(*SPACES):
        kind = ("写字楼", "厂房", "研发楼", "商业", "土地")[n % 5]
        yield {"number": f"{MARK}KJ{n + 1:04}", "name": f"{BY_CODE[area].short}{MARK}{kind}{n + 1}", "kind": kind,
               "area": area, "street": street, "free_m2": Decimal(200 + 50 * int(dice.random() ** 2 * 200)),
               "rent_yuan": None if kind == "土地" else Decimal(20 + int(dice.random() * 60)) / 10,
               "fits": {"厂房": "C", "研发楼": "C I M", "商业": "F H", "写字楼": "I J L M"}.get(kind),
               "listed_on": date(2020, 1, 8)}


def landings(seed: int = 2020) -> Iterator[Row]:
    """Projects that look for a space: half of them matched, a third landed."""
    dice = random.Random(seed + 14)
    for area, _, n in places(*LANDINGS):
        listed = day_in(dice, date(2020, 1, 6), date(2020, 4, 20))
        matched = listed + timedelta(days=5 + int(dice.random() * 20)) if n % 2 else None
        landed = matched + timedelta(days=10 + int(dice.random() * 30)) if matched and n % 3 == 0 else None
        yield {"number": f"{MARK}XM{n + 1:04}", "project": f"{BY_CODE[area].short}{MARK}项目{n + 1}",
               "industry": INDUSTRIES[n % len(INDUSTRIES)][0], "area": area, "source": SOURCES[n % 4],
               "needs_m2": Decimal(150 + 50 * int(dice.random() ** 2 * 160)), "money_yuan": Decimal(10_000_000 * (1 + n % 30)),
               "listed_on": listed, "space": f"{MARK}KJ{n % SPACES[area != TOWN] + 1:04}" if matched else None,
               "matched_on": matched, "landed_on": landed, "state": "已落地" if landed else "已对接空间" if matched else "洽谈"}


def listings(seed: int = 2020) -> Iterator[Row]:
    """Firms listed on exchanges and those that prepare for it."""
    dice, town = random.Random(seed + 15), cast(seed).town
    whole = [(TOWN, n, one) for n, one in enumerate(town[:LISTED + len(NEWLY) + RESERVE])]
    whole += [(one.area, 100 + n, one) for n, one in enumerate(elsewhere(seed, 20))]
    for area, n, one in whole:
        own = area == TOWN
        stage = "上市" if (n < LISTED + len(NEWLY) if own else n % 20 < 14) else ("储备", "辅导", "申报", "过会")[n % 4]
        fresh = own and LISTED <= n < LISTED + len(NEWLY)
        day = day_in(dice, date(2020, 1, 10), date(2020, 6, 28)) if fresh else day_in(dice, date(2005, 1, 1), date(2018, 12, 31))
        yield {"number": f"{MARK}{n + 1:04}", "code": one.code, "name": one.name, "area": area, "entered_on": date(2019, 3, 1),
               "stage": stage, "board": NEWLY[n - LISTED] if fresh else BOARDS[n % 5] if stage == "上市" else None,
               "listed_on": day if stage == "上市" else None}
