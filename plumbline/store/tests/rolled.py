"""A roll of parties, and policies for them, for the tests of policies and of what rests on them."""

from datetime import date
from types import SimpleNamespace

from plumbline.kernel import Catalog, table_from
from plumbline.store import policies
from plumbline.store.models import Office
from plumbline.store.tests import made

TABLE = "town.firms"
COLUMNS = {
    "code": {"type": "text", "label": "代码"}, "name": {"type": "text", "label": "名称"},
    "area": {"type": "text", "label": "地区"}, "street": {"type": "text", "label": "街道", "required": "false"},
    "size": {"type": "text", "label": "规模", "required": "false", "choices": ["大型", "中型", "小型", "微型"]},
    "industry": {"type": "text", "label": "行业", "required": "false"},
    "employees": {"type": "integer", "label": "从业人员", "unit": "人", "required": "false"},
    "paid": {"type": "decimal", "label": "已缴社保", "unit": "元", "required": "false"},
    "open": {"type": "boolean", "label": "正常经营", "required": "false"},
    "set_up_on": {"type": "date", "label": "成立日期", "required": "false"},
    "phone": {"type": "text", "label": "电话", "required": "false", "personal": "true"}}
TEXT = "一、从业人员少于300人的企业可以申请。\n二、按已缴社保的三成给予补贴。"
FEW = {"label": "从业人员少于300人", "text": "employees < 300", "source": "第一条"}
GIFT = {"label": "社保补贴", "base": "paid", "rate": "0.3", "bands": [], "cap": "100000"}


def catalog():
    """A catalog with one roll in it."""
    body = {"label": "企业", "area": "area", "identity": ["code"], "roll": "true", "delete_months": "12", "columns": COLUMNS}
    wrong = []
    table = table_from(TABLE, body, wrong)
    assert not wrong
    return Catalog(tables={TABLE: table})


def town():
    """A planner, another one, a leader, an office with its person, another office's, a neighbour and a deputy."""
    bureau, other = (Office.objects.create(name=name, area=made.DISTRICT) for name in ("区人社局", "区商务局"))
    return SimpleNamespace(
        bureau=bureau, other=other, planner=made.user("planner"), second=made.user("second"),
        leader=made.user("leader", "leader"),
        officer=made.user("officer", "office", office=bureau), stranger=made.user("stranger", "office", office=other),
        neighbour=made.user("neighbour", area=made.NEIGHBOUR), deputy=made.user("deputy", "deputy"))


def told(world, **fields):
    """The fields of a policy."""
    return {"area": made.DISTRICT, "table": TABLE, "title": "稳岗补贴（虚构）", "number": "云溪发〔2020〕1号",
            "issuer": "云溪区人民政府",
            "office": world.bureau.pk, "text": TEXT, "way": "apply",
            "materials": ["营业执照", "缴费证明"],
            "since": date(2020, 2, 1), "until": date(2020, 12, 31)} | fields


def draft(world, by=None, **fields):
    """A policy with one condition and what it gives."""
    by = by or world.officer
    policy = policies.draft(by, told(world, **fields))
    policies.add_clause(by, policy.pk, "condition", FEW, 0, (0, 18))
    policies.add_clause(by, policy.pk, "gift", GIFT, 1)
    return fresh(policy)


def published(world, by=None, **fields):
    """A published policy."""
    policy = policies.submit(by or world.officer, (one := draft(world, by, **fields)).pk, one.version)
    return policies.approve(world.leader, policy.pk, policy.version, "同意")


def fresh(policy):
    """A policy as it lies there now."""
    return policies.Policy.objects.get(pk=policy.pk)
