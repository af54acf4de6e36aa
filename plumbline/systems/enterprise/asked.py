"""What a question is looked up in, and what becomes of one that finds nothing: an order to the office, whose answer joins."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, Unpack

from django.db import transaction
from django.db.models import Count, Max, Sum

from plumbline.kernel import Catalog, Rule, inside
from plumbline.store import declarations, orders, registers
from plumbline.store.models import Item, Order
from plumbline.store.orders.setting import At
from plumbline.store.policies import Policy, rules_read
from plumbline.store.policies.tables import PUBLISHED
from plumbline.systems.enterprise.library import MARK, Entry, answers, papers, said
from plumbline.systems.enterprise.search import Document, Hit, Index

KIND, TABLE, FIRMS = "enterprise.question", "enterprise.answers", "enterprise.firms"
POLICY, ANSWER, RULE = "policy", "answer", "rule"
ROUTE, ANSWERED = "route", "answer"
# characters of an order's title
TITLE = 60


def library_documents(catalog: Catalog | None = None) -> tuple[Document, ...]:
    """The library as an empty house has it: its rules with their papers, its answers; keys as the library has them."""
    rules = (catalog or declarations.catalog()).rules
    told = [_of_rule(key.partition(".")[2], entries) for key, entries in rules.items() if entries[0].table == FIRMS]
    return (*told, *(_of_entry(key, one) for key, one in answers().items()))


def _of_entry(key: str, one: Entry) -> Document:
    return Document(ANSWER, key, one.question, one.answer, one.words, f"{MARK}知识库")


def _of_rule(key: str, entries: tuple[Rule, ...]) -> Document:
    paper = papers().get(key)
    text = "\n".join(_clauses(one) for one in entries) + (f"\n{paper.text}" if paper else "")
    return Document(POLICY, key, paper.title if paper else entries[0].label, text, about=entries[0].source)


def _clauses(rule: Rule) -> str:
    gives = f"{rule.gives.label}。" if rule.gives else ""
    return f"{rule.label}。{'；'.join(one.label for one in rule.conditions)}。{gives}{rule.source}。"


def documents(area: str, day: date) -> tuple[Document, ...]:
    """What is searched for somebody of an area: published policies and the answers kept; the library's where there are none."""
    policies = tuple(_policies(area, day))
    kept = tuple(_answers(area, day))
    library = library_documents() if not (policies and kept) else ()
    return (policies or tuple(replace(one, kind=RULE) for one in library if one.kind == POLICY)) + (
        kept or tuple(one for one in library if one.kind == ANSWER))


def _near(area: str, other: str) -> bool:
    """Whether what holds in one area may concern the other; without an area everything may."""
    return not area or inside(area, other) or inside(other, area)


def _policies(area: str, day: date) -> Iterator[Document]:
    rows = [one for one in Policy.objects.filter(state=PUBLISHED, table=FIRMS).order_by("pk")
            if _near(area, one.area) and not (one.until and one.until < day)]
    rules, _ = rules_read(rows, declarations.catalog())
    for row in (one for one in rows if one.pk in rules):
        about = "，".join(one for one in (row.issuer, row.number) if one)
        yield Document(POLICY, str(row.pk), row.title, f"{_clauses(rules[row.pk])}\n{row.text}", about=about)


def _answers(area: str, day: date) -> Iterator[Document]:
    for number, home, values in Item.objects.filter(table=TABLE, until=None).order_by("pk").values_list("pk", "area", "values"):
        if _near(area, home) and (not values.get("until") or values["until"] >= day.isoformat()):
            about = "；".join(values[name] for name in ("source", "policy") if values.get(name))
            yield Document(ANSWER, str(number), values["question"], values["answer"], values.get("words") or "", about)


def index(area: str, day: date) -> Index:
    """The index for an area on a day, made anew when a policy or an answer changed."""
    policies = Policy.objects.filter(table=FIRMS).aggregate(n=Count("pk"), at=Max("changed_at"))
    kept = Item.objects.filter(table=TABLE, until=None).aggregate(n=Count("pk"), last=Max("pk"), versions=Sum("version"))
    return _made(area, day, repr((sorted(policies.items()), sorted(kept.items()))))


@lru_cache(maxsize=40)
def _made(area: str, day: date, stamp: str) -> Index:
    return Index(documents(area, day), said())


def send(user: Any, told: Mapping[str, Any], hits: list[Hit], key: str = "") -> Order:
    """The question as an order; of the office of the policy it is nearest to, where there is one.

    told  title, text, area, place, subject, firm: whose question it is
    """
    policy = next((Policy.objects.filter(pk=int(one.key), state=PUBLISHED).select_related("office").first()
                   for one in hits if one.kind == POLICY), None)
    fields = {"firm": told.get("firm") or "", "policy": policy.title if policy else ""}
    body = {name: told.get(name) or "" for name in ("text", "area", "place", "subject")}
    order = orders.open_(user, KIND, {**body, "title": str(told["title"])[:TITLE], "source": "企业门户",
                                      "fields": {name: value for name, value in fields.items() if value}}, key=key)
    if policy is not None and order.state == "registered":
        order = orders.move(None, order.pk, ROUTE, {"office": policy.office_id}, order.version)
    return order


@transaction.atomic
def act(user: Any, order: Order, key: str, told: Mapping[str, Any], version: int, **at: Unpack[At]) -> Order:
    """A move of a question; an answer that is to be kept joins the register in the same step.

    Raises  BadInput where the register knows the question already: the answer is not sent then
    """
    moved = orders.move(user, order.pk, key, told, version, **at)
    if key == ANSWERED and moved.fields.get("kept"):
        registers.save(user, declarations.catalog().tables[TABLE], None, kept_as(moved, str(told.get("reply") or "")))
    return moved


def kept_as(order: Order, reply: str) -> dict[str, str]:
    """A question and its answer as the register keeps them."""
    told = {"area": order.area, "question": order.fields.get("asked") or order.title, "answer": reply,
            "policy": order.fields.get("policy") or "", "source": f"工单 {order.number}"}
    return {name: one for name, one in told.items() if one}
