"""Two invented tables, one delivered in batches and one a register, with people of two districts around them."""

from datetime import date
from types import SimpleNamespace

from django.conf import settings

from plumbline.kernel import Coverage, indicator_from, table_from
from plumbline.store import batches, people, registers
from plumbline.store.models import Entry
from plumbline.store.tests import made

YARDS, FIRMS = "trial.yards", "trial.firms"
TABLES = {
    YARDS: {
        "label": "模拟腾退地块", "area": "area", "dated": "done_on", "identity": ["number"], "delete_months": 12,
        "owner": "区规自分局", "meaning": "每一块腾退的土地一行",
        "columns": {
            "number": {"type": "text", "label": "地块编号"},
            "kind": {"type": "text", "label": "类别", "choices": ["拆违腾退", "留白增绿"]},
            "area": {"type": "text", "label": "所在区"},
            "done_on": {"type": "date", "label": "完成日期", "required": "false"},
            "land": {"type": "decimal", "scale": "2", "unit": "公顷", "label": "面积", "required": "false"},
            "phone": {"type": "text", "label": "联系电话", "required": "false", "personal": "true"},
        }},
    FIRMS: {
        "label": "模拟企业名录", "area": "area", "identity": ["code"], "register": "true", "delete_months": 12,
        "columns": {
            "code": {"type": "text", "label": "代码"},
            "name": {"type": "text", "label": "名称"},
            "area": {"type": "text", "label": "所在区"},
            "staff": {"type": "integer", "label": "从业人员", "unit": "人", "required": "false"},
            "open": {"type": "boolean", "label": "在营", "required": "false"},
            "boss": {"type": "text", "label": "负责人", "required": "false", "personal": "true"},
        }},
}
INDICATORS = {
    "trial.cleared": {"label": "拆违腾退面积", "table": YARDS, "unit": "公顷", "source": "本系统约定", "sum": "land",
                      "where": "kind = '拆违腾退'", "decimals": "2"},
    "trial.small": {"label": "小型企业数", "table": FIRMS, "unit": "家", "source": "本系统约定", "count": "",
                    "where": "staff < 300"},
}
HALF = Coverage((made.DISTRICT,), date(2025, 1, 1), date(2025, 6, 30))
CSV = """地块编号,类别,所在区,完成日期,面积,联系电话
甲-1,拆违腾退,990101,2025-02-03,1.50,13900000001
甲-2,拆违腾退,990101,2025-04-05,2.25,13900000002
乙-1,留白增绿,990101,2025-05-06,0.80,
乙-2,留白增绿,990101,2025-06-07,,13900000004
"""
WHY = "街道月报"


def catalog():
    """The installed catalog, and the two tables."""
    wrong = []
    tables = {key: table_from(key, body, wrong) for key, body in TABLES.items()}
    indicators = [indicator_from(key, body, tables, wrong) for key, body in INDICATORS.items()]
    assert not wrong, wrong
    return settings.CATALOG.extended(tables.values(), indicators)


def district(catalogued):
    """Everybody of a district and a neighbour; a batch received, three firms registered."""
    office = people.create_office(None, "区规自分局", made.DISTRICT)
    everybody = {
        "planner": made.user("planner"), "leader": made.user("leader", "leader"),
        "deputy": made.user("deputy", "deputy"), "office": made.user("office", "office", office=office),
        "neighbour": made.user("neighbour", area=made.NEIGHBOUR),
    }
    planner = everybody["planner"]
    yards, firms = catalogued.tables[YARDS], catalogued.tables[FIRMS]
    batch = batches.receive(planner, yards, "六月.csv", CSV.encode(), HALF, why=WHY)
    items = [registers.save(planner, firms, None, {"code": f"91{n}", "name": name, "area": made.DISTRICT, "staff": staff,
                                                   "boss": boss}, WHY)
             for n, (name, staff, boss) in enumerate((("甲公司", 120, "王某"), ("乙公司", 900, "李某"), ("丙公司", None, "")))]
    return SimpleNamespace(people=everybody, planner=planner, yards=yards, firms=firms, batch=batch, items=items,
                           catalog=catalogued)


def journalled(action):
    """How often something was done, as the journal has it."""
    return Entry.objects.filter(action=action).count()
