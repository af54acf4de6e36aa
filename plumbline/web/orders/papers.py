"""Papers of orders, handed out as files to keep; only images that were drawn anew by us are shown in a page."""

from pathlib import Path
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase

from plumbline.store import orders
from plumbline.store.models import Attachment
from plumbline.web.orders.rows import order_seen
from plumbline.web.orders.story import IMAGES
from plumbline.web.screen import twin

# whatever is in it, it runs nothing and loads nothing
HARMLESS = "default-src 'none'; sandbox"


def paper(request: HttpRequest, number: str, key: int) -> HttpResponseBase:
    """A paper of an order."""
    found, _ = order_seen(request, number)
    if not Attachment.objects.visible_to(request.user).filter(order=found, pk=key).exists():
        raise Http404
    one, path = orders.opened(request.user, key)
    return handed_out(one, path)


def handed_out(one: Attachment, path: Path) -> FileResponse:
    """The bytes of a paper, never to be taken for anything but what we say they are."""
    shown = one.type in IMAGES
    answer = FileResponse(path.open("rb"), content_type=one.type if shown else "application/octet-stream")
    way = "inline" if shown else "attachment"
    answer["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(one.name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = HARMLESS
    return answer


urls = [twin("orders/<str:number>/papers/<int:key>", paper, "order-paper")[0]]
