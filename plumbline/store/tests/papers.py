"""An invented report with figures behind its numbers, for the tests of drafts, of sending and of their pages."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from plumbline.kernel import Cite, Figure, Heading, Paper, Paragraph, Report
from plumbline.kernel import Claim as Read
from plumbline.store import drafts, figures
from plumbline.store.drafts import Head, Printed
from plumbline.store.models import Figure as Published
from plumbline.store.tests import made

PERIOD = "2025H1"
TITLE = "云溪区2025年上半年计划执行情况（虚构）"
LINES = (("title", TITLE), ("heading1", "一、上半年进展"), ("body", "退出企业{works.moved:level}。"),
         ("body", "满意率为{works.pleased:level}。"))
TEXTS = (TITLE, "一、上半年进展", "退出企业68家。", "满意率为96.1%。")
HEAD = Head(TITLE, made.DISTRICT, PERIOD, issuer="云溪区发展和改革委员会")


def counted(value="68", indicator="works.moved", unit="家", **more):
    """A figure as the engine gives it."""
    return Figure(indicator, made.DISTRICT, PERIOD, unit, Decimal(value), counted=100, **more)


def published(*counts):
    """Figures that stand, by indicator."""
    run = figures.publish(None, counts or (counted(), counted("0.961", "works.pleased", "")), "虚构")
    return {row.indicator: row for row in Published.objects.filter(run=run)}


def paper(rows=None):
    """The paper of `LINES`, its two numbers resting on the figures in `rows`."""
    rows = rows or published()
    moved, pleased = rows["works.moved"], rows["works.pleased"]
    cites = {2: _cite(TEXTS[2], "68家", "退出企业", moved), 3: _cite(TEXTS[3], "96.1%", "满意率", pleased, 3)}
    return Paper(TITLE, made.DISTRICT, PERIOD, HEAD.issuer, tuple(
        Paragraph(kind, text, (cites[at],) if at in cites else ())
        for at, ((kind, _), text) in enumerate(zip(LINES, TEXTS, strict=True))))


def _cite(text, surface, label, row, decimals=None):
    start = text.index(surface)
    return Cite(start, start + len(surface), row.indicator, row.indicator, label, made.DISTRICT, PERIOD,
                Decimal(row.value), row.unit, decimals, figures=(row.pk,))


def printed(one):
    """A paper as bytes, as read, and with the places of its numbers; the bytes are no real docx."""
    text = "\n".join(each.text for each in one.paragraphs) + "\n"
    starts = [0, *(at + 1 for at, letter in enumerate(text) if letter == "\n")]
    claims, places = [], []
    for number, (line, cite) in enumerate(
            ((at, cite) for at, each in enumerate(one.paragraphs) for cite in each.cites), 1):
        start, end = starts[line] + cite.start, starts[line] + cite.end
        claims.append(Read(number, line + 1, start, end, text[start:end], cite.value, cite.unit, cite.label, period=PERIOD))
        places.append(figures.Place(cite, start, end, one.paragraphs[line].text, number))
    assert all(a <= b for a, b in pairwise(starts))
    heading = Heading(one.title, "plan half-year", one.area, "云溪区", one.period)
    return Printed(b"PK\x03\x04" + text.encode(), Report("报告.docx", text, heading, claims=tuple(claims)), tuple(places))


def draft(writer, lines=LINES, **head):
    """A draft of the report."""
    return drafts.create(writer, replace(HEAD, **head), lines)


def approved(writer, reviewer, one=None):
    """A draft that was submitted and approved; the draft, and the number of the version."""
    row, one = draft(writer), one or paper()
    n = drafts.submit(writer, row.pk, row.version, one).n
    return row, drafts.approve(reviewer, row.pk, n).n
