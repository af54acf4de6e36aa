"""What the account of a firm may reach: pages made for firms, nothing else; what it tries besides is counted and journalled."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from plumbline.store import people
from plumbline.store.parties.bindings import knocked
from plumbline.web.attempts import address_of
from plumbline.web.sign import refusal

DOOR, SECONDS, MOST = "firm", 15 * 60, 30
TOO_OFTEN = ("您多次访问不属于您企业的内容，已暂停 15 分钟，并记入日志。自己企业的页面请从「我的企业」进入；"
             "需要帮助请联系所在区的服务单位。")


def for_firms(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page firms may reach; it shows them their own alone."""
    view.firms = True  # type: ignore[attr-defined]
    return view


def is_firm(user: Any) -> bool:
    """Whether somebody signed in is a firm's account."""
    return bool(user.is_authenticated and user.role == "firm" and not user.is_superuser)


def shut(request: HttpRequest, view: Callable[..., Any]) -> HttpResponse | None:
    """The refusal of a page for signed-in people that is not made for firms, to a firm's account; None lets it through."""
    if not getattr(view, "signed_in", False) or getattr(view, "firms", False) or not is_firm(request.user):
        return None
    return strange(request, request.path)


def strange(request: HttpRequest, what: str, why: str = "访问不属于自己的内容") -> HttpResponse:
    """404 to who asks for what is not his own, the same whether there is such a thing; 429 to who does so too often."""
    now, who = timezone.now(), f"{request.user.pk or ''} {address_of(request)}"
    if people.knocks(DOOR, who, SECONDS, now) >= MOST:
        answer = refusal(request, 429, TOO_OFTEN)
        answer["Retry-After"] = str(SECONDS - int(now.timestamp()) % SECONDS)
        return answer
    people.knock(DOOR, who, SECONDS, now)
    knocked(request.user if request.user.is_authenticated else None, what, why)
    return refusal(request, 404)
