"""A zip opened with care: only the parts asked for, never more than they may hold, XML without entities."""

import io
import zipfile
import zlib
from dataclasses import dataclass, field

from lxml import etree

from plumbline.reports.reading.source import ACCEPTED, AS_DOCX, bad

MOST_INFLATED = 200 * 1024 * 1024
MOST_OF_A_PART = 32 * 1024 * 1024
MOST_RATIO = 100
# Below this a high ratio does no harm; short documents that repeat themselves have one.
HARMLESS = 4 * 1024 * 1024
MOST_PARTS = 20_000
MOST_TAGS = 3_000_000
PIECE = 64 * 1024
ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, IndexError,
)
DAMAGED = "已损坏或没有传完整，打不开；请在 Word 或 WPS 中确认能打开，再重新上传"
BOMB = "解压后过大，疑似压缩炸弹，已停止读取；请在 Word 或 WPS 中另存一份（去掉图片）后再上传"
DEEP = "内部结构层层嵌套或过于繁多，超出正常文档；请在 Word 或 WPS 中另存一份后再上传"


@dataclass(slots=True)
class Package:
    """The parts of a zip by name; counts what it has inflated."""

    where: str
    archive: zipfile.ZipFile
    parts: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    inflated: int = 0

    def bytes_of(self, part: str) -> bytes:
        """The bytes of a part; the directory may lie about sizes, so they are counted while inflating."""
        info = self.parts[part]
        if info.flag_bits & 1:
            raise bad("locked", self.where, "加了密码，读不出来；请去掉密码后再上传")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise bad("damaged", self.where, DAMAGED)
        pieces, size = [], 0
        try:
            with self.archive.open(info) as file:
                while piece := file.read(PIECE):
                    pieces.append(piece)
                    size += len(piece)
                    self.count(len(piece), size, info.compress_size)
        except ZIP_FAULTS as error:
            raise bad("damaged", self.where, DAMAGED) from error
        return b"".join(pieces)

    def count(self, fresh: int, size: int, packed: int) -> None:
        """Note what was inflated, and stop at the limits."""
        self.inflated += fresh
        if size > MOST_OF_A_PART or self.inflated > MOST_INFLATED:
            raise bad("bomb", self.where, BOMB)
        if size > HARMLESS and size > MOST_RATIO * max(packed, 1):
            raise bad("bomb", self.where, BOMB)

    def tree(self, part: str) -> etree._Element | None:
        """The XML of a part, or None where there is no such part."""
        return parsed(self.bytes_of(part), self.where) if part in self.parts else None


def opened(data: bytes, where: str) -> Package:
    """The package in the bytes of a zip, once its directory has been looked through."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except ZIP_FAULTS as error:
        raise bad("damaged", where, f"是压缩格式（docx 也是），但{DAMAGED}") from error
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_PARTS or total > MOST_INFLATED:
        raise bad("bomb", where, BOMB)
    if total > HARMLESS and total > MOST_RATIO * max(sum(entry.compress_size for entry in entries), 1):
        raise bad("bomb", where, BOMB)
    return Package(where, archive, {entry.filename.lstrip("/"): entry for entry in entries})


def parsed(data: bytes, where: str) -> etree._Element:
    """The tree of an XML part; a document type is refused, since Office writes none and bombs need one."""
    if data.count(b"<") > MOST_TAGS:
        raise bad("deep", where, DEEP)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        limits = any(entry.type_name == "ERR_RESOURCE_LIMIT" or "Excessive depth" in entry.message
                     for entry in parser.error_log)
        raise bad("deep" if limits else "damaged", where, DEEP if limits else DAMAGED) from error
    if root.getroottree().docinfo.doctype:
        raise bad("entities", where, "内部含有文档类型声明（DTD），正常的 Word 文件没有；请另存一份后再上传")
    return root


def kind(package: Package) -> str:
    """What a zip is: docx, or raises with what to do about what it is."""
    names = package.parts.keys()
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return "docx"
    where = package.where
    if any(name.startswith("xl/") for name in names):
        raise bad("sheet", where, f"是电子表格（xlsx），不是报告；请上传报告正文，{ACCEPTED}")
    if any(name.startswith("ppt/") for name in names):
        raise bad("slides", where, f"是演示文稿（pptx），不是报告；请上传报告正文，{ACCEPTED}")
    if "OFD.xml" in names:
        raise bad("ofd", where, "是 OFD 版式文件，不能直接读取；请用阅读器导出为 docx 或带文字层的 pdf 后再上传")
    if "content.xml" in names:
        raise bad("odf", where, f"是 ODF 文档（odt），不能直接读取；{AS_DOCX}")
    raise bad("zip", where, f"是压缩包，里面不是 Word 文档；请解压后逐个上传其中的文件，{ACCEPTED}")
