"""An invented registry and half-year of the enterprise platform; every name says 模拟."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from plumbline.kernel import CITY, Coverage

Row = dict[str, Any]
Delivery = tuple[str, str, Coverage, Iterable[Row]]
DISTRICTS = ("110105", "110108", "110112")


def deliveries(scale: int = 1, seed: int = 2020) -> Iterator[Delivery]:
    """Table, name, coverage and rows of each delivery."""
    yield "enterprise.firms", "市场主体（模拟）", Coverage((CITY.code,)), _firms(200 * scale, seed)


def _firms(many: int, seed: int) -> Iterator[Row]:
    for n in range(many):
        area = DISTRICTS[(n + seed) % len(DISTRICTS)]
        yield {"code": f"91{area}MA{n:08d}", "name": f"模拟企业{n + 1:06d}", "area": area, "kind": "企业", "status": "存续",
               "set_up_on": date(2019 + n % 2, 1 + n % 6, 1 + n % 28)}
