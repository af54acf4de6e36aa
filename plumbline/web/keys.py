"""One's own keys for programs: made, shown once, stopped."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from plumbline.kernel import BadInput, Finding
from plumbline.store import people
from plumbline.store.models import AccessKey
from plumbline.web.forms import onward
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin

STATES = (("True", "在用"), ("False", "已停用"))


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key of one's own: what it is for, the last letters of its secret, what it may, since and until when it works."""

    key: int
    label: str
    hint: str
    rights: str
    made_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyPage:
    """One's own keys; `secret` is that of the key just made, and is never shown again; `door` is where it opens."""

    list: Listing
    secret: str
    door: str
    findings: tuple[Finding, ...] = ()


SPEC = Spec(
    (Column("label", "用途", "label"), Column("hint", "末四位"),
     Column("rights", "权限"), Column("made_at", "新增时间", "made_at"),
     Column("retired_at", "停用时间", "retired_at")),
    (Filter("q", "用途", ("label__icontains",)),
     Filter("state", "状态", ("retired_at__isnull",), STATES, read=lambda chosen: chosen == "True")),
    lambda row: KeyRow(row.pk, row.label, row.hint, "可写入" if row.writes else "只读",
                       timezone.localtime(row.made_at),
                       timezone.localtime(row.retired_at) if row.retired_at else None))


def keys(request: HttpRequest) -> HttpResponseBase:
    """One's own keys; a form makes one, and its answer shows the secret."""
    rows = AccessKey.objects.visible_to(request.user).filter(user=request.user)
    if form_of(request) in FILES:
        return sheet(request, rows, SPEC, "接口密钥")
    found: tuple[Finding, ...] = ()
    secret = ""
    if request.method == "POST":
        try:
            _, secret = people.create_key(
                request.user, request.POST.get("label", ""), request.POST.get("writes") == "on")
        except BadInput as error:
            found = error.findings
    page = KeyPage(listing(request, rows, SPEC), secret, request.build_absolute_uri("/sdmx/"), found)
    return show(request, page, "web/keys.html", 400 if found else 200)


def retire(request: HttpRequest, key: int) -> HttpResponseBase:
    """Stop a key."""
    row = people.retire_key(request.user, key)
    messages.success(request, f"密钥「{row}」已停用，并记入日志；用它的程序不能再进入。")
    return onward(request, "keys")


urls = [*twin("profile/keys", keys, "keys", *FILES), *act("profile/keys/<int:key>/retire", retire, "retire-key")]
