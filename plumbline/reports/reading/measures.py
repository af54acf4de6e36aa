"""What a number measures: the thing itself, its growth, a multiple, a difference or a rank — with its sign."""

import re
from dataclasses import dataclass
from decimal import Decimal

from plumbline.kernel import normal
from plumbline.reports.reading.numbers import Number

UP = (
    "增长|增加|上升|提高|提升|上涨|上扬|攀升|回升|加快|扩大|增收|增支|增产|多收|多增|净增|新增|增|升|涨|多|快|高|"
    "提速|拓展|加强|改善|好转|前移|"
      "攀高|反弹")
DOWN = (
    "下降|减少|降低|回落|下滑|下跌|放缓|收缩|缩减|减收|减支|减产|少收|少增|压缩|压减|压降|缩短|精简|削减|负增长|"
    "缩小|减|降|跌|少|低|慢|后移|"
        "走低|萎缩|节约")
NARROW = "收窄|缩小"
CHANGE = re.compile(
    rf"(?<!自然)(?P<verb>{UP}|{DOWN}|{NARROW})(?P<filler>了|约|近|超过?|达到?|幅度?(?:达到?|为)?|率?(?:达到?|为|是)?|到了)?$")
RATE = re.compile(
    r"(?<!自然)(?P<word>同比增速|增速|增长率|增长速度|增幅|涨幅|升幅|降幅|跌幅|减幅|降速|增长水平|"
    r"经济增长)(?:预期)?(?:目标)?(?:分别|均|仅|也|已|预计|"
    r"控制|保持|稳定|一度|维持|进一步|累计)*(?:达到?|为|是|在|扩大[至到]|收窄[至到]|回落[至到]|回升[至到]|回稳|加快[至到]|提升[至到]|提高[至到]|"
    r"上升[至到]|约|至)*$")
RATE_AFTER = re.compile(r"(?:以上|左右|以内)?的?(?:同比)?(?:增长(?!极)|增速|增幅|增长率|涨幅|增长速度|速度|年均增长)")
END_STATE = re.compile(r"(?:至|到)(?:了)?(?:约|近|超过?)?$")
_STRETCH = re.compile("[、，]?(?:并)?(?:力争|奋斗目标|争取)(?:达到|为|实现)?")
_GROWS = re.compile("增长[^，。；]*[、，]?[^，。；]*$")
_YEARS = re.compile(r"(?:上年|去年|前年|20\d\d年)(?![初末底])|同期")
YEAR_AGO = re.compile(
    r"同比|比?上年同期|去年同期|上年增|上年下|较上年|比上年|比去年|较去年|与上年|同期|年均|名义|实际增|可比|"
    r"同口径|按年")
# efficiency and time saved have no year-ago base unless one is named
_LESS_IS_BETTER = re.compile(r"(?:下降|降低|减少|失业率|亏损面)[^，。；]*[，、]?[^，。；]*$")
_AGO = re.compile("(?:同比|环比|名义|实际)*$")
IMPROVED = re.compile(
    r"(?:提升|提高|压缩|压减|缩短|精简|降低|节约|提速|减少|缩减)(?:了|约|近|超过?|达到?|幅度(?:达到?)?)*$")
COMPARED = re.compile(
    r"(?P<rel>较|(?<!同)比(?!重|例)|与|(?<![合共一相协如])同(?![比口时步]))(?P<ref>[^，。；（）]{1,18}?)(?:相比|比较)?(?:[，]?(?:也|均|分别|又|还|进一步|大幅|"
    r"明显|净|累计|各)*)"
    rf"(?=(?:{UP}|{DOWN}|{NARROW})[^，。；]{{0,12}}$)")
RELATIVE = re.compile(
    r"(?P<rel>欠|高于|低于|快于|慢于|高出|好于|优于|落后于?|滞后于?|领先于?|超过|超出|超|快过|多于|少于|大于|小于)"
    r"(?P<ref>[^，。；、]{1,24}?(?:(?:、|和|与)全?[国省市区县一-鿿]{1,7}?)*)(?:分别|各|约|近|达|了)*$")
LOWER = ("欠", "低于", "慢于", "落后", "落后于", "滞后", "滞后于", "少于", "小于")
FALLING = re.compile(r"降幅|跌幅|减幅")
GROWING = re.compile(r"增幅|涨幅|增速|升幅")
POLLUTION = re.compile(r"浓度|PM|颗粒物|污染|排放|能耗|指数|缺口|失业|死亡|事故")


