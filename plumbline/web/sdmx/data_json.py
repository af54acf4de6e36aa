"""Data as SDMX-JSON 1.0 and 2.0, written while the figures are read; what their numbers point to comes last."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from plumbline.web.sdmx.asking import FLAT, DataAsk
from plumbline.web.sdmx.observations import Observation
from plumbline.web.sdmx.words import (
    AGENCY,
    ATTRIBUTES,
    DIMENSIONS,
    FIGURES,
    MEASURE,
    STRUCTURE_NAME,
    TIME,
    Component,
    Words,
    urn,
)

SCHEMA = {version: f"https://json.sdmx.org/{version}/sdmx-json-data-schema.json" for version in ("1.0.0", "2.0.0")}


@dataclass
class _Seen:
    """The values of a component in the order they were met, each with its place."""

    component: Component
    places: dict[str, int] = field(default_factory=dict)

    def place(self, value: str) -> int:
        return self.places.setdefault(value, len(self.places))


class DataJson:
    """A data message. `names`: by codelist, the name of each code; `language`: the one `name` is in."""

    def __init__(self, version: str, ask: DataAsk, names: Mapping[str, Mapping[str, Words]], language: str):
        self.version, self.ask, self.names, self.language = version, ask, names, language
        self.keys = [_Seen(one) for one in DIMENSIONS]
        self.times = _Seen(TIME)
        self.attributes = [_Seen(one) for one in ATTRIBUTES] if ask.detail == "full" else []

    def pieces(self, found: Iterable[Observation], identity: str, prepared: datetime) -> Iterator[str]:
        """The message, piece by piece."""
        old = self.version == "1.0.0"
        head = _text({"schema": SCHEMA[self.version], "id": identity, "test": False, "sender": {"id": AGENCY},
                      "prepared": prepared.isoformat(timespec="seconds"), "contentLanguages": ["zh", "en"]})
        yield f'{{"{"header" if old else "meta"}":{head},{"" if old else chr(34) + "data" + chr(34) + ":{"}"dataSets":[{{'
        links = _text([{"rel": "dataflow", "urn": urn("dataflow", FIGURES)}])
        yield '"action":"Information",' if old else f'"structure":0,"action":"Information","links":{links},'
        yield from self._flat(found) if self.ask.at == FLAT else self._series(found)
        structure = _text(self._structure())
        yield f'}}],"structure":{structure}}}' if old else f'}}],"structures":[{structure}]}}}}'

    def _series(self, found: Iterable[Observation]) -> Iterator[str]:
        yield '"series":{'
        for at, (key, group) in enumerate(groupby(found, lambda one: one.key)):
            yield f'{"," if at else ""}"{self._key(key)}":{{'
            if self.ask.detail in ("full", "dataonly"):
                told = (f'"{self.times.place(one.time)}":{self._observation(one)}' for one in group)
                yield f'"observations":{{{",".join(told)}}}'
            yield "}"
        yield "}"

    def _flat(self, found: Iterable[Observation]) -> Iterator[str]:
        yield '"observations":{'
        for at, one in enumerate(found):
            yield f'{"," if at else ""}"{self._key(one.key)}:{self.times.place(one.time)}":{self._observation(one)}'
        yield "}"

    def _key(self, key: Iterable[str]) -> str:
        return ":".join(str(seen.place(value)) for seen, value in zip(self.keys, key, strict=True))

    def _observation(self, one: Observation) -> str:
        """Value, digit for digit, and the places of its attributes; null where there is none."""
        places = [str(seen.place(value)) if value is not None else "null"
                  for seen, value in zip(self.attributes, one.attributes, strict=False)]
        value = one.value if self.ask.detail in ("full", "dataonly") else None
        return f"[{','.join([value or 'null', *places])}]"

    def _structure(self) -> dict[str, Any]:
        """What the numbers point to."""
        flat = self.ask.at == FLAT
        keys = [self._dimension(at, seen) for at, seen in enumerate(self.keys)]
        last = [self._dimension(len(keys), self.times)] if self.times.places else []
        told: dict[str, Any] = {
            "links": [{"rel": "datastructure", "urn": urn("datastructure", FIGURES)}],
            **self._named(STRUCTURE_NAME),
            "dimensions": {"dataSet": [], "series": [] if flat else keys, "observation": keys + last if flat else last},
            "attributes": {"dataSet": [], "series": [], "observation": [self._attribute(seen) for seen in self.attributes]},
        }
        if self.version != "1.0.0":
            told |= {"dataSets": [0], "measures": {"observation": [{"id": MEASURE.id, **self._named(MEASURE.name)}]}}
        return told

    def _dimension(self, at: int, seen: _Seen) -> dict[str, Any]:
        one = seen.component
        return {"id": one.id, **self._named(one.name), "keyPosition": at, "roles": [one.id],
                "values": [self._value(one, value) for value in seen.places]}

    def _attribute(self, seen: _Seen) -> dict[str, Any]:
        one = seen.component
        relation: dict[str, Any] = {"primaryMeasure": MEASURE.id} if self.version == "1.0.0" else {"observation": {}}
        return {"id": one.id, **self._named(one.name), "relationship": relation,
                "values": [self._value(one, value) for value in seen.places]}

    def _value(self, one: Component, value: str) -> dict[str, Any]:
        """A value of a component: a code with its name, a period, or a plain text."""
        if one is TIME and self.version == "1.0.0":
            return {"id": value, "name": value}
        if one.codes:
            words = self.names.get(one.codes, {}).get(value, Words(value))
            return {"id": value, **(self._named(words) if one in DIMENSIONS else {"name": words.best(self.language)})}
        return {"name": value} if self.version == "1.0.0" else {"value": value}

    def _named(self, words: Words) -> dict[str, Any]:
        return {"name": words.best(self.language), "names": words.languages}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
