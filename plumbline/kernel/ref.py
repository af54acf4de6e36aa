"""How a writer asks for a number: `programmes.moved_out|yoy|against:city|area:110112|period:year-before`.

    indicator          the number itself
    yoy, qoq           growth on the year before; on the quarter (or month) before
    change, change:X   difference from the year before; X is `quarter`, `january` or a period
    narrowing:X        this growth against that of the months up to the quarter before
    against:X          difference from `city`, `nation` or an area
    rank, rank:down    place among the areas beside it, the largest first; the smallest first
    cumulative         since January
    of_target:KEY      share of the target: of the plan's, or of what another indicator counts as planned
    times              how many times that of the year before
    area:X  period:X  cell:name=value    of another area, period, part; else the paper's own

The first of them makes a number, a second compares it: `|yoy|rank` is the place of the growth.
"""

import re
from dataclasses import dataclass, replace

from plumbline.kernel import period as periods
from plumbline.kernel.area import area_name
from plumbline.kernel.errors import BadInput
from plumbline.kernel.figure import Cell
from plumbline.kernel.finding import Finding

# the People's Republic as a whole; GB/T 2260 has no code of its own for it that is not a province's
NATION = "100000"
MADE = ("yoy", "qoq", "of_target", "times")
COMPARED = ("change", "narrowing", "against", "rank")
STEPS = ("cumulative", *MADE, *COMPARED)
WORDS = {
    "cumulative": "累计", "yoy": "同比增速", "qoq": "环比增速", "of_target": "完成目标比例", "times": "与上年同期的倍数",
    "change": "变化", "narrowing": "增速变化", "against": "差距", "rank": "位次",
}
EXAMPLE = "programmes.moved_out|yoy|area:110112|period:2020H1"
_KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
_AREA = re.compile(r"\d{6}(?:\d{3}){0,2}", re.ASCII)
_RELATIVE = {"year-before": periods.year_before, "quarter-before": periods.quarter_before, "before": periods.before,
             "last-month": periods.last_month}
# a figure keeps its cell as name=value;name=value
_CELL = re.compile(r"(?P<name>[a-z][a-z0-9_]*)=(?P<value>[^|{}=;]{1,80})")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Ref:
    """A number asked for: the indicator, what is made of it in order, and of which area, period and part.

    steps   `yoy`, `narrowing:quarter`, `against:city`, … as written
    area    code, `city`, `nation`, or empty: the paper's own
    period  in the house's notation, `year-before`, `quarter-before`, `before`, `last-month`, or empty: the paper's own
    """

    indicator: str
    steps: tuple[str, ...] = ()
    area: str = ""
    period: str = ""
    cell: Cell = ()

    def __str__(self) -> str:
        """The one canonical form.

        >>> str(ref("a.b|period:2020H1|area:110112|yoy"))
        'a.b|yoy|area:110112|period:2020H1'
        """
        parts = [self.indicator, *self.steps]
        parts += [f"area:{self.area}"] if self.area else []
        parts += [f"period:{self.period}"] if self.period else []
        return "|".join(parts + [f"cell:{name}={value}" for name, value in self.cell])

    @property
    def step(self) -> str:
        """Name of the last step, without its argument; empty for the number itself."""
        return self.steps[-1].partition(":")[0] if self.steps else ""

    @property
    def concept(self) -> str:
        """Indicator and steps as one key: `programmes.moved_out.yoy.against_city`."""
        return ".".join([self.indicator, *(re.sub("[:@/-]+", "_", step) for step in self.steps)])

    def at(self, area: str, period: str) -> "Ref":
        """The same with area and period filled in; `area` and `period` are the paper's own.

        Raises  ValueError where `period` is no period
        """
        shift = _RELATIVE.get(self.period)
        when = shift(period) if shift else self.period or period
        return replace(self, area=area_meant(self.area, area) if self.area else area, period=when)

    def without(self) -> "Ref":
        """The number the last step is made from."""
        return replace(self, steps=self.steps[:-1])


