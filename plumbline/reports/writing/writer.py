"""From a sentence and figures to its text, each number cited; nothing is written that has no figure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from plumbline.kernel import BadInput, Cite, Figure, Finding
from plumbline.kernel import period as periods
from plumbline.kernel.comparison import Compared, named, of
from plumbline.kernel.printing import period_name
from plumbline.kernel.ref import WORDS, Ref
from plumbline.kernel.sentence import Form, Sentence, Slot, pieces
from plumbline.reports.reading.measures import CHANGE, DOWN, NARROW
from plumbline.reports.writing.phrases import Asked, Number, phrase

Resolve = Callable[[Ref], Figure | Compared]
EMPTY = "〔无数〕"


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as it is printed.

    cites     every number that stands for a figure, in order, offsets into `text`
    literals  spans of numbers that stand for none, on the writer's word
    silent    refs that printed no digits (持平)
    left_out  why the whole sentence is left out; then `text` is empty
    findings  what could not be written; `text` then says 〔无数〕 in its place
    """

    text: str
    cites: tuple[Cite, ...] = ()
    literals: tuple[tuple[int, int], ...] = ()
    silent: tuple[Ref, ...] = ()
    left_out: str = ""
    findings: tuple[Finding, ...] = ()


def write(sentence: Sentence | str, resolve: Resolve, area: str, period: str) -> Written:
    """A sentence, or a template as a planner types it, of one area and period.

    resolve  gives the number of a ref whose area and period are filled in (`kernel.comparison.Basis` is one)
    Raises   BadInput naming every figure that is empty and why, and every slot that cannot be read
    """
    written = attempt(sentence, resolve, area, period)
    if written.findings:
        raise BadInput(written.findings)
    return written


def attempt(sentence: Sentence | str, resolve: Resolve, area: str, period: str) -> Written:
    """The same; what cannot be written is told in `findings`, and 〔无数〕 stands in its place.

    Raises  BadInput where a slot cannot be read at all
    """
    if isinstance(sentence, Sentence):
        if reason := _silence(sentence, resolve, area, period):
            return Written("", left_out=reason)
        told = pieces(sentence.text, sentence.figures)
    else:
        told = pieces(sentence)
    page = _Page(resolve, area, period)
    for piece in told:
        page.add(piece)
    return page.done()


def _silence(sentence: Sentence, resolve: Resolve, area: str, period: str) -> str:
    """Why a sentence is not said now; empty where it is."""
    if not sentence.holds_on(periods.span(period)[1]):
        return f"「{sentence.label or sentence.key}」不适用于{period_name(period)}，未写入。"
    for name in sentence.when:
        one = compared(resolve(sentence.figures[name].at(area, period)))
        if one.value is None:
            return f"「{sentence.label or sentence.key}」未写入：{one.why or one.missing}。"
    return ""


def compared(found: Figure | Compared) -> Compared:
    """What a resolver gave, ready to be printed."""
    return of(found) if isinstance(found, Figure) else found


class _Page:
    """A text as it grows, with the places of its numbers."""

    def __init__(self, resolve: Resolve, area: str, period: str):
        self.resolve, self.area, self.period = resolve, area, period
        self.text = ""
        self.cites: list[Cite] = []
        self.literals: list[tuple[int, int]] = []
        self.silent: list[Ref] = []
        self.findings: list[Finding] = []

    def add(self, piece: str | Slot) -> None:
        """Words, a literal, or the phrase of a figure."""
        if isinstance(piece, str):
            self.text += piece
        elif piece.ref is None:
            self.literals.append((len(self.text), len(self.text) + len(piece.literal)))
            self.text += piece.literal
        else:
            self._figure(piece, piece.ref)

    def _figure(self, slot: Slot, ref: Ref) -> None:
        try:
            full = ref.at(self.area, self.period)
            one = compared(self.resolve(full))
            if one.value is None:
                raise BadInput([Finding("figure.empty", str(ref), f"{slot}没有数可写：{one.why or one.missing}。")])
            parts = phrase(Asked(one, _directed(slot.form, self.text), full))
        except BadInput as error:
            self.findings += error.findings
            self.text += EMPTY
            return
        if not any(isinstance(part, Number) for part in parts):
            self.silent.append(ref)
        for part in parts:
            if isinstance(part, Number):
                self.cites.append(_cite(part, one, (ref, full), len(self.text)))
            self.text += part.text if isinstance(part, Number) else part

    def done(self) -> Written:
        """The text and its places."""
        return Written(self.text, tuple(self.cites), tuple(self.literals), tuple(self.silent),
                       findings=tuple(self.findings))


def _directed(form: Form, before: str) -> Form:
    """A bare size behind a verb (增长, 减少) must go the verb's way."""
    said = CHANGE.search(before[-12:]) if form.name == "size" and not form.option else None
    if said is None or re.fullmatch(NARROW, said["verb"]):
        return form
    return replace(form, option="down" if re.fullmatch(DOWN, said["verb"]) else "up")


def _cite(number: Number, one: Compared, refs: tuple[Ref, Ref], start: int) -> Cite:
    """The cite of a printed number; of the two sides of a comparison each cites its own figure."""
    asked, full = (_side(ref, number, one) for ref in refs)
    figures = one.figures[:1] if number.of == "now" else one.figures[1:2] if number.of == "then" else one.figures
    keys = one.numbers if len(one.numbers) != len(one.figures) or not number.of else \
        one.numbers[:1] if number.of == "now" else one.numbers[1:2]
    main = figures[0] if figures else None
    level = not full.steps and main is not None
    return Cite(
        start=start, end=start + len(number.text), ref=str(asked), concept=full.concept, label=_label(one, full),
        area=full.area, period=main.period if level and main else full.period, value=number.value, unit=number.unit,
        decimals=number.decimals, cell=full.cell, figures=tuple(dict.fromkeys(keys)))


def _side(ref: Ref, number: Number, one: Compared) -> Ref:
    """The ref of one side of a comparison: without its last step, `then` in the period it is compared with."""
    if not number.of:
        return ref
    base = ref.without()
    return base if number.of == "now" else Ref(base.indicator, base.steps, base.area, one.beside, base.cell)


def _label(one: Compared, ref: Ref) -> str:
    return named(one, ref) if ref.steps and ref.step in WORDS else one.label
