"""A number in the words of the genre: 同比下降7.4%, 降幅较一季度收窄3.4个百分点, 居全市第三.

The verb follows the printed number: what rounds to nothing is 持平.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from plumbline.kernel import BadInput, Finding
from plumbline.kernel import period as periods
from plumbline.kernel.comparison import RATES, Compared
from plumbline.kernel.printing import PARTS, PERCENT, Amount, ordinal, printed_amount
from plumbline.kernel.ref import Ref
from plumbline.kernel.sentence import Form


@dataclass(frozen=True, slots=True)
class Number:
    """Digits in a phrase and the number they stand for.

    text   as printed, with magnitude and unit
    value  exact and signed, in `unit` itself
    of     empty for the number the ref asks for; `now` and `then` for the two a comparison was made from
    """

    text: str
    value: Decimal
    unit: str
    decimals: int | None
    of: str = ""


Phrase = tuple[str | Number, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A number to be printed: what it is, in which form, and the ref with area and period filled in."""

    one: Compared
    form: Form
    ref: Ref

    @property
    def value(self) -> Decimal:
        """The number; a missing one is refused before it comes here."""
        assert self.one.value is not None  # for the types
        return self.one.value

    @property
    def places(self) -> int:
        """Digits behind the point."""
        return self.one.decimals if self.form.digits is None else self.form.digits

    def amount(self, value: Decimal, unit: str = "", scale: str | None = None) -> Amount:
        """Its size in print."""
        return printed_amount(value, unit or self.one.unit, self.places, scale)

    def number(self, amount: Amount) -> Number:
        """The number itself, printed so."""
        return Number(amount.text, self.value, self.one.unit, amount.decimals)

    @property
    def beside(self) -> str:
        """Name of the period it is compared with: 一季度, 上年同期."""
        return period_words(self.one.beside, self.ref.period)


def phrase(asked: Asked) -> Phrase:
    """Words and numbers of a slot.

    Raises  BadInput where the form does not fit the number (a rate of growth asked of an amount)
    """
    return _PHRASES[asked.form.name](asked)


def period_words(period: str, own: str) -> str:
    """A period as a sentence of a paper on `own` names it.

    >>> period_words("2020Q1", "2020H1"), period_words("2019H1", "2020H1"), period_words("2019", "2020Q1")
    ('一季度', '上年同期', '上年')
    >>> period_words("@2020-03-31", "@2020-06-30"), period_words("2019Q4", "2020Q1"), period_words("2018H1", "2020H1")
    ('3月末', '上年四季度', '2018年上半年')
    """
    if periods.same_time(period, periods.year_before(own)):
        return "上年同期"
    first, last = periods.span(period)
    year = periods.year_of(own) - last.year
    lead = {0: "", 1: "上年"}.get(year, f"{last.year}年")
    if period.startswith("@"):
        return f"{lead}{last.month}月末" if (last.month, year) != (12, 1) else "上年末"
    if len(period) == 4:
        return lead or f"{last.year}年"
    if period[4:] in PARTS:
        return lead + PARTS[period[4:]]
    if len(period) == 10:
        return f"{lead}{last.month}月{last.day}日"
    if first == last.replace(month=1, day=1) and last.month == 9:
        return f"{lead}前三季度"
    return f"{lead}{first.month}-{last.month}月" if first.month != last.month else f"{lead}{last.month}月"


def _level(asked: Asked) -> Phrase:
    scale = None if not asked.form.option else asked.form.option.replace("1", "")
    number = asked.number(asked.amount(asked.value, scale=scale))
    return ("-", number) if asked.value < 0 and number.text.strip("0.") != "" and _some(number) else (number,)


def _some(number: Number) -> bool:
    return any(character in "123456789" for character in number.text)


def _growth(asked: Asked) -> Phrase:
    if asked.one.unit not in RATES:
        raise BadInput([Finding("form.growth", str(asked.ref), (
            f"「{asked.one.label}」的单位是「{asked.one.unit}」，不是增长率；请写 {asked.ref.indicator}|yoy。"))])
    lead = "" if asked.form.option == "bare" else "环比" if asked.one.kind == "qoq" else "同比"
    amount = asked.amount(asked.value)
    if not amount.value:
        return (f"{lead}持平",)
    if asked.form.option == "times" and asked.value >= 1:
        amount = printed_amount(asked.value, "倍", asked.places, "")
    return (f"{lead}{'增长' if asked.value > 0 else '下降'}", asked.number(amount))


