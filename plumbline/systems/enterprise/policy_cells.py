"""Policies by street: how many firms each fits, have applied and were paid, from the last matching and from the awards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from plumbline.kernel import BY_CODE, area_name
from plumbline.store.grants.tables import LIVE, Award
from plumbline.store.models import PolicyMatch
from plumbline.store.policies import Policy
from plumbline.systems.enterprise.service_lists import street_names

MEASURES = (("all", "符合/已申请/已拨付"), ("eligible", "符合"), ("applied", "已申请"), ("paid", "已拨付"),
            ("share", "拨付占符合"))
STEPS = 5
DISTRICT = 6


@dataclass(frozen=True, slots=True)
class Told:
    """A policy in one place: firms it fits (None where it was not matched), firms that applied, firms that were paid."""

    eligible: int | None = None
    applied: int = 0
    paid: int = 0

    def of(self, measure: str) -> int | None:
        """The number of a measure; a share in tenths of a percent."""
        if measure == "all":
            return self.eligible
        if measure == "share":
            return (2000 * self.paid + self.eligible) // (2 * self.eligible) if self.eligible else None
        number: int | None = getattr(self, measure)
        return number


Key = tuple[int, str]


def cells_of(user: Any, policies: Iterable[Policy], area: str) -> dict[Key, Told]:
    """What is told of policies, by number of the policy and code of the place: streets of a district, districts of the city."""
    rows = list(policies)
    fits = _fits(rows, area)
    asked = _asked(user, rows, area)
    keys = {*fits, *asked}
    return {key: Told(fits.get(key), *asked.get(key, (0, 0))) for key in keys}


def _fits(rows: Sequence[Policy], area: str) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for match in PolicyMatch.objects.filter(policy__in=[one.pk for one in rows]):
        streets: Mapping[str, Sequence[int]] = (match.cells or {}).get("street", {})
        for street, told in streets.items():
            if place := place_of(street, area):
                found[match.policy_id, place] = found.get((match.policy_id, place), 0) + told[0]
    return found


def _asked(user: Any, rows: Sequence[Policy], area: str) -> dict[Key, tuple[int, int]]:
    found: dict[Key, tuple[int, int]] = {}
    told = Award.objects.visible_to(user).filter(policy__in=[one.pk for one in rows], state__in=LIVE).order_by()
    counted = told.values_list("policy", "place").annotate(
        asked_=Count("key", distinct=True), paid_=Count("key", filter=Q(state="paid"), distinct=True))
    for policy, street, applied, paid in counted:
        if place := place_of(street, area):
            one, other = found.get((policy, place), (0, 0))
            found[policy, place] = (one + applied, other + paid)
    return found


def place_of(street: str, area: str) -> str:
    """Which column a street belongs to: itself in its district, its district in the city; none where it lies elsewhere.

    >>> place_of("110112003", "110112"), place_of("110112003", "110000"), place_of("110105001", "110112"), place_of("", "110000")
    ('110112003', '110112', '', '')
    """
    whole = area.endswith("0000")
    if not street.startswith(area[:2] if whole else area):
        return ""
    return street[:DISTRICT] if whole else street


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Names of places: a street's by its office, a district's own; the code where nobody told."""
    named = street_names(told := set(codes))
    return {code: area_name(code) if code in BY_CODE else named.get(code, code) for code in told}


def steps_of(numbers: Iterable[int | None]) -> list[int]:
    """Where the colours of a scale change: each holds as many cells as the next, so that one great number hides no others."""
    known = sorted(one for one in numbers if one)
    return [known[len(known) * n // STEPS] for n in range(1, STEPS)] if known else []


def step(number: int | None, steps: Sequence[int]) -> int:
    """The colour of a number: 0 for none, else 1 to 5.

    >>> step(None, [1, 2, 3, 4]), step(0, [1, 2, 3, 4]), step(1, [2, 4, 6, 8]), step(9, [2, 4, 6, 8])
    (0, 0, 1, 5)
    """
    return 1 + sum(number >= one for one in steps) if number else 0
