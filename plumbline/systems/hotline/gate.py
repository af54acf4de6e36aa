"""The gate of the doors that are open to everybody: how often one may knock, and what is said to who knocks too often."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse

from plumbline.store import declarations, people
from plumbline.web.attempts import address_of
from plumbline.web.sign import refusal

KIND = "hotline.request"
# what is counted, and over how many seconds: keys of parameters/door.yaml
SECONDS = {"posts": 60, "guesses": 15 * 60, "number_guesses": 15 * 60, "program_posts": 60}
CHINA = ZoneInfo("Asia/Shanghai")


def most(name: str, now: datetime) -> int:
    """How often one may, by the parameter in force; never, where none is."""
    dated = declarations.catalog().parameters[f"hotline.door.{name}"].on(now.astimezone(CHINA).date())
    return int(dated.value) if dated else 0


def knock(name: str, who: str, now: datetime) -> bool:
    """Count once more; whether it is one too many. What is too many already is not written any more."""
    return full(name, who, now) or people.knock(name, who, SECONDS[name], now) > most(name, now)


def full(name: str, who: str, now: datetime) -> bool:
    """Whether there were as many as there may be; counts nothing."""
    return people.knocks(name, who, SECONDS[name], now) >= most(name, now)


def left(name: str, now: datetime) -> int:
    """Seconds until one may again."""
    return SECONDS[name] - int(now.timestamp()) % SECONDS[name]


def posts_held(request: HttpRequest, now: datetime) -> HttpResponse | None:
    """Count what is sent from an address; the polite refusal where it is too much."""
    if not knock("posts", address_of(request), now):
        return None
    return held(request, "posts", now, "您所在的网络提交得太频繁，这一次没有保存")


def held(request: HttpRequest, name: str, now: datetime, what: str) -> HttpResponse:
    """429 in Chinese: what happened, when to try again, and the other way in."""
    wait = left(name, now)
    words = f"{wait} 秒" if wait < 90 else f"{wait // 60 + 1} 分钟"
    answer = refusal(request, 429, f"{what}。请 {words}后再试；事情紧急请直接拨打 12345，电话 24 小时有人接听。")
    answer["Retry-After"] = str(wait)
    return answer
