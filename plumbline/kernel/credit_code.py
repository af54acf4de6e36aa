"""Unified social credit codes (GB 32100—2015): 18 places, the last of which checks the others."""

import re
from operator import mul

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(3 ** place % 31 for place in range(17))
SHAPE = re.compile(r"[0-9]{8}[0-9A-HJ-NP-RTUWXY]{10}")
VALUES = {letter: value for value, letter in enumerate(LETTERS)}
# place by place: what each letter adds to the sum
ADDS = tuple({letter: value * weight for letter, value in VALUES.items()} for weight in WEIGHTS)
# with the check itself the sum is a multiple of 31; and the values by byte, to read a whole code at once
ALL, BYTES = (*WEIGHTS, 1), bytes(VALUES.get(chr(code), 0) for code in range(256))
WIDE = {code + 0xFEE0: code for code in range(0x21, 0x7F)}


def folded(code: str) -> str:
    """A code as it is kept: capitals, of half width, without blanks.

    >>> folded(" 91110000８02100433b ")
    '91110000802100433B'
    """
    return "".join(code.translate(WIDE).split()).upper()


def check_letter(code: str) -> str:
    """The eighteenth place that belongs to the seventeen before it.

    >>> check_letter("9111000080210043")
    Traceback (most recent call last):
    ValueError: a credit code has seventeen places before its check
    >>> check_letter("91110000802100433")
    'B'
    """
    if len(code) < 17:
        raise ValueError("a credit code has seventeen places before its check")
    return LETTERS[-sum([adds[letter] for adds, letter in zip(ADDS, code, strict=False)]) % 31]


def right(code: str) -> bool:
    """Whether a text is a credit code, as quickly as can be told of two million."""
    return SHAPE.fullmatch(code) is not None and sum(map(mul, ALL, code.encode().translate(BYTES))) % 31 == 0


def trouble(code: str) -> str:
    """What is wrong with a code and what to do; empty where it is right.

    Reading  the first eight places are digits: the standard also has A, N and Y in the first, of bodies that are no market
             entities. The organisation code's own check (places 9-17) is not asked for: younger codes need not keep it

    >>> trouble("91110000802100433B"), trouble("91110000802100433C")
    ('', '「91110000802100433C」的校验位不对：末位应为 B；请对照营业执照核对，多半是抄错了一位。')
    """
    if right(code):
        return ""
    if len(code) != 18:
        return f"「{code[:30]}」有 {len(code)} 位，统一社会信用代码应为 18 位；请对照营业执照填写。"
    if folded(code) != code:
        return f"「{code}」含有小写字母、全角字符或空格；请写成「{folded(code)}」。"
    if wrong := sorted(set(code) - set(LETTERS)):
        hint = "（多半是 0、1、2、5 的误写）" if set(wrong) & set("IOSVZ") else ""
        return f"「{code}」含有「{'、'.join(wrong)}」，代码中没有这些字符{hint}；请对照营业执照核对。"
    if not code[:8].isdigit():
        return f"「{code}」的前 8 位应全为数字；请对照营业执照核对。"
    return f"「{code}」的校验位不对：末位应为 {check_letter(code)}；请对照营业执照核对，多半是抄错了一位。"
