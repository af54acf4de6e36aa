"""An invented system with its records, and a draft that rests on them: for the tests of writing in the house."""

import json
from datetime import date
from types import SimpleNamespace

from plumbline.kernel import Catalog, Coverage, indicator_from, table_from
from plumbline.kernel.sentence import sentence_from
from plumbline.store import batches, drafts
from plumbline.store.drafts import Head
from plumbline.store.tests import made

PERIOD = "2025H1"
FIRMS = {
    "label": "企业退出台账", "area": "area", "dated": "done_on", "identity": ["number"], "owner": "区经信局",
    "columns": {
        "number": {"type": "text", "label": "编号"}, "area": {"type": "text", "label": "地区"},
        "done_on": {"type": "date", "label": "完成日期"}, "pleased": {"type": "boolean", "label": "满意", "required": "false"},
        "jobs": {"type": "integer", "label": "从业人员", "unit": "人"},
        "boss": {"type": "text", "label": "负责人", "personal": "true"},
    },
    "delete_months": "24",
}
INDICATORS = {
    "moved": {"label": "退出企业数", "source": "虚构办法", "table": "firms", "unit": "家", "count": "", "subject": "退出企业",
              "better": "up"},
    "pleased": {"label": "满意率", "source": "虚构办法", "table": "firms", "unit": "%", "share": "pleased = true",
                "decimals": "1"},
    "jobs": {"label": "涉及从业人员", "source": "虚构办法", "table": "firms", "unit": "人", "sum": "jobs"},
}
SENTENCES = {
    "moved": {"label": "退出企业", "section": "一、上半年进展", "text": "退出企业{m:level}，涉及从业人员{j:level}。",
              "figures": {"m": "works.moved", "j": "works.jobs"}},
    "growth": {"label": "退出企业增速", "section": "一、上半年进展", "text": "退出企业数{g:growth}。",
               "figures": {"g": "works.moved|yoy"}},
    "pleased": {"label": "满意率", "section": "二、群众评价", "text": "满意率为{p:level}。", "figures": {"p": "works.pleased"}},
}
HEAD = Head("云溪区2025年上半年计划执行情况的报告（虚构）", made.DISTRICT, PERIOD, issuer="云溪区发展和改革委员会（虚构）",
            delivered_on=date(2025, 7, 28))
LINES = (
    ("heading1", "一、上半年进展"), ("body", "上半年，退出企业{works.moved:level}，涉及从业人员{works.jobs:level}。"),
    ("heading1", "二、群众评价"), ("body", "满意率为{works.pleased:level}。"),
)


def catalog():
    """The system `works`: firms that moved out."""
    wrong: list[str] = []
    table = table_from("works.firms", FIRMS, wrong)
    tables = {table.key: table} if table else {}
    indicators = {f"works.{key}": indicator_from(f"works.{key}", body | {"table": "works.firms"}, tables, wrong)
                  for key, body in INDICATORS.items()}
    sentences = {f"works.{key}": sentence_from(f"works.{key}", body, wrong) for key, body in SENTENCES.items()}
    assert wrong == []
    return Catalog(tables=tables, indicators=indicators, sentences=sentences)


def rows(many=68, pleased=50):
    """So many firms that moved out; the first so many are pleased."""
    return [{"number": f"模拟{n:04}", "area": made.DISTRICT, "done_on": f"2025-0{1 + n % 6}-11", "pleased": n < pleased,
             "jobs": 10 + n % 3, "boss": f"虚构人名{n}"} for n in range(many)]


def delivered(user, told, many=68, pleased=50, replaces=None):
    """A delivery of the half-year; with `replaces`, a correction."""
    data = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows(many, pleased)).encode()
    more = {"replaces": replaces, "why": "补报"} if replaces else {}
    return batches.receive(user, told.tables["works.firms"], "企业.jsonl", data,
                           Coverage((made.DISTRICT,), date(2025, 1, 1), date(2025, 6, 30)), example=True, **more)


def world(settings):
    """A planner, a second one, a leader, a deputy and a neighbour; records of 68 firms; and a draft of four lines."""
    settings.CATALOG = told = catalog()
    everybody = {
        "planner": made.user("planner"), "reviewer": made.user("reviewer"), "leader": made.user("leader", "leader"),
        "deputy": made.user("deputy", "deputy"), "neighbour": made.user("neighbour", area=made.NEIGHBOUR),
        "far_deputy": made.user("far_deputy", "deputy", area=made.NEIGHBOUR),
    }
    planner = everybody["planner"]
    batch = delivered(planner, told)
    draft = drafts.create(planner, HEAD, LINES, example=True)
    return SimpleNamespace(catalog=told, people=everybody, planner=planner, batch=batch, draft=draft, **{
        name: everybody[name] for name in ("reviewer", "leader", "deputy", "neighbour")})
