"""What a person without an account tells: read from the form, checked, and made into what `store.orders` opens."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from plumbline.kernel import AREAS, BadInput, Finding, area_name
from plumbline.store import orders
from plumbline.store.models import Office, Order
from plumbline.store.words import bad, refuse, text_trouble
from plumbline.systems.hotline.gate import KIND

SOURCE, URGENCY = "网页", "ordinary"
TEXT_LONGEST, TITLE_LONGEST, ADDRESS_LONGEST, NAME_LONGEST = 2000, 40, 200, 50
PHONE = re.compile(r"\+?[0-9][0-9 \-]{5,24}[0-9]")
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
DEGREES = {"lng": ("经度", Decimal(180)), "lat": ("纬度", Decimal(90))}
SIX = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed in the form, as it was typed.

    where  code of a district (6 digits) or of a street (9)
    key    token of the form, so that a second click opens nothing twice
    """

    text: str = ""
    where: str = ""
    address: str = ""
    lng: str = ""
    lat: str = ""
    name: str = ""
    phone: str = ""
    secret: bool = False
    key: str = ""

    @property
    def once(self) -> str:
        """The key of this form with this content; what was changed and sent again is another request, and not lost."""
        if not TOKEN.fullmatch(self.key):
            return ""
        told = repr((self.text, self.where, self.address, self.lng, self.lat, self.name, self.phone, self.secret))
        return f"ask/{self.key}/{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class District:
    """A district to choose from, and its streets as (code, name)."""

    code: str
    name: str
    streets: tuple[tuple[str, str], ...]


def typed_of(sent: Mapping[str, str]) -> Typed:
    """What a form sent."""
    return Typed(**{name: sent.get(name, "").strip() for name in ("where", "address", "lng", "lat", "name", "phone", "key")},
                 text=sent.get("text", "").replace("\r\n", "\n").strip(), secret=sent.get("secret") == "on")


def districts() -> tuple[District, ...]:
    """Districts of the cities that have offices here, each with the streets that are offices."""
    streets: dict[str, list[tuple[str, str]]] = {}
    for name, area, place in Office.objects.filter(kind="street").exclude(place="").values_list("name", "area", "place"):
        streets.setdefault(area, []).append((place, name))
    cities = {area[:2] for area in Office.objects.values_list("area", flat=True).distinct()}
    return tuple(District(area.code, area.name, tuple(streets.get(area.code, ()))) for area in AREAS
                 if not area.code.endswith("0000") and (not cities or area.code[:2] in cities))


def opened(typed: Typed, now: datetime) -> Order:
    """The request as opened by nobody but who asks; BadInput says all that has to be put right."""
    findings = tuple(_findings(typed))
    refuse(findings)
    place = typed.where if len(typed.where) > 6 else ""
    told: dict[str, Any] = {
        "title": title_of(typed.text), "text": typed.text, "area": typed.where[:6], "place": place, "address": typed.address,
        "source": SOURCE, "urgency": URGENCY, **point(typed.lng, typed.lat)}
    asker = {"name": typed.name, "phone": typed.phone, "secret": typed.secret}
    return orders.open_(None, KIND, told, asker=asker, now=now, key=typed.once)


def title_of(text: str) -> str:
    """The first sentence, or as much of it as a title holds."""
    first = re.split(r"[。！？；!?;\n]", text.strip(), maxsplit=1)[0].strip() or text.strip()
    return " ".join(first.split())[:TITLE_LONGEST]


def _findings(typed: Typed) -> Iterable[Finding]:
    if not typed.text:
        yield Finding("ask.text", "反映的事情", "请写明反映的是什么事情；没有提交。")
    for check, label, value, most in (("ask.address", "详细地址", typed.address, ADDRESS_LONGEST),
                                      ("ask.name", "姓名", typed.name, NAME_LONGEST)):
        if trouble := text_trouble(label, value, most):
            yield Finding(check, label, trouble)
    if len(typed.text) > TEXT_LONGEST:
        yield Finding("ask.text", "反映的事情", f"「反映的事情」有 {len(typed.text)} 个字，最多 {TEXT_LONGEST} 个字；请缩短。")
    elif trouble := text_trouble("反映的事情", re.sub(r"[\n\t]", " ", typed.text), TEXT_LONGEST):
        yield Finding("ask.text", "反映的事情", trouble)
    if not known_place(typed.where):
        yield Finding("ask.where", "所在地区", "请从列表里选事情发生在哪个区、哪个街道乡镇；不清楚街道的，选区名即可。")
    if not PHONE.fullmatch(typed.phone):
        yield Finding("ask.phone", "联系电话", "请写能接通的电话号码（手机，或带区号的座机），办理单位要与您联系。")
    try:
        point(typed.lng, typed.lat)
    except BadInput as error:
        yield from error.findings


def known_place(code: str) -> bool:
    """Whether a code is that of a district or a street there is."""
    if len(code) == 6:
        return code.isascii() and code.isdigit() and not code.endswith("0000") and area_name(code) != code
    return len(code) == 9 and code.isascii() and code.isdigit() and Office.objects.filter(kind="street", place=code).exists()


def point(lng: str, lat: str) -> dict[str, Decimal]:
    """Longitude and latitude, to a tenth of a metre; nothing where neither is told."""
    if not (lng or lat):
        return {}
    found = {}
    for name, told in (("lng", lng), ("lat", lat)):
        label, most = DEGREES[name]
        try:
            value = Decimal(told) if len(told) <= 40 and told.isascii() else Decimal("NaN")
        except InvalidOperation:
            value = Decimal("NaN")
        if not (value.is_finite() and -most <= value <= most):  # abs() of 1e999999999 overflows
            raise bad(f"ask.{name}", label, f"「{label}」应是 -{most} 到 {most} 之间的度数；请更正，或把经度、纬度都留空。")
        found[name] = value.quantize(SIX)
    return found


def located(address: str) -> tuple[str, str]:
    """District and street an address names, as (area, place); empty where it names none or more than one."""
    streets = [(area, place) for name, area, place in Office.objects.filter(kind="street").exclude(place="")
               .values_list("name", "area", "place") if _street_name(name) in address]
    named = {area.code for area in AREAS if not area.code.endswith("0000") and area.name in address}
    if named:
        streets = [one for one in streets if one[0] in named]
    if len(streets) == 1:
        return streets[0]
    return (named.pop(), "") if len(named) == 1 else ("", "")


def _street_name(office: str) -> str:
    """What an address calls a street's office: 玉桥街道 for 玉桥街道办事处."""
    return office.removesuffix("办事处").removesuffix("人民政府")


def photographed(order: Order, files: Iterable[UploadedFile]) -> list[Finding]:
    """Keep photos the asker sent; those that could not be kept, and why."""
    found: list[Finding] = []
    for file in files:
        try:
            orders.attach(None, order.pk, (file.name or "照片")[:200], file.read(), True, code=order.code)
        except BadInput as error:
            found += error.findings
    return found
