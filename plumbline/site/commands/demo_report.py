"""The demo's report: every ready sentence that the invented records can say, reviewed, approved and sent."""

from datetime import date
from typing import Any

from django.conf import settings

from plumbline.kernel import Catalog, area_name, full_name
from plumbline.kernel.area import BY_CODE
from plumbline.kernel.printing import ordinal
from plumbline.kernel.sentence import Sentence
from plumbline.reports import drafting, sending
from plumbline.store import drafts
from plumbline.store.documents import Document
from plumbline.store.drafts import Draft, Head

PERIOD, DELIVERED_ON = "2020H1", date(2020, 7, 28)


def written(writer: Any, area: str, only: frozenset[str] = frozenset()) -> Draft:
    """A draft of all sentences that can be said of an area, under the headings they belong to; `only` of these keys."""
    catalog: Catalog = settings.CATALOG
    city = BY_CODE[area]
    title = f"关于{full_name(city)}2020年国民经济和社会发展计划上半年执行情况的报告（模拟）"
    issuer = f"{area_name(area)}发展和改革委员会（模拟）"
    head = Head(title, area, PERIOD, issuer=issuer, delivered_on=DELIVERED_ON)
    plan = Draft(area=area, period=PERIOD)
    sentences = [one for key, one in sorted(catalog.sentences.items()) if not only or key in only]
    said = [offer.sentence for offer in drafting.offers(catalog, plan, sentences) if offer.text and not offer.why_not]
    told = lines(title, fullest(said))
    for _, text in told:
        drafting.prepare(writer, catalog, plan, text)
    return drafts.create(writer, head, told, example=True)


def fullest(sentences: list[Sentence]) -> list[Sentence]:
    """The sentences all of whose figures no other one says as well."""
    figures = {one.key: set(map(str, one.figures.values())) for one in sentences}
    return [one for one in sentences if not any(figures[one.key] < other for other in figures.values())]


def lines(title: str, sentences: list[Sentence]) -> list[tuple[str, str]]:
    """Title, headings in the order in which their first sentence comes, and under each a paragraph for each sentence."""
    sections: dict[str, list[Sentence]] = {}
    for one in sentences:
        sections.setdefault(one.section or "其他", []).append(one)
    told = [("title", title), ("heading1", "一、上半年计划执行情况")]
    for number, (section, these) in enumerate(sections.items()):
        told.append(("heading2", f"（{ordinal(number + 1)}）{section}"))
        told += [("body", one.template) for one in these]
    return told


def sent(draft: Draft, writer: Any, reviewer: Any, sender: Any) -> Document:
    """The draft, handed on by four eyes: submitted, approved by another, sent by a third."""
    drafting.submit(writer, settings.CATALOG, draft, draft.version)
    draft.refresh_from_db()
    n = draft.versions.latest("n").n
    drafts.approve(reviewer, draft.pk, n)
    draft.refresh_from_db()
    return sending.send(sender, draft, draft.versions.latest("n").n)
