"""A small kind of order of invented matters, its helpers and parts, with limits."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from plumbline.kernel import Catalog, Column, Dated, Parameter, Table, order_kind_from
from plumbline.store import orders, people
from plumbline.store.tests import made

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2025, 3, 3)  # a Monday
MATTER = {
    "label": "事项", "prefix": "SX", "first": "new", "opens": ["operator", "dispatcher", "planner", "asker"],
    "helper": "small.help", "part": "small.matter", "delete_months": "12",
    "fields": {
        "finding": {"type": "text", "label": "结论", "choices": ["已解决", "未解决"], "required": "false"},
        "met": {"type": "boolean", "label": "见面", "required": "false"},
        "cost": {"type": "decimal", "label": "花费", "unit": "元", "required": "false"},
        "seen_on": {"type": "date", "label": "查看日期", "required": "false"},
        "contact": {"type": "text", "label": "联系人", "personal": "true", "required": "false"},
    },
    "states": {
        "new": {"kind": "open", "label": "待派"}, "given": {"kind": "open", "label": "办理中"},
        "back": {"kind": "waiting", "label": "退回待裁定"}, "hung": {"kind": "waiting", "label": "挂起"},
        "answered": {"kind": "waiting", "label": "待回访"}, "closed": {"kind": "done", "label": "已办结"},
        "gone": {"kind": "void", "label": "已撤回"},
    },
    "moves": {
        "class": {"label": "归类", "from": ["new", "given"], "by": ["operator", "dispatcher"], "needs": ["topic"],
                  "takes": ["urgency", "place"]},
        "send": {"label": "派单", "from": ["new"], "to": "given", "by": ["dispatcher"], "needs": ["office"], "takes": ["reason"],
                 "says": "已转交"},
        "pass": {"label": "转派", "from": ["given"], "to": "given", "by": ["dispatcher"], "needs": ["office", "reason"]},
        "return": {"label": "退单", "from": ["given"], "to": "back", "by": ["holder"], "needs": ["reason"]},
        "agree": {"label": "同意退单", "from": ["back"], "to": "new", "by": ["dispatcher", "planner"], "other_than": "return",
                  "holder": "clear"},
        "to_first": {"label": "退回首接", "from": ["back"], "to": "given", "by": ["dispatcher"], "needs": ["reason"],
                     "holder": "first"},
        "hang": {"label": "挂起", "from": ["given"], "to": "hung", "by": ["holder"], "needs": ["reason"], "takes": ["evidence"]},
        "go_on": {"label": "恢复", "from": ["hung"], "to": "given", "by": ["holder", "first", "machine"]},
        "answer": {"label": "答复", "from": ["given"], "to": "answered", "by": ["holder"], "needs": ["reply", "finding"],
                   "takes": ["met", "cost", "seen_on", "contact"], "after": ["helpers", "parts"], "says": "已答复"},
        "prove": {"label": "补材料", "from": ["given"], "by": ["holder"], "needs": ["evidence"]},
        "close": {"label": "回访", "from": ["answered"], "to": "closed", "by": ["operator"], "needs": ["met"], "says": "已办结"},
        "again": {"label": "重办", "from": ["answered", "closed"], "to": "given", "by": ["dispatcher"], "needs": ["reason"],
                  "reopens": "true"},
        "strike": {"label": "剔除", "from": ["closed"], "by": ["leader"], "needs": ["reason"], "other_than": "open",
                   "bulk": "false"},
        "withdraw": {"label": "撤回", "from": ["new", "given"], "to": "gone", "by": ["asker"], "says": "已撤回"},
    },
    "clocks": {
        "reply": {"label": "办理时限", "starts": ["given"], "stops": ["answered", "closed", "gone"], "pauses": ["hung"],
                  "by": "urgency", "of": "small.reply", "begins": "next_day", "ends": "midnight", "transfer": "keeps",
                  "reopen": "restarts", "most": "small.most.extensions", "asks": ["holder"], "grants": ["dispatcher"],
                  "levels": {"warn": {"label": "将超期", "used": "0.8", "to": ["holder"], "hours": "any"},
                             "late": {"label": "已超期", "to": ["holder", "dispatcher"], "hours": "any"}}},
        "send": {"label": "派单时限", "starts": ["new"], "stops": ["given", "gone"], "of": "small.send.all", "begins": "moment",
                 "ends": "moment", "reopen": "continues"},
    },
}
HELP = {
    "label": "协办", "prefix": "XB", "first": "called", "opens": ["office", "dispatcher"],
    "states": {"called": {"kind": "open", "label": "待到场"}, "came": {"kind": "done", "label": "已到场"},
               "cancelled": {"kind": "void", "label": "已取消"}},
    "moves": {"come": {"label": "到场", "from": ["called"], "to": "came", "by": ["holder"], "needs": ["reply"]},
              "cancel": {"label": "取消", "from": ["called"], "to": "cancelled", "by": ["sender"]}},
    "clocks": {"come": {"label": "到场时限", "starts": ["called"], "stops": ["came", "cancelled"], "by": "urgency",
                        "of": "small.reply", "begins": "next_day", "ends": "midnight"}},
}
COLUMNS = {"number": "text", "area": "text", "street": "text", "topic_1": "text", "source": "text", "office": "text",
           "office_kind": "text", "state": "text", "state_kind": "text", "opened_on": "date", "due_on": "date",
           "closed_on": "date", "late": "boolean", "returns": "integer", "transfers": "integer", "extensions": "integer",
           "helper": "boolean", "finding": "text", "met": "boolean", "cost": "decimal", "seen_on": "date"}
ROWS = Table("small.rows", "事项", tuple(Column(key, type_, key, required=False) for key, type_ in COLUMNS.items()), area="area",
             dated="opened_on", orders="small.matter")


def kind(key, body):
    """A kind, or what is wrong with it."""
    wrong = []
    found = order_kind_from(key, body, wrong)
    assert not wrong, wrong
    return found


def parameter(key, value, unit):
    """A parameter in force since 2020."""
    return Parameter(key, key, unit, (Dated(date(2020, 1, 1), Decimal(value), "示例办法"),), date(2025, 1, 1))


def catalog(**more):
    """The catalog of these kinds and their limits."""
    limits = [parameter("small.reply.usual", 5, "工作日"), parameter("small.reply.soon", 24, "小时"),
              parameter("small.send.all", 2, "小时"), parameter("small.most.extensions", 1, "次")]
    kinds = {"small.matter": kind("small.matter", MATTER), "small.help": kind("small.help", HELP)}
    return Catalog(tables={ROWS.key: ROWS}, parameters={one.key: one for one in limits}, orders=kinds, **more)


CATALOG = catalog()


def at(hour, minute=0, day=DAY):
    """A moment of a day, in our own time."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def office(name="云溪街道", area=made.DISTRICT, **fields):
    """An office."""
    found = people.create_office(None, name, area)
    for key, value in fields.items():
        setattr(found, key, value)
    found.save()
    return found


def person(name, role, **fields):
    """Somebody who may sign in."""
    return made.user(name, role, **fields)


def opened(user, asker=None, now=None, key="", **told):
    """A new order."""
    body = {"title": "路灯不亮", "area": made.DISTRICT, "urgency": "usual", **told}
    return orders.open_(user, "small.matter", body, asker=asker, catalog=CATALOG, now=now or at(10), key=key)


def moved(user, order, key, now=None, **told):
    """An order moved."""
    order.refresh_from_db()
    return orders.move(user, order.pk, key, told, order.version, catalog=CATALOG, now=now or at(11))
