"""A screen is a dataclass of documented fields, shown as a page or, with `.json`, as itself.

Lists (paging, filters, order, xlsx, csv): `plumbline.web.listing`.
"""

import dataclasses
import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

FILES = ("xlsx", "csv")
FORMS = ("json", *FILES)


def form_of(request: HttpRequest) -> str:
    """`html`, or the form the address asks for by its ending: `json`, `xlsx`, `csv`."""
    ending = request.path.rsplit(".", 1)[-1]
    return ending if ending in FORMS else "html"


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view for signed-in people; the accounts of firms reach it only where it is made for them."""
    guarded: Callable[..., Any] = login_required(view)
    guarded.signed_in = True  # type: ignore[attr-defined]
    return guarded


def twin(route: str, view: Callable[..., HttpResponse], name: str, *forms: str) -> list[URLPattern]:
    """Addresses of one screen: `route/`, `route.json`, and `route.xlsx`, `route.csv` where asked for.

    They are named `name`, `name-json`, … ; all of them want a signed-in user.
    """
    guarded = signed_in(view)
    stem = route.strip("/")
    paths = [path(f"{stem}/" if stem else "", guarded, name=name)]
    return paths + [path(f"{stem or name}.{form}", guarded, name=f"{name}-{form}")
                    for form in ("json", *forms)]


def act(route: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """Addresses a form is sent to: `route/` and `route.json`, both for signed-in users and by POST only."""
    guarded = signed_in(require_POST(view))
    stem = route.strip("/")
    return [path(f"{stem}/", guarded, name=name), path(f"{stem}.json", guarded, name=f"{name}-json")]


def show(request: HttpRequest, screen: Any, template: str, status: int = 200) -> HttpResponse:
    """The screen as its template draws it (as `screen`), or as JSON where the address asks for it."""
    if form_of(request) == "json":
        return JsonResponse(bare(screen), status=status, json_dumps_params={"ensure_ascii": False})
    return render(request, template, {"screen": screen}, status=status)


def bare(value: Any) -> Any:
    """A screen as plain values: dataclasses as objects, dates in ISO form, exact decimals as text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: bare(getattr(value, field.name)) for field in dataclasses.fields(value)
                if field.metadata.get("json", True)}
    if isinstance(value, dict):
        return {str(key): bare(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [bare(item) for item in value]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
