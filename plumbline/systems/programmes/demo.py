"""Invented deliveries of ledgers, of any size, that yield the published figures of the first half of 2020.

Every name says 模拟. At scale n each ledger has n times the rows, and the same rates.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from plumbline.kernel import AREAS, CITY, Catalog, Coverage
from plumbline.systems.programmes import rehearsal

Row = Mapping[str, Any]
Delivery = tuple[str, str, Coverage, Iterable[Row]]
MARK = "模拟"
FIRST, LAST = date(2020, 1, 1), date(2020, 6, 30)
LISTED = date(2020, 1, 10)
TOWN = "110112"
DISTRICTS = tuple(area.code for area in AREAS if area.code.startswith(CITY.code[:2]) and area != CITY)
STREETS = tuple(f"{MARK}街道{number}" for number in range(1, 9))
TOLD = Coverage((CITY.code,), FIRST, LAST)
HALF_DAYS = (LAST - LISTED).days


@dataclass(frozen=True, slots=True)
class Lot:
    """Things of one kind: how many are listed and how many of them are done, in the district and in all others.

    aspects  of tasks: an aspect, how many tasks it has, and the state of those not done
    """

    name: str
    town: tuple[int, int] = (0, 0)
    others: tuple[int, int] = (0, 0)
    aspects: tuple[tuple[str, int, str], ...] = ()


ACTIONS = (
    Lot("一般制造业企业疏解退出", (4, 3), (86, 65)),
    Lot("市场和物流中心疏解提升", (3, 1), (63, 28)),
    Lot("便民网点建设提升", (120, 92), (880, 553)),
    Lot("背街小巷整治", (60, 33), (1_380, 742)),
    Lot("无证无照经营整治", (180, 121), (2_600, 1_804)),
)
# the lists of the city are the city's own; `town` holds the district's
TASKS = (
    Lot("科创中心建设任务", others=(223, 118)),
    Lot("服务业扩大开放试点任务", (78, 41), (177, 167)),
    Lot("扩大开放三年行动任务", others=(200, 128)),
    Lot("扩大开放制度创新成果", others=(52, 52)),
    Lot("优化营商环境配套措施", others=(61, 37)),
    Lot("自贸片区创新措施", others=(81, 22)),
    Lot("营商环境年度重点工作", (18, 7),
        aspects=tuple((f"{MARK}方面{number}", 2 if number < 9 else 1, "推进中") for number in range(1, 11))),
    Lot("老城双修重点任务", (95, 0),
        aspects=(("续建项目", 13, "推进中"), ("新启动任务", 10, "推进中"), ("前期任务", 72, "未启动"))),
    Lot("北三县协同重点工作", (15, 4)),
    Lot("交通综合治理任务", (40, 16)),
)
PROJECTS = (
    Lot("七有五性行动计划", (141, 38)), Lot("小微项目惠民生", (79, 13)), Lot("服务业扩大开放项目库", (18, 2)),
    Lot("园林绿化工程", (18, 5)),
)
# kind, then hundredths of a hectare and plots: in the district and in the others
PLOTS = (("拆违腾退", 9_870, 60, 145_700, 940), ("留白增绿", 5_630, 40, 81_390, 560))
# programme, then hundredths of a mu and parcels
PLANTING = (("新一轮百万亩造林", 1_420_000, 142, 11_850_000, 1_185), ("其他绿化", 80_000, 16, 940_000, 94))
OUTLETS, CHAINS = 1_200, 636


def deliveries(scale: int = 1, seed: int = 2020) -> Iterator[Delivery]:
    """What a demo hands in: table, name, coverage and rows; `scale` times as many rows, each made when asked for."""
    for table, label, rows in (
        ("actions", "疏解整治促提升台账", _actions), ("tasks", "任务台账", _tasks), ("projects", "项目台账", _projects),
        ("outlets", "网点名录", _outlets), ("plots", "地块", _plots), ("planting", "造林小班", _planting),
    ):
        yield f"programmes.{table}", f"{MARK}数据：{label}", TOLD, rows(scale, random.Random(seed))


def offices() -> Iterator[Mapping[str, Any]]:
    """Streets of the example's district, to create."""
    return rehearsal.offices()


def walk(planner: Any, holder: Callable[[Any], Any], catalog: Catalog, now: datetime) -> int:
    """Tasks of the example's plan in every state, a meeting held and one called; once. How many orders they made.

    planner  of the example's district, its plan confirmed; holder gives who works at an office
    """
    return rehearsal.walk(planner, holder, catalog, now)


