"""Times named in a paragraph: the period a figure holds for, the day a promise falls due."""

import re
from dataclasses import dataclass

from plumbline.kernel import period as periods

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = r"(?P<year>(?:19|20)\d\d)年(?!行动|发展|规划|以来|前后)|(?P<word>今年|本年度?|当年|去年|上年|前年|明年)"
_PART = (
    r"(?P<half>[上下]半年)|(?P<first3>前三季度|(?:前|1-)3季度|一至三季度)|第?(?P<quarter>[一二三四1-4])季度|"
    r"(?P<from>\d{1,2})月?(?:份)?(?:-|至|~|到)(?P<to>\d{1,2})月(?:份)?|"
    r"(?P<month>\d{1,2})月(?!票|嫂|饼)(?:(?P<day>\d{1,2})[日号])?(?:份|当月|单月)?|"
    r"(?P<all>全年度?|年内)|(?P<year_end>(?:年|(?<=年))[底末])|(?P<year_start>(?:年|"
    r"(?<=\d年))初)|(?P<whole_end>期末)")
_TAIL = r"(?P<tail>[底末中](?:旬)?|上旬|下旬)?(?P<close>之前|以前|前|以来|内|起|之内)?"
TIME = re.compile(
    rf"(?=[\d今本当去上下前明第全年期截一二三四底末初])(?P<as_of>截[至止]到?)?(?:(?:{_YEAR})(?:度)?(?P<join>的)?)?(?:(?:{_PART}){_TAIL})?")
