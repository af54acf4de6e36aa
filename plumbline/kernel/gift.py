"""What a rule gives: an amount of money, reckoned exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Any

from plumbline.kernel.errors import BadInput
from plumbline.kernel.expression import Expression, parse
from plumbline.kernel.parameter import Parameter
from plumbline.kernel.printing import rounded
from plumbline.kernel.record import Table

PARTS = {"label", "base", "rate", "bands", "cap"}
NUMBERS = ("integer", "decimal")
EXACT = Context(prec=120)


@dataclass(frozen=True, slots=True)
class Gift:
    """An amount: base times rate, at most the cap, to 0.01 yuan, half up.

    label  what is given: 一次性社会保险补贴
    base   expression in yuan
    rate   number or `param.…`; empty: the whole base, or nothing outside of the bands where there are any
    bands  conditions and the rate where each holds; the first that holds counts
    cap    expression in yuan; none where empty
    """

    label: str
    base: str
    rate: str = ""
    bands: tuple[tuple[str, str], ...] = ()
    cap: str = ""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A gift whose expressions are parsed."""

    base: Expression
    rate: Expression | None
    bands: tuple[tuple[Expression, Expression], ...] = ()
    cap: Expression | None = None

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All of them."""
        told = [self.base, *(one for band in self.bands for one in band), self.rate, self.cap]
        return tuple(one for one in told if one)


@dataclass(frozen=True, slots=True)
class Worth:
    """What a gift is worth to a row; parameters as they stand on `day`."""

    table: Table
    reckoning: Reckoning
    day: date

    def on(self, row: Mapping[str, object]) -> tuple[Decimal | None, str]:
        """The amount in yuan, or None and why."""
        missing: list[Expression] = []
        base, rate = self._value(self.reckoning.base, row, missing), self._rate(row, missing)
        cap = self._value(self.reckoning.cap, row, missing) if self.reckoning.cap else None
        if missing or base is None or rate is None:
            return None, self._why(row, missing)
        amount = rounded(EXACT.multiply(base, rate), 2)
        return (amount if cap is None else min(amount, rounded(cap, 2))), ""

    def _rate(self, row: Mapping[str, object], missing: list[Expression]) -> Decimal | None:
        for when, rate in self.reckoning.bands:
            told = when.on(row, self.day)
            if told is None:
                missing.append(when)
                return None
            if told:
                return self._value(rate, row, missing)
        if self.reckoning.rate:
            return self._value(self.reckoning.rate, row, missing)
        return Decimal(0) if self.reckoning.bands else Decimal(1)

    def _value(self, of: Expression, row: Mapping[str, object], missing: list[Expression]) -> Decimal | None:
        value = of.on(row, self.day)
        if value is None:
            missing.append(of)
        return Decimal(value) if isinstance(value, int | Decimal) else None

    def _why(self, row: Mapping[str, object], missing: list[Expression]) -> str:
        columns = dict.fromkeys(key for one in missing for key in sorted(one.columns) if row.get(key) is None)
        labels = [column.label if (column := self.table.column(key)) else key for key in columns]
        if labels:
            return f"缺{'、'.join(labels)}，算不出金额"
        return f"{self.day:%Y-%m-%d}的参数尚无规定，算不出金额"


def gift_from(where: str, body: Any, table: Table, parameters: Mapping[str, Parameter], wrong: list[str]) -> Gift | None:
    """A gift from its declaration; `wrong` grows by a sentence for each thing that is missing or wrong."""
    before = len(wrong)
    if not isinstance(body, Mapping):
        wrong.append(f"{where}：请写 label、base，可写 rate、bands、cap")
        return None
    wrong += [f"{where}：{name} 不是给付的内容，请删去" for name in sorted(set(body) - PARTS)]
    wrong += [f"{where}：缺 {name}，请写明" for name in ("label", "base") if not body.get(name)]
    bands = tuple(_band(f"{where}.bands", one, wrong) for one in body.get("bands") or ())
    if len(wrong) > before:
        return None
    gift = Gift(str(body["label"]), str(body["base"]), str(body.get("rate") or ""), bands, str(body.get("cap") or ""))
    reckoning(where, gift, table, parameters, wrong)
    return gift if len(wrong) == before else None


def _band(where: str, body: Any, wrong: list[str]) -> tuple[str, str]:
    if not isinstance(body, Mapping) or set(body) != {"when", "rate"} or not all(body.values()):
        wrong.append(f"{where}：每一档请写 when（条件）和 rate（比例）")
        return "", ""
    return str(body["when"]), str(body["rate"])


def reckoning(where: str, gift: Gift, table: Table, parameters: Mapping[str, Parameter],
              wrong: list[str]) -> Reckoning | None:
    """A gift's expressions, parsed; `wrong` grows where one is no expression, or of another type than it should be."""
    def read(name: str, text: str, types: tuple[str, ...] = NUMBERS) -> Expression | None:
        return typed(f"{where}.{name}", text, table, parameters, (types, wrong)) if text else None

    bands = [(read("bands.when", when, ("boolean",)), read("bands.rate", rate)) for when, rate in gift.bands]
    base, rate, cap = read("base", gift.base), read("rate", gift.rate), read("cap", gift.cap)
    return Reckoning(base, rate, tuple((when, rate) for when, rate in bands if when and rate), cap) if base else None


def typed(where: str, text: str, table: Table, parameters: Mapping[str, Parameter],
          wanted: tuple[tuple[str, ...], list[str]]) -> Expression | None:
    """An expression of one of these types; None, and a sentence in the list, where it is none."""
    types, wrong = wanted
    try:
        told = parse(text, table, parameters)
    except BadInput as error:
        wrong += [f"{where}：{one.message}" for one in error.findings]
        return None
    if told.type not in types:
        wrong.append(f"{where}：结果应当是{'条件（是或否）' if types == ('boolean',) else '数'}，请改写")
        return None
    return told
