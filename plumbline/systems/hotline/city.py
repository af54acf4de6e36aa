"""An invented city for the demo: streets, communities, offices, and where they lie; every name says 模拟."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from plumbline.kernel import BY_CODE, CITY

MARK = "模拟"
# district: how many streets, longitude and latitude near its middle
DISTRICTS: Mapping[str, tuple[int, float, float]] = {
    "110101": (17, 116.416, 39.928), "110102": (15, 116.366, 39.912), "110105": (43, 116.486, 39.958),
    "110106": (28, 116.286, 39.836), "110107": (9, 116.195, 39.926), "110108": (29, 116.270, 40.003),
    "110109": (13, 116.020, 39.980), "110111": (28, 116.040, 39.730), "110112": (24, 116.700, 39.830),
    "110113": (25, 116.680, 40.140), "110114": (22, 116.220, 40.210), "110115": (24, 116.370, 39.680),
    "110116": (16, 116.620, 40.360), "110117": (18, 117.110, 40.160), "110118": (20, 116.870, 40.420),
    "110119": (18, 115.980, 40.470),
}
COMMUNITIES, SPOTS = 8, 12
CITY_OFFICES = ("市人力资源社会保障局", "市交通委", "市生态环境局", "市教委", "市卫生健康委", "市市场监管局", "市公安局交管局",
                "市住房公积金中心", "市医保局", "市园林绿化局", "市水务局", "市文化旅游局")
DISTRICT_OFFICES = ("城管委", "城管执法局", "房管局", "市场监管局", "教委", "卫健委")
ENTERPRISES = ("自来水集团", "燃气集团", "热力集团", "电力公司", "公交集团", "地铁公司", "通信公司", "邮政公司")
FLOWERS = ("海棠", "玉兰", "银杏", "国槐", "紫薇", "月季", "丁香", "牡丹", "芙蓉", "石榴", "梧桐", "白杨")
KINDS = ("小区", "家园", "东路", "市场", "花园", "里", "南街", "小学周边", "公寓", "胡同", "北路", "广场")


@dataclass(frozen=True, slots=True)
class Street:
    """A street or town of the invented city. code: nine digits; hard: how often requests stay unsolved, 100 is usual."""

    code: str
    name: str
    district: str
    lng: float
    lat: float
    hard: int
    spots: tuple[str, ...]


@cache
def streets() -> tuple[Street, ...]:
    """All 349 of them, district by district."""
    return tuple(_street(code, n, count, lng, lat)
                 for code, (count, lng, lat) in DISTRICTS.items() for n in range(1, count + 1))


def _street(district: str, n: int, count: int, lng: float, lat: float) -> Street:
    """A street; where it lies and how hard its work is follow from its number alone."""
    mixed = (int(district) * 31 + n * 7919) % 1009
    hard = 72 + int(district) % 17 * 3 + mixed % 97
    side, row = n % 5 - 2, n // 5 - count // 10
    spots = tuple(f"{MARK}{FLOWERS[(n + at) % 12]}{KINDS[(mixed + at * 5) % 12]}" for at in range(SPOTS))
    return Street(f"{district}{n:03}", f"{BY_CODE[district].short}{MARK}{n:02}街道", district,
                  lng + side * 0.012, lat + row * 0.01, hard, spots)


def department(name: str, district: str) -> str:
    """Name of a district's department."""
    return f"{BY_CODE[district].short}{MARK}{name}"


def offices() -> Iterator[Mapping[str, Any]]:
    """Offices to create: name, area, kind, and the street a street's office looks after."""
    for name in CITY_OFFICES:
        yield _office(f"{MARK}{name}", CITY.code, "department")
    for name in ENTERPRISES:
        yield _office(f"{MARK}{name}", CITY.code, "enterprise")
    for code in DISTRICTS:
        yield _office(f"{BY_CODE[code].short}{MARK}区政府", code, "district")
        yield from (_office(department(name, code), code, "department") for name in DISTRICT_OFFICES)
    yield from (_office(one.name, one.district, "street", one.code) for one in streets())


def _office(name: str, area: str, kind: str, place: str = "") -> Mapping[str, Any]:
    return {"name": name, "area": area, "kind": kind, "place": place}
