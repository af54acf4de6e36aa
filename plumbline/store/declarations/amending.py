"""Amending what a system declares: kinds of order, dated parameters, years of the calendar; each change is a new version.

They lie among the other declarations: `order` under the key of the kind, `parameter` under its own, `year` under
`calendar.2027`. What a system declares stays where it is; the latest amendment stands instead of it, or with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from plumbline.kernel import (
    UNITS,
    WHOLE_DIGITS,
    Catalog,
    Conflict,
    Dated,
    Finding,
    NotAllowed,
    OrderKind,
    Parameter,
    Year,
    order_kind_from,
)
from plumbline.kernel.catalog import order_trouble
from plumbline.kernel.clock import term_trouble
from plumbline.store.declarations.kind_body import body_of, in_order
from plumbline.store.declarations.tables import IN_USE, ORDER, PARAMETER, YEAR, Declaration
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import require
from plumbline.store.words import reason, refuse, text_trouble

STALE = "「{label}」刚被他人修改；没有保存您的改动，请刷新后再改。"
# digits behind the point of a parameter at most
MOST_BEHIND = 8
LONGEST_SOURCE = 200
# what the journal calls them
TABLES = {ORDER: "orderkind", PARAMETER: "parameter", YEAR: "year"}
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_DAYS = 60
EXAMPLE = "请写作 2027-01-01 元旦，或 2027-02-06至2027-02-12 春节。"


@transaction.atomic
def declare_parameter(user: Any, key: str, dated: Dated, why: str, version: int | None = None) -> Declaration:
    """A value of a parameter from a day on; one of the same day is replaced. Versions before stay as they were.

    version  the one the person saw, 0 where the system's own stands; None: not checked
    Raises   NotAllowed but for planners of a city; Conflict; BadInput with every finding
    """
    area = _allowed(user)
    one = settings.CATALOG.parameters.get(key)
    if one is None:
        raise NotAllowed("没有这个参数；没有保存任何改动。")
    refuse(_value_findings(one, dated))
    found = _latest(key, version, one.meaning)
    values = dict(found.body["values"] if found else {})
    values[dated.since.isoformat()] = {"value": str(dated.value), "source": dated.source}
    made = Declaration(key=key, kind=PARAMETER, body={"label": one.meaning, "values": values}, area=area)
    return _write(user, made, found, reason(why))


def dated_from(since: str, value: str, source: str) -> Dated:
    """A dated value as a form tells it; BadInput with every finding."""
    day, number, found = _day(since), _decimal(value), list[Finding]()
    if day is None:
        found.append(Finding("parameter.since", "自何日起", f"「{since[:20]}」不是日期；请写作 2020-12-31。"))
    if number is None:
        found.append(Finding("parameter.value", "数值", f"「{value[:20]}」不是数；请写数字，如 24 或 0.8。"))
    source = " ".join(source.split())
    if not source:
        found.append(Finding("parameter.source", "依据", "请写明依据的文件和条款。"))
    elif trouble := text_trouble("依据", source, LONGEST_SOURCE):
        found.append(Finding("parameter.source", "依据", trouble))
    refuse(found)
    assert day
    assert number is not None
    return Dated(day, number, source)


def _value_findings(one: Parameter, dated: Dated) -> Iterator[Finding]:
    if one.unit in UNITS and term_trouble(dated.value, one.unit):
        yield Finding("parameter.value", "数值", f"「{dated.value}」不能作时限：不能小于零，{one.unit}须是整数；请更正。"
                      if one.unit in ("日", "工作日") else "时限不能小于零；请更正。")
    if one.unit == "次" and (dated.value < 0 or dated.value != dated.value.to_integral_value()):
        yield Finding("parameter.value", "数值", "次数须是零或正整数；请更正。")
    if len(dated.value.as_tuple().digits) > 18:
        yield Finding("parameter.value", "数值", "数字太长，最多 18 位；请更正。")


@transaction.atomic
def declare_order(user: Any, key: str, body: Mapping[str, Any], why: str, version: int | None = None) -> Declaration:
    """A kind of order as an official changed it.

    body     as `orders.yaml` has it: plain mappings of text
    Raises   NotAllowed; Conflict; BadInput, also where orders stand in a state that would vanish, or that no
             longer has a way out
    """
    area = _allowed(user)
    if key not in settings.CATALOG.orders:
        raise NotAllowed("没有这类工单；没有保存任何改动。")
    wrong: list[str] = []
    made = order_kind_from(key, body, wrong)
    refuse(Finding("order.kind", key, f"没有写全，或者前后不合：{one}") for one in wrong)
    assert made is not None
    refuse(_kind_findings(made))
    found = _latest(key, version, made.label)
    return _write(user, Declaration(key=key, kind=ORDER, body=dict(body), area=area), found, reason(why))


def _kind_findings(made: OrderKind) -> Iterator[Finding]:
    """What of a kind does not fit the rest of the catalog, or the orders that are under way."""
    old = settings.CATALOG.orders[made.key]
    catalog = amended(settings.CATALOG)
    now = catalog.orders.get(made.key, old)
    if made.prefix != old.prefix:
        yield Finding("order.prefix", made.label, "编号的字头不能改：已经发出的编号要能找到。")
    kinds = {**catalog.orders, made.key: made}
    for one in order_trouble(kinds, {}, catalog.parameters):
        yield Finding("order.kind", made.label, f"与其他设置不合：{one}")
    gone = set(now.states) - set(made.states)
    rows = apps.get_model("store", "Order").objects
    for state in sorted(gone):
        if many := rows.filter(kind=made.key, state=state).count():
            yield Finding("order.state", now.states[state].label,
                          f"还有 {many} 件工单在「{now.states[state].label}」，不能删去这个状态；请先办完。")


@transaction.atomic
def declare_year(user: Any, year: int, told: Year, why: str, version: int | None = None) -> Declaration:
    """A year's holidays and the weekend days worked in their place, as the State Council arranged them.

    Raises  NotAllowed; Conflict; BadInput with every finding
    """
    area = _allowed(user)
    refuse(_year_findings(year, told))
    label = f"{year}年工作日"
    body = {"label": label, "source": told.source,
            "off": {day.isoformat(): name for day, name in sorted(told.off.items())},
            "extra": {day.isoformat(): name for day, name in sorted(told.extra.items())}}
    key = f"calendar.{year}"
    found = _latest(key, version, label)
    return _write(user, Declaration(key=key, kind=YEAR, body=body, area=area), found, reason(why))


def _year_findings(year: int, told: Year) -> Iterator[Finding]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        yield Finding("year.year", "年份", f"年份请写 {FIRST_YEAR} 到 {LAST_YEAR}。")
    if not told.source.strip() or text_trouble("依据", told.source, LONGEST_SOURCE):
        yield Finding("year.source", "依据", f"请写明通知的名称和文号，最多 {LONGEST_SOURCE} 个字。")
    if not told.off:
        yield Finding("year.off", "放假", "还没有放假的日子；请每行写一天，如 2027-01-01 元旦。")
    if len(told.off) > MOST_DAYS or len(told.extra) > MOST_DAYS:
        yield Finding("year.days", "日子", f"放假和上班各最多 {MOST_DAYS} 天；请核对。")
    for day, name in [*told.off.items(), *told.extra.items()]:
        if day.year != year:
            yield Finding("year.other", day.isoformat(), f"{day} 不在 {year} 年；请核对。")
        elif not name.strip() or text_trouble("节日", name, 20):
            yield Finding("year.name", day.isoformat(), f"{day} 请写明是哪个节日，最多 20 个字。")
    for day in sorted(set(told.off) & set(told.extra)):
        yield Finding("year.both", day.isoformat(), f"{day} 既放假又上班；请删去一处。")
    for day in sorted(day for day in told.extra if day.weekday() < 5):
        yield Finding("year.extra", day.isoformat(), f"{day} 是周一至周五，本来就上班；调休上班只写周六、周日。")


def days_from(text: str) -> dict[date, str]:
    """Days of a form, a line each: `2027-01-01 元旦`; `2027-02-06至2027-02-12 春节` for several. BadInput with every finding."""
    days: dict[date, str] = {}
    found = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        span, _, name = line.partition(" ")
        first, _, last = span.partition("至")
        begin, end = _day(first), _day(last or first)
        if begin is None or end is None or not 0 <= (end - begin).days <= MOST_DAYS:
            found.append(Finding("year.line", line[:40], f"「{line[:40]}」看不明白；{EXAMPLE}"))
            continue
        days |= {date.fromordinal(at): name.strip() for at in range(begin.toordinal(), end.toordinal() + 1)}
    refuse(found)
    return days


def amended(installed: Catalog, latest: Iterable[Declaration] | None = None) -> Catalog:
    """The catalog with parameters, kinds of order and years as officials changed them; what no longer fits is left out."""
    rows = list(Declaration.objects.newest().filter(kind__in=(ORDER, PARAMETER, YEAR)) if latest is None else latest)
    dated = {one.key: parameter_of(one, installed.parameters[one.key]) for one in rows
             if one.kind == PARAMETER and one.key in installed.parameters}
    made = [order_kind_from(one.key, in_order(one.body, body_of(installed.orders[one.key])), [])
            for one in rows if one.kind == ORDER and one.key in installed.orders]
    told = {int(one.key.partition(".")[2]): year_of(one) for one in rows if one.kind == YEAR}
    return installed.amended([kind for kind in made if kind], dated, told)


def parameter_of(one: Declaration, own: Parameter) -> Parameter:
    """A parameter with the values officials added, which stand instead of those of the same day."""
    values = {dated.since: dated for dated in own.values}
    for since, told in one.body["values"].items():
        day = date.fromisoformat(since)
        values[day] = Dated(day, Decimal(told["value"]), told["source"])
    return replace(own, values=tuple(values[day] for day in sorted(values)))


def year_of(one: Declaration) -> Year:
    """The year a declaration declares."""
    off, extra = ({date.fromisoformat(day): name for day, name in one.body[part].items()} for part in ("off", "extra"))
    return Year(off, extra, one.body["source"])


def _allowed(user: Any) -> str:
    """The city whose planner this is; kinds and parameters hold for all of it. NotAllowed for others."""
    area = f"{user.area[:2]}0000" if user.area else ""
    require(user, "order", area)
    return area


def _latest(key: str, version: int | None, label: str) -> Declaration | None:
    found = Declaration.objects.filter(key=key).order_by("-version").first()
    if version is not None and (found.version if found else 0) != version:
        raise Conflict(STALE.format(label=label))
    return found


def _write(user: Any, made: Declaration, found: Declaration | None, why: str) -> Declaration:
    made.version = found.version + 1 if found else 1
    made.label, made.state, made.why, made.by, made.at = str(made.body["label"])[:100], IN_USE, why, user, timezone.now()
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise Conflict(STALE.format(label=made.label)) from None
    before = {"version": found.version, "body": found.body} if found else None
    table = TABLES[made.kind]
    record(user, Write(f"{table}.change", table, made.key, before, {"version": made.version, "body": made.body}, why, made.area))
    return made


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _decimal(text: str) -> Decimal | None:
    """A number written in plain digits, no longer than an expression reckons with; None for anything else."""
    whole, _, rest = text.strip().removeprefix("-").partition(".")
    if len(whole) > WHOLE_DIGITS or len(rest) > MOST_BEHIND or not f"{whole}{rest}".isascii() or "e" in text.lower():
        return None
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
