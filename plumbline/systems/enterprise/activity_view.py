"""What the pages of activity share: whose firms a person sees, the months told of, names of streets, a window on many rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from plumbline.engine import Page, rows
from plumbline.kernel import CITY, Catalog, Inputs, area_name, inside
from plumbline.kernel import period as periods
from plumbline.kernel.figure import Cell
from plumbline.store import batches, declarations
from plumbline.store.models import Office
from plumbline.store.people import outsider
from plumbline.systems.enterprise.activity import ACTIVITY, FIRMS, months_told
from plumbline.web.people import areas_of
from plumbline.web.row_filters import quoted
from plumbline.web.table_access import reads

ROLES = ("planner", "leader", "office", "dispatcher")
# months a picture goes back
BACK = 12


@dataclass(frozen=True)
class Eye:
    """A person looking at the activity of firms, and what he asks for in the address.

    area, month  what he looks at: his own area and the last month reckoned, unless he asks for others of his
    """

    user: Any = field(compare=False)
    area: str
    asked: str = ""

    @cached_property
    def catalog(self) -> Catalog:
        """What is declared."""
        return declarations.catalog()

    @cached_property
    def rows(self) -> Inputs:
        """The activity as it stands."""
        return batches.inputs(self.catalog.tables[ACTIVITY])

    @cached_property
    def roll(self) -> Inputs:
        """The firms as they stand."""
        return batches.inputs(self.catalog.tables[FIRMS])

    @cached_property
    def months(self) -> tuple[date, ...]:
        """The months reckoned of this area, the oldest first."""
        of_area = tuple(one for one in self.rows.coverage if any(inside(self.area, area) or inside(area, self.area)
                                                                 for area in one.areas))
        return months_told(Inputs(self.rows.table, (), of_area))

    @property
    def partly(self) -> str:
        """Names of the areas reckoned, where the one looked at was not reckoned whole; empty otherwise."""
        month = self.month
        if month is None or any(one.covers(self.area, month) for one in self.rows.coverage):
            return ""
        told = {area for one in self.rows.coverage for area in one.areas if one.covers(area, month) and inside(area, self.area)}
        return "、".join(area_name(area) for area in sorted(told))

    @property
    def month(self) -> date | None:
        """The month looked at; None where none has been reckoned."""
        return next((one for one in self.months if f"{one:%Y-%m}" == self.asked), self.months[-1] if self.months else None)

    @cached_property
    def own_street(self) -> str:
        """Of who works for a street's office, its code: no other street's firms are his to see."""
        office = self.user.office if self.user.role == "office" and not self.user.is_superuser else None
        return office.place if office else ""

    @property
    def cell(self) -> Cell:
        """The cell of the figures he sees."""
        return (("street", self.own_street),) if self.own_street else ()

    @property
    def within(self) -> str:
        """The condition of rows that are his to see, within the area."""
        return f"street = {quoted(self.own_street)}" if self.own_street else ""

    @property
    def areas(self) -> tuple[tuple[str, str], ...]:
        """Areas he may look at, as choices."""
        return tuple((key, label) for key, label in areas_of(self.user) if inside(key, CITY.code) or key == self.area)

    @cached_property
    def streets(self) -> Mapping[str, str]:
        """Names of streets by code, as far as they have an office."""
        found = Office.objects.filter(area__startswith=self.area[:2]).exclude(place="")
        return dict(found.values_list("place", "name"))

    def street(self, code: str | None) -> str:
        """A street's name; its code where nobody named it."""
        return self.streets.get(code or "", code or "街道不明")

    def place(self, area: str, street: str | None) -> str:
        """A street with its district."""
        name = self.street(street)
        return name if name.startswith(area_name(area)[:2]) else f"{area_name(area)}{name}"


def eye_of(request: HttpRequest) -> Eye:
    """Who looks, at what. Raises Http404 for who sees no records, or where the system is not installed."""
    user, told = request.user, request.GET
    if not reads(user) or outsider(user) or (user.role not in ROLES and not user.is_superuser):
        raise Http404
    own = user.area or CITY.code
    asked = told.get("area", "")
    return Eye(user, asked if asked in dict(areas_of(user)) else own, told.get("month", ""))


def span(month: date, back: int = 0) -> tuple[date, date]:
    """First and last day of a month, or of it and so many before."""
    return periods.months_later(month, -back), periods.months_later(month, 1) - timedelta(days=1)


def dated(inputs: Inputs, month: date) -> str:
    """The condition of a row of a month."""
    first, last = span(month)
    return f"{inputs.table.dated} between date '{first}' and date '{last}'"


@dataclass(frozen=True)
class Window(Sequence[Any]):
    """Rows that meet a condition, read as far as they are looked at: a list of millions is paged like any other."""

    inputs: Inputs
    where: str
    contains: Mapping[str, str]
    order: tuple[str, ...]

    @cached_property
    def count_(self) -> int:
        """How many there are."""
        return rows(self.inputs, self.where, self.contains, (), Page(0, 0)).count

    def __len__(self) -> int:
        return self.count_

    def __getitem__(self, at: Any) -> Any:
        if not isinstance(at, slice):
            return self[at:at + 1][0]
        first, last, _ = at.indices(len(self))
        return list(rows(self.inputs, self.where, self.contains, self.order, Page(first, last - first)).rows)


def today() -> date:
    """The day in the city."""
    return timezone.localdate()


__all__ = ["BACK", "ROLES", "Eye", "Window", "dated", "eye_of", "span", "today"]
