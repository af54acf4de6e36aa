"""The matrix of policies and streets: whom each fits, who applied, who was paid; every cell opens its firms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from plumbline.kernel import AREAS, CITY, area_name, inside
from plumbline.store.policies import Policy
from plumbline.systems.enterprise.policy_cells import MEASURES, Key, Told, cells_of, place_names, step, steps_of
from plumbline.systems.enterprise.policy_list import seen
from plumbline.web.export import export
from plumbline.web.listing import Filter, Listing, chosen_of, listed
from plumbline.web.screen import FILES, form_of, show, twin
from plumbline.web.table_access import reads

# policies looked at in one matrix
MOST = 500


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A policy in a place; `words` of the measure chosen, `all` of the three numbers."""

    words: str
    all: str
    step: int
    href: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A policy: its sum over the places shown, and its cells."""

    title: str
    href: str
    way: str
    total: str
    cells: list[MatrixCell]


@dataclass(frozen=True, slots=True)
class Place:
    """A column: a street, or a district; `turn` the order a click asks for, `sorted` as it is."""

    code: str
    name: str
    turn: str
    sorted: str


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """The matrix; the districts' names lead into their streets."""

    places: list[Place]
    heads: list[Place]
    measure: str
    measures: tuple[tuple[str, str], ...]
    area: str
    list: Listing
    where: str = "matrix"


def filters(user: Any) -> tuple[Filter, ...]:
    """What can be chosen."""
    own = user.area or CITY.code
    areas = tuple((one.code, one.name) for one in AREAS if user.is_superuser or inside(one.code, own))
    return (Filter("q", "查找政策", ()), Filter("area", "地区", (), areas), Filter("measure", "看什么", (), MEASURES))


def matrix(request: HttpRequest) -> HttpResponseBase:
    """The matrix, a page of it, or all as a file."""
    user = request.user
    chosen = [chosen_of(request, one) for one in filters(user)]
    asked = {one.key: one.value for one in chosen}
    area, measure = asked["area"] or user.area or CITY.code, asked["measure"] or MEASURES[0][0]
    stand = {"area": area, "measure": measure}
    chosen = [replace(one, value=stand.get(one.key, one.value)) for one in chosen]
    rows = [one for one in seen(user).filter(state="published")[:MOST]
            if asked["q"] in one.title and (inside(area, one.area) or inside(one.area, area))]
    cells = cells_of(user, rows, area)
    names = place_names(code for _, code in cells)
    sort = request.GET.get("sort", "")
    rows, codes = ordered(rows, cells, measure, sort), sorted(names)
    if form_of(request) in FILES:
        return export("政策与街道", *file_of(rows, cells, {code: names[code] for code in codes}), form_of(request))
    steps = steps_of(one.of(measure) for one in cells.values())
    made = [matrix_row(one, cells, codes, (measure, steps), reads(user)) for one in rows]
    shown = listed(request, made, asked | {"sort": sort}, chosen)
    page = MatrixPage([place(code, names[code], sort) for code in codes],
                      [place("title", "政策", sort), place("total", "合计", sort)], measure, MEASURES, area_name(area), shown)
    return show(request, page, "enterprise/policy-matrix.html")


def place(code: str, name: str, sort: str) -> Place:
    """A head: a click sorts from the greatest down, and turns it round."""
    now = {code: "ascending", f"-{code}": "descending"}.get(sort, "")
    return Place(code, name, code if now == "descending" else f"-{code}", now)


def ordered(rows: Iterable[Policy], cells: Mapping[Key, Told], measure: str, sort: str) -> list[Policy]:
    """Policies by title, by their sum or by the number of one place; what is not told comes last either way."""
    down, name = sort.startswith("-"), sort.removeprefix("-")
    if name in ("", "title"):
        return sorted(rows, key=lambda one: one.title, reverse=down) if name else list(rows)
    numbers = {one.pk: total(one, cells, measure) if name == "total" else _number(cells, one, name, measure) for one in rows}
    told = [one for one in rows if numbers[one.pk] is not None]
    return sorted(told, key=lambda one: numbers[one.pk] or 0, reverse=down) + [one for one in rows if numbers[one.pk] is None]


def _number(cells: Mapping[Key, Told], one: Policy, code: str, measure: str) -> int | None:
    found = cells.get((one.pk, code))
    return found.of(measure) if found else None


def total(one: Policy, cells: Mapping[Key, Told], measure: str) -> int | None:
    """A policy's sum over all places; a share of the sums, never a sum of shares."""
    return whole(one, cells).of(measure)


def whole(one: Policy, cells: Mapping[Key, Told]) -> Told:
    """A policy in all places together."""
    told = [cell for (key, _), cell in cells.items() if key == one.pk]
    known = [cell.eligible for cell in told if cell.eligible is not None]
    return Told(sum(known) if known else None, sum(cell.applied for cell in told), sum(cell.paid for cell in told))


def matrix_row(one: Policy, cells: Mapping[Key, Told], codes: Iterable[str], scale: tuple[str, list[int]],
               opens: bool) -> MatrixRow:
    """A policy as the matrix shows it."""
    measure, steps = scale
    made = []
    for code in codes:
        told = cells.get((one.pk, code), Told())
        number = told.of(measure)
        href = f"{reverse('policy-parties', args=[one.pk])}?{urlencode({'answer': 'eligible', 'street': code})}"
        led = opens and len(code) > 6 and told.eligible
        made.append(MatrixCell(cell_words(told, measure), all_words(told), step(number, steps), href if led else ""))
    every = cell_words(whole(one, cells), measure)
    return MatrixRow(one.title, reverse("policy", args=[one.pk]), one.get_way_display(), every, made)


def cell_words(told: Told, measure: str) -> str:
    """The number of a measure, or all three of them."""
    if measure != "all":
        return printed(told.of(measure), measure)
    return f"{printed(told.eligible, '')}/{told.applied:,}/{told.paid:,}" if told != Told() else "—"


def printed(number: int | None, measure: str) -> str:
    """A number of a measure in print; a dash where nobody can say.

    >>> printed(1234, "eligible"), printed(305, "share"), printed(None, "eligible")
    ('1,234', '30.5%', '—')
    """
    if number is None:
        return "—"
    return f"{number // 10}.{number % 10}%" if measure == "share" else f"{number:,}"


def all_words(told: Told) -> str:
    """The three numbers of a cell."""
    return f"符合 {printed(told.eligible, '')} · 申请 {told.applied:,} · 拨付 {told.paid:,}"


def file_of(rows: Iterable[Policy], cells: Mapping[Key, Told], names: Mapping[str, str]) -> tuple[list[str], Any, int]:
    """The matrix as a file: a line for each policy and place."""
    lines: list[list[object]] = []
    for one in rows:
        for code, name in names.items():
            told = cells.get((one.pk, code), Told())
            lines.append([one.title, one.number, name, code, told.eligible, told.applied, told.paid])
    return ["政策", "文号", "地区或街道", "代码", "符合（家）", "已申请（家）", "已拨付（家）"], iter(lines), len(lines)


urls = [*twin("enterprise/matrix", matrix, "policy-matrix", *FILES)]
