"""The API under /api/v1/: orders of every kind read, opened, moved, with the key of a person and no more than he may.

The description is at /api/v1/openapi.json; there is no page of it, since such pages load from elsewhere.
"""

from typing import Annotated, Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from ninja import File, Form, Header, NinjaAPI, Path, Query
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.files import UploadedFile
from ninja.security import HttpBearer

from plumbline import __version__
from plumbline.kernel import BadInput, Conflict, Finding, NotAllowed
from plumbline.store import declarations, orders, people
from plumbline.store.models import AccessKey, Order
from plumbline.systems.hotline import api_shapes as shapes
from plumbline.systems.hotline.api_rows import full, kind_out, narrowed, row
from plumbline.systems.hotline.gate import knock, left
from plumbline.web.orders import movers
from plumbline.web.screen import bare
from plumbline.web.sign import REFUSALS, Refusal

SOURCE = "接口"
READING = dict.fromkeys((400, 401, 404, 503), shapes.Trouble)
WRITING = dict.fromkeys((400, 401, 403, 404, 409, 413, 429, 503), shapes.Trouble)
Number = Annotated[str, Path(pattern=r"^[A-Za-z0-9]{1,24}$", description="工单编号")]
Once = Annotated[str, Header(alias="Idempotency-Key", max_length=100, pattern=r"^[!-~]*$",
                             description="同一把密钥用同一个值再次提交，得到同一件工单")]


class Unready(Exception):
    """The key may not do what was asked, or too often; with the status and the words that say so."""

    def __init__(self, status: int, advice: str, wait: int = 0):
        super().__init__(advice)
        self.status, self.advice, self.wait = status, advice, wait


class Key(HttpBearer):
    """A key made on one's own page of keys."""

    def authenticate(self, request: HttpRequest, token: str) -> AccessKey | None:
        """The key; nothing where nobody has it."""
        key = people.key_of(token)
        if key is not None:
            request.user = key.user
        return key


class Writing(Key):
    """A key that may write, not too often."""

    def authenticate(self, request: HttpRequest, token: str) -> AccessKey | None:
        """The key; Unready where it may only read, or writes too often."""
        key = super().authenticate(request, token)
        if key is not None and not key.writes:
            raise Unready(403, "这把密钥只能读取；请在“我的账号—接口密钥”里新增一把勾选了“可写入”的。")
        if key is not None and knock("program_posts", f"key/{key.pk}", now := timezone.now()):
            wait = left("program_posts", now)
            raise Unready(429, f"写入得太频繁，这一次没有保存；请 {wait} 秒后再试。", wait)
        return key


api = NinjaAPI(title="准绳工单接口", version=__version__, docs_url=None, auth=Key(), urls_namespace="api-v1",
               description="以 Authorization: Bearer 密钥 进入；看得到、做得到的不超过密钥主人。联系方式只进不出。")
writing = Writing()


@api.get("/kinds", response={200: list[shapes.KindOut], **READING}, summary="工单类别")
def kinds(request: HttpRequest) -> Any:
    """Kinds of order, their states, moves and fields."""
    return [kind_out(kind) for kind in declarations.catalog().orders.values()]


@api.get("/orders", response={200: shapes.Orders, **READING}, summary="工单列表")
def listed(request: HttpRequest, asked: Query[shapes.ListAsk]) -> Any:
    """A page of the orders the key's owner may see, the last received first."""
    if asked.page * asked.size > shapes.DEEPEST:
        raise BadInput([Finding("api.page", "page", f"最多翻到第 {shapes.DEEPEST} 件；请用 since、until 缩小范围。")])
    start = (asked.page - 1) * asked.size
    found = list(narrowed(request.user, asked)[start:start + asked.size + 1])
    return {"orders": [row(order) for order in found[:asked.size]], "page": asked.page, "more": len(found) > asked.size}


@api.get("/orders/{number}", response={200: shapes.OrderFull, **READING}, summary="一件工单")
def shown(request: HttpRequest, number: Number) -> Any:
    """An order, its story, and the moves the key's owner may make now."""
    order = seen(request, number)
    return full(request.user, order, declarations.catalog().orders.get(order.kind))


@api.post("/orders", auth=writing, response={200: shapes.Opened, **WRITING}, summary="新建工单")
def opened(request: HttpRequest, body: shapes.OrderIn, once: Once = "") -> Any:
    """Open an order; sent again with the same Idempotency-Key, the same order is given."""
    told = body.dict(exclude={"kind", "asker"}, exclude_none=True) | {"source": SOURCE}
    asker = body.asker.dict() if body.asker else None
    order = orders.open_(request.user, body.kind, told, asker=asker, key=f"api/{once}" if once else "")
    return {"number": order.number, "code": order.code, "version": order.version}


