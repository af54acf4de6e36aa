"""How a firm is told of policies: what it was told, through which channels, of what not, and at which hours not."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import BadInput, Conflict, Finding
from plumbline.store.models import Preference
from plumbline.store.parties import preferences, pushing
from plumbline.store.parties.kinds import KINDS
from plumbline.systems.enterprise.portal_door import Firm, of_firm
from plumbline.systems.enterprise.portal_known import TABLE
from plumbline.systems.enterprise.portal_start import Head, head_of
from plumbline.web.forms import told, version
from plumbline.web.screen import show, twin


@dataclass(frozen=True, slots=True)
class Told:
    """A policy the firm was told of."""

    title: str
    at: Any
    fresh: bool
    href: str


@dataclass(frozen=True, slots=True)
class ChoicesPage:
    """What the firm was told of, and the form."""

    head: Head
    told: list[Told]
    chosen: Preference = field(metadata={"json": False})
    mail: str
    hook: str
    secret: str
    kinds: list[tuple[str, bool]]
    hours: list[int]
    version: int
    quiet_from: int
    quiet_until: int
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)


@of_firm
def choices(request: HttpRequest, firm: Firm) -> HttpResponseBase:
    """What it was told; the form, sent, is kept."""
    error: Exception | None = None
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in ("mail", "hook", "quiet_from", "quiet_until")}
        wanted = set(request.POST.getlist("wanted"))
        try:
            preferences.choose(request.user, TABLE, firm.key, given | {"unwanted": [one for one in KINDS if one not in wanted]},
                               version(request))
        except (BadInput, Conflict) as refused:
            error = refused
        else:
            messages.success(request, "接收设置已保存。")
            return redirect("firm-choices", firm.key)
    status = 200 if error is None else 409 if isinstance(error, Conflict) else 400
    return show(request, choices_page(firm, error), "enterprise/portal-choices.html", status)


def choices_page(firm: Firm, error: Exception | None) -> ChoicesPage:
    """Everything the page shows."""
    rows = pushing.shown(TABLE, firm.key)
    one = preferences.of(TABLE, firm.key)
    listed = [Told(row.title, timezone.localtime(row.made_at), row.read_at is None,
                   reverse("firm-policy", args=[firm.key, row.policy])) for row in rows]
    return ChoicesPage(
        head_of(firm, "choices"), listed, one, one.mail, one.hook, one.secret if one.hook else "",
        [(kind, kind not in one.unwanted) for kind in KINDS], list(range(24)), one.version, one.quiet_from, one.quiet_until,
        *told(error))


urls = [*twin("firm/<str:key>/choices", choices, "firm-choices")]
