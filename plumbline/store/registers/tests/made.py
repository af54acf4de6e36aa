"""A register of invented projects."""

from plumbline.kernel import Column, Table
from plumbline.store import registers

PROJECTS = Table(
    "example.projects", "项目",
    (Column("code", "text", "编号"), Column("area", "text", "地区"),
     Column("cost", "decimal", "投资", unit="万元", required=False),
     Column("posts", "integer", "岗位", required=False), Column("begun", "date", "开工", required=False),
     Column("green", "boolean", "绿色", required=False), Column("state", "text", "状态", choices=("推进中", "已完成")),
     Column("contact", "text", "联系人", required=False, personal=True)),
    area="area", identity=("code",), register=True, delete_months=12)
GOOD = {"code": "P1", "area": "990101", "cost": "12.50", "posts": "3", "begun": "2025-03-01", "green": "是", "state": "推进中",
        "contact": "张三"}
KEPT = {"code": "P1", "area": "990101", "cost": "12.50", "posts": 3, "begun": "2025-03-01", "green": True, "state": "推进中",
        "contact": "张三"}


def item(user, code="P1", **values):
    """A new entry."""
    return registers.save(user, PROJECTS, None, GOOD | {"code": code} | values)


def sheet(*rows, heads="编号,地区,投资,岗位,开工,绿色,状态,联系人"):
    """A csv of these rows."""
    return "\n".join((heads, *rows)).encode()