@dataclass(frozen=True, slots=True)
class Measure:
    """measure, signed value and unit; `cut` is where the subject's words end in the text before the number.

    reference   what a difference or multiple is compared with, as printed
    comparison  offsets, in the text before, of the words that say so, or None
    """

    measure: str
    value: Decimal
    cut: int
    reference: str | None = None
    comparison: tuple[int, int] | None = None
    unit: str | None = None


def measure_of(before: str, number: Number, after: str, context: str) -> Measure:
    """The measure of a number from the words before it (in its clause), after it and around it.

    before   clause up to the number, bounds (约, 超) not included
    context  the sentence up to the number, for 降幅 and 同比 said earlier
    """
    if number.unit == "百分点":
        return _difference(before, number, context)
    if number.unit in ("%", "‰"):
        return _percent(before, number, after, context)
    if number.unit == "倍":
        return _multiple(before, number)
    return _amount(before, number)


_MOVED = re.compile("(?P<verb>前移|前进|上升|提升|跃升|晋升|后移|后退|下降|下滑|回落)(?:了)?$")


def moved(before: str, number: Number) -> Measure | None:
    """Places gained or lost in an order, a difference of rank: 前移3位 is -3; None for anything else."""
    verb = _MOVED.search(before)
    if not verb:
        return None
    value = number.value if verb["verb"] in ("后移", "后退", "下降", "下滑", "回落") else -number.value
    return Measure("diff", value, verb.start(), None, verb.span(), "位")


def compared(before: str) -> re.Match[str] | None:
    """The comparison right before a number: 较一季度收窄, 高于全市平均水平."""
    return COMPARED.search(before) or RELATIVE.search(before)


def _difference(before: str, number: Number, context: str) -> Measure:
    match = compared(before)
    verb = CHANGE.search(before)
    sign = _points_sign(before, verb, match, context)
    if match and match["rel"] not in ("较", "比", "与", "同"):
        return Measure("diff", sign * number.value, match.start(), match["ref"], match.span())
    cut = match.start() if match else verb.start() if verb else len(before)
    loose = verb or list(re.finditer(f"{UP}|{DOWN}|{NARROW}", before))[-1:] or None
    span = (match.start(), len(before)) if match else verb.span() if verb else None
    reference = match["ref"] if match else "上年同期" if "同比" in before else None
    return Measure("diff", sign * number.value, cut if loose else len(before), reference, span)


def _points_sign(before: str, verb: re.Match[str] | None, match: re.Match[str] | None, context: str) -> int:
    if match and match["rel"] not in ("较", "比", "与", "同"):
        lower = match["rel"].startswith(LOWER) or match["rel"] in ("小于",)
        if match["rel"] in ("好于", "优于") and _LESS_IS_BETTER.search(context):
            lower = True  # 能耗下降4.6%，好于目标1.1个百分点: a lower value
        return _flip(-1 if lower else 1, before[:match.start()], before)
    word = verb["verb"] if verb else _last(rf"{UP}|{DOWN}|{NARROW}", before)
    nearby = before if FALLING.search(before) or GROWING.search(before) else context[-60:]
    if re.fullmatch(NARROW, word):
        return -1 if GROWING.search(before) and not FALLING.search(before) else _narrow(nearby, before)
    rising = not re.fullmatch(DOWN, word)
    if FALLING.search(before):
        rising = not rising
    return 1 if rising else -1


def _narrow(nearby: str, before: str) -> int:
    """A narrowing is a gain where something falls, a loss where growth narrows."""
    if FALLING.search(before) or not GROWING.search(nearby):
        return 1
    return 1 if FALLING.search(nearby) or re.search("下降|负增长", nearby) else -1


def _flip(sign: int, head: str, before: str) -> int:
    return -sign if FALLING.search(head) or before.startswith(("降幅", "跌幅")) else sign


def _last(pattern: str, text: str) -> str:
    found = re.findall(pattern, text)
    return found[-1] if found else ""


def _percent(before: str, number: Number, after: str, context: str) -> Measure:
    if number.signed and before.endswith("同比"):
        return Measure("yoy", number.value, len(before) - 2, None, (len(before) - 2, len(before)))
    if _STRETCH.fullmatch(before) and _GROWS.search(context):
        return Measure("yoy", number.value, 0)
    rate = RATE.search(before)
    if rate:
        falls = rate["word"] in ("降幅", "跌幅", "减幅", "降速")
        return Measure("yoy", -number.value if falls else number.value, rate.start())
    verb = CHANGE.search(before)
    if verb and not END_STATE.search(before):
        return _growth(before, number, verb, context)
    if RATE_AFTER.match(after) and not re.search("占|率$", before):
        return Measure("yoy", number.value, len(before))
    return Measure("level", number.value, len(before))