def area_meant(word: str, own: str) -> str:
    """Code of the area a word means, seen from an area.

    >>> area_meant("city", "110112"), area_meant("nation", "110112"), area_meant("110105", "110112")
    ('110000', '100000', '110105')
    """
    return {"city": f"{own[:2]}0000", "nation": NATION}.get(word, word)


def ref(text: str) -> Ref:
    """The ref a text writes.

    Raises  BadInput naming every part that is none
    """
    wrong: list[str] = []
    key, *parts = (part.strip() for part in text.split("|"))
    if not _KEY.fullmatch(key):
        wrong.append(f"「{key}」不是指标；请写「系统.指标」，例如 {EXAMPLE}")
    steps: list[str] = []
    places: dict[str, str] = {}
    cell: list[tuple[str, str]] = []
    for part in parts:
        name, _, told = part.partition(":")
        if name == "cell" and (match := _CELL.fullmatch(told)):
            cell.append((match["name"], match["value"]))
        elif name in STEPS:
            steps.append(_step(name, told, wrong))
        elif name in ("area", "period") and name not in places:
            places[name] = _place(name, told, wrong)
        else:
            wrong.append(f"「{part}」不认识；可写 {'、'.join(STEPS)}、area、period、cell，例如 {EXAMPLE}")
    wrong += _order([step.partition(":")[0] for step in steps])
    wrong += [f"有 {len(text)} 个字符，最多 {LONGEST} 个；请少写几个分组"] if len(text) > LONGEST else []
    if wrong:
        raise BadInput([Finding("ref", text, f"引用「{text}」：{one}。") for one in wrong])
    return Ref(key, tuple(steps), places.get("area", ""), places.get("period", ""), tuple(cell))


def _step(name: str, told: str, wrong: list[str]) -> str:
    if name == "narrowing" and not told:
        told = "quarter"
    allowed = {
        "change": not told or told in ("quarter", "january") or periods.is_period(told),
        "narrowing": told == "quarter" or periods.is_period(told),
        "against": told in ("city", "nation") or bool(_AREA.fullmatch(told)),
        "rank": told in ("", "down"),
        "of_target": not told or bool(_KEY.fullmatch(told)),
    }
    if not allowed.get(name, not told):
        write = {"change": "change、change:quarter 或 change:january", "narrowing": "narrowing:quarter",
                 "against": "against:city、against:nation 或 against:区划代码", "rank": "rank 或 rank:down",
                 "of_target": "of_target 或 of_target:系统.指标"}
        wrong.append(f"「{name}:{told}」写法不对；请写 {write.get(name, name)}")
    return f"{name}:{told}" if told else name


def _place(name: str, told: str, wrong: list[str]) -> str:
    if name == "area" and told not in ("city", "nation") and not _AREA.fullmatch(told):
        wrong.append(f"地区「{told}」不是区划代码；请写 area:110112、area:city 或 area:nation")
    if name == "period" and told not in _RELATIVE and not periods.is_period(told):
        wrong.append(f"时期「{told}」认不出；请写 period:2020Q1、period:@2020-06-30、"
                     "period:year-before、period:quarter-before 或 period:last-month")
    return told


def _order(names: list[str]) -> list[str]:
    """What is wrong with the order of steps: cumulative first, then one that makes a number, then one that compares."""
    ranks = [0 if name == "cumulative" else 1 if name in MADE else 2 for name in names]
    if ranks == sorted(set(ranks)):
        return []
    return [f"「{'|'.join(names)}」的次序不对；先写 cumulative，再写 {'、'.join(MADE)} 之一，最后写 {'、'.join(COMPARED)} 之一"]


def area_words(code: str, own: str) -> str:
    """An area as a sentence names it beside another: 全市, 全国, or its name.

    >>> area_words("110000", "110112"), area_words("100000", "110112"), area_words("110105", "110112")
    ('全市', '全国', '朝阳区')
    """
    if code == NATION:
        return "全国"
    if code == f"{own[:2]}0000":
        return "全市"
    return area_name(code)
