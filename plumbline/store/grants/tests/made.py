"""An invented roll, rule, budget and people for tests of money; applications opened and brought on."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from plumbline.kernel import Judge, rule_from
from plumbline.store import people
from plumbline.store.grants import accounts, applying, bank, booking, budgets, examining, paying
from plumbline.store.grants.offers import Offer, Party
from plumbline.store.grants.tables import Award, Budget
from plumbline.store.models import Order
from plumbline.store.parties.tables import CONFIRMED, Binding
from plumbline.store.tests import made

CATALOG = settings.CATALOG
ROLL = "enterprise.firms"
TABLE = CATALOG.tables[ROLL]
DAY = date(2020, 6, 1)
NOW = datetime(2020, 6, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
# the day the bank answers
BACK = datetime(2020, 6, 5, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
SETTING = {"catalog": CATALOG, "now": NOW}
POLICY = 7
RULE = {
    "label": "稳岗补贴（虚构）", "table": ROLL, "since": "2020-01-01", "source": "虚构文件",
    "because": {
        "alive": {"label": "存续", "text": "status = '存续'"},
        "few": {"label": "参保职工不多于 300 人", "text": "insured <= 300"},
        "honest": {"label": "没有严重失信", "text": "not dishonest"}},
    "gives": {"label": "补贴", "base": "insured", "rate": "100.5"}}


def rule():
    """The invented rule."""
    wrong: list[str] = []
    found = rule_from(f"policy.{POLICY}", RULE, CATALOG.tables, CATALOG.parameters, wrong)
    assert not wrong, wrong
    return found


def offer(**more: Any) -> Offer:
    """What the invented policy offers."""
    told = {"policy": POLICY, "title": "稳岗补贴（虚构）", "area": made.DISTRICT, "table": ROLL, "office": None,
            "automatic": False, "day": DAY, "judge": Judge(rule(), TABLE, CATALOG.parameters, DAY), "rule": f"policy.{POLICY}",
            "reads": frozenset({"status", "insured", "dishonest"})}
    return Offer(**{**told, **more})


def row(n: int = 1, **more: Any) -> dict[str, Any]:
    """A row of the roll; the codes are no real ones."""
    return {"code": f"91990101MA{n:08}", "name": f"模拟企业{n}", "area": made.DISTRICT, "street": f"{made.DISTRICT}001",
            "kind": "企业", "status": "存续", "insured": 10, "dishonest": False, "trade": "零售业", "size": "小型", **more}


@dataclass
class Cast:
    """An office, two who pay, one who examines, one who applies for firms, a leader and a stranger."""

    office: Any
    first: Any
    second: Any
    holder: Any
    clerk: Any
    leader: Any
    stranger: Any


def cast() -> Cast:
    """The people of the invented district."""
    office = people.create_office(None, "虚构就业局", made.DISTRICT)
    return Cast(office, made.user("first"), made.user("second"), made.user("holder", "office", office=office),
                made.user("clerk"), made.user("leader", "leader"), made.user("stranger", area=made.NEIGHBOUR))


def firm(n: int = 1, name: str = "") -> Any:
    """An account bound to a firm."""
    user = made.user(name or f"firm{n}", "firm")
    Binding.objects.create(user=user, table=ROLL, key=row(n)["code"], name=row(n)["name"], area=made.DISTRICT, state=CONFIRMED,
                           asked_at=NOW)
    return user


def budget(told: Cast, amount: str = "100000", **more: Any) -> Budget:
    """A budget in force."""
    wanted = budgets.Wanted(**{"policy": POLICY, "title": "稳岗补贴（虚构）", "area": made.DISTRICT, "amount": Decimal(amount),
                               "source": "虚构资金文件", "since": date(2020, 1, 1), **more})
    change = budgets.ask(told.first, wanted, "年初下达", now=NOW)
    budgets.decide(told.second, change.pk, True, now=NOW)
    return Budget.objects.get(pk=change.budget_id)


def applied(told: Cast, n: int = 1, by: Any = None, **more: Any) -> Award:
    """An application handed in by the clerk, or by somebody else."""
    order = applying.apply(by or told.clerk, offer(office=told.office.pk), row(n, **more), table=TABLE, **SETTING)
    return Award.objects.get(order=order)


def act(user: Any, award: Award, key: str, **told: Any) -> Award:
    """An application moved."""
    order = Order.objects.get(pk=award.order_id)
    examining.act(user, order, key, told, order.version, **SETTING)
    return Award.objects.get(pk=award.pk)


def approved(told: Cast, n: int = 1, **more: Any) -> Award:
    """An application approved, its account known."""
    award = applied(told, n, **more)
    account(told, n)
    return act(told.first, act(told.holder, award, "take"), "approve")


def account(told: Cast, n: int = 1, **more: str) -> Any:
    """Where a firm's money is sent."""
    given = {"holder": f"模拟企业{n}", "number": f"62220000{n:010}", "bank": "模拟银行", **more}
    return accounts.set_account(told.first, Party(ROLL, row(n)["code"], made.DISTRICT), given, "企业来函", NOW)


def sent(told: Cast, *awards: Award) -> SimpleNamespace:
    """A run of awards made, approved and handed out: run, file."""
    run = paying.make(told.first, made.DISTRICT, "第一批", [one.pk for one in awards], **SETTING).run
    run = paying.approve(told.second, run.pk, run.version, **SETTING)
    file = bank.handed_out(told.first, run.pk, run.version, **SETTING)
    run.refresh_from_db()
    return SimpleNamespace(run=run, file=file)


def returned(run: Any, *results: str, **more: Any) -> bytes:
    """A return of a run: 成功 or a reason why it failed, line by line; `amounts` and `keys` by line, to spoil it; `day`."""
    lines = ["业务编号,金额,结果,原因,日期"]
    for n, result in enumerate(results, 1):
        amount = more.get("amounts", {}).get(n) or run.lines.get(n=n).amount
        key = more.get("keys", {}).get(n) or bank.line_key(run, n)
        day = more.get("day", "2020-06-05")
        lines.append(f"{key},{amount},成功,,{day}" if result == "成功" else f"{key},{amount},失败,{result},")
    return "\r\n".join(lines).encode("gb18030")


def booked(told: Cast, run: Any, data: bytes, now: datetime = BACK) -> booking.Booked:
    """A return booked."""
    run.refresh_from_db()
    return booking.book(told.first, run.pk, run.version, data, catalog=CATALOG, now=now)
