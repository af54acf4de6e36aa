"""The door: every address under /sdmx/, for programs of others that read figures by the standard."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Sum
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from plumbline import __version__
from plumbline.store import declarations
from plumbline.web.sdmx import codes, data_csv, data_xml, structure_xml
from plumbline.web.sdmx.artefacts import Availability, artefacts, chosen
from plumbline.web.sdmx.asking import DataAsk, StructureAsk, data_ask, structure_ask
from plumbline.web.sdmx.caller import caller
from plumbline.web.sdmx.data_json import DataJson
from plumbline.web.sdmx.faults import Fault, told
from plumbline.web.sdmx.media import DATA, STRUCTURE, Form, form_of, language_of
from plumbline.web.sdmx.observations import Observation, asked, observations, seen
from plumbline.web.sdmx.structure_json import StructureJson
from plumbline.web.sdmx.words import DIMENSIONS, TIME, Scheme, Words

NOTHING = ("没有符合条件的数值（或您看不到）；请放宽条件。", "No figures match, or none that you may see; widen the query.")


@csrf_exempt  # it only answers
def door(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """The answer to one query, or the error message of the standard."""
    try:
        if request.method not in ("GET", "HEAD"):
            raise Fault(405, "这里只能查询，请用 GET。", "This door only answers; use GET.")
        request.user = caller(request)
        return _answer(request, [part for part in rest.split("/") if part])
    except Fault as fault:
        return told(request, fault)


def _answer(request: HttpRequest, parts: list[str]) -> HttpResponseBase:
    """What the first part of the path asks for."""
    first, *after = parts = parts or ["dataflow"]
    if first == "data":
        return _data(request, data_ask(request, after))
    if first in ("availability", "availableconstraint"):
        return _available(request, data_ask(request, after))
    if first == "schema":
        kind, agency, identity = [*after[:3], "*", "*", "*"][:3]
        ask = structure_ask(request, [kind, agency, identity, *after[3:4]])
        return _structures(request, StructureAsk(ask.kinds, ask.agencies, ask.ids, references=frozenset({"descendants"})))
    if first in ("metadata", "registration"):
        raise Fault(501, f"还没有「{first}」这类查询。", f"There are no queries of {first} yet.")
    return _structures(request, structure_ask(request, after if first == "structure" else parts))


def _data(request: HttpRequest, ask: DataAsk) -> HttpResponseBase:
    form, rows = form_of(request, DATA), asked(request.user, ask)
    mark = rows.aggregate(last=Max("pk"), many=Count("pk"), sum=Sum("pk"), replaced=Count("replaced_by"))
    schemes = _schemes(request) if form.ending == "json" else ()
    tag = _tag(request, form, mark, schemes)
    if _same(request, tag):
        return _headed(HttpResponse(status=304), request, tag)
    found = observations(rows, ask)
    first = next(found, None)
    if first is None:
        raise Fault(404, *NOTHING)
    answer = StreamingHttpResponse(
        _written(form, chain([first], found), ask, _names(schemes), language_of(request)), content_type=form.media)
    answer["Content-Disposition"] = f'inline; filename="figures.{form.ending}"'
    return _headed(answer, request, tag)


def _written(form: Form, found: Iterator[Observation], ask: DataAsk, names: Mapping[str, Mapping[str, Words]],
             language: str) -> Iterator[str]:
    """The observations in the form asked for."""
    now = timezone.now()
    if form.ending == "csv":
        return data_csv.lines(found, ask, form.version)
    if form.ending == "json":
        return DataJson(form.version, ask, names, language).pieces(found, identity(now), now)
    write = data_xml.generic if form.key == "genericdata" else data_xml.specific
    return write(found, ask, identity(now), now)


def _structures(request: HttpRequest, ask: StructureAsk) -> HttpResponseBase:
    found = chosen(artefacts(_schemes(request)), ask, request.build_absolute_uri("/sdmx/"))
    return _message(request, lambda write, now: write(found, None, identity(now), now))


def _available(request: HttpRequest, ask: DataAsk) -> HttpResponseBase:
    """The values that have data, for the dimensions of a query."""
    values: dict[str, set[str]] = {one.id: set() for one in DIMENSIONS}
    series, many = set(), 0
    rows = asked(request.user, ask)
    for one in observations(rows, ask):
        series.add(one.key)
        many += 1
    for key in series:
        for dimension, value in zip(DIMENSIONS, key, strict=True):
            values[dimension.id].add(value)
    if not many:
        raise Fault(404, *NOTHING)
    shown = {name: sorted(told) for name, told in values.items() if ask.component in ("", "all", "*", name)}
    days = rows.aggregate(first=Min("first_on"), last=Max("last_on")) if ask.component in ("", "all", "*", TIME.id) else {}
    constraint = Availability(shown, len(series), many, days.get("first"), days.get("last"))
    return _message(request, lambda write, now: write((), constraint, identity(now), now))


def _message(request: HttpRequest, make: Callable[[Callable[..., bytes], datetime], bytes]) -> HttpResponse:
    """A structure message, in the form asked for; the same as the last time says so."""
    form, now = form_of(request, STRUCTURE), timezone.now()
    write = StructureJson(language_of(request)).structure if form.ending == "json" else structure_xml.structure
    tag = _tag(request, form, make(write, datetime.min.replace(tzinfo=now.tzinfo)))
    if _same(request, tag):
        return _headed(HttpResponse(status=304), request, tag)
    return _headed(HttpResponse(make(write, now), content_type=form.media), request, tag)


def _schemes(request: HttpRequest) -> tuple[Scheme, ...]:
    """The lists of codes, with what systems declare and what the figures that are seen name."""
    rows = seen(request.user).order_by()
    catalog = declarations.catalog()
    named = {name: set(rows.values_list(name, flat=True).distinct()) for name in ("indicator", "area", "cell")}
    return codes.schemes(catalog, named["indicator"] | set(settings.CATALOG.indicators), named["area"], named["cell"])


def _names(schemes: tuple[Scheme, ...]) -> dict[str, dict[str, Words]]:
    return {scheme.id: {item.id: item.name for item in scheme.items} for scheme in schemes}


def identity(now: datetime) -> str:
    """The identity of a message: the moment it was prepared."""
    return f"PL{now:%Y%m%d%H%M%S%f}"


def _tag(request: HttpRequest, form: Form, *parts: Any) -> str:
    """What changes whenever the answer does."""
    told = repr((__version__, request.get_full_path(), form.key, language_of(request), parts))
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def _same(request: HttpRequest, tag: str) -> bool:
    wanted = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    return tag in wanted or "*" in wanted


def _headed(answer: HttpResponseBase, request: HttpRequest, tag: str) -> HttpResponseBase:
    """An answer may be kept, but is asked about again each time."""
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    patch_vary_headers(answer, ("Accept", "Accept-Language", "Authorization", "Cookie"))
    return answer


urls = [path("sdmx/", door, name="sdmx"), path("sdmx/<path:rest>", door, name="sdmx-query")]
