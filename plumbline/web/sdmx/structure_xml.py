"""Structures as SDMX-ML 2.1."""

from collections.abc import Callable, Sequence
from datetime import datetime

from lxml import etree

from plumbline.web.sdmx.artefacts import Artefact, Availability
from plumbline.web.sdmx.markup import COM, MES, NAMES, STR, header, named
from plumbline.web.sdmx.words import (
    AGENCY,
    ATTRIBUTES,
    DIMENSIONS,
    FIGURES,
    ITEMS,
    MEASURE,
    TIME,
    VERSION,
    Component,
    Item,
    urn,
)

# the order the schema wants them in
GROUPS = (("agencyscheme", "OrganisationSchemes"), ("dataflow", "Dataflows"), ("codelist", "Codelists"),
          ("conceptscheme", "Concepts"), ("datastructure", "DataStructures"), ("contentconstraint", "Constraints"))
TAGS = {"agencyscheme": "AgencyScheme", "codelist": "Codelist", "conceptscheme": "ConceptScheme", "dataflow": "Dataflow",
        "datastructure": "DataStructure"}


def structure(found: Sequence[Artefact], constraint: Availability | None, identity: str, prepared: datetime) -> bytes:
    """A structure message with these artefacts, and the constraint that says which keys have data."""
    root = etree.Element(f"{MES}Structure", nsmap={short: NAMES[short] for short in ("mes", "com", "str")})
    root.append(header(identity, prepared))
    body = etree.SubElement(root, f"{MES}Structures")
    for kind, group in GROUPS:
        if kind == "contentconstraint" and constraint:
            _constraint(etree.SubElement(body, f"{STR}{group}"), constraint)
        if of_kind := [one for one in found if one.kind == kind]:
            parent = etree.SubElement(body, f"{STR}{group}")
            for one in of_kind:
                _artefact(parent, one)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _artefact(parent: etree._Element, one: Artefact) -> None:
    told = {"id": one.id, "agencyID": one.agency, "version": VERSION, "urn": urn(one.kind, one.id, one.agency)}
    if one.stub:
        told |= {"isExternalReference": "true", "structureURL": one.address}
    elif one.kind in ITEMS:
        told |= {"isPartial": "true"} if one.scheme and one.scheme.partial else {}
    node = etree.SubElement(parent, f"{STR}{TAGS[one.kind]}", told)
    named(node, one.name)
    if one.about:
        named(node, one.about, "Description")
    if not one.stub:
        WRITERS[one.kind](node, one)


def _items(node: etree._Element, one: Artefact) -> None:
    prefix = urn(one.kind, one.id, one.agency).replace(f".{TAGS[one.kind]}=", f".{ITEMS[one.kind]}=")
    for item in one.scheme.items if one.scheme else ():
        _item(node, ITEMS[one.kind], item, prefix)


def _item(node: etree._Element, tag: str, item: Item, prefix: str) -> None:
    child = etree.SubElement(node, f"{STR}{tag}", id=item.id, urn=f"{prefix}.{item.id}")
    named(child, item.name)
    if item.about:
        named(child, item.about, "Description")


def _flow(node: etree._Element, one: Artefact) -> None:
    _ref(etree.SubElement(node, f"{STR}Structure"), {"id": FIGURES, "version": VERSION, "agencyID": AGENCY,
                                                    "package": "datastructure", "class": "DataStructure"})


