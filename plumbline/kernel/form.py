"""Shapes a text may have to keep: codes with a check, codes of a published list; each says what is wrong with a text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from plumbline.kernel import credit_code

# sections of GB/T 4754—2017: first and last of the two-digit divisions each letter holds
SECTIONS = {"A": (1, 5), "B": (6, 12), "C": (13, 43), "D": (44, 46), "E": (47, 50), "F": (51, 52), "G": (53, 60),
            "H": (61, 62), "I": (63, 65), "J": (66, 69), "K": (70, 70), "L": (71, 72), "M": (73, 75), "N": (76, 79),
            "O": (80, 82), "P": (83, 83), "Q": (84, 85), "R": (86, 90), "S": (91, 96), "T": (97, 97)}
# what the sections are called
NAMES = {"A": "农、林、牧、渔业", "B": "采矿业", "C": "制造业", "D": "电力、热力、燃气及水生产和供应业", "E": "建筑业",
         "F": "批发和零售业", "G": "交通运输、仓储和邮政业", "H": "住宿和餐饮业", "I": "信息传输、软件和信息技术服务业",
         "J": "金融业", "K": "房地产业", "L": "租赁和商务服务业", "M": "科学研究和技术服务业",
         "N": "水利、环境和公共设施管理业", "O": "居民服务、修理和其他服务业", "P": "教育", "Q": "卫生和社会工作",
         "R": "文化、体育和娱乐业", "S": "公共管理、社会保障和社会组织", "T": "国际组织"}
INDUSTRY = re.compile(r"([A-T])([0-9]{2})[0-9]{0,2}", re.ASCII)
STREET, COMMUNITY = re.compile(r"[0-9]{9}"), re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Form:
    """A shape: its name for people, whether a text keeps it, and what is wrong with one that does not."""

    label: str
    right: Callable[[str], bool]
    trouble: Callable[[str], str]


def industry(code: str) -> bool:
    """Whether a text is a code of GB/T 4754—2017: the section's letter, then two to four digits of a division of it.

    >>> [industry(code) for code in ("C3911", "C39", "C4411", "39", "U01", "C391111")]
    [True, True, False, False, False, False]
    """
    match = INDUSTRY.fullmatch(code)
    if not match:
        return False
    low, high = SECTIONS[match[1]]
    return low <= int(match[2]) <= high


def industry_words(code: str) -> str:
    """A code of an industry, or the letter alone, with the name of its section; a text that has none stays as it is.

    >>> industry_words("C3911"), industry_words("P"), industry_words("餐饮")
    ('制造业 C3911', '教育', '餐饮')
    """
    name = NAMES.get(code[:1], "") if len(code) == 1 or industry(code) else ""
    return f"{name} {code}" if name and len(code) > 1 else name or code


def industry_trouble(code: str) -> str:
    """What is wrong with a text that is no code of an industry."""
    match = INDUSTRY.fullmatch(code)
    if not match:
        return f"「{code[:30]}」不是行业代码；请按 GB/T 4754—2017 写门类字母和二至四位数字，如 C3911。"
    low, high = SECTIONS[match[1]]
    return f"「{code}」不是行业代码：门类 {match[1]} 只有 {low:02}—{high:02} 大类；请核对门类字母。"


def _digits(shape: re.Pattern[str], what: str, many: int) -> Form:
    return Form(what, lambda code: shape.fullmatch(code) is not None,
                lambda code: f"「{code[:30]}」不是{what}代码；请写 {many} 位数字，前 6 位是区的代码。")


FORMS: Mapping[str, Form] = {
    "credit_code": Form("统一社会信用代码", credit_code.right, credit_code.trouble),
    "industry": Form("国民经济行业代码", industry, industry_trouble),
    "street": _digits(STREET, "街道乡镇", 9),
    "community": _digits(COMMUNITY, "社区村", 12),
}