_COMPARE = re.compile(r"(?:较|比|与|同|相比|相对|高于|低于|超|多于|少于|距|自|按)(?:上|去|前)?$")
_CAUSE = re.compile(r"(?:受|因|由于|针对|鉴于|克服)$")
_FROM = re.compile(r"(?:由|从|在)$")
_STATE = re.compile(
    r"(?:增|提高|提升|上升|攀升|下降|降低|回落|降|扩大|扩|扩展|增加|增长|上涨|涨|减少|减|扩充|缩小|缩短|压缩|压减|压降|精简|"
    r"回升|拓展|累计达)(?:至|到)(?:了)?(?:约|近|超过?|不足)?$|累计(?:达到?|突?破)(?:约|近|超过?)?$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A time in a block's normal text.

    role      period | state | compare | from | same (由去年同期的) | due
    period    in the kernel's notation, or None where the words give no span
    deadline  ISO day or year where the words set a limit, else None
    """

    start: int
    end: int
    role: str
    period: str | None
    deadline: str | None = None


def mentions(text: str, year: int | None) -> list[Mention]:
    """Every time named in a normal text, in order; `year` is that of the report."""
    found = []
    titles = [match.span() for match in _TITLE.finditer(text)]
    last_year, last = year, 0
    for match in TIME.finditer(text):
        if any(start <= match.start() < end for start, end in titles):
            continue
        if match.end() == match.start() or (match["as_of"] and match.end() == match.end("as_of")):
            continue
        if "。" in text[last:match.start()]:
            last_year = year
        last = match.end()
        mention = _mention(text, match, year, last_year)
        if mention:
            found.append(mention)
            if match["year"] and mention.role != "compare":
                last_year = int(match["year"])
    return found


def ends_in_state(text: str, position: int) -> bool:
    """Whether the words right before a number say that it is an end state (增至, 上升到)."""
    return bool(_STATE.search(text, max(0, position - 8), position))


def _mention(text: str, match: re.Match[str], year: int | None, last_year: int | None) -> Mention | None:
    stated = _stated_year(match, year)
    base = stated if stated is not None else last_year
    if base is None:
        return None
    if match["year"] and not _has_part(match) and not _is_time(text, match):
        return None
    found = _period(match, base)
    if found is None:
        return None
    role = _role(text, match)
    end = match.end() + 2 if role == "same" else match.end()
    return Mention(match.start(), end, role, found, _deadline(match, base, found))


def _stated_year(match: re.Match[str], year: int | None) -> int | None:
    if match["year"]:
        return int(match["year"])
    shift = {"今年": 0, "本年": 0, "本年度": 0, "当年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1}
    return None if not match["word"] or year is None else year + shift[match["word"]]


def _has_part(match: re.Match[str]) -> bool:
    keys = ("half", "first3", "quarter", "from", "month", "all", "year_end", "year_start", "whole_end")
    return any(match[key] for key in keys)


def _is_time(text: str, match: re.Match[str]) -> bool:
    """A bare year is a time at the start of a clause or behind a country, city or verb; else it names a thing."""
    before = text[:match.start()]
    if match["as_of"] or not before or before[-1] in "，。；：、（“-到至在":
        return True
    if re.search(r"(?:由|从|较|比|于|到|截至|与|国|市|区|县|省)$", before):
        return True
    return text[match.end():match.end() + 1] in ("", "的", "，", "）")


def _period(match: re.Match[str], year: int) -> str | None:
    found: str | None
    if match["half"]:
        found = f"{year}H{1 if match['half'][0] == '上' else 2}"
    elif match["first3"]:
        found = periods.named(year, 1, 9)
    elif match["quarter"]:
        found = f"{year}Q{_QUARTERS[match['quarter']]}"
    elif match["from"]:
        found = _months(year, int(match["from"]), int(match["to"]))
    elif match["month"]:
        found = _month(match, year)
    elif match["year_end"] or match["whole_end"]:
        return f"@{year}-12-31"
    elif match["year_start"]:
        return f"@{year}-01-01"
    else:
        found = f"{year}"
    if found and (match["as_of"] or match["tail"] in ("底", "末")) and periods.is_period(found):
        return periods.end_state(found)
    return found if found and periods.is_period(found) else None


def _months(year: int, first: int, last: int) -> str | None:
    return periods.named(year, first, last) if 1 <= first < last <= 12 else None


def _month(match: re.Match[str], year: int) -> str | None:
    month = int(match["month"])
    if not 1 <= month <= 12:
        return None
    return f"{year}-{month:02}-{int(match['day']):02}" if match["day"] else f"{year}-{month:02}"


def _deadline(match: re.Match[str], year: int, found: str) -> str | None:
    """The last day the words allow; the year itself for 年底, 年内, 全年 and a bare year."""
    if match["close"] in ("以来", "起") or match["as_of"]:
        return None
    last = periods.span(found)[1]
    if match["close"] in ("前", "之前", "以前") and match["month"] and not (match["day"] or match["tail"]):
        first = periods.span(found)[0]
        return first.fromordinal(first.toordinal() - 1).isoformat()
    return f"{year}" if (last.month, last.day) == (12, 31) else last.isoformat()


# times in the title of a paper, and the years a plan runs, say nothing of a figure
_TITLE = re.compile(r"《[^》]*》|（?(?:19|20)\d\d年?[-至](?:19|20)\d\d年）?")
_YARDSTICK = re.compile("(?:计划|预算|目标|任务|预期|指标)")


def _role(text: str, match: re.Match[str]) -> str:
    before, after = text[max(0, match.start() - 4):match.start()], text[match.end():match.end() + 3]
    if match["close"] in ("以来", "起") or after.startswith(("确诊", "以来", "出生")):
        return "compare"
    if after.startswith("同期") and _FROM.search(before):
        return "same"
    if after.startswith(("同期", "同季", "水平", "平均")) or _COMPARE.search(before) or _CAUSE.search(before):
        return "compare"
    if (match["year_start"]) and _YARDSTICK.match(text, match.end()):
        return "compare"
    if match["all"] and re.match("(?:目标)?(?:计划|预算|任务|目标)(?:任务|目标|数)?的", text[match.end():]):
        return "compare"
    if match["year_start"] and not _FROM.search(before) and not re.match(r"的?\d", text[match.end():]):
        return "compare"  # 年初确定的项目: when they were chosen, not when they were counted
    if _FROM.search(before) or (match["word"] in ("去年", "上年") and not _has_part(match)) or match["year_start"]:
        return "from"
    if match["close"] in ("前", "之前", "以前", "内", "之内"):
        return "due"
    if match["as_of"] or match["year_end"] or match["whole_end"] or match["tail"] in ("底", "末"):
        return "state"
    return "period"
