"""Parts of a Word package that no paper changes much: styles, settings, fonts, header, footers, properties."""

from lxml import etree

from plumbline.kernel.paper import Paper
from plumbline.reports.export.layout import (
    BODY_SIZE,
    CLOSER,
    FANGSONG,
    HEITI,
    KAITI,
    LOOKS,
    NUMBER_INDENT,
    NUMBER_SIZE,
    PITCH,
    SONGTI,
    TITLE,
    Look,
)
from plumbline.reports.export.package import clean, xml

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKED = "http://schemas.openxmlformats.org/package/2006"
CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
DUBLIN = "http://purl.org/dc/elements/1.1/"
FACTS = "urn:plumbline:facts:1"
NAMESPACES = {"w": MAIN, "r": RELATED}
W, R = f"{{{MAIN}}}", f"{{{RELATED}}}"
TYPES = "application/vnd.openxmlformats-officedocument."
WORD = f"{TYPES}wordprocessingml."
HEADS = (("even", "rId8"), ("default", "rId9"))
FEET = (("even", "rId6"), ("default", "rId5"))
# what stands in for a typeface where it is not installed: its English name, then its kind (panose, family, pitch)
FONTS = {
    FANGSONG: ("FangSong_GB2312", "02010609030101010101", "modern", "fixed"),
    KAITI: ("KaiTi_GB2312", "02010609030101010101", "modern", "fixed"),
    HEITI: ("SimHei", "02010609060101010101", "modern", "fixed"),
    TITLE: ("FZXiaoBiaoSong-B05S", "03000509000000000000", "script", "fixed"),
    SONGTI: ("SimSun", "02010600030101010101", "auto", "variable"),
}
PACKAGE = (
    ("rId1", f"{RELATED}/officeDocument", "word/document.xml"),
    ("rId2", f"{PACKED}/relationships/metadata/core-properties", "docProps/core.xml"),
    ("rId3", f"{RELATED}/extended-properties", "docProps/app.xml"),
)
ITEM = (("rId1", f"{RELATED}/customXmlProps", "itemProps1.xml"),)


def element(name: str, /, *children: etree._Element, **attributes: object) -> etree._Element:
    """An element of Word's main language, its attributes in the same."""
    made = etree.Element(f"{W}{name}", {f"{W}{key}": str(told) for key, told in attributes.items()}, nsmap=NAMESPACES)
    made.extend(children)
    return made


def run_properties(font: str, size: int) -> etree._Element:
    """Font in all four slots, and size in half points; characters of the body stand closer, 28 to a line."""
    slots = element("rFonts", hint="eastAsia", ascii=font, hAnsi=font, eastAsia=font, cs=font)
    closer = [element("spacing", val=CLOSER)] if size == BODY_SIZE else []
    return element("rPr", slots, *closer, element("sz", val=size), element("szCs", val=size))


def run(text: str, font: str, size: int) -> etree._Element:
    """A run of text; a line break is one."""
    made = element("r", run_properties(font, size))
    for n, line in enumerate(text.split("\n")):
        if n:
            made.append(element("br"))
        if line:
            made.append(element("t"))
            made[-1].text = line
            made[-1].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def reference(part: str, kind: str, key: str) -> etree._Element:
    """A section's header or footer."""
    made = element(f"{part}Reference", type=kind)
    made.set(f"{R}id", key)
    return made


def style_key(look: Look) -> str:
    """Key of a style: `Heading1` for `heading 1`."""
    return look.style.title().replace(" ", "")


