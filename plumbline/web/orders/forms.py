"""Forms of moves: exactly the fields a move needs or may take, and what was typed in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from plumbline.kernel import NEEDS, BadInput, Column, Finding, Move, OrderKind
from plumbline.store.models import Office
from plumbline.web.choices import Choices
from plumbline.web.forms import whole

TRUTH = (("true", "是"), ("false", "否"))
INPUTS = {"reason": "line", "office": "choice", "reply": "text", "evidence": "file", "topic": "listed", "urgency": "choice",
          "place": "choice"}
TYPES = {"boolean": "choice", "date": "date", "integer": "number", "decimal": "number", "text": "line"}
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a form.

    kind  line | text | choice | listed (typed, with proposals) | date | number | file
    """

    key: str
    label: str
    kind: str
    needed: bool
    value: str = ""
    choices: Choices = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class MoveForm:
    """A move a person may make, with what it asks.

    plain  nothing needs to be told: one press does it
    """

    key: str
    label: str
    leads_to: str
    fields: list[Asked]
    bulk: bool

    @property
    def plain(self) -> bool:
        """Whether nothing has to be told."""
        return not any(one.needed for one in self.fields)

    @property
    def ahead(self) -> bool:
        """Whether it leads on: to another state, and nobody has to say why."""
        return bool(self.leads_to) and not any(one.key == "reason" and one.needed for one in self.fields)

    @property
    def office(self) -> bool:
        """Whether an office is all that has to be told."""
        return [one.key for one in self.fields if one.needed] == ["office"]


def aside(move: Move) -> tuple[bool, bool]:
    """How far a move is from the main way, to sort by: those that lead nowhere last, those that need a reason before them."""
    return not move.to, "reason" in move.needs


def form_of(move: Move, kind: OrderKind, offered: Mapping[str, Choices], typed: Mapping[str, str] | None = None) -> MoveForm:
    """The form of a move, with what was typed before. offered: what can be chosen, by what every order may be told."""
    state = kind.states.get(move.to)
    fields = [asked(kind, key, key in move.needs, offered.get(key, ()), (typed or {}).get(key, "")) for key in move.asks]
    return MoveForm(move.key, move.label, state.label if state else "", [one for one in fields if one], move.bulk)


def asked(kind: OrderKind, key: str, needed: bool, offered: Choices, value: str = "") -> Asked | None:
    """A field of a form: one of the kind, or one every order may be told."""
    if column := kind.field(key):
        return asked_of(column, needed, value)
    hint = "可以选多个文件，每个不超过 10 MB" if key == "evidence" else ""
    return Asked(key, NEEDS[key], INPUTS[key], needed, value, offered, hint) if key in NEEDS else None


def asked_of(column: Column, needed: bool, value: str = "") -> Asked:
    """A field of the kind."""
    offered = TRUTH if column.type == "boolean" else tuple((one, one) for one in column.choices)
    label = f"{column.label}（{column.unit}）" if column.unit else column.label
    return Asked(column.key, label, "choice" if offered else TYPES[column.type], needed, value, offered, column.meaning)


def typed_in(request: HttpRequest, keys: Iterable[str]) -> dict[str, str]:
    """What was typed in the fields named."""
    return {key: request.POST.get(key, "").strip()[:LONGEST] for key in keys}


def told(request: HttpRequest, kind: OrderKind, keys: Iterable[str]) -> dict[str, Any]:
    """What a form tells the store: fields left empty are left out; an office by its number, BadInput where there is none."""
    typed = {key: text for key, text in typed_in(request, keys).items() if text}
    made: dict[str, Any] = dict(typed)
    if "office" in typed:
        made["office"] = office_told(request.user, typed["office"])
        if made["office"] is None:
            name = typed["office"][:30]
            raise BadInput([Finding("order.office", "单位", f"没有可以选的单位「{name}」；请输入几个字，再从列出的单位里选。")])
    return made


def office_told(user: Any, text: str) -> int | None:
    """The office chosen, by its number or by its exact name; None where it is none that this person sees."""
    seen = Office.objects.visible_to(user)
    found = seen.filter(pk=whole(text)).first() if whole(text) is not None else seen.filter(name=text).first()
    return found.pk if found else None
