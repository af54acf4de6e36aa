"""The characters of a pdf and where they stand. A program of its own: pdf in, glyphs out.

pdfium is C++ and reads files from strangers. Apart it can use up its memory and time, or crash, and the
caller loses nothing; nor does the caller need a lock, though pdfium allows one thread only.

Out: a line of JSON, {"pages": [[width, height, glyphs], …], "lost": pieces of text pdfium passed over} or
{"error": "locked" | "broken" | "long" | "memory"}, then six floats for each glyph: code point, left, bottom,
right, top, quarter turns (0 to 3, or -1 for a slanted glyph).
"""

import ctypes
import json
import math
import sys
from array import array

import pypdfium2_raw as pdfium

try:
    import resource
except ImportError:  # Windows knows no such limits; the caller's timeout remains
    resource = None  # type: ignore[assignment]

MOST_MEMORY = 1536 * 1024 * 1024
MOST_SECONDS = 60
MOST_PAGES = 3000
MOST_GLYPHS = 2_000_000
PASSWORD_WANTED = 4


def limit() -> None:
    """Bound what this process may use."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def glyphs(page: object, box: pdfium.FS_RECTF) -> "array[float]":
    """The glyphs of a page, as flat floats."""
    found = array("f")
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        return found
    code, generated = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_IsGenerated
    place, angle, where = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharAngle, ctypes.byref(box)
    for index in range(min(pdfium.FPDFText_CountChars(text), MOST_GLYPHS + 1)):
        letter = code(text, index)
        # pdfium adds blanks and line ends of its own; where they are is ours to say.
        if (letter <= 32 and generated(text, index) == 1) or not place(text, index, where):
            continue
        turns = angle(text, index) / (math.pi / 2)
        quarter = round(turns) % 4 if abs(turns - round(turns)) < 0.02 else -1
        found.extend((letter, box.left, box.bottom, box.right, box.top, quarter))
    pdfium.FPDFText_ClosePage(text)
    return found


def lost(page: object, edges: "array[float]") -> int:
    """How many pieces of text without a width, in a font the file does not hold: pdfium leaves these out.

    A piece of one character has none where the machine has no font to stand in for it.
    """
    count = 0
    parts = [ctypes.byref(ctypes.c_float.from_buffer(edges, 4 * part)) for part in range(4)]
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        piece = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(piece) != pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        if pdfium.FPDFPageObj_GetBounds(piece, *parts) and edges[0] == edges[2]:
            font = pdfium.FPDFTextObj_GetFont(piece)
            count += bool(font) and pdfium.FPDFFont_GetIsEmbedded(font) == 0
    return count


def pages(data: bytes) -> tuple[dict[str, object], list["array[float]"]]:
    """What is to be written out: the head, and the glyphs of each page."""
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        return {"error": "locked" if pdfium.FPDF_GetLastError() == PASSWORD_WANTED else "broken"}, []
    count = pdfium.FPDF_GetPageCount(document)
    sizes: list[tuple[float, float, int]] = []
    found: list[array[float]] = []
    box, edges, passed_over = pdfium.FS_RECTF(), array("f", (0, 0, 0, 0)), 0
    for index in range(count):
        page = pdfium.FPDF_LoadPage(document, index)
        if not page:
            continue
        found.append(glyphs(page, box))
        passed_over += lost(page, edges)
        sizes.append((pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page), len(found[-1]) // 6))
        pdfium.FPDF_ClosePage(page)
        if index >= MOST_PAGES or sum(size[2] for size in sizes) > MOST_GLYPHS:
            return {"error": "long"}, []
    return ({"pages": sizes, "lost": passed_over} if count else {"error": "broken"}), found


def main() -> None:
    """Read a pdf from standard input, write its glyphs to standard output."""
    limit()
    try:
        head, found = pages(sys.stdin.buffer.read())
    except MemoryError:
        head, found = {"error": "memory"}, []
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    for page in found:
        sys.stdout.buffer.write(page.tobytes())


if __name__ == "__main__":
    main()
