"""Open311 GeoReport v2 under /open311/v2/: services, requests, updates, in XML and JSON, for programs of others.

Reading wants no key and shows what anybody may see. Writing wants a key that may write, of a person who may take requests.
"""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.csrf import csrf_exempt

from plumbline.kernel import BadInput, Conflict, NotAllowed, OrderKind
from plumbline.store import declarations
from plumbline.store.models import Declaration, Item, Order
from plumbline.systems.hotline import georeport_writing, public_rows, tracked
from plumbline.systems.hotline.gate import KIND, full, knock, left
from plumbline.systems.hotline.georeport_documents import CITY_CODE, REQUESTS, SERVICES, UPDATES, Fault, many, moment, one, told
from plumbline.systems.hotline.services import REGISTER, attributes, listed, services
from plumbline.web.attempts import address_of

DAYS, MOST_SIZE, DEEPEST = 90, 1000, 100_000
CHANGED = datetime(2026, 11, 22, tzinfo=timezone.get_fixed_timezone(480))
Answer = Callable[[HttpRequest, str], HttpResponse]


@csrf_exempt  # no browser's session opens anything here: writing wants a key
def door(request: HttpRequest, rest: str) -> HttpResponseBase:
    """The answer, or the error document."""
    rest, form = split(rest)
    try:
        sent = request.POST if request.method == "POST" else request.GET
        jurisdiction = sent.get("jurisdiction_id") or request.GET.get("jurisdiction_id") or CITY_CODE
        if jurisdiction != CITY_CODE:
            raise Fault(404, f"没有 jurisdiction_id「{jurisdiction[:50]}」；这里是 {CITY_CODE}，可以不填。")
        return answer_of(request, rest)(request, form)
    except Fault as fault:
        return told(form, fault)
    except BadInput as error:
        return told(form, Fault(400, " ".join(finding.message for finding in error.findings)))
    except NotAllowed as error:
        return told(form, Fault(403, str(error)))
    except Conflict as error:
        return told(form, Fault(409, str(error)))


def split(rest: str) -> tuple[str, str]:
    """What is asked for, and in which form; XML where none is named.

    >>> split("requests/SQ2020000001.json"), split("services")
    (('requests/SQ2020000001', 'json'), ('services', 'xml'))
    """
    stem, dot, form = rest.strip("/").rpartition(".")
    return (stem, form) if dot and form in ("xml", "json") else (rest.strip("/"), "xml")


def answer_of(request: HttpRequest, rest: str) -> Answer:
    """What answers an address; Fault (404, 405) where nothing does."""
    first, _, name = rest.partition("/")
    writes = {"requests": georeport_writing.post, "servicerequestupdates": georeport_writing.post_update}
    if request.method == "POST" and not name and first in writes:
        return writes[first]
    reads: dict[str, Answer] = {"discovery": discovery, "services": service_list, "requests": request_list,
                                "servicerequestupdates": update_list}
    within: dict[str, Callable[[HttpRequest, str, str], HttpResponse]] = {
        "services": definition, "requests": single, "tokens": token}
    if (first not in within) if name else (first not in reads):
        raise Fault(404, "没有这个地址；可用的有 discovery、services、requests、tokens、servicerequestupdates。")
    if request.method not in ("GET", "HEAD"):
        raise Fault(405, "这个地址只能用 GET 查询；提交诉求请用 POST 发到 requests.xml 或 requests.json。")
    return (lambda asked, form: within[first](asked, form, name)) if name else reads[first]