def shared(total: int, parts: int) -> list[int]:
    """A whole number in parts that differ by at most one, the larger ones first.

    >>> shared(8, 3)
    [3, 3, 2]
    """
    return [total // parts + (at < total % parts) for at in range(parts)]


def _spread(lot: Lot, scale: int) -> Iterator[tuple[str, int, int]]:
    """Area, listed, done: the district's own, and the other districts' as even as can be."""
    others = [code for code in DISTRICTS if code != TOWN]
    if lot.town[0]:
        yield TOWN, lot.town[0] * scale, lot.town[1] * scale
    yield from zip(others, shared(lot.others[0] * scale, len(others)), shared(lot.others[1] * scale, len(others)), strict=True)


def _done_on(dice: random.Random) -> date:
    return LISTED + timedelta(days=dice.randint(1, HALF_DAYS))


def _actions(scale: int, dice: random.Random) -> Iterator[Row]:
    number = 0
    for lot in ACTIONS:
        for area, listed, done in _spread(lot, scale):
            for at in range(listed):
                number += 1
                yield {
                    "number": f"{MARK}{number:08}", "item": f"{MARK}{lot.name[:4]}{number}", "kind": lot.name, "area": area,
                    "street": dice.choice(STREETS), "listed_on": LISTED, "due_on": date(2020, 12, 31),
                    "state": "已完成" if at < done else dice.choice(("未启动", "推进中")),
                    "done_on": _done_on(dice) if at < done else None, "office": None,
                }


def _tasks(scale: int, dice: random.Random) -> Iterator[Row]:
    for lot in TASKS:
        for area, (listed, done) in ((CITY.code, lot.others), (TOWN, lot.town)):
            states = _states(lot, listed * scale, done * scale, scale)
            for number, (aspect, state) in enumerate(states, 1):
                yield {
                    "list": lot.name, "number": number, "task": f"{MARK}任务{number}", "aspect": aspect, "area": area,
                    "office": f"{MARK}单位{dice.randint(1, 30)}", "issued_on": LISTED, "due_on": date(2020, 12, 31),
                    "state": state, "done_on": _done_on(dice) if state == "已完成" else None,
                }


def _states(lot: Lot, listed: int, done: int, scale: int) -> Iterator[tuple[str | None, str]]:
    """Aspect and state of each task of a list; the first ones are done."""
    aspects = [(aspect, state) for aspect, many, state in lot.aspects for _ in range(many * scale)] if listed else []
    for at in range(listed):
        aspect, state = aspects[at] if aspects else (None, "推进中" if at % 3 else "未启动")
        yield aspect, "已完成" if at < done else state


def _projects(scale: int, dice: random.Random) -> Iterator[Row]:
    for lot in PROJECTS:
        for number in range(1, lot.town[0] * scale + 1):
            done, begun = number <= lot.town[1] * scale, number % 4 != 0
            yield {
                "programme": lot.name, "number": number, "project": f"{MARK}项目{number}", "batch": "第一批", "area": TOWN,
                "street": dice.choice(STREETS), "listed_on": LISTED, "started_on": LISTED if done or begun else None,
                "state": "完工投用" if done else "在建" if begun else "前期",
                "done_on": _done_on(dice) if done else None,
            }


def _outlets(scale: int, dice: random.Random) -> Iterator[Row]:
    trades = ("蔬菜零售", "便利店", "早餐", "美容美发", "家政", "洗染", "便民维修", "末端配送")
    for number in range(1, OUTLETS * scale + 1):
        yield {"number": f"{MARK}{number:08}", "name": f"{MARK}网点{number}", "trade": dice.choice(trades), "area": TOWN,
               "street": dice.choice(STREETS), "chain": number <= CHAINS * scale, "closed_on": None}


def _plots(scale: int, dice: random.Random) -> Iterator[Row]:
    for number, (kind, area, land) in enumerate(_land(PLOTS, scale), 1):
        yield {"number": f"{MARK}{number:08}", "kind": kind, "area": area, "street": dice.choice(STREETS),
               "done_on": _done_on(dice), "land": land.quantize(Decimal("0.0001"))}


def _planting(scale: int, dice: random.Random) -> Iterator[Row]:
    for number, (programme, area, land) in enumerate(_land(PLANTING, scale), 1):
        yield {"number": f"{MARK}{number:08}", "programme": programme, "area": area, "planted_on": _done_on(dice), "land": land}


def _land(kinds: Iterable[tuple[str, int, int, int, int]], scale: int) -> Iterator[tuple[str, str, Decimal]]:
    """Kind, area and land of each plot; hundredths are shared out exactly."""
    others = [code for code in DISTRICTS if code != TOWN]
    for kind, town, plots, rest, more in kinds:
        for land in shared(town * scale, plots * scale):
            yield kind, TOWN, Decimal(land).scaleb(-2)
        for at, land in enumerate(shared(rest * scale, more * scale)):
            yield kind, others[at % len(others)], Decimal(land).scaleb(-2)
