"""A promise given to an office, and the task it becomes: light, parts and their sum, returns, urging, closing."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from plumbline.kernel import ZONE, BadInput, Conflict, Finding, Move, normal
from plumbline.store import declarations, orders
from plumbline.store.models import Attachment, Office, Order, OrderMove
from plumbline.store.people import may, offices_of
from plumbline.systems.programmes import tasks
from plumbline.systems.programmes.board_pages import now_rules, seen
from plumbline.systems.programmes.returns import MONTHLY, Returned, returned
from plumbline.systems.programmes.splitting import split_trouble
from plumbline.systems.programmes.standing import Standing, standings
from plumbline.systems.programmes.tasks import TASK, Promise
from plumbline.web import choices
from plumbline.web.forms import office_key, onward, status_of, told, version, when, whole
from plumbline.web.screen import act, show, twin

BY = (("equal", "平均"), ("typed", "按填写的权重"))
# moves that have a form of their own on the page; the others are on the order's own page
TOLD = {"finding": "结论", "done": "累计完成", "evidence": "佐证"}
SHOWN = ("flag", "press", "answer", "propose", "close", "send_back", "reopen")


@dataclass(frozen=True, slots=True)
class GivePage:
    """A target or commitment about to become a task; `before` the tasks made of it, `running` the one under way, if any."""

    kind: str
    key: int
    promise: Promise
    offices: choices.Choices
    office: str
    due_on: str
    before: list[tuple[str, str, str]]
    back: str
    running: tuple[str, str] | None = None
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A month of one office: what was told, or that nothing was."""

    number: str
    period: str
    office: str
    value: str
    state: str
    late: bool
    href: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A line of a task's story."""

    label: str
    who: str
    at: datetime
    why: str
    told: str
    more: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One task.

    splits   ways it may be split, empty where it may not
    moves    what this person may do now
    blocked  the task itself is, whatever its parts are
    papers   what lies with it and its returns: name and address
    """

    row: Standing
    text: str
    version: int
    source: str
    total: str
    urged_due: datetime | None
    returns: list[ReturnRow]
    moves: tuple[Move, ...]
    splits: tuple[tuple[str, str], ...]
    split_why_not: str
    offices: list[Office]
    steps: list[StepRow]
    whole: tuple[str, str] | None
    blocked: bool
    unit: str
    papers: list[tuple[str, str]]
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    where: str = "board"


def give(request: HttpRequest, kind: str, key: int) -> HttpResponseBase:
    """A target or commitment becomes an order to an office."""
    made = tasks.promise(request.user, kind, key)
    error: Exception | None = None
    if request.method == "POST":
        try:
            order = tasks.give(request.user, made, office_key(request.POST.get("office", "")),
                               when(request.POST.get("due_on", "").strip()))
        except (BadInput, Conflict) as refused:
            error = refused
        else:
            messages.success(request, f"已下达为任务 {order.number}，并记入日志。")
            return onward(request, "programmes-task", order.number)
    office = request.POST.get("office") or str(made.office.pk if made.office else "")
    due_on = request.POST.get("due_on") or (made.due_on.isoformat() if made.due_on else "")
    given = list(tasks.given(request.user, made.subject))
    before = [(one.number, tasks_state(one), reverse("programmes-task", args=[one.number])) for one in given]
    running = next(((one.number, href) for one, (_, _, href) in zip(given, before, strict=True) if one.state in tasks.OPEN), None)
    back = reverse(kind, args=[key])
    page = GivePage(kind, key, made, choices.offices(request.user), office, due_on, before, back, running, *told(error))
    return show(request, page, "programmes/give.html", status_of(error) if error else 200)


def tasks_state(one: Order) -> str:
    """The state of a task in words."""
    return declarations.catalog().orders[TASK].states[one.state].label


def task(request: HttpRequest, number: str) -> HttpResponseBase:
    """One task."""
    return show(request, page_of(request, get_object_or_404(seen(request.user, TASK), number=number)), "programmes/task.html")


def page_of(request: HttpRequest, one: Order, error: Exception | None = None) -> TaskPage:
    """A task with its parts, returns, story and forms."""
    now, rules = now_rules()
    user = request.user
    [row] = standings([one], now, rules)
    why_not, can = _splits(user, one, row)
    kind = declarations.catalog().orders[TASK]
    moves = tuple(move for move in orders.may_move(user, one, kind) if move.key in SHOWN)
    clock = one.clocks.get("answer", {}).get("due_at")
    urged = datetime.fromisoformat(clock) if clock and one.state == "pressed" else None
    return TaskPage(
        row, one.text, one.version, source_of(one), _total(row), urged, _returns(row, now), moves,
        ways(user) if can else (), why_not, list(offices_of(user).exclude(pk=one.office_id)) if can else [],
        _steps(user, one), _whole(user, one), bool(one.fields.get("blocked")),
        str(one.fields.get("unit", "")), _papers(user, one), *told(error))


def _splits(user: Any, one: Order, row: Standing) -> tuple[str, bool]:
    """Why a task cannot be split, and whether the form is shown."""
    if not may(user, "plan", one.area) or one.state not in ("working", "pressed") or row.parts:
        return "", False
    value = tasks.number(one, "value")
    unit, measure = str(one.fields.get("unit", "")), str(one.fields.get("measure", "level"))
    trouble = "" if value is None else split_trouble(value, unit, measure)
    return trouble, not trouble


def ways(user: Any) -> tuple[tuple[str, str], ...]:
    """How weights may be told: equal, typed, or counted in a register that says which street a thing is in."""
    tables = (one for one in settings.CATALOG.tables.values() if one.register and one.column("street"))
    made = [*BY]
    for table in tables:
        made.append((table.key, f"按「{table.label}」的条数"))
        made += [(f"{table.key} {column.key}", f"按「{table.label}」的{column.label}") for column in table.columns
                 if column.type in ("integer", "decimal") and column.key not in table.identity]
    return tuple(made)


def source_of(one: Order) -> str:
    """The page of what a task was made of; empty for a part."""
    kind, _, key = one.subject.partition(" ")
    return reverse(kind, args=[int(key)]) if kind in ("target", "commitment") and key.isdigit() else ""


def _total(row: Standing) -> str:
    """The sum of the parts in words; empty where there are none, or nothing is owed in numbers."""
    if not row.parts or not row.owes or not row.month:
        return ""
    told = "没有单位填报"
    if row.done:
        many = "" if any(part.parts for part in row.parts) else f"{len(row.parts) - len(row.absent)}个单位"
        told = f"已报{many}合计{row.done}"
    return f"{row.month}：{told}" + (f"；未报：{'、'.join(row.absent)}。" if row.absent else "，全部已报。")


def _returns(row: Standing, now: datetime) -> list[ReturnRow]:
    """The returns of a task and its parts, the latest month first."""
    names = {one.key: one.office for one in (row, *row.parts)}
    rows = [one for found in returned(names, now).values() for one in found]
    return [_return_row(one, names[one.task]) for one in sorted(rows, key=lambda one: (one.period, one.order), reverse=True)]


def _return_row(one: Returned, office: str) -> ReturnRow:
    state = "未报" if one.state == "asked" else "已报"
    value = "" if one.value is None else f"{one.value.normalize():f}"
    return ReturnRow(one.number, one.period, office, value, f"{state}（逾期）" if one.late else state, one.late,
                     reverse("programmes-return", args=[one.number]))


def _steps(user: Any, one: Order) -> list[StepRow]:
    rows: QuerySet[OrderMove] = OrderMove.objects.visible_to(user).filter(order=one).select_related("by").order_by("-n")
    return [StepRow(row.label, str(row.by or "系统"), row.at.astimezone(ZONE), row.why, row.told, _more(row))
            for row in rows[:100]]


def _more(row: OrderMove) -> list[tuple[str, str]]:
    """What was told with a step beside its words: the finding and the papers it names."""
    told = {key: row.change[key][1] for key in TOLD if row.change.get(key) and row.change[key][1]}
    return [(TOLD[key], f"{normal(Decimal(str(value))):f}" if key == "done" else str(value)) for key, value in told.items()]


def _papers(user: Any, one: Order) -> list[tuple[str, str]]:
    """The papers that lie with a task and with its returns."""
    keys = [one.pk, *Order.objects.filter(kind=MONTHLY, subject=f"order {one.pk}").values_list("pk", flat=True)]
    rows = Attachment.objects.visible_to(user).filter(order__in=keys).order_by("-pk")[:50]
    return [(row.name, reverse("order-paper", args=[row.order.number, row.pk])) for row in rows.select_related("order")]


def _whole(user: Any, one: Order) -> tuple[str, str] | None:
    found = seen(user, TASK).filter(pk=one.parent_id).first() if one.parent_id else None
    return (f"{found.number} {found.title}", reverse("programmes-task", args=[found.number])) if found else None


def split(request: HttpRequest, number: str) -> HttpResponseBase:
    """Split a task to offices."""
    one = get_object_or_404(seen(request.user, TASK), number=number)
    try:
        parts = tasks.split(request.user, one, weights_told(request, request.POST.get("by", "equal")),
                            request.POST.get("why", "").strip(), version(request))
    except (BadInput, Conflict) as error:
        return show(request, page_of(request, one, error), "programmes/task.html", status_of(error))
    messages.success(request, f"已分解给 {len(parts)} 个单位，各项之和等于总数；已记入日志。")
    return onward(request, "programmes-task", number)


def weights_told(request: HttpRequest, by: str) -> list[tuple[int, Decimal]]:
    """Offices that were ticked, each with its weight."""
    keys = [key for text in request.POST.getlist("office") if (key := whole(text)) is not None]
    if by == "equal":
        return [(key, Decimal(1)) for key in keys]
    if by == "typed":
        return [(key, weight_of(request.POST.get(f"weight-{key}", ""))) for key in keys]
    names = dict(offices_of(request.user).filter(pk__in=keys).values_list("pk", "name"))
    table, _, column = by.partition(" ")
    found = tasks.register_weights(request.user, table, column, names) if by in dict(ways(request.user)) else {}
    if absent := [names[key] for key in keys if key in names and key not in found]:
        raise BadInput([Finding("split.register", "权重", f"名录中没有 {'、'.join(absent)} 的条目；请改用填写的权重。")])
    return [(key, found[key]) for key in keys if key in found]


def weight_of(text: str) -> Decimal:
    """A weight as it was typed; what is none is refused later, as a weight of nothing."""
    try:
        weight = Decimal(text.strip())
    except InvalidOperation:
        return Decimal(0)
    return weight if weight.is_finite() and -int(weight.as_tuple().exponent) <= 6 and weight < 10**15 else Decimal(0)


def move(request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    """One move of a task, by the form on its page."""
    one = get_object_or_404(seen(request.user, TASK), number=number)
    asked = {name: request.POST.get(name, "").strip() for name in ("reason", "reply", "finding", "done", "evidence", "blocked")
             if request.POST.get(name, "").strip()}
    try:
        moved = tasks.act(request.user, one, key, asked, version(request))
    except (BadInput, Conflict) as error:
        return show(request, page_of(request, one, error), "programmes/task.html", status_of(error))
    messages.success(request, f"任务 {moved.number} 现在是「{tasks_state(moved)}」；已记入日志。")
    return onward(request, "programmes-task", number)


urls = [
    *twin("programmes/give/<str:kind>/<int:key>", give, "programmes-give"),
    *twin("programmes/tasks/<str:number>", task, "programmes-task"),
    *act("programmes/tasks/<str:number>/split", split, "programmes-split"),
    *act("programmes/tasks/<str:number>/do/<str:key>", move, "programmes-move"),
]
