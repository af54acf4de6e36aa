"""Published growth beside that of the levels, item by item: both are kept, and why they differ is said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plumbline.engine import Page, rows
from plumbline.kernel import Finding, Inputs, Table, normal, period
from plumbline.systems.economy.scope import Beside, beside
from plumbline.web.export import export
from plumbline.web.indicator_trial import period_for
from plumbline.web.listing import Chosen, Column, Filter, Listing, chosen_of, head_of, size_of
from plumbline.web.people import areas_of
from plumbline.web.row_filters import number, quoted, seen
from plumbline.web.row_source import inputs_of
from plumbline.web.screen import FILES, form_of, show, twin
from plumbline.web.table_access import table_seen
from plumbline.web.words import period_words

TABLE = "economy.main"
BASES = (("累计", "累计"), ("当季", "当季"), ("当月", "当月"), ("时点", "时点"))
PIECE = 500
COLUMNS = (
    Column("item", "指标"), Column("level", "水平值"), Column("growth", "发布的增速（%）"),
    Column("of_levels", "按水平值推算（%）"), Column("apart", "相差（百分点）"), Column("why", "说明"),
    Column("revision", "修订"),
)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as it was published, and the growth its levels would have; in %, unknown ones None."""

    item: str
    level: str
    growth: Decimal | None
    of_levels: Decimal | None
    apart: Decimal | None
    why: str
    revision: str


@dataclass(frozen=True, slots=True)
class ItemsScreen:
    """The items of an area at the end of a period, a page of them."""

    list: Listing
    period: str
    period_words: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which numbers: of an area, up to a day, on a basis, of items whose name holds a text."""

    where: str
    last: date
    basis: str
    area: str
    text: str

    def on(self, day: date) -> str:
        """The condition for one day."""
        return f"{self.where} AND area = {quoted(self.area)} AND basis = {quoted(self.basis)} AND ended_on = DATE '{day}'"


def items(request: HttpRequest) -> HttpResponseBase:
    """The items of an area and period; a page of them, or all of them as a file."""
    _, table = table_seen(request, TABLE)
    inputs = inputs_of(table)
    told = request.GET.get("period", "").strip() or period_for(inputs)
    right = period.is_period(told)
    chosen = [chosen_of(request, one) for one in filters(request.user)]
    wanted = asked(request.user, table, chosen, period.span(told)[1]) if right else None
    if form_of(request) in FILES and wanted:
        count = rows(inputs, wanted.on(wanted.last), _contains(wanted), page=Page(0, 0)).count
        lines = ([getattr(row, column.key) for column in COLUMNS] for row in every(inputs, wanted, count))
        return export("主要指标对照", [column.label for column in COLUMNS], lines, count, form_of(request))
    findings = () if right else (
        Finding("economy.period", "时期", f"「{told[:30]}」不是时期；请写 2020H1、2020Q1 或 2020-06。"),)
    screen = ItemsScreen(paged(request, inputs, wanted, chosen, told), told, period_words(told) if right else told, findings)
    return show(request, screen, "economy/items.html", 200 if right else 400)


def filters(user: Any) -> tuple[Filter, ...]:
    """What can be asked."""
    return (Filter("q", "指标", ()), Filter("area", "地区", (), areas_of(user)), Filter("basis", "口径", (), BASES))


def asked(user: Any, table: Table, chosen: list[Chosen], last: date) -> Asked:
    """What the address asks, narrowed to what this person may see."""
    told = {one.key: one.value for one in chosen}
    own = told["area"] or user.area or areas_of(user)[0][0]
    return Asked(" AND ".join(seen(user, table)) or "TRUE", last, told["basis"] or BASES[0][0], own, told["q"])


def paged(request: HttpRequest, inputs: Inputs, wanted: Asked | None, chosen: list[Chosen], told: str) -> Listing:
    """One page of the items."""
    size, at = size_of(request), number(request.GET.get("page", ""))
    found, count = piece(inputs, wanted, (at - 1) * size, size) if wanted else ([], 0)
    address = urlencode({"period": told, **{one.key: one.value for one in chosen if one.value}})
    return Listing(found, count, at, max(1, -(-count // size)), chosen, [head_of(column, "") for column in COLUMNS], address)


def every(inputs: Inputs, wanted: Asked, count: int) -> Iterator[ItemRow]:
    """All items, a piece at a time."""
    for first in range(0, count, PIECE):
        yield from piece(inputs, wanted, first, PIECE)[0]


def piece(inputs: Inputs, wanted: Asked, first: int, size: int) -> tuple[list[ItemRow], int]:
    """Some items with the levels of the year before, and how many there are in all."""
    now = rows(inputs, wanted.on(wanted.last), _contains(wanted), page=Page(first, size))
    before: dict[str, Mapping[str, Any]] = {}
    if now.rows:
        names = ", ".join(quoted(str(row["item"])) for row in now.rows)
        then = period.span(period.year_before(f"@{wanted.last}"))[1]
        told = rows(inputs, f"{wanted.on(then)} AND item IN ({names})", page=Page(0, size))
        before = {row["item"]: row for row in told.rows}
    return [row_of(row, before.get(row["item"], {})) for row in now.rows], now.count


def _contains(wanted: Asked) -> dict[str, str]:
    return {"item": wanted.text} if wanted.text else {}


def row_of(now: Mapping[str, Any], before: Mapping[str, Any]) -> ItemRow:
    """An item of two years."""
    growth = now["growth"]
    same = before.get("unit") == now["unit"]
    told: Beside | None = beside(now["level"], before.get("level") if same else None,
                                 None if growth is None else growth / 100, now["base_note"] or "")
    level = "" if now["level"] is None else f"{normal(now['level']):f}{now['unit'] or ''}"
    return ItemRow(
        now["item"], level, None if growth is None else normal(growth), told.of_levels * 100 if told else None,
        told.apart * 100 if told else None, told.why if told else _untold(now, before, same), now["revision"])


def _untold(now: Mapping[str, Any], before: Mapping[str, Any], same: bool) -> str:
    """Why nothing can be held against the published growth."""
    if now["level"] is None:
        return "只发布增速，没有水平值可以对照。"
    if now["growth"] is None:
        return "只发布水平值，没有增速。"
    if before.get("level") is None:
        return "没有收到上年同期的水平值，无从对照。"
    return "两期的计量单位不同，不能对照。" if not same else "上年同期的水平值不大于零，不能推算增速。"


urls = twin("economy/items", items, "economy-items", *FILES)
