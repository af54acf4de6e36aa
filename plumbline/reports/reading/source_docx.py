"""Word documents: paragraphs, automatic numbers, tables and text boxes, in the order they are read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from plumbline.kernel import Finding
from plumbline.reports.reading.source import Source, bad, remark
from plumbline.reports.reading.source_numbering import Numbering, W, numbering, value, whole
from plumbline.reports.reading.source_package import DAMAGED, Package, kind, opened
from plumbline.reports.reading.source_page import Draft, Page
from plumbline.reports.reading.source_text import check_letters

TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}"
# What a reader of the final version does not see.
UNSEEN = {
    f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}pPr", f"{W}rPr", f"{W}tblPr", f"{W}trPr",
    f"{W}tcPr", f"{W}sectPr", f"{W}rt", f"{W}sdtPr", f"{W}footnotePr",
}
CHARACTERS = {
    f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": " ",
}
OFF = ("0", "false", "off", "none")
# A line broken by hand goes on in the next where it ends no sentence and the next begins nothing new.
ENDED = re.compile(r"[。！？!?；;：:]$")
BEGUN = re.compile(
    r"[\s\u3000—]|[一二三四五六七八九十]{1,3}[、是]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d)"
)
MOST_COLUMNS = 200


@dataclass(slots=True)
class Writer:
    """A document being written down on a page."""

    page: Page
    lists: Numbering
    boxes: list[etree._Element] = field(default_factory=list)
    held: str = ""

    def blocks(self, parent: etree._Element) -> None:
        """Paragraphs and tables of a body, a cell or a text box."""
        for child in blocks_of(parent):
            if child.tag == f"{W}tbl":
                self.table(child)
            else:
                self.paragraph(child)
            boxes, self.boxes = self.boxes, []
            for box in boxes:
                self.blocks(box)
        self.flush()

    def paragraph(self, paragraph: etree._Element) -> None:
        """A paragraph as a line; several where it holds line breaks."""
        text = self.text_of(paragraph)
        if mark_deleted(paragraph):
            self.held += text
            return
        # An empty paragraph of a list counts, though there is nothing to write.
        label = self.lists.label(paragraph)
        self.held += text
        if self.held.strip():
            self.held = label + self.held
        self.flush()

    def flush(self) -> None:
        """Write what has been gathered of a paragraph."""
        held, self.held = self.held, ""
        lines = [line for line in held.split("\n") if line.strip()]
        for index, line in enumerate(lines):
            self.page.line(line)
            if index + 1 < len(lines) and broken_by_hand(line, lines[index + 1]):
                self.page.breaks.add(self.page.lines)

    def text_of(self, element: etree._Element) -> str:
        """The printed text of a paragraph; text boxes in it are put by for later."""
        pieces: list[str] = []
        for piece in printed(element):
            if isinstance(piece, str):
                pieces.append(piece)
            else:
                self.boxes.append(piece)
        return "".join(pieces)

    def table(self, table: etree._Element) -> None:
        """A table, or its paragraphs where it only frames them."""
        rows = [row for row in rows_of(table) if row.find(f"{W}trPr/{W}del") is None]
        framed = table.find(f".//{W}tc//{W}tbl") is not None or all(len(cells_of(row)) <= 1 for row in rows)
        if framed:
            for row in rows:
                for cell in cells_of(row):
                    self.blocks(cell)
            return
        self.flush()
        drafts = self.drafts(rows)
        heads = sum(1 for row in rows if on(row.find(f"{W}trPr/{W}tblHeader")))
        self.page.table(drafts, heads or None)

    def drafts(self, rows: list[etree._Element]) -> list[Draft]:
        """The cells of a table in a grid; a vertical merge is one cell over several rows."""
        drafts: list[Draft] = []
        above: dict[int, int] = {}
        for index, row in enumerate(rows):
            column = min(whole(row.find(f"{W}trPr/{W}gridBefore"), 0), MOST_COLUMNS)
            for cell in cells_of(row):
                width = max(1, min(whole(cell.find(f"{W}tcPr/{W}gridSpan"), 1), MOST_COLUMNS))
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and value(merge) != "restart" and column in above:
                    at = above[column]
                    top = drafts[at]
                    drafts[at] = Draft(top.text, top.row, top.column, index - top.row + 1, top.columns)
                else:
                    drafts.append(Draft(self.cell(cell), index, column, 1, width))
                    above[column] = len(drafts) - 1
                column += width
        return drafts

    def cell(self, cell: etree._Element) -> str:
        """The text of a cell, its paragraphs parted by a blank."""
        return " ".join(filter(None, (
            (self.lists.label(block) + self.text_of(block)).strip() for block in blocks_of(cell)
        )))


def read(data: bytes, where: str) -> Source:
    """A docx: paragraphs with their numbers, tables, text boxes; as it reads with all changes accepted."""
    package = opened(data, where)
    kind(package)
    main = main_part(package)
    body = of_office(package, main, where)
    body = None if body is None else body.find(f"{W}body")
    if body is None:
        raise bad("damaged", where, f"里面没有正文；{DAMAGED}")
    folder = main.rpartition("/")[0]
    lists = numbering(of_office(package, f"{folder}/numbering.xml", where),
                      of_office(package, f"{folder}/styles.xml", where))
    writer = Writer(Page(where), lists)
    writer.blocks(body)
    source = writer.page.source("docx", known=True)
    if not source.text.strip():
        raise bad("empty", where, "文档里没有文字；如果内容是图片，请先做文字识别（OCR）再上传")
    check_letters(source.text, where)
    notes = (*source.findings, *remarks(package, folder, body, where))
    return Source(where, "docx", source.text, source.tables, source.breaks, notes)


def broken_by_hand(line: str, following: str) -> bool:
    """Whether a line break inside a paragraph is only layout, as in a long title."""
    return not (ENDED.search(line.rstrip()) or BEGUN.match(line) or BEGUN.match(following))


def main_part(package: Package) -> str:
    """The name of the part that holds the body."""
    relations = package.tree("_rels/.rels")
    for relation in () if relations is None else relations.iter(f"{RELATION}Relationship"):
        target = relation.get("Target", "").lstrip("/")
        if relation.get("Type", "").endswith("/officeDocument") and target in package.parts:
            return target
    return "word/document.xml"


def of_office(package: Package, part: str, where: str) -> etree._Element | None:
    """The tree of a part; the strict form of the standard is read as the usual one."""
    tree = package.tree(part)
    if tree is not None and STRICT.decode() in tree.nsmap.values():
        renamed = etree.tostring(tree).replace(STRICT, TRANSITIONAL)
        tree = etree.fromstring(renamed, etree.XMLParser(resolve_entities=False, no_network=True))
    return tree


def blocks_of(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables directly in a body or cell, through wrappers that print nothing themselves."""
    for child in parent:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
            yield from blocks_of(child)
        elif child.tag == f"{COMPATIBLE}AlternateContent":
            yield from blocks_of(chosen(child))


