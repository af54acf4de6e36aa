"""What stands around every request: refusals caught in one place, and the headers of every answer."""

import codecs
import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from plumbline.kernel import BadInput, Conflict, Finding, NotAllowed, SourceDown
from plumbline.web.firms import shut
from plumbline.web.sign import refusal

# everything from our own address; styles on elements are drawn by charts and bars
POLICY = "; ".join((
    "default-src 'self'", "script-src 'self'", "style-src 'self'", "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:", "font-src 'self'", "connect-src 'self'", "object-src 'none'", "base-uri 'none'",
    "form-action 'self'", "frame-ancestors 'none'",
))
log = logging.getLogger("plumbline.web")
CUT_OFF = Finding("upload.cut", "上传", "上传中途断开，文件不完整，没有保存。请检查网络后重新上传。")


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: says in every answer that a page may load from our own address only."""
    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
    return answer


class Guard:
    """Middleware: refuses what is too large before reading it, and says in Chinese what the store refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or the refusal of what is too large or in another encoding."""
        if foreign(request):
            request._encoding = "utf-8"  # the public name would decode by the old one first
            return refusal(request, 400, "网页只接受 UTF-8 编码的内容，没有保存任何改动。请换用常见浏览器重试。")
        if too_large(request):
            return refusal(request, 413, too_large_words())
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_: object) -> HttpResponse | None:
        """The refusal of a page that is not made for firms, to the account of one."""
        return shut(request, view)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The refusal a known error stands for; None leaves the error to Django."""
        if isinstance(error, BadInput):
            return refusal(request, 400, "请按下面所列逐条更正后重试；没有保存任何改动。", error.findings)
        if isinstance(error, Conflict):
            return refusal(request, 409, str(error))
        if isinstance(error, NotAllowed):
            return refusal(request, 403, str(error))
        if isinstance(error, SourceDown):
            return refusal(request, 503, str(error))
        if isinstance(error, UnreadablePostError):
            return refusal(request, 400, findings=(CUT_OFF,))
        if isinstance(error, RequestDataTooBig):
            return refusal(request, 413)
        if isinstance(error, OperationalError):
            log.error("the database does not answer: %s", request.path, exc_info=error)
            return refusal(request, 503)
        return refusal(request, 400) if isinstance(error, SuspiciousOperation) else None


def foreign(request: HttpRequest) -> bool:
    """Whether what was sent claims another encoding than every page asks for.

    Python knows `encodings` that unpack, that raise, and that make halves of characters.
    """
    return request.encoding is not None and codecs.lookup(request.encoding).name != "utf-8"


def too_large(request: HttpRequest) -> bool:
    """Whether the request says of itself that it is larger than an upload may be (plus its wrapping)."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or int(length) > settings.UPLOAD_LIMIT + 64 * 1024


def too_large_words() -> str:
    """What a person reads whose file is too large."""
    return (f"文件超过 {settings.UPLOAD_LIMIT // 1024 // 1024} MB 的上限，没有保存。"
            "请拆分，或另存为不含图片的版本后再上传。")
