"""What a person may write into a claim, checked field by field."""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from plumbline.kernel import BOUNDS, MEASURES, MODALITIES, BadInput, Finding
from plumbline.kernel.period import is_period
from plumbline.store.documents.tables import Claim
from plumbline.store.words import longest, text_trouble

LABELS = {
    "value": "数值", "value2": "数值上端", "unit": "单位", "subject": "指标", "place": "地区", "period": "时期",
    "deadline": "时限", "reference": "比较对象", "measure": "度量", "modality": "性质", "bound": "界",
}
NEEDED = ("value", "unit", "subject", "measure", "modality", "bound")
CHOICES = {"measure": MEASURES, "modality": MODALITIES, "bound": BOUNDS}
# half- or full-width, with or without commas between thousands
NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
DEADLINE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)


def checked(claim: Claim, changes: dict[str, Any]) -> dict[str, str]:
    """The fields a person really changed, as they are kept; BadInput with every finding."""
    found, changed = [], {}
    for name, value in changes.items():
        text = "" if value is None else str(value).strip()
        if trouble := _trouble(name, text):
            found.append(Finding(f"claim.{name}", LABELS.get(name, name), trouble))
        elif (kept := number_text(text) if name in ("value", "value2") else text) != getattr(claim, name):
            changed[name] = kept
    if not found and (trouble := _range_trouble(claim, changed)):
        found.append(Finding("claim.value2", LABELS["value2"], trouble))
    if not found and not changed:
        found.append(Finding("claim.same", "更正", "没有任何改动；如原文无误，请直接确认。"))
    if found:
        raise BadInput(found)
    return changed


def number_text(text: str) -> str:
    """A typed number in plain digits; empty stays empty.

    >>> number_text("１,234.50"), number_text("+3"), number_text("")
    ('1234.50', '3', '')
    """
    narrow = unicodedata.normalize("NFKC", text).replace(",", "").replace("−", "-").removeprefix("+")
    return format(Decimal(narrow), "f") if narrow else ""


def number_trouble(label: str, text: str) -> str:
    """Why a typed text is no number that can be kept."""
    narrow = unicodedata.normalize("NFKC", text).replace("−", "-")
    if not NUMBER.fullmatch(narrow):
        return f"「{label}」应是一个数，如 12.5；「{text[:20]}」不是。"
    most = longest(Claim, "value")
    return f"「{label}」位数过多，最多 {most} 位。" if len(narrow) > most else ""


def _trouble(name: str, text: str) -> str:
    """Why a field cannot hold a text; empty where it can."""
    if name not in LABELS:
        return f"「{name[:30]}」不是可以更正的项目。"
    label = LABELS[name]
    if not text:
        return f"「{label}」不能为空。" if name in NEEDED else ""
    if name in CHOICES:
        return "" if text in CHOICES[name] else f"「{label}」没有「{text[:20]}」这一项；请从列表中选择。"
    special: dict[str, Callable[[str, str], str]] = {
        "value": number_trouble, "value2": number_trouble, "period": period_trouble, "deadline": deadline_trouble}
    return (special[name](label, text) if name in special
            else text_trouble(label, text, longest(Claim, name)))


def period_trouble(label: str, text: str) -> str:
    """Why a typed text is no period."""
    if is_period(text) and len(text) <= longest(Claim, "period"):
        return ""
    return f"「{label}」应写作 2020、2020H1、2020Q1、2020-06、2020-02/2020-06 或 @2020-06-30；「{text[:20]}」不是。"


def deadline_trouble(label: str, text: str) -> str:
    """Why a typed text is no deadline."""
    if DEADLINE.fullmatch(text) and is_period(text):
        return ""
    return f"「{label}」应写作 2020、2020-09 或 2020-09-30；「{text[:20]}」不是。"


def _range_trouble(claim: Claim, changed: dict[str, str]) -> str:
    low, high = changed.get("value", claim.value), changed.get("value2", claim.value2)
    if high and Decimal(high) <= Decimal(low):
        return f"「数值上端」{high} 应大于「数值」{low}。"
    return ""
