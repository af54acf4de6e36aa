"""A firm applies with one press, the form filled in from what is known; and says where its money is to be sent."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from plumbline.kernel import BadInput, Conflict, Finding
from plumbline.store import declarations
from plumbline.store.grants import accounts, applying, offers
from plumbline.store.grants.offers import Party
from plumbline.systems.enterprise.portal_door import Firm, of_firm
from plumbline.systems.enterprise.portal_known import TABLE, table
from plumbline.systems.enterprise.portal_start import Head, head_of
from plumbline.web.forms import status_of, told
from plumbline.web.screen import act, show, twin


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Where a firm's money is sent; of a number the last digits."""

    head: Head
    holder: str
    number: str
    bank: str
    since: str
    typed: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)


@of_firm
def apply(request: HttpRequest, firm: Firm, policy: int) -> HttpResponseBase:
    """Apply for a policy; what does not fit is said with every reason."""
    if firm.known is None:
        messages.error(request, "名录里还没有您的企业，暂时不能申请；请在“我的情况”里反映。")
        return redirect("firm-policy", firm.key, policy)
    try:
        offer = offers.offer_of(policy, declarations.catalog(), timezone.localdate())
        given = {"stated": firm.known.typed, "reckoned": firm.known.reckoned,
                 "reason": request.POST.get("reason", "").strip()[:300]}
        made = applying.apply(request.user, offer, firm.known.settled, given, table=table())
    except (BadInput, Conflict) as error:
        for words in [one.message for one in error.findings] if isinstance(error, BadInput) else [str(error)]:
            messages.error(request, words)
        return redirect("firm-policy", firm.key, policy)
    messages.success(request, f"已提交，编号 {made.number}，由{made.office or '办理单位'}审核。")
    if accounts.account_of(TABLE, firm.key) is None:
        messages.warning(request, "还没有登记收款账户，批准后才能及时到账；请现在填写。")
        return redirect("firm-account", firm.key)
    return redirect("firm-order", firm.key, made.number)


@of_firm
def account(request: HttpRequest, firm: Firm) -> HttpResponseBase:
    """Where the firm's money is sent; by POST it is changed."""
    error: Exception | None = None
    if request.method == "POST":
        typed = {key: request.POST.get(key, "") for key in accounts.LABELS}
        try:
            accounts.set_account(request.user, Party(TABLE, firm.key, firm.area), typed)
        except (BadInput, Conflict) as refused:
            error = refused
        else:
            messages.success(request, "收款账户已登记。退汇的款会在下一批重新拨付。")
            return redirect("firm-account", firm.key)
    stands = accounts.account_of(TABLE, firm.key)
    page = AccountPage(
        head_of(firm, "orders"), stands.holder if stands else "", accounts.masked(stands.number) if stands else "",
        stands.bank if stands else "", f"{timezone.localdate(stands.since_at)}" if stands else "",
        request.POST.dict() if error else {}, *told(error))
    return show(request, page, "enterprise/money-firm-account.html", status_of(error) if error else 200)


urls = [
    *act("firm/<str:key>/policies/<int:policy>/apply", apply, "firm-apply"),
    *twin("firm/<str:key>/account", account, "firm-account"),
]
