"""The artefacts there are, how they refer to each other, and which of them a query means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from plumbline.web.sdmx.asking import StructureAsk
from plumbline.web.sdmx.faults import Fault
from plumbline.web.sdmx.words import ABOUT, AGENCY, COMPONENTS, FIGURES, STRUCTURE_NAME, VERSION, Item, Scheme, Words

KINDS = ("dataflow", "datastructure", "codelist", "conceptscheme", "agencyscheme")
# kinds there are in SDMX, of which we publish none
ABSENT = {
    "organisationscheme", "categoryscheme", "categorisation", "dataproviderscheme", "dataconsumerscheme",
    "organisationunitscheme", "provisionagreement", "metadatastructure", "metadataflow", "hierarchicalcodelist", "structureset",
    "reportingtaxonomy", "process", "contentconstraint", "attachmentconstraint", "actualconstraint", "allowedconstraint",
    "dataconstraint", "metadataconstraint", "hierarchy", "hierarchyassociation", "valuelist", "structuremap",
    "representationmap", "transformationscheme", "rulesetscheme", "userdefinedoperatorscheme", "customtypescheme",
    "namepersonalisationscheme", "namealiasscheme", "vtlmappingscheme", "conceptschememap", "categoryschememap",
    "organisationschememap", "reportingtaxonomymap", "metadataproviderscheme", "metadataprovisionagreement", "metadataset",
}
REFERENCES = {"none", "all", "parents", "parentsandsiblings", "ancestors", "children", "descendants"}
DETAILS = {"full", "allstubs", "allcompletestubs", "referencestubs", "referencecompletestubs", "referencepartial", "raw"}


@dataclass(frozen=True, slots=True)
class Artefact:
    """Something that is maintained; `scheme` holds its items where it has any; a stub says only where it is."""

    kind: str
    id: str
    name: Words
    about: Words | None = None
    agency: str = AGENCY
    scheme: Scheme | None = None
    stub: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Availability:
    """Which values have data: by dimension, and the first and last day; how many series and observations."""

    values: Mapping[str, Sequence[str]]
    series: int
    observations: int
    first: date | None = None
    last: date | None = None
    name: Words = Words("有数的范围", "Available data")


def artefacts(schemes: Iterable[Scheme]) -> tuple[Artefact, ...]:
    """Everything there is to ask for."""
    return (
        Artefact("dataflow", FIGURES, STRUCTURE_NAME, ABOUT), Artefact("datastructure", FIGURES, STRUCTURE_NAME, ABOUT),
        *(Artefact(one.kind, one.id, one.name, agency=one.agency, scheme=one) for one in schemes))


def chosen(every: Sequence[Artefact], ask: StructureAsk, base: str) -> tuple[Artefact, ...]:
    """The artefacts a query means, and those it wants with them.

    base    address of the door, where a stub leads
    Raises  Fault where there is none, or a word is unknown
    """
    _checked(ask)
    meant = [one for one in every if ask.found and _means(ask, one)]
    if not meant:
        raise Fault(404, "没有这样的结构；请先查 dataflow/all 或 structure/dataflow。",
                    "There is no such structure; ask for dataflow/all or structure/dataflow first.")
    with_them = [one for one in _referred(every, meant, ask.references) if one not in meant]
    if ask.detail in ("allstubs", "allcompletestubs"):
        meant = [_stub(one, base) for one in meant]
    if ask.detail.endswith("stubs"):
        with_them = [_stub(one, base) for one in with_them]
    return (*(_partial(one, ask.items) for one in meant), *with_them)


def _checked(ask: StructureAsk) -> None:
    if strange := sorted(ask.kinds - set(KINDS) - ABSENT):
        raise Fault(400, f"没有资源「{'、'.join(strange)}」；请用 {'、'.join(KINDS)}。",
                    f"No resource {', '.join(strange)}; ask for {', '.join(KINDS)}.")
    if strange := sorted(ask.references - REFERENCES - set(KINDS) - ABSENT):
        raise Fault(400, f"references「{'、'.join(strange)}」没有这个值；请用 {'、'.join(sorted(REFERENCES))}。",
                    f"No references {', '.join(strange)}; one of {', '.join(sorted(REFERENCES))}.")
    if ask.detail not in DETAILS:
        raise Fault(400, f"detail「{ask.detail}」没有这个值；请用 {'、'.join(sorted(DETAILS))}。",
                    f"No detail {ask.detail!r}; one of {', '.join(sorted(DETAILS))}.")


def _means(ask: StructureAsk, one: Artefact) -> bool:
    """Whether a query names an artefact; the agencies' list also answers to its own agency."""
    agencies = ask.agencies | ({one.agency} if one.kind == "agencyscheme" and AGENCY in ask.agencies else set())
    return ((not ask.kinds or one.kind in ask.kinds) and (not agencies or one.agency in agencies)
            and (not ask.ids or one.id in ask.ids))


def children(one: Artefact) -> set[tuple[str, str]]:
    """Kind and id of what an artefact refers to."""
    if one.kind == "dataflow":
        return {("datastructure", FIGURES)}
    if one.kind == "datastructure":
        return {("codelist", each.codes) for each in COMPONENTS if each.codes} | {("conceptscheme", "CONCEPTS")}
    return set()


def _referred(every: Sequence[Artefact], meant: Sequence[Artefact], words: frozenset[str]) -> list[Artefact]:
    """What goes with the artefacts that are meant, in the order of all."""
    down, below = _down(every, meant), _down(every, _down(every, meant))
    up = _up(every, meant)
    above = _up(every, up)
    found: list[Artefact] = []
    kinds = words & set(KINDS)
    everything = [*down, *below, *up, *above, *_down(every, up)]
    found += [one for one in everything if one.kind in kinds]
    found += down if words & {"children", "descendants", "all"} else []
    found += below if words & {"descendants", "all"} else []
    found += up if words & {"parents", "parentsandsiblings", "ancestors", "all"} else []
    found += above if words & {"ancestors", "all"} else []
    found += _down(every, up) if words & {"parentsandsiblings", "all"} else []
    return [one for one in every if one in found]


def _down(every: Sequence[Artefact], of: Sequence[Artefact]) -> list[Artefact]:
    wanted = {key for one in of for key in children(one)}
    return [one for one in every if (one.kind, one.id) in wanted]


def _up(every: Sequence[Artefact], of: Sequence[Artefact]) -> list[Artefact]:
    return [one for one in every if any((each.kind, each.id) in children(one) for each in of)]


def _stub(one: Artefact, base: str) -> Artefact:
    return replace(one, stub=True, address=f"{base}{one.kind}/{one.agency}/{one.id}/{VERSION}")


def _partial(one: Artefact, items: frozenset[str]) -> Artefact:
    """Of a list, only the items asked for."""
    if not items or one.scheme is None:
        return one
    kept: tuple[Item, ...] = tuple(item for item in one.scheme.items if item.id in items)
    if not kept:
        raise Fault(404, f"「{one.id}」里没有 {'、'.join(sorted(items))}。", f"{one.id} has no {', '.join(sorted(items))}.")
    return replace(one, scheme=replace(one.scheme, items=kept, partial=True))
