"""What a number is about: the indicator's name as the text prints it, made comparable."""

import re

from plumbline.kernel import Claim, Report
from plumbline.reports.reading.normal import fold

_SEPARATORS = re.compile("[，。；、：！？\n（）“”]")
_VERBS = re.compile(
    r"(?:分别|进一步|继续|持续|稳定在|保持在|控制在|实现|完成|达到|达|升至|降至|增至|降到|升到|上升至|上升到|下降至|下降到|"
    r"提高到|提高至|增长到|扩大到|突破|超过|超|近|约|为|是|至|到|在|均|已|共|增长|下降|减少|增加|同比|上升|提高|预计|累计|仅|"
    r"负增长|提升|改善|回落|较上年同期|较去年同期|比上年|较上年|比去年同期|平均)+$")
_TIMES = re.compile(
    r"^(?:\d{4}年|上半年|下半年|全年|前三季度|[一二三四]季度|\d+-\d+月|\d+月(?:份|末|底)?|今年|年末|年底|截至|其中|全市|全区|"
    r"全省|全县|本市|我市|我区|全社会|当前|目前|累计|共|实现|完成|市区两级|区内|域内|力争|确保)+")
_SYNONYMS = (("GDP", "地区生产总值"), ("PM2.5", "细颗粒物"), ("总值（地区生产总值）", "总值"), ("总额", "额"))
_AVERAGE = re.compile("(?:平均|累计|月均|年均|日均)(?=浓度)")


def topic(report: Report, claim: Claim) -> str:
    """Name of the indicator printed right before a number; the reader's subject where none stands there."""
    text = fold(report.text[max(0, claim.start - 40):claim.start])
    name = plain_name("".join(_SEPARATORS.split(text)[-1].split()))
    return name if len(name) > 2 and not re.search(r"[\d%]", name.replace("2.5", "").replace("5G", "")) else (
        plain_name(claim.subject))


def plain_name(text: str) -> str:
    """An indicator's name without time, area and verbs.

    >>> plain_name("上半年PM2.5累计浓度"), plain_name("城镇登记失业率进一步上升至")
    ('细颗粒物浓度', '城镇登记失业率')
    """
    name = _VERBS.sub("", _TIMES.sub("", "".join(fold(text).split())))
    for short, full in _SYNONYMS:
        name = name.replace(short, full)
    return _AVERAGE.sub("", name).removesuffix("同比增速")


def same_indicator(left: str, right: str) -> bool:
    """Whether two names name the same indicator; names too short to be one never do."""
    return left == right and len(left) > 3
