"""A taxonomy of our own, made from the numbers of a paper: what each is called, its kind, its parts.

XBRL 2.1 and Dimensions 1.0. A concept that stands for a state at a day is another than one that runs over a period, and
one told by parts is another than the whole: the key says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from plumbline.reports.export.fact import Fact
from plumbline.reports.export.package import clean, xml

OWN = "urn:plumbline:figures"
MEASURES = "urn:plumbline:units"
SCHEMA, INSTANCE = "http://www.w3.org/2001/XMLSchema", "http://www.xbrl.org/2003/instance"
LINKBASE, XLINK, DIMENSIONS = "http://www.xbrl.org/2003/linkbase", "http://www.w3.org/1999/xlink", "http://xbrl.org/2005/xbrldt"
XS, LINK, XL = f"{{{SCHEMA}}}", f"{{{LINKBASE}}}", f"{{{XLINK}}}"
MONEY = {"元": "CNY", "美元": "USD", "欧元": "EUR", "港元": "HKD", "日元": "JPY", "英镑": "GBP"}
PURE = ("%", "‰", "百分点", "倍", "位", "成", "")
ROLE = "http://www.xbrl.org/2003/role/link"
ARCS = "http://www.xbrl.org/2003/arcrole"
ABSTRACT, CUBE = "Figures", "ByParts"


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of the taxonomy.

    name     of the element, ASCII: `programmes_moved`, `projects_begun_at`, `tasks_done_by_kind`
    label    what people call it
    money    whether it is an amount of money
    instant  whether it is a state at a day
    parts    keys of the dimensions it is told by
    """

    name: str
    label: str
    money: bool
    instant: bool
    parts: tuple[str, ...] = ()


def concept_of(fact: Fact) -> Concept:
    """The concept a fact belongs to."""
    cite = fact.cite
    parts, instant = tuple(sorted(name for name, _ in cite.cell)), cite.period.startswith("@")
    name = ascii_name(cite.concept) + ("_by_" + "_".join(parts) if parts else "") + ("_at" if instant else "")
    money = cite.unit in MONEY
    return Concept(name, clean(cite.label), money, instant, parts)


def ascii_name(key: str) -> str:
    """A key as the name of an element: every character that is no ASCII letter or digit as its number.

    >>> ascii_name("programmes.moved.yoy"), ascii_name("ledgers.d110112.院落")
    ('programmes_moved_yoy', 'ledgers_d110112__x9662_x843d')
    """
    told = "".join(c if c.isascii() and c.isalnum() or c == "_" else "_" if c == "." else f"_x{ord(c):x}" for c in key)
    return told if told[:1].isalpha() else f"f{told}"


def concepts(facts: Iterable[Fact]) -> dict[str, Concept]:
    """The concepts of some facts by name, in the order they first come."""
    found: dict[str, Concept] = {}
    for fact in facts:
        concept = concept_of(fact)
        found.setdefault(concept.name, concept)
    return found


def parts_of(told: Mapping[str, Concept]) -> list[str]:
    """Keys of all dimensions, sorted."""
    return sorted({part for concept in told.values() for part in concept.parts})


def schema(told: Mapping[str, Concept]) -> bytes:
    """The schema: an element for each concept, and for each dimension its own and its typed domain."""
    spaces = {"xs": SCHEMA, "xbrli": INSTANCE, "link": LINKBASE, "xlink": XLINK, "xbrldt": DIMENSIONS, "figures": OWN}
    root = etree.Element(f"{XS}schema", nsmap=spaces)
    for name, value in (("targetNamespace", OWN), ("elementFormDefault", "qualified"), ("attributeFormDefault", "unqualified")):
        root.set(name, value)
    notes = etree.SubElement(etree.SubElement(root, f"{XS}annotation"), f"{XS}appinfo")
    for name, role in (("labels.xml", "label"), ("presentation.xml", "presentation"), ("definition.xml", "definition")):
        if name != "definition.xml" or parts_of(told):
            etree.SubElement(notes, f"{LINK}linkbaseRef", {
                f"{XL}type": "simple", f"{XL}href": name, f"{XL}arcrole": "http://www.w3.org/1999/xlink/properties/linkbase",
                f"{XL}role": f"http://www.xbrl.org/2003/role/{role}LinkbaseRef"})
    for space, place in ((INSTANCE, "http://www.xbrl.org/2003/xbrl-instance-2003-12-31.xsd"),
                         (DIMENSIONS, "http://www.xbrl.org/2005/xbrldt-2005.xsd")):
        etree.SubElement(root, f"{XS}import", namespace=space, schemaLocation=place)
    _element(root, ABSTRACT, "xbrli:stringItemType", "duration", abstract="true")
    for concept in told.values():
        kind = "xbrli:monetaryItemType" if concept.money else "xbrli:decimalItemType"
        _element(root, concept.name, kind, "instant" if concept.instant else "duration")
    _dimensions(root, told)
    return xml(root)


