"""Which tables a person sees, and what he may do with one; every page of records starts here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from plumbline.kernel import Catalog, Table, inside
from plumbline.store import declarations, deliveries
from plumbline.store.models import Declaration
from plumbline.store.people import may, outsider
from plumbline.store.rolls import own_street


@dataclass(frozen=True, slots=True)
class TableHead:
    """A table as its pages name it, and what this person may do there."""

    key: str
    label: str
    meaning: str
    owner: str
    register: bool
    dated: str
    href: str
    orders: bool
    may_deliver: bool
    may_edit: bool
    roll: bool = False


def tables_of(user: Any) -> tuple[Catalog, list[Table]]:
    """The catalog, and the tables in it whose records this person may look for; none for a deputy or a stranger.

    Companies  a bank that holds orders sees no roll, and nothing that is told party by party
    """
    catalog = declarations.catalog()
    if not reads(user):
        return catalog, []
    own_ledgers = set(Declaration.objects.visible_to(user).filter(kind=declarations.TABLE).values_list("key", flat=True))
    told = [table for key, table in sorted(catalog.tables.items()) if key in own_ledgers or not declarations.area_in(key)]
    return catalog, [one for one in told if not of_parties(one, catalog)] if outsider(user) else told


def of_parties(table: Table, catalog: Catalog) -> bool:
    """Whether a table is a roll, or tells of a roll's parties by their key; orders are seen by who holds them."""
    keys = {one.identity[0] for one in catalog.tables.values()
            if one.roll and one.key.partition(".")[0] == table.key.partition(".")[0]}
    return table.roll or (not table.orders and any(one.key in keys for one in table.columns))


def reads(user: Any) -> bool:
    """Whether a person sees records at all: a deputy does only as a figure's evidence, a firm only on its own pages."""
    return bool(user.is_authenticated and user.is_active
                and (user.is_superuser or (user.area and user.role not in ("deputy", "firm"))))


def table_seen(request: HttpRequest, key: str) -> tuple[Catalog, Table]:
    """The catalog and the table of a key; 404 where there is none, or not for this person."""
    catalog, tables = tables_of(request.user)
    table = next((one for one in tables if one.key == key), None)
    if table is None:
        raise Http404
    return catalog, table


def filled_by_hand(request: HttpRequest, key: str) -> Table:
    """A table people hand records in for; 404 for one cut from orders too."""
    _, table = table_seen(request, key)
    if table.orders:
        raise Http404
    return table


def head_of(user: Any, table: Table) -> TableHead:
    """A table as its pages name it."""
    allowed = not table.orders and may(user, deliveries.action_for(table), user.area) and table.key not in declarations.retired()
    allowed = allowed and not (table.roll and own_street(user))
    return TableHead(table.key, table.label, table.meaning, table.owner, table.register, table.dated,
                     reverse("rows", args=[table.key]), bool(table.orders), allowed, table.register and allowed, table.roll)


def own(user: Any, table: Table, row: Mapping[str, Any]) -> bool:
    """Whether a row is one the person sees: of his area, and of orders his office's; one without an area only by who sees all."""
    if user.is_superuser:
        return True
    area, office = row.get(table.area), own_office(user, table)
    return bool(area and inside(str(area), user.area)) and (office is None or any(row.get(key) == held for key, held in office))


def own_office(user: Any, table: Table) -> tuple[tuple[str, str], ...] | None:
    """Columns of a table of orders and what they hold of a person's own office: who answers for it, whose street it is.

    None    who looks at a whole area, or at a table that is neither orders nor a roll
    Roll     a street's office sees its own street
    Reading  an office sees the orders that count for it; those of its neighbours are not its to read, here as on their pages
    """
    if table.roll and not user.is_superuser:
        street = own_street(user)
        return (("street", street),) if street and table.column("street") else None
    if not table.orders or user.is_superuser or user.role != "office":
        return None
    office = user.office
    held = (("office", office.name), ("street", office.place)) if office else ()
    return tuple((key, value) for key, value in held if value and any(one.key == key for one in table.columns))
