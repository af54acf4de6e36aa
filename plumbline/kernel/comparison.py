"""What is made from figures: growth, narrowing, differences, ranks, shares of a target; divided once, in Decimal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from plumbline.kernel import period as periods
from plumbline.kernel.area import AREAS, area_name, inside
from plumbline.kernel.errors import BadInput
from plumbline.kernel.figure import MISSING, NO_COMPARISON, NO_DENOMINATOR, Cell, Figure
from plumbline.kernel.finding import Finding
from plumbline.kernel.indicator import Indicator
from plumbline.kernel.printing import SCALES, period_name
from plumbline.kernel.ref import MADE, WORDS, Ref, area_meant, area_words

RATES = ("%", "‰")
POINTS = "百分点"
RATE_DECIMALS = 1


@dataclass(frozen=True, slots=True)
class Compared:
    """A number for a sentence: a figure, or what is made from several; or why there is none.

    value     shares, growth and points as 0.074; None where `missing` says why, and `why` says it in Chinese
    unit      元 家 … of a figure; % of growth, 百分点 of differences of rates, 位 of ranks, 倍 of multiples
    figures   all it rests on, its own first; `numbers` their keys where they are published
    decimals  digits behind the point in print, in % or 亿 where it prints these
    kind      last step of the ref, empty for the figure itself
    now, then the two numbers a comparison was made from, in `value`'s scale
    beside    what it is compared with: a period or an area
    """

    value: Decimal | None
    unit: str
    missing: str = ""
    figures: tuple[Figure, ...] = ()
    decimals: int = 0
    kind: str = ""
    now: Decimal | None = None
    then: Decimal | None = None
    beside: str = ""
    why: str = ""
    label: str = ""
    numbers: tuple[int, ...] = ()

    @property
    def is_rate(self) -> bool:
        """Whether differences of it are points."""
        return self.unit in RATES


def of(figure: Figure, decimals: int = 0, label: str = "", number: int | None = None) -> Compared:
    """A figure, ready to be compared and printed; one declared in 万元 is told in 元."""
    told = f"「{label or figure.indicator}」{area_name(figure.area)}{period_name(figure.period)}"
    why = f"{told}：{MISSING.get(figure.missing, '没有数')}" if figure.value is None else ""
    power = SCALES.get(figure.unit[:1], 0) if len(figure.unit) > 1 else 0
    value = figure.value if figure.value is None or not power else figure.value.scaleb(power)
    return Compared(value, figure.unit[1:] if power else figure.unit, figure.missing, (figure,), decimals, why=why,
                    label=label or figure.indicator, numbers=() if number is None else (number,))


def growth(now: Compared, then: Compared, kind: str = "yoy") -> Compared:
    """now / then − 1; missing where a part is, or where the base is not above zero.

    >>> growth(made(Decimal(90)), made(Decimal(100))).value
    Decimal('-0.1')
    """
    pair = _pair(now, then, kind, "%", RATE_DECIMALS)
    if pair.missing or now.value is None or then.value is None:
        return pair
    if then.value <= 0:
        return _no(pair, NO_DENOMINATOR, f"「{now.label}」基期数是{then.value:f}，不大于零，不能算增长率")
    return replace(pair, value=now.value / then.value - 1)


def times(now: Compared, then: Compared) -> Compared:
    """now / then, as 是上年同期的1.3倍 says it."""
    grown = growth(now, then, "times")
    value = None if grown.missing or now.value is None or then.value is None else now.value / then.value
    return replace(grown, value=value, unit="倍")


def difference(now: Compared, then: Compared, kind: str = "change", beside: str = "") -> Compared:
    """now − then: in points where they are rates, else in their unit; `beside` names what `then` is.

    >>> difference(made(Decimal("0.034"), "%"), made(Decimal("0.021"), "%")).unit
    '百分点'
    """
    unit = POINTS if now.is_rate else now.unit
    pair = replace(_pair(now, then, kind, unit, now.decimals), beside=beside)
    if pair.missing or now.value is None or then.value is None:
        return pair
    if now.unit != then.unit:
        return _no(pair, NO_COMPARISON, f"单位不同（{now.unit}与{then.unit}），不能相比")
    return replace(pair, value=now.value - then.value)


def share(part: Compared, whole: Decimal | None, why: str) -> Compared:
    """part / whole, the whole a target; missing where there is none or it is not above zero."""
    done = replace(part, kind="of_target", unit="%", decimals=RATE_DECIMALS, now=part.value, then=whole, value=None)
    if part.value is None:
        return done
    if whole is None:
        return _no(done, NO_COMPARISON, why)
    if whole <= 0:
        return _no(done, NO_DENOMINATOR, f"「{part.label}」的目标是{whole:f}，不大于零，不能算完成比例")
    return replace(done, value=part.value / whole)


def rank(own: Compared, others: Sequence[Compared], smallest_first: bool = False) -> Compared:
    """Place of a number among others (its own not among them); equal ones share a place.

    Missing  where any is missing: a place among those that happen to be told would be false
    """
    placed = replace(own, kind="rank", unit="位", value=None, decimals=0, now=own.value,
                     figures=own.figures + tuple(figure for other in others for figure in other.figures),
                     numbers=own.numbers + tuple(number for other in others for number in other.numbers))
    absent = [one for one in (own, *others) if one.value is None]
    if absent or own.value is None:
        names = "、".join(area_name(one.figures[0].area) for one in absent if one.figures)
        return _no(placed, NO_COMPARISON, f"「{own.label}」缺{names}的数，排不出位次")
    mine = -own.value if smallest_first else own.value
    ahead = [one for one in others if one.value is not None and (-one.value if smallest_first else one.value) > mine]
    return replace(placed, value=Decimal(len(ahead) + 1))


def total(parts: Sequence[Compared]) -> Compared:
    """Figures of parts of a year together; a share or a mean is remade from its parts, never averaged."""
    last = parts[-1]
    summed = replace(last, kind="cumulative", figures=tuple(figure for one in parts for figure in one.figures),
                     numbers=tuple(number for one in parts for number in one.numbers))
    if absent := [one for one in parts if one.value is None]:
        return _no(summed, absent[0].missing, absent[0].why)
    if any(figure.bottom is not None for figure in summed.figures):
        top = sum((figure.top or Decimal(0) for figure in summed.figures), Decimal(0))
        bottom = sum((figure.bottom or Decimal(0) for figure in summed.figures), Decimal(0))
        return replace(summed, value=top / bottom)
    return replace(summed, value=sum((one.value for one in parts if one.value is not None), Decimal(0)))


def made(value: Decimal | None, unit: str = "", decimals: int = 0) -> Compared:
    """A number that stands for no figure: of a test, or a target."""
    return Compared(value, unit, decimals=decimals)


def _pair(now: Compared, then: Compared, kind: str, unit: str, decimals: int) -> Compared:
    """Both numbers side by side, without a value yet; missing where one is."""
    absent = now if now.value is None else then if then.value is None else None
    return Compared(
        None, unit, absent.missing or NO_COMPARISON if absent else "", now.figures + then.figures, decimals, kind,
        now.value, then.value, why=absent.why if absent else "", label=now.label, numbers=now.numbers + then.numbers)


def _no(one: Compared, missing: str, why: str) -> Compared:
    return replace(one, value=None, missing=missing, why=why)


def districts(code: str) -> tuple[str, ...]:
    """The areas a district stands among: those of its city, the city itself left out.

    >>> len(districts("110112")), districts("990101")
    (16, ('990101',))
    """
    city = f"{code[:2]}0000"
    return tuple(area.code for area in AREAS if inside(area.code, city) and area.code != city)


def _no_target(indicator: str, area: str, period: str) -> Decimal | None:
    return None


def _no_number(figure: Figure) -> int | None:
    return None


def _open(ref: Ref) -> bool:
    return True


@dataclass(frozen=True)
class Basis:
    """What a writer asks for numbers: the figures, the targets, the areas a rank is among.

    figure  indicator, area, period, cell → the figure, missing ones with their reason; raises nothing
    target  indicator, area, period → what the figure shall be for the whole of that year, None where none is set
    peers   area → the areas of its rank, itself among them
    number  key of a published figure, None for one that is not published
    open    whether words that name a number may be held against it: not where it is another district's
    """

    indicators: Mapping[str, Indicator]
    figure: Callable[[str, str, str, Cell], Figure]
    target: Callable[[str, str, str], Decimal | None] = _no_target
    peers: Callable[[str], Sequence[str]] = districts
    number: Callable[[Figure], int | None] = _no_number
    open: Callable[[Ref], bool] = _open

    def __call__(self, ref: Ref) -> Compared:
        """The number a ref asks for; its area and period are filled in (`Ref.at`).

        Raises  BadInput where the indicator is not declared, or a step makes no sense of its kind
        """
        name, _, told = (ref.steps[-1] if ref.steps else "").partition(":")
        if not name:
            return self._level(ref)
        made = {"cumulative": self._cumulative, "of_target": self._of_target, "rank": self._rank,
                "against": self._against, "change": self._change, "narrowing": self._narrowing}
        return made[name](ref, told) if name in made else self._growth(ref, name)

    def _indicator(self, ref: Ref) -> Indicator:
        if ref.indicator not in self.indicators:
            raise BadInput([Finding("ref.unknown", str(ref), f"没有指标「{ref.indicator}」；请从指标目录中选择。")])
        return self.indicators[ref.indicator]

    def _level(self, ref: Ref) -> Compared:
        one = self._indicator(ref)
        figure = self.figure(ref.indicator, ref.area, ref.period, ref.cell)
        return of(figure, one.decimals, one.label, self.number(figure))

    def _dated(self, ref: Ref) -> None:
        """Raise BadInput where the records have no day: the year before counts the very same ones, and is no comparison."""
        one = self._indicator(ref)
        if not one.dated:
            raise BadInput([Finding("ref.undated", str(ref), f"「{one.label}」的记录不分时期，没有以前的数可比，也不能累计；"
                                    "请给指标指定日期栏，或只写现在的数。")])

    def _summable(self, ref: Ref) -> None:
        """Raise BadInput where numbers of parts of a year do not add up to that of the whole."""
        self._dated(ref)
        one = self._indicator(ref)
        if one.kind == "distinct" or one.kind == "latest" and (not one.fresh or one.unit in RATES):
            raise BadInput([Finding("ref.sum", str(ref), f"「{one.label}」是去重数、时点数或比率，各期相加不是累计；"
                                    "请写整段时期，例如 period:2020H1。")])

    def _cumulative(self, ref: Ref, _: str) -> Compared:
        if len(periods.parts(ref.period)) > 1:
            self._summable(ref)
        parts = [self(replace(ref.without(), period=part)) for part in periods.parts(ref.period)]
        return total(parts) if len(parts) > 1 else replace(parts[0], kind="cumulative")

    def _growth(self, ref: Ref, name: str) -> Compared:
        self._dated(ref)
        base = ref.without()
        if self._indicator(ref).unit in RATES:
            raise BadInput([Finding("ref.rate", str(ref), f"「{self._indicator(ref).label}」是比率，不算增长率；"
                                    "比率的变化请写 change（百分点）。")])
        period = periods.before(ref.period) if name == "qoq" else periods.year_before(ref.period)
        now, then = self(base), self(replace(base, period=period))
        one = times(now, then) if name == "times" else growth(now, then, name)
        return replace(one, beside=period)

    def _of_target(self, ref: Ref, told: str) -> Compared:
        done = self(ref.without())
        if told:
            planned = self(self._planned(ref, told))
            part = replace(done, figures=done.figures + planned.figures, numbers=done.numbers + planned.numbers)
            alike = planned.value is None or planned.unit == done.unit
            why = planned.why if alike else f"单位不同（{done.unit}与{planned.unit}），不能算完成比例"
            return share(part, planned.value if alike else None, why)
        why = f"「{done.label}」{area_name(ref.area)}{periods.year_of(ref.period)}年没有设定目标"
        return share(done, self.target(ref.indicator, ref.area, ref.period), why)

    def _planned(self, ref: Ref, told: str) -> Ref:
        """What another indicator counts as planned: of the whole year, or as it stands where its rows are undated."""
        dated = told in self.indicators and self.indicators[told].dated
        return Ref(told, (), ref.area, str(periods.year_of(ref.period)) if dated else ref.period, ref.cell)

    def _rank(self, ref: Ref, told: str) -> Compared:
        base, peers = ref.without(), self.peers(ref.area)
        others = [self(replace(base, area=area)) for area in peers if area != ref.area]
        if not others or ref.area not in peers:
            return _no(replace(self(base), kind="rank", unit="位"), NO_COMPARISON,
                       f"{area_name(ref.area)}没有可以一起排位的地区")
        return rank(self(base), others, smallest_first=told == "down")

    def _against(self, ref: Ref, told: str) -> Compared:
        base, area = ref.without(), area_meant(told, ref.area)
        if area == ref.area:
            return _no(replace(self(base), kind="against"), NO_COMPARISON, f"{area_name(area)}不与自己比较")
        return difference(self(base), self(replace(base, area=area)), "against", area_words(area, ref.area))

    def _change(self, ref: Ref, told: str) -> Compared:
        self._dated(ref)
        period = self._told(ref, told)
        base = ref.without()
        return difference(self(base), self(replace(base, period=period)), "change", period)

    def _narrowing(self, ref: Ref, told: str) -> Compared:
        self._dated(ref)
        base, period = ref.without(), self._told(ref, told)
        if not set(base.steps) & set(MADE) and self._indicator(ref).unit not in RATES:
            base = replace(base, steps=(*base.steps, "yoy"))
        return difference(self(base), self(replace(base, period=period)), "narrowing", period)

    def _told(self, ref: Ref, told: str) -> str:
        return periods.year_before(ref.period) if not told else (
            self._quarter(ref) if told == "quarter" else periods.january(ref.period) if told == "january" else told)

    def _quarter(self, ref: Ref) -> str:
        """The months up to the quarter before; in the first quarter the whole year before."""
        if ref.period[4:6] == "Q1":
            return str(periods.year_of(ref.period) - 1)
        return periods.quarter_before(ref.period)


def named(compared: Compared, ref: Ref) -> str:
    """What a number is, for people: 一般公共预算收入同比增速."""
    words = "".join(WORDS[step.partition(":")[0]] for step in ref.steps)
    return f"{compared.label}{words}".replace("增速增速", "增速")


def needed(refs: Sequence[Ref], indicators: Mapping[str, Indicator],
           peers: Callable[[str], Sequence[str]] = districts) -> list[tuple[str, str, str, Cell]]:
    """The figures that refs rest on, each once, in the order first asked for: what to compute before writing."""
    asked: dict[tuple[str, str, str, Cell], None] = {}

    def figure(indicator: str, area: str, period: str, cell: Cell) -> Figure:
        asked[indicator, area, period, cell] = None
        return Figure(indicator, area, period, indicators[indicator].unit, None, NO_COMPARISON)

    basis = Basis(indicators, figure, peers=peers)
    for ref in refs:
        basis(ref)
    return list(asked)
