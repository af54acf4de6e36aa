"""Codes: of the standard, of areas, of indicators and of parts; and the lists of them."""

import hashlib
from collections.abc import Iterable

from plumbline.kernel import AREAS, MISSING, Catalog, Indicator, area_name
from plumbline.kernel.figure import NO_COMPARISON, NO_DENOMINATOR, NOT_ADDED, NOT_PUBLISHED, NOT_RECEIVED, UNKNOWN
from plumbline.web.sdmx.words import AGENCY, COMPONENTS, Item, Scheme, Words, clean

WHOLE = "_T"
FREQ = (
    ("A", "年", "Annual"), ("S", "半年", "Half-yearly"), ("Q", "季", "Quarterly"), ("M", "月", "Monthly"), ("D", "日", "Daily"),
    ("_O", "一段时间", "Other: a run of time"), ("_Z", "时点", "Not applicable: state at a day's end"),
)
STATUS = (("A", "正常", "Normal value"), ("L", "缺数：数据存在但没有收到", "Missing value; data exist but were not collected"),
          ("M", "缺数：不可能有数", "Missing value; data cannot exist"), ("O", "缺数", "Missing value"))
STATUS_OF = {"": "A", NOT_RECEIVED: "L", NO_DENOMINATOR: "M"}
WHY = {NOT_RECEIVED: "Nothing, or not everything, was received for this area and time",
       NO_DENOMINATOR: "The denominator is zero", UNKNOWN: "There are records, but what is needed was not filled in",
       NOT_ADDED: "Figures of parts do not add up, and this area has none of its own",
       NO_COMPARISON: "The other number of the comparison is missing", NOT_PUBLISHED: "Not published, or not visible"}


def status(missing: str) -> str:
    """The code of CL_OBS_STATUS for a figure that is there, or why it is not.

    >>> status(""), status("not received"), status("unknown")
    ('A', 'L', 'O')
    """
    return STATUS_OF.get(missing, "O")


def reason(missing: str) -> str:
    """The code of CL_MISSING: `not received` is NOT_RECEIVED."""
    return missing.upper().replace(" ", "_")


def indicator_code(key: str) -> str:
    """The code of an indicator; a key has no `-`, so that it can be read back.

    >>> indicator_code("economy.gdp_growth"), indicator_key("economy-gdp_growth")
    ('economy-gdp_growth', 'economy.gdp_growth')
    """
    return key.replace(".", "-")


def indicator_key(code: str) -> str:
    """The key of an indicator's code."""
    return code.replace("-", ".")


def part_code(cell: str) -> str:
    """The code of a cell as the table keeps it: `_T` for the whole, else P and a hash.

    >>> part_code(""), part_code("street=110112001")
    ('_T', 'P2f43a7bd491c')
    """
    return f"P{hashlib.sha256(cell.encode()).hexdigest()[:12]}" if cell else WHOLE


def indicator_words(key: str, one: Indicator | None) -> Words:
    """Name of an indicator; the English one is its key in words, where its key is words."""
    english = key.rpartition(".")[2].replace("_", " ")
    return Words(one.label if one else key, english if not any(sign.isdigit() for sign in english) else "")


def part_words(cell: str, tables: Iterable[tuple[str, str]]) -> Words:
    """Name of a part: the labels of its dimensions, and their values."""
    if not cell:
        return Words("合计", "Total")
    labels = dict(tables)
    told = [(name, value) for name, _, value in (part.partition("=") for part in cell.split(";"))]
    return Words(clean("，".join(f"{labels.get(name, name)}：{value}" for name, value in told)))


def schemes(catalog: Catalog, indicators: Iterable[str], areas: Iterable[str], cells: Iterable[str]) -> tuple[Scheme, ...]:
    """Every list of items, with the indicators, areas and parts that may be named."""
    labels = sorted({(column.key, column.label) for table in catalog.tables.values() for column in table.open_columns})
    known = {area.code: area.name for area in AREAS} | {code: area_name(code) for code in areas}
    told = {key: catalog.indicators.get(key) for key in indicators}
    return (
        Scheme("agencyscheme", "AGENCIES", Words("机构", "Agencies"),
               (Item(AGENCY, Words("准绳", "Plumbline")),), agency="SDMX"),
        Scheme("conceptscheme", "CONCEPTS", Words("概念", "Concepts"), tuple(Item(one.id, one.name) for one in COMPONENTS)),
        _list("CL_FREQ", Words("频度", "Frequency"), FREQ),
        Scheme("codelist", "CL_INDICATOR", Words("指标", "Indicators"), tuple(
            Item(indicator_code(key), indicator_words(key, one), Words(one.source) if one and one.source else None)
            for key, one in sorted(told.items()))),
        Scheme("codelist", "CL_AREA", Words("地区（GB/T 2260）", "Areas by GB/T 2260"),
               tuple(Item(code, Words(name)) for code, name in sorted(known.items()))),
        Scheme("codelist", "CL_PART", Words("分组", "Parts"), tuple(
            Item(part_code(cell), part_words(cell, labels)) for cell in sorted({"", *cells}))),
        _list("CL_OBS_STATUS", Words("数值状态", "Observation status"), STATUS),
        _list("CL_MISSING", Words("缺数原因", "Why there is no value"),
              ((reason(key), words, WHY[key]) for key, words in MISSING.items())),
    )


def _list(identity: str, name: Words, rows: Iterable[tuple[str, str, str]]) -> Scheme:
    return Scheme("codelist", identity, name, tuple(Item(code, Words(zh, en)) for code, zh, en in rows))
