"""What is asked for: the path and the query of an address, of SDMX-REST 1 (SDMX 2.1) and 2 (SDMX 3.0)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import unquote_plus

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from plumbline.web.sdmx.faults import Fault
from plumbline.web.sdmx.times import days_of
from plumbline.web.sdmx.words import AGENCY, DIMENSIONS, FIGURES, TIME, VERSION

CONTEXTS = ("dataflow", "datastructure", "provisionagreement", "*")
ANY = ("", "all", "*")
LATEST = (*ANY, "latest", "~", "+", VERSION, f"{VERSION}+", f"{VERSION}.0", "1+", "1.0+.0")
FLAT, SERIES = "AllDimensions", TIME.id
DETAILS = ("full", "dataonly", "nodata", "serieskeysonly")
UNDONE = {"includeHistory", "asOf", "reportingYearStartDay", "sort"}
_FILTER = re.compile(r"c\[(\w+)\]")
_CODE = re.compile(r"[A-Za-z0-9_@$-]+")


@dataclass(frozen=True, slots=True)
class DataAsk:
    """A query for figures.

    keys         for each key asked for: the values of each dimension in order, empty for any
    first, last  the observations' periods begin and end within these days
    since        only what was published after
    at           FLAT, or SERIES: what stands at the observation
    detail       full | dataonly | nodata | serieskeysonly
    heads, tails of each series only so many first, so many last observations
    offset, limit of all observations, skip and take so many
    """

    keys: tuple[tuple[frozenset[str], ...], ...] = ()
    first: date | None = None
    last: date | None = None
    since: datetime | None = None
    at: str = SERIES
    detail: str = "full"
    heads: int | None = None
    tails: int | None = None
    offset: int = 0
    limit: int | None = None
    component: str = ""


@dataclass(frozen=True, slots=True)
class StructureAsk:
    """A query for artefacts; empty sets mean any."""

    kinds: frozenset[str]
    agencies: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    detail: str = "full"
    references: frozenset[str] = field(default=frozenset({"none"}))
    found: bool = True


def data_ask(request: HttpRequest, parts: Sequence[str]) -> DataAsk:
    """The query behind `data/` or `availability/`: flow/key/provider, or context/agency/id/version/key.

    Raises  Fault where it cannot be understood, or names another flow than ours
    """
    if parts and parts[0] in CONTEXTS:
        agency, flow, version, keys, component = [*parts[1:], "*", "*", "*", "*", "*"][:5]
        dialect = 2
    else:
        agency, flow, version = _reference(parts[0] if parts else "")
        keys, component = [*parts[1:2], "all"][0], parts[3] if len(parts) > 3 else "all"
        dialect = 1
    if not (_meets(agency, AGENCY) and _meets(flow, FIGURES) and all(one in LATEST for one in _several(version))):
        raise Fault(404, f"没有数据流「{flow}」；请用 {AGENCY},{FIGURES},{VERSION}。",
                    f"There is no dataflow {agency},{flow},{version}; ask for {AGENCY},{FIGURES},{VERSION}.")
    query = _query(request)
    first, last = _periods(query, _filters(query))
    return DataAsk(
        keys=_narrowed(_keys(keys, dialect), _filters(query)), first=first, last=last,
        since=_since(query.get("updatedAfter", "")), at=_at(query.get("dimensionAtObservation", SERIES)),
        detail=_detail(query), component=component,
        heads=_number(query, "firstNObservations", 1), tails=_number(query, "lastNObservations", 1),
        offset=_number(query, "offset", 0) or 0, limit=_number(query, "limit", 1))


def structure_ask(request: HttpRequest, parts: Sequence[str]) -> StructureAsk:
    """The query behind `codelist/…` or `structure/codelist/…`: kind, agency, id, version, item.

    Raises  Fault where a parameter has no such value
    """
    kind, agency, identity, version, items = [*parts, "*", "*", "*", "*", "*"][:5]
    query = _query(request)
    known = _several(query.get("references", "none"))
    return StructureAsk(
        kinds=_set("*" if kind == "structure" else kind), agencies=_set(agency), ids=_set(identity), items=_set(items),
        found=any(one in LATEST for one in _several(version)), detail=query.get("detail", "full"),
        references=frozenset(known))


def _query(request: HttpRequest) -> Mapping[str, str]:
    """The parameters; `+` stays what it is, since it is an operator here."""
    query = {}
    for part in request.META.get("QUERY_STRING", "").split("&"):
        name, _, value = part.partition("=")
        query[unquote_plus(name)] = unquote_plus(value.replace("+", "%2B"))
    if asked := sorted(UNDONE & {name for name, value in query.items() if value.lower() not in ("", "false")}):
        raise Fault(501, f"还不支持参数 {'、'.join(asked)}；请去掉后重试。", f"Not supported: {', '.join(asked)}; leave it out.")
    return query


def _reference(flow: str) -> tuple[str, str, str]:
    """Agency, id and version of `flow`, `agency,flow` or `agency,flow,version`."""
    told = flow.split(",")
    if len(told) == 1:
        return "all", told[0], "latest"
    return told[0], told[1], told[2] if len(told) > 2 else "latest"


def _several(text: str) -> list[str]:
    return [text] if text == "+" else re.split(r",|\+(?=[A-Za-z])", text)


def _set(text: str) -> frozenset[str]:
    """Names that are asked for; none for any."""
    told = frozenset(_several(text))
    return frozenset() if told & set(ANY) else told


def _meets(text: str, name: str) -> bool:
    return not _set(text) or name in _set(text)


def _keys(text: str, dialect: int) -> tuple[tuple[frozenset[str], ...], ...]:
    """The keys of `A.economy-gdp..`, of `A+M...`, or of many with commas."""
    if text in ANY:
        return ((frozenset(),) * len(DIMENSIONS),)
    keys = [tuple(_set(part) if part in ANY else frozenset(part.split("+")) for part in key.split("."))
            for key in (text.split(",") if dialect == 2 else [text])]
    _codes(value for key in keys for part in key for value in part)
    for key in keys:
        if len(key) != len(DIMENSIONS):
            names = ".".join(one.id for one in DIMENSIONS)
            raise Fault(400, f"键「{text}」有 {len(key)} 段，应有 {len(DIMENSIONS)} 段：{names}；不限的留空。",
                        f"The key has {len(key)} parts; write {len(DIMENSIONS)}: {names}; leave empty what may be any.")
    return tuple(keys)


def _codes(values: Iterable[str]) -> None:
    """Refuse what cannot be a code."""
    for value in values:
        if not _CODE.fullmatch(value):
            raise Fault(400, f"「{value[:40]}」不是代码；代码由字母、数字和 _ - @ $ 组成。",
                        f"{value[:40]!r} is no code; a code is letters, digits and _ - @ $.")


def _filters(query: Mapping[str, str]) -> dict[str, str]:
    """The parameters `c[DIMENSION]=…` of SDMX-REST 2."""
    found = {told[1]: value for name, value in query.items() if (told := _FILTER.fullmatch(name))}
    if strange := sorted(set(found) - {one.id for one in DIMENSIONS} - {TIME.id}):
        raise Fault(400, f"没有维度 {'、'.join(strange)}；请按数据结构填写。", f"No such dimension: {', '.join(strange)}.")
    return found


def _narrowed(keys: tuple[tuple[frozenset[str], ...], ...], filters: Mapping[str, str]) -> tuple[tuple[frozenset[str], ...], ...]:
    for at, dimension in enumerate(DIMENSIONS):
        if dimension.id not in filters:
            continue
        told = frozenset(value.removeprefix("eq:") for value in filters[dimension.id].split(","))
        if any(":" in value for value in told):
            raise Fault(501, f"{dimension.id} 只支持相等；请写 c[{dimension.id}]=甲,乙。",
                        f"Only equality is supported for {dimension.id}; write c[{dimension.id}]=one,other.")
        _codes(told)
        both = ((key, key[at] & told if key[at] else told) for key in keys)
        keys = tuple((*key[:at], left, *key[at + 1:]) for key, left in both if left)
    return keys


def _periods(query: Mapping[str, str], filters: Mapping[str, str]) -> tuple[date | None, date | None]:
    """First and last day of what is asked for, by startPeriod and endPeriod or by `c[TIME_PERIOD]`."""
    start, end = query.get("startPeriod", ""), query.get("endPeriod", "")
    for told in filters.get(TIME.id, "").split("+"):
        operator, _, value = told.partition(":") if ":" in told[:3] else ("eq", "", told)
        if not told or operator not in ("eq", "ge", "le"):
            if told:
                raise Fault(501, "TIME_PERIOD 只支持 eq、ge、le。", "Only eq, ge and le are supported for TIME_PERIOD.")
            continue
        start = value if operator in ("eq", "ge") else start
        end = value if operator in ("eq", "le") else end
    try:
        return days_of(start)[0] if start else None, days_of(end)[1] if end else None
    except ValueError:
        raise Fault(400, f"时期「{start}」「{end}」写得不对；请写 2020、2020-S1、2020-Q1、2020-06 或 2020-06-11。",
                    f"{start!r} or {end!r} is no period; write 2020, 2020-S1, 2020-Q1, 2020-06 or 2020-06-11.") from None


def _since(text: str) -> datetime | None:
    if not text:
        return None
    try:
        told = parse_datetime(text) or datetime.combine(date.fromisoformat(text), datetime.min.time())
    except ValueError:
        raise Fault(400, f"updatedAfter「{text}」不是时间；请写 2020-06-30T08:00:00+08:00。",
                    f"updatedAfter={text!r} is no time; write 2020-06-30T08:00:00+08:00.") from None
    return told if told.tzinfo else timezone.make_aware(told)


def _at(text: str) -> str:
    if text in (FLAT, SERIES):
        return text
    if text in {one.id for one in DIMENSIONS}:
        raise Fault(501, f"还不能按 {text} 分列；请用 {SERIES} 或 {FLAT}。", f"Not by {text}; ask for {SERIES} or {FLAT}.")
    raise Fault(400, f"dimensionAtObservation「{text}」没有这个维度；请用 {SERIES} 或 {FLAT}。",
                f"There is no dimension {text!r}; ask for {SERIES} or {FLAT}.")


def _detail(query: Mapping[str, str]) -> str:
    """What is to be told of the data; `attributes` and `measures` are how SDMX-REST 2 says it."""
    attributes, measures = query.get("attributes", "dsd"), query.get("measures", "all")
    short = {(True, True): "serieskeysonly", (True, False): "dataonly", (False, True): "nodata"}.get(
        (attributes == "none", measures == "none"), "full")
    detail = query.get("detail", short)
    if detail not in DETAILS:
        raise Fault(400, f"detail「{detail}」没有这个值；请用 {'、'.join(DETAILS)}。",
                    f"No detail {detail!r}; one of {', '.join(DETAILS)}.")
    return detail


def _number(query: Mapping[str, str], name: str, least: int) -> int | None:
    text = query.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise Fault(400, f"{name}「{text}」应是不小于 {least} 的整数。", f"{name}={text!r}: write a whole number from {least}.")
    return int(text)
