"""How lively firms are: an index a month, each part visible, reckoned from whatever records there are.

    part  = 100 × now ÷ mean of the known months among the 12 before; mixed half and half with the same against the median
            of the firms of the same trade and size in the same month; never above 200
    index = Σ weight × part ÷ Σ weight of the known parts; 0 where every record of the month is zero

Why so  The own base keeps a small firm from being measured by a large one; it runs over a whole year, so that every season
        is in it once. The peers take out what fell on all alike (a closed month, a holiday): a firm that lost as much as
        its trade stands at 100 there, and at less against itself. The same month a year ago was rejected as a base: one
        late tax payment a year ago would move it, and firms in their second year would mostly have none.
Unknown A part without a value or a base is left out, the others weigh more, and `known_weight` says how much is known.
"""

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from plumbline.engine import panel
from plumbline.kernel import BadDeclaration, BadInput, Catalog, Coverage, Finding, Inputs
from plumbline.kernel import period as periods
from plumbline.kernel.expression import parse
from plumbline.store import batches, declarations
from plumbline.store.batches import Batch
from plumbline.store.batches.coverage import standing
from plumbline.store.people import require
from plumbline.systems.enterprise.lifecycle import labels

FIRMS, MONTHS, ACTIVITY = "enterprise.firms", "enterprise.months", "enterprise.activity"
# name of the weight, column of the months, column of the score, what people call it
PARTS = (("insured", "insured", "insured_score", "参保"), ("tax", "tax_yuan", "tax_score", "税款"),
         ("invoices_yuan", "invoices_yuan", "invoices_yuan_score", "开票金额"),
         ("invoices", "invoices", "invoices_score", "开票份数"), ("power", "power_kwh", "power_score", "用电"),
         ("hires", "hires", "hires_score", "新招"), ("filings", "filings", "filings_score", "申报"))
KEPT = ("name", "area", "street", "kind", "trade", "size", "status", "set_up_on", "closed_on")
PEERS = ("trade", "size")
LOOKED = (("insured", 0, "insured_now"), ("insured", 3, "insured_before"), ("insured", 12, "insured_year"),
          ("filings", 0, "filings_now"))
OVER = "status in ('注销', '吊销', '迁出')"
WHY = "按报来的记录重新计算"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a firm's index in a month, for people.

    now, usual  the value of the month and the mean of the known months before, in the column's unit; None: not known
    own         against itself, 100 is as usual; score: with its peers mixed in; weight of 100; why it is left out
    """

    key: str
    label: str
    unit: str
    weight: int
    now: Any
    usual: Any
    own: int | None
    score: Any
    why: str

    @property
    def own_points(self) -> str:
        """Against itself, as printed."""
        return "" if self.own is None else f"{self.own // 100}.{self.own % 100:02}"


def weight(catalog: Catalog, name: str, day: date) -> int:
    """A parameter of the index as it stands on a day. Raises BadDeclaration where it does not yet."""
    dated = catalog.parameters[f"enterprise.activity.{name}"].on(day)
    if dated is None:
        raise BadDeclaration(f"enterprise.activity.{name} has no value on {day}; write one")
    return int(dated.value * (100 if name in {one[0] for one in PARTS} else 1))


def panel_of(catalog: Catalog, month: date) -> panel.Panel:
    """What is reckoned, with the weights and limits of a month's last day."""
    day = periods.span(f"{month:%Y-%m}")[1]
    parts = tuple(panel.Part(column, weight(catalog, name, day), score) for name, column, score, _ in PARTS)
    return panel.Panel(catalog.tables[ACTIVITY], parts, KEPT, PEERS, "set_up_on", "closed_on", LOOKED,
                       own=weight(catalog, "own", day), peer=weight(catalog, "peers", day),
                       fewest=weight(catalog, "fewest_months", day), few=weight(catalog, "fewest_peers", day),
                       labels=labels(catalog, day), over=parse(OVER, catalog.tables[FIRMS]))


def sources(catalog: Catalog) -> panel.Sources:
    """The firms, their months and their activity, as they stand."""
    return panel.Sources(*(batches.inputs(catalog.tables[key]) for key in (FIRMS, MONTHS, ACTIVITY)))


def reckon(user: Any, month: date, area: str, example: bool = False) -> Batch:
    """The activity of an area's firms in a month, reckoned and received as a batch; it replaces what stood of that month.

    Same    what comes out as it stands already is not received again
    Raises  NotAllowed; BadInput where no record of the month has come; Conflict where somebody else was quicker
    """
    require(user, "deliver", area)
    catalog = declarations.catalog()
    table, held = catalog.tables[ACTIVITY], sources(catalog)
    first, last = periods.span(f"{month:%Y-%m}")
    if not any(one.covers(area, day) for one in held.months.coverage for day in (first,)):
        raise BadInput([Finding("activity.months", f"{first:%Y-%m}", f"{first:%Y年%m月}的月度经营记录还没有报来；"
                                "请先报送，再计算活跃度。")])
    with tempfile.TemporaryDirectory(prefix="plumbline-activity-") as folder:
        path = Path(folder) / f"{first:%Y-%m}.parquet"
        panel.write(panel_of(catalog, first), held, first, area, path)
        old = standing(ACTIVITY).filter(areas=[area], first_on=first, last_on=last).first()
        with open(path, "rb") as file:
            same = old is not None and old.source_sha256 == hashlib.file_digest(file, "sha256").hexdigest()
        if old is not None and same:
            return old
        return batches.receive(user, table, f"企业活跃度-{first:%Y-%m}.parquet", path, Coverage((area,), first, last),
                               replaces=old, why=WHY if old else "", example=example)


