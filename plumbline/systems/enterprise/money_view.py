"""The leader's money: promised, applied, approved, paid, back; by policy, street and month, each number with its list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from plumbline.kernel import area_name
from plumbline.store.grants import overview
from plumbline.store.grants.overview import Money, Part
from plumbline.store.models import Policy
from plumbline.systems.enterprise.money_words import STAGES, policies, seen, short_yuan, street_name, streets, yuan
from plumbline.web.export import export
from plumbline.web.forms import whole
from plumbline.web.screen import FILES, form_of, show, twin

STAGE_KEYS = ("applied", "approved", "paid", "back")
BYS = {"policy": "按政策", "street": "按街道", "month": "按月"}
HEADS = ("名称", "应兑现（元）", "符合（家）", "已申请（件）", "已申请（元）", "已批准（件）", "已批准（元）", "已拨付（件）",
         "已拨付（元）", "有追回（件）", "已追回（元）")


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of money: in words, how many applications, and the list of them."""

    label: str
    yuan: str
    exact: str
    count: int
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """A policy, a street or a month: its cells in order; promised as the rule reckons it for the eligible, None unknown."""

    key: str
    name: str
    promised: str
    eligible: int | None
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class MoneyPage:
    """The overview."""

    area: str
    policy: str
    by: str
    promised: Cell
    cells: list[Cell]
    days: str
    rows: list[MoneyRow]
    policies: tuple[tuple[str, str], ...]
    bys: tuple[tuple[str, str], ...] = tuple(BYS.items())
    drawn: dict[str, Any] = field(default_factory=dict, metadata={"json": False})
    where: str = "money"


@dataclass(frozen=True, slots=True)
class Promised:
    """What the rules give those they hold of, of a policy: how many, how much; None where it was not matched, or gives none.

    unpriced  of how many of them nobody can tell how much: in no sum
    """

    eligible: int | None
    yuan: Decimal | None
    unpriced: int = 0


def promised_of(user: Any, policy: int | None) -> Mapping[int, Promised]:
    """By policy, as the last matching found it."""
    rows = Policy.objects.visible_to(user).filter(state="published", match__state="done").select_related("match")
    rows = rows.filter(pk=policy) if policy else rows
    return {one.pk: Promised(one.match.counts.get("eligible"), Decimal(one.match.amount) if one.match.amount else None,
                             one.match.counts.get("unpriced", 0))
            for one in rows}


def view(request: HttpRequest) -> HttpResponseBase:
    """The overview; or its table as a file."""
    user = request.user
    policy, by = whole(request.GET.get("policy", "")), request.GET.get("by", "policy")
    by = by if by in BYS else "policy"
    promised = promised_of(user, policy)
    told = overview.by(user, by, policy) + (untouched(user, promised, policy) if by == "policy" else [])
    known = streets(user)
    if form_of(request) in FILES:
        rows = [plain(one, named(by, one, known), promised if by == "policy" else {}) for one in told]
        return export("资金总览", list(HEADS), rows, len(rows), form_of(request))
    days = overview.days_to_cash(user, policy)
    page = MoneyPage(
        area_name(user.area) if user.area else "", str(policy or ""), by, promised_cell(promised),
        cells(overview.total(user, policy), {"policy": policy}),
        "" if days is None else f"{days:.1f} 天", [row(by, one, named(by, one, known), (policy, promised)) for one in told],
        policies(seen(user)), drawn=drawn(told, [named(by, one, known) for one in told],
        overview.by(user, "month", policy)))
    return show(request, page, "enterprise/money-view.html")


def untouched(user: Any, promised: Mapping[int, Promised], policy: int | None) -> list[Money]:
    """Policies that promise money and that nobody applied for yet."""
    known = {one.key for one in overview.by(user, "policy", policy)}
    titles = dict(Policy.objects.filter(pk__in=promised).values_list("pk", "title"))
    return [Money(str(key), titles[key], *[Part(0, Decimal(0))] * len(STAGE_KEYS)) for key, one in sorted(promised.items())
            if one.yuan and str(key) not in known]


def named(by: str, one: Money, known: dict[str, str]) -> str:
    """What a row is called."""
    if by == "street":
        return street_name(one.key, known)
    return one.label or one.key or "没有日期"


def promised_cell(promised: Mapping[int, Promised]) -> Cell:
    """What the rules give all they hold of."""
    amounts = [one.yuan for one in promised.values() if one.yuan is not None]
    firms = sum(one.eligible or 0 for one in promised.values())
    unpriced = sum(one.unpriced for one in promised.values())
    note = "按规则对符合条件的企业计算" if amounts else "还没有匹配，或政策不发钱"
    note += f"；{unpriced} 家缺资料，算不出金额，没有计入" if unpriced else ""
    total = sum(amounts, Decimal(0)) if amounts else None
    return Cell("应兑现", short_yuan(total), yuan(total), firms, note, reverse("policies"))


def cells(one: Money, asked: Mapping[str, Any]) -> list[Cell]:
    """The cells of a row, each with the list it counts."""
    found = []
    for key in STAGE_KEYS:
        part: Part = getattr(one, key)
        wanted = {"back": "0"} if key == "back" else {"stage": key}
        query = urlencode({name: value for name, value in {**asked, **wanted}.items() if value})
        note = f"其中 {part.unknown} 件金额未定" if part.unknown else ""
        found.append(Cell(STAGES[key], short_yuan(part.yuan), yuan(part.yuan), part.count, note,
                          f"{reverse('enterprise-applications')}?{query}"))
    return found


def row(by: str, one: Money, name: str, about: tuple[int | None, Mapping[int, Promised]]) -> MoneyRow:
    """A row of the table."""
    policy, promised = about
    asked = {"policy": policy, **{by: one.key}}
    rule = promised.get(int(one.key)) if by == "policy" else None
    return MoneyRow(one.key, name, yuan(rule.yuan) if rule else "", rule.eligible if rule else None, cells(one, asked))


def plain(one: Money, name: str, promised: Mapping[int, Promised]) -> list[object]:
    """A row of the file."""
    rule = promised.get(int(one.key)) if promised else None
    parts = [getattr(one, key) for key in STAGE_KEYS]
    return [name, rule.yuan if rule else None, rule.eligible if rule else None,
            *(value for part in parts for value in (part.count, part.yuan))]


def drawn(told: list[Money], names: list[str], months: list[Money]) -> dict[str, Any]:
    """What the pictures draw: yuan as whole 分 to be exact, and the same in words."""
    def points(key: str) -> list[dict[str, Any]]:
        return [{"value": float(getattr(one, key).yuan), "words": yuan(getattr(one, key).yuan)} for one in told]

    return {"names": names, "series": [{"name": STAGES[key], "data": points(key)} for key in STAGE_KEYS[:3]],
            "months": [{"name": one.key, "value": float(one.paid.yuan), "words": yuan(one.paid.yuan)} for one in months]}


urls = [*twin("enterprise/money", view, "enterprise-money", *FILES)]
