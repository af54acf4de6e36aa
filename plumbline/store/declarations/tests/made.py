"""A ledger for tests: firms' yards of a district."""

from plumbline.store import declarations
from plumbline.store.tests import made

KEY, COUNTED = f"ledgers.d{made.DISTRICT}_t1", f"ledgers.d{made.DISTRICT}_n1"
COLUMNS = {
    "number": {"type": "text", "label": "编号"},
    "area": {"type": "text", "label": "所在区"},
    "kind": {"type": "text", "label": "类别", "choices": ["堆场", "库房"]},
    "closed_on": {"type": "date", "label": "关停日期", "required": False},
    "land": {"type": "decimal", "scale": 1, "unit": "亩", "label": "占地", "required": False},
    "phone": {"type": "text", "label": "联系电话", "required": False, "personal": True},
}
BODY = {"label": "堆场库房台账", "meaning": "模拟", "area": "area", "identity": ["number"], "register": True,
        "delete_months": "12", "owner": "区经信局", "columns": COLUMNS}
COUNT = {"label": "关停堆场数", "table": KEY, "unit": "个", "source": "本系统约定", "count": "",
         "where": "kind = '堆场' and closed_on is not null", "dated": "closed_on"}


def ledger(by, **changes):
    """The ledger, declared."""
    return declarations.declare_table(by, KEY, BODY | changes)


def counted(by, **changes):
    """Its indicator, declared."""
    return declarations.declare_indicator(by, COUNTED, COUNT | changes)


def column(key, **changes):
    """The columns, one of them changed, or added."""
    return COLUMNS | {key: COLUMNS.get(key, {}) | changes}
