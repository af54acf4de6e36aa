"""What the door refuses, by the numbers SDMX gives to errors, and the message that says so."""

import json

from django.http import HttpRequest, HttpResponse
from lxml import etree

from plumbline.web.sdmx.markup import COM, MES, NAMES, XML_LANG
from plumbline.web.sdmx.words import clean

# HTTP status: code of the SDMX guidelines
CODES = {400: 140, 401: 110, 403: 150, 404: 100, 405: 140, 406: 140, 413: 130, 500: 500, 501: 501}
TITLES = {100: "No results found", 110: "Unauthorized", 130: "Response too large", 140: "Syntax error", 150: "Semantic error",
          500: "Internal server error", 501: "Not implemented"}


class Fault(Exception):
    """A query that is not answered: HTTP status, and what is wrong and what to do, in Chinese and in English."""

    def __init__(self, status: int, chinese: str, english: str):
        super().__init__(english)
        self.status, self.chinese, self.english = status, clean(chinese), clean(english)


def told(request: HttpRequest, fault: Fault) -> HttpResponse:
    """The SDMX error message for a fault: XML, or JSON for who asks for JSON."""
    wants = request.GET.get("format", "") + request.headers.get("Accept", "")
    body, media = (_json(fault), "application/vnd.sdmx.structure+json;version=2.0.0") if "json" in wants \
        else (_xml(fault), "application/xml; charset=utf-8")
    answer = HttpResponse(body, status=fault.status, content_type=media)
    if fault.status == 405:
        answer["Allow"] = "GET, HEAD"
    if fault.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="plumbline"'
    return answer


def _xml(fault: Fault) -> bytes:
    root = etree.Element(f"{MES}Error", nsmap={"mes": NAMES["mes"], "com": NAMES["com"]})
    message = etree.SubElement(root, f"{MES}ErrorMessage", code=str(CODES[fault.status]))
    for language, text in (("zh", fault.chinese), ("en", fault.english)):
        etree.SubElement(message, f"{COM}Text", {XML_LANG: language}).text = text
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _json(fault: Fault) -> bytes:
    code = CODES[fault.status]
    return json.dumps({"errors": [{
        "code": code, "title": TITLES[code], "detail": fault.chinese,
        "details": {"zh": fault.chinese, "en": fault.english}}]}, ensure_ascii=False).encode()
