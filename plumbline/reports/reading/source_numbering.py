"""Automatic numbers of docx paragraphs: labels such as 一、 （一） 1. that stand in no text."""

import re
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DIGITS = "〇一二三四五六七八九"
FORMAL = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟")
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
         (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
COUNTED = {
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
    "taiwaneseCountingThousand",
}
# Format, how many there are, first character.
ENCLOSED = {
    "decimalEnclosedCircle": (20, "①"), "decimalEnclosedCircleChinese": (20, "①"),
    "decimalEnclosedParen": (20, "⑴"), "decimalEnclosedFullstop": (20, "⒈"),
    "ideographEnclosedCircle": (10, "㊀"),
}


def chinese(number: int, digits: str = DIGITS, places: str = "十百千") -> str:
    """A whole number below 10,000 in Chinese characters, as headings count.

    >>> [chinese(n) for n in (1, 10, 11, 20, 101, 110, 2020)]
    ['一', '十', '十一', '二十', '一百〇一', '一百一十', '二千〇二十']
    """
    if not 0 < number < 10_000:
        return str(number)
    written = ""
    for place, digit in zip(range(len(str(number)) - 1, -1, -1), map(int, str(number)), strict=True):
        if digit:
            written += digits[digit] + (places[place - 1] if place else "")
        elif not written.endswith(digits[0]):
            written += digits[0]
    written = written.rstrip(digits[0])
    # 十一, but 一百一十; formal writing says 壹拾.
    return written[1:] if 10 <= number < 20 and digits == DIGITS else written


def roman(number: int) -> str:
    """A whole number in Roman capitals."""
    written = ""
    for value, letters in ROMAN:
        written += letters * (number // value)
        number %= value
    return written


def letters(number: int) -> str:
    """A to Z, then AA, BB as Word has it."""
    return chr(65 + (number - 1) % 26) * ((number - 1) // 26 + 1)


def written(number: int, form: str) -> str:
    """A counter in a number format of Word; plain digits for formats not in use here.

    >>> [written(3, form) for form in ("chineseCounting", "decimalEnclosedCircle", "lowerRoman", "upperLetter")]
    ['三', '③', 'iii', 'C']
    """
    if form in COUNTED:
        return chinese(number)
    if not 0 < number < 5000:
        return str(number)
    if form in ENCLOSED:
        count, first = ENCLOSED[form]
        return chr(ord(first) + number - 1) if number <= count else str(number)
    special = {
        "ideographDigital": lambda: "".join(DIGITS[int(digit)] for digit in str(number)),
        "chineseLegalSimplified": lambda: chinese(number, *FORMAL),
        "ideographTraditional": lambda: STEMS[number - 1] if number <= 10 else str(number),
        "ideographZodiac": lambda: BRANCHES[number - 1] if number <= 12 else str(number),
        "decimalFullWidth": lambda: "".join(chr(ord(digit) + 0xFEE0) for digit in str(number)),
        "decimalZero": lambda: f"{number:02}",
        "upperRoman": lambda: roman(number), "lowerRoman": lambda: roman(number).lower(),
        "upperLetter": lambda: letters(number), "lowerLetter": lambda: letters(number).lower(),
        "none": lambda: "",
    }
    return special[form]() if form in special else str(number)


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    form: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    legal: bool = False
    after: str = "tab"
    style: str = ""


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has counted.

    nums      list → its pattern
    patterns  pattern → its levels; lists of one pattern count on together
    levels    list → levels of its own
    starts    list → where its levels begin, when it is first met
    styles    paragraph style → (list, level)
    """

    nums: dict[str, str] = field(default_factory=dict)
    patterns: dict[str, dict[int, Level]] = field(default_factory=dict)
    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    starts: dict[str, dict[int, int]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    def place(self, paragraph: etree._Element) -> tuple[str, int] | None:
        """The list and level of a paragraph: its own, else its style's; list 0 means none."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None
        style = value(properties.find(f"{W}pStyle"))
        number, level = self.styles.get(style, ("0", 0))
        own = properties.find(f"{W}numPr")
        if own is not None:
            number = value(own.find(f"{W}numId")) or number
            level = whole(own.find(f"{W}ilvl"), level)
        return (number, level) if number != "0" and number in self.nums else None

    def label(self, paragraph: etree._Element) -> str:
        """The number printed before a paragraph, with the blank after it; empty where there is none."""
        place = self.place(paragraph)
        if place is None:
            return ""
        number, level = place
        form = self.form(number, level)
        counters = self.step(number, level)
        if form.form == "bullet" or not form.text:
            return ""
        text = re.sub(r"%([1-9])", lambda found: self.counter(number, int(found[1]) - 1, counters, form), form.text)
        return text + blank_after(text, form.after)

    def form(self, number: str, level: int) -> Level:
        """How a level of a list is numbered, its own override first."""
        pattern = self.patterns.get(self.nums[number], {})
        return self.levels.get(number, {}).get(level) or pattern.get(level) or Level()

    def step(self, number: str, level: int) -> dict[int, int]:
        """Count one on at a level; deeper levels begin again."""
        counters = self.counters.setdefault(self.nums[number], {})
        starts = self.starts.get(number, {})
        if number not in self.met:
            self.met.add(number)
            for place in starts:
                counters.pop(place, None)
        start = starts.get(level, self.form(number, level).start)
        counters[level] = counters[level] + 1 if level in counters else start
        for deeper in [place for place in counters if place > level]:
            restart = self.form(number, deeper).restart
            if restart is None or 0 < level + 1 <= restart:
                del counters[deeper]
        return counters

    def counter(self, number: str, level: int, counters: dict[int, int], form: Level) -> str:
        """One counter of a label, in the format of its level; a level not yet counted shows its start."""
        own = self.form(number, level)
        count = counters.get(level, own.start)
        return str(count) if form.legal else written(count, own.form)


def blank_after(label: str, after: str) -> str:
    """What stands between a label and the text: nothing after 、 ） and the like."""
    if after == "nothing" or not label or label[-1] in "、．。：）》】〉)" or label.endswith("."):
        return ""
    return " "


def numbering(tree: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """The lists of a document from its numbering and style parts."""
    lists = Numbering()
    if tree is None:
        return lists
    links: dict[str, str] = {}
    for pattern in tree.findall(f"{W}abstractNum"):
        key = pattern.get(f"{W}abstractNumId", "")
        lists.patterns[key] = dict(map(level_of, pattern.findall(f"{W}lvl")))
        if link := value(pattern.find(f"{W}numStyleLink")):
            links[key] = link
    for num in tree.findall(f"{W}num"):
        add_list(lists, num)
    read_styles(lists, styles)
    for key, style in links.items():
        linked = lists.nums.get(lists.styles.get(style, ("", 0))[0], "")
        lists.patterns[key] = lists.patterns.get(linked, {})
    return lists


def add_list(lists: Numbering, num: etree._Element) -> None:
    """Note a list, its pattern, and what it changes of it."""
    number = num.get(f"{W}numId", "")
    lists.nums[number] = value(num.find(f"{W}abstractNumId"))
    for change in num.findall(f"{W}lvlOverride"):
        place = int_of(change.get(f"{W}ilvl"), 0)
        if (level := change.find(f"{W}lvl")) is not None:
            lists.levels.setdefault(number, {})[place] = level_of(level)[1]
        if (start := change.find(f"{W}startOverride")) is not None:
            lists.starts.setdefault(number, {})[place] = whole(start, 1)


def level_of(level: etree._Element) -> tuple[int, Level]:
    """The place and the numbering of a w:lvl."""
    restart = level.find(f"{W}lvlRestart")
    legal = level.find(f"{W}isLgl")
    return int_of(level.get(f"{W}ilvl"), 0), Level(
        form=value(level.find(f"{W}numFmt")) or "decimal",
        text=value(level.find(f"{W}lvlText")),
        start=whole(level.find(f"{W}start"), 0),
        restart=None if restart is None else whole(restart, 0),
        legal=legal is not None and value(legal) not in ("0", "false"),
        after=value(level.find(f"{W}suff")) or "tab",
        style=value(level.find(f"{W}pStyle")),
    )


def read_styles(lists: Numbering, styles: etree._Element | None) -> None:
    """Note which paragraph styles are numbered, their own or by the style they are based on."""
    if styles is None:
        return
    by_key = {style.get(f"{W}styleId", ""): style for style in styles.findall(f"{W}style")}
    for key in by_key:
        number, level, style = "", None, key
        for _ in range(20):
            if style not in by_key:
                break
            own = by_key[style].find(f"{W}pPr/{W}numPr")
            if own is not None:
                number = number or value(own.find(f"{W}numId"))
                level = level if level is not None else whole(own.find(f"{W}ilvl"), -1)
            style = value(by_key[style].find(f"{W}basedOn"))
        if number:
            named = level if level is not None and level >= 0 else level_named(lists, number, key)
            lists.styles[key] = number, named


def level_named(lists: Numbering, number: str, style: str) -> int:
    """The level of a list that names a paragraph style as its own, else the first."""
    levels = lists.patterns.get(lists.nums.get(number, ""), {})
    return next((index for index, level in levels.items() if level.style == style), 0)


def value(element: etree._Element | None) -> str:
    """The w:val of an element; empty where there is none."""
    return "" if element is None else element.get(f"{W}val", "")


def whole(element: etree._Element | None, otherwise: int) -> int:
    """The w:val of an element as a whole number."""
    return int_of(value(element), otherwise)


def int_of(text: str | None, otherwise: int) -> int:
    """A whole number of up to six digits; anything else counts as not said."""
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,6}", text) else otherwise