def month_of(text: str) -> date:
    """The first day of a month as people write it. Raises BadInput for what is none.

    >>> month_of("2020-06")
    datetime.date(2020, 6, 1)
    """
    if len(text) != 7 or not periods.is_period(text):
        raise BadInput([Finding("activity.month", "月份", f"「{text[:20]}」不是一个月份；请写成 2020-06。")])
    return periods.span(text)[0]


def months_told(held: Inputs) -> tuple[date, ...]:
    """The months a table's coverage tells of, the oldest first; an open end runs up to today."""
    spans = [(one.first or one.last or timezone.localdate(), one.last or timezone.localdate()) for one in held.coverage]
    found = {date(year, month, 1) for first, last in spans for year in range(first.year, last.year + 1)
             for month in range(1, 13) if first.replace(day=1) <= date(year, month, 1) <= last}
    return tuple(sorted(found))


def own_score(now: int | None, before: Sequence[int], fewest: int, most: int = 2 * panel.HUNDRED) -> int | None:
    """One firm's part against itself, in hundredths, as the engine reckons it: known months before, in whole units.

    >>> own_score(3, [2, 2, 2], 3), own_score(1, [0, 0, 0], 3), own_score(0, [0, 0, 0], 3), own_score(3, [2, 2], 3)
    (15000, 20000, None, None)
    """
    base = sum(before)
    if now is None or len(before) < fewest or base < 0 or now < 0 or (base == 0 and now == 0):
        return None
    return most if base == 0 else min(most, (now * len(before) * 2 * panel.HUNDRED + base) // (2 * base))


def mixed(own: int | None, middle: int | None, shares: tuple[int, int], most: int = 2 * panel.HUNDRED) -> int | None:
    """A part against itself and against its peers' median, mixed; against itself alone where there is no median.

    >>> mixed(15_000, 10_000, (1, 1)), mixed(5_000, 4_000, (1, 1)), mixed(5_000, None, (1, 1))
    (15000, 8750, 5000)
    """
    if own is None or not middle:
        return own
    peer = min(most, (own * 2 * panel.HUNDRED + middle) // (2 * middle))
    whole = sum(shares)
    return (2 * (shares[0] * own + shares[1] * peer) + whole) // (2 * whole)


def index_of(scores: Sequence[int | None], weights: Sequence[int], still: bool) -> int | None:
    """The index of a firm's parts, in hundredths; `still`: every record of the month is zero.

    >>> index_of([15_000, None, 10_000], [25, 50, 25], still=False), index_of([None], [10], still=False)
    (12500, None)
    """
    known = sum(each for score, each in zip(scores, weights, strict=True) if score is not None)
    if still:
        return 0
    total = sum(score * each for score, each in zip(scores, weights, strict=True) if score is not None)
    return (2 * total + known) // (2 * known) if known else None


def parts_of(catalog: Catalog, month: date, rows: Mapping[date, Mapping[str, Any]], row: Mapping[str, Any]) -> list[Part]:
    """The parts of a firm's index in a month, for its page.

    rows  its months by their first day; row: what was reckoned of it
    """
    day, table = periods.span(f"{month:%Y-%m}")[1], catalog.tables[MONTHS]
    fewest = weight(catalog, "fewest_months", day)
    found = []
    for name, key, score, label in PARTS:
        column = table.column(key)
        assert column is not None  # for the types: declared beside
        now = rows.get(month, {}).get(key)
        before = [value for at in range(1, panel.BASE + 1)
                  if (value := rows.get(periods.months_later(month, -at), {}).get(key)) is not None]
        own = own_score(_whole(now, column.scale), [_whole(one, column.scale) or 0 for one in before], fewest)
        why = "" if row.get(score) is not None else "本月没有记录" if now is None else \
            f"此前只有 {len(before)} 个月的记录，不足 {fewest} 个月" if len(before) < fewest else "此前一直是零，没有可比的"
        usual = sum(before) / len(before) if before else None
        found.append(Part(key, label, column.unit, weight(catalog, name, day) // 100, now, usual, own, row.get(score), why))
    return found


def _whole(value: Any, scale: int) -> int | None:
    """A number in its smallest unit."""
    return None if value is None else value if isinstance(value, int) else int(value.scaleb(scale))


__all__ = ["ACTIVITY", "FIRMS", "MONTHS", "PARTS", "Part", "index_of", "mixed", "month_of", "months_told", "own_score",
           "panel_of", "parts_of", "reckon", "sources"]
