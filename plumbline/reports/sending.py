"""Sending a report: the approved version printed, read back, and handed to the store with every number in its place."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from plumbline.kernel import BadInput, Claim, Conflict, Finding, Paper, Report
from plumbline.kernel.printing import in_full
from plumbline.reports.checking import check
from plumbline.reports.export import docx
from plumbline.reports.keep import recheck
from plumbline.reports.pairing import answers, pairings
from plumbline.reports.reading.reader import read
from plumbline.store import drafts
from plumbline.store.documents import Document, Found
from plumbline.store.drafts import Draft, Printed
from plumbline.store.drafts.changes import changed_of
from plumbline.store.figures import Figure, Place

ENDS = "。；！？\n"


def send(user: Any, draft: Draft, n: int, why: str = "") -> Document:
    """Send the approved version `n` of a draft.

    Changed  where figures have changed since, a reason is wanted: what was approved goes out, and says so
    Raises   BadInput, naming what has changed, where there is no reason; the store's refusals
    """
    version = draft.versions.filter(n=n).first()
    if version is None:
        raise Conflict("没有这个版本；没有签发，请刷新后再办理。")
    paper = drafts.thawed(version.paper, n)
    if not why.strip() and (changed := changed_of(paper.cites)):
        raise BadInput([Finding("send.changed", one.cite.label, (
            f"「{one.cite.label}」审核后由 {_said(one.before)} 变为 {_said(one.after)}；"
            "请退回重写，或写明仍按审核稿签发的理由。")) for one in changed])
    document = drafts.send(user, draft.pk, n, printed(paper, draft), why)
    recheck(document.pk)
    return document


def _said(figure: Figure) -> str:
    return in_full(Decimal(figure.value), figure.unit, 4) if figure.value else "无数"


def printed(paper: Paper, draft: Draft) -> Printed:
    """A version as bytes, as read, and with the places of its numbers."""
    data = docx(paper)
    report = read(data, f"{draft.title}.docx")
    told = replace(report.heading, title=draft.title, kind=draft.kind, area=draft.area, period=draft.period,
                   occasion=draft.occasion or report.heading.occasion,
                   delivered_on=draft.delivered_on.isoformat() if draft.delivered_on else report.heading.delivered_on)
    report = replace(report, heading=told)
    found = Found(tuple(check(report)), tuple(pairings(report)), tuple(answers(report)))
    return Printed(data, report, places(paper, report), found)


def places(paper: Paper, report: Report) -> list[Place]:
    """Where the cites of a paper stand in what reading it gave back, paragraph after paragraph.

    Raises  BadInput where a paragraph with numbers is not read back letter for letter
    """
    found: list[Place] = []
    cursor = 0
    for number, one in enumerate(paper.paragraphs, 1):
        start = line_at(report.text, one.text, cursor)
        if start is None and one.cites:
            raise BadInput([Finding("send.read", f"第{number}段", (
                f"第{number}段印成文件后读回来与原文不同：「{one.text[:30]}」；没有签发。请去掉这一段里的特殊字符后再试。"))])
        if start is None:
            continue
        cursor = start + len(one.text)
        found += [Place(cite, start + cite.start, start + cite.end, sentence(one.text, cite.start, cite.end),
                        claim_at(report.claims, start + cite.start, start + cite.end)) for cite in one.cites]
    return found


def line_at(text: str, line: str, cursor: int) -> int | None:
    """Where a line begins that says just this, from a place on.

    >>> line_at("共68家。甲\\n共68家。\\n", "共68家。", 0)
    7
    """
    match = re.compile(rf"^[ \t\u3000]*({re.escape(line)})[ \t\u3000]*$", re.MULTILINE).search(text, cursor) if line else None
    return match.start(1) if match else None


def sentence(text: str, start: int, end: int) -> str:
    """The sentence around a stretch of a text.

    >>> sentence("甲。乙为3个。丙。", 4, 6)
    '乙为3个。'
    """
    first = max(text.rfind(mark, 0, start) for mark in ENDS) + 1
    ends = [at + 1 for mark in ENDS if (at := text.find(mark, end)) >= 0]
    return text[first:min(ends, default=len(text))].strip()


def claim_at(claims: tuple[Claim, ...], start: int, end: int) -> int | None:
    """Number of the claim that was read at these letters."""
    return next((claim.number for claim in claims if claim.start < end and start < claim.end), None)
