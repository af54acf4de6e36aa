"""Officers confirm who speaks for a firm, with the roll's row beside what was told; and what firms say of themselves."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from plumbline.kernel import BadInput, Conflict, Finding, NotAllowed, area_name
from plumbline.store import rolls
from plumbline.store.models import Attachment, Binding
from plumbline.store.orders.attachments import NO_PAPER
from plumbline.store.parties import bindings, statements
from plumbline.store.parties.tables import WATCHERS
from plumbline.store.people import may
from plumbline.systems.enterprise import account_rows as rows
from plumbline.systems.enterprise.portal_known import shown, table
from plumbline.web.forms import told, version
from plumbline.web.listing import Listing, listing, sheet
from plumbline.web.orders.papers import handed_out
from plumbline.web.screen import FILES, act, form_of, show, twin

COMPARED = ("name", "code", "area", "street", "address", "kind", "status", "set_up_on")
DEEDS = {"confirm": "已确认，这个账号现在可以看到企业的页面。", "refuse": "已退回，申请人看得到理由。", "end": "已解除绑定。"}


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list, and which it is; `decides`, whether this person may decide."""

    list: Listing
    where: str
    decides: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Who asks to speak for a firm, beside what the roll says.

    known    label, value of the roll's row; empty where it has none this person sees
    fits     whether the name told is the roll's; None where the roll has no such row
    others   who else speaks for it, or asks to: account, state
    """

    number: int
    title: str
    state: str
    state_key: str
    version: int
    told: list[tuple[str, str]]
    known: list[tuple[str, str]]
    fits: bool | None
    others: list[tuple[str, str]]
    paper: str
    image: bool
    decides: bool
    answer: str
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    where: str = "accounts"


def watching(request: HttpRequest) -> Any:
    """The user, where he looks after firms; 404 else."""
    if not (request.user.is_superuser or request.user.role in WATCHERS):
        raise Http404
    return request.user


def accounts(request: HttpRequest) -> HttpResponseBase:
    """Who speaks for which firm, and who asks to."""
    user = watching(request)
    if form_of(request) in FILES:
        return sheet(request, rows.accounts(user), rows.account_spec(user), "企业账号")
    page = ListPage(listing(request, rows.accounts(user), rows.account_spec(user)), "accounts", may(user, "bind", user.area))
    return show(request, page, "enterprise/accounts.html")


def account(request: HttpRequest, key: int) -> HttpResponseBase:
    """One of them; a form decides."""
    user = watching(request)
    one = get_object_or_404(rows.accounts(user), pk=key)
    error: Exception | None = None
    if request.method == "POST":
        deed = request.POST.get("deed", "")
        try:
            decide(request, one, deed)
        except (BadInput, Conflict) as refused:
            error = refused
        else:
            messages.success(request, DEEDS[deed])
            return redirect("enterprise-binding", key)
    status = 200 if error is None else 409 if isinstance(error, Conflict) else 400
    return show(request, account_page(request, get_object_or_404(rows.accounts(user), pk=key), error),
                "enterprise/account.html", status)


def decide(request: HttpRequest, one: Binding, deed: str) -> None:
    """Do what the button says."""
    why = request.POST.get("why", "")
    if deed == "confirm":
        bindings.confirm(request.user, one.pk, version(request))
    elif deed == "refuse":
        bindings.refuse_binding(request.user, one.pk, version(request), why)
    elif deed == "end":
        bindings.end(request.user, one.pk, why)
    else:
        raise BadInput([Finding("account.deed", "操作", "没有这个操作；请刷新页面后再试。")])


def account_page(request: HttpRequest, one: Binding, error: Exception | None) -> AccountPage:
    """Everything the page shows; the look at the roll's row is journalled."""
    roll, row = table(), looked(request.user, one.key)
    known = [(column.label, shown(column, row.get(key)) or "未登记") for key in COMPARED
             if row and (column := roll.column(key))]
    decides = may(request.user, "bind", one.area)
    # what is told for checking, telephones among it, is for those who check
    given = [("企业名称", one.name), ("统一社会信用代码", one.key), ("所选地区", area_name(one.user.area)),
             ("账号", one.user.username), ("姓名", one.user.label), ("说明", one.evidence if decides else "")]
    return AccountPage(
        one.pk, f"{one.name}：{one.user}", one.get_state_display(), one.state, one.version, [pair for pair in given if pair[1]],
        known, None if not row else row.get("name") == one.name,
        [(str(other.user), other.get_state_display()) for other in bindings.others(one)], one.paper_name if decides else "",
        one.paper_type.startswith("image/"), decides, one.answer, *told(error))


def looked(user: Any, key: str) -> Any:
    """The roll's row, the look written down; empty where there is none this person sees."""
    try:
        return rolls.looked(user, table(), key)
    except NotAllowed:
        return {}


def paper(request: HttpRequest, key: int) -> HttpResponseBase:
    """The picture handed in."""
    watching(request)
    try:
        one, path = bindings.paper_path(request.user, key)
    except NotAllowed as error:
        raise Http404(NO_PAPER) from error
    return handed_out(Attachment(name=one.paper_name, type=one.paper_type), path)


def stated(request: HttpRequest) -> HttpResponseBase:
    """What firms say of themselves."""
    user = watching(request)
    if form_of(request) in FILES:
        spec = rows.statement_spec(user)
        spec = replace(spec, row=lambda one: rows.called([rows.statement_row(one)])[0])
        return sheet(request, rows.statements(user), spec, "企业自述")
    found = listing(request, rows.statements(user), rows.statement_spec(user))
    found.rows[:] = rows.called(found.rows)
    page = ListPage(found, "statements", may(user, "bind", user.area))
    return show(request, page, "enterprise/statements.html")


def settle(request: HttpRequest, key: int) -> HttpResponseBase:
    """Take a fact into the roll, or not."""
    watching(request)
    if request.POST.get("deed") == "confirm":
        statements.confirm(request.user, key)
        messages.success(request, "已写入名录，并记入日志。")
    else:
        statements.refuse_statement(request.user, key, request.POST.get("why", ""))
        messages.success(request, "没有采纳；企业看得到理由。")
    return redirect("enterprise-statements")


urls = [
    *twin("enterprise/accounts", accounts, "enterprise-bindings", *FILES),
    *twin("enterprise/accounts/<int:key>", account, "enterprise-binding"),
    twin("enterprise/accounts/<int:key>/paper", paper, "enterprise-binding-paper")[0],
    *twin("enterprise/statements", stated, "enterprise-statements", *FILES),
    *act("enterprise/statements/<int:key>/settle", settle, "enterprise-statement-settle"),
]
