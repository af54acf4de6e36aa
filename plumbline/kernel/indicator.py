"""Indicators: which records count, and how. Declared in `indicators.yaml`, or typed by an official in a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from plumbline.kernel.figure import NO_DENOMINATOR, UNKNOWN
from plumbline.kernel.record import Table, truthful

KINDS = {
    "count": "计数", "sum": "合计", "share": "占比", "mean": "平均", "latest": "最新一期（时点数）", "distinct": "去重计数",
}
PARTS = {
    "label", "source", "table", "unit", "where", "dated", "dimensions", "decimals", "adds", "fresh", "better", "subject",
    *KINDS,
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """How a figure is counted from the rows of one table.

    kind        count | sum | share | mean | latest | distinct
    of          sum, mean, latest: a number; share: the condition a row passes; distinct: a value; count: empty
    where       condition of the rows that count; every row where empty; unknown does not count
    dated       date column that puts a row into a period; empty: every row counts at any time.
                A `latest` takes, for each identity (the table's, without the dated column), its last row on or
                before the period's last day
    dimensions  columns a figure may be broken down by
    decimals    digits behind the point, as the genre prints it (in 亿 or % where it prints these)
    adds        a wider area is remade from its parts; False: a row speaks for its own area alone (a published growth)
    fresh       of a `latest`: only rows dated within the period, not older ones
    better      up | down | empty
    subject     what a sentence calls it; the label where empty
    """

    key: str
    label: str
    table: str
    kind: str
    unit: str
    source: str
    of: str = ""
    where: str = ""
    dated: str = ""
    dimensions: tuple[str, ...] = ()
    decimals: int = 0
    adds: bool = True
    fresh: bool = False
    better: str = ""
    subject: str = ""
    version: int = 1


def settle(kind: str, top: Decimal | None, bottom: Decimal | None) -> tuple[Decimal | None, str]:
    """Value of a figure from its exact parts, and why there is none. The one place that divides.

    >>> settle("share", Decimal(823), Decimal(1000)), settle("share", Decimal(0), Decimal(0))
    ((Decimal('0.823'), ''), (None, 'no denominator'))
    """
    if kind not in ("share", "mean"):
        return (None, UNKNOWN) if top is None else (top, "")
    if not bottom or top is None:
        return None, NO_DENOMINATOR
    return top / bottom, ""


def indicator_from(key: str, body: Any, tables: Mapping[str, Table], wrong: list[str],
                   version: int = 1) -> Indicator | None:
    """An indicator from its declaration; `table` may leave out the system's name.

    wrong  grows by a sentence for each thing that is missing or wrong; then None is given
    """
    before = len(wrong)
    if not isinstance(body, Mapping):
        wrong.append(f"{key}: write label, table, unit, source and one of {', '.join(KINDS)}")
        return None
    wrong += [f"{key}: {name} is no part of an indicator; remove it" for name in sorted(set(body) - PARTS)]
    wrong += [f"{key}: {name} is missing; write it" for name in ("label", "source", "table", "unit")
              if not body.get(name)]
    kinds = [kind for kind in KINDS if kind in body]
    if len(kinds) != 1:
        wrong.append(f"{key}: write exactly one of {', '.join(KINDS)}")
    name = str(body.get("table") or "")
    table = tables.get(name) or tables.get(f"{key.rpartition('.')[0]}.{name}")
    if name and table is None:
        wrong.append(f"{key}: table {name} is not declared")
    decimals = str(body.get("decimals", "0"))
    if not decimals.isdigit() or int(decimals) > 6:
        wrong.append(f"{key}: decimals is {decimals!r}; write 0 to 6")
    if body.get("better", "") not in ("", "up", "down"):
        wrong.append(f"{key}: better is {body['better']!r}; write up or down")
    adds, fresh = truthful(key, "adds", {"adds": True, **body}, wrong), truthful(key, "fresh", body, wrong)
    if len(wrong) > before or table is None:
        return None
    kind = kinds[0]
    return Indicator(
        key=key, label=body["label"], table=table.key, kind=kind, unit=body["unit"], source=body["source"],
        of="" if kind == "count" else str(body[kind] or ""), where=str(body.get("where") or ""),
        dated=str(body.get("dated", table.dated) or ""), dimensions=tuple(body.get("dimensions") or ()),
        decimals=int(decimals), adds=adds, fresh=fresh, better=body.get("better", ""), subject=str(body.get("subject") or ""),
        version=version)
