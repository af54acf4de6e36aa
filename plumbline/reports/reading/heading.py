"""The head of a report: title, kind, area, period, occasion, day and speaker.

Works on blocks in normal form (see normal.py): no blanks between Chinese characters, full-width punctuation.
"""

import re
from dataclasses import dataclass
from datetime import date

from plumbline.kernel import Heading, area_of, full_name
from plumbline.reports.reading.normal import Block
from plumbline.reports.reading.years import year_of_text

LOOKED_AT = 60  # blocks of web navigation that may stand before a title
_N = "[一二三四五六七八九十]{1,3}"
SALUTATION = re.compile(r"(?:尊敬的)?(?:主任|主席团|主席|各位|同志们|女士们|大会)[^。；]{0,60}[：！]")
FIRST_PART = re.compile(rf"{_N}、|第一部分|（一）")
_TITLE = re.compile(
    r"[^。；！？>|]{2,80}(?:报告|公报|汇报|通报|情况表?|一览表|计划（?草案）?|纲要|说明|总结|思路|打算|安排|要点)(?:（[^）]{1,12}）)?")
_VAGUE = re.compile("(?:情况|计划|草案|说明|总结|思路|打算|安排|要点)$")  # a title only with a year or 关于
_OPENING = re.compile(r"关于|\d{4}年|政府工作报告|[\u4e00-\u9fff]{1,12}?(?:省|市|县|区|旗|州|盟)")
_DATE = re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})")
_OCCASION = re.compile(r"(?:-+|（)?(?:\d{4}年\d{1,2}月\d{1,2}日|在[^。]{4,50}(?:会议|大会|全会)上)")
_OFFICES = (
    "主任|副主任|局长|副局长|区长|副区长|市长|副市长|县长|副县长|省长|副省长|厅长|副厅长|州长|副州长|旗长|主席|"
    "副主席|书记|部长|副部长|司长|院长|镇长|乡长|秘书长|盟长|司令员|处长|科长")
_SPEAKER = re.compile(rf"([^，。：]{{0,40}}(?:{_OFFICES})(?:（[^）]{{1,8}}）)?)([\u4e00-\u9fff·]{{2,5}})")
_AUTHOR = re.compile(r"[\u4e00-\u9fff]{2,20}(?:委员会|人民政府|财政局|统计局|发展和改革局|发展改革委|办公室|管委会)")
_PLACE = re.compile(
    r"(?:^|(?<=关于)|(?<=在)|(?<=日))(?!关于|在)((?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|市|自治州|州|盟|地区))?"
    r"[\u4e00-\u9fff]{1,12}?(?:新区|开发区|示范区|高新区|自治区|自治州|自治县|省|市|州|盟|县|区|旗|镇|乡))"
    r"(?=[\d（第]|上半年|人民|发展|财政|统计|国民|政府|经济|前|一季|全|本|预算|副?[市县区]长|管委|人大|计划|常委|委)")