def _growth(before: str, number: Number, verb: re.Match[str], context: str) -> Measure:
    match = COMPARED.search(before)
    falls = bool(re.fullmatch(DOWN, verb["verb"]))
    if verb["verb"] in ("改善", "好转") and POLLUTION.search(before + context[-40:]):
        falls = True
    value = -number.value if falls or number.signed and number.value < 0 else number.value
    if number.signed:
        value = number.value if not falls else -abs(number.value)
    cut = match.start() if match else _ago(before, verb.start())
    span = (cut, verb.end())
    if "环比" in before or (match and not _YEARS.search(match["ref"])):
        return Measure("diff", value, cut, match["ref"] if match else "上期", span)
    if IMPROVED.search(before) and not YEAR_AGO.search(before):
        reached = "diff" if re.search("提升|压缩|压减|缩短|精简|降低|节约|提速", verb["verb"]) else "yoy"
        return Measure(reached, value, cut, match["ref"] if match else None, span)
    return Measure("yoy", value, cut, None, span)


def _ago(before: str, end: int) -> int:
    """Where 同比 or 环比 before a verb begins."""
    match = _AGO.search(before, 0, end)
    return match.start() if match else end


def _multiple(before: str, number: Number) -> Measure:
    verb = CHANGE.search(before)
    if verb and not END_STATE.search(before):
        match = COMPARED.search(before)
        cut = match.start() if match else verb.start()
        return Measure("yoy", normal(number.value * 100), cut, None, (cut, verb.end()), "%")
    match = re.search(r"(?:是|为|达到?|相当于|约为)(?P<ref>[^，。；、]{2,16}?)的$", before)
    if match:
        return Measure("times", number.value, match.start(), match["ref"], match.span())
    return Measure("times", number.value, len(before))


_AMOUNT_CHANGE = re.compile(
    r"(?P<how>同比|环比|(?:较|比|与|同)[^，。；、]{2,14}?(?:相比)?[，]?)(?:净|大幅|累计|进一步|分别|又|再|各|仍|还|均)*"
    r"(?P<verb>增加|增长|减少|增产|减产|增收|减收|增支|减支|净增|多收|少收|多增|少增|下降|降低|提高|上升|回落|缩短|压缩|"
    r"压减|扩大|多|少|高|低|增|减|降)"
    r"(?P<object>(?:财政)?收入|支出|贷款)?(?:了|约|近|达)?$")
# nothing but the verb: what changed was said before (优良天数156天，增加7天)
_OWN_CHANGE = re.compile(r"(?P<verb>增加|减少|增长|提升|缩短|延长)(?:了|约|近)?")
_STANDARD = re.compile("目标|计划|预算|平均|控制|标准|上年|同期|指标|全[国省市区州县]|水平|[一-鿿]{2,3}[区县]$")
_BARE_CHANGE = re.compile(
    r"(?P<verb>增收|减收|增支|减支|增产|减产|少收|多收|提高|上涨|上调|下调|降低|下降)(?:了|约|近|达)?$")


def _amount(before: str, number: Number) -> Measure:
    match = _AMOUNT_CHANGE.search(before)
    bare = _BARE_CHANGE.search(before)
    if match:
        reference = {"同比": "上年同期", "环比": "上期"}.get(match["how"], match["how"].strip("较比与同，相"))
        falls = bool(re.fullmatch(DOWN, match["verb"]))
        value = -number.value if falls else number.value
        return Measure("diff", value, match.start(), reference, match.span())
    apart = RELATIVE.search(before)
    if apart and apart["rel"] in ("低于", "高于", "少于", "多于", "欠") and _STANDARD.search(apart["ref"]):
        value = -number.value if apart["rel"].startswith(LOWER) else number.value
        return Measure("diff", value, apart.start(), apart["ref"], apart.span())
    change = _OWN_CHANGE.fullmatch(before.strip("\0、"))
    if change:
        value = -number.value if re.fullmatch(DOWN, change["verb"]) else number.value
        return Measure("diff", value, 0, "上年同期", (0, len(before)))
    if bare:
        value = -number.value if re.fullmatch(DOWN, bare["verb"]) else number.value
        reference = "上年同期" if bare["verb"][-1] in "收支产" else "上年"
        return Measure("diff", value, bare.start(), reference, bare.span())
    return Measure("level", number.value, len(before))
