"""The sentences a report may say of a ledger: put together from its indicators, and read as they would be printed now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from plumbline.engine import compute
from plumbline.engine.refresh import permitted
from plumbline.kernel import BadInput, Catalog, Conflict, Figure, Finding, Inputs, Table
from plumbline.kernel.comparison import Basis, districts
from plumbline.kernel.figure import Cell
from plumbline.kernel.period import is_period
from plumbline.kernel.sentence import Slot, pieces
from plumbline.reports.writing import attempt
from plumbline.store import declarations
from plumbline.store.models import Declaration
from plumbline.store.people import may, require
from plumbline.web.forms import onward, status_of, told, typed_in, version
from plumbline.web.indicator_form import area_for, home_of, period_of
from plumbline.web.row_source import inputs_of
from plumbline.web.screen import act, show, twin
from plumbline.web.table_access import table_seen
from plumbline.web.words import period_words

TYPED = ("label", "section", "text")
# what a click on an indicator writes: words of the button, and what stands behind the indicator's key
WAYS = (("数", ""), ("同比", "|yoy:growth"), ("位次", "|rank"), ("高于全市", "|against:city"))
RATE_WAYS = (("数", ""), ("作增速", ":growth"), ("较一季度", "|narrowing:quarter"), ("高于全市", "|against:city"))


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as it would be printed now, or why it cannot be."""

    text: str = ""
    period: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def period_words(self) -> str:
        """The period in Chinese."""
        return period_words(self.period) if is_period(self.period) else self.period


@dataclass(frozen=True, slots=True)
class Way:
    """A button: what it says and what it writes."""

    words: str
    put: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An indicator to click, with the ways it can be said."""

    label: str
    ways: list[Way]


@dataclass(frozen=True, slots=True)
class SentenceForm:
    """A sentence's form; `key` empty for a new one."""

    table: str
    table_label: str
    href: str
    key: str
    title: str
    fields: dict[str, str]
    period: str
    version: int
    state: str
    editable: bool
    offers: list[Offer]
    said: Said
    why: str = ""
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)


def add(request: HttpRequest, key: str) -> HttpResponseBase:
    """A new sentence."""
    _, table = table_seen(request, key)
    require(request.user, "declare", area_for(request.user, table))
    if request.method == "POST":
        return saved(request, table, None)
    return page(request, table, None, dict.fromkeys(TYPED, ""))


def edit(request: HttpRequest, key: str, sentence: str) -> HttpResponseBase:
    """A sentence as it stands, and its next version."""
    _, table = table_seen(request, key)
    found = Declaration.objects.visible_to(request.user).newest().filter(
        key=sentence, kind=declarations.SENTENCE).first()
    if found is None or found.body.get("table") != table.key:
        raise Http404
    if request.method == "POST":
        return saved(request, table, found)
    made = declarations.sentence_of(found)
    return page(request, table, found, {"label": made.label, "section": made.section, "text": made.template})


def saved(request: HttpRequest, table: Table, found: Declaration | None) -> HttpResponseBase:
    """Declare what was typed; the form says why where it cannot be."""
    fields = typed_in(request, TYPED)
    key = found.key if found else declarations.free_key(area_for(request.user, table), declarations.SENTENCE)
    try:
        body = body_of(request.user, fields) | {"table": table.key}
        declarations.declare_sentence(request.user, key, body, request.POST.get("why", ""), version(request) if found else 0)
    except (BadInput, Conflict) as error:
        return page(request, table, found, fields, error)
    messages.success(request, "句子已保存，并记入日志；写报告时可以直接选用。")
    return onward(request, "ledger-sentence", table.key, key)


