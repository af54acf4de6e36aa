"""What a writer chooses from: ready sentences by section, candidates for a number, figures found by a word."""

from dataclasses import dataclass
from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from plumbline.kernel import BadInput, Catalog, Finding, Indicator, inside
from plumbline.kernel.comparison import RATES
from plumbline.kernel.ref import WORDS, Ref
from plumbline.kernel.sentence import USUAL, Form, Sentence, Slot
from plumbline.reports import drafting
from plumbline.reports.writing import attempt
from plumbline.store import declarations
from plumbline.store.declarations import catalog
from plumbline.store.drafts import Draft
from plumbline.web.draft_lines import found
from plumbline.web.draft_page import part, seen
from plumbline.web.forms import whole
from plumbline.web.screen import twin

MOST_FOUND, MOST_OFFERED = 12, 60
ANYWHERE = "其他"


@dataclass(frozen=True, slots=True)
class Offered:
    """A ready sentence: as it would read now, or why it cannot be said; `used` where the draft has it already.

    template  its words and slots, as a line keeps them
    """

    key: str
    label: str
    text: str
    why_not: str
    used: bool
    template: str


@dataclass(frozen=True, slots=True)
class SentencesScreen:
    """Ready sentences of one section; `sections` are all there are, with their numbers."""

    draft: int
    section: str
    sections: list[tuple[str, int]]
    offered: list[Offered]
    after: int | None
    may_write: bool
    more: int = 0


def sentences(request: HttpRequest, key: int) -> HttpResponse:
    """The picker: the sentences of a section (`?section=`), filled in."""
    draft, told = seen(request, key), catalog()
    every = sayable(told, draft)
    sections: dict[str, list[Sentence]] = {}
    for one in every:
        sections.setdefault(one.section or ANYWHERE, []).append(one)
    section = request.GET.get("section", "")
    section = section if section in sections else next(iter(sections), "")
    chosen = sections.get(section, [])
    lines = set(draft.lines.values_list("text", flat=True))
    offered = [Offered(one.sentence.key, one.sentence.label, one.text, one.why_not,
                       any(one.sentence.template in line for line in lines), one.sentence.template)
               for one in drafting.offers(told, draft, chosen[:MOST_OFFERED])]
    screen = SentencesScreen(key, section, [(name, len(ones)) for name, ones in sections.items()], offered,
                             whole(request.GET.get("after", "")), draft.state == "writing", len(chosen) - len(offered))
    return part(request, screen, "web/draft-sentences.html", reverse("draft", args=[key]))


def sayable(told: Catalog, draft: Draft) -> list[Sentence]:
    """The sentences a draft may say: those declared in its own area, or above it; not of what has been retired."""
    gone = declarations.retired()
    own = [one for _, one in sorted(told.sentences.items()) if one.key not in gone and of_area(one.key, draft.area)]
    return [one for one in own if not gone & {ref.indicator for ref in one.figures.values()}]


def of_area(key: str, area: str) -> bool:
    """Whether a declaration is open to an area: a system's always, an official's in the area it was made in and below."""
    made_in = declarations.area_in(key)
    return not made_in or inside(area, made_in)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a number may be bound to: its slot, what it would print, its name, and why it is offered."""

    slot: str
    text: str
    label: str
    why: str
    agrees: bool = False


@dataclass(frozen=True, slots=True)
class BindScreen:
    """A number to bind.

    surface  as typed; `before` and `after` the words around it
    likely   what it may stand for
    found    what a search gave
    """

    draft: int
    line: int
    version: int
    start: int
    end: int
    before: str
    surface: str
    after: str
    likely: list[Choice]
    q: str
    found: list[Choice]


def unbound(request: HttpRequest, key: int, line: int, start: int, end: int) -> HttpResponse:
    """A number that stands for nothing yet: what it may stand for, and a search (`?q=`)."""
    draft, row = found(request, key, line)
    made = drafting.sheet(catalog(), draft)
    one = next(each for each in made.lines if each.row.pk == row.pk)
    text, q = one.text, request.GET.get("q", "").strip()[:50]
    if not 0 <= start < end <= len(text):
        raise BadInput([Finding("bind.place", "绑定", "这一段刚被改动，找不到这个数字了；请刷新后再试。")])
    spot = next((each for each in one.unbound if (each.start, each.end) == (start, end)), None)
    likely = [Choice(each.slot, printed(made, each.slot), each.label, each.reason, each.agrees)
              for each in drafting.proposals(made, spot)] if spot and not q else []
    screen = BindScreen(key, line, row.version, start, end, text[max(start - 40, 0):start], text[start:end],
                        text[end:end + 40], likely, q, search(catalog(), made, q) if q else [])
    return part(request, screen, "web/draft-bind.html", f"{reverse('draft', args=[key])}#l{line}")


def printed(made: drafting.Sheet, slot: str) -> str:
    """What a slot would print."""
    try:
        return attempt(slot, made.basis, made.draft.area, made.draft.period).text
    except BadInput as error:
        return str(error)


@dataclass(frozen=True, slots=True)
class FiguresScreen:
    """A search for figures to put in."""

    draft: int
    q: str
    found: list[Choice]
    may_write: bool


def figures(request: HttpRequest, key: int) -> HttpResponse:
    """Figures found by a word (`?q=`), with the slot that prints each."""
    draft = seen(request, key)
    q, told = request.GET.get("q", "").strip()[:50], catalog()
    made = drafting.sheet_of(told, draft, [])
    return part(request, FiguresScreen(key, q, search(told, made, q) if q else [], draft.state == "writing"),
                "web/draft-figures.html", reverse("draft", args=[key]))


def search(told: Catalog, made: drafting.Sheet, q: str) -> list[Choice]:
    """Indicators whose name or key holds a word: the number itself, and what is most often made of it."""
    gone = declarations.retired()
    named = (one for _, one in sorted(told.indicators.items()) if one.key not in gone and of_area(one.key, made.draft.area)
             and all(word in f"{one.label}{one.subject}{one.key}" for word in q.split()))
    return [choice for one in islice(named, MOST_FOUND) for choice in forms_of(made, one)]


def forms_of(made: drafting.Sheet, one: Indicator) -> list[Choice]:
    """An indicator's number, and its growth on the year before, or for a rate its change; where its records have a day."""
    steps: tuple[tuple[str, ...], ...] = ((),) if not one.dated else ((), ("change",) if one.unit in RATES else ("yoy",))
    return [choice_of(made, one, Ref(one.key, each)) for each in steps]


def choice_of(made: drafting.Sheet, one: Indicator, ref: Ref) -> Choice:
    """A number as a choice."""
    slot = str(Slot(ref, Form(USUAL.get(ref.step, ref.step))))
    name = (one.subject or one.label) + "".join(WORDS[step] for step in ref.steps)
    return Choice(slot, printed(made, slot), name, one.source)


urls = [
    *twin("drafts/<int:key>/sentences", sentences, "draft-sentences"),
    *twin("drafts/<int:key>/figures", figures, "draft-figures"),
    *twin("drafts/<int:key>/lines/<int:line>/unbound/<int:start>/<int:end>", unbound, "draft-unbound"),
]
