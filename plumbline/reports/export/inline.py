"""XHTML with inline XBRL 1.1: the paper to read, and every number in it a fact for a machine."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from plumbline.kernel.paper import Paper, Paragraph
from plumbline.kernel.period import span
from plumbline.reports.export.fact import Fact, facts
from plumbline.reports.export.layout import whole
from plumbline.reports.export.package import clean, xml, zipped
from plumbline.reports.export.taxonomy import (
    DIMENSIONS,
    INSTANCE,
    LINKBASE,
    MEASURES,
    MONEY,
    OWN,
    PURE,
    XLINK,
    concept_of,
    concepts,
    definition,
    labels,
    parts_of,
    presentation,
    schema,
)

XHTML, IX = "http://www.w3.org/1999/xhtml", "http://www.xbrl.org/2013/inlineXBRL"
IXT = "http://www.xbrl.org/inlineXBRL/transformation/2020-02-12"
DI, ISO = "http://xbrl.org/2006/xbrldi", "http://www.xbrl.org/2003/iso4217"
# GB/T 2260 codes name the entity
SCHEME = "urn:plumbline:gbt2260"
H, X, XI = f"{{{XHTML}}}", f"{{{IX}}}", f"{{{INSTANCE}}}"
NAMESPACES = {None: XHTML, "ix": IX, "ixt": IXT, "xbrli": INSTANCE, "xbrldi": DI, "xbrldt": DIMENSIONS, "iso4217": ISO,
              "link": LINKBASE, "xlink": XLINK, "figures": OWN, "units": MEASURES}
TAGS = {"title": "h1", "subtitle": "p", "heading1": "h2", "heading2": "h3", "heading3": "h4", "heading4": "h5"}
LOOK = """
@page { size: A4; margin: 37mm 26mm 35mm 28mm }
body { font: 16pt/28.95pt FangSong, STFangsong, "仿宋_GB2312", "Noto Serif CJK SC", serif; max-width: 156mm; margin: 2em auto }
h1 { font: 22pt/32pt "方正小标宋简体", "Noto Serif CJK SC", serif; text-align: center; margin: 0 0 28.95pt }
h2 { font: 16pt/28.95pt SimHei, "黑体", "Noto Sans CJK SC", sans-serif; margin: 0; text-indent: 2em }
h3 { font: 16pt/28.95pt KaiTi, "楷体_GB2312", serif; margin: 0; text-indent: 2em }
h4, h5, p { font-size: 16pt; line-height: 28.95pt; font-weight: normal; margin: 0; text-indent: 2em; text-align: justify }
p.subtitle, p.marked { text-align: center; text-indent: 0 }
p.signature, p.date { text-align: right; text-indent: 0; margin-right: 4em }
p.signature { margin-top: 57.9pt }
a { color: inherit; text-decoration: underline dotted }
.fact:hover { background: #ffe9a8 }
"""


@dataclass
class Told:
    """Contexts and units as they are gathered, each once."""

    contexts: dict[tuple[object, ...], str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    def context(self, fact: Fact) -> str:
        """Key of the context of a fact: area, period, parts."""
        key = (fact.cite.area, fact.cite.period, tuple(sorted(fact.cite.cell)))
        return self.contexts.setdefault(key, f"c{len(self.contexts) + 1}")

    def unit(self, fact: Fact) -> str:
        """Key of the unit of a fact."""
        return self.units.setdefault("" if fact.cite.unit in PURE else fact.cite.unit, f"u{len(self.units) + 1}")


def ixbrl(paper: Paper) -> bytes:
    """A report package (zip): reports/report.xhtml and the taxonomy its numbers belong to; the same paper, the same bytes.

    Raises  BadInput, with all findings, where a number printed is not the one it stands for
    """
    paper = whole(paper)
    bound = facts(paper)
    told = concepts(fact for line in bound for fact in line)
    named = {key: key for key in parts_of(told)}
    files = {
        "META-INF/reportPackage.json": b'{"documentInfo": {"documentType": "https://xbrl.org/report-package/2023"}}',
        "META-INF/taxonomyPackage.xml": _package(paper), "META-INF/catalog.xml": _catalog(),
        "taxonomy/figures.xsd": schema(told), "taxonomy/labels.xml": labels(told, named),
        "taxonomy/presentation.xml": presentation(told),
        **({"taxonomy/definition.xml": definition(told)} if named else {}),
        "reports/report.xhtml": xhtml(paper, bound),
    }
    return zipped({f"report/{name}": data for name, data in files.items()})


def xhtml(paper: Paper, bound: tuple[tuple[Fact, ...], ...]) -> bytes:
    """The report to read, its facts in place; `bound` as `facts` gives them."""
    root = etree.Element(f"{H}html", nsmap=NAMESPACES)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "zh-CN")
    head = etree.SubElement(root, f"{H}head")
    etree.SubElement(head, f"{H}meta", {"http-equiv": "Content-Type", "content": "application/xhtml+xml; charset=UTF-8"})
    etree.SubElement(head, f"{H}title").text = clean(paper.title)
    etree.SubElement(head, f"{H}style", type="text/css").text = LOOK
    body, told, hidden = etree.SubElement(root, f"{H}body"), Told(), list[etree._Element]()
    top = etree.SubElement(body, f"{H}div", style="display:none")
    if paper.marked:
        etree.SubElement(body, f"{H}p", {"class": "marked"}).text = clean(paper.marked)
    for paragraph, line in zip(paper.paragraphs, bound, strict=True):
        body.append(_paragraph(paper, paragraph, line, told, hidden))
    top.append(_header(told, hidden))
    return xml(root)


def _paragraph(paper: Paper, paragraph: Paragraph, line: tuple[Fact, ...], told: Told,
               hidden: list[etree._Element]) -> etree._Element:
    made = etree.Element(f"{H}{TAGS.get(paragraph.kind, 'p')}", {"class": paragraph.kind})
    at = 0
    for fact in line:
        _text(made, paragraph.text[at:fact.cite.start])
        made.append(_number(paper, fact, told, hidden))
        at = fact.cite.end
    _text(made, paragraph.text[at:])
    return made


def _text(made: etree._Element, text: str) -> None:
    """Words behind what stands there already."""
    text = clean(text)
    if len(made):
        made[-1].tail = (made[-1].tail or "") + text
    else:
        made.text = (made.text or "") + text


def _number(paper: Paper, fact: Fact, told: Told, hidden: list[etree._Element]) -> etree._Element:
    """A number as people read it, its digits a fact; one in Chinese characters is a hidden fact that its words point to."""
    address = next((paper.addresses[key] for key in fact.cite.figures if key in paper.addresses), "")
    box = etree.Element(f"{H}a", href=address) if address else etree.Element(f"{H}span")
    box.set("class", "fact")
    box.set("title", clean(fact.cite.label))
    tagged = _tag(fact, told)
    if not fact.digits:
        tagged.text = f"{abs(fact.value):f}"
        hidden.append(tagged)
        box.set("style", f"-ix-hidden:{fact.key}")
        box.text = clean(fact.surface)
        return box
    before, digits, after = fact.surface.partition(fact.digits)
    box.text, tagged.text, tagged.tail = clean(before), digits, clean(after)
    tagged.set("scale", str(fact.scale))
    if "," in digits:
        tagged.set("format", "ixt:num-dot-decimal")
    box.append(tagged)
    return box


def _tag(fact: Fact, told: Told) -> etree._Element:
    made = etree.Element(f"{X}nonFraction", name=f"figures:{concept_of(fact).name}", contextRef=told.context(fact),
                         unitRef=told.unit(fact), id=fact.key,
                         decimals="INF" if fact.decimals is None else str(fact.decimals))
    if fact.value < 0:
        made.set("sign", "-")
    return made


def _header(told: Told, hidden: Iterable[etree._Element]) -> etree._Element:
    made = etree.Element(f"{X}header")
    unseen = list(hidden)
    if unseen:
        etree.SubElement(made, f"{X}hidden").extend(unseen)
    references = etree.SubElement(made, f"{X}references")
    etree.SubElement(references, f"{{{LINKBASE}}}schemaRef", {
        f"{{{XLINK}}}type": "simple", f"{{{XLINK}}}href": "../taxonomy/figures.xsd"})
    resources = etree.SubElement(made, f"{X}resources")
    resources.extend(_context(key, told.contexts[key]) for key in told.contexts)
    resources.extend(_unit(unit, key) for unit, key in told.units.items())
    return made


def _context(key: tuple[object, ...], number: str) -> etree._Element:
    area, period, cell = str(key[0]), str(key[1]), key[2]
    made = etree.Element(f"{XI}context", id=number)
    entity = etree.SubElement(made, f"{XI}entity")
    etree.SubElement(entity, f"{XI}identifier", scheme=SCHEME).text = area
    first, last = span(period)
    when = etree.SubElement(made, f"{XI}period")
    if period.startswith("@"):
        etree.SubElement(when, f"{XI}instant").text = last.isoformat()
    else:
        etree.SubElement(when, f"{XI}startDate").text = first.isoformat()
        etree.SubElement(when, f"{XI}endDate").text = last.isoformat()
    if isinstance(cell, tuple) and cell:
        scenario = etree.SubElement(made, f"{XI}scenario")
        for name, value in cell:
            member = etree.SubElement(scenario, f"{{{DI}}}typedMember", dimension=f"figures:{name}_part")
            etree.SubElement(member, f"{{{OWN}}}{name}_value").text = clean(value)
    return made


def _unit(unit: str, key: str) -> etree._Element:
    made = etree.Element(f"{XI}unit", id=key)
    above, _, below = unit.partition("/")
    if not below:
        etree.SubElement(made, f"{XI}measure").text = measure(unit)
        return made
    divided = etree.SubElement(made, f"{XI}divide")
    for part, name in (("unitNumerator", above), ("unitDenominator", below)):
        etree.SubElement(etree.SubElement(divided, f"{XI}{part}"), f"{XI}measure").text = measure(name)
    return made


def measure(unit: str) -> str:
    """A unit as a name: money by ISO 4217, shares as pure, the rest by their Chinese names.

    >>> measure("元"), measure("%"), measure("公顷"), measure("℃")
    ('iso4217:CNY', 'xbrli:pure', 'units:公顷', 'units:u2103')
    """
    if unit in MONEY:
        return f"iso4217:{MONEY[unit]}"
    if unit in PURE:
        return "xbrli:pure"
    fit = "".join(c if "\u4e00" <= c <= "\u9fa5" or c.isascii() and c.isalnum() else f"u{ord(c):x}" for c in unit)
    return f"units:{fit if not fit[:1].isdigit() else f'n{fit}'}"


def _package(paper: Paper) -> bytes:
    space = "http://xbrl.org/2016/taxonomy-package"
    root = etree.Element(f"{{{space}}}taxonomyPackage", nsmap={None: space})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "zh-CN")
    for name, text in (("identifier", f"{OWN}:{paper.area}:{paper.period}:{paper.number}"), ("name", "准绳：报告中的数"),
                       ("version", str(paper.number))):
        etree.SubElement(root, f"{{{space}}}{name}").text = text
    entry = etree.SubElement(etree.SubElement(root, f"{{{space}}}entryPoints"), f"{{{space}}}entryPoint")
    etree.SubElement(entry, f"{{{space}}}name").text = clean(paper.title)
    etree.SubElement(entry, f"{{{space}}}entryPointDocument", href="http://plumbline.example/taxonomy/figures.xsd")
    return xml(root)


def _catalog() -> bytes:
    space = "urn:oasis:names:tc:entity:xmlns:xml:catalog"
    root = etree.Element(f"{{{space}}}catalog", nsmap={None: space})
    etree.SubElement(root, f"{{{space}}}rewriteURI", uriStartString="http://plumbline.example/taxonomy/",
                     rewritePrefix="../taxonomy/")
    return xml(root)
