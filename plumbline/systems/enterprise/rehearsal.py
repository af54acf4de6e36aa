"""Firms of the demo served now, so that every desk has work: asked, answered, visited, promised, lent. All invented."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from plumbline.kernel import Catalog
from plumbline.store import orders
from plumbline.store.models import Office, Order
from plumbline.store.parties import bindings
from plumbline.systems.enterprise import needs, visiting
from plumbline.systems.enterprise.invented_firms import Firm, cast
from plumbline.systems.enterprise.needs import FIRMS, PACK, REQUEST
from plumbline.systems.enterprise.places import BANKS, MARK, SERVICE, TOWN, office, office_for
from plumbline.systems.enterprise.service_facts import LOAN
from plumbline.systems.enterprise.visiting import PLAN

# the accounts that take part: who serves, who visits, a bank, a firm
WHO = ("fuwu", "zoufang", "yinhang", "qiye")
# what is asked now: matter, words, urgency, how far it is
ASKED = (
    ("物资", "口罩只够用三天，希望帮助对接供应", "urgent", 0), ("融资", "六月底有一笔贷款到期，希望续贷", "ordinary", 1),
    ("用工", "缺 20 名技术工人，希望组织招聘", "ordinary", 2), ("政策兑现", "二月份房租减免没有落实", "ordinary", 3),
    ("证照", "变更经营范围，希望代办", "ordinary", 3), ("物流", "货车进园区要排队两小时", "complex", 1))
VISITS, FIRST_FIRMS = 6, 4
People = Mapping[str, Any]


@transaction.atomic
def begin(people: People, catalog: Catalog, now: datetime) -> int:
    """Serve some firms, once; how many orders are new."""
    firms = sorted(cast().town, key=lambda one: -one.staff)
    own = firms[0]
    if REQUEST not in catalog.orders or Order.objects.filter(kind=REQUEST, opened_by=people["fuwu"]).exists():
        return 0
    before = Order.objects.count()
    bound(people, own, now)
    for at, told in enumerate(ASKED):
        asked(people, own if at < 2 else firms[at + FIRST_FIRMS], told, now)
    promised(people, own, now)
    lent(people, (own, firms[1], firms[2]), now)
    visited(people, catalog, now)
    return Order.objects.count() - before


def key_of(name: str) -> int | None:
    """The number of an office of the district; None where there is none of that name."""
    found = Office.objects.filter(name=name, area=TOWN).first()
    return found.pk if found else None


def bound(people: People, firm: Firm, now: datetime) -> None:
    """The account speaks for the firm, as an officer confirmed."""
    told = {"table": FIRMS, "key": firm.code, "name": firm.name, "area": firm.area, "evidence": f"{MARK}营业执照"}
    one = bindings.ask(people["qiye"], told, now=now)
    if one.state == "asked":
        bindings.confirm(people["fuwu"], one.pk, one.version, now)


def asked(people: People, firm: Firm, told: tuple[str, str, str, int], now: datetime) -> None:
    """A request, as far as its number says: waiting, given to an office, signed for, answered."""
    matter, text, urgency, far = told
    body = {"title": f"{text}（{MARK}）", "text": f"{text}。（{MARK}）", "urgency": urgency, "area": firm.area,
            "place": firm.street, "subject": firm.code, "source": "平台", "example": True,
            "fields": {"matter": matter, "firm": firm.shown}}
    one = orders.open_(people["fuwu"], REQUEST, body, now=now)
    if far:
        holder = key_of(office(SERVICE, TOWN) if far > 1 else office_for(matter, TOWN))
        one = orders.move(people["fuwu"], one.pk, "dispatch", {"office": holder}, one.version, now=now)
    if far > 1:
        one = orders.move(people["zoufang"], one.pk, "sign", {}, one.version, now=now)
    if far > 2:
        reply = {"reply": f"您好，已与有关单位对接，三日内办理。（{MARK}）", "finding": "已解决"}
        orders.move(people["zoufang"], one.pk, "answer", reply, one.version, now=now)


def promised(people: People, firm: Firm, now: datetime) -> None:
    """Matters of the firm's pack, and a plan for it with measures."""
    row = {"code": firm.code, "name": firm.name, "area": firm.area, "street": firm.street}
    holder = key_of(office(SERVICE, TOWN))
    pack = Order.objects.filter(kind=PACK, subject=firm.code, state_kind="open").first()
    pack = pack or visiting.opened(people["fuwu"], PACK, row, {"card": "金卡"}, holder, now=now)
    aim = {"aim": f"三个月内恢复到上年同期产能（{MARK}）"}
    plan = visiting.opened(people["fuwu"], PLAN, row, aim, holder, now=now)
    for parent, matter, text in (
            (pack, "用地空间", "协调扩租二层厂房"), (pack, "证照", "代办食品经营许可延续"),
            (plan, "融资", "对接银行续贷 500 万元"), (plan, "用工", "点对点接回返岗员工 30 名")):
        told = {"matter": matter, "text": f"{text}（{MARK}）"}
        visiting.add_item(people["fuwu"], parent, told, key_of(office_for(matter, TOWN)), now=now)


def lent(people: People, firms: tuple[Firm, ...], now: datetime) -> None:
    """Loans that were asked for: one waits at the bank, one is examined, one approved."""
    bank = key_of(BANKS[0])
    for at, one in enumerate(firms):
        body = {"title": f"续贷 {one.shown}（{MARK}）"[:200], "area": one.area, "place": one.street, "subject": one.code,
                "urgency": "ordinary", "source": "平台", "office": bank, "example": True,
                "fields": {"firm": one.shown, "product": "续贷", "channel": "区级对接", "asked_yuan": "5000000"}}
        order = orders.open_(people["fuwu"], LOAN, body, now=now)
        if at:
            order = orders.move(people["yinhang"], order.pk, "take", {}, order.version, now=now)
        if at > 1:
            told = {"amount_yuan": "4500000", "approved_on": timezone.localtime(now).date().isoformat(), "rate": "0.0435"}
            orders.move(people["yinhang"], order.pk, "approve", told, order.version, now=now)


def visited(people: People, catalog: Catalog, now: datetime) -> None:
    """Visits to those who need it most; the first is made, and brought two matters."""
    wanted = [one for one in needs.ranked(people["fuwu"], TOWN, catalog, now) if not one.planned][:VISITS]
    holder = key_of(office(SERVICE, TOWN))
    told = {"office": holder, "visitor": f"{MARK}专员1", "first": timezone.localtime(now).date(), "a_day": 2}
    made = visiting.planned(people["fuwu"], wanted, told, now=now)
    for matter, text in (("融资", "想了解首贷中心怎么办"), ("其他", "希望开通班车")):
        item = {"matter": matter, "text": f"{text}（{MARK}）"}
        visiting.add_item(people["zoufang"], made[0], item, key_of(office_for(matter, TOWN)), now=now)
    done = {"done_on": timezone.localtime(now).date().isoformat(), "told": f"生产正常，主要难处是资金周转。（{MARK}）"}
    orders.move(people["zoufang"], made[0].pk, "finish", done, made[0].version, now=now)
