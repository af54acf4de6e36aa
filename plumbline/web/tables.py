"""Tables of records: the list of all there are, and what each column means."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, Sum
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from plumbline.engine import Page, rows
from plumbline.kernel import KINDS, TYPES, Catalog, Coverage, Indicator, Table
from plumbline.kernel import Column as TableColumn
from plumbline.kernel.expression import parse
from plumbline.kernel.form import FORMS
from plumbline.store import batches
from plumbline.store.models import Batch, Item, Kept, Leaf, Step
from plumbline.web import links
from plumbline.web.coverage import Drawing, drawing
from plumbline.web.export import export
from plumbline.web.listing import Chosen, Column, Filter, Listing, chosen_of, listed
from plumbline.web.row_filters import seen as seen_of
from plumbline.web.screen import FILES, form_of, show, twin
from plumbline.web.table_access import TableHead, table_seen, tables_of
from plumbline.web.table_access import head_of as table_head


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table in the list.

    rows     rows that stand in this person's areas' batches; None where there are none yet
    last_at  when something was last delivered or changed, and by whom
    cover    what was delivered, drawn
    """

    key: str
    label: str
    meaning: str
    owner: str
    kind: str
    register: bool
    rows: int | None
    last_at: datetime | None
    last_by: str
    cover: Drawing | None
    may_deliver: bool
    href: str

    @property
    def covered(self) -> str:
        """What was delivered, in a sentence."""
        return self.cover.said if self.cover else ""


@dataclass(frozen=True, slots=True)
class TablesScreen:
    """The tables a person sees; `closed` for those who see no records at all."""

    list: Listing
    closed: bool


COLUMNS = (
    Column("label", "表", "label"), Column("owner", "所属", "owner"), Column("rows", "记录", "rows"),
    Column("last_at", "最近报送", "last_at"), Column("covered", "覆盖"),
)
ACT = Column("act", "操作")
KIND = (("delivered", "报送的记录"), ("register", "名录"))
FILTERS = (Filter("q", "表名或栏目", ()), Filter("kind", "种类", (), KIND))


def tables(request: HttpRequest) -> HttpResponseBase:
    """The tables there are, what each holds and covers."""
    _, seen = tables_of(request.user)
    chosen = [chosen_of(request, one) for one in FILTERS]
    rows = ordered(table_rows(request.user, [one for one in seen if passes(one, chosen)]), request.GET.get("sort", ""))
    if form_of(request) in FILES:
        lines = ([getattr(row, column.key) for column in COLUMNS] for row in rows)
        return export("记录表", [column.label for column in COLUMNS], lines, len(rows), form_of(request))
    return show(request, TablesScreen(paged(request, rows, chosen), not seen and not request.user.is_superuser
                                      and request.user.role == "deputy"), "web/tables.html")


def passes(table: Table, chosen: Iterable[Chosen]) -> bool:
    """Whether a table passes the filters."""
    asked = {one.key: one.value for one in chosen}
    named = " ".join((table.key, table.label, table.meaning, *(column.label for column in table.columns)))
    return asked["q"].lower() in named.lower() and asked["kind"] in ("", KIND[table.register][0])


def ordered(rows: list[TableRow], sort: str) -> list[TableRow]:
    """The rows in the order asked for; what is empty comes last."""
    name = sort.removeprefix("-")
    if name not in {column.key for column in COLUMNS if column.order}:
        return rows
    told = sorted((row for row in rows if getattr(row, name) not in (None, "")), key=lambda row: getattr(row, name),
                  reverse=sort.startswith("-"))
    return told + [row for row in rows if getattr(row, name) in (None, "")]


def paged(request: HttpRequest, rows: list[TableRow], chosen: list[Chosen]) -> Listing:
    """One page of the tables."""
    asked = {one.key: one.value for one in chosen} | {"sort": request.GET.get("sort", "")}
    return listed(request, rows, asked, chosen, (*COLUMNS, ACT))


def table_rows(user: Any, seen: list[Table]) -> list[TableRow]:
    """Tables as the list shows them; as many queries for many as for one."""
    keys = [table.key for table in seen]
    standing = Batch.objects.filter(Q(pk__in=Batch.objects.visible_to(user)) | above(user), table__in=keys, state="current")
    numbers = {row["table"]: row for row in standing.order_by().values("table").annotate(
        number=Sum("rows"), at=Max("received_at"))}
    numbers |= {row["table"]: row | {"at": None} for row in Item.objects.visible_to(user).filter(
        table__in=keys, until=None).order_by().values("table").annotate(number=Count("pk"))}
    numbers |= roll_numbers(user, keys)
    covers: dict[str, list[Coverage]] = {}
    people: dict[str, str] = {}
    for one in standing.select_related("received_by").order_by("received_at"):
        covers.setdefault(one.table, []).append(one.coverage)
        people[one.table] = str(one.received_by)
    for table, area in Kept.objects.filter(table__in=keys).values_list("table", "area"):
        covers.setdefault(table, []).append(Coverage((area,)))
    for table in seen:
        wider = not (table.register or table.roll) and any(of_city(user) in one.areas for one in covers.get(table.key, ()))
        if wider or (table.roll and table.key in numbers and not user.is_superuser):
            numbers[table.key]["number"] = own_rows(user, table)
    today = timezone.localdate()
    return [_row(user, table, numbers.get(table.key, {}), people.get(table.key, ""),
                 drawing(covers.get(table.key, ()), today)) for table in seen]


