"""Whose rates a person sees: of the whole city its own; of a district its own, with places in the city; of an office its own.

Reading  a place among all is the city's to give; another district's number is not (as everywhere here). An office opens
         the requests of its own score, and nobody else's
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from plumbline.engine.groups import By
from plumbline.kernel import AREAS, CITY, area_name, inside
from plumbline.kernel.figure import Cell
from plumbline.store.models import Office
from plumbline.web.table_access import reads

KINDS = {"street": "街道乡镇", "department": "部门", "enterprise": "公共服务企业", "district": "区政府"}


@dataclass(frozen=True)
class Eye:
    """A person looking at rates."""

    user: Any = field(compare=False)

    @property
    def sees(self) -> bool:
        """Whether he sees rates at all: who sees records does."""
        return reads(self.user) and (self.user.role != "office" or self.user.office_id is not None or self.user.is_superuser)

    @property
    def office(self) -> Office | None:
        """The one office whose score he looks at; None for who looks at an area."""
        return self.user.office if self.user.role == "office" and not self.user.is_superuser else None

    @property
    def area(self) -> str:
        """His area; a superuser's without one is the city."""
        return self.user.area or CITY.code

    @property
    def city(self) -> str:
        """The city around it: places are told among all of it."""
        return f"{self.area[:2]}0000"

    @property
    def whole(self) -> bool:
        """Whether every number of the city is his to see."""
        return self.office is None and self.area == self.city

    @property
    def areas(self) -> tuple[tuple[str, str], ...]:
        """Areas whose classes and months he may look at."""
        return tuple((one.code, one.name) for one in AREAS if inside(one.code, self.area) and self.office is None)

    @cached_property
    def own(self) -> Cell:
        """The cell of an office's own score; empty for who looks at an area."""
        if self.office is None:
            return ()
        return (("street", self.office.place),) if self.office.place else (("office", self.office.name),)

    @cached_property
    def offices(self) -> Mapping[str, Office]:
        """The offices of his city by name."""
        of_city = Office.objects.filter(area__startswith=self.city[:2])
        return {one.name: one for one in of_city.only("name", "area", "kind", "place")}

    @cached_property
    def streets(self) -> Mapping[str, str]:
        """Names of streets by code, as far as they have an office."""
        return {one.place: one.name for one in self.offices.values() if one.place}

    def opens(self, by: str, key: str) -> bool:
        """Whether the numbers of a body are his to see, and its requests his to open."""
        if self.office is not None:
            return (by, key) in (("street", self.office.place), ("office", self.office.name))
        if by in ("street", "district"):
            return inside(key, self.area)
        office = self.offices.get(key) if by == "office" else None
        return by != "office" or self.whole or (office is not None and inside(office.area, self.area))

    def area_of(self, by: str, key: str, asked: str) -> str:
        """The area a body's figure is of: the narrowest that holds it whole."""
        if by == "district":
            return key
        if by == "street":
            return key[:6]
        office = self.offices.get(key) if by == "office" else None
        return office.area if office else asked

    def name_of(self, by: str, key: str) -> str:
        """A body's name for people."""
        return area_name(key) if by == "district" else self.streets.get(key, key) if by == "street" else key


def cell_of(by: str, key: str, own: Cell = ()) -> Cell:
    """The cell of a body's figures."""
    return own if by in ("district", "month") else (*own, (by, key))


def grouping(by: str, kind: str = "", own: Cell = ()) -> By:
    """What the engine groups by; offices by their kind, where one is chosen."""
    return By(by, (*own, *((("office_kind", kind),) if by == "office" and kind else ())))


def cell_text(cell: Iterable[tuple[str, str]]) -> str:
    """A cell as an address writes it.

    >>> cell_text((("street", "110101001"),)), read_cell("street=110101001")
    ('street=110101001', (('street', '110101001'),))
    """
    return ";".join(f"{name}={value}" for name, value in cell)


def read_cell(text: str) -> Cell:
    """The cell of an address; parts that are none are left out."""
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return tuple((name, value) for name, _, value in pairs if name and value)
