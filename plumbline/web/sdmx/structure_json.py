"""Structures as SDMX-JSON 2.0."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from plumbline.web.sdmx.artefacts import Artefact, Availability
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
    Words,
    concept_urn,
    urn,
)

SCHEMA = "https://json.sdmx.org/2.0.0/sdmx-json-structure-schema.json"
GROUPS = {"dataflow": "dataflows", "datastructure": "dataStructures", "codelist": "codelists",
          "conceptscheme": "conceptSchemes", "agencyscheme": "agencySchemes"}
ITEM_GROUPS = {"codelist": "codes", "conceptscheme": "concepts", "agencyscheme": "agencies"}


class StructureJson:
    """A structure message, with `name` in one language and `names` in all."""

    def __init__(self, language: str):
        self.language = language

    def structure(self, found: Sequence[Artefact], constraint: Availability | None, identity: str, prepared: datetime) -> bytes:
        """The message."""
        data: dict[str, list[Any]] = {}
        for one in found:
            data.setdefault(GROUPS[one.kind], []).append(self._artefact(one))
        if constraint:
            data["dataConstraints"] = [self._constraint(constraint)]
        meta = {"schema": SCHEMA, "id": identity, "test": False, "prepared": prepared.isoformat(timespec="seconds"),
                "contentLanguages": ["zh", "en"], "sender": {"id": AGENCY, "name": "准绳"}}
        return json.dumps({"meta": meta, "data": data}, ensure_ascii=False).encode()

    def _artefact(self, one: Artefact) -> dict[str, Any]:
        link = {"rel": "self", "urn": urn(one.kind, one.id, one.agency)}
        told: dict[str, Any] = {"id": one.id, "agencyID": one.agency, "version": VERSION, "links": [link],
                                **self._named(one.name)}
        if one.about:
            told |= {"description": one.about.best(self.language), "descriptions": one.about.languages}
        if one.stub:
            return told | {"isExternalReference": True, "links": [link, {"rel": "external", "href": one.address}]}
        if one.kind == "dataflow":
            return told | {"structure": urn("datastructure", FIGURES)}
        if one.kind == "datastructure":
            return told | {"dataStructureComponents": self._components()}
        return told | {"isPartial": bool(one.scheme and one.scheme.partial), ITEM_GROUPS[one.kind]: self._items(one)}

    def _items(self, one: Artefact) -> list[dict[str, Any]]:
        prefix = urn(one.kind, one.id, one.agency)
        cut = prefix.rindex(".", 0, prefix.index("="))
        prefix = f"{prefix[:cut]}.{ITEMS[one.kind]}{prefix[prefix.index('='):]}"
        return [{"id": item.id, **self._named(item.name),
                 **({"description": item.about.best(self.language), "descriptions": item.about.languages} if item.about else {}),
                 "links": [{"rel": "self", "urn": f"{prefix}.{item.id}"}]}
                for item in (one.scheme.items if one.scheme else ())]

    def _components(self) -> dict[str, Any]:
        dimensions = [self._component(one) | {"position": at} for at, one in enumerate(DIMENSIONS)]
        attributes = [self._component(one) | {"usage": "mandatory" if one.required else "optional",
                                              "attributeRelationship": {"observation": {}},
                                              "measureRelationship": [MEASURE.id]} for one in ATTRIBUTES]
        return {
            "dimensionList": {"id": "DimensionDescriptor", "dimensions": dimensions, "timeDimension": self._component(TIME)},
            "measureList": {"id": "MeasureDescriptor", "measures": [self._component(MEASURE) | {"usage": "optional"}]},
            "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
        }

    def _component(self, one: Component) -> dict[str, Any]:
        form = {"enumeration": urn("codelist", one.codes)} if one.codes else {"format": {"dataType": one.type}}
        return {"id": one.id, "conceptIdentity": concept_urn(one.id), "localRepresentation": form}

    def _constraint(self, one: Availability) -> dict[str, Any]:
        values: list[dict[str, Any]] = [{"id": name, "values": [{"value": value} for value in told]}
                                        for name, told in one.values.items()]
        if one.first and one.last:
            values.append({"id": TIME.id, "timeRange": {
                "startPeriod": {"period": one.first.isoformat(), "isInclusive": True},
                "endPeriod": {"period": one.last.isoformat(), "isInclusive": True}}})
        notes = [{"id": identity, "type": "sdmx_metrics", "title": str(count)}
                 for identity, count in (("series_count", one.series), ("obs_count", one.observations))]
        return {"id": "AVAILABLE", "agencyID": AGENCY, "version": VERSION, **self._named(one.name), "role": "Actual",
                "annotations": notes, "constraintAttachment": {"dataflows": [urn("dataflow", FIGURES)]},
                "cubeRegions": [{"include": True, "keyValues": values}]}

    def _named(self, words: Words) -> dict[str, Any]:
        return {"name": words.best(self.language), "names": words.languages}