def content_types(marked: bool) -> bytes:
    """The list of parts by type."""
    root = etree.Element(f"{{{PACKED}/content-types}}Types", nsmap={None: f"{PACKED}/content-types"})
    for extension, told in (("rels", "application/vnd.openxmlformats-package.relationships+xml"), ("xml", "application/xml")):
        etree.SubElement(root, f"{{{PACKED}/content-types}}Default", Extension=extension, ContentType=told)
    for name, told in (
        ("word/document.xml", f"{WORD}document.main+xml"), ("word/styles.xml", f"{WORD}styles+xml"),
        ("word/settings.xml", f"{WORD}settings+xml"), ("word/fontTable.xml", f"{WORD}fontTable+xml"),
        ("word/footer1.xml", f"{WORD}footer+xml"), ("word/footer2.xml", f"{WORD}footer+xml"),
        *((("word/header1.xml", f"{WORD}header+xml"),) if marked else ()),
        ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        ("docProps/app.xml", f"{TYPES}extended-properties+xml"),
        ("customXml/itemProps1.xml", f"{TYPES}customXmlProperties+xml"),
    ):
        etree.SubElement(root, f"{{{PACKED}/content-types}}Override", PartName=f"/{name}", ContentType=told)
    return xml(root)


def relations(rows: tuple[tuple[str, str, str], ...]) -> bytes:
    """Relations of a part: key, kind and target of each."""
    space = f"{PACKED}/relationships"
    root = etree.Element(f"{{{space}}}Relationships", nsmap={None: space})
    for key, kind, target in rows:
        etree.SubElement(root, f"{{{space}}}Relationship", Id=key, Type=kind, Target=target)
    return xml(root)


def document_relations(marked: bool) -> tuple[tuple[str, str, str], ...]:
    """Relations of the document: its styles, settings, fonts, footers, the list of facts; headers where it is marked."""
    rows = [("rId1", "styles", "styles.xml"), ("rId2", "settings", "settings.xml"), ("rId3", "fontTable", "fontTable.xml"),
            ("rId4", "customXml", "../customXml/item1.xml"), ("rId5", "footer", "footer1.xml"),
            ("rId6", "footer", "footer2.xml")]
    if marked:
        rows += [(key, "header", "header1.xml") for _, key in HEADS]
    return tuple((key, f"{RELATED}/{kind}", target) for key, kind, target in rows)


def styles() -> bytes:
    """Normal and a style for each kind of paragraph; the defaults speak Chinese."""
    defaults = run_properties(FANGSONG, 32)
    # digits are Latin: as Chinese, LibreOffice would break a line behind their point
    defaults.append(element("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"))
    root = element("styles", element("docDefaults", element("rPrDefault", defaults), element("pPrDefault", element("pPr"))))
    normal = element("style", element("name", val="Normal"), element("qFormat"), _exact(), type="paragraph", default="1",
                     styleId="Normal")
    root.append(normal)
    for look in LOOKS.values():
        root.append(_style(look))
    for name in ("header", "footer"):
        root.append(element("style", element("name", val=name), element("basedOn", val="Normal"),
                            type="paragraph", styleId=name.title()))
    return xml(root)


def _exact() -> etree._Element:
    """Every line on the grid: no widow control, no space of its own between scripts, no punctuation beyond the edge."""
    return element(
        "pPr", element("widowControl", val=0), element("overflowPunct", val=0), element("autoSpaceDE", val=0),
        element("autoSpaceDN", val=0), element("spacing", before=0, after=0, line=PITCH, lineRule="exact"),
        element("jc", val="both"))


def _style(look: Look) -> etree._Element:
    paragraph = element("pPr")
    if look.keep:
        paragraph.append(element("keepNext"))
    if look.size > BODY_SIZE:
        paragraph.append(element("snapToGrid", val=0))
    if look.before or look.after:
        paragraph.append(element("spacing", before=look.before * PITCH, after=look.after * PITCH))
    if look.indent:
        paragraph.append(element("ind", firstLineChars=look.indent * 100, firstLine=look.indent * 320))
    paragraph.append(element("jc", val=look.align))
    if look.outline is not None:
        paragraph.append(element("outlineLvl", val=look.outline))
    return element("style", element("name", val=look.style), element("basedOn", val="Normal"), element("qFormat"), paragraph,
                   run_properties(look.font, look.size), type="paragraph", styleId=style_key(look))