def _definition(node: etree._Element, one: Artefact) -> None:
    """The data structure definition: dimensions, attributes, measure."""
    parts = etree.SubElement(node, f"{STR}DataStructureComponents")
    dimensions = _list(parts, "DimensionList", "DimensionDescriptor")
    for at, each in enumerate(DIMENSIONS, 1):
        _component(dimensions, "Dimension", each, position=str(at))
    _component(dimensions, "TimeDimension", TIME, position=str(len(DIMENSIONS) + 1))
    attributes = _list(parts, "AttributeList", "AttributeDescriptor")
    for each in ATTRIBUTES:
        child = _component(attributes, "Attribute", each, assignmentStatus="Mandatory" if each.required else "Conditional")
        relation = etree.SubElement(child, f"{STR}AttributeRelationship")
        _ref(etree.SubElement(relation, f"{STR}PrimaryMeasure"), {"id": MEASURE.id})
    _component(_list(parts, "MeasureList", "MeasureDescriptor"), "PrimaryMeasure", MEASURE)


def _list(parent: etree._Element, tag: str, identity: str) -> etree._Element:
    return etree.SubElement(parent, f"{STR}{tag}", id=identity, urn=_part_urn(identity, identity))


def _part_urn(name: str, tail: str) -> str:
    return urn("datastructure", FIGURES).replace("DataStructure=", f"{name}=") + f".{tail}"


def _component(parent: etree._Element, tag: str, one: Component, **told: str) -> etree._Element:
    name = "DataAttribute" if tag == "Attribute" else tag
    node = etree.SubElement(parent, f"{STR}{tag}", {"id": one.id, "urn": _part_urn(name, one.id), **told})
    _ref(etree.SubElement(node, f"{STR}ConceptIdentity"), {
        "id": one.id, "maintainableParentID": "CONCEPTS", "maintainableParentVersion": VERSION, "agencyID": AGENCY,
        "package": "conceptscheme", "class": "Concept"})
    form = etree.SubElement(node, f"{STR}LocalRepresentation")
    if one.codes:
        _ref(etree.SubElement(form, f"{STR}Enumeration"), {"id": one.codes, "version": VERSION, "agencyID": AGENCY,
                                                           "package": "codelist", "class": "Codelist"})
    else:
        etree.SubElement(form, f"{STR}TextFormat", textType=one.type)
    return node


def _ref(parent: etree._Element, told: dict[str, str]) -> None:
    etree.SubElement(parent, "Ref", told)


def _constraint(parent: etree._Element, one: Availability) -> None:
    node = etree.SubElement(parent, f"{STR}ContentConstraint", id="AVAILABLE", agencyID=AGENCY, version=VERSION, type="Actual")
    _counts(node, one)
    named(node, one.name)
    attachment = etree.SubElement(node, f"{STR}ConstraintAttachment")
    _ref(etree.SubElement(attachment, f"{STR}Dataflow"), {"id": FIGURES, "version": VERSION, "agencyID": AGENCY,
                                                         "package": "datastructure", "class": "Dataflow"})
    region = etree.SubElement(node, f"{STR}CubeRegion", include="true")
    for dimension, values in one.values.items():
        key = etree.SubElement(region, f"{COM}KeyValue", id=dimension)
        for value in values:
            etree.SubElement(key, f"{COM}Value").text = value
    if one.first and one.last:
        span = etree.SubElement(etree.SubElement(region, f"{COM}KeyValue", id=TIME.id), f"{COM}TimeRange")
        etree.SubElement(span, f"{COM}StartPeriod", isInclusive="true").text = one.first.isoformat()
        etree.SubElement(span, f"{COM}EndPeriod", isInclusive="true").text = one.last.isoformat()


def _counts(node: etree._Element, one: Availability) -> None:
    notes = etree.SubElement(node, f"{COM}Annotations")
    for identity, count in (("series_count", one.series), ("obs_count", one.observations)):
        note = etree.SubElement(notes, f"{COM}Annotation", id=identity)
        etree.SubElement(note, f"{COM}AnnotationTitle").text = str(count)
        etree.SubElement(note, f"{COM}AnnotationType").text = "sdmx_metrics"


WRITERS: dict[str, Callable[[etree._Element, Artefact], None]] = {
    "agencyscheme": _items, "codelist": _items, "conceptscheme": _items, "dataflow": _flow, "datastructure": _definition}
