"""Entries of a register: added, corrected, put out of use, and many changed at once."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from plumbline.kernel import ROW, BadInput, Conflict, Finding, Table
from plumbline.store import declarations, registers
from plumbline.store.deliveries import trial
from plumbline.store.models import Item
from plumbline.store.people import require
from plumbline.store.registers import entries as entry_values
from plumbline.web import links, record
from plumbline.web.effects import Effect, effects
from plumbline.web.entry_form import EntryForm, entry_form, offered, typed_value, typed_values
from plumbline.web.forms import status_of, ticked, version
from plumbline.web.row_filters import asked, query_of
from plumbline.web.row_source import every, found, inputs_of
from plumbline.web.screen import act, show, twin
from plumbline.web.table_access import TableHead, head_of, table_seen
from plumbline.web.table_rows import EMPTY

MOST_SHOWN = 50
MOST_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class AddScreen:
    """A new entry."""

    table: TableHead
    form: EntryForm


@dataclass(frozen=True, slots=True)
class Choosable:
    """A column that can be changed in bulk."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Will:
    """What a bulk change would do to an entry."""

    name: str
    before: str
    after: str
    href: str


@dataclass(frozen=True, slots=True)
class BulkScreen:
    """Many entries changed at once: chosen, previewed, and only then written.

    ids       entries chosen one by one; or, with `all`, all that pass `query`
    preview   the first of those that change; `changing` and `same`, how many do and do not
    effects   figures that would change with them
    """

    table: TableHead
    count: int
    ids: list[int]
    all: bool
    query: str
    columns: list[Choosable]
    column: str
    label: str
    value: str
    why: str
    offered: list[str]
    changing: int = 0
    same: int = 0
    preview: list[Will] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def add(request: HttpRequest, key: str) -> HttpResponseBase:
    """A new entry."""
    table = register_seen(request, key)
    require(request.user, "register", request.user.area)
    if request.method != "POST":
        return add_page(request, table, None)
    try:
        item = registers.save(request.user, table, None, typed_values(request, table, None), request.POST.get("why", ""))
    except BadInput as error:
        return add_page(request, table, error)
    messages.success(request, "已新增，并记入日志。")
    return redirect(links.entry(table.key, item.pk))


def add_page(request: HttpRequest, table: Table, error: Exception | None) -> HttpResponse:
    """The form of a new entry, with what was wrong."""
    form = entry_form(request, table, None, error)
    assert form is not None
    return show(request, AddScreen(head_of(request.user, table), form), "web/add-entry.html", 400 if error else 200)


def register_seen(request: HttpRequest, key: str) -> Table:
    """A register of this person; refuses a table that is delivered in batches."""
    _, table = table_seen(request, key)
    if not table.register:
        raise BadInput([Finding("entry.batches", table.label, f"「{table.label}」按批报送，不能逐条修改；请交一批更正。")])
    return table


def item_seen(request: HttpRequest, key: str, number: int) -> tuple[Table, Item]:
    """An entry the person sees; 404 otherwise."""
    table = register_seen(request, key)
    return table, get_object_or_404(Item.objects.visible_to(request.user), table=table.key, pk=number)


def edit(request: HttpRequest, key: str, number: int) -> HttpResponseBase:
    """Correct an entry; what could not be saved stays in the form."""
    table, item = item_seen(request, key, number)
    try:
        registers.save(request.user, table, number, typed_values(request, table, item), request.POST.get("why", ""),
                       version(request))
    except (Conflict, BadInput) as error:
        return record.unsaved(request, key, number, error, status_of(error))
    messages.success(request, "已保存，并记入日志。")
    return redirect(links.entry(table.key, number))