def settings() -> bytes:
    """Odd and even pages differ; Chinese throughout; laid out as Word 2013 and later do."""
    modern = element("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15)
    return xml(element(
        "settings", element("zoom", percent=100), element("bordersDoNotSurroundHeader"),
        element("bordersDoNotSurroundFooter"), element("defaultTabStop", val=640), element("evenAndOddHeaders"),
        element("drawingGridVerticalSpacing", val=PITCH), element("characterSpacingControl", val="doNotCompress"),
        element("compat", modern), element("themeFontLang", val="zh-CN", eastAsia="zh-CN")))


def fonts() -> bytes:
    """The fonts by their Chinese and English names, and what kind to take instead."""
    return xml(element("fonts", *(
        element("font", element("altName", val=also), element("panose1", val=panose), element("charset", val="86"),
                element("family", val=family), element("pitch", val=pitch), name=name)
        for name, (also, panose, family, pitch) in FONTS.items())))


def footer(odd: bool) -> bytes:
    """The page number between dashes: right on odd pages, left on even ones, one character in."""
    edge = element("ind", right=NUMBER_INDENT) if odd else element("ind", left=NUMBER_INDENT)
    properties = element(
        "pPr", element("pStyle", val="Footer"), element("snapToGrid", val=0),
        element("spacing", line=NUMBER_SIZE * 10, lineRule="exact"), edge, element("jc", val="right" if odd else "left"))
    told = element("instrText")
    told.text = " PAGE "
    told.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    field = [_bare(element("fldChar", fldCharType="begin")), _bare(told), _bare(element("fldChar", fldCharType="separate")),
             run("1", SONGTI, NUMBER_SIZE), _bare(element("fldChar", fldCharType="end"))]
    return xml(element("ftr", element(
        "p", properties, run("— ", SONGTI, NUMBER_SIZE), *field, run(" —", SONGTI, NUMBER_SIZE))))


def _bare(child: etree._Element) -> etree._Element:
    return element("r", run_properties(SONGTI, NUMBER_SIZE), child)


def header(marked: str) -> bytes:
    """Words on every page, above the type area."""
    properties = element("pPr", element("pStyle", val="Header"), element("snapToGrid", val=0), element("jc", val="right"))
    return xml(element("hdr", element("p", properties, run(marked, HEITI, 32))))


def core(paper: Paper) -> bytes:
    """Title and language; nobody's name, and no day but the one the paper bears."""
    space, terms = f"{PACKED}/metadata/core-properties", "http://purl.org/dc/terms/"
    instance = "http://www.w3.org/2001/XMLSchema-instance"
    root = etree.Element(f"{{{space}}}coreProperties",
                         nsmap={"cp": space, "dc": DUBLIN, "dcterms": terms, "xsi": instance})
    etree.SubElement(root, f"{{{DUBLIN}}}title").text = clean(paper.title)
    if paper.issuer:
        etree.SubElement(root, f"{{{DUBLIN}}}publisher").text = clean(paper.issuer)
    etree.SubElement(root, f"{{{DUBLIN}}}language").text = "zh-CN"
    if paper.delivered_on:
        for name in ("created", "modified"):
            day = etree.SubElement(root, f"{{{terms}}}{name}")
            day.set(f"{{{instance}}}type", "dcterms:W3CDTF")
            day.text = f"{paper.delivered_on.isoformat()}T00:00:00Z"
    return xml(root)


def app() -> bytes:
    """The program that wrote it."""
    root = etree.Element(f"{{{EXTENDED}}}Properties", nsmap={None: EXTENDED})
    etree.SubElement(root, f"{{{EXTENDED}}}Application").text = "Plumbline"
    return xml(root)


def item_properties(store: str) -> bytes:
    """The key by which the content controls name the list of facts."""
    root = etree.Element(f"{{{CUSTOM}}}datastoreItem", {f"{{{CUSTOM}}}itemID": store}, nsmap={"ds": CUSTOM})
    references = etree.SubElement(root, f"{{{CUSTOM}}}schemaRefs")
    etree.SubElement(references, f"{{{CUSTOM}}}schemaRef", {f"{{{CUSTOM}}}uri": FACTS})
    return xml(root)
