"""Numbers in a paragraph: value, unit and how it was bounded; and which digits are no figure at all."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from plumbline.kernel import chinese, printed, unit

_UNITS = "|".join(re.escape(name) for name in unit.ALL)
_MULTIPLIER = "万亿|千亿|百亿|十亿|千万|百万|十万|亿|万|千(?![克米瓦伏卡焦])|百(?!分)"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
NUMBER = re.compile(
    rf"(?P<sign>(?<![\d\w%）-])[-+]|(?<=[一-鿿])[-+](?=\d))?(?P<digits>{_DIGITS})(?P<more1>[余多几])?"
    rf"(?P<multiplier>{_MULTIPLIER})?(?P<more2>[余多来几])?(?P<unit>{_UNITS})?(?P<more3>余|多)?")
_ZH = "[一二三四五六七八九十百千万亿两]"
# written in characters a number counts when a measure word and a thing follow; slogans (四方, 三大) have none
CHINESE = re.compile(
    rf"(?P<lead>近|超|约|逾)?(?P<digits>{_ZH}{{1,5}}|数[十百千万])(?P<more>余|多)?"
    r"(?P<unit>个|项|批|家|座|条|所|处|件|场|次|人次|名|例|款|类|种|支|部|套|笔|户|栋|万元|亿元|公里|亩|节)"
    r"(?=[^，。、；：）次性\d])(?!产业|方面|特点|会议|全会|大会|常委会|党代会|代表大会)")
POST = re.compile(
    r"(?P<post>台阶|大关|及?以上|及?以下|及?以内|之内|左右|上下|内(?![部外地容需资联蒙在涵循陆生存科控河涝])|(?<=\d)\+)")
_PRE = re.compile(
    r"(?P<pre>不低于|不少于|不小于|不得低于|至少|不高于|不超过|不大于|不多于|最高|最多|至多|接近|将近|大约|"
    r"大概|(?<![节契预签合])约为?|近|"
    r"超过|超额|超|逾|跌破|首破|突破|破|高达|多达|多于|少于|低于|高于|大于|小于|不足|不到|未达到?|跑进|跻身|进入前|"
    r"控制在|稳定在|"
    r"保持在|维持在)(?:了|到|至|为|达|达到)?[：]?$")
BOUNDS = {
    "不低于": ">=", "不少于": ">=", "不小于": ">=", "不得低于": ">=", "至少": ">=", "不高于": "<=", "不超过": "<=",
    "不大于": "<=", "不多于": "<=", "最高": "<=", "最多": "<=", "至多": "<=", "接近": "<~", "将近": "<~", "近": "<~",
    "大约": "~", "大概": "~", "约为": "~", "约": "~", "超过": ">", "跌破": "<", "首破": ">",
    "破": ">", "超": ">", "逾": ">", "突破": ">", "多于": ">",
    "大于": ">", "高于": ">", "不足": "<", "不到": "<", "少于": "<", "低于": "<", "小于": "<", "跑进": "<=",
    "进入前": "<=", "以上": ">=", "及以上": ">=", "以下": "<=", "及以下": "<=", "以内": "<=", "及以内": "<=",
    "之内": "<=", "内": "<=", "台阶": ">", "大关": ">", "左右": "~", "上下": "~", "+": ">",
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a block; offsets into the block's normal text.

    start,end   digits with multiplier and unit (and 余, 多 between them)
    unit_start  where the unit begins; equals `end` where none is printed
    post_end    after 以上, 左右 …; equals `end` where none follows
    pre_start   before 约, 超 …; equals `start` where none stands there
    """

    start: int
    end: int
    value: Decimal
    tolerance: Decimal
    unit: str
    bound: str
    unit_start: int
    pre_start: int
    post_end: int
    value2: Decimal | None = None
    multiplier: str = ""
    numeral: str | None = None
    signed: bool = False


