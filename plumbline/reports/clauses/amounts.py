"""Amounts of a clause: value, unit and how it is bounded; dates are told apart first."""

import re
from dataclasses import dataclass
from decimal import Decimal

from plumbline.kernel import MULTIPLIERS, chinese, normal

_ZH = "[一二两三四五六七八九十百千]"
_MANY = "万亿|千亿|百亿|十亿|千万|百万|十万|亿|万"
_LATER = {"以上": ">=", "以下": "<=", "以内": "<=", "之内": "<="}
_SOONER = {
    "不超过": "<=", "不高于": "<=", "不多于": "<=", "不大于": "<=", "不得超过": "<=", "不得高于": "<=", "最高": "<=",
    "最多": "<=", "至多": "<=", "不低于": ">=", "不少于": ">=", "不小于": ">=", "不得低于": ">=", "至少": ">=",
    "达到": ">=", "达": ">=", "满": ">=", "低于": "<", "少于": "<", "小于": "<", "不足": "<", "不满": "<", "未满": "<",
    "不到": "<", "超过": ">", "高于": ">", "大于": ">", "多于": ">",
}
_PRE = "|".join(sorted(_SOONER, key=len, reverse=True))
AMOUNT = re.compile(
    rf"(?P<pre>(?:(?:{_PRE})(?:了|到)?)*)(?P<digits>\d[\d,]*(?:\.\d+)?|{_ZH}+)(?P<many>{_MANY})?"
    r"(?P<unit>个百分点|美元|个月|[%人名元年户])"
    r"(?P<post>（不?含）|（不?含本数）)?(?:及)?(?P<more>以上|以下|以内|之内)?(?P<last>（不?含）)?")
BETWEEN = re.compile(r"\s*(?:至|到|-|~)\s*$")
_DAY = r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?"
DATES = re.compile(
    rf"{_DAY}|\d{{1,2}}(?:月)?(?:至|-|、)\d{{1,2}}月(?:份)?|\d{{1,2}}月(?:\d{{1,2}}日)?|第?[一二三四]季度|"
    r"\d{1,2}日")
FILLER = "〇"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a block: `value` in 元, 人, 月, 年, or a share where the unit is %; bound empty where it is bare."""

    start: int
    end: int
    value: Decimal
    unit: str
    bound: str
    until: Decimal | None = None

    @property
    def text(self) -> str:
        """The value as an expression has it."""
        return format(normal(self.value), "f")


def masked(text: str) -> str:
    """A text of the same length whose dates hold no numbers."""
    return DATES.sub(lambda match: FILLER * len(match[0]), text)


def amounts(text: str) -> list[Amount]:
    """The amounts of a masked text, in order; A至B之间 is one."""
    found: list[Amount] = []
    for match in AMOUNT.finditer(text):
        one = _amount(match)
        if one is None:
            continue
        last = found[-1] if found else None
        if last and not last.bound and last.unit == one.unit and BETWEEN.fullmatch(text[last.end:one.start]):
            found[-1] = Amount(last.start, one.end, last.value, one.unit, "between", one.value)
        else:
            found.append(one)
    return found


def _amount(match: re.Match[str]) -> Amount | None:
    digits, unit = match["digits"].replace(",", ""), match["unit"]
    whole = chinese(digits) if not digits[0].isdigit() else None
    value = Decimal(whole) if whole is not None else Decimal(digits) if digits[0].isdigit() else None
    if value is None:
        return None
    value *= MULTIPLIERS[match["many"] or ""]
    if unit in ("%", "个百分点"):
        value /= 100
    kind = {"名": "人", "个月": "月", "个百分点": "点"}.get(unit, unit)
    return Amount(match.start(), match.end(), value, kind, _bound(match))


def _bound(match: re.Match[str]) -> str:
    if match["more"]:
        bound = _LATER[match["more"]]
        aside = (match["post"] or "") + (match["last"] or "")
        return bound.rstrip("=") if "不含" in aside else bound
    pre = re.findall(_PRE, match["pre"])
    return _SOONER[pre[-1]] if pre else ""
