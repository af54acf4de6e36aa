"""The door of a firm's pages: an account comes in where an officer confirmed that it speaks for the firm; others find nothing."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from plumbline.store.models import Binding
from plumbline.store.parties.tables import CONFIRMED
from plumbline.systems.enterprise.portal_known import TABLE, Known, known
from plumbline.web.firms import for_firms, is_firm, strange


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm whose page is open: by which binding, on which day, what is known of it; the others the account speaks for."""

    binding: Binding
    key: str
    name: str
    day: date
    known: Known | None
    others: list[tuple[str, str]]

    @property
    def area(self) -> str:
        """Its area."""
        return self.binding.area


def bound(user: Any) -> list[Binding]:
    """What an account speaks for, the first asked for first."""
    return list(Binding.objects.filter(user=user, table=TABLE, state=CONFIRMED).order_by("pk"))


def of_firm(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page of one firm: the view is handed the firm in place of its code."""
    @functools.wraps(view)
    def answer(request: HttpRequest, key: str, **more: Any) -> HttpResponseBase:
        if not is_firm(request.user):
            raise Http404
        own = bound(request.user)
        mine = next((one for one in own if one.key == key), None)
        if mine is None:
            return strange(request, key, "打开不属于自己的企业")
        day = timezone.localdate()
        found = known(key, day)
        name = str(found.row["name"]) if found else mine.name
        others = [(one.key, one.name) for one in own if one.pk != mine.pk]
        return view(request, Firm(mine, key, name, day, found, others), **more)
    return for_firms(answer)
