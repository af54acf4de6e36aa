"""Money of the demo given now: a budget, a list confirmed, a run paid with one line sent back, others on their way. All invented.

What is paid is dated now, so that the figures of the demo's half-year stay what was published.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict

from django.db import transaction

from plumbline.kernel import ZONE, BadInput, Catalog
from plumbline.store.grants import accounts, applying, bank, booking, budgets, examining, paying
from plumbline.store.grants.offers import Offer, Party, Row, offer_of
from plumbline.store.grants.tables import Award, Budget
from plumbline.store.models import Order, Policy
from plumbline.store.rolls import rows_of
from plumbline.systems.enterprise.invented_firms import cast
from plumbline.systems.enterprise.places import MARK, TOWN

# who examines, who pays, who puts a second hand to it, who hands in for firms
WHO = ("shenpi", "caiwu", "reviewer", "fuwu")
LOOKED_AT, FIRMS, FEW = 400, 24, 8
PAPER, SLIP = f"{MARK}资金下达文件", "账户名称不符"


class At(TypedDict):
    """The catalog, and the moment."""

    catalog: Catalog
    now: datetime


@transaction.atomic
def begin(people: Mapping[str, Any], catalog: Catalog, now: datetime) -> int:
    """Give the money of one published policy, once; how many applications there are. None where no policy pays today."""
    if Budget.objects.exists():
        return 0
    offers = payable(catalog, now)
    found = next(((offer, rows[:FIRMS]) for offer, rows in offers if len(rows) >= FIRMS), None)
    if found is None:
        return 0
    offer, rows = found
    at: At = {"catalog": catalog, "now": now}
    reckoned = [amount for row in rows if (amount := offer.judge.on(row).amount) is not None]
    fund(people, offer, sum(reckoned, Decimal(0)) * 2, now)
    for row in rows:
        told = {"holder": str(row["name"]), "number": f"622200{row['row_']:012}", "bank": f"{MARK}银行"}
        accounts.set_account(people["caiwu"], Party(offer.table, row["code"], row["area"]), told, f"{MARK}企业来函", now)
        if not offer.automatic:
            applying.apply(people["fuwu"], offer, row, table=catalog.tables[offer.table], **at)
    if offer.automatic:
        applying.automatic(people["fuwu"], offer, rows, f"免申即享名单：{offer.title}", **at)
    go_on(people, offer, at)
    for other, fitting in offers:
        if other.policy != offer.policy and not other.automatic:
            applied(people, other, fitting[:FEW], at)
    return Award.objects.count()


def applied(people: Mapping[str, Any], offer: Offer, rows: Sequence[Row], at: At) -> None:
    """Applications under another policy: half of them approved, one being examined, the others not looked at yet."""
    reckoned = [amount for row in rows if (amount := offer.judge.on(row).amount) is not None]
    fund(people, offer, sum(reckoned, Decimal(0)) * 2, at["now"])
    for row in rows:
        applying.apply(people["fuwu"], offer, row, table=at["catalog"].tables[offer.table], **at)
    awards = list(Award.objects.filter(policy=offer.policy).order_by("pk"))
    holds = offer.office is not None and offer.office == people["shenpi"].office_id
    for at_, one in enumerate(awards[:len(awards) // 2 + 1]):
        moved(people["shenpi" if holds else "reviewer"], one, "take", at)
        if at_ < len(awards) // 2:
            moved(people["reviewer"], one, "approve", at)


def payable(catalog: Catalog, now: datetime) -> list[tuple[Offer, Sequence[Row]]]:
    """Published policies that pay some of the district's firms today, and those firms."""
    codes = [one.code for one in cast().town[:LOOKED_AT]]
    found: list[tuple[Offer, Sequence[Row]]] = []
    for policy in Policy.objects.filter(state="published").order_by("pk"):
        try:
            offer = offer_of(policy.pk, catalog, now.astimezone(ZONE).date())
        except BadInput:
            continue  # not in force today
        rows = [row for row in rows_of(catalog.tables[offer.table], codes).values() if offer.judge.on(row).amount]
        if rows and offer.open_:
            found.append((offer, rows))
    return found


def fund(people: Mapping[str, Any], offer: Offer, amount: Decimal, now: datetime) -> None:
    """A budget, asked for by one and decided by another."""
    wanted = budgets.Wanted(offer.policy, offer.title, TOWN, budgets.yuan(amount), PAPER, offer.day)
    change = budgets.ask(people["caiwu"], wanted, f"{MARK}年初下达", now)
    budgets.decide(people["reviewer"], change.pk, True, now=now)


def go_on(people: Mapping[str, Any], offer: Offer, at: At) -> None:
    """Half of them approved and paid but one, some in a run that waits, some approved, the others not looked at yet."""
    awards = list(Award.objects.filter(policy=offer.policy).order_by("pk"))
    examined = awards[:FIRMS * 3 // 4]
    holds = offer.office is not None and offer.office == people["shenpi"].office_id
    for one in examined:
        if offer.automatic:
            moved(people["reviewer"], one, "confirm", at)
        else:
            moved(people["shenpi" if holds else "reviewer"], one, "take", at)
            moved(people["reviewer"], one, "approve", at)
    paid(people, examined[:FIRMS // 2], at)
    paying.make(people["caiwu"], TOWN, f"{MARK}第二批", [one.pk for one in examined[FIRMS // 2:-2]], **at)


def moved(user: Any, award: Award, key: str, at: At) -> None:
    """An application moved, with its money."""
    order = Order.objects.get(pk=award.order_id)
    examining.act(user, order, key, {}, order.version, **at)


def paid(people: Mapping[str, Any], awards: Sequence[Award], at: At) -> None:
    """A run from one hand to another, to the bank and back, its last line sent back."""
    run = paying.make(people["caiwu"], TOWN, f"{MARK}第一批", [one.pk for one in awards], **at).run
    run = paying.approve(people["reviewer"], run.pk, run.version, **at)
    bank.handed_out(people["caiwu"], run.pk, run.version, **at)
    run.refresh_from_db()
    lines = [f"{bank.line_key(run, n)},{amount},{'失败' if n == run.count else '成功'},{SLIP if n == run.count else ''}"
             for n, amount in run.lines.values_list("n", "amount")]
    booking.book(people["caiwu"], run.pk, run.version, "\r\n".join(["业务编号,金额,结果,原因", *lines]).encode(), **at)
