"""The first library of policies, from the system's own rules and its papers: every one of them says that it is invented."""

from collections.abc import Mapping
from typing import Any

from plumbline.kernel import Rule
from plumbline.reports.clauses import propose
from plumbline.store import declarations, policies
from plumbline.store.policies import Policy
from plumbline.systems.enterprise import library
from plumbline.systems.enterprise.clause_words import WORDS

MATERIALS = ("营业执照", "申请表", "缴费或支付的证明")
ISSUER = "模拟市人民政府办公室"


def publish(writer: Any, approver: Any, area: str, office: int) -> list[Policy]:
    """Every rule of the library as a published policy of an area; those that are there already are left alone.

    Validity  from the rule's first day and without an end, so that the library still answers in a later year
    """
    rules, papers = declarations.catalog().rules, library.papers()
    made = []
    for key, paper in papers.items():
        rule = next((told[-1] for name, told in rules.items() if name.endswith(f".{key}")), None)
        if rule and not Policy.objects.filter(area=area, title=paper.title, state="published").exists():
            made.append(_published((writer, approver), rule, paper, area, office))
    return made


def _published(people: tuple[Any, Any], rule: Rule, paper: library.Paper, area: str, office: int) -> Policy:
    writer, approver = people
    told = {"area": area, "table": rule.table, "title": paper.title, "number": "", "issuer": ISSUER, "office": office,
            "text": paper.text, "way": "automatic" if "免申即享" in paper.text else "apply", "materials": list(MATERIALS),
            "since": rule.since, "apply_since": rule.since, "apply_until": None}
    one = policies.draft(writer, told, example=True)
    spans = places(paper.text)
    version = 0
    for condition in rule.conditions:
        body = {"label": condition.label, "text": condition.text, "source": paper.title[:200]}
        policies.add_clause(writer, one.pk, "condition", body, version, spans.get(_bare(condition.text)))
        version += 1
    if rule.gives:
        policies.add_clause(writer, one.pk, "gift", gift_body(rule), version, spans.get("gift"))
        version += 1
    one = policies.submit(writer, one.pk, version, "首批政策库")
    return policies.approve(approver, one.pk, one.version, "同意发布（模拟）")


def gift_body(rule: Rule) -> dict[str, Any]:
    """What a rule gives, as a clause has it."""
    gift = rule.gives
    assert gift is not None
    bands = [{"when": when, "rate": rate} for when, rate in gift.bands]
    return {"label": gift.label, "base": gift.base, "rate": gift.rate, "bands": bands, "cap": gift.cap}


def places(text: str) -> Mapping[str, tuple[int, int]]:
    """Where a text says a condition, by the condition without blanks; `gift` where it says what it gives."""
    found: dict[str, tuple[int, int]] = {}
    for one in propose(text, WORDS):
        found.setdefault("gift" if one.kind == "gift" else _bare(one.text), (one.start, one.end))
    return found


def _bare(text: str) -> str:
    return "".join(text.split()).replace('"', "").lower()

