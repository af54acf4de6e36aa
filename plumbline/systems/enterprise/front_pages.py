"""The way in to everything that is done for firms: what waits for whom, the money in one line, and a door to each page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from plumbline.kernel import NotAllowed, area_name
from plumbline.store.grants import overview
from plumbline.store.models import Binding, Order, Policy, Statement
from plumbline.store.people import outsider
from plumbline.systems.enterprise.money_view import STAGE_KEYS, Cell, cells, promised_cell, promised_of
from plumbline.web.screen import show, twin

TABLE = "enterprise.firms"
# what lies behind each door: address, what it takes, what it is called, what one finds there
Door = tuple[str, tuple[str, ...], str, str]
ROOMS: tuple[tuple[str, tuple[Door, ...]], ...] = (
    ("政策", (("policies", (), "政策工作台", "写条件、看多少企业符合、送审、发布"),
              ("policy-matrix", (), "政策与街道", "每项政策在每个街道符合、申请、拨付多少家"),
              ("assess", (), "政策评估", "谁该得没得，得了的后来怎么样"),
              ("public-policies", (), "公开页面", "企业不登录看到的政策"),
              ("policy-ask", (), "问政策", "用大白话找政策和答复"))),
    ("补贴资金", (("enterprise-applications", (), "补贴申请", "逐条看理由，审核、批准"),
                  ("enterprise-lists", (), "免申即享", "条件都清楚的企业列成名单，不用申请"),
                  ("enterprise-runs", (), "拨付批次", "名单、银行文件、回单"),
                  ("enterprise-budgets", (), "预算", "每项政策有多少、占用多少"),
                  ("enterprise-money", (), "资金总览", "应兑现、已申请、已批准、已拨付、已追回"))),
    ("服务", (("enterprise-needs", (), "该走访谁", "按需要排好，写明为什么"),
              ("enterprise-visits", (), "走访", "手机上记事项，当场成工单"),
              ("enterprise-packs", ("packs",), "服务包", "承诺的事项到了哪一步"),
              ("enterprise-packs", ("plans",), "一企一策", "一家企业一套办法"),
              ("enterprise-loans", (), "融资对接", "首贷、续贷、确权"),
              ("enterprise-arrears", (), "清欠", "拖欠账款的台账"),
              ("enterprise-landings", (), "招商对接", "项目和空间"))),
    ("企业观察", (("rows", (TABLE,), "市场主体名录", "每一户的全部记录、历史和谁看过"),
                  ("activity", (), "活跃度和生命周期", "每户每月，各部分看得见"),
                  ("warnings", (), "预警", "骤降、没有活动、濒临关停"),
                  ("survival", (), "存续", "成立以后还剩多少"))),
    ("企业账号", (("enterprise-bindings", (), "企业账号", "确认谁代表哪家企业"),
                  ("enterprise-statements", (), "企业自述", "核对企业自己说的情况"),
                  ("enterprise-pushes", (), "推送成效", "推送、送达、阅读、申请"))),
)
# open to a deputy; and to a bank or any other company that holds orders
OPEN: tuple[tuple[str, tuple[Door, ...]], ...] = (
    ("政策", (("public-policies", (), "惠企政策", "已发布的政策"), ("policy-ask", (), "问政策", "用大白话找政策和答复"))),)
COMPANY = (("融资", (("enterprise-loans", (), "融资对接", "派给本单位的首贷、续贷、确权"),)), *OPEN)
SEERS = ("deputy", "planner", "leader", "office", "dispatcher")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for somebody: how many, what it is, and the list."""

    count: int
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Front:
    """The page. rooms: a title and its doors: address, name, words."""

    area: str
    waits: list[Waiting]
    money: list[Cell]
    rooms: list[tuple[str, list[tuple[str, str, str]]]]


def front(request: HttpRequest) -> HttpResponseBase:
    """What waits, the money, and the doors a person's role leads through."""
    user = request.user
    if not (user.is_authenticated and (user.is_superuser or user.role in SEERS)):
        raise NotAllowed("企业服务的页面给计划员、责任单位、领导和代表用；企业请看“我的企业”，其他人请看公开的政策。")
    money: list[Cell] = []
    if leads(user, "enterprise-money") and not outsider(user):
        total = overview.total(user, None)
        money = [promised_cell(promised_of(user, None)), *cells(total, {})[:len(STAGE_KEYS)]]
    whole = COMPANY if outsider(user) else OPEN if user.role == "deputy" and not user.is_superuser else ROOMS
    rooms = [(title, [(reverse(name, args=told), label, words) for name, told, label, words in doors if leads(user, name)])
             for title, doors in whole]
    return show(request, Front(area_name(user.area) if user.area else "", [*waits(user)], money,
                               [room for room in rooms if room[1]]), "enterprise/front.html")


def leads(user: Any, name: str) -> bool:
    """Whether a person's role is led to an address."""
    role = "" if user.is_superuser else user.role
    return settings.CATALOG.systems["enterprise"].leads(role, name)


def waits(user: Any) -> Iterator[Waiting]:
    """What waits for people of this person's area, nothing of what he is not led to."""
    kinds = (("enterprise.application", ("submitted", "examining"), "件补贴申请待审核", "enterprise-applications"),
             ("enterprise.request", (), "件企业诉求在办", "orders"),
             ("enterprise.visit", (), "次走访待完成", "enterprise-visits"),
             ("enterprise.loan", (), "笔贷款在办", "enterprise-loans"))
    for kind, states, label, name in kinds:
        rows = Order.objects.visible_to(user).filter(kind=kind, state_kind="open")
        rows = rows.filter(state__in=states) if states else rows
        yield Waiting(rows.count(), label, listed(name, {"kind": kind} if name == "orders" else {}))
    yield Waiting(Policy.objects.visible_to(user).filter(state="submitted").count(), "项政策待审定", listed("policies", {
        "state": "submitted"}))
    yield Waiting(Binding.objects.visible_to(user).filter(table=TABLE, state="asked").count(), "个企业账号待确认",
                  reverse("enterprise-bindings"))
    yield Waiting(Statement.objects.visible_to(user).filter(table=TABLE, state="asked").count(), "条企业自述待核对",
                  reverse("enterprise-statements"))


def listed(name: str, asked: Mapping[str, str]) -> str:
    """The address of a list, narrowed."""
    return f"{reverse(name)}?{urlencode(asked)}" if asked else reverse(name)


urls = [*twin("enterprise", front, "enterprise")]
