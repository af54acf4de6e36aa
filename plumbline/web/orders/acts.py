"""What a person does on the page of an order: moves it, writes and attaches, asks for time, calls others, links."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from plumbline.kernel import BadInput, Conflict, Finding, Move, OrderKind
from plumbline.store import orders
from plumbline.store.models import Order
from plumbline.web.forms import onward, status_of, version
from plumbline.web.orders import movers
from plumbline.web.orders.forms import office_told, told, typed_in
from plumbline.web.orders.page import not_done, page_of
from plumbline.web.orders.rows import kinds, order_seen
from plumbline.web.screen import act, show

NOTHING_SENT = Finding("order.paper", "附件", "没有选择文件；请选好文件再上传。")
Deed = Callable[..., str]


def doing(name: str, do: Deed) -> Callable[..., HttpResponse]:
    """A view that does a deed with an order, and goes back to where the person was; what was typed is kept where it failed.

    do  gives what is said of it afterwards
    """
    def view(request: HttpRequest, number: str, **more: Any) -> HttpResponse:
        found, kind = order_seen(request, number)
        deed = str(more.get("key", name))
        try:
            said = do(request, found, kind, **more)
        except (BadInput, Conflict) as error:
            if request.headers.get("HX-Request") == "true" or "next" in request.POST:
                raise
            return not_done(request, number, deed, error, status_of(error))
        messages.success(request, said)
        return back(request, found)
    view.__doc__ = do.__doc__
    return view


def back(request: HttpRequest, found: Order) -> HttpResponseRedirect:
    """Where the person came from, of our own pages only; else the order."""
    address = request.POST.get("next", "")
    if address and url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return HttpResponseRedirect(address)
    return onward(request, "order", found.number)


def move(request: HttpRequest, found: Order, kind: OrderKind, key: str) -> str:
    """Move the order; papers sent along are laid with it first, and are not kept where it does not move."""
    one = kind.moves.get(key)
    if one is None:
        raise BadInput([Finding("order.move", "动作", "没有这个动作；请刷新页面后再试。")])
    moved = moved_with_papers(request, found, kind, one)
    state = kind.states[moved.state].label
    return f"{found.number}：已{one.label}{'。' if moved.state == found.state else f'，现为「{state}」。'}"


def moved_with_papers(request: HttpRequest, found: Order, kind: OrderKind, one: Move) -> Order:
    """An order moved as its form tells, the papers sent along laid with it first."""
    asked = told(request, kind, one.asks)
    sent = [(file.name or "", file) for file in request.FILES.getlist("evidence")] if "evidence" in one.asks else []
    with orders.attaching(request.user, found.pk, sent) as papers:
        if papers:
            asked["evidence"] = "、".join(paper.name for paper in papers)[:500]
        return movers.move(request.user, found, one.key, asked, version(request))


def note(request: HttpRequest, found: Order, kind: OrderKind) -> str:
    """Write a note."""
    public = request.POST.get("public") == "1"
    orders.note(request.user, found.pk, request.POST.get("text", ""), public)
    return "备注已保存，来件人也能看到。" if public else "备注已保存。"


def attach(request: HttpRequest, found: Order, kind: OrderKind) -> str:
    """Lay papers with the order."""
    sent = request.FILES.getlist("file")
    if not sent:
        raise BadInput([NOTHING_SENT])
    for file in sent:
        orders.attach(request.user, found.pk, file.name or "", file, request.POST.get("public") == "1")
    return f"已上传 {len(sent)} 个附件。"


def extend(request: HttpRequest, found: Order, kind: OrderKind) -> str:
    """Ask for more time."""
    typed = typed_in(request, ("clock", "amount", "why"))
    orders.ask(request.user, found.pk, typed["clock"], typed["amount"], typed["why"])
    return "已提出延期申请，等待另一人决定。"


def decide(request: HttpRequest, found: Order, kind: OrderKind, extension: int) -> str:
    """Grant more time, or refuse it."""
    granted = request.POST.get("granted") == "1"
    orders.decide(request.user, extension, granted, request.POST.get("answer", "").strip())
    return "已同意延期，时限已重新推算。" if granted else "未同意延期，时限不变。"


def urge(request: HttpRequest, found: Order, kind: OrderKind) -> str:
    """Urge whoever holds it."""
    orders.urge(request.user, found.pk, request.POST.get("why", ""))
    return "已督办，承办单位收到通知。"


def join(request: HttpRequest, found: Order, kind: OrderKind) -> str:
    """Join it to another order, which answers it too."""
    into = other(request)
    orders.join(request.user, found.pk, into.pk, request.POST.get("why", ""), version(request))
    return f"已并入 {into.number}；主件办结时，这一件的来件人同样得到答复。"


def unjoin(request: HttpRequest, found: Order, kind: OrderKind) -> str:
    """Let it go its own way again."""
    orders.unjoin(request.user, found.pk, request.POST.get("why", ""), version(request))
    return "已从主件分出，单独办理。"


def other(request: HttpRequest) -> Order:
    """The order named in a form; BadInput where this person sees none of that number."""
    number = request.POST.get("number", "").strip().upper()
    found = Order.objects.visible_to(request.user).filter(number=number).first()
    if found is None:
        raise BadInput([Finding("order.other", "工单编号", f"没有编号为「{number[:30]}」的工单，或者您看不到它；请核对编号。")])
    return found


@transaction.atomic
def split(request: HttpRequest, found: Order, kind: OrderKind) -> str:
    """Split it and send the parts out, all or nothing: a title and an office a part; parts without a title are left out."""
    titles, offices = request.POST.getlist("title"), request.POST.getlist("office")
    parts = [{"title": title.strip(), "office": office_told(request.user, office)}
             for title, office in zip(titles, offices, strict=False) if title.strip()]
    made = orders.split(request.user, found.pk, parts, request.POST.get("why", ""), version(request))
    for one in made:
        movers.give(request.user, one, kinds()[one.kind])
    return f"已拆分为 {len(made)} 件：{'、'.join(one.number for one in made)}。"


def summon(request: HttpRequest, found: Order, kind: OrderKind) -> str:
    """Call other offices to it."""
    called = [key for text in request.POST.getlist("office") if (key := office_told(request.user, text))]
    made = orders.summon(request.user, found.pk, called, request.POST.get("text", ""), request.POST.get("why", ""))
    return f"已通知 {len(made)} 个单位：{'、'.join(str(one.office) for one in made)}。"


def look(request: HttpRequest, number: str) -> HttpResponse:
    """Who asked, shown once; who looked and why is journalled."""
    found, kind = order_seen(request, number)
    try:
        asker = orders.asker_of(request.user, found.pk, request.POST.get("why", ""))
    except (BadInput, Conflict) as error:
        return not_done(request, number, "asker", error, status_of(error))
    told_of = [("姓名", asker.name), ("电话", asker.phone), ("邮箱", asker.email), ("要求保密", "是" if asker.secret else "")]
    known = [(label, value) for label, value in told_of if value] or [("来件人", "没有留下姓名和联系方式")]
    return show(request, page_of(request, found, kind, asker=known), "web/order.html")


DEEDS = {"note": note, "attach": attach, "extend": extend, "urge": urge, "join": join, "unjoin": unjoin, "split": split,
         "summon": summon}
urls = [
    *act("orders/<str:number>/moves/<str:key>", doing("move", move), "order-move"),
    *act("orders/<str:number>/extensions/<int:extension>", doing("decide", decide), "order-decide"),
    *act("orders/<str:number>/asker", look, "order-asker"),
    *(one for name, do in DEEDS.items() for one in act(f"orders/<str:number>/{name}", doing(name, do), f"order-{name}")),
]
