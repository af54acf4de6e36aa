"""Publishing figures: a run is added, what it replaces stays beside it, and nothing is ever changed."""

from collections.abc import Container, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from plumbline import __version__
from plumbline.kernel import CITY, Conflict
from plumbline.kernel import Figure as Counted
from plumbline.kernel.figure import Cell
from plumbline.kernel.period import span
from plumbline.store.figures.tables import CURRENT, REPLACED, Figure, Run
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import require
from plumbline.store.words import fitted

BATCH = 500
# of a mark: what is counted and how; the rest is of the records
HALF = 32
QUICKER = "有人刚刚公布了同一个数；没有保存。请刷新后重试。"
Key = tuple[str, str, str, str]
SAID = ("value", "missing", "top", "bottom", "counted", "unknown")


@transaction.atomic
def publish(user: Any, figures: Iterable[Counted], why: str = "", marks: Mapping[str, str] | None = None,
            engine: str = "duckdb", lively: Container[str] = ()) -> Run:
    """A run of figures, each in place of the current one of its key; what says the same from the same is left out.

    user   None for the machine, which counts again what a changed record touched
    marks  by indicator: hash of all its figures depend on, its first half of all but the records
    lively indicators whose records change all the time: what says the same from other records stands as it is, and
           only its mark follows
    Raises Conflict where somebody published one of them meanwhile; then nothing is kept
    """
    # in one order, so that two who publish the same wait for each other, and not in a circle
    counted = dict(sorted({key_of(one): one for one in figures}.items(), key=lambda pair: pair[0]))
    if user is not None:
        for area in sorted({one.area for one in counted.values()}):
            require(user, "count", area[:6])
    standing = _standing(counted)
    run = Run(at=timezone.now(), by=user, why=fitted(Run, "why", why), engine=engine, version=__version__)
    rows = [row_of(run, one, (marks or {}).get(one.indicator, ""), standing.get(key)) for key, one in counted.items()]
    changed = [row for row in rows if row.replaces is None or differs(row, row.replaces)]
    news = [row for row in changed if row.indicator not in lively or not still(row)]
    for row in changed if lively else ():
        if row.replaces and row.indicator in lively and still(row):
            Figure.objects.filter(pk=row.replaces.pk, state=CURRENT).update(mark=row.mark)
    if not news:
        last = standing[next(iter(standing))].run if standing else None
        if last:
            return last
    _replace(news, why)
    run.save()
    try:
        with transaction.atomic():
            Figure.objects.bulk_create(news, batch_size=BATCH)
    except IntegrityError:
        raise Conflict(QUICKER) from None
    record(user, *_writes(run, news))
    return run


def key_of(one: Counted) -> Key:
    """What names a figure: indicator, area, period and cell."""
    return one.indicator, one.area, one.period, cell_text(one.cell)


def cell_text(cell: Cell) -> str:
    """Values of dimensions as the table keeps them.

    >>> cell_text((("street", "110112001"), ("kind", "市场")))
    'street=110112001;kind=市场'
    """
    return ";".join(f"{name}={value}" for name, value in cell)


def _standing(counted: Mapping[Key, Counted]) -> dict[Key, Figure]:
    """The current figures of these keys, locked."""
    rows = Figure.objects.select_for_update(of=("self",)).select_related("run").filter(
        state=CURRENT, indicator__in={key[0] for key in counted}, area__in={key[1] for key in counted},
        period__in={key[2] for key in counted})
    return {(row.indicator, row.area, row.period, row.cell): row for row in rows}


def row_of(run: Run, one: Counted, mark: str, before: Figure | None) -> Figure:
    """The row of a counted figure."""
    first, last = span(one.period)
    return Figure(
        run=run, indicator=one.indicator, area=one.area, period=one.period, first_on=first, last_on=last,
        cell=cell_text(one.cell), unit=one.unit, value=exact(one.value), missing=one.missing, top=exact(one.top),
        magnitude=None if one.value is None else float(one.value), bottom=exact(one.bottom), counted=one.counted,
        unknown=one.unknown, inputs=list(one.inputs), mark=mark, version=one.version, replaces=before)


def exact(value: Decimal | None) -> str:
    """A decimal as the table keeps it; empty for none.

    >>> exact(Decimal("1E+3")), exact(Decimal("0.50")), exact(None)
    ('1000', '0.50', '')
    """
    return "" if value is None else f"{value:f}"


def differs(row: Figure, other: Figure) -> bool:
    """Whether two figures say anything different, or rest on anything different."""
    return any(getattr(row, name) != getattr(other, name) for name in (*SAID, "inputs", "mark", "version", "unit"))


def still(row: Figure) -> bool:
    """Whether a figure says the same as the one it would replace, counted in the same way from other records."""
    other = row.replaces
    return other is not None and row.mark[:HALF] == other.mark[:HALF] and all(
        getattr(row, name) == getattr(other, name) for name in (*SAID, "version", "unit"))


def same_value(row: Figure, other: Figure) -> bool:
    """Whether two figures give the reader the same number, or the same reason for none."""
    return row.missing == other.missing and (row.value == other.value or (
        bool(row.value and other.value) and Decimal(row.value) == Decimal(other.value)))


def _replace(news: Iterable[Figure], why: str) -> None:
    """Mark what the news replace, and say in each why."""
    older = [row.replaces for row in news if row.replaces]
    ours = Figure.objects.filter(pk__in=[row.pk for row in older], state=CURRENT)
    if ours.update(state=REPLACED) != len(older):
        raise Conflict(QUICKER)
    for row in news:
        if row.replaces:
            row.reason = fitted(Figure, "reason", why or (
                "记录有更新，数值未变" if same_value(row, row.replaces) else "记录有更新"))


def _writes(run: Run, news: list[Figure]) -> list[Write]:
    """One entry for the run, and one for every number that changed."""
    area = min((row.area[:6] for row in news), key=lambda code: (not code.endswith("0000"), code), default=CITY.code)
    writes = [Write("figures.publish", "run", run.pk, None, {"figures": len(news), "engine": run.engine,
                    "version": run.version, "indicators": sorted({row.indicator for row in news})}, run.why, area)]
    for row in news:
        if row.replaces and not same_value(row, row.replaces):
            writes.append(Write("figure.replace", "figure", row.pk, said(row.replaces), said(row), row.reason,
                                row.area[:6]))
    return writes


def said(row: Figure) -> dict[str, Any]:
    """A figure as the journal keeps it."""
    return {"indicator": row.indicator, "area": row.area, "period": row.period, "cell": row.cell,
            **{name: getattr(row, name) for name in SAID}}