def retire(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Put an entry out of use from today on."""
    table, _ = item_seen(request, key, number)
    registers.retire(request.user, table, number, request.POST.get("why", ""), version(request))
    messages.success(request, "已停用；以前的内容和经过都保留。")
    return redirect(links.entry(table.key, number))


def edit_many(request: HttpRequest, key: str) -> HttpResponseBase:
    """Change a column of many entries: choose, preview, commit."""
    table = register_seen(request, key)
    require(request.user, "register", request.user.area)
    numbers = chosen(request, table)
    told = request.POST
    if not told.get("column"):
        return bulk_page(request, table, numbers)
    if not told.get("commit"):
        return previewed(request, table, numbers)
    if told.get("count") != str(len(numbers)):
        raise Conflict("预览之后，选中的条目有了变化；没有保存任何改动。请返回列表重新选择。")
    try:
        done = registers.edit_many(request.user, table, numbers, {told["column"]: told.get("value", "").strip()},
                                   told.get("why", ""))
    except BadInput as error:
        return bulk_page(request, table, numbers, findings=list(error.findings))
    messages.success(request, f"已修改 {done} 条，每一条都记入日志。")
    return redirect(f"{reverse('rows', args=[table.key])}?{told.get('query', '')}")


def chosen(request: HttpRequest, table: Table) -> list[int]:
    """The entries chosen: ticked, or all that pass the filters."""
    told = request.POST if request.method == "POST" else request.GET
    if not told.get("all"):
        numbers = ticked(request)
    else:
        inputs, wanted = inputs_of(table), asked(request, table, query_of(request))
        count = found(inputs, wanted, rows=1).count
        numbers = [int(row[ROW]) for row in every(inputs, wanted, count)] if count <= MOST_AT_ONCE else []
        if not numbers and count:
            raise BadInput([Finding("entry.many", "选择", f"选中了 {count} 条，一次最多 {MOST_AT_ONCE} 条；请先缩小筛选范围。")])
    if not numbers:
        raise BadInput([Finding("form.choice", "选择", "还没有选中任何一条；请返回列表勾选，或选“筛选出的全部”。")])
    return numbers


def previewed(request: HttpRequest, table: Table, numbers: list[int]) -> HttpResponse:
    """What a bulk change would do; writes nothing."""
    key, text = request.POST["column"], request.POST.get("value", "").strip()
    column = table.column(key)
    if column is None or key not in {one.key for one in choosable(table)}:
        return bulk_page(request, table, numbers, findings=[Finding("entry.column", "栏目", "请从列表中选择要修改的栏目。")])
    try:
        new = entry_values.checked(table, {key: text}, [column]).get(key)
    except BadInput as error:
        return bulk_page(request, table, numbers, findings=list(error.findings))
    items = [item for start in range(0, len(numbers), 500) for item in
             Item.objects.visible_to(request.user).filter(table=table.key, pk__in=numbers[start:start + 500])]
    changing = [item for item in items if item.values.get(key) != new]
    shown = [Will(item.key, words(item.values.get(key)), words(new), links.entry(table.key, item.pk))
             for item in changing[:MOST_SHOWN]]
    with trial.edited(table, [item.pk for item in changing], {key: typed_value(column, new)}) as held:
        told = effects(declarations.catalog(), held) if changing else []
    return bulk_page(request, table, numbers, changing=len(changing), same=len(items) - len(changing), preview=shown,
                     effects=told)


def words(value: Any) -> str:
    """A value as the preview shows it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return EMPTY if value is None else str(value)


def choosable(table: Table) -> list[Choosable]:
    """The columns that can be changed in bulk: neither an identity nor personal."""
    return [Choosable(column.key, f"{column.label}（{column.unit}）" if column.unit else column.label)
            for column in table.open_columns if column.key not in table.identity]


def bulk_page(request: HttpRequest, table: Table, numbers: list[int], **more: Any) -> HttpResponse:
    """The page of a bulk change, with what was typed; `more` of it as the screen has it."""
    told = request.POST if request.method == "POST" else request.GET
    column = table.column(told.get("column", ""))
    whole = bool(told.get("all"))
    screen = BulkScreen(
        head_of(request.user, table), len(numbers), [] if whole else numbers, whole, told.get("query", ""),
        choosable(table), column.key if column else "", column.label if column else "", told.get("value", ""),
        told.get("why", ""), [key for key, _ in offered(request.user, column, table)] if column else [], **more)
    return show(request, screen, "web/edit-entries.html", 400 if more.get("findings") else 200)


urls = [
    *twin("tables/<str:key>/add", add, "add-entry"),
    *twin("tables/<str:key>/edit", edit_many, "edit-entries"),
    *act("tables/<str:key>/entries/<int:number>/edit", edit, "edit-entry"),
    *act("tables/<str:key>/entries/<int:number>/retire", retire, "retire-entry"),
]
