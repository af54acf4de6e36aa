"""Projects and the spaces they can go to: what fits, the closest first; one chosen, both ledgers say so at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from plumbline.kernel import BadInput, Catalog, Conflict, Finding, NotAllowed
from plumbline.store import registers
from plumbline.store.registers import Item
from plumbline.systems.enterprise.service_lists import number_of

LANDINGS, SPACES = "enterprise.landings", "enterprise.spaces"
LOOKING, MATCHED = "洽谈", "已对接空间"
SHOWN = 3
ABSENT = "没有这个项目或空间，或者您无权更改；没有保存任何改动。"
STALE = "这个项目或空间刚被他人更改；没有保存，请刷新后再选。"


@dataclass(frozen=True, slots=True)
class Fit:
    """A space a project can go to. spare: square metres left over; None where the project does not say what it needs."""

    pk: int
    number: str
    name: str
    kind: str
    free: Decimal
    spare: Decimal | None
    why: str


def looking(user: Any) -> list[Item]:
    """Projects without a space that a person sees, the oldest first."""
    rows = Item.objects.visible_to(user).filter(table=LANDINGS, until=None).order_by("pk")
    return [one for one in rows if one.values.get("state") == LOOKING]


def spaces(user: Any) -> list[Item]:
    """Spaces a person sees that have room."""
    rows = Item.objects.visible_to(user).filter(table=SPACES, until=None).order_by("pk")
    return [one for one in rows if (number_of(one.values.get("free_m2")) or 0) > 0]


def fits(project: Item, offered: Iterable[Item]) -> list[Fit]:
    """Spaces of the project's district that are large enough and meant for its industry, those with least to spare first.

    Unknown  a space that says nothing of industries takes any; a project that says nothing of its size fits wherever it may
    """
    needs, letter = number_of(project.values.get("needs_m2")), str(project.values.get("industry") or "")[:1]
    found = []
    for one in offered:
        free, meant = number_of(one.values.get("free_m2")) or Decimal(0), str(one.values.get("fits") or "").split()
        if one.area != project.area or (needs is not None and free < needs) or (meant and letter and letter not in meant):
            continue
        why = "适合这个行业" if meant and letter else "没有限定行业" if not meant else "项目没有写行业"
        spare = None if needs is None else free - needs
        found.append(Fit(one.pk, str(one.values.get("number")), str(one.values.get("name")), str(one.values.get("kind")), free,
                         spare, why))
    return sorted(found, key=lambda one: (one.spare is None, one.spare or 0, -one.free, one.number))


@transaction.atomic
def choose(user: Any, project: int, space: int, versions: Sequence[int], catalog: Catalog, today: date) -> Item:
    """A space for a project: the project names it, the space has so much less room; both, or neither.

    versions  of the project and the space, as the person saw them
    Raises    NotAllowed, BadInput where it does not fit any more, Conflict
    """
    held = {one.pk: one for one in Item.objects.visible_to(user).select_for_update().filter(pk__in=(project, space), until=None)}
    one, other = held.get(project), held.get(space)
    if one is None or other is None or one.table != LANDINGS or other.table != SPACES:
        raise NotAllowed(ABSENT)
    if (one.version, other.version) != tuple(versions):
        raise Conflict(STALE)
    if one.values.get("state") != LOOKING or not (fit := fits(one, [other])):
        words = "这个空间不够大、不在本区或不适合这个行业；请另选。"
        raise BadInput([Finding("landing.fit", str(one.values.get("project")), words)])
    used = number_of(one.values.get("needs_m2")) or fit[0].free
    why = f"对接项目 {one.values.get('number')}"
    registers.save(user, catalog.tables[SPACES], other.pk, {"free_m2": f"{fit[0].free - used:f}"}, why, other.version)
    return registers.save(user, catalog.tables[LANDINGS], one.pk, {
        "space": other.values.get("number"), "matched_on": today.isoformat(), "state": MATCHED}, why, one.version)
