"""What a delivery covers: written well, allowed to who hands it in, and told by no other batch that stands.

One rule, and a strict one: no two batches of a table that stand cover the same area on the same day. Who has more to
say about it hands in all of it again, as a correction. So a day is told once, or not at all.
"""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from plumbline.kernel import BY_CODE, Coverage, Finding, Table, area_name, inside
from plumbline.store.batches.tables import CURRENT, Batch
from plumbline.store.people.roles import require
from plumbline.store.records.tally import listed
from plumbline.store.words import refuse


def well(user: Any, table: Table, told: Coverage) -> Coverage:
    """The coverage, its areas in order and each once.

    Raises  BadInput for an unknown area, days in the wrong order, or an undated table with days; NotAllowed
    """
    areas = tuple(sorted(set(told.areas)))
    found = [Finding("coverage.area", "覆盖地区", f"没有「{code}」这个地区；请从列表中选择。")
             for code in areas if code not in BY_CODE]
    if not areas:
        found.append(Finding("coverage.area", "覆盖地区", "请写明这份数据完整覆盖哪些地区。"))
    if told.first and told.last and told.first > told.last:
        found.append(Finding("coverage.days", "覆盖日期", f"起日 {told.first} 晚于止日 {told.last}；请更正。"))
    if not table.dated and (told.first or told.last):
        found.append(Finding("coverage.days", "覆盖日期", f"「{table.label}」的各行没有日期，覆盖日期请留空。"))
    refuse(found)
    kept = tuple(code for code in areas if not any(code != outer and inside(code, outer) for outer in areas))
    for code in kept:
        require(user, "deliver", code)
    return Coverage(kept, told.first, told.last)


def common_area(areas: tuple[str, ...]) -> str:
    """The narrowest known area that holds all of some.

    >>> common_area(("110112",)), common_area(("110105", "110112"))
    ('110112', '110000')
    """
    holding = [code for code in BY_CODE if all(inside(area, code) for area in areas)]
    return max(holding, key=lambda code: len(code.rstrip("0")), default="")


def standing(table: str) -> QuerySet[Batch]:
    """Batches of a table that stand."""
    return Batch.objects.filter(table=table, state=CURRENT)


def overlapping(table: str, told: Coverage, replaces: Batch | None) -> list[Batch]:
    """Standing batches that tell of an area and day this coverage tells of; the one it replaces left out."""
    near = standing(table).exclude(pk=replaces.pk if replaces else None)
    if told.first:
        near = near.filter(Q(last_on=None) | Q(last_on__gte=told.first))
    if told.last:
        near = near.filter(Q(first_on=None) | Q(first_on__lte=told.last))
    return [batch for batch in near if meet(tuple(batch.areas), told.areas)]


def meet(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether any area lies in one of the others, or holds it."""
    return any(inside(one, other) or inside(other, one) for one in some for other in others)


def days_apart(one: Coverage, other: Coverage) -> bool:
    """Whether no day is in both."""
    return before(one.last, other.first) or before(other.last, one.first)


def before(last: date | None, first: date | None) -> bool:
    """Whether a last day is before a first one; an open end never is."""
    return last is not None and first is not None and last < first


def holds(outer: Coverage, inner: Coverage) -> bool:
    """Whether a coverage tells all another tells."""
    starts = outer.first is None or (inner.first is not None and outer.first <= inner.first)
    ends = outer.last is None or (inner.last is not None and outer.last >= inner.last)
    return starts and ends and all(any(inside(area, wide) for wide in outer.areas) for area in inner.areas)


def words(told: Coverage) -> str:
    """A coverage for people.

    >>> words(Coverage(("110112",), date(2020, 1, 1), date(2020, 6, 30)))
    '通州区，2020-01-01至2020-06-30'
    """
    areas = listed(area_name(code) for code in told.areas)
    return f"{areas}，{told.first or '最早'}至{told.last or '现在'}" if told.first or told.last else areas
