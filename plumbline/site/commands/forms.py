"""What `plumbline read` and `plumbline check` print: lines of JSON, a table, a page."""

import html
import json
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table

from plumbline.kernel import AGREES, CANNOT_TELL, DIFFERS, Claim, Report, Statement, label, plain

# A pipe has no width of its own; a terminal has.
PIPE_WIDTH = 200
VERDICTS = (DIFFERS, AGREES, CANNOT_TELL)

STYLE = """
body { margin: 2rem auto; max-width: 46rem; padding: 0 1rem; font: 17px/1.9 serif; color: #1f2933; }
article { white-space: pre-wrap; overflow-wrap: anywhere; }
mark { border-radius: 3px; padding: 0 2px; color: inherit; background: #dbeafe; }
mark.target { background: #fde8c8; } mark.limit { background: #e5e0f5; }
p.key { font: 14px/1.6 sans-serif; color: #52606d; }
@media print { mark { background: none; border-bottom: 1.5px solid #1d4ed8; border-radius: 0; } }
"""


def claim_lines(report: Report, named: bool = False) -> Iterator[str]:
    """One line of JSON for each claim; `named` puts the file first, where there are several."""
    starts = report.line_starts
    for claim in report.claims:
        row = claim.as_json(starts[claim.para - 1])
        yield json.dumps({"file": report.name, **row} if named else row, ensure_ascii=False)


def claim_table(report: Report) -> Table:
    """The claims of a report for a terminal."""
    heading = report.heading
    about = " · ".join(part for part in (heading.area_name, heading.period, heading.delivered_on) if part)
    table = Table(title=f"{heading.title or report.name}\n{about}", title_justify="left",
                  caption=f"数字 {len(report.claims)} 个，措施 {len(report.commitments)} 条，"
                          f"问题 {len(report.problems)} 个", caption_justify="left")
    for name in ("行", "原文", "指标", "数值", "时期", "性质", "时限", "比较"):
        table.add_column(name, justify="right" if name in ("行", "数值") else "left",
                         overflow="fold", no_wrap=name == "行")
    for claim in report.claims:
        table.add_row(*claim_cells(claim))
    return table


def claim_cells(claim: Claim) -> tuple[str, ...]:
    """A row of the table: the parts of a claim in an official's words."""
    bound = "" if claim.bound == "=" else label("bound", claim.bound)
    upper = "" if claim.value2 is None else f"至{plain(claim.value2)}"
    return (str(claim.para), claim.surface, claim.subject, f"{bound}{plain(claim.value)}{upper}{claim.unit}",
            claim.period or "", f"{label('modality', claim.modality)}{label('measure', claim.measure)}",
            claim.deadline or "", claim.reference or "")


def claim_page(report: Report) -> str:
    """The text as a page that stands alone, each claim marked, its parts in the mark's title."""
    title = html.escape(report.heading.title or report.name)
    counts = f"{len(report.claims)} 个数字；蓝色为实际，橙色为目标，紫色为控制数。指向数字可看其各部分。"
    return (f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{title}</title><style>{STYLE}</style></head>\n"
            f'<body><p class="key">{counts}</p><article>{"".join(marked(report))}</article></body></html>\n')


def marked(report: Report) -> Iterator[str]:
    """The text, escaped, with a mark around each claim; of two that overlap the first is marked."""
    done = 0
    for claim in sorted(report.claims, key=lambda claim: (claim.start, claim.end)):
        if claim.start < done:
            continue
        words = html.escape(" · ".join(cell for cell in claim_cells(claim)[2:] if cell))
        yield html.escape(report.text[done:claim.start])
        yield f'<mark id="c{claim.number}" class="{claim.modality}" title="{words}">'
        yield f"{html.escape(report.text[claim.start:claim.end])}</mark>"
        done = claim.end
    yield html.escape(report.text[done:])


def statement_lines(statements: Iterable[Statement]) -> Iterator[str]:
    """One line of JSON for each statement."""
    for statement in statements:
        yield json.dumps(statement.as_json(), ensure_ascii=False)


def statement_table(statements: Iterable[Statement]) -> Table:
    """The statements of a check for a terminal: what differs first, what is only derived last."""
    table = Table()
    for name in ("结论", "种类", "依据", "位置"):
        table.add_column(name, overflow="fold")
    for statement in sorted(statements, key=lambda statement: VERDICTS.index(statement.verdict)):
        places = "\n".join(f"{p.file} 第{p.para}行 {p.start}-{p.end}" for p in statement.places)
        table.add_row(label("verdict", statement.verdict), label("statement", statement.kind),
                      statement.why, places)
    return table


def console(stderr: bool = False) -> Console:
    """A console as wide as its terminal, or wide enough for a table in a pipe."""
    found = Console(stderr=stderr, highlight=False, markup=False)
    return found if found.is_terminal else Console(stderr=stderr, highlight=False, markup=False, width=PIPE_WIDTH)
