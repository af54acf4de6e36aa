"""A roll of invented parties, and deliveries of it."""

from datetime import date

from plumbline.kernel import Column, Table
from plumbline.kernel.credit_code import check_letter
from plumbline.store import rolls
from plumbline.store.tests import made

PARTIES = Table(
    "example.parties", "主体",
    (Column("code", "text", "代码", form="credit_code"), Column("name", "text", "名称"), Column("area", "text", "地区"),
     Column("street", "text", "街道", required=False, form="street"),
     Column("people", "integer", "人数", unit="人", required=False),
     Column("sales", "decimal", "收入", unit="元", required=False),
     Column("set_up_on", "date", "成立日期", required=False),
     Column("phone", "text", "电话", required=False, personal=True),
     Column("size", "text", "规模", required=False,
            derived="case when people >= 100 then '大' when people is not null then '小' end")),
    area="area", identity=("code",), roll=True, delete_months=24, owner="登记部门")
HEADS = "代码,名称,地区,街道,人数,收入,成立日期,电话"
FIRST = date(2020, 1, 31)


def code(n):
    """The right credit code of the n-th party."""
    told = f"91990101{n:09}"
    return told + check_letter(told)


def line(n, **cells):
    """A line of a csv: a good one, but for these cells."""
    good = {"code": code(n), "name": f"模拟{n}", "area": made.DISTRICT, "street": made.DISTRICT + "001", "people": "10",
            "sales": "100.50", "set_up_on": "2019-05-01", "phone": f"1380000{n:04}"}
    return ",".join((good | cells).values())


def csv(*lines, heads=HEADS):
    """A csv of these lines."""
    return "\n".join((heads, *lines)).encode()


def take(by, *lines, day=FIRST, heads=HEADS, name="主体.csv", **told):
    """A delivery of these lines, taken."""
    return rolls.take(by, PARTIES, csv(*lines, heads=heads), name, day=day, **({"areas": [made.DISTRICT]} | told))


def row(n, day=None):
    """The row of the n-th party."""
    return rolls.row_of(PARTIES, code(n), day)


def counts(step):
    """New, changed, gone, same and bad rows of a delivery."""
    return step.new, step.changed, step.gone, step.same, step.bad
