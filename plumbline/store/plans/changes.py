"""What a person may change of a target or a commitment, checked field by field."""

import datetime
from collections.abc import Iterable
from typing import Any

from plumbline.kernel import BOUNDS, BadInput, Finding, Indicator, inside
from plumbline.store.documents.fields import number_text, number_trouble
from plumbline.store.people.roles import may, offices_of
from plumbline.store.people.tables import Office
from plumbline.store.plans.counted import fits
from plumbline.store.plans.tables import PROPOSAL_STATES, TARGET_STATES, Commitment, Target
from plumbline.store.words import bad, text_trouble

LABELS = {"label": "指标", "value": "目标值", "unit": "单位", "bound": "界", "due_on": "时限", "office": "责任单位",
          "state": "状态", "outcome": "办理", "note": "进展说明", "indicator": "由指标计数"}
PLANNED = {Target: ["label", "value", "unit", "bound", "due_on", "office", "state", "note", "indicator"],
           Commitment: ["due_on", "office", "state", "outcome", "note"]}
REPORTED = {Target: ["state", "note"], Commitment: ["outcome", "note"]}
# what an office may say of its own work; withdrawing a promise is not its to decide
OWN_WORDS = ("open", "kept", "missed")


def editable(user: Any, row: Target | Commitment) -> list[str]:
    """The fields this user may change of a target or commitment; none for most people."""
    if may(user, "plan", row.document.area):
        return PLANNED[type(row)]
    if user.is_authenticated and user.role == "office" and row.office_id is not None \
            and row.office_id == user.office_id and may(user, "report", user.area):
        return REPORTED[type(row)]
    return []


def checked(user: Any, row: Target | Commitment, changes: dict[str, Any]) -> dict[str, Any]:
    """The fields a person really changed, as they are kept; BadInput with every finding."""
    found: list[Finding] = []
    changed: dict[str, Any] = {}
    for name, value in changes.items():
        try:
            kept = _kept(user, row, name, value)
        except BadInput as error:
            found += error.findings
        else:
            if kept != getattr(row, name):
                changed[name] = kept
    if not found and not changed:
        found.append(Finding("plan.same", "修改", "没有任何改动。"))
    if found:
        raise BadInput(found)
    return changed


def _kept(user: Any, row: Target | Commitment, name: str, value: Any) -> Any:
    """A value as its column keeps it."""
    if name == "office":
        return office_for(user, value, [row.document.area])
    if name == "due_on":
        return _day(value)
    if name == "indicator":
        return _counting(row, value)
    text = "" if value is None else str(value).strip()
    if trouble := _trouble(user, row, name, text):
        raise bad(f"plan.{name}", LABELS[name], trouble)
    return number_text(text) if name == "value" else text


def _trouble(user: Any, row: Target | Commitment, name: str, text: str) -> str:
    field, label = type(row)._meta.get_field(name), LABELS[name]
    if not text and name != "note":
        return f"「{label}」不能为空。"
    if name == "value":
        return number_trouble(label, text)
    if name == "bound":
        return "" if text in BOUNDS else f"「{label}」没有「{text[:20]}」这一项；请从列表中选择。"
    if name in ("state", "outcome"):
        own = editable(user, row) == REPORTED[type(row)]
        choices = OWN_WORDS if own else dict(
            PROPOSAL_STATES if name == "state" and isinstance(row, Commitment) else TARGET_STATES)
        return "" if text in choices else f"「{label}」没有「{text[:20]}」这一项，或者您不能选它；请从列表中选择。"
    lines = text.replace("\r", "").replace("\n", "") if name == "note" else text
    return text_trouble(label, lines, field.max_length)


def _counting(row: Target | Commitment, value: Any) -> str:
    """Key of the indicator that counts a target, handed in as the catalog has it; empty for none."""
    if value is None or value == "":
        return ""
    trouble = fits(row, value) if isinstance(value, Indicator) and isinstance(row, Target) else (
        f"没有指标「{str(value)[:50]}」；请从列表中选择。")
    if trouble:
        raise bad("plan.indicator", LABELS["indicator"], trouble)
    return str(value.key)


def _day(value: Any) -> datetime.date | None:
    if value is None or value == "" or type(value) is datetime.date:
        return value or None
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise bad("plan.due_on", "时限", f"「{str(value)[:20]}」不是日期；请写作 2020-12-31。") from None


def office_for(user: Any, office: Office | int | None, areas: Iterable[str]) -> Office | None:
    """The office work is given to: one the user may give work to, of the area, or of one above or below it."""
    if office is None or office == "":
        return None
    key = office.pk if isinstance(office, Office) else office
    found = offices_of(user).filter(pk=key).first() if isinstance(key, int) else None
    if found is None or not all(inside(found.area, area) or inside(area, found.area) for area in areas):
        raise bad("plan.office", "责任单位", "没有这个单位，或者它不在这项计划的地区；请从列表中选择。")
    return found
