"""Sentences: words with slots for figures, as a system declares them or a planner types them.

    {programmes.moved_out}              the figure in the form its ref suggests: 68家
    {programmes.moved_out|yoy:growth}   a whole phrase: 同比下降7.4%
    {r:%.1}                             in a declared sentence: the ref named r, one digit behind the point
    {=17}                               a number that stands for no figure, on the writer's word

A form is a name, `.digits` behind the point and `/` options, all but the name left out where they need not be said.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from plumbline.kernel.errors import BadInput
from plumbline.kernel.finding import Finding
from plumbline.kernel.ref import Ref, ref

# form: what it prints, and the options it takes
FORMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "level": ("数值：48.59亿元、3000家、82.3%", ("亿", "万", "1")),
    "growth": ("同比下降7.4%", ("bare", "times")),
    "change": ("同比提高2.3个百分点", ("bare",)),
    "narrowing": ("降幅较一季度收窄3.4个百分点", ("bare",)),
    "against": ("高于全市1.3个百分点", ()),
    "rank": ("居全市第三", ("位", "bare", "only", "digits")),
    "from_to": ("由71.2%上升到82.3%", ("bare",)),
    "of_target": ("完成全年目标的68.4%", ()),
    "times": ("是上年同期的1.3倍", ()),
    "size": ("7.4%（不带动词；up、down 写明文字已说的方向，相反即拒绝）", ("up", "down")),
}
# the form of a ref that names none, by its last step
USUAL = {"": "level", "cumulative": "level", "yoy": "growth", "qoq": "growth"}
# what each step can be printed as; a comparison in the words of another would be false
FITTING = {
    "": ("level", "growth", "size"), "cumulative": ("level", "growth", "size"), "yoy": ("growth", "size"),
    "qoq": ("growth", "size"), "change": ("change", "from_to", "size"), "narrowing": ("narrowing", "size"),
    "against": ("against", "size"), "rank": ("rank",), "of_target": ("of_target", "level"), "times": ("times", "level"),
}
PARTS = {"key", "label", "text", "figures", "section", "since", "until", "when"}
_SLOT = re.compile(r"\{([^{}]*)\}|[{}]")
_FORM = re.compile(rf"(?P<name>{'|'.join(FORMS)}|%)(?:\.(?P<digits>[0-6]))?(?:/(?P<option>[^/:|]+))?")
_LITERAL = re.compile(r"=[^{}|]{1,40}")


@dataclass(frozen=True, slots=True)
class Form:
    """How a number is printed; `digits` None: as the indicator says."""

    name: str
    digits: int | None = None
    option: str = ""

    def __str__(self) -> str:
        """As it is written in a slot."""
        digits = "" if self.digits is None else f".{self.digits}"
        return f"{self.name}{digits}{'/' + self.option if self.option else ''}"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a number: a ref and its form, or a literal text that stands for no figure."""

    ref: Ref | None
    form: Form
    literal: str = ""

    def __str__(self) -> str:
        """As a planner types it."""
        return f"{{={self.literal}}}" if self.ref is None else f"{{{self.ref}:{self.form}}}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence a report may say.

    figures  slot name → ref
    section  where in a report it belongs
    since    first and last day it may be said of (by the last day of the paper's period); None: always
    when     slots whose figures must be there: where one is missing, the sentence is left out and that is told
    """

    key: str
    text: str
    figures: Mapping[str, Ref] = field(default_factory=dict)
    label: str = ""
    section: str = ""
    since: date | None = None
    until: date | None = None
    when: tuple[str, ...] = ()

    @property
    def template(self) -> str:
        """The sentence as a planner would have typed it: every slot with its whole ref."""
        return "".join(str(piece) for piece in pieces(self.text, self.figures))

    def holds_on(self, day: date) -> bool:
        """Whether it may be said of a period that ends on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def pieces(text: str, figures: Mapping[str, Ref] | None = None) -> tuple[str | Slot, ...]:
    """Words and slots of a template, in order; `figures` where slots name refs declared beside it.

    Raises  BadInput naming every slot that cannot be read

    >>> [str(piece) for piece in pieces("共{a.b}，{=三}项")]
    ['共', '{a.b:level}', '，', '{=三}', '项']
    """
    found: list[str | Slot] = []
    wrong: list[Finding] = []
    at = 0
    for match in _SLOT.finditer(text):
        found += [text[at:match.start()]] if match.start() > at else []
        at = match.end()
        try:
            found.append(_slot(match, figures))
        except BadInput as error:
            wrong += error.findings
    if wrong:
        raise BadInput(wrong)
    return (*found, text[at:]) if at < len(text) else tuple(found)


def slots(text: str, figures: Mapping[str, Ref] | None = None) -> Iterator[Slot]:
    """The slots of a template that stand for figures."""
    return (piece for piece in pieces(text, figures) if isinstance(piece, Slot) and piece.ref)


def _slot(match: re.Match[str], figures: Mapping[str, Ref] | None) -> Slot:
    inside = (match[1] or "").strip()
    if match[1] is None or not inside:
        raise _bad(match[0], "花括号没有成对，或里面是空的；数字写作 {指标}，不代表指标的数写作 {=17}")
    if inside.startswith("="):
        if not _LITERAL.fullmatch(inside):
            raise _bad(match[0], "「=」后面请写 1 到 40 个字")
        return Slot(None, Form("level"), inside[1:])
    told, _, last = inside.rpartition(":")
    form = _FORM.fullmatch(last) if told else None
    name = told if form else inside
    if figures is not None:
        if name not in figures:
            known = "、".join(figures) or "（没有声明任何一个）"
            raise _bad(match[0], f"没有在 figures 中声明「{name}」；请补上，或改用 {known}")
        asked = figures[name]
    else:
        asked = ref(name)
    return Slot(asked, _form(match[0], asked, form))


def _form(where: str, asked: Ref, match: re.Match[str] | None) -> Form:
    usual = USUAL.get(asked.step, asked.step)
    if match is None:
        return Form(usual)
    name, option = usual if match["name"] == "%" else match["name"], match["option"] or ""
    if name not in FITTING[asked.step]:
        raise _bad(where, f"「{asked}」不能写成 {name}；可写 {'、'.join(FITTING[asked.step])}")
    if option and option not in FORMS[name][1]:
        raise _bad(where, f"{name} 没有「/{option}」这种写法；可写 {'、'.join(FORMS[name][1]) or '（没有选项）'}")
    return Form(name, int(match["digits"]) if match["digits"] else None, option)


def _bad(where: str, words: str) -> BadInput:
    return BadInput([Finding("slot", where, f"{where}：{words}。")])


def sentence_from(key: str, body: Any, wrong: list[str]) -> Sentence | None:
    """A sentence from its declaration in `sentences/*.yaml`: plain mappings of text.

    wrong  grows by a sentence for each thing that is missing or wrong; then None is given
    """
    before = len(wrong)
    if not isinstance(body, Mapping):
        wrong.append(f"{key}: write text and figures")
        return None
    wrong += [f"{key}: {name} is no part of a sentence; remove it" for name in sorted(set(body) - PARTS)]
    wrong += [f"{key}: text is missing; write it"] if not body.get("text") else []
    figures = _figures(key, body.get("figures"), wrong)
    when = body.get("when") or ()
    when = (when,) if isinstance(when, str) else tuple(when)
    wrong += [f"{key}: when names {name}, which is not in figures" for name in when if name not in figures]
    since, until = (_day(key, body, name, wrong) for name in ("since", "until"))
    if len(wrong) == before:
        wrong += _unread(key, body["text"], figures)
    if len(wrong) > before:
        return None
    return Sentence(key, body["text"], figures, str(body.get("label") or ""), str(body.get("section") or ""),
                    since, until, when)


def _figures(key: str, told: Any, wrong: list[str]) -> dict[str, Ref]:
    if told and not isinstance(told, Mapping):
        wrong.append(f"{key}: figures: write slot: ref")
        return {}
    found = {}
    for name, text in (told or {}).items():
        try:
            found[str(name)] = ref(str(text))
        except BadInput as error:
            wrong.append(f"{key}, {name}: {error}")
    return found


def _unread(key: str, text: str, figures: Mapping[str, Ref]) -> list[str]:
    try:
        used = {str(slot.ref) for slot in slots(text, figures)}
    except BadInput as error:
        return [f"{key}: {finding.message}" for finding in error.findings]
    return [f"{key}: {name} is not in the text; use it or remove it" for name, one in figures.items() if str(one) not in used]


def _day(key: str, body: Mapping[str, Any], name: str, wrong: list[str]) -> date | None:
    told = body.get(name)
    if not told:
        return None
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        wrong.append(f"{key}: {name} is {told!r}; write a real day")
        return None
