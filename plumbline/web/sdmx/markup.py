"""Names of SDMX-ML 2.1, and the header every message begins with."""

from datetime import datetime

from lxml import etree

from plumbline.web.sdmx.words import AGENCY, Words

BASE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
NAMES = {
    "mes": f"{BASE}/message", "com": f"{BASE}/common", "str": f"{BASE}/structure", "gen": f"{BASE}/data/generic",
    "ss": f"{BASE}/data/structurespecific", "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
MES, COM, STR, GEN, SS, XSI = (f"{{{NAMES[short]}}}" for short in NAMES)
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SENDER = Words("准绳", "Plumbline")


def header(identity: str, prepared: datetime) -> etree._Element:
    """The header of a message; a data message adds which structure it follows."""
    root = etree.Element(f"{MES}Header")
    etree.SubElement(root, f"{MES}ID").text = identity
    etree.SubElement(root, f"{MES}Test").text = "false"
    etree.SubElement(root, f"{MES}Prepared").text = prepared.isoformat(timespec="seconds")
    named(etree.SubElement(root, f"{MES}Sender", id=AGENCY), SENDER)
    return root


def named(parent: etree._Element, words: Words, tag: str = "Name") -> None:
    """Names, or descriptions, in the languages there are."""
    for language, text in words.languages.items():
        etree.SubElement(parent, f"{COM}{tag}", {XML_LANG: language}).text = text
