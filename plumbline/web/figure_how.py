"""How a figure was counted, for people and for those who read SQL."""

from dataclasses import dataclass

from django.urls import reverse

from plumbline.kernel import KINDS, Catalog, area_name
from plumbline.kernel.expression import Expression, parse
from plumbline.store import declarations
from plumbline.store.figures import Figure


@dataclass(frozen=True, slots=True)
class How:
    """How an indicator counts: its kind, its conditions in Chinese, the same in SQL, its source, its table."""

    known: bool
    kind: str = ""
    said: tuple[tuple[str, str], ...] = ()
    sql: str = ""
    source: str = ""
    table: str = ""
    table_href: str = ""
    version: int = 1


def how_of(catalog: Catalog, row: Figure) -> How:
    """How a figure was counted then; `known` is False for an indicator that is no longer declared as it was."""
    one = declarations.as_counted(catalog, row.indicator, row.version)
    if one is None:
        return How(False)
    table = catalog.tables[one.table]
    where, of = (parse(text, table, catalog.parameters) if text else None for text in (one.where, one.of))
    dated = table.column(one.dated)
    said = [("数哪些记录", where.chinese() if where else "全部记录")]
    said += [({"share": "达到的条件", "distinct": "不重复的"}.get(one.kind, "加总的数"), of.chinese())] if of else []
    said += [("按哪个日期归入时期", dated.label)] if dated else [("时期", "不分时期，按现有全部记录")]
    said += [("地区", f"{area_name(row.area)}{'及其下级地区' if one.adds else '自己的记录'}")]
    return How(True, KINDS[one.kind], tuple(said), sql_of(row, one.kind, (where, of), table.key), one.source, table.label,
               reverse("rows", args=[table.key]), row.version)


def sql_of(row: Figure, kind: str, expressions: tuple[Expression | None, Expression | None], table: str) -> str:
    """The question in SQL, as DuckDB reads it; area and period are put in words."""
    where, of = (one.sql("duckdb", row.last_on) if one else "" for one in expressions)
    picked = {"count": "count(*)", "sum": f"sum({of})", "mean": f"sum({of}) / count({of})", "latest": f"sum({of})",
              "distinct": f"count(DISTINCT {of})", "share": f"count(*) FILTER (WHERE {of}) / count({of})"}[kind]
    told = f"-- {area_name(row.area)}，{row.first_on} 至 {row.last_on}"
    return f'SELECT {picked}\nFROM "{table}" {told}' + (f"\nWHERE {where}" if where else "")
