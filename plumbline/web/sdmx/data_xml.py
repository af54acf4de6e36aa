"""Data as SDMX-ML 2.1, generic and structure-specific, written while the figures are read."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from xml.sax.saxutils import quoteattr

from lxml import etree

from plumbline.web.sdmx.asking import FLAT, SERIES, DataAsk
from plumbline.web.sdmx.markup import COM, MES, NAMES, header
from plumbline.web.sdmx.observations import Observation, SeriesKey
from plumbline.web.sdmx.words import AGENCY, ATTRIBUTES, DIMENSIONS, FIGURES, TIME, VERSION, urn

BUFFER = 200


def generic(found: Iterable[Observation], ask: DataAsk, identity: str, prepared: datetime) -> Iterator[str]:
    """GenericData: every name and value spelled out."""
    root = _start("GenericData", ask, identity, prepared, {"gen": NAMES["gen"]})
    yield root + f'<mes:DataSet structureRef="{FIGURES}" action="Information">'
    yield from _buffered(_flat(found, ask, _generic_flat) if ask.at == FLAT else _series(found, ask, _generic_series))
    yield "</mes:DataSet></mes:GenericData>"


def specific(found: Iterable[Observation], ask: DataAsk, identity: str, prepared: datetime) -> Iterator[str]:
    """StructureSpecificData: dimensions and attributes as attributes of XML."""
    own = f"{urn('datastructure', FIGURES)}:ObsLevelDim:{ask.at}"
    root = _start("StructureSpecificData", ask, identity, prepared, {"ss": NAMES["ss"], "xsi": NAMES["xsi"], "own": own})
    yield root + (f'<mes:DataSet ss:structureRef="{FIGURES}" xsi:type="own:DataSetType" ss:dataScope="DataStructure" '
                  'action="Information">')
    yield from _buffered(_flat(found, ask, _specific_flat) if ask.at == FLAT else _series(found, ask, _specific_series))
    yield "</mes:DataSet></mes:StructureSpecificData>"


def _start(name: str, ask: DataAsk, identity: str, prepared: datetime, spaces: dict[str, str]) -> str:
    """The message up to its data set: root and header."""
    head = header(identity, prepared)
    structure = etree.SubElement(head, f"{MES}Structure", structureID=FIGURES, dimensionAtObservation=ask.at)
    if "own" in spaces:
        structure.set("namespace", spaces["own"])
    usage = etree.SubElement(structure, f"{COM}Structure")
    etree.SubElement(usage, "Ref", {"agencyID": AGENCY, "id": FIGURES, "version": VERSION, "class": "DataStructure",
                                    "package": "datastructure"})
    root = etree.Element(f"{MES}{name}", nsmap={"mes": NAMES["mes"], "com": NAMES["com"], **spaces})
    root.append(head)
    told = etree.tostring(root, encoding="unicode")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + told.removesuffix(f"</mes:{name}>")


def _series(found: Iterable[Observation], ask: DataAsk,
            write: Callable[[SeriesKey, Iterable[Observation], str], Iterator[str]]) -> Iterator[str]:
    for key, group in groupby(found, lambda one: one.key):
        yield from write(key, () if ask.detail in ("serieskeysonly", "nodata") else group, ask.detail)


def _flat(found: Iterable[Observation], ask: DataAsk, write: Callable[[Observation, str], str]) -> Iterator[str]:
    return (write(one, ask.detail) for one in found)


def _generic_values(names: Iterable[str], values: Iterable[str | None]) -> str:
    return "".join(f'<gen:Value id="{name}" value={quoteattr(value)}/>'
                   for name, value in zip(names, values, strict=True) if value is not None)


def _generic_series(key: SeriesKey, group: Iterable[Observation], detail: str) -> Iterator[str]:
    yield f"<gen:Series><gen:SeriesKey>{_generic_values((one.id for one in DIMENSIONS), key)}</gen:SeriesKey>"
    for one in group:
        yield f'<gen:Obs><gen:ObsDimension id="{SERIES}" value="{one.time}"/>{_generic_rest(one, detail)}</gen:Obs>'
    yield "</gen:Series>"


def _generic_flat(one: Observation, detail: str) -> str:
    key = _generic_values((*(each.id for each in DIMENSIONS), TIME.id), (*one.key, one.time))
    return f"<gen:Obs><gen:ObsKey>{key}</gen:ObsKey>{_generic_rest(one, detail)}</gen:Obs>"


def _generic_rest(one: Observation, detail: str) -> str:
    """Value and attributes; a missing figure has no value at all."""
    value = f'<gen:ObsValue value="{one.value}"/>' if one.value is not None and detail in ("full", "dataonly") else ""
    if detail in ("dataonly", "serieskeysonly"):
        return value
    return f"{value}<gen:Attributes>{_generic_values((each.id for each in ATTRIBUTES), one.attributes)}</gen:Attributes>"


def _specific_values(names: Iterable[str], values: Iterable[str | None]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in zip(names, values, strict=True) if value is not None)


def _specific_series(key: SeriesKey, group: Iterable[Observation], detail: str) -> Iterator[str]:
    yield f"<Series{_specific_values((one.id for one in DIMENSIONS), key)}>"
    for one in group:
        yield f'<Obs {SERIES}="{one.time}"{_specific_rest(one, detail)}/>'
    yield "</Series>"


def _specific_flat(one: Observation, detail: str) -> str:
    key = _specific_values((*(each.id for each in DIMENSIONS), TIME.id), (*one.key, one.time))
    return f"<Obs{key}{_specific_rest(one, detail)}/>"


def _specific_rest(one: Observation, detail: str) -> str:
    value = f' OBS_VALUE="{one.value}"' if one.value is not None and detail in ("full", "dataonly") else ""
    told = "" if detail in ("dataonly", "serieskeysonly") else _specific_values((each.id for each in ATTRIBUTES), one.attributes)
    return value + told


def _buffered(pieces: Iterable[str]) -> Iterator[str]:
    """The same text in fewer, larger pieces."""
    kept: list[str] = []
    for piece in pieces:
        kept.append(piece)
        if len(kept) >= BUFFER:
            yield "".join(kept)
            kept.clear()
    yield "".join(kept)
