"""Packages of parts in one zip file: the same parts give the same bytes, whenever and wherever they are written."""

import io
import re
import zipfile
from collections.abc import Mapping

from lxml import etree

# the first moment a zip file can hold
MOMENT = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16
UNFIT = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip file of parts by name, in their order."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, READABLE, 3
            package.writestr(entry, data)
    return file.getvalue()


def xml(root: etree._Element) -> bytes:
    """An XML part: UTF-8, with its declaration."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def clean(text: str) -> str:
    """A text of the same length, with a blank for each tab and for each character XML cannot hold.

    >>> clean("甲" + chr(9) + "乙" + chr(1))
    '甲 乙 '
    """
    return UNFIT.sub(" ", text)
