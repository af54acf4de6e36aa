"""What an expression looks like before it is parsed: its length, its brackets, marks of a Chinese keyboard."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.tokens import TokenType

from plumbline.kernel.finding import Finding

LONGEST, MOST_TOKENS, DEEPEST = 100_000, 12_000, 24
DIALECT = Dialect.get_or_raise("duckdb")
OPEN = (TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE)
CLOSE = (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END)
PREFIX = (TokenType.NOT, TokenType.DASH, TokenType.PLUS, TokenType.TILDE)
HIDDEN = "式子里有看不见的字符；请删去后重新输入。"
MARKS: Mapping[str, str] = {
    "（": "(", "）": ")", "，": ",", "＜": "<", "＞": ">", "＝": "=", "≤": "<=", "≥": ">=", "≠": "<>", "‘": "'", "’": "'",
    "“": "'", "”": "'", "；": "", "。": "", "×": "*", "－": "-", "＋": "+", "＊": "*", "：": "", "、": ",",
}


def troubles(text: str) -> list[Finding]:
    """What makes a text no expression, before it is parsed; at most one finding of each sort."""
    if not text.strip():
        return [_finding("empty", "式子是空的；请写一个条件，例如 staff < 300。")]
    if len(text) > LONGEST:
        return [_finding("length", f"式子有 {len(text)} 个字符，最多 {LONGEST} 个；请拆成几个，或者把长名单放进表里。")]
    if "\x00" in text or re.search("[\ud800-\udfff]", text):
        return [_finding("mark", HIDDEN)]
    if marks := list(_marks(_outside(text))):
        return marks
    try:
        tokens = DIALECT.tokenize(text)
    except SqlglotError:
        return [_finding("syntax", "引号没有成对；文字请写在一对英文单引号 ' 里。")]
    return list(_tokens(tokens))


def _marks(text: str) -> Iterator[Finding]:
    """What a Chinese keyboard writes outside of quotes."""
    if re.search("[\u200b-\u200f\u2060\ufeff]", text):
        yield _finding("mark", HIDDEN)
    for mark in dict.fromkeys(character for character in text if character in MARKS):
        better = f"英文标点 {MARKS[mark]} " if MARKS[mark] else "英文标点，或删去"
        yield _finding("mark", f"式子里有中文标点“{mark}”；请改用{better}。")
    if wide := re.search("[０-９Ａ-Ｚａ-ｚ]+", text):
        yield _finding("mark", f"式子里有全角的“{wide[0]}”；请改用半角。")


def _tokens(tokens: list[Any]) -> Iterator[Finding]:
    if len(tokens) > MOST_TOKENS:
        yield _finding("length", f"式子有 {len(tokens)} 个词，最多 {MOST_TOKENS} 个；请拆成几个，或者把长名单放进表里。")
    if deepest(tokens) > DEEPEST:
        yield _finding("depth", f"式子的括号、CASE 和 NOT 套了 {DEEPEST} 层以上；请去掉多余的括号，或拆成几个条件。")


def deepest(tokens: list[Any]) -> int:
    """How deep brackets, CASE and rows of NOT or minus go."""
    most = level = run = 0
    for token in tokens:
        kind = token.token_type
        level += (kind in OPEN) - (kind in CLOSE)
        run = run + 1 if kind in PREFIX else 0 if kind not in OPEN else run
        most = max(most, level + run)
    return most


def _outside(text: str) -> str:
    """The text without what stands between quotes."""
    return "".join(text.split("'")[::2])


def _finding(check: str, message: str) -> Finding:
    return Finding(f"expression.{check}", "整个式子", message)