def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Where the doors are, and in which forms they answer."""
    base = request.build_absolute_uri("/open311/v2")
    formats, since = ["text/xml", "application/json"], moment(changed())
    endpoint = {"specification": "http://wiki.open311.org/GeoReport_v2", "url": base, "changeset": since,
                "type": "production", "formats": formats}
    return one(form, "discovery", {
        "changeset": since, "contact": "12345 市民服务热线，电话 12345，全天有人接听",
        "key_service": f"api_key 由账号在“我的账号—接口密钥”里新增，勾选“可写入”：{request.build_absolute_uri('/profile/keys/')}",
        "endpoints": [endpoint]})


def changed() -> datetime:
    """When services, or what may be told of them, last changed: with the software, by a register, by an official."""
    declared = Declaration.objects.filter(key=KIND).aggregate(at=Max("at"))["at"]
    days = Item.objects.filter(table=REGISTER).aggregate(since=Max("since"), until=Max("until"))
    listed_on = [timezone.make_aware(datetime.combine(day, time())) for day in days.values() if day]
    return max([CHANGED, *listed_on, *([declared] if declared else [])])


def service_list(request: HttpRequest, form: str) -> HttpResponse:
    """What can be asked for."""
    return many(form, SERVICES, [listed(service) for service in services().values()])


def definition(request: HttpRequest, form: str, code: str) -> HttpResponse:
    """What may be told of a service."""
    if code not in services():
        raise Fault(404, f"没有 service_code「{code[:50]}」；请先读 services。")
    return one(form, "service_definition", {"service_code": code, "attributes": attributes(kind())})


def request_list(request: HttpRequest, form: str) -> HttpResponse:
    """Requests, the last first: those named, or those of a stretch of at most ninety days."""
    asked = request.GET
    rows = public_rows.rows()
    if numbers := _codes(asked.get("service_request_id", "")):
        rows = rows.filter(number__in=[number for number in numbers if usual(number)][:MOST_SIZE])
    else:
        since, until = stretch(request)
        statuses = _codes(asked.get("status", ""))
        if strange := set(statuses) - set(public_rows.STATUSES):
            raise Fault(400, f"status「{'、'.join(sorted(strange))[:50]}」不对；请写 open 或 closed，两个都要用逗号隔开。")
        known = services()
        codes = _codes(asked.get("service_code", ""))
        topics = [known[code].path for code in codes if code in known] if codes else None
        rows = public_rows.narrowed(rows, since, until, statuses, topics)
        for name, lookup in (("updated_after", "changed_at__gte"), ("updated_before", "changed_at__lte")):
            if at := instant(asked.get(name, ""), name):
                rows = rows.filter(**{lookup: at})
    return _told(form, rows.order_by("-opened_at", "-id")[_page(request)])


def single(request: HttpRequest, form: str, number: str) -> HttpResponse:
    """One request."""
    rows = list(public_rows.rows().filter(number=number)) if usual(number) else []
    if not rows:
        raise Fault(404, f"没有编号「{number[:50]}」的诉求。")
    return _told(form, rows)


def token(request: HttpRequest, form: str, told_token: str) -> HttpResponse:
    """The number behind a token, which is the number and the code of a request with a line between; guesses are counted."""
    now, number, code = timezone.now(), *(told_token.partition("-")[::2])
    for name, who in (("guesses", address_of(request)), ("number_guesses", number)):
        if full(name, who, now):
            raise Fault(429, f"试错的次数太多；请 {left(name, now)} 秒后再试。")
    row = tracked.found(number, code)
    if row is None:
        knock("guesses", address_of(request), now)
        knock("number_guesses", number, now)
        raise Fault(404, "没有这个 token。")
    return many(form, REQUESTS, [{"service_request_id": row.number, "token": told_token}])


def update_list(request: HttpRequest, form: str) -> HttpResponse:
    """What was said to those who asked; without the number of a request it wants a key, since it reads of everybody."""
    number = request.GET.get("service_request_id", "")
    if number:
        if not usual(number) or not Order.objects.filter(kind=KIND, number=number).exists():
            raise Fault(404, f"没有编号「{number[:50]}」的诉求。")
    else:
        georeport_writing.caller(request)
    since, until = stretch(request)
    kinds = {state.key: state.kind for state in kind().states.values()}
    rows = public_rows.updates(since, until, number)[_page(request)]
    return many(form, UPDATES, [public_rows.update(row, kinds) for row in rows])


def kind() -> OrderKind:
    """The kind of order a request is, as it is declared now."""
    return declarations.catalog().orders[KIND]


def usual(number: str) -> bool:
    """Whether a text looks like a number of ours at all."""
    return number.isascii() and number.isalnum() and len(number) <= 24


def stretch(request: HttpRequest) -> tuple[datetime, datetime]:
    """The stretch of time asked for; Fault (400) for one of more than ninety days, or that ends before it begins."""
    since, until = (instant(request.GET.get(name, ""), name) for name in ("start_date", "end_date"))
    since, until = public_rows.window(since, until, timezone.now())
    if until < since:
        raise Fault(400, "end_date 早于 start_date；请更正。")
    if (until - since).days > DAYS or ((until - since).days == DAYS and (until - since).seconds):
        raise Fault(400, f"start_date 到 end_date 超过 {DAYS} 天；请分段查询。")
    return since, until


def instant(text: str, name: str) -> datetime | None:
    """An instant as W3C writes it; a day is its beginning, in the time of the city. Fault (400) for what is none."""
    if not text:
        return None
    try:
        # a plus sign in an address reads as a space
        found = parse_datetime(text.replace(" ", "+")) if "T" in text else None
        day = None if found else parse_date(text)
        found = found or (datetime(day.year, day.month, day.day) if day else None)  # noqa: DTZ001
        if found and not 1900 < found.year < 2200:
            found = None
    except ValueError:
        found = None
    if found is None:
        raise Fault(400, f"{name}「{text[:40]}」不是日期时间；请写成 2020-06-30T00:00:00+08:00。")
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _page(request: HttpRequest) -> slice:
    """Which of the rows: page from 1 on, page_size at most 1,000, and so many where none is told: the standard's own limit."""
    numbers = []
    for name, usually, most in (("page", 1, DEEPEST), ("page_size", MOST_SIZE, MOST_SIZE)):
        text = request.GET.get(name) or str(usually)
        if not (text.isascii() and text.isdigit() and len(text) < 8 and 1 <= int(text) <= most):
            raise Fault(400, f"{name}「{text[:20]}」不对；请写 1 到 {most} 的整数。")
        numbers.append(int(text))
    page, size = numbers
    if page * size > DEEPEST:
        raise Fault(400, f"最多翻到第 {DEEPEST} 件；请用 start_date、end_date 缩小范围。")
    return slice((page - 1) * size, page * size)


def _told(form: str, rows: Any) -> HttpResponse:
    known, places = services(), public_rows.streets()
    return many(form, REQUESTS, [public_rows.listed(row, known, places) for row in rows])


def _codes(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


urls = [path("open311/v2/<path:rest>", door, name="open311")]
