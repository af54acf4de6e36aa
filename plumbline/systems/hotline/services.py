"""The classes of requests as services of GeoReport: what can be asked for, each by a code that stays the same."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from plumbline.kernel import OrderKind
from plumbline.store.models import Item
from plumbline.systems.hotline.taxonomy import classes

REGISTER = "hotline.classes"
ORDINARY = "ordinary"
UNSORTED = "000"
# fields of a request that who asks may tell
ASKED = ("wants", "spot")
# as the standard calls them
DATATYPES = {"text": "string", "integer": "number", "decimal": "number", "date": "datetime", "boolean": "string"}


@dataclass(frozen=True, slots=True)
class Service:
    """A class of requests; `path` is empty for what the hotline sorts itself."""

    code: str
    path: str
    words: tuple[str, ...]
    urgency: str = ORDINARY

    @property
    def name(self) -> str:
        """The last level."""
        return self.path.rsplit("/", 1)[-1] if self.path else "其他（由热线分类）"

    @property
    def group(self) -> str:
        """The first level."""
        return self.path.split("/", 1)[0] if self.path else "其他"


def services() -> dict[str, Service]:
    """Services by code: the classes of the register in use, or those an empty house starts with; first what is unsorted.

    Reading  a class that several areas list is one service, with the urgency of the widest area
    """
    rows = Item.objects.filter(table=REGISTER, until=None).order_by("area", "id").values_list("values", flat=True)
    told = [(str(row.get("path", "")), str(row.get("words") or "").split(), str(row.get("urgency") or ORDINARY))
            for row in rows if not row.get("closed_on")]
    told = told or [(one.label, list(one.words), ORDINARY) for one in classes()]
    found = {UNSORTED: Service(UNSORTED, "", ())}
    for path, words, urgency in told:
        if path:
            found.setdefault(code_of(path), Service(code_of(path), path, tuple(words), urgency))
    return found


def code_of(path: str) -> str:
    """The code of a class: letters and figures, from its name alone, so that it outlives the register's order.

    >>> code_of("城乡建设/住房保障与房地产/物业服务"), code_of("")
    ('c3545a958', '000')
    """
    return "c" + hashlib.sha256(path.encode("utf-8", "replace")).hexdigest()[:8] if path else UNSORTED


def listed(service: Service) -> dict[str, Any]:
    """A service as the list tells it."""
    return {"service_code": service.code, "service_name": service.name,
            "description": service.path.replace("/", "—") or "说不清属于哪一类的，由热线工作人员分类后转办。",
            "metadata": True, "type": "realtime", "keywords": ", ".join(service.words[:8]), "group": service.group}


def attributes(kind: OrderKind) -> list[dict[str, Any]]:
    """What may be told besides text and place: one list for every service."""
    return [{
        "variable": True, "code": column.key, "datatype": "singlevaluelist" if column.choices else DATATYPES[column.type],
        "required": column.required, "datatype_description": column.meaning or column.label, "order": at,
        "description": column.label, "values": [{"key": choice, "name": choice} for choice in column.choices],
    } for at, column in enumerate(_asked(kind), 1)]


def attributes_told(kind: OrderKind, sent: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Values of `attribute[code]` in what was sent; and codes that are no attribute."""
    told = {name.removeprefix("attribute[").split("]", 1)[0]: value.strip()
            for name, value in sent.items() if name.startswith("attribute[")}
    known = {column.key for column in _asked(kind)}
    return {code: value for code, value in told.items() if code in known and value}, sorted(set(told) - known)


def _asked(kind: OrderKind) -> Iterable[Any]:
    return [column for key in ASKED if (column := kind.field(key))]
