"""Money without an application (免申即享): whom a policy fits, put on a list to confirm; and applying in a firm's name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from plumbline.engine.decide import decide
from plumbline.engine.eligible import eligible
from plumbline.kernel import BadInput, Conflict, Finding, inside, rule_on
from plumbline.store import batches, declarations
from plumbline.store.grants import applying, asking
from plumbline.store.grants.offers import Offer, Row, offer_of
from plumbline.store.grants.tables import LIVE, Award
from plumbline.store.models import Policy
from plumbline.store.people import may, require
from plumbline.store.policies.rules import rules_of
from plumbline.store.policies.tables import AUTOMATIC
from plumbline.store.rolls import rows_of
from plumbline.web.forms import onward, status_of, told, whole
from plumbline.web.screen import act, show, twin

# put on a list by one press: some seconds
MOST, BATCH = 10_000, 2_000


@dataclass(frozen=True, slots=True)
class Offered:
    """A policy that is given without asking: how many it fits, how many are on its list, confirmed, paid."""

    key: int
    title: str
    eligible: int | None
    listed: int
    confirmed: int
    paid: int
    href: str


@dataclass(frozen=True, slots=True)
class ListsPage:
    """The policies given without asking, and those one may apply for in a firm's name."""

    offered: Sequence[Offered]
    lists: bool
    asks: bool
    policies: Sequence[tuple[str, str]]
    typed: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    findings: Sequence[Finding] = ()
    where: str = "lists"


def published(user: Any) -> Any:
    """Published policies of the person's area, or of one around it."""
    rows = Policy.objects.visible_to(user).filter(state="published").select_related("match").defer("text").order_by("-pk")
    return [one for one in rows if inside(user.area, one.area) or inside(one.area, user.area)]


def offered(user: Any, rows: Sequence[Policy]) -> list[Offered]:
    """Policies as the page shows them, with what this person sees of their lists."""
    told = Award.objects.visible_to(user).filter(policy__in=[one.pk for one in rows], automatic=True).order_by().values("policy")
    counts = {one["policy"]: one for one in told.annotate(
        listed=Count("pk", Q(state__in=LIVE)), confirmed=Count("pk", Q(approved_at__isnull=False)),
        paid=Count("pk", Q(state="paid")))}
    return [_offered(one, counts.get(one.pk, {})) for one in rows]


def _offered(one: Policy, told: Mapping[str, int]) -> Offered:
    match = getattr(one, "match", None)
    return Offered(one.pk, one.title, match.counts.get("eligible") if match and match.counts else None,
                   told.get("listed", 0), told.get("confirmed", 0), told.get("paid", 0),
                   f"{reverse('enterprise-applications')}?policy={one.pk}&way=true")


def lists(request: HttpRequest, error: Exception | None = None) -> HttpResponseBase:
    """The page."""
    user = request.user
    rows = published(user)
    page = ListsPage(
        offered(user, [one for one in rows if one.way == AUTOMATIC]), may(user, "order", user.area),
        may(user, "examine", user.area),
        [(str(one.pk), one.title) for one in rows if one.way != AUTOMATIC], request.POST.dict() if error else {}, *told(error))
    return show(request, page, "enterprise/money-lists.html", status_of(error) if error else 200)


def draw_up(request: HttpRequest, policy: int) -> HttpResponseBase:
    """Put on the list whom the policy fits and who is not on it yet."""
    require(request.user, "examine", request.user.area)
    offer = offer_of(policy, declarations.catalog(), timezone.localdate())
    rows = islice(fitting(request.user, offer), MOST)
    made = applying.automatic(request.user, offer, rows, f"免申即享名单：{offer.title}"[:300])
    more = f"，已到一次的上限 {MOST} 家，请再列一次" if made.made == MOST else ""
    left = f"；{made.unreckoned} 家符合但金额算不出，请它们申报" if made.unreckoned else ""
    messages.success(request, f"新列入 {made.made} 家{more}{left}。名单上的企业确认后即可拨付。")
    return onward(request, "enterprise-lists")


def fitting(user: Any, offer: Offer) -> Iterator[Row]:
    """Rows of whom the policy fits, of the person's area, without who is on the list."""
    catalog = declarations.catalog()
    table = catalog.tables[offer.table]
    rule = rule_on(rules_of(Policy.objects.get(pk=offer.policy), catalog), offer.day)
    if rule is None:
        return
    decided = decide([rule], batches.inputs(table), offer.day, catalog.parameters)
    known = set(Award.objects.filter(policy=offer.policy, period=offer.period, state__in=LIVE).values_list("key", flat=True))
    keys = (key for key, area in eligible(decided, rule.key, (table.identity[0], table.area))
            if key not in known and inside(area, user.area))
    while some := list(islice(keys, BATCH)):
        yield from rows_of(table, some).values()


def ask(request: HttpRequest) -> HttpResponseBase:
    """Apply in a firm's name."""
    code = "".join(request.POST.get("code", "").split()).upper()
    try:
        made = asking.ask_for(request.user, whole(request.POST.get("policy", "")) or 0, code,
                              {"reason": request.POST.get("reason", "")})
    except (BadInput, Conflict) as error:
        return lists(request, error)
    messages.success(request, f"已代为申请，编号 {made.number}；您提交的要由另一个人批准。")
    return onward(request, "enterprise-application", made.number)


urls = [
    *twin("enterprise/lists", lists, "enterprise-lists"),
    *act("enterprise/lists/<int:policy>/draw-up", draw_up, "enterprise-draw-up"),
    *act("enterprise/lists/ask", ask, "enterprise-ask-for"),
]
