"""Web pages: the body as lines, without scripts, styles and what is marked as navigation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from plumbline.kernel import BadInput
from plumbline.reports.reading import source_text
from plumbline.reports.reading.source import Source, bad
from plumbline.reports.reading.source_page import Draft, Page, tidy

UNSEEN = {
    "script", "style", "noscript", "template", "head", "title", "meta", "link", "nav", "footer", "aside", "svg",
    "iframe", "object", "embed", "select", "option", "button", "input", "textarea", "canvas", "audio", "video", "map",
    "rt", "rp", "del", "s", "strike", "dialog",
}
ROLES = {"navigation", "search", "menu", "menubar", "toolbar", "contentinfo"}
NAVIGATION = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|crumbs?|footer|sidebar|toolbar|share|pagination)(?:$|[\s_-])",
    re.IGNORECASE,
)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
BLOCKS = {
    "address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption", "br",
}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
CHARSET = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
XML_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_.-]{1,40})["']""", re.IGNORECASE)
MOST_SPAN = 100
MOST_TAGS = 1_000_000
DEEP = "网页标签层层嵌套或过于繁多，超出正常网页；请在浏览器中打开后复制正文到 txt 再上传"
MOST_CELLS = 100_000
MOST_KEPT = 20
LAYOUT_LETTERS = 400


def read(data: bytes, where: str) -> Source:
    """A web page: its blocks as lines, its tables as rows."""
    root = tree(decoded(data, where), where)
    if root is None:
        raise bad("empty", where, "网页里没有文字；请在浏览器中打开原文，另存为完整网页或复制到 txt 后再上传")
    page = Page(where)
    Walker(page, letters(root)).walk(root)
    source = page.source("html", known=False)
    if not source.text.strip():
        raise bad("empty", where, "网页里没有文字（可能由脚本生成）；请在浏览器中打开后复制正文到 txt 再上传")
    source_text.check_letters(source.text, where)
    return source


def decoded(data: bytes, where: str) -> str:
    """The characters of a page: as those of a txt, else by the encoding it declares.

    What a page declares comes second, since it is often wrong after copying and bytes seldom mislead.
    A few bytes gone astray in a long page lose a few characters, not the report.
    """
    try:
        return source_text.decoded(data, where)
    except BadInput:
        named = CHARSET.search(data[:4096]) or XML_ENCODING.search(data[:4096])
        encodings = ("gb18030", "utf-8") if named is None else (named[1].decode("ascii"), "gb18030", "utf-8")
        for encoding in encodings:
            text = mended(data, encoding)
            if "\x00" not in text and source_text.CHINESE.search(text) and text.count("\ufffd") * 500 < len(text):
                return text
        raise


def mended(data: bytes, encoding: str) -> str:
    """The characters in an encoding, `\ufffd` where there is none; nothing where it is no encoding of text."""
    try:
        return data.decode(encoding, "replace")
    except (LookupError, UnicodeError):
        return ""


def tree(text: str, where: str) -> etree._Element | None:
    """The elements of a page; the parser mends what is not closed."""
    if text.count("<") > MOST_TAGS:
        raise bad("deep", where, DEEP)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise bad("deep", where, DEEP)
    return root


