"""An invented report of the size of a real one: about 280 numbers, all written from invented figures."""

import hashlib
from decimal import Decimal

from plumbline.kernel import Figure, Indicator, Paper
from plumbline.kernel.comparison import Basis
from plumbline.reports.writing.tests.invented import AREA, CITY, PERIOD, indicator

PEERS = (AREA, "110101", "110105", "110108", "110112")
# what is measured: label, unit, decimals, least and most; then the sentence it is said in, {x} standing for its ref
MONEY = (
    "一般公共预算收入", "全社会固定资产投资", "社会消费品零售额", "规模以上工业总产值", "建安投资", "实际利用外资",
    "网上零售额", "进出口总额", "税收收入", "民生支出", "教育支出", "卫生健康支出",
)
COUNTS = (
    ("新设企业", "家"), ("新增就业", "人"), ("规模以上工业企业", "家"), ("新建公园", "处"), ("改造老旧小区", "个"),
    ("新建5G基站", "个"), ("办理群众诉求", "件"), ("新增托位", "个"), ("检查企业", "家次"), ("新增学位", "个"),
    ("开工项目", "个"), ("培训职工", "人次"), ("清理堆物", "处"), ("建成充电桩", "个"), ("接待游客", "人次"),
    ("新增停车位", "个"),
)
RATES = (
    "热线诉求解决率", "热线诉求满意率", "城镇登记失业率", "生活垃圾分类达标率", "重点项目开工率", "养老驿站覆盖率",
    "政务事项网上可办率", "受污染耕地安全利用率", "空气质量优良天数比例", "公共交通出行比例",
)
GROWTHS = ("地区生产总值", "居民人均可支配收入", "规模以上工业增加值", "金融业增加值", "软件业营业收入", "限额以上餐饮收入")
AREAS = (("造林绿化面积", "公顷"), ("拆除违法建设面积", "平方米"), ("房屋施工面积", "万平方米"), ("更新供水管线", "公里"))
SAID = {
    "money": (
        "{x}，{x|yoy}，{x|narrowing:quarter}", "{x}，{x|yoy}，增速{x|yoy|rank}", "实现{x}，是去年以来最好水平，{x|yoy}",
        "{x}，{x|of_target}，{x|yoy}", "达到{x}，{x|times}"),
    "count": ("{x}，{x|yoy}", "{x}，{x|change}", "{x}，总量{x|rank}", "{x}，{x|of_target}", "{x}，{x|times}", "{x}"),
    "rate": ("{x|change:from_to}", "{x}，{x|change}", "达到{x}，{x|against:city}", "为{x}，{x|rank}", "达到{x}"),
    "growth": ("{x:growth}，{x|narrowing:quarter}", "{x:growth}，{x|against:city}", "{x:growth}，增速{x|rank}"),
    "area": ("{x}，{x|yoy}", "{x}，{x|of_target}", "{x}"),
}
THEMES = ("经济运行", "城市建设", "产业发展", "民生保障", "生态环境", "营商环境", "城市治理", "公共服务")


def _all() -> dict[str, tuple[str, Indicator]]:
    made = [("money", label, "元", 2) for label in MONEY] + [("count", *one, 0) for one in COUNTS]
    made += [("rate", label, "%", 1) for label in RATES] + [("growth", label, "%", 1) for label in GROWTHS]
    made += [("area", *one, 1) for one in AREAS]
    return {f"long.n{n}": (kind, indicator(f"long.n{n}", label, unit, decimals)) for n, (kind, label, unit, decimals) in
            enumerate(made)}


ALL = _all()
INDICATORS = {key: one for key, (_, one) in ALL.items()}


def _drawn(*names: str, least: int, most: int) -> int:
    """A number that is always the same for the same names."""
    return least + int(hashlib.sha256("|".join(names).encode()).hexdigest()[:12], 16) % (most - least)


def value(key: str, area: str, period: str) -> Decimal:
    """An invented value; the same one whenever it is asked for."""
    kind, one = ALL[key]
    if kind == "growth":
        return Decimal(_drawn(key, area, period, least=-200, most=200)).scaleb(-3)
    if kind == "rate":
        return Decimal(_drawn(key, area, period, least=300, most=980)).scaleb(-3)
    size = {"money": 10 ** 9, "count": 5000, "area": 90000}[kind]
    base = _drawn(key, least=size // 50, most=size)
    moved = base * _drawn(key, area, period, least=800, most=1300) // 1000
    return Decimal(moved).scaleb(-2) if kind == "area" else Decimal(moved)


def figure(key: str, area: str, period: str, cell: tuple[tuple[str, str], ...] = ()) -> Figure:
    """The invented figure."""
    return Figure(key, area, period, INDICATORS[key].unit, value(key, area, period), cell=cell)


def target(key: str, area: str, period: str) -> Decimal:
    """Somewhat more than what half a year brings."""
    return value(key, area, "2024H1") * 2


BASIS = Basis(INDICATORS, figure, target=target, peers=lambda area: PEERS)
HEAD = Paper("关于云溪区2025年国民经济和社会发展计划上半年执行情况的报告", AREA, PERIOD, "云溪区发展和改革委员会（虚构）", ())


def lines(rounds: int = 3) -> list[tuple[str, str]]:
    """The draft: eight paragraphs a round, every indicator once a round, said another way each time."""
    found = [("title", HEAD.title), ("body", "主任、各位副主任、各位委员："), ("heading1", "一、上半年计划执行情况")]
    for turn in range(rounds):
        paragraphs = [list[str]() for _ in THEMES]
        for n, (key, (kind, one)) in enumerate(ALL.items()):
            said = SAID[kind][(n + turn) % len(SAID[kind])]
            words = f"{one.label}{said.replace('{x', '{' + key)}"
            paragraphs[n % len(THEMES)].append(words)
        found.append(("heading2", f"（{'一二三四五六'[turn]}）第{'一二三四五六'[turn]}方面工作"))
        found += [("body", f"{theme}稳步推进。上半年，{'。'.join(said)}。")
                  for theme, said in zip(THEMES, paragraphs, strict=True)]
    return found


__all__ = ["AREA", "BASIS", "CITY", "HEAD", "INDICATORS", "PERIOD", "lines"]
