"""One application: the firm's facts, every condition with its answer, the papers, what can be done; account and claw-back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from plumbline.kernel import BadInput, Conflict, Finding, OrderKind
from plumbline.store import declarations
from plumbline.store.grants import accounts, budgets, clawing
from plumbline.store.grants.offers import Party
from plumbline.store.grants.tables import BACK_STATES, Award, BankAccount, ClawBack, PaymentLine
from plumbline.store.models import Order
from plumbline.store.people import may
from plumbline.systems.enterprise.money_words import ANSWERS, KIND, MARKS, fact, yuan
from plumbline.web.forms import onward, status_of, when
from plumbline.web.forms import told as why_not
from plumbline.web.orders.acts import moved_with_papers
from plumbline.web.orders.clocks import ClockView
from plumbline.web.orders.page import OrderPage
from plumbline.web.orders.page import page_of as order_page
from plumbline.web.orders.rows import order_seen
from plumbline.web.screen import act, show, twin

STATE_WORDS = dict(BACK_STATES)


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition as it was decided, and as it is with what the applicant states."""

    label: str
    mark: str
    words: str
    near: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact the rule read: as the roll had it, or as the applicant states it."""

    label: str
    words: str
    stated: bool


@dataclass(frozen=True, slots=True)
class Claw:
    """Money asked back."""

    key: int
    amount: str
    why: str
    state: str
    state_key: str
    by: str
    answer: str
    back_on: date | None
    mine: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """An application. order: its page as every order has it; whole: accounts, once they were asked for with a reason."""

    order: OrderPage
    title: str
    firm: str
    code: str
    policy: int
    amount: str
    reckoned: str
    persons: int | None
    automatic: bool
    period: str
    day: str
    answer: str
    mark: str
    reasons: list[Reason]
    facts: list[Fact]
    left: str
    account: str
    account_since: date | None
    lines: list[tuple[str, str, str, str]]
    claws: list[Claw]
    may_pay: bool
    may_claw: bool
    clawable: Decimal
    whole: list[tuple[str, str, str, str]] = field(default_factory=list)
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    undone: str = ""
    where: str = "desk"

    @property
    def clocks(self) -> list[ClockView]:
        """The clocks that say something now."""
        return [one for one in self.order.clocks if one.current]


def found(request: HttpRequest, number: str) -> tuple[Order, OrderKind, Award]:
    """An application the person sees; 404 otherwise."""
    order, kind = order_seen(request, number)
    award = Award.objects.visible_to(request.user).filter(order=order).select_related("budget").first()
    if order.kind != KIND or award is None:
        raise Http404
    return order, kind, award


def case(request: HttpRequest, number: str) -> HttpResponseBase:
    """One application; one without money, as those taken in from elsewhere, has the page every order has."""
    order, _ = order_seen(request, number)
    if not Award.objects.filter(order=order).exists():
        return redirect("order", number)
    return show(request, page_of(request, *found(request, number)), "enterprise/money-case.html")


def page_of(request: HttpRequest, order: Order, kind: OrderKind, award: Award, **more: Any) -> CasePage:
    """Everything the page of an application shows."""
    user, basis = request.user, award.basis
    stands = accounts.account_of(award.table, award.key)
    again = {key: more.get(key, "") for key in ("undone", "trouble") if more.get(key)}
    inner = order_page(request, order, kind, findings=more.get("findings", []), **again,
                       typed=request.POST.dict() if again else {})
    pays = may(user, "pay", award.area)
    amount, left = award.amount or Decimal(0), budget_left(award)
    return CasePage(
        inner, award.title, str(order.fields.get("name", "")), award.key, award.policy, yuan(award.amount),
        yuan(Decimal(basis["amount"])) if basis.get("amount") else str(basis.get("why_no_amount", "")), award.persons,
        award.automatic, award.period, str(basis.get("day", "")), ANSWERS[basis.get("holds")], MARKS[basis.get("holds")],
        [Reason(one["label"], MARKS[one["holds"]], ANSWERS[one["holds"]], one["near"]) for one in basis.get("conditions", ())],
        facts_of(award), left, accounts.masked(stands.number) + f"（{stands.bank}）" if stands else "",
        timezone.localdate(stands.since_at) if stands else None, lines_of(award), claws_of(user, award), pays,
        pays and award.state == "paid", amount - award.back, **more)


def facts_of(award: Award) -> list[Fact]:
    """The facts the decision rests on."""
    table = declarations.catalog().tables.get(award.table)
    facts = [(key, award.stated.get(key, value), key in award.stated) for key, value in award.basis.get("facts", {}).items()]
    return [Fact(column.label if (column := table.column(key) if table else None) else key, fact(column, value), stated)
            for key, value, stated in facts]


def budget_left(award: Award) -> str:
    """What its budget has left, in words; empty once it took its money."""
    if award.state != "asked":
        return ""
    known = budgets.open_on(award.policy, timezone.localdate())
    budget = budgets.of(known, award.policy, award.area)
    return f"预算还剩 {yuan(budget.left)}" if budget else "还没有可用的预算，不能批准"


def lines_of(award: Award) -> list[tuple[str, str, str, str]]:
    """Payments tried: run, state, why, day."""
    rows = PaymentLine.objects.filter(award=award).select_related("run").order_by("-pk")
    return [(one.run.number, one.get_state_display(), one.why, f"{one.paid_on or ''}") for one in rows]


def claws_of(user: Any, award: Award) -> list[Claw]:
    """Money asked back, the latest first."""
    rows = ClawBack.objects.visible_to(user).filter(award=award).select_related("asked_by")
    return [Claw(one.pk, yuan(one.amount), one.why, STATE_WORDS[one.state], one.state, str(one.asked_by), one.answer, one.back_on,
                 one.asked_by_id == user.pk) for one in rows]


def doing(name: str, do: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
    """A view that does a deed with an application and comes back to it; refused, the page says why and keeps what was typed."""
    def view(request: HttpRequest, number: str, **more: Any) -> HttpResponseBase:
        order, kind, award = found(request, number)
        try:
            said = do(request, order, kind, award, **more)
        except (BadInput, Conflict) as error:
            trouble, findings = why_not(error)
            order, kind, award = found(request, number)
            page = page_of(request, order, kind, award, undone=more.get("key", name), trouble=trouble, findings=findings)
            return show(request, page, "enterprise/money-case.html", status_of(error))
        if not isinstance(said, str):
            return show(request, page_of(request, *found(request, number), whole=said), "enterprise/money-case.html")
        messages.success(request, said)
        return onward(request, "enterprise-application", number)
    view.__doc__ = do.__doc__
    return view


def move(request: HttpRequest, order: Order, kind: OrderKind, award: Award, key: str) -> str:
    """Move the application, with its money."""
    one = kind.moves.get(key)
    if one is None:
        raise BadInput([Finding("order.move", "动作", "没有这个动作；请刷新页面后再试。")])
    moved = moved_with_papers(request, order, kind, one)
    return f"{order.number}：已{one.label}，现为「{kind.states[moved.state].label}」。"


def look(request: HttpRequest, order: Order, kind: OrderKind, award: Award) -> list[tuple[str, str, str, str]]:
    """Show the accounts whole; the look is written down."""
    rows = accounts.whole(request.user, award.table, award.key, request.POST.get("why", ""))
    return [account_words(one) for one in rows]


def account_words(one: BankAccount) -> tuple[str, str, str, str]:
    """An account, whole: holder, number, bank, since when and until when."""
    until = f" 至 {timezone.localdate(one.until_at)}" if one.until_at else " 起（现用）"
    return one.holder, one.number, one.bank, f"{timezone.localdate(one.since_at)}{until}"


def set_account(request: HttpRequest, order: Order, kind: OrderKind, award: Award) -> str:
    """Say where its money is sent."""
    typed = {key: request.POST.get(key, "") for key in accounts.LABELS}
    accounts.set_account(request.user, Party(award.table, award.key, award.area), typed, request.POST.get("why", ""))
    return "收款账户已登记，原来的留在历史里。"


def claw(request: HttpRequest, order: Order, kind: OrderKind, award: Award) -> str:
    """Ask its money back."""
    made = clawing.ask(request.user, award.pk, budgets.yuan(request.POST.get("amount", "")), request.POST.get("why", ""))
    return f"已提出追回 {yuan(made.amount)}，等待另一人决定。"


def decide(request: HttpRequest, order: Order, kind: OrderKind, award: Award, claw: int) -> str:
    """Decide whether it is asked back."""
    made = clawing.decide(request.user, own(award, claw), request.POST.get("agreed") == "1", request.POST.get("answer", ""))
    return "已决定追回；收到退款后登记收回日期。" if made.state == "agreed" else "已决定不追回。"


def back(request: HttpRequest, order: Order, kind: OrderKind, award: Award, claw: int) -> str:
    """Book that it came back."""
    day = when(request.POST.get("back_on", ""))
    if day is None:
        raise BadInput([Finding("claw.day", "收回日期", "请填写退款到账的日期。")])
    made = clawing.book(request.user, own(award, claw), day)
    return f"已登记收回 {yuan(made.amount)}。"


def own(award: Award, claw: int) -> int:
    """A claw-back of this application; 404 otherwise."""
    if not award.claws.filter(pk=claw).exists():
        raise Http404
    return claw


STEM = "enterprise/applications/<str:number>"
urls = [
    *twin(STEM, case, "enterprise-application"),
    *act(f"{STEM}/do/<str:key>", doing("move", move), "enterprise-application-move"),
    *act(f"{STEM}/account/look", doing("look", look), "enterprise-account-look"),
    *act(f"{STEM}/account", doing("account", set_account), "enterprise-account"),
    *act(f"{STEM}/claw", doing("claw", claw), "enterprise-claw"),
    *act(f"{STEM}/claw/<int:claw>/decide", doing("decide", decide), "enterprise-claw-decide"),
    *act(f"{STEM}/claw/<int:claw>/back", doing("back", back), "enterprise-claw-back"),
]