def _dimensions(root: etree._Element, told: Mapping[str, Concept]) -> None:
    keys = parts_of(told)
    for cube in sorted({concept.parts for concept in told.values() if concept.parts}):
        _element(root, cube_name(cube), "xbrli:stringItemType", "duration", "xbrldt:hypercubeItem", abstract="true")
    for key in keys:
        made = _element(root, f"{key}_part", "xbrli:stringItemType", "duration", "xbrldt:dimensionItem", abstract="true")
        made.set(f"{{{DIMENSIONS}}}typedDomainRef", f"#figures_{key}_value")
        etree.SubElement(root, f"{XS}element", name=f"{key}_value", id=f"figures_{key}_value", type="xs:string", nillable="false")


def cube_name(parts: tuple[str, ...]) -> str:
    """Name of the table that these dimensions span."""
    return f"{CUBE}_{'_'.join(parts)}"


def _element(root: etree._Element, name: str, kind: str, period: str, group: str = "xbrli:item",
             abstract: str = "false") -> etree._Element:
    made = etree.SubElement(root, f"{XS}element", name=name, id=f"figures_{name}", type=kind, substitutionGroup=group,
                            abstract=abstract, nillable="true")
    made.set(f"{{{INSTANCE}}}periodType", period)
    return made


def labels(told: Mapping[str, Concept], parts: Mapping[str, str]) -> bytes:
    """The names in Chinese."""
    root = _linkbase()
    link = etree.SubElement(root, f"{LINK}labelLink", {f"{XL}type": "extended", f"{XL}role": ROLE})
    named = {ABSTRACT: "报告中的数", **{one.name: one.label for one in told.values()}}
    named |= {f"{key}_part": f"按{label}分" for key, label in parts.items()}
    named |= {cube_name(cube): "分组数据" for cube in {concept.parts for concept in told.values() if concept.parts}}
    for name, text in named.items():
        _located(link, name)
        etree.SubElement(link, f"{LINK}label", {
            f"{XL}type": "resource", f"{XL}label": f"label_{name}", f"{XL}role": "http://www.xbrl.org/2003/role/label",
            "{http://www.w3.org/XML/1998/namespace}lang": "zh-CN"}).text = text
        _arc(link, "labelArc", f"{ARCS}/concept-label", name, f"label_{name}")
    return xml(root)


def presentation(told: Mapping[str, Concept]) -> bytes:
    """The concepts under one head, in the order in which the paper first says them."""
    root = _linkbase()
    link = etree.SubElement(root, f"{LINK}presentationLink", {f"{XL}type": "extended", f"{XL}role": ROLE})
    _located(link, ABSTRACT)
    for order, name in enumerate(told, 1):
        _located(link, name)
        _arc(link, "presentationArc", f"{ARCS}/parent-child", ABSTRACT, name, order=str(order))
    return xml(root)


def definition(told: Mapping[str, Concept]) -> bytes:
    """Which concepts are told by which parts."""
    root = _linkbase()
    for key in ("all", "hypercube-dimension"):
        etree.SubElement(root, f"{LINK}arcroleRef", {
            "arcroleURI": f"http://xbrl.org/int/dim/arcrole/{key}", f"{XL}type": "simple",
            f"{XL}href": f"http://www.xbrl.org/2005/xbrldt-2005.xsd#{key}"})
    link = etree.SubElement(root, f"{LINK}definitionLink", {f"{XL}type": "extended", f"{XL}role": ROLE})
    located: set[str] = set()
    for concept in told.values():
        if not concept.parts:
            continue
        cube = cube_name(concept.parts)
        for name in (concept.name, cube, *(f"{part}_part" for part in concept.parts)):
            if name not in located:
                _located(link, name)
        if cube not in located:
            for order, part in enumerate(concept.parts, 1):
                _arc(link, "definitionArc", "http://xbrl.org/int/dim/arcrole/hypercube-dimension", cube, f"{part}_part",
                     order=str(order))
        located |= {concept.name, cube, *(f"{part}_part" for part in concept.parts)}
        arc = _arc(link, "definitionArc", "http://xbrl.org/int/dim/arcrole/all", concept.name, cube)
        arc.set(f"{{{DIMENSIONS}}}contextElement", "scenario")
        arc.set(f"{{{DIMENSIONS}}}closed", "true")
    return xml(root)


def _linkbase() -> etree._Element:
    return etree.Element(f"{LINK}linkbase", nsmap={"link": LINKBASE, "xlink": XLINK, "xbrldt": DIMENSIONS})


def _located(link: etree._Element, name: str) -> None:
    etree.SubElement(link, f"{LINK}loc", {f"{XL}type": "locator", f"{XL}label": name, f"{XL}href": f"figures.xsd#figures_{name}"})


def _arc(link: etree._Element, kind: str, role: str, start: str, end: str, **more: str) -> etree._Element:
    return etree.SubElement(link, f"{LINK}{kind}", {
        f"{XL}type": "arc", f"{XL}arcrole": role, f"{XL}from": start, f"{XL}to": end, **more})
