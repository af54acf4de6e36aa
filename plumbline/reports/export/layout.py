"""The layout of an official document, in the measures every export shares.

GB/T 9704-2012: A4; margins 37 mm above and 28 mm at the binding; 22 lines of 28 characters fill 156 x 225 mm. Twips are
twentieths of a point. The pitch is 28.95 pt: at 29 pt the 22nd line is 0.2 pt too low for a word processor.
"""

from dataclasses import dataclass, replace

from plumbline.kernel.paper import Paper, Paragraph
from plumbline.kernel.printing import day_name

# all in twips
PAGE = (11906, 16838)
TOP, RIGHT, BOTTOM, LEFT = 2098, 1474, 1985, 1588
PITCH = 579
CHARACTERS = 28
# 442.2 pt for 28 characters of 16 pt: each is set a quarter of a point closer. A grid of characters would say the same
# to Word, but LibreOffice makes 18 characters a line of it
TYPE_WIDTH = PAGE[0] - LEFT - RIGHT
CLOSER = -5
# 三号, in half points
BODY_SIZE = 32
# a character of the body, with that
CHARACTER = TYPE_WIDTH // CHARACTERS
# page number: 四号; its line begins 7 mm below the type area
NUMBER_SIZE = 28
FOOT = BOTTOM - 397 - NUMBER_SIZE * 10
HEAD = 1134
NUMBER_INDENT = NUMBER_SIZE * 10

FANGSONG, KAITI, HEITI = "仿宋_GB2312", "楷体_GB2312", "黑体"
TITLE, SONGTI = "方正小标宋简体", "宋体"


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of paragraph is set.

    style   name of the style in Word; `outline` its level there (0 to 8), None outside the outline
    font    name of the typeface, in every slot
    size    in half points
    align   both | center | right
    indent  first line, in characters
    before  blank lines above
    after   blank lines below
    keep    on one page with what follows
    """

    style: str
    font: str = FANGSONG
    size: int = 32
    align: str = "both"
    indent: int = 2
    before: int = 0
    after: int = 0
    outline: int | None = None
    keep: bool = False


LOOKS = {
    "title": Look("Title", TITLE, 44, "center", 0, after=1, keep=True),
    "subtitle": Look("Subtitle", KAITI, align="center", indent=0, after=1, keep=True),
    "heading1": Look("heading 1", HEITI, outline=0, keep=True),
    "heading2": Look("heading 2", KAITI, outline=1, keep=True),
    "heading3": Look("heading 3", outline=2),
    "heading4": Look("heading 4", outline=3),
    "body": Look("Body Text"),
    "note": Look("Note"),
    "signature": Look("Signature", align="right", indent=0, before=2, keep=True),
    "date": Look("Date", align="right", indent=0),
}
# the date ends four characters from the right edge; the issuer stands above its middle
DATE_INDENT = 4


def whole(paper: Paper) -> Paper:
    """The paper with what every official document has: its title first, issuer and date last, where they are not yet."""
    kinds = {paragraph.kind for paragraph in paper.paragraphs}
    before = [] if "title" in kinds or not paper.title else [Paragraph("title", paper.title)]
    after = []
    if not kinds & {"signature", "date"} and paper.issuer and paper.delivered_on:
        after = [Paragraph("signature", paper.issuer), Paragraph("date", day_name(paper.delivered_on))]
    return replace(paper, paragraphs=(*before, *paper.paragraphs, *after)) if before or after else paper


def width(text: str) -> float:
    """Width of a text in characters; a letter or digit of ASCII takes half of one.

    >>> width("2025年7月15日")
    6.5
    """
    return sum(0.5 if c < "\u0080" else 1 for c in text)


def signed(paragraphs: tuple[Paragraph, ...]) -> dict[int, int]:
    """Right indents, in twips, of issuer and date by their place: the date 4 characters in, the issuer centred on it.

    Where the issuer is so long that it would pass the edge, both move left together.
    """
    indents = {}
    for n, paragraph in enumerate(paragraphs):
        if paragraph.kind not in ("signature", "date"):
            continue
        after = next((each.text for each in paragraphs[n + 1:n + 2] if each.kind == "date"), "")
        above = next((each.text for each in paragraphs[max(n - 1, 0):n] if each.kind == "signature"), "")
        date, issuer = (after, paragraph.text) if paragraph.kind == "signature" else (paragraph.text, above)
        more = (width(issuer) - width(date)) / 2 if date and issuer else 0.0
        edge = max(float(DATE_INDENT), more)
        indents[n] = round((edge - more if paragraph.kind == "signature" else edge) * CHARACTER)
    return indents
