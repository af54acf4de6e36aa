"""Text that people type, checked before it is written; and values as the journal keeps them."""

import datetime
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Model

from plumbline.kernel import BadInput, Finding

REASON_LENGTH = 300
# controls, marks without width or that turn the direction of what follows, halves of characters, line ends of
# their own: two names that look the same must be the same
UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def reason(why: str, needed: bool = True) -> str:
    """A reason as it is kept; BadInput where it is needed and absent, or too long."""
    why = " ".join(why.split())
    if needed and not why:
        raise bad("why.empty", "理由", "请写明理由；没有保存任何改动。")
    if trouble := text_trouble("理由", why, REASON_LENGTH):
        raise bad("why.text", "理由", trouble)
    return why


def text_trouble(label: str, text: str, most: int) -> str:
    """Why a text cannot be kept, for people; empty where it can."""
    if len(text) > most:
        return f"「{label}」有 {len(text)} 个字，最多 {most} 个字；请缩短。"
    if any(unicodedata.category(letter) in UNSEEN for letter in text):
        return f"「{label}」含有看不见的控制字符或残缺的字；请删去后重新输入。"
    return ""


def longest(model: type[Model], name: str) -> int:
    """How many characters a column holds."""
    return int(model._meta.get_field(name).max_length)


def fitted(model: type[Model], name: str, text: str | None) -> str:
    """A text cut to what its column holds; empty for None."""
    return (text or "")[:longest(model, name)]


def bad(check: str, where: str, message: str) -> BadInput:
    """BadInput with one finding."""
    return BadInput([Finding(check, where, message)])


def refuse(findings: Iterable[Finding]) -> None:
    """Raise BadInput where there is any finding."""
    if found := tuple(findings):
        raise BadInput(found)


def plain(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """Columns of a row as the journal keeps them: dates as ISO text, exact decimals as text."""
    return {name: plain_value(getattr(row, name)) for name in names}


def plain_value(value: Any) -> Any:
    """One value as the journal keeps it."""
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, (Decimal, float)) else value
