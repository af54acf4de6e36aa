"""Working days by year: which arrangements are known, and a form for a year that is not yet, or was changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from plumbline.kernel import BadInput, Calendar, Conflict, Finding, Year
from plumbline.store import declarations, orders
from plumbline.store.models import Declaration
from plumbline.web.forms import status_of, told, version, whole
from plumbline.web.orders.kinds import Version, history, may_set
from plumbline.web.orders.rows import reads_orders
from plumbline.web.screen import show, twin

BEFORE, AFTER = 2, 2


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year: days worked in it, and where its arrangement comes from."""

    year: int
    known: bool
    source: str
    worked: int
    off: str
    extra: str


@dataclass(frozen=True, slots=True)
class YearsPage:
    """The years around this one, and the form of one of them."""

    years: list[YearRow]
    hours: str
    year: int
    fields: dict[str, str]
    history: list[Version]
    version: int
    may: bool
    why: str = ""
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    where: str = "order-settings"


def years(request: HttpRequest) -> HttpResponseBase:
    """The years, and what an official tells of one."""
    if not reads_orders(request.user):
        raise Http404
    asked = whole((request.POST or request.GET).get("year", "")) or next_unknown()
    if request.method != "POST":
        return show(request, page_of(request, asked), "web/order-years.html")
    try:
        told_of = Year(declarations.days_from(request.POST.get("off", "")), declarations.days_from(request.POST.get("extra", "")),
                       " ".join(request.POST.get("source", "").split()))
        declarations.declare_year(request.user, asked, told_of, request.POST.get("why", ""), version(request))
    except (BadInput, Conflict) as error:
        typed = {name: request.POST.get(name, "") for name in ("off", "extra", "source")}
        return show(request, page_of(request, asked, typed, error), "web/order-years.html", status_of(error))
    messages.success(request, f"{asked} 年的工作日已保存，并记入日志；时限按它推算。")
    return redirect("years")


def next_unknown() -> int:
    """The first year from this one on whose arrangement is not known."""
    calendar, this = orders.calendar_now(), timezone.localdate().year
    return next(year for year in range(this, this + 100) if year not in calendar.years)


def page_of(request: HttpRequest, year: int, typed: dict[str, str] | None = None, error: Exception | None = None) -> YearsPage:
    """The page, with the form of a year."""
    calendar, this = orders.calendar_now(), timezone.localdate().year
    declared = Declaration.objects.newest().filter(key=f"calendar.{year}").first()
    versions = history(f"calendar.{year}")
    sources = {one.key: one.body["source"] for one in Declaration.objects.newest().filter(kind=declarations.YEAR)}
    rows = [year_row(calendar, one, sources) for one in range(this - BEFORE, this + AFTER + 1)]
    fields = typed or {"off": lines(calendar.off, year), "extra": lines(calendar.extra, year),
                       "source": declared.body["source"] if declared else ""}
    hours = "、".join(f"{opens:%H:%M}—{closes:%H:%M}" for opens, closes in calendar.hours)
    return YearsPage(rows, hours, year, fields, versions, versions[0].version if versions else 0, may_set(request.user),
                     request.POST.get("why", ""), *told(error))


def year_row(calendar: Calendar, year: int, sources: dict[str, str]) -> YearRow:
    """A year in the table."""
    known = year in calendar.years
    worked = calendar.counted(date(year, 12, 31).toordinal()) - calendar.counted(date(year - 1, 12, 31).toordinal())
    source = sources.get(f"calendar.{year}", "国务院办公厅通知（程序自带）") if known else "尚未公布，按周一至周五推算"
    return YearRow(year, known, source, worked, spans(calendar.off, year), spans(calendar.extra, year))


def lines(days: object, year: int) -> str:
    """Days of a year as the form has them, a line each."""
    return "\n".join(f"{day} {name}" for day, name in sorted(dict(days).items()) if day.year == year)  # type: ignore[call-overload]


def spans(days: object, year: int) -> str:
    """Days of a year in words, those that follow one another as a span.

    >>> spans({date(2024, 2, day): "春节" for day in (10, 11, 12, 18)}, 2024)
    '春节 2月10日—12日、18日'
    """
    found: dict[str, list[list[date]]] = {}
    for day, name in sorted(dict(days).items()):  # type: ignore[call-overload]
        if day.year == year:
            runs = found.setdefault(name, [])
            if runs and (day - runs[-1][-1]).days == 1:
                runs[-1].append(day)
            else:
                runs.append([day])
    return "；".join(f"{name} {'、'.join(run_words(runs))}" for name, runs in found.items())


def run_words(runs: list[list[date]]) -> Iterator[str]:
    """Runs of days in words, the month said where it changes."""
    month = 0
    for run in runs:
        words = []
        for day in (run[0], run[-1])[:len(run)]:
            words.append(f"{day.day}日" if day.month == month else f"{day.month}月{day.day}日")
            month = day.month
        yield "—".join(words)


urls = [*twin("orders/settings/years", years, "years")]
