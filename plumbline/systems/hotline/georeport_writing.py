"""What programs of others write by GeoReport: requests, and updates of them, in the name of the person a key was made for."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from plumbline.kernel import BadInput
from plumbline.store import declarations, orders, people
from plumbline.store.models import AccessKey, Office, Order
from plumbline.systems.hotline.asking import TEXT_LONGEST, located, point, title_of
from plumbline.systems.hotline.gate import KIND, knock, left
from plumbline.systems.hotline.georeport_documents import REQUESTS, UPDATES, Fault, many
from plumbline.systems.hotline.services import Service, attributes_told, services

SOURCE = "Open311"
SHORT = {"address_string": 200, "email": 100, "phone": 30, "first_name": 25, "last_name": 25, "media_url": 300}


def caller(request: HttpRequest, writes: bool = False) -> AccessKey:
    """The key a program comes with, in `api_key` or as a bearer; Fault (403) without one that will do."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    secret = (request.POST.get("api_key") or request.GET.get("api_key")
              or (bearer.strip() if scheme.lower() == "bearer" else ""))
    key = people.key_of(secret) if secret else None
    if key is None:
        raise Fault(403, "没有 api_key，或者它不对、已停用；请在“我的账号—接口密钥”里新增。")
    if writes and not key.writes:
        raise Fault(403, "这把 api_key 只能读取；请新增一把勾选了“可写入”的。")
    if writes and knock("program_posts", f"key/{key.pk}", now := timezone.now()):
        raise Fault(429, f"写入得太频繁，这一次没有保存；请 {left('program_posts', now)} 秒后再试。")
    return key


def post(request: HttpRequest, form: str) -> HttpResponse:
    """A new request: its number, and the code with which the person who asked follows it."""
    key = caller(request, writes=True)
    sent = request.POST
    service = _service(sent.get("service_code", "").strip())
    _short(sent)
    fields, strange = attributes_told(declarations.catalog().orders[KIND], sent)
    if strange:
        raise Fault(400, f"没有属性「{'、'.join(strange)[:50]}」；请先读 services/{service.code}。")
    body = {**told(sent, service, key.user), "fields": fields}
    order = orders.open_(key.user, KIND, body, asker=asker(sent), now=timezone.now())
    unkept = _attached(key.user, order, request)
    notice = f"已收到。凭编号和查询码 {order.code} 可以在 /ask/track/ 查询进度。"
    return many(form, REQUESTS, [{"service_request_id": order.number, "service_notice": " ".join([notice, *unkept]),
                                  "account_id": None, "code": order.code}])


def told(sent: Mapping[str, str], service: Service, user: Any) -> dict[str, Any]:
    """What `store.orders.open_` takes of what was sent."""
    text = sent.get("description", "").replace("\r\n", "\n").strip()
    if len(text) > TEXT_LONGEST * 2:
        raise Fault(400, f"description 有 {len(text)} 个字，最多 {TEXT_LONGEST * 2} 个字；请缩短。")
    if link := sent.get("media_url", "").strip():
        text += f"\n附件地址（未核实，未下载）：{link}"
    address = sent.get("address_string", "").strip()
    degrees = _degrees(sent)
    area, place = _place(sent.get("address_id", "").strip(), address, user)
    if not (degrees or address or sent.get("address_id")):
        raise Fault(400, "没有地点；请写 lat 和 long，或 address_string，或 address_id（街道的 9 位代码）。")
    return {"title": title_of(text) or service.name, "text": text or service.name, "topic": service.path,
            "urgency": service.urgency, "source": SOURCE, "area": area, "place": place, "address": address, **degrees}


def asker(sent: Mapping[str, str]) -> dict[str, Any]:
    """Who asked, as far as told: family name first."""
    name = f"{sent.get('last_name', '').strip()}{sent.get('first_name', '').strip()}"
    return {"name": name, "phone": sent.get("phone", "").strip(), "email": sent.get("email", "").strip(),
            "secret": sent.get("anonymous", "") in ("1", "true", "yes")}


def post_update(request: HttpRequest, form: str) -> HttpResponse:
    """A word about a request, for both sides to read."""
    key = caller(request, writes=True)
    number, text = request.POST.get("service_request_id", "").strip(), request.POST.get("description", "").strip()
    if not number:
        raise Fault(400, "没有 service_request_id；请写诉求的编号。")
    order = Order.objects.visible_to(key.user).filter(kind=KIND, number=number).first() if number.isalnum() else None
    if order is None:
        raise Fault(404, f"没有编号「{number[:50]}」的诉求，或者密钥的主人看不到它。")
    if not text:
        raise Fault(400, "没有 description；请写要补充的内容。")
    note = orders.note(key.user, order.pk, text, True)
    return many(form, UPDATES, [{"update_id": f"n{note.pk}", "service_request_id": order.number}])


def _service(code: str) -> Service:
    if not code:
        raise Fault(400, "没有 service_code；请先读 services。")
    known = services()
    if code not in known:
        raise Fault(404, f"没有 service_code「{code[:50]}」；请先读 services。")
    return known[code]


def _short(sent: Mapping[str, str]) -> None:
    for name, most in SHORT.items():
        if len(sent.get(name, "")) > most:
            raise Fault(400, f"{name} 超过 {most} 个字符；请缩短。")


def _degrees(sent: Mapping[str, str]) -> dict[str, Decimal]:
    try:
        return point(sent.get("long", "").strip(), sent.get("lat", "").strip())
    except BadInput as error:
        raise Fault(400, " ".join(finding.message for finding in error.findings)) from error


def _place(address_id: str, address: str, user: Any) -> tuple[str, str]:
    """District and street: of the address's code, of what the address names, or the area of the key's owner."""
    if address_id:
        street = Office.objects.filter(kind="street", place=address_id[:9]).first() if address_id.isdigit() else None
        if street is None or len(address_id) not in (9, 12):
            raise Fault(400, "address_id 应是街道乡镇的 9 位代码或社区的 12 位代码；没有这个代码。")
        return street.area, address_id
    area, place = located(address)
    return area or user.area, place


def _attached(user: Any, order: Order, request: HttpRequest) -> list[str]:
    """Keep the photos sent along (an extension: multipart, any names); what could not be kept, and why."""
    unkept = []
    for file in [file for name in request.FILES for file in request.FILES.getlist(name)]:
        try:
            orders.attach(user, order.pk, (file.name or "照片")[:200], file.read(), True)
        except BadInput as error:
            unkept += [finding.message for finding in error.findings]
    return unkept