@api.post("/orders/{number}/moves", auth=writing, response={200: shapes.Moved, **WRITING}, summary="办理工单")
def moved(request: HttpRequest, number: Number, body: shapes.MoveIn) -> Any:
    """Make one of the moves the key's owner may make."""
    told = body.fields | {name: value for name in ("reason", "office", "reply", "evidence") if (value := getattr(body, name))}
    order = movers.move(request.user, seen(request, number), body.move, told, body.version)
    return {"number": order.number, "state": order.state, "version": order.version}


@api.post("/orders/{number}/notes", auth=writing, response={200: shapes.Kept, **WRITING}, summary="写备注")
def noted(request: HttpRequest, number: Number, body: shapes.NoteIn) -> Any:
    """Write a note on an order."""
    return {"id": orders.note(request.user, seen(request, number).pk, body.text, body.public).pk}


@api.post("/orders/{number}/attachments", auth=writing, response={200: shapes.Kept, **WRITING}, summary="上传附件")
def attached(request: HttpRequest, number: Number, file: File[UploadedFile], public: Form[bool] = False) -> Any:
    """Keep a photo or paper with an order: at most 10 MB, nine of them."""
    order = seen(request, number)
    return {"id": orders.attach(request.user, order.pk, (file.name or "附件")[:200], file.read(), public).pk}


def seen(request: HttpRequest, number: str) -> Order:
    """The order of a number, where the key's owner may see it; else Http404, as for a number there is not."""
    order = Order.objects.visible_to(request.user).filter(number=number).select_related("office").first()
    if order is None:
        raise Http404
    return order


def answer(status: int, advice: str = "", findings: tuple[Finding, ...] = ()) -> HttpResponse:
    """A refusal, in the words of the pages."""
    title, usual = REFUSALS.get(status) or ("没有登录", "")
    told = bare(Refusal(status, title, advice or usual, list(findings)))
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})


@api.exception_handler(Unready)
def unready(request: HttpRequest, error: Unready) -> HttpResponse:
    """The key may not, or too often."""
    told = answer(error.status, error.advice)
    if error.wait:
        told["Retry-After"] = str(error.wait)
    return told


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No key, or nobody's."""
    told = answer(401, "没有密钥，或者它不对、已停用；请在“我的账号—接口密钥”里新增，以 Authorization: Bearer 发送。")
    told["WWW-Authenticate"] = "Bearer"
    return told


@api.exception_handler(ValidationError)
def misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent does not fit the description."""
    found = tuple(_misfit(one) for one in error.errors[:50])
    return answer(400, "请按下面所列逐条更正后重试；没有保存任何改动。", found)


def _misfit(one: dict[str, Any]) -> Finding:
    where = ".".join(str(part) for part in one.get("loc", ()) if part not in ("body", "query", "path", "header", "form", "file"))
    where = where.encode("utf-8", "replace").decode()[:100]
    kinds = {"missing": "没有填写；请补上", "extra_forbidden": "不是可以填写的内容；请删去"}
    kind = str(one.get("type", ""))
    return Finding("api.shape", where, f"「{where}」{kinds.get(kind, f'不合要求（{kind}）；请对照 openapi.json 更正')}。")


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that cannot be read."""
    return answer(error.status_code, "内容读不出来；请发送 UTF-8 编码的 JSON，且不超过 2 MB。")


@api.exception_handler(BadInput)
def bad(request: HttpRequest, error: BadInput) -> HttpResponse:
    """What the store found wrong."""
    return answer(400, "请按下面所列逐条更正后重试；没有保存任何改动。", error.findings)


@api.exception_handler(NotAllowed)
def not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    """What the key's owner may not do."""
    return answer(403, str(error))


@api.exception_handler(Conflict)
def conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    """Somebody was quicker."""
    return answer(409, str(error))


@api.exception_handler(Http404)
def absent(request: HttpRequest, error: Http404) -> HttpResponse:
    """Nothing there, or nothing the key's owner may see."""
    return answer(404, "没有这件工单，或者密钥的主人看不到它。")


@api.exception_handler(OperationalError)
def busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """The database does not answer."""
    return answer(503)


urls = [path("api/v1/", api.urls)]
