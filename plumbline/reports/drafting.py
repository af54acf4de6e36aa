"""Drafts with their numbers filled in: every line as it reads now, what it rests on, and what is still to be done."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from plumbline.engine.refresh import basis, open_to, permitted
from plumbline.kernel import BadInput, Catalog, Cite, Finding, Paper, Statement
from plumbline.kernel.comparison import Basis, Compared, needed
from plumbline.kernel.period import year_of
from plumbline.kernel.printing import power_of
from plumbline.kernel.ref import Ref, ref
from plumbline.kernel.sentence import Sentence, slots
from plumbline.reports.checking import check
from plumbline.reports.holding import Held, held
from plumbline.reports.reading.reader import read_source
from plumbline.reports.reading.source import Source
from plumbline.reports.wording import Part, parts_of
from plumbline.reports.writing import Candidate, Unbound, attempt, candidates, paper
from plumbline.reports.writing.papers import as_text
from plumbline.reports.writing.writer import Resolve
from plumbline.store import drafts
from plumbline.store.drafts import Draft, DraftLine, DraftVersion
from plumbline.store.figures import Figure, same_value
from plumbline.store.plans import Target

_SLOT = re.compile(r"\{[^{}]*\}没有数可写")
DRAFTED, INVENTED = "草稿", "模拟数据"


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that has changed since a writer last looked at the line that prints it."""

    before: Figure
    after: Figure


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it reads now.

    parts    its words and slots, in order, with what each prints
    cites    numbers that stand for figures, offsets into `text`
    unbound  numbers that stand for nothing yet
    moved    by number of a published figure: what it was when the line was last seen
    """

    row: DraftLine
    text: str
    parts: tuple[Part, ...] = ()
    cites: tuple[Cite, ...] = ()
    unbound: tuple[Unbound, ...] = ()
    findings: tuple[Finding, ...] = ()
    moved: Mapping[int, Moved] = field(default_factory=dict)

    @property
    def typed(self) -> str:
        """The line as a writer edits it: slots numbered, with what they print."""
        return "".join(part.typed for part in self.parts) or self.row.text


@dataclass(frozen=True, slots=True)
class Sheet:
    """A draft as it reads now.

    figures  published figures its numbers rest on, by number
    basis    gives the number of any other ref of the draft's area and period
    """

    draft: Draft
    lines: tuple[Line, ...]
    paper: Paper
    figures: Mapping[int, Figure]
    basis: Basis

    @property
    def findings(self) -> list[Finding]:
        """What keeps the draft from being handed on, line by line."""
        found: list[Finding] = []
        for at, line in enumerate(self.lines, 1):
            found += line.findings
            found += [Finding("draft.unbound", f"第{at}段", f"第{at}段的「{line.text[one.start:one.end]}」还没有对应的数值；"
                              "请绑定到数值，或说明理由后作为直接写入的数。") for one in line.unbound]
        return found


def sheet(catalog: Catalog, draft: Draft) -> Sheet:
    """A draft with its numbers filled in, counted again where records have changed."""
    return sheet_of(catalog, draft, list(draft.lines.all()))


def sheet_of(catalog: Catalog, draft: Draft, rows: Sequence[DraftLine]) -> Sheet:
    """The same of some of its lines only."""
    numbers = basis_of(catalog, draft, (one for row in rows for one in refs_of(row.text)))
    resolve = remembered(numbers)
    composed = paper(head(draft), [(row.kind, row.text) for row in rows], resolve)
    figures = published(composed.paper.cites)
    told: dict[str, list[Finding]] = {}
    for finding in composed.findings:
        told.setdefault(finding.where, []).append(replace(finding, message=plainly(finding.message)))
    lines = tuple(
        Line(row, one.text, parts_of(row.text, resolve, draft.area, draft.period), one.cites,
             tuple(each for each in composed.unbound if each.paragraph == at), tuple(told.get(f"第{at + 1}行", ())),
             moved(row, one.cites, figures))
        for at, (row, one) in enumerate(zip(rows, composed.paper.paragraphs, strict=True)))
    return Sheet(draft, lines, composed.paper, figures, numbers)


def head(draft: Draft, number: int = 0) -> Paper:
    """What stands above a draft, without paragraphs; version `number` is no longer marked as a draft."""
    marked = INVENTED if draft.example else "" if number else DRAFTED
    return Paper(draft.title, draft.area, draft.period, draft.issuer, (), draft.delivered_on, number, marked)


def refs_of(template: str) -> list[Ref]:
    """The refs of a line; none where it cannot be read."""
    try:
        return [slot.ref for slot in slots(template) if slot.ref]
    except BadInput:
        return []


def basis_of(catalog: Catalog, draft: Draft, refs: Iterable[Ref]) -> Basis:
    """What gives the numbers of a draft: those of `refs` all at once, others one by one.

    Reading  words alone bring no other district's number to light: 通州区退出企业70家 is held against nothing
    """
    full = list(dict.fromkeys(one.at(draft.area, draft.period) for one in refs))
    asked = full if answerable(catalog, full) else [one for one in full if answerable(catalog, [one])]
    return basis(catalog, asked, target=target_of, open=partial(open_to, draft.area))


def target_of(indicator: str, area: str, period: str) -> Decimal | None:
    """What the plan promises for the year of a period, by the newest report that promises it; None where nothing is tied."""
    rows = Target.objects.filter(indicator=indicator, area=area, due_on__year=year_of(period)).exclude(state="withdrawn")
    found = rows.order_by("-document__delivered_on", "-pk").values_list("value", "unit").first()
    if found is None:
        return None
    return Decimal(found[0]).scaleb(power_of(found[1]))


def answerable(catalog: Catalog, refs: Sequence[Ref]) -> bool:
    """Whether all of some refs make sense; one that does not is told by its line."""
    try:
        needed(refs, catalog.indicators)
    except BadInput:
        return False
    return True


def remembered(numbers: Basis) -> Resolve:
    """The same numbers, each asked for once: a line is printed whole, and again slot by slot."""
    told: dict[Ref, Compared] = {}

    def resolve(one: Ref) -> Compared:
        if one not in told:
            told[one] = numbers(one)
        return told[one]

    return resolve


def published(cites: Iterable[Cite]) -> dict[int, Figure]:
    """The published figures some cites rest on, by number."""
    keys = {key for cite in cites for key in cite.figures}
    return {row.pk: row for row in Figure.objects.select_related("run").filter(pk__in=keys)}


def moved(row: DraftLine, cites: Iterable[Cite], figures: Mapping[int, Figure]) -> dict[int, Moved]:
    """What has changed under a line since a writer last looked at it."""
    found = {}
    for key in {key for cite in cites for key in cite.figures}:
        after = figures.get(key)
        if after is None or after.replaces_id is None or after.run.at <= row.seen_at:
            continue
        before = (Figure.objects.filter(indicator=after.indicator, area=after.area, period=after.period, cell=after.cell,
                                        run__at__lte=row.seen_at).order_by("-pk").first())
        if before and not same_value(before, after):
            found[key] = Moved(before, after)
    return found


def save_line(user: Any, catalog: Catalog, line: DraftLine, template: str, version: int, kind: str = "") -> DraftLine:
    """Change a line.

    Raises  BadInput where a slot cannot be read or makes no sense, NotAllowed where it asks for what is another area's
    """
    prepare(user, catalog, line.draft, template)
    return drafts.edit_line(user, line.pk, template, version, kind)


def add_line(user: Any, catalog: Catalog, draft: Draft, line: tuple[str, str], after: int) -> DraftLine:
    """A new line (kind, template) behind line `after`, under the same conditions."""
    prepare(user, catalog, draft, line[1])
    return drafts.add_line(user, draft.pk, *line, after)


def prepare(user: Any, catalog: Catalog, draft: Draft, template: str) -> None:
    """Raise BadInput or NotAllowed where a line's slots cannot be kept; else count what they ask for.

    A line is saved after its figures are counted: what is counted anew later has moved under it.
    """
    asked = [slot.ref for one in template.splitlines() for slot in slots(one) if slot.ref]
    permitted(user, asked)
    needed([one.at(draft.area, draft.period) for one in asked], catalog.indicators)
    basis_of(catalog, draft, asked)


def submit(user: Any, catalog: Catalog, draft: Draft, version: int, why: str = "") -> DraftVersion:
    """Hand a draft on for review as it reads now.

    Raises  BadInput naming every number that stands for nothing, and every figure that is empty
    """
    made = sheet(catalog, draft)
    if found := made.findings:
        raise BadInput(found)
    marked = INVENTED if draft.example else ""
    return drafts.submit(user, draft.pk, version, replace(made.paper, marked=marked), why)


@dataclass(frozen=True, slots=True)
class Offer:
    """A sentence that is ready: its text as it would read now, or why it cannot be said."""

    sentence: Sentence
    text: str
    why_not: str = ""


def offers(catalog: Catalog, draft: Draft, sentences: Sequence[Sentence]) -> list[Offer]:
    """Ready sentences, filled in for a draft's area and period."""
    numbers = basis_of(catalog, draft, (asked for one in sentences for asked in one.figures.values()))
    return [_offer(one, numbers, draft) for one in sentences]