def roll_numbers(user: Any, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Of rolls: rows that stand, and when one was last delivered; nothing of one whose deliveries the user does not see."""
    seen = Step.objects.visible_to(user).filter(table__in=keys).order_by().values("table").annotate(at=Max("at"))
    rows = dict(Leaf.objects.filter(chunk__table__in=keys).order_by().values_list("chunk__table").annotate(Sum("cut__rows")))
    return {one["table"]: {"number": rows.get(one["table"]), "at": one["at"]} for one in seen}


def above(user: Any) -> Q:
    """Deliveries of the city, which tell of a district's people too; a deputy is told of none."""
    return Q(area=of_city(user)) if of_city(user) and user.role != "deputy" else Q(pk__in=())


def of_city(user: Any) -> str:
    """The city a person's district lies in; empty for people of a city."""
    city = f"{user.area[:2]}0000"
    return "" if user.area in ("", city) else city


def own_rows(user: Any, table: Table) -> int:
    """How many rows that stand the user may see."""
    return rows(batches.inputs(table), " AND ".join(seen_of(user, table)), page=Page(0, 1)).count


def _row(user: Any, table: Table, numbers: dict[str, Any], by: str, cover: Drawing | None) -> TableRow:
    head = table_head(user, table)
    kind = "名册" if table.roll else KIND[table.register][1]
    return TableRow(table.key, table.label, table.meaning, table.owner, kind, table.register,
                    numbers.get("number"), numbers.get("at"), by, cover, head.may_deliver, head.href)


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column as the page of a table explains it."""

    key: str
    words: str
    type: str
    rules: str
    meaning: str
    personal: bool


@dataclass(frozen=True, slots=True)
class CountedRow:
    """An indicator a table's rows are counted for."""

    label: str
    how: str
    source: str
    href: str


@dataclass(frozen=True, slots=True)
class AboutScreen:
    """What a table's columns mean, and what is counted from it."""

    table: TableHead
    identity: list[str]
    columns: list[ColumnRow]
    indicators: list[CountedRow]


def about(request: HttpRequest, key: str) -> HttpResponseBase:
    """A table's columns, and the indicators counted from it."""
    catalog, table = table_seen(request, key)
    labels = {column.key: column.label for column in table.columns}
    return show(request, AboutScreen(
        table_head(request.user, table), [labels[name] for name in table.identity],
        [column_row(table, column) for column in table.columns],
        [counted_row(catalog, one) for one in catalog.of_table(table.key)]), "web/table-about.html")


def column_row(table: Table, column: TableColumn) -> ColumnRow:
    """A column in words."""
    rules = ["必填" if column.required else "可以空着"]
    rules += [f"只能是：{'、'.join(column.choices)}"] if column.choices else []
    rules += [f"最多 {column.scale} 位小数"] if column.type == "decimal" else []
    rules += ["地区，写行政区划代码或名称"] if column.key == table.area else []
    rules += ["记录算在这一天"] if column.key == table.dated else []
    rules += [f"须是{FORMS[column.form].label}"] if column.form else []
    rules = ["由系统按其他列计算，不报送"] if column.derived else rules
    unit = f"（{column.unit}）" if column.unit else ""
    return ColumnRow(column.key, f"{column.label}{unit}", TYPES[column.type], "；".join(rules), column.meaning,
                     column.personal)


def counted_row(catalog: Catalog, one: Indicator) -> CountedRow:
    """An indicator in a table's page."""
    return CountedRow(one.label, how_words(catalog, one), one.source, links.indicator(one.key))


def how_words(catalog: Catalog, one: Indicator) -> str:
    """How an indicator counts, in a few words."""
    told = [(word, parse(text, catalog.tables[one.table], catalog.parameters).chinese())
            for word, text in (("数", one.of), ("条件", one.where)) if text]
    return "；".join([KINDS[one.kind], *(f"{word}：{text}" for word, text in told)])


urls = [
    *twin("tables", tables, "tables", *FILES),
    *twin("tables/<str:key>/about", about, "table-about"),
]
