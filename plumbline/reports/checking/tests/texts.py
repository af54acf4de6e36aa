"""Invented sentences and small tools for the tests of the checks."""

from collections.abc import Iterator

from plumbline.kernel import Heading, Report, Section, Statement
from plumbline.reports.checking import check

# text, kind; every printed number of it is part of an identity or difference that holds
HOLDING = (
    ("全年安排重点工程214项，其中市级主责86项，区级主责97项，镇级主责31项。", "identity"),
    ("争取补助资金37.4亿元，支持61个项目，其中21.6亿元支持34个河道项目，15.8亿元支持27个道路项目。", "identity"),
    ("新增债券46亿元，其中一般债31亿元，专项债15亿元。", "identity"),
    ("治理隐患点共35处，其中河东12处、河西23处。", "identity"),
    ("税收收入完成812,306万元，其中：国税部门完成301,207万元；地税部门完成511,099万元。", "identity"),
    ("东片改造18处、西片改造24处，合计42处。", "identity"),
    ("三次产业结构为6.2:41.9:51.9。", "identity"),
    ("办结率由63.4%上升到78.9%，提高15.5个百分点。", "difference"),
    ("社保基金收入41.27亿元、支出36.85亿元，当期结余4.42亿元。", "difference"),
    ("完成投资46.3亿元，占年度计划的57.8%，快于序时进度7.8个百分点。", "difference"),
)
# sentences of the genre in which nothing claims to add up
SILENT = (
    "全区商品房销售面积31.2万平方米，同比增长8.5%，其中住宅销售下降6.3%。",
    "新签约项目52个，其中亿元以上11个、十亿元以上2个，协议投资318亿元；新开工41个。",
    "全社会投资增长0.9%；其中，建安投资增长2.4%，总量全市第一。",
    "累计办理首贷、续贷等业务614笔，共计52亿元。",
    "全年上市的5个地块中，1个地块挂牌。",
    "失业率3.26%，控制在4.5%的目标以内。",
    "设施A占地12亩，总投资3.5亿元，建成后可停车260辆。",
    "一般公共预算收入100亿元，其中增值税31亿元、企业所得税22亿元、个人所得税8亿元等。",
    "接待游客52.3万人次，同比增长6.1%，实现收入4.8亿元，同比增长9.9%。",
    "研发投入强度达到2.1%，城镇化率提高1个百分点左右。",
    "比例尺为1:2:3的图件。",
)


def report(text: str, period: str | None = "2020H1", name: str = "云溪区.txt") -> Report:
    """A report that no reader has seen: the checks must stand on the grammar alone."""
    sections = (Section(1, "三", 1, 0, 0, part=3),)
    return Report(name, text, Heading(period=period), sections=sections)


def altered(text: str, start: int, end: int) -> Iterator[str]:
    """The text with each digit between two offsets replaced by each other digit in turn."""
    for at in range(start, end):
        if text[at].isdigit():
            yield from (text[:at] + digit + text[at + 1:] for digit in "0123456789" if int(digit) != int(text[at]))


def spots(statement: Statement) -> frozenset[tuple[int, int]]:
    """Where the numbers of a statement begin."""
    return frozenset((place.para, place.start) for place in statement.places)


def silent(before: Statement, spot: tuple[int, int], after: list[Statement]) -> bool:
    """Whether an alteration at `spot` went unnoticed: no statement there, or the same one still agrees."""
    here = [each for each in after if each.kind == before.kind and spot in spots(each)]
    return not here or any(spots(each) == spots(before) and each.verdict == "agrees" for each in here)


def verdicts(text: str, kind: str | None = None, period: str | None = "2020H1") -> list[str]:
    """Verdicts on a text, of one kind."""
    return [each.verdict for each in check(report(text, period)) if kind in (None, each.kind)]