_NOT_PLACES = re.compile("^(?:本|全|我|各|该)|经济社|^社会|会")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the first part, and the years the report speaks of.

    lines      blocks that are no body: navigation, title, date, speaker
    default    period of a fact without a stated one
    plan_year  year of the targets
    """

    heading: Heading
    lines: frozenset[int]
    year: int | None
    default: str | None
    plan_year: int | None


def head(blocks: list[Block], name: str = "") -> Head:
    """The head of a report; guesses years and period from the text where no title says them."""
    end = _end(blocks)
    first, last, title = _title([block.text for block in blocks[:end]])
    lines = set(range(last))
    told: dict[str, str] = {}
    for i in range(last, end):
        if SALUTATION.match(blocks[i].text):
            break
        if _says(blocks[i].text, told, i - 1 in lines and bool(title)):
            lines.add(i)
    for i in range(first):  # a date before the title is that of the page
        published = _DATE.search(blocks[i].text)
        if published and blocks[i].text.startswith("日期"):
            told.setdefault("published", _day(published) or "")
    return _put_together(title, told, frozenset(lines), blocks, name)


def _end(blocks: list[Block]) -> int:
    """Number of blocks to look for the head in: up to the first heading or long paragraph."""
    for i, block in enumerate(blocks[:LOOKED_AT]):
        if FIRST_PART.match(block.text) or (len(block.text) > 90 and "。" in block.text):
            return i
    return min(len(blocks), LOOKED_AT)


def _title(lines: list[str]) -> tuple[int, int, str]:
    """First and last (exclusive) line of the title, and the title; (0, 0, "") where there is none."""
    for i, line in enumerate(lines):
        vague = _VAGUE.search(line) and not re.search(r"关于|\d{4}年", line)
        if vague or not _TITLE.fullmatch(line) or _OCCASION.match(line) or SALUTATION.match(line):
            continue
        first = i
        for back in (1, 2):
            if i - back < 0 or line.startswith("关于"):
                break
            before = lines[i - back]
            if before.startswith("关于") or (not _OPENING.match(lines[first]) and _OPENING.match(before)):
                if _TITLE.fullmatch(before) or before[-1] in "。：；":
                    break
                first = i - back
        return first, i + 1, "".join(lines[first:i + 1])
    return 0, 0, ""


def _says(line: str, told: dict[str, str], below: bool) -> bool:
    """Take down what a line of the head says; whether it belongs to the head at all."""
    if len(line) > 90 or line.endswith("。"):
        return False
    if _OCCASION.match(line) and "occasion" not in told:
        told["occasion"] = line
        return True
    if below and "occasion" in told and re.search("会议上?）?$|大会上?）?$", line) and not _ended(told["occasion"]):
        told["occasion"] += line
        return True
    speaker = _SPEAKER.fullmatch(line.strip("-（）"))
    if speaker and "speaker" not in told:
        told["speaker"] = f"{speaker[1]} {speaker[2]}"
        return True
    if below and _AUTHOR.fullmatch(line):
        told.setdefault("speaker", line)
        return True
    date_line = _DATE.search(line)
    if date_line and re.match(r"日期|时间|发布|来源|（?\d{4}", line):
        told.setdefault("published", _day(date_line) or "")
        return True
    return below and bool(re.match(r"【|（|来源|日期|字号|…", line))


def _ended(occasion: str) -> bool:
    return bool(re.search("会议上|大会上|）$", occasion))


def _day(match: re.Match[str]) -> str | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None


def _put_together(
    title: str, told: dict[str, str], lines: frozenset[int], blocks: list[Block], file: str,
) -> Head:
    text = "".join(block.text for block in blocks)
    occasion = re.sub("（?书面）?$", "", told.get("occasion", "")).strip("-（）") or None
    found = _DATE.search(occasion or "")
    day = (_day(found) if found else None) or told.get("published") or None
    kind, (year, months, plan_year) = _kind(title), _years(title, day, text, file)
    if not title:
        year, plan_year = _years_of_parts(blocks, year, plan_year)
    code, name = _area(title, occasion or "", told.get("speaker", ""))
    period = _period(year, months)
    if kind == "plan":
        kind = {6: "plan half-year", 12: "plan year"}.get(months, kind)
    if occasion and _DATE.fullmatch(occasion.rstrip("日")):
        occasion = None
    stated = period if title else None
    heading = Heading(title, kind, code, name, stated, occasion, day, told.get("speaker"))
    return Head(heading, lines, year, period, plan_year)


def _kind(title: str) -> str:
    for kind, words in (
        ("budget", "预算|决算|财政收支"), ("work", "工作报告"), ("plan", "计划"), ("statistics", "统计公报|经济运行"),
    ):
        if re.search(words, title):
            return kind
    return "other"


def _years(title: str, day: str | None, text: str, file: str) -> tuple[int | None, int, int | None]:
    """Year reported on, last month reported on, year of the targets."""
    named = [int(year) for year in re.findall(r"(?<!\d)(20\d\d|19\d\d)(?=年)", title)]
    given = int(day[:4]) if day else None
    if "政府工作报告" in title:
        plan = named[0] if named else given or year_of_text(text, file)
        return (plan - 1 if plan else None), 12, plan
    months = _months(title)
    year = named[0] if named else given or year_of_text(text, file)
    if months is None:
        months = _months_of(title, day, year, text)
    later = [other for other in named if year is not None and other > year]
    return year, months, later[0] if later else year


def _months(words: str) -> int | None:
    """Last month of the period a title names, or None where it names none."""
    run = re.search(r"1-(\d{1,2})月", words)
    if run and 1 <= int(run[1]) <= 12:
        return int(run[1])
    for pattern, month in (("前三季度|前3季度", 9), ("上半年|半年", 6), ("[第]?一季度|1季度", 3), ("全年", 12)):
        if re.search(pattern, words):
            return month
    return None


def _months_of(title: str, day: str | None, year: int | None, text: str) -> int:
    """Last month reported on where the title does not say: from the day it was given, or from the text."""
    count = {6: len(re.findall("[上下]半年|1-6月", text)), 9: len(re.findall("前三季度|1-9月", text)),
             3: len(re.findall("今年一季度|1-3月", text))}
    if title and day and int(day[:4]) == year:
        month = int(day[5:7])
        likely = 6 if 6 <= month <= 9 else 9 if 10 <= month <= 12 else 3 if month in (4, 5) else 12
        return likely if count.get(likely) else 12
    if title:
        return 12
    if re.search("下半年[^。]{0,8}(?:措施|工作|安排|任务|重点)", text):
        return 6
    likely = max(count, key=lambda months: count[months])
    return likely if count[likely] and count[likely] >= len(re.findall("全年", text)) / 2 else 12


def _years_of_parts(blocks: list[Block], year: int | None, plan_year: int | None) -> tuple[int | None, int | None]:
    """Without a title, the years its parts are headed by (一、2022年工作情况 … 二、2023年工作思路)."""
    heads = [block.text for block in blocks if re.match(rf"{_N}、", block.text) and len(block.text) < 50]
    named = sorted({int(found) for head_line in heads for found in re.findall(r"(20\d\d)年", head_line)})
    return (named[0], named[-1]) if named else (year, plan_year)


def _period(year: int | None, months: int) -> str | None:
    if year is None:
        return None
    short = {12: f"{year}", 6: f"{year}H1", 3: f"{year}Q1", 1: f"{year}-01"}
    return short.get(months, f"{year}-01/{year}-{months:02}")


def _area(title: str, occasion: str, speaker: str) -> tuple[str | None, str | None]:
    """Code and name of the area; a district of another city gets no code."""
    for words in (title, occasion, speaker):
        for match in _PLACE.finditer(words):
            name = match[1]
            if _NOT_PLACES.search(name):
                continue
            known = area_of(name)
            if known and name in (known.name, full_name(known)):
                return known.code, known.name
            return None, name
    return None, None