def numbers(text: str) -> list[Number]:
    """All numbers of a normal text, in order: figures and names alike; ranges are one number."""
    found = [_digits(text, match) for match in NUMBER.finditer(text)]
    return _join([number for number in found if number is not None], text)


def in_characters(text: str) -> list[Number]:
    """Numbers written in characters that a measure word follows."""
    return [number for number in (_characters(text, m) for m in CHINESE.finditer(text)) if number]


def too_long(text: str) -> list[tuple[int, int]]:
    """Runs of digits no figure has; offsets."""
    return [match.span() for match in re.finditer(r"[\d,]*\d{31,}[\d,]*(?:\.\d+)?", text)]


def _digits(text: str, match: re.Match[str]) -> Number | None:
    read = printed(match["digits"], match["multiplier"] or "")
    if read is None:
        return None
    value, tolerance = read
    if match["sign"] == "-":
        value = -value
    end = match.end() - len(match["more3"] or "")
    start = match.start("digits") if not match["sign"] else match.start()
    more = match["more1"] or match["more2"] or match["more3"]
    post = POST.match(text, match.end())
    pre = _PRE.search(text, max(0, start - 8), start)
    unit_start = match.start("unit") if match["unit"] else end
    return Number(
        start, end, value, tolerance, unit.canonical(match["unit"] or ""), _bound(pre, post, bool(more)),
        unit_start, pre.start() if pre else start, post.end() if post else match.end(),
        multiplier=match["multiplier"] or "", signed=bool(match["sign"]))


def _characters(text: str, match: re.Match[str]) -> Number | None:
    digits = match["digits"]
    value = chinese(digits)
    if digits[0] in "百千万亿" and not (match["lead"] or match["more"]):
        return None  # 百万亩造林 names a programme; 近百万人, 千余节 count
    if value is None or value == 1 or text[match.start() - 1:match.start()] in ("第", "每", "同", "统"):
        return None
    factor = {"万元": 10_000, "亿元": 100_000_000}.get(match["unit"], 1)
    start, end = match.start("digits"), match.end()
    pre, post = _PRE.search(text, max(0, start - 8), start), POST.match(text, end)
    return Number(start, end, Decimal(value * factor), Decimal(0),
                  unit.canonical(match["unit"][-1:] if factor > 1 else match["unit"]),
                  _bound(pre, post, bool(match["more"])), match.start("unit"), pre.start() if pre else match.start(),
                  post.end() if post else end, numeral="zh")


def _bound(pre: re.Match[str] | None, post: re.Match[str] | None, more: bool) -> str:
    if post and post["post"] in BOUNDS:
        return BOUNDS[post["post"]]
    if more:
        return ">"
    return BOUNDS.get(pre["pre"], "=") if pre else "="


def _join(found: list[Number], text: str) -> list[Number]:
    """Two numbers with a dash or 至 between them are the ends of a range, if the first is the smaller."""
    joined: list[Number] = []
    for number in found:
        last = joined[-1] if joined else None
        if last and last.value2 is None and _is_range(last, number, text):
            joined[-1] = _range(last, number)
        else:
            joined.append(number)
    return joined


def _is_range(last: Number, number: Number, text: str) -> bool:
    between = text[last.end:number.start]
    if between not in ("-", "~", "至", "到", "--") and not (between == "" and number.signed):
        return False
    if last.unit not in ("", number.unit) or text[max(0, last.start - 1):last.start] in ("由", "从"):
        return False
    if between in ("至", "到") and last.unit != "" and number.unit == "":
        return False
    return bool(number.unit) and abs(number.value) > last.value


def _range(last: Number, number: Number) -> Number:
    low = last.value
    if not last.unit and not last.multiplier and number.multiplier:
        scale = printed("1", number.multiplier)
        low = last.value * (scale[0] if scale else 1)
    return replace(last, value=low, value2=abs(number.value), unit=number.unit, end=number.end,
                   unit_start=number.unit_start, post_end=number.post_end, multiplier=number.multiplier,
                   bound=number.bound if number.bound != "=" else last.bound)
