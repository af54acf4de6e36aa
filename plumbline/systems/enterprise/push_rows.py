"""What came of pushes: how many were told, saw it, opened it, applied, were approved, were paid; by policy, and by street."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from plumbline.store.models import Award, Policy, Push
from plumbline.store.parties.tables import FAILED, HOOK, MAIL, PAGE, SENT, WAITING
from plumbline.systems.enterprise.service_lists import street_names

STEPS = (("pushed", "推送"), ("shown", "看到"), ("read", "打开"), ("applied", "申请"), ("approved", "批准"), ("paid", "到账"))
# states of an award behind an approval, and behind the money
APPROVED = ("reserved", "listed", "failed", "paid", "clawed")


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far the parties told of a policy came.

    steps   key, label, how many, of a thousand of the first
    mail, hook  sent, waiting, failed
    """

    policy: int
    title: str
    area: str
    state: str
    steps: list[tuple[str, str, int, int]]
    mail: tuple[int, int, int]
    hook: tuple[int, int, int]

    @property
    def pushed(self) -> int:
        """How many parties were told."""
        return self.steps[0][2]


@dataclass(frozen=True, slots=True)
class StreetRow:
    """The same of one street."""

    place: str
    name: str
    counts: list[int]


def policies(user: Any) -> Any:
    """Policies a person looks after the pushes of: published ones of his area."""
    told = Push.objects.visible_to(user).order_by().values("policy").distinct()
    return Policy.objects.visible_to(user).filter(pk__in=told).order_by("-published_at", "-pk")


def funnels(user: Any, found: Iterable[Policy]) -> list[Funnel]:
    """The funnels of policies, of the parties this person sees: two queries, however many."""
    rows = list(found)
    keys = [one.pk for one in rows]
    sent = {f"{channel}_{state}": Count("pk", Q(channel=channel, state=state))
            for channel in (MAIL, HOOK) for state in (SENT, WAITING, FAILED)}
    pushed = Push.objects.visible_to(user).filter(policy__in=keys).order_by().values("policy")
    told = {one["policy"]: one for one in pushed.annotate(**counted(), **sent)}
    money = {one["policy"]: one for one in awards(user).filter(policy__in=keys).order_by().values("policy").annotate(**granted())}
    return [_funnel(one, told.get(one.pk, {}), money.get(one.pk, {})) for one in rows]


def counted() -> dict[str, Count]:
    """Counts of words on pages."""
    return {"pushed": Count("key", Q(channel=PAGE), distinct=True),
            "shown": Count("key", Q(channel=PAGE, shown_at__isnull=False), distinct=True),
            "read": Count("key", Q(channel=PAGE, read_at__isnull=False), distinct=True)}


def granted() -> dict[str, Count]:
    """Counts of awards."""
    return {"applied": Count("key", distinct=True), "approved": Count("key", Q(state__in=APPROVED), distinct=True),
            "paid": Count("key", Q(state__in=("paid", "clawed")), distinct=True)}


def awards(user: Any) -> Any:
    """Awards this person sees, of parties that were told."""
    return Award.objects.visible_to(user).exclude(state="void")


def _funnel(one: Policy, told: dict[str, int], money: dict[str, int]) -> Funnel:
    counts = [(key, label, int({**told, **money}.get(key, 0))) for key, label in STEPS]
    whole = max(counts[0][2], 1)
    channels = [tuple(int(told.get(f"{channel}_{state}", 0)) for state in (SENT, WAITING, FAILED)) for channel in (MAIL, HOOK)]
    return Funnel(one.pk, one.title, one.area, one.get_state_display(),
                  [(key, label, count, min(1000, count * 1000 // whole)) for key, label, count in counts],
                  channels[0], channels[1])  # type: ignore[arg-type]


def streets(user: Any, policy: int) -> list[StreetRow]:
    """The funnel of one policy by street; parties whose street nobody knows stand last."""
    told = {one["place"]: one for one in Push.objects.visible_to(user).filter(policy=policy).order_by().values("place").annotate(
        **counted())}
    money: dict[str, dict[str, int]] = {}
    for row in awards(user).filter(policy=policy).order_by().values("place").annotate(**granted()):
        kept = money.setdefault(row["place"][:9], dict.fromkeys(("applied", "approved", "paid"), 0))
        for key in kept:
            kept[key] += row[key]
    names = street_names([*told, *money])
    return [StreetRow(place, names.get(place, place) if place else "街道未登记",
                      [int({**told.get(place, {}), **money.get(place, {})}.get(key, 0)) for key, _ in STEPS])
            for place in sorted({*told, *money}, key=lambda code: (not code, code))]