def rows_of(table: etree._Element) -> list[etree._Element]:
    """The rows of a table, not those of tables in its cells."""
    return list(wrapped(table, f"{W}tr"))


def cells_of(row: etree._Element) -> list[etree._Element]:
    """The cells of a row that are not deleted."""
    return [cell for cell in wrapped(row, f"{W}tc") if cell.find(f"{W}tcPr/{W}cellDel") is None]


def wrapped(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Children of a tag, also within content controls and insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from wrapped(child, tag)


def printed(element: etree._Element) -> Iterator[str | etree._Element]:
    """The pieces of text of a paragraph in order, and the text boxes anchored in it."""
    for child in element:
        tag = child.tag
        if tag == f"{W}t" or tag == f"{MATH}t":
            yield child.text or ""
        elif tag in CHARACTERS:
            yield CHARACTERS[tag]
        elif tag == f"{W}sym":
            yield symbol(child)
        elif tag == f"{W}txbxContent":
            yield child
        elif tag == f"{COMPATIBLE}AlternateContent":
            yield from printed(chosen(child))
        elif tag not in UNSEEN and not (tag == f"{W}r" and on(child.find(f"{W}rPr/{W}vanish"))):
            yield from printed(child)


def chosen(alternatives: etree._Element) -> etree._Element:
    """One of several forms of the same content; they say the same, so one is enough."""
    choice = alternatives.find(f"{COMPATIBLE}Choice")
    if choice is None or choice.find(f".//{W}t") is None:
        fallback = alternatives.find(f"{COMPATIBLE}Fallback")
        choice = fallback if fallback is not None else choice
    return choice if choice is not None else alternatives.makeelement("nothing")


def symbol(element: etree._Element) -> str:
    """A character given by number; those of symbol fonts have no meaning without the font."""
    code = str(element.get(f"{W}char", ""))
    number = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) else 0
    return chr(number) if number >= 32 and not 0xD800 <= number <= 0xF8FF else ""


def mark_deleted(paragraph: etree._Element) -> bool:
    """Whether the end of a paragraph is a tracked deletion, so that the next one joins it."""
    return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None


def on(element: etree._Element | None) -> bool:
    """Whether a switch is set: there, and not said to be off."""
    return element is not None and value(element) not in OFF


def remarks(package: Package, folder: str, body: etree._Element, where: str) -> list[Finding]:
    """What was left out of the text, for the reader to know."""
    notes = []
    for part, tag, word in (("footnotes", "footnoteReference", "脚注"), ("endnotes", "endnoteReference", "尾注")):
        if f"{folder}/{part}.xml" in package.parts and (count := sum(1 for _ in body.iter(f"{W}{tag}"))):
            notes.append(remark(part, where, f"有 {count} 条{word}，没有读入正文；其中如有数据请写进正文"))
    changes = sum(1 for _ in body.iter(f"{W}del", f"{W}ins", f"{W}moveFrom"))
    if changes:
        notes.append(remark("changes", where, f"有 {changes} 处修订还没有接受，已按“全部接受”读取；请核对是不是定稿"))
    return notes