def _change(asked: Asked) -> Phrase:
    amount = asked.amount(asked.value)
    yearly = asked.beside == "上年同期"
    lead = "" if asked.form.option == "bare" else "同比" if yearly else f"较{asked.beside}"
    if not amount.value:
        return ("持平",) if asked.form.option == "bare" else (f"与{asked.beside}持平",)
    up, down = ("提高", "下降") if asked.one.unit in PERCENT else ("增加", "减少")
    return (f"{lead}{up if asked.value > 0 else down}", asked.number(amount))


def _narrowing(asked: Asked) -> Phrase:
    one, amount = asked.one, asked.amount(asked.value)
    now, then = (_sign(asked, side) for side in (one.now, one.then))
    falls = now < 0 and then < 0
    what, than = "降幅" if falls else "增速", "" if asked.form.option == "bare" else asked.beside
    if not amount.value:
        return (f"{what}与{than}持平" if than else f"{what}持平",)
    up, down = ("收窄", "扩大") if falls else ("提高", "回落")
    turned = "、由降转升" if then < 0 < now else "、由升转降" if now < 0 < then else ""
    words = f"{what}{f'较{than}' if than else ''}{up if asked.value > 0 else down}"
    return (words, asked.number(amount), turned) if turned else (words, asked.number(amount))


def _sign(asked: Asked, value: Decimal | None) -> int:
    """Sign of a growth as it is printed: what rounds to nothing has none."""
    if value is None or not asked.amount(value, "%").value:
        return 0
    return 1 if value > 0 else -1


def _against(asked: Asked) -> Phrase:
    amount = asked.amount(asked.value)
    if not amount.value:
        return (f"与{asked.one.beside}持平",)
    return (f"{'高于' if asked.value > 0 else '低于'}{asked.one.beside}", asked.number(amount))


def _rank(asked: Asked) -> Phrase:
    place = int(asked.value)
    option = asked.form.option
    number = Number(f"{place}位" if option in ("位", "digits") or place > 99 else ordinal(place), asked.value, "位", None)
    if option in ("only", "digits"):
        return (number,)
    lead = "第" if option == "bare" else f"居{'全区' if len(asked.ref.area) > 6 else '全市'}第"
    return (lead, number)


def _from_to(asked: Asked) -> Phrase:
    one = asked.one
    assert one.now is not None  # for the types: a difference has both
    assert one.then is not None
    unit = "%" if one.unit == "百分点" else one.unit
    then, now = asked.amount(one.then, unit), asked.amount(one.now, unit)
    new = Number(now.text, one.now, unit, now.decimals, "now")
    old = Number(then.text, one.then, unit, then.decimals, "then")
    than = "" if asked.form.option == "bare" else asked.beside
    if unit == "%" and min(one.now, one.then) < 0:
        return (f"由{than}", *_moved(old), "转为", *_moved(new))
    if now.value == then.value:
        return ("保持在", new)
    up, down = ("上升", "下降") if unit in PERCENT else ("增加", "减少")
    return (f"由{than}的" if than else "由", old, f"{up if one.now > one.then else down}到", new)


def _moved(number: Number) -> Phrase:
    """A growth, in words that say its sign."""
    if not _some(number):
        return ("持平",)
    return ("增长" if number.value > 0 else "下降", number)


def _of_target(asked: Asked) -> Phrase:
    return ("完成全年目标的", asked.number(asked.amount(asked.value)))


def _times(asked: Asked) -> Phrase:
    amount = asked.amount(asked.value, scale="")
    return ("与上年同期持平",) if amount.value == 1 else ("是上年同期的", asked.number(amount))


def _size(asked: Asked) -> Phrase:
    number = asked.number(asked.amount(asked.value))
    said = {"up": 1, "down": -1}.get(asked.form.option, 0)
    if said and (not _some(number) or (asked.value > 0) != (said > 0)):
        is_ = "持平" if not _some(number) else "上升" if asked.value > 0 else "下降"
        raise BadInput([Finding("form.size", str(asked.ref), (
            f"「{asked.one.label}」实际{is_}（{number.text}），与文字所说的{'升' if said > 0 else '降'}相反；请改写这句话。"))])
    return (number,)


_PHRASES: dict[str, Callable[[Asked], Phrase]] = {
    "level": _level, "growth": _growth, "change": _change, "narrowing": _narrowing, "against": _against, "rank": _rank,
    "from_to": _from_to, "of_target": _of_target, "times": _times, "size": _size,
}