def _offer(one: Sentence, numbers: Basis, draft: Draft) -> Offer:
    try:
        written = attempt(one, numbers, draft.area, draft.period)
    except BadInput as error:
        return Offer(one, "", str(error))
    return Offer(one, written.text, written.left_out or "；".join(plainly(one.message) for one in written.findings))


def plainly(message: str) -> str:
    """A message about a figure that is empty, without the slot that asked for it.

    >>> plainly("第5行：{works.moved|yoy:growth}没有数可写：「退出企业数」没有收到。")
    '第5段：没有数可写：「退出企业数」没有收到。'
    """
    return _SLOT.sub("没有数可写", message).replace("行：", "段：", 1)


def proposals(made: Sheet, one: Unbound) -> list[Candidate]:
    """What an unbound number of a draft may stand for."""
    return candidates(one.claim, made.basis, made.draft.area, made.draft.period)


def checked(catalog: Catalog, draft: Draft, printed: Paper | None = None) -> tuple[list[Held], list[Statement]]:
    """A draft as it reads now, or `printed`, held against the figures of this moment, and against itself."""
    if printed is None:
        made = sheet(catalog, draft)
        one, numbers = made.paper, made.basis
    else:
        one, numbers = printed, basis_of(catalog, draft, (ref(cite.ref) for cite in printed.cites))
    report = read_source(Source(draft.title, "txt", as_text(one)[0]))
    return held(report, numbers, one), list(check(report))
