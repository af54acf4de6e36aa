"""The page of survival: how long firms last, by when they were set up, by trade, by street; curves with bands, and a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plumbline.engine.lasting import Lives, lasting
from plumbline.kernel import inside
from plumbline.store import rolls
from plumbline.systems.enterprise.activity import FIRMS
from plumbline.systems.enterprise.activity_view import Eye, eye_of, today
from plumbline.systems.enterprise.survival import Curve, curve
from plumbline.web.export import export
from plumbline.web.listing import Column, Listing, day, listed
from plumbline.web.row_filters import quoted
from plumbline.web.screen import FILES, form_of, show, twin

LIVES = Lives("set_up_on", "closed_on", "status in ('注销', '吊销')")
BYS = {"year": ("成立年份", "year(set_up_on)"), "trade": ("行业", "trade"), "size": ("规模", "size"),
       "street": ("街道乡镇", "street"), "": ("全部", "")}
KINDS = {"企业": "企业", "个体工商户": "个体工商户", "": "全部主体"}
MARKS = (12, 24, 36, 60, 120)
# curves drawn at once, the largest groups; groups of fewer firms are in the table and not drawn
DRAWN, FEWEST = 8, 30
COLUMNS = (Column("name", "分组"), Column("count", "户数"), Column("closed", "已注销"),
           *(Column(f"m{mark}", f"{mark // 12}年后存续") for mark in MARKS), Column("median", "寿命中位数"),
           Column("untold", "日期不明"))


@dataclass(frozen=True, slots=True)
class Row:
    """The survival of a group: shares after whole years with their bands; the median in months with its bounds.

    untold  firms whose dates are missing or contradict each other: in no number of the row
    """

    key: str
    name: str
    count: int
    closed: int
    shares: list[tuple[int, Decimal | None, Decimal | None, Decimal | None]]
    median: int | None
    median_low: int | None
    median_high: int | None
    untold: int

    @property
    def median_words(self) -> str:
        """The median in words, with its bounds.

        >>> Row("", "全部", 5, 3, [], 30, 24, None, 0).median_words
        '30 个月（24 个月至还看不出）'
        """
        if self.median is None:
            return "已注销的不到一半，还看不出"
        low, high = (f"{one} 个月" if one is not None else "还看不出" for one in (self.median_low, self.median_high))
        return f"{self.median} 个月（{low}至{high}）"

    @property
    def printed(self) -> list[tuple[int, str, str]]:
        """Years, the share in per cent and its band, as printed; a dash beyond what was seen."""
        found = []
        for mark, share, low, high in self.shares:
            band = f"{low * 100:.1f}—{high * 100:.1f}%" if low is not None and high is not None else ""
            found.append((mark // 12, "—" if share is None else f"{share * 100:.1f}%", band))
        return found

    def line(self) -> list[object]:
        """As a line of a file; shares exact to four digits."""
        shares = (None if share is None else round(share, 4) for _, share, _, _ in self.shares)
        return [self.name, self.count, self.closed, *shares, self.median, self.untold]


@dataclass(frozen=True, slots=True)
class SurvivalPage:
    """How long the firms of an area last, as of a day."""

    area: str
    areas: tuple[tuple[str, str], ...]
    on: date
    by: str
    kind: str
    list: Listing
    bys: Sequence[tuple[str, str]] = field(metadata={"json": False})
    kinds: Sequence[tuple[str, str]] = field(metadata={"json": False})
    drawn: Sequence[Mapping[str, Any]] = field(metadata={"json": False})


def screen_of(request: HttpRequest) -> HttpResponseBase:
    """The curves and the table."""
    eye, told = eye_of(request), request.GET
    by, kind = told.get("by", "year"), told.get("kind", "企业")
    by, kind = by if by in BYS else "year", kind if kind in KINDS else "企业"
    until = told_until(eye)
    on = min(day(told.get("on", "")) or until, until)
    curves = curves_of(eye, on, by, kind)
    rows = [row_of(eye, by, key, one, untold) for key, (one, untold) in curves.items()]
    if form_of(request) in FILES:
        return export(f"存续分析-{BYS[by][0]}-{on}", [one.label for one in COLUMNS], (one.line() for one in rows), len(rows),
                      form_of(request))
    asked = {"area": eye.area, "by": by, "kind": kind, "on": on.isoformat()}
    page = SurvivalPage(
        eye.area, eye.areas, on, by, kind, listed(request, rows, asked, (), COLUMNS),
        [(key, label) for key, (label, _) in BYS.items()], list(KINDS.items()), drawn(eye, by, curves))
    return show(request, page, "enterprise/survival.html")


def told_until(eye: Eye) -> date:
    """The last day the roll tells of: after it nobody knows who still stands."""
    days = [one.day for one in rolls.Step.objects.filter(table=FIRMS).only("day", "areas")
            if any(inside(eye.area, area) or inside(area, eye.area) for area in one.areas)]
    return max(days, default=today())


def curves_of(eye: Eye, on: date, by: str, kind: str) -> dict[str, tuple[Curve, int]]:
    """Of each group its curve and how many have no dates; years in order, other groups the largest first."""
    where = " and ".join(filter(None, (f"kind = {quoted(kind)}" if kind else "", eye.within)))
    told = lasting(eye.roll, LIVES, on, eye.area, BYS[by][1], where)
    found = {key: (curve(one.lasted), one.untold) for key, one in told.items()}
    order = sorted(found, key=(lambda key: (not key, key)) if by == "year" else lambda key: (not key, -found[key][0].count, key))
    return {key: found[key] for key in order}


def row_of(eye: Eye, by: str, key: str, one: Curve, untold: int) -> Row:
    """A line of the table."""
    return Row(key, name_of(eye, by, key), one.count, one.closed, [(mark, *one.around(mark)) for mark in MARKS], one.median,
               one.median_low, one.median_high, untold)


def name_of(eye: Eye, by: str, key: str) -> str:
    """A group's name for people."""
    if by == "":
        return "全部"
    return "不明" if not key else f"{key}年" if by == "year" else eye.street(key) if by == "street" else key


def drawn(eye: Eye, by: str, curves: Mapping[str, tuple[Curve, int]]) -> list[Mapping[str, Any]]:
    """The curves of the picture: the largest groups, in the order of the table; every month has its point."""
    large = sorted((key for key, (one, _) in curves.items() if one.count >= FEWEST and one.closed),
                   key=lambda key: -curves[key][0].count)[:DRAWN]
    return [{"name": name_of(eye, by, key), "points": points(curves[key][0])} for key in curves if key in large]


def points(one: Curve) -> list[list[float | int | None]]:
    """Month, share, low and high of a curve, from 100 % at its begin."""
    told: list[list[float | int | None]] = [[0, 1.0, 1.0, 1.0]]
    for step in one.steps:
        values = (step.share, step.low, step.high)
        told.append([step.month, *(None if value is None else round(float(value), 4) for value in values)])
    return told


urls = [*twin("enterprise/survival", screen_of, "survival", *FILES)]
