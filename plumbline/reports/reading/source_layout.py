"""Lines of pdf pages become a text: page furniture dropped, tables found, paragraphs joined across lines."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, islice
from statistics import median

from plumbline.reports.reading import source_grid
from plumbline.reports.reading.source_lines import Line, Run
from plumbline.reports.reading.source_page import Draft, Page

EDGE = 0.12
MOST_COLUMNS = 60
FOLIO = re.compile(
    r"[-—–·~\s]*(\d{1,4})[-—–·~\s]*|第?\s*(\d{1,4})\s*页?\s*[,，/共]+\s*\d{1,4}\s*页?|第\s*(\d{1,4})\s*页"
)
DECORATED = re.compile(r"[-—–·~页]")
DIGITS = re.compile(r"\d+")
ENDED = re.compile(r"[。！？!?；;：:][”’\"』」）)]*$")
LABEL = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十]{1,3}[章节部]"
)
# What may not begin a line goes with the character before it; nor are words and numbers broken.
TOKEN = re.compile(
    r"(?:[“‘（《(]*[0-9A-Za-z.,%+/:~-]+|.)(?:[“‘”’]+.|[，。、；：？！”’）》】〉,.;:?!)%％…—·])*"
)
# In em: how near to the right margin a full line comes, how far in a new paragraph begins.
FULL = 1.2
INDENT = 0.8
# In steps from line to line: from here on a gap parts paragraphs, where paragraphs are spaced; and where not.
SPACED = 1.2
APART = 1.8


@dataclass(frozen=True, slots=True)
class Measure:
    """The type area of pages of one width, its body text, and by what paragraphs are told apart."""

    left: float
    right: float
    em: float
    step: float
    indented: bool
    spaced: bool


def write(lines: list[Line], page: Page) -> None:
    """Write lines as text; line ends inside a paragraph are noted as breaks."""
    lines = without_furniture(lines)
    mark_tables(lines)
    measures = measured([line for line in lines if not line.cells and not line.boxes] or lines)
    index = 0
    while index < len(lines):
        table = table_at(lines, index)
        if table:
            page.table(source_grid.drafts_of(table) if table[0].boxes else drafts_of(table), None)
            index += len(table)
            continue
        following = lines[index + 1] if index + 1 < len(lines) else None
        joined = following is not None and goes_on(lines[index], following, measures)
        text = lines[index].text
        if joined and following is not None:
            text = before_break(text, following.text)
        page.write(text)
        if joined:
            page.breaks.add(page.lines)
        index += 1


def before_break(text: str, following: str) -> str:
    """A line that goes on in the next: a hyphen of a broken word falls, a blank between words stays."""
    if not (following[:1].isascii() and following[:1].isalpha()):
        return text
    if re.search(r"[a-z]-$", text) and following[0].islower():
        return text[:-1]
    return text + " " if re.search(r"[A-Za-z,.;]$", text) else text


# Page furniture -----------------------------------------------------------------------------------

def without_furniture(lines: list[Line]) -> list[Line]:
    """The lines but for headers and footers, which stand on several pages at one place, and page numbers."""
    pages = len({line.page for line in lines})
    places: dict[tuple[str, int], set[int]] = defaultdict(set)
    for line in filter(at_edge, lines):
        places[furniture_key(line)].add(line.page)
    running = {key for key, on in places.items() if len(on) >= max(2, min(3, pages), pages // 3)}
    folios = folio_lines(lines)
    return [
        line for line in lines
        if id(line) not in folios and not (at_edge(line) and furniture_key(line) in running)
    ]


def at_edge(line: Line) -> bool:
    """Whether a line stands in the upper or lower margin of its page."""
    return not EDGE * line.height < line.middle < (1 - EDGE) * line.height


def furniture_key(line: Line) -> tuple[str, int]:
    """Text without its numbers, and height on the page: what a running header repeats."""
    return DIGITS.sub("#", line.text), round(line.middle / 3)


def folio_lines(lines: list[Line]) -> set[int]:
    """The identities of lines that are page numbers: first or last of a page, counting as the pages do."""
    by_page: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_page[line.page].append(line)
    found: list[tuple[Line, int]] = []
    for page, own in by_page.items():
        for line in {id(line): line for line in (own[0], own[-1])}.values():
            if match := FOLIO.fullmatch(line.text.strip()):
                found.append((line, int(match[match.lastindex or 1]) - page))
    steps = Counter(step for _, step in found)
    return {
        id(line) for line, step in found
        if at_edge(line) and (DECORATED.search(line.text) or steps[step] * 2 > len(by_page))
    }


# Tables ---------------------------------------------------------------------------------------------

def mark_tables(lines: list[Line]) -> None:
    """Give the lines of tables without rules their cells; text in a frame of one column is no table."""
    for (_, boxed, gapped), group in groupby(lines, key=kind_of):
        block = list(group)
        if boxed and len({round(box[0]) for line in block for box in line.boxes}) < 2:
            for line in block:
                line.boxes = []
        elif gapped:
            mark_table(block)


def kind_of(line: Line) -> tuple[int, bool, bool]:
    """Page of a line, whether it stands in boxes, and else whether it has wide gaps."""
    return line.page, bool(line.boxes), not line.boxes and len(line.runs) > 1


def mark_table(block: list[Line]) -> None:
    """Give the lines of one table their cells, where its columns agree."""
    most = max((len(line.runs) for line in block), default=0)
    if len(block) < 2 or most > MOST_COLUMNS:
        return
    columns = columns_of([line for line in block if len(line.runs) == most])
    if len(columns) < 2:
        return
    found = [[(*spread(run, columns), run) for run in line.runs] for line in block]
    # Two runs in one column: these are not the columns.
    if all(len({cell[0] for cell in cells}) == len(cells) for cells in found):
        for line, cells in zip(block, found, strict=True):
            line.cells = cells


def columns_of(lines: Iterable[Line]) -> list[tuple[float, float]]:
    """The columns of lines: runs that overlap from line to line, taken together."""
    columns: list[tuple[float, float]] = []
    for left, right in sorted((run.left, run.right) for line in lines for run in line.runs):
        if columns and left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(right, columns[-1][1])
        else:
            columns.append((left, right))
    return columns


def spread(run: Run, columns: list[tuple[float, float]]) -> tuple[int, int]:
    """The first column a run lies in or nearest to, and over how many it lies."""
    over = [index for index, (left, right) in enumerate(columns) if run.left < right and left < run.right]
    if over:
        return over[0], len(over)
    middle = (run.left + run.right) / 2
    return min(range(len(columns)), key=lambda index: abs(sum(columns[index]) / 2 - middle)), 1


def table_at(lines: list[Line], index: int) -> list[Line]:
    """The lines of the table that begins at an index; empty where none does."""
    table: list[Line] = []
    page, ruled = lines[index].page, bool(lines[index].boxes)
    for line in islice(lines, index, None) if ruled or lines[index].cells else ():
        if line.page != page or bool(line.boxes) != ruled or not (line.boxes or line.cells):
            break
        table.append(line)
    return table


def drafts_of(table: list[Line]) -> list[Draft]:
    """The cells of a table, a row for each line."""
    return [
        Draft(run.text, row, column, 1, columns)
        for row, line in enumerate(table) for column, columns, run in line.cells
    ]


# Paragraphs -----------------------------------------------------------------------------------------

def measured(lines: list[Line]) -> dict[int, Measure]:
    """The type area for each width of page."""
    by_width: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_width[round(line.width)].append(line)
    return {width: measure(own) for width, own in by_width.items()}


def measure(lines: list[Line]) -> Measure:
    """The type area of lines: where long ones begin and end, body size and line step."""
    em = median(line.em for line in lines)
    longest = max(line.right - line.left for line in lines)
    long = [line for line in lines if line.right - line.left > 0.75 * longest]
    left = Counter(round(line.left) for line in long)
    # Paragraphs begin further in, so the margin is the leftmost place that is not a single slip.
    margin = min(place for place, count in left.items() if count * 20 >= len(long))
    right = sorted(line.right for line in long)[int(len(long) * 0.95)]
    steps = [above.middle - below.middle for above, below in zip(lines, lines[1:], strict=False)
             if above.page == below.page and above.middle > below.middle]
    step = median(steps) if steps else em
    begun = sum(1.2 * em <= line.left - margin <= 3.2 * em for line in lines)
    parted = sum(gap > SPACED * step for gap in steps)
    return Measure(margin, right, em, step, begun * 20 >= len(lines), parted * 20 >= len(lines))


def goes_on(line: Line, following: Line, measures: dict[int, Measure]) -> bool:
    """Whether a paragraph, or a title, goes on from one line in the next."""
    if following.cells or following.boxes or abs(line.em - following.em) > 0.15 * line.em:
        return False
    area, beside = measures[round(line.width)], line.page == following.page
    if beside and is_title(line, area) and is_title(following, area):
        return not ENDED.search(line.text) and not following.text.startswith(("—", "（", "("))
    gap = line.middle - following.middle if beside else 0
    if gap > (SPACED if area.spaced else APART) * area.step:
        return False
    other = measures[round(following.width)]
    if not is_full(line, following, area) or following.left >= other.left + INDENT * other.em:
        return False
    if area.indented or (area.spaced and beside):
        return True
    return not (ENDED.search(line.text) or LABEL.match(following.text))


def is_full(line: Line, following: Line, area: Measure) -> bool:
    """Whether the first word of the next line would not have fitted on this one."""
    token = TOKEN.match(following.text)
    room = sum(0.5 if letter.isascii() else 1 for letter in token[0]) if token else 1
    return line.right + room * area.em >= area.right - FULL * area.em


def is_title(line: Line, area: Measure) -> bool:
    """Whether a line is set larger than the body, in the middle of the page."""
    middle = (line.left + line.right) / 2
    return line.em > 1.15 * area.em and abs(middle - (area.left + area.right) / 2) < 1.5 * line.em