def body_of(user: Any, fields: Mapping[str, str]) -> dict[str, Any]:
    """The declaration of a sentence typed with whole refs in its braces.

    Raises  BadInput for a slot that cannot be read, NotAllowed for another district's figure
    """
    found = pieces(fields.get("text", ""))
    slots = [one for one in found if isinstance(one, Slot) and one.ref]
    permitted(user, [slot.ref for slot in slots if slot.ref])
    if not slots:
        raise BadInput([Finding("sentence.slots", "句子", "句子里还没有数；点一个指标，把它写进花括号里。")])
    names = {str(slot.ref): f"n{number}" for number, slot in enumerate({str(slot.ref): slot for slot in slots}.values(), 1)}
    text = "".join(f"{{{names[str(one.ref)]}:{one.form}}}" if isinstance(one, Slot) and one.ref else str(one) for one in found)
    return {"label": fields.get("label", ""), "section": fields.get("section", ""), "text": text,
            "figures": {name: ref for ref, name in names.items()}}


def check(request: HttpRequest, key: str) -> HttpResponseBase:
    """A sentence as it would be printed, as a piece of the page; keeps nothing."""
    _, table = table_seen(request, key)
    return show(request, said(request, table, request.POST.get("text", ""), period_of(request, table)), "web/sentence-said.html")


def said(request: HttpRequest, table: Table, text: str, period: str) -> Said:
    """A sentence of the person's own area, filled in from what stands now; nothing is published."""
    area = area_for(request.user, table)
    if not text.strip():
        return Said(period=period)
    if not is_period(period):
        return Said(period=period, findings=[Finding("trial.period", "时期", f"「{period[:30]}」不是时期；请写 2020H1。")])
    try:
        body_of(request.user, {"text": text})
        written = attempt(text, counted(declarations.catalog(), area), area, period)
    except BadInput as error:
        return Said(period=period, findings=list(error.findings))
    return Said(written.text, period, list(written.findings))


def counted(catalog: Catalog, own: str) -> Basis:
    """Figures counted as they are asked for, for an area and its peers at once."""
    held: dict[str, Inputs] = {}
    kept: dict[tuple[str, str, str, Cell], Figure] = {}

    def figure(indicator: str, area: str, period: str, cell: Cell) -> Figure:
        if (indicator, area, period, cell) not in kept:
            one = catalog.indicators[indicator]
            if one.table not in held:
                held[one.table] = inputs_of(catalog.tables[one.table])
            areas = list(dict.fromkeys([area, own, *districts(own)]))
            for found in compute(catalog, [one], period, areas, held, cell):
                kept[indicator, found.area, period, cell] = found
        return kept[indicator, area, period, cell]
    return Basis(catalog.indicators, figure)


def page(request: HttpRequest, table: Table, found: Declaration | None, fields: Mapping[str, str],
         error: Exception | None = None) -> HttpResponseBase:
    """The form with a sentence in it."""
    period = period_of(request, table)
    area = found.area if found else area_for(request.user, table)
    screen = SentenceForm(
        table.key, table.label, home_of(table), found.key if found else "", found.label if found else "写一个句子",
        {name: fields.get(name, "") for name in TYPED}, period, found.version if found else 0, found.state if found else "",
        may(request.user, "declare", area), offers(table), said(request, table, fields.get("text", ""), period),
        request.POST.get("why", ""), *told(error))
    return show(request, screen, "web/sentence-form.html", status_of(error) if error else 200)


def offers(table: Table) -> list[Offer]:
    """The indicators of a table that are in use, each with the ways it can be said."""
    gone = declarations.retired()
    return [Offer(one.label, [Way(words, f"{{{one.key}{tail}}}") for words, tail in (RATE_WAYS if one.unit == "%" else WAYS)])
            for one in declarations.catalog().of_table(table.key) if one.key not in gone]


urls = [
    *twin("ledgers/<str:key>/sentences/add", add, "add-sentence"),
    *act("ledgers/<str:key>/sentences/check", check, "check-sentence"),
    *twin("ledgers/<str:key>/sentences/<str:sentence>", edit, "ledger-sentence"),
]
