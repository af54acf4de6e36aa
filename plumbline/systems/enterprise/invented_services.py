"""What was done for firms in the demo's half-year: requests, visits and the matters they brought, packs, plans.

    2,019 firms visited, 4,032 matters   in the whole city
    512 visits, 212 problems solved      in the district
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from plumbline.kernel import BY_CODE
from plumbline.systems.enterprise.invented_firms import Firm, cast
from plumbline.systems.enterprise.invented_money import elsewhere
from plumbline.systems.enterprise.places import MARK, MATTERS, OTHERS, SERVICE, TOWN, at, day_in, office, office_for, shared

Row = Mapping[str, Any]
FIRST, LAST = date(2020, 1, 6), date(2020, 6, 28)
FIRMS, TOWN_FIRMS, TOWN_VISITS = 2_019, 318, 512
# matters closed in the district, those of them solved, and those of the other districts
TOWN_ITEMS, TOWN_SOLVED, ITEMS = 252, 212, 4_032
REQUESTS, ELSEWHERE_REQUESTS = 640, 45
PACKS, GOLD, PLANS = 36, 12, 24
ELSEWHERE_PACKS, ELSEWHERE_PLANS = 8, 3
ENDED = ("已解决", "部分解决", "解释说明")
ASKED: Mapping[str, tuple[str, ...]] = {
    "融资": ("流动资金紧张，希望银行续贷", "没有贷过款，想了解首贷怎么办"),
    "用工": ("返岗人员不足，希望帮助招工", "想了解以训稳岗怎么申请"),
    "用地空间": ("厂房租期将满，希望协调空间", "想在本区扩大办公面积"), "物资": ("口罩和消毒液不够，影响复工", "原材料供应不上"),
    "物流": ("货车进不了小区和园区", "跨省运输证明难办"), "税费": ("想延期缴纳税款", "社会保险费减免没有到账"),
    "政策兑现": ("租金减免没有落实", "稳岗返还一直没有收到"), "证照": ("变更住所手续多，希望代办", "许可证到期，窗口没有开放"),
    "拖欠账款": ("工程款拖欠半年没有结清", "国有企业的货款没有按期付"), "其他": ("门前施工围挡影响经营", "希望开通复工专线班车")}


@dataclass(frozen=True, slots=True)
class Visited:
    """Firms of a district that were visited, how often in all, and the matters closed for them, solved ones among them."""

    firms: Sequence[Firm]
    visits: int
    items: int
    solved: int


def visited(seed: int = 2020) -> list[Visited]:
    """Who was visited: the district's largest and some of the others', exactly as many as were published."""
    largest = sorted(cast(seed).town, key=lambda one: -one.staff)[:TOWN_FIRMS]
    found = [Visited(largest, TOWN_VISITS, TOWN_ITEMS, TOWN_SOLVED)]
    firms = shared(FIRMS - TOWN_FIRMS, [1] * len(OTHERS))
    items = shared(ITEMS - TOWN_ITEMS, [1] * len(OTHERS))
    everyone = elsewhere(seed, max(firms))
    for n, (many, matters) in enumerate(zip(firms, items, strict=True)):
        own = everyone[n * max(firms):(n + 1) * max(firms)][:many]
        found.append(Visited(own, many, matters, matters * (70 + n) // 100))
    return found


def _order(kind: str, number: int, one: Firm, opened: datetime, closed: datetime) -> dict[str, Any]:
    return {"number": f"{kind}2020{number:06}", "area": one.area, "place": one.street, "subject": one.code, "opened_at": opened,
            "closed_at": closed, "address": f"{MARK}路"}


def visits(seed: int = 2020) -> Iterator[Row]:
    """Visits that were made; who is visited twice is so months later."""
    dice, number = random.Random(seed + 5), 0
    for some in visited(seed):
        for n in range(some.visits):
            number += 1
            one, again = some.firms[n % len(some.firms)], n >= len(some.firms)
            day = day_in(dice, date(2020, 4, 15), LAST) if again else day_in(dice, FIRST, date(2020, 4, 10))
            fields = {"firm": one.shown, "visitor": f"{MARK}专员{number % 40 + 1}", "planned_on": day, "done_on": day,
                      "need": 10 + int(dice.random() * 60), "told": f"企业正常经营，反映的事项已逐条记下。（{MARK}）"}
            yield _order("ZF", number, one, at(day - timedelta(days=3), 9), at(day, 16)) | {
                "title": f"走访 {one.shown}"[:200], "office": office(SERVICE, one.area), "state": "done", "source": "走访计划",
                "fields": fields}


def items(seed: int = 2020) -> Iterator[Row]:
    """Matters that visits, packs and plans brought, all closed."""
    dice, number = random.Random(seed + 6), 0
    for some in visited(seed):
        for n in range(some.items):
            number += 1
            one, matter = some.firms[n % len(some.firms)], MATTERS[int(dice.random() ** 1.2 * len(MATTERS))]
            ended = ENDED[0] if n < some.solved else ENDED[1 + n % 2]
            yield _matter("FW", number, one, matter, dice) | {"fields": {
                "matter": matter, "origin": ("走访", "走访", "服务包", "一企一策")[n % 4], "firm": one.shown, "finding": ended,
                "satisfied": dice.random() < (0.96 if n < some.solved else 0.7)}}


def _matter(kind: str, number: int, one: Firm, matter: str, dice: random.Random) -> dict[str, Any]:
    """What an item and a request have alike: what is asked, who sees to it, when it was due and over."""
    opened = day_in(dice, FIRST, date(2020, 6, 5))
    days = 1 + int(dice.random() * 16)
    closed = min(opened + timedelta(days=days), date(2020, 6, 29))
    told = ASKED[matter][int(dice.random() * 2)]
    return _order(kind, number, one, at(opened, 9), at(closed, 17)) | {
        "title": f"{told}（{MARK}）", "text": f"{one.shown}：{told}。（{MARK}）", "urgency": "ordinary", "source": "平台",
        "state": "closed", "office": office_for(matter, one.area), "due_at": at(opened + timedelta(days=14), 18),
        "late": days > 14}


def requests(seed: int = 2020) -> Iterator[Row]:
    """Requests that firms made, closed and rated; some said nothing."""
    dice, firms = random.Random(seed + 7), cast(seed)
    district = [*firms.town, *firms.traders, *firms.town_new]
    asking = [*dice.sample(district, REQUESTS), *elsewhere(seed, ELSEWHERE_REQUESTS, 300)]
    for number, one in enumerate(asking, 1):
        matter = MATTERS[int(dice.random() * len(MATTERS))]
        roll = dice.random()
        fields: dict[str, Any] = {"matter": matter, "firm": one.shown, "finding": ENDED[int(roll > 0.8) + int(roll > 0.92)]}
        if dice.random() < 0.9:
            fields |= {"responded": dice.random() < 0.985, "solved": roll <= 0.8 or dice.random() < 0.3,
                       "satisfied": dice.random() < 0.93}
        source = ("平台", "平台", "走访", "热线")[number % 4]
        yield _matter("QS", number, one, matter, dice) | {"source": source, "fields": fields}


def packs(seed: int = 2020) -> Iterator[Row]:
    """Service packs, still standing."""
    dice = random.Random(seed + 8)
    for number, one in enumerate(_served(seed, PACKS, ELSEWHERE_PACKS), 1):
        day = day_in(dice, FIRST, LAST)
        card = "金卡" if number <= GOLD else ("银卡", "普通卡", "金卡")[number % 3 if number > PACKS else number % 2]
        yield _order("FB", number, one, at(day, 9), at(day, 9)) | {
            "title": f"{one.shown} 服务包"[:200], "office": office(SERVICE, one.area), "state": "standing", "source": "平台",
            "fields": {"firm": one.shown, "card": card, "steward": f"{BY_CODE[one.area].short}{MARK}管家{number % 12 + 1}",
                       "since": day, "until": date(2020, 12, 31)}}


def plans(seed: int = 2020) -> Iterator[Row]:
    """Plans made for single firms; two in three reached what they aimed at."""
    dice = random.Random(seed + 9)
    for number, one in enumerate(_served(seed, PLANS, ELSEWHERE_PLANS), 1):
        day = day_in(dice, FIRST, date(2020, 4, 30))
        closed = day + timedelta(days=20 + int(dice.random() * 30))
        yield _order("YC", number, one, at(day, 9), at(closed, 17)) | {
            "title": f"{one.shown} 一企一策"[:200], "office": office(SERVICE, one.area), "state": "finished", "source": "平台",
            "fields": {"firm": one.shown, "aim": f"恢复到上年同期产能（{MARK}）", "until": closed,
                       "outcome": "已达成" if number % 3 else "部分达成"}}


def _served(seed: int, town: int, each: int) -> list[Firm]:
    """The largest firms of the district, and some of each other district."""
    largest = sorted(cast(seed).town, key=lambda one: -one.staff)[:town]
    assert all(one.area == TOWN for one in largest)
    return [*largest, *elsewhere(seed, each)]
