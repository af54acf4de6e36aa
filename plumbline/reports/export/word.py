"""Word: a paper as docx, in the layout of an official document; every number a content control bound to its fact."""

import uuid

from lxml import etree

from plumbline.kernel.paper import Paper, Paragraph
from plumbline.reports.export import word_parts as parts
from plumbline.reports.export.fact import Fact, facts
from plumbline.reports.export.layout import (
    BOTTOM,
    FOOT,
    HEAD,
    LEFT,
    LOOKS,
    PAGE,
    PITCH,
    RIGHT,
    TOP,
    Look,
    signed,
    whole,
)
from plumbline.reports.export.package import clean, xml, zipped
from plumbline.reports.export.word_parts import FACTS, element, run

SPACE = uuid.UUID("5b1c0e7e-0c1d-5d5e-9a51-6f1f5b0a9704")


def docx(paper: Paper) -> bytes:
    """A paper as a Word document; the same paper gives the same bytes.

    Numbers   run-level content controls, tag = key of the fact (`f1` …), bound to the list of facts in customXml/item1.xml
    Raises    BadInput, with all findings, where a number printed is not the one it stands for
    """
    paper = whole(paper)
    bound = facts(paper)
    listed = xml(_listed(paper, bound))
    store = f"{{{str(uuid.uuid5(SPACE, listed.decode())).upper()}}}"
    return zipped({
        "[Content_Types].xml": parts.content_types(bool(paper.marked)),
        "_rels/.rels": parts.relations(parts.PACKAGE),
        "docProps/core.xml": parts.core(paper),
        "docProps/app.xml": parts.app(),
        "word/document.xml": xml(_document(paper, bound, store)),
        "word/_rels/document.xml.rels": parts.relations(parts.document_relations(bool(paper.marked))),
        "word/styles.xml": parts.styles(),
        "word/settings.xml": parts.settings(),
        "word/fontTable.xml": parts.fonts(),
        "word/footer1.xml": parts.footer(odd=True),
        "word/footer2.xml": parts.footer(odd=False),
        **({"word/header1.xml": parts.header(clean(paper.marked))} if paper.marked else {}),
        "customXml/item1.xml": listed,
        "customXml/_rels/item1.xml.rels": parts.relations(parts.ITEM),
        "customXml/itemProps1.xml": parts.item_properties(store),
    })


def _document(paper: Paper, bound: tuple[tuple[Fact, ...], ...], store: str) -> etree._Element:
    root = etree.Element(f"{parts.W}document", nsmap=parts.NAMESPACES)
    body = element("body")
    root.append(body)
    indents = signed(paper.paragraphs)
    for n, (paragraph, line) in enumerate(zip(paper.paragraphs, bound, strict=True)):
        body.append(_paragraph(paragraph, line, store, indents.get(n)))
    body.append(_section(bool(paper.marked)))
    return root


def _paragraph(paragraph: Paragraph, line: tuple[Fact, ...], store: str, indent: int | None) -> etree._Element:
    look = LOOKS[paragraph.kind]
    made = element("p", element("pPr", element("pStyle", val=parts.style_key(look))))
    if indent is not None:
        made[0].append(element("ind", right=indent))
    at = 0
    for fact in line:
        made.extend(_runs(paragraph.text[at:fact.cite.start], look))
        made.append(_control(fact, look, store))
        at = fact.cite.end
    made.extend(_runs(paragraph.text[at:], look))
    return made


def _runs(text: str, look: Look) -> list[etree._Element]:
    return [run(clean(text), look.font, look.size)] if text else []


def _control(fact: Fact, look: Look, store: str) -> etree._Element:
    """A content control: what Word shows in it is the `printed` of its fact; changed in one, changed in the other."""
    properties = element(
        "sdtPr", parts.run_properties(look.font, look.size), element("alias", val=clean(fact.cite.label)[:64]),
        element("tag", val=fact.key), element("id", val=int(fact.key[1:])),
        element("dataBinding", prefixMappings=f"xmlns:f='{FACTS}'", storeItemID=store,
                xpath=f"/f:facts[1]/f:fact[@key='{fact.key}'][1]/f:printed[1]"),
        element("text"))
    return element("sdt", properties, element("sdtContent", *_runs(fact.surface, look)))


def _section(marked: bool) -> etree._Element:
    """The one section: page, margins, grid; a page number for odd and for even pages."""
    heads = [parts.reference("header", kind, key) for kind, key in parts.HEADS] if marked else []
    feet = [parts.reference("footer", kind, key) for kind, key in parts.FEET]
    return element(
        "sectPr", *heads, *feet, element("pgSz", w=PAGE[0], h=PAGE[1]),
        element("pgMar", top=TOP, right=RIGHT, bottom=BOTTOM, left=LEFT, header=HEAD, footer=FOOT, gutter=0),
        element("cols", space=720), element("docGrid", type="lines", linePitch=PITCH))


def _listed(paper: Paper, bound: tuple[tuple[Fact, ...], ...]) -> etree._Element:
    """The list of facts: what each number stands for, exact, and which figures it rests on."""
    root = etree.Element(f"{{{FACTS}}}facts", nsmap={None: FACTS})
    for name, told in (("area", paper.area), ("period", paper.period), ("number", str(paper.number))):
        root.set(name, told)
    for fact in (fact for line in bound for fact in line):
        root.append(_entry(fact))
    return root


def _entry(fact: Fact) -> etree._Element:
    cite = fact.cite
    told = {
        "key": fact.key, "concept": cite.concept, "ref": cite.ref, "area": cite.area, "period": cite.period,
        "value": format(cite.value, "f"), "unit": cite.unit,
        "decimals": "INF" if fact.decimals is None else str(fact.decimals),
        "figures": " ".join(map(str, cite.figures)),
    }
    made = etree.Element(f"{{{FACTS}}}fact", {name: clean(text) for name, text in told.items()})
    for name, text in (("label", cite.label), ("printed", fact.surface)):
        etree.SubElement(made, f"{{{FACTS}}}{name}").text = clean(text)
    for dimension, value in cite.cell:
        etree.SubElement(made, f"{{{FACTS}}}cell", dimension=clean(dimension)).text = clean(value)
    return made
