"""Documents of GeoReport v2 as the standard writes them, in XML and in JSON, from the same plain values."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from lxml import etree

MEDIA = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
# what XML 1.0 cannot say
UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CITY_CODE = "110000"


class Fault(Exception):
    """A request the standard's error document answers."""

    def __init__(self, status: int, description: str):
        super().__init__(description)
        self.status, self.description = status, description


@dataclass(frozen=True, slots=True)
class Shape:
    """How a list of things is named in XML: the root, and each of them; lists inside by `inner`."""

    root: str
    each: str


SERVICES = Shape("services", "service")
REQUESTS = Shape("service_requests", "request")
UPDATES = Shape("service_request_updates", "request_update")
ERRORS = Shape("errors", "error")
# lists within a document: what one of them is called
INNER = {"attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format", "media_urls": "media_url"}


def many(form: str, shape: Shape, rows: Sequence[Mapping[str, Any]], status: int = 200) -> HttpResponse:
    """A list of things."""
    if form == "json":
        return _json(list(rows), status)
    root = etree.Element(shape.root)
    for row in rows:
        _fill(etree.SubElement(root, shape.each), row)
    return _xml(root, status)


def one(form: str, root: str, row: Mapping[str, Any]) -> HttpResponse:
    """A single thing."""
    if form == "json":
        return _json(row, 200)
    element = etree.Element(root)
    _fill(element, row)
    return _xml(element, 200)


def told(form: str, fault: Fault) -> HttpResponse:
    """The error document."""
    return many(form, ERRORS, [{"code": fault.status, "description": fault.description}], fault.status)


def moment(at: datetime | None) -> str | None:
    """An instant as W3C writes it, to the second, in the time of the city."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None


def _json(value: Any, status: int) -> HttpResponse:
    # degrees are numbers in the standard; nothing is reckoned with them
    text = json.dumps(value, ensure_ascii=False, default=lambda found: float(found) if isinstance(found, Decimal) else str(found))
    return HttpResponse(text, content_type=MEDIA["json"], status=status)


def _xml(root: etree._Element, status: int) -> HttpResponse:
    return HttpResponse(etree.tostring(root, encoding="utf-8", xml_declaration=True), content_type=MEDIA["xml"], status=status)


def _fill(element: etree._Element, row: Mapping[str, Any]) -> None:
    for name, value in row.items():
        child = etree.SubElement(element, name)
        if isinstance(value, Mapping):
            _fill(child, value)
        elif isinstance(value, (list, tuple)):
            for part in value:
                _part(etree.SubElement(child, INNER[name]), part)
        else:
            child.text = _text(value)


def _part(element: etree._Element, part: Any) -> None:
    if isinstance(part, Mapping):
        _fill(element, part)
    else:
        element.text = _text(part)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return UNSAYABLE.sub("\ufffd", str(value))