@dataclass(slots=True)
class Walker:
    """A page being written down: what is gathered of the line at hand, and how much to leave out."""

    page: Page
    letters: int
    gathered: list[str] = field(default_factory=list)
    kept: int = 0

    def walk(self, root: etree._Element) -> None:
        """Write the blocks of an element as lines; tables as rows unless they only lay out the page."""
        steps = etree.iterwalk(root, events=("start", "end"))
        for event, element in steps:
            if event == "end":
                self.leave(element, element is root)
            elif self.enter(element):
                steps.skip_subtree()
        self.flush()

    def enter(self, element: etree._Element) -> bool:
        """Begin an element; whether what is in it is done with."""
        if element.tag in BLOCKS:
            self.flush()
        if self.unseen(element):
            return True
        if element.tag == "table" and not is_layout(element):
            self.table(element)
            return True
        self.gather(element.text, element)
        return False

    def leave(self, element: etree._Element, last: bool) -> None:
        """End an element, and go on with the text behind it."""
        if element.tag in BLOCKS:
            self.flush()
        if not last:
            self.gather(element.tail, element.getparent())

    def gather(self, text: str | None, inside: etree._Element) -> None:
        """Add text to the line at hand; in preformatted text a line end is one."""
        if not text:
            return
        if "\n" in text and text.strip() and next(inside.iterancestors("pre"), inside).tag == "pre":
            first, *rest = text.split("\n")
            self.gathered.append(first)
            for line in rest:
                self.flush()
                self.gathered.append(line)
        else:
            self.gathered.append(text)

    def flush(self) -> None:
        """Write the line at hand."""
        if self.gathered:
            self.page.line("".join(self.gathered))
            self.gathered.clear()

    def unseen(self, element: etree._Element) -> bool:
        """Whether an element is hidden, or marked as navigation and not most of the page."""
        if element.tag in UNSEEN or element.get("hidden") is not None or HIDDEN.search(element.get("style", "")):
            return True
        marks = f"{element.get('class', '')} {element.get('id', '')}"
        if element.get("role", "") not in ROLES and not NAVIGATION.search(marks):
            return False
        if element.tag in ("body", "html") or self.kept >= MOST_KEPT:
            return False
        small = letters(element) * 2 < self.letters
        self.kept += not small
        return small

    def table(self, table: etree._Element) -> None:
        """The rows of a table, its caption before them."""
        for caption in table.iterchildren("caption"):
            self.page.line(inner(caption))
        rows = list(rows_of(table))
        self.page.table(drafts(rows, self.page.where), heads(rows))


def letters(element: etree._Element) -> int:
    """How much text an element holds."""
    return sum(len(text.strip()) for text in element.itertext())


def is_layout(table: etree._Element) -> bool:
    """Whether a table only places things on the page: nested, of one column, or with an article in a cell."""
    if table.get("role") in ("presentation", "none") or next(table.iterdescendants("table"), None) is not None:
        return True
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows_of(table)]
    if all(len(cells) < 2 for cells in rows):
        return True
    return any(letters(cell) > LAYOUT_LETTERS and more_than_two(cell) for cells in rows for cell in cells)


def more_than_two(cell: etree._Element) -> bool:
    """Whether a cell holds more than two paragraphs."""
    return len(list(islice(cell.iter("p", "div", "br", *HEADINGS), 3))) > 2


def rows_of(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, in its sections or directly in it."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from child.iterchildren("tr")


def drafts(rows: list[etree._Element], where: str) -> list[Draft]:
    """The cells of rows in a grid; `covered` holds, for a column, the first row free again."""
    cells: list[Draft] = []
    covered: dict[int, int] = {}
    for index, row in enumerate(rows):
        column = 0
        for cell in row.iterchildren("td", "th"):
            while covered.get(column, 0) > index:
                column += 1
            width = span(cell.get("colspan"), MOST_SPAN)
            height = span(cell.get("rowspan"), len(rows) - index)
            cells.append(Draft(inner(cell), index, column, height, width))
            covered |= dict.fromkeys(range(column, column + width), index + height)
            column += width
        if len(cells) > MOST_CELLS:
            raise bad("long", where, f"有表格超过 {MOST_CELLS} 格；请只保留报告正文再上传")
    return cells


def span(said: str | None, most: int) -> int:
    """How many rows or columns a cell covers; 0 means all there are."""
    said = (said or "1").strip()
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 1
    return max(1, min(number or most, most))


def heads(rows: list[etree._Element]) -> int | None:
    """How many rows at the top are headings: those in thead, else those of th alone."""
    count = 0
    for row in rows:
        parent = row.getparent()
        only_heads = len(row) > 0 and all(cell.tag == "th" for cell in row)
        if not only_heads and (parent is None or parent.tag != "thead"):
            break
        count += 1
    return count or None


def inner(element: etree._Element) -> str:
    """The text of an element on one line, blocks parted by a blank."""
    pieces: list[str] = []
    steps = etree.iterwalk(element, events=("start", "end"))
    for event, child in steps:
        blank = " " if child.tag in BLOCKS else ""
        if event == "end":
            pieces.append(blank + ((child.tail or "") if child is not element else ""))
        elif child.tag in UNSEEN:
            steps.skip_subtree()
        else:
            pieces.append(blank + (child.text or ""))
    return tidy("".join(pieces))
