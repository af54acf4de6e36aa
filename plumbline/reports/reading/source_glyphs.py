"""The characters of a pdf and where they stand. A program of its own: pdf in, glyphs out.

pdfium is C++ and reads files from strangers. Apart it can use up its memory and time, or crash, and the
caller loses nothing; nor does the caller need a lock, though pdfium allows one thread only.

Out: a line of JSON, then six floats for each glyph: code point, left, bottom, right, top, quarter turns
(0 to 3, or -1 for a slanted glyph). The line is {"error": "locked" | "broken" | "long" | "memory"} or
{"pages": [[width, height, glyphs, rules], …], "lost": pieces of text pdfium passed over}; rules are the
lines drawn across or down the page, as of tables: [left, bottom, right, top].
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
MOST_GLYPHS = 1_000_000
MOST_RULES = 5000
THIN = 3
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


class Objects:
    """What stands on a page beside its text: rules, and text that pdfium passed over."""

    def __init__(self) -> None:
        self.rules: list[tuple[float, ...]] = []
        self.lost = 0
        self.edges = [ctypes.c_float() for _ in range(4)]
        self.to_edges = [ctypes.byref(edge) for edge in self.edges]

    def look(self, page: object) -> None:
        """Go through the objects of a page."""
        self.rules = []
        for index in range(pdfium.FPDFPage_CountObjects(page)):
            thing = pdfium.FPDFPage_GetObject(page, index)
            kind = pdfium.FPDFPageObj_GetType(thing)
            if kind not in (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH):
                continue
            if not pdfium.FPDFPageObj_GetBounds(thing, *self.to_edges):
                continue
            left, bottom, right, top = (edge.value for edge in self.edges)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self.lost += left == right and not is_embedded(thing)
            elif len(self.rules) < MOST_RULES:
                thin = min(right - left, top - bottom) < THIN
                self.rules += [(left, bottom, right, top)] if thin else strokes(thing)


def is_embedded(text: object) -> bool:
    """Whether the file holds the font of a piece of text.

    Where it does not and the machine has none to stand in, a single character has no width, and is lost.
    """
    font = pdfium.FPDFTextObj_GetFont(text)
    return not font or pdfium.FPDFFont_GetIsEmbedded(font) != 0


def strokes(path: object) -> list[tuple[float, ...]]:
    """The straight lines of a path that is drawn, not filled: boxes, or a whole table in one path."""
    fill, stroke, matrix = ctypes.c_int(), ctypes.c_int(), pdfium.FS_MATRIX()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    if not stroke.value or not pdfium.FPDFPageObj_GetMatrix(path, ctypes.byref(matrix)):
        return []
    found, x, y = [], ctypes.c_float(), ctypes.c_float()
    first = last = (0.0, 0.0)
    for index in range(min(pdfium.FPDFPath_CountSegments(path), MOST_RULES)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = (matrix.a * x.value + matrix.c * y.value + matrix.e, matrix.b * x.value + matrix.d * y.value + matrix.f)
        ends = [(last, point)] if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO else []
        if ends and pdfium.FPDFPathSegment_GetClose(segment):
            ends.append((point, first))
        first, last = (first, point) if ends else (point, point)
        found += [(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])) for a, b in ends]
    return [rule for rule in found if min(rule[2] - rule[0], rule[3] - rule[1]) < THIN]


def pages(data: bytes) -> tuple[dict[str, object], list["array[float]"]]:
    """What is to be written out: the head, and the glyphs of each page."""
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        return {"error": "locked" if pdfium.FPDF_GetLastError() == PASSWORD_WANTED else "broken"}, []
    sizes: list[tuple[object, ...]] = []
    found: list[array[float]] = []
    box, objects, total = pdfium.FS_RECTF(), Objects(), 0
    for index in range(pdfium.FPDF_GetPageCount(document)):
        page = pdfium.FPDF_LoadPage(document, index)
        if not page:
            continue
        found.append(glyphs(page, box))
        objects.look(page)
        count = len(found[-1]) // 6
        total += count
        sizes.append((pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page), count, objects.rules))
        pdfium.FPDF_ClosePage(page)
        if index >= MOST_PAGES or total > MOST_GLYPHS:
            return {"error": "long"}, []
    return ({"pages": sizes, "lost": objects.lost} if sizes else {"error": "broken"}), found


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
