"""A district with twelve invented firms in its roll and a policy for small ones, for the tests of policies."""

from datetime import date

from django.conf import settings

from plumbline.kernel.credit_code import check_letter
from plumbline.store import policies, rolls
from plumbline.store.policies import Policy
from plumbline.store.tests import made, rolled

TABLE = "enterprise.firms"
DAY = date(2020, 5, 1)
HEADS = ("code", "name", "area", "street", "kind", "industry", "status", "employees", "revenue_yuan", "insured",
         "social_paid_yuan", "renter", "set_up_on")
FEW = {"label": "参保职工少于30人", "text": "insured < 30", "source": "第一条"}
RENTS = {"label": "租房经营", "text": "renter", "source": "第二条"}
GIFT = {"label": "社保补贴", "base": "social_paid_yuan", "rate": "0.3", "cap": "5000",
        "bands": [{"when": "insured < 10", "rate": "0.5"}]}
TEXT = "参保职工少于30人的企业可以申请。\n租房经营的优先。\n按三个月社会保险费的三成补贴。"


def code(n, area=made.DISTRICT):
    """The right credit code of the n-th firm."""
    told = f"91{area}{n:09}"
    return told + check_letter(told)


def lines():
    """Twelve firms: four small renters, three whose staff nobody told, five large or owners of their rooms; one far away."""
    firms = []
    for n in range(1, 13):
        insured = "" if n in (5, 6, 7) else str(5 * n)
        renter = "" if n == 5 else "false" if n in (4, 12) else "true"
        firms.append((code(n), f"虚构企业{n}", made.DISTRICT, f"{made.DISTRICT}00{1 + n % 2}", "企业", "C3911", "存续", "20",
                      "1000000", insured, "1000.00", renter, "2015-06-01"))
    firms.append((code(1, made.NEIGHBOUR), "外区企业", made.NEIGHBOUR, f"{made.NEIGHBOUR}001", "企业", "C3911", "存续", "5", "1",
                  "3", "900.00", "true", "2015-06-01"))
    return firms


def delivered(by, rows=None, name="企业.csv"):
    """The firms, in the roll."""
    table = settings.CATALOG.tables[TABLE]
    labels = ",".join(table.column(key).label for key in HEADS)
    data = "\n".join([labels, *(",".join(row) for row in rows or lines())]).encode()
    areas = sorted({row[2] for row in rows or lines()})
    return rolls.take(by, table, data, name, day=DAY, areas=areas)


def district():
    """Everybody, and the roll."""
    world = rolled.town()
    world.root = made.user("root", is_superuser=True)
    delivered(world.root)
    return world


def draft(world, **fields):
    """A policy of two conditions and a gift, not handed in yet."""
    told = rolled.told(world, table=TABLE, text=TEXT, since=date(2020, 2, 1), until=None) | fields
    policy = policies.draft(world.officer, told)
    policies.add_clause(world.officer, policy.pk, "condition", FEW, 0, (0, 17))
    policies.add_clause(world.officer, policy.pk, "condition", RENTS, 1)
    policies.add_clause(world.officer, policy.pk, "gift", GIFT, 2)
    return Policy.objects.get(pk=policy.pk)


def published(world, **fields):
    """The same, published."""
    one = draft(world, **fields)
    one = policies.submit(world.officer, one.pk, one.version)
    return policies.approve(world.leader, one.pk, one.version, "同意")
