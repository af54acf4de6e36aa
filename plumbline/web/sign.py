"""Signing in and out, and the pages that say no."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path

from plumbline.kernel import Finding
from plumbline.web import attempts
from plumbline.web.screen import show

# what happened, and what the person can do now
REFUSALS = {
    400: ("请求有误", "提交的内容不完整或已失效，没有保存任何改动。请返回上一页，刷新后重试。"),
    403: ("不能这样做", "您的角色或地区没有这项权限，没有保存任何改动。如确有需要，请联系本地区的计划员。"),
    404: ("没有找到", "这个地址没有内容，或者不在您可见的范围内。请从上方导航进入。"),
    409: ("已被他人更改", "您打开页面之后，有人先作了更改；没有保存您的改动。请刷新后再改。"),
    413: ("文件太大", "文件超过了可以接收的大小，没有保存。请拆分，或另存为不含图片的版本后再上传。"),
    429: ("请稍后再试", "登录输错的次数太多，已暂停 15 分钟；没有登录。请 15 分钟后再试，忘记密码请找本地区管理员重置。"),
    503: ("暂时不能保存", "数据库正忙或磁盘已满，这次操作没有保存。请稍后重试；如反复出现，请告诉管理员。"),
    500: ("出了差错", "服务出了差错，这次操作没有保存。请稍后重试；如反复出现，请把时间和操作告诉管理员。"),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request was not carried out.

    status    HTTP status
    title     what happened, in a few words
    advice    what the person can do
    findings  everything that was wrong with what was sent
    """

    status: int
    title: str
    advice: str
    findings: list[Finding] = field(default_factory=list)


def refusal(request: HttpRequest, status: int, advice: str = "", findings: tuple[Finding, ...] = ()) -> HttpResponse:
    """The page, the piece of a page or the JSON that refuses."""
    title, usual = REFUSALS[status]
    screen = Refusal(status, title, advice or usual, list(findings))
    piece = request.headers.get("HX-Request") == "true"
    return show(request, screen, "web/refusal-piece.html" if piece else "web/refusal.html", status)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return refusal(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 of Django's own."""
    return refusal(request, 403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that does not come from our own page, or from one left open too long."""
    return refusal(request, 403, "页面停留过久或登录已更换，没有保存任何改动。请刷新页面后重试。")


def absent(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return refusal(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    return refusal(request, 500)


class SignIn(LoginView):
    """The page to sign in; too many wrong passwords make it pause."""

    template_name = "web/sign-in.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        """Sign in, or say that it was tried too often."""
        return refusal(request, 429) if attempts.too_many(request) else super().post(request, *args, **options)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password was right."""
        attempts.forget(self.request)
        return super().form_valid(form)


urls = [
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
]
