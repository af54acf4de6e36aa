"""Files for the tests of sources, made by hand: a pdf with a text layer, a docx from its XML."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)

# Where a piece of text stands: (text, x, y, size).
Piece = tuple[str, float, float, float]


def pdf(pages: Sequence[Iterable[Piece]], mapped: bool = True, turn: int = 0, packed: bool = False,
        padded: bool = True, drawn: str = "") -> bytes:
    """A pdf whose pages hold pieces of text, in a font without glyphs: only its text layer says anything.

    mapped  whether the font says which characters its glyphs are
    padded  a blank behind a single character, since pdfium passes over one glyph that has no outline
    drawn   operators that draw rules on every page
    """
    pages = [[(text + " " * (padded and len(text) == 1), *rest) for text, *rest in page] for page in pages]
    letters = sorted({letter for page in pages for piece in page for letter in piece[0]})
    code = {letter: number for number, letter in enumerate(letters, start=1)}
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects += font(code, mapped)
    kids = []
    for page in pages:
        kids.append(len(objects) + 1)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate {turn} "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {len(objects) + 2} 0 R >>"
        )
        objects.append(stream("\n".join([drawn, *(show(piece, code) for piece in page)]), packed))
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>"
    return assembled(objects)


def show(piece: Piece, code: dict[str, int]) -> str:
    """The operators that print a piece of text."""
    text, left, bottom, size = piece
    return f"BT /F1 {size} Tf 1 0 0 1 {left} {bottom} Tm <{''.join(f'{code[letter]:04X}' for letter in text)}> Tj ET"


def font(code: dict[str, int], mapped: bool) -> list[str]:
    """The objects of the font: from number 3 on."""
    widths = " ".join(f"{number} [{500 if ord(letter) < 256 else 1000}]" for letter, number in code.items())
    pairs = [f"<{number:04X}> <{letter.encode('utf-16-be').hex()}>" for letter, number in code.items()]
    blocks = [pairs[at:at + 100] for at in range(0, len(pairs), 100)]
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        + "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        + "\nendcmap end end"
    )
    unicode = " /ToUnicode 4 0 R" if mapped else ""
    return [
        f"<< /Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H /DescendantFonts [5 0 R]{unicode} >>",
        stream(cmap, packed=False),
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Own /CIDSystemInfo << /Registry (Adobe) /Ordering "
        f"(Identity) /Supplement 0 >> /FontDescriptor 6 0 R /DW 1000 /W [{widths}] >>",
        "<< /Type /FontDescriptor /FontName /Own /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>",
    ]


def stream(text: str, packed: bool) -> str:
    """A stream object; packed ones as Latin-1 of their bytes."""
    data = zlib.compress(text.encode()) if packed else text.encode()
    kind = " /Filter /FlateDecode" if packed else ""
    return f"<< /Length {len(data)}{kind} >>\nstream\n{data.decode('latin-1')}\nendstream"


def assembled(objects: Sequence[str], trailer: str = "") -> bytes:
    """Objects as a file, with the table of where they begin."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return out + (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R{trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    ).encode()


def typeset(paragraphs: Iterable[str], width: int = 28, lines: int = 22, indent: int = 2) -> list[list[Piece]]:
    """Paragraphs as a typesetter lays them out: 16 points, first lines indented, pages of so many lines."""
    rows: list[tuple[str, int]] = []
    for paragraph in paragraphs:
        line, first, room = "", indent, float(width - indent)
        for word in re.findall(r"[!-~]+|.", paragraph):
            size = len(word) * (0.5 if word.isascii() else 1)
            if size > room:
                rows.append((line, first))
                line, first, room = "", 0, float(width)
            line, room = line + word, room - size
        rows.append((line, first))
    return [
        [(text, 70 + 16 * first, 740 - 28 * index, 16) for index, (text, first) in enumerate(rows[at:at + lines])]
        for at in range(0, len(rows), lines)
    ]


def docx(body: str, numbering: str = "", styles: str = "", **parts: str) -> bytes:
    """A docx from the XML inside its w:body, w:numbering and w:styles, and of other parts of word/."""
    files = {"[Content_Types].xml": TYPES, "word/document.xml": xml("document", f"<w:body>{body}</w:body>")}
    if numbering:
        files["word/numbering.xml"] = xml("numbering", numbering)
    if styles:
        files["word/styles.xml"] = xml("styles", styles)
    return zipped(files | {f"word/{name}.xml": xml(name, content) for name, content in parts.items()})


def xml(name: str, content: str) -> str:
    """An XML part of Word."""
    spaces = (
        f'{W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {spaces}>{content}</w:{name}>'


def zipped(files: dict[str, str | bytes]) -> bytes:
    """A zip of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def p(text: str, properties: str = "") -> str:
    """A paragraph."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def tc(text: str, properties: str = "") -> str:
    """A cell of a table."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"
