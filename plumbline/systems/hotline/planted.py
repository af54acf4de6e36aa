"""Hot spots planted in the invented half-year: who looks for them must find these, and see what fell away afterwards."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Hot:
    """A planted hot spot.

    street    place in the list of streets
    topic     place in the list of topics
    spot      what the requests name
    matters   how they say it, after its name
    months    requests of each month, January first, at scale 1
    remedy_on day a remedy was finished; None: none was
    """

    street: int
    topic: int
    spot: str
    matters: tuple[str, ...]
    months: tuple[int, int, int, int, int, int]
    remedy_on: date | None = None


HOT = (
    Hot(20, 0, "模拟锦秋家园3号楼", ("电梯又停了，老人下不了楼", "电梯困人", "电梯停运快一个月"),
        (6, 9, 12, 10, 3, 1), date(2020, 4, 28)),
    Hot(60, 13, "模拟望河工地", ("半夜打桩", "夜间浇筑混凝土，吵得睡不着", "凌晨还在施工"),
        (0, 2, 8, 14, 16, 18)),
    Hot(95, 8, "模拟铁桥下积水点", ("一下雨就淹", "积水没过车轮", "排水口堵了"), (0, 0, 1, 4, 11, 17)),
    Hot(160, 4, "模拟暖北小区", ("暖气不热", "室温只有十四度", "供热管道漏水"), (15, 13, 9, 0, 0, 0)),
    Hot(210, 9, "模拟杏林路垃圾站", ("异味大", "污水横流", "车辆夜里作业"),
        (4, 8, 11, 13, 4, 2), date(2020, 5, 8)),
    Hot(250, 10, "模拟晨光早市", ("占道经营", "摊贩堵住路口", "散了一地菜叶"), (0, 3, 7, 9, 12, 14)),
    Hot(300, 6, "模拟308路", ("等了四十分钟", "早高峰挤不上", "班次太少"), (2, 3, 5, 8, 9, 11)),
    Hot(340, 11, "模拟清溪村北", ("有人占地盖房", "大棚房又建起来了", "违建没拆"), (1, 2, 4, 7, 9, 10)),
)
