"""The form of a ledger: a new one, or the next version of one; from a blank page or from a spreadsheet somebody keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plumbline.kernel import TYPES, BadInput, Conflict, Finding
from plumbline.store import declarations
from plumbline.store.people import require
from plumbline.web import choices
from plumbline.web.forms import onward, status_of, told, version
from plumbline.web.ledger_sample import proposed
from plumbline.web.ledgers import seen
from plumbline.web.people import areas_of
from plumbline.web.screen import show, twin

HEAD = ("label", "meaning", "owner", "register", "delete_months")
PARTS = ("key", "label", "type", "unit", "scale", "required", "role", "names", "personal", "choices", "meaning")
ROLES = (("", "普通"), ("area", "地区"), ("dated", "日期（按它归期）"))
YES = (("", "否"), ("1", "是"))
SEPARATORS = str.maketrans(dict.fromkeys(",，;；\r\n", "、"))
TOO_LARGE = Finding("sample.size", "文件", "文件太大；请只留表头和几百行再试。台账没有改动。")
MOST_COLUMNS = 500
FRESH: tuple[dict[str, Any], ...] = (
    {"label": "编号", "type": "text", "required": True, "names": True, "meaning": "每行一个，不重复"},
    {"label": "所在区", "type": "text", "required": True, "role": "area", "meaning": "区划代码"},
    {"label": "名称", "type": "text", "required": True},
    {"label": "日期", "type": "date", "required": True, "role": "dated"},
)


@dataclass(frozen=True, slots=True)
class ColumnField:
    """A column in the form, every part as text."""

    key: str = ""
    label: str = ""
    type: str = "text"
    unit: str = ""
    scale: str = "2"
    required: str = ""
    role: str = ""
    names: str = ""
    personal: str = ""
    choices: str = ""
    meaning: str = ""

    @property
    def filled(self) -> bool:
        """Whether anything was written in it."""
        return bool(self.label or self.unit or self.choices or self.meaning)


@dataclass(frozen=True, slots=True)
class LedgerForm:
    """A ledger's form: what stands, what was typed, or what a spreadsheet proposes.

    locked  rows stand in it: only compatible changes are taken
    sample  the spreadsheet the columns were proposed from
    """

    key: str
    title: str
    fields: dict[str, str]
    columns: list[ColumnField]
    version: int
    locked: bool
    areas: choices.Choices
    area: str
    sample: str = ""
    why: str = ""
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    blank: ColumnField = field(default=ColumnField(), metadata={"json": False})
    types: tuple[tuple[str, str], ...] = field(default=tuple(TYPES.items()), metadata={"json": False})
    roles: tuple[tuple[str, str], ...] = field(default=ROLES, metadata={"json": False})
    yes: tuple[tuple[str, str], ...] = field(default=YES, metadata={"json": False})


def new(request: HttpRequest) -> HttpResponseBase:
    """A new ledger: a blank form, one filled from a spreadsheet, or the declaration itself."""
    user, area = request.user, request.POST.get("area") or request.user.area
    require(user, "declare", area)
    start = LedgerForm("", "建立台账", {"register": "1", "delete_months": ""}, [_field(one) for one in FRESH], 0, False,
                       areas_of(user), area)
    if request.method != "POST":
        return show(request, start, "web/ledger-form.html")
    if "sample" in request.FILES:
        return from_sample(request, start)
    key = declarations.free_key(area, declarations.TABLE)
    return saved(request, key, start)


def edit(request: HttpRequest, key: str) -> HttpResponseBase:
    """The next version of a ledger."""
    found = seen(request, key)
    require(request.user, "declare", found.area)
    stands = LedgerForm(key, f"修改「{found.label}」", _head(found.body), columns_of(found.body), found.version,
                        declarations.has_rows(key), areas_of(request.user), found.area)
    if request.method != "POST":
        return show(request, stands, "web/ledger-form.html")
    return saved(request, key, stands)


def from_sample(request: HttpRequest, start: LedgerForm) -> HttpResponseBase:
    """The form with the columns a spreadsheet proposes; nothing is kept."""
    file = request.FILES["sample"]
    name = str(file.name or "")
    try:
        if file.size > settings.UPLOAD_LIMIT:
            raise BadInput([TOO_LARGE])
        columns = [_field(one) for one in proposed(file.read(), name)]
    except BadInput as error:
        return show(request, replace(start, findings=list(error.findings)), "web/ledger-form.html", 400)
    if not any(column.role == "area" for column in columns):
        columns.insert(0, _field(FRESH[1]))
    named = any(column.names for column in columns)
    fields = start.fields | {"label": name.rsplit(".", 1)[0][:100], "register": "1" if named else "",
                             "delete_months": "24" if any(column.personal for column in columns) else ""}
    return show(request, replace(start, fields=fields, columns=columns, sample=name), "web/ledger-form.html")


def saved(request: HttpRequest, key: str, form: LedgerForm) -> HttpResponseBase:
    """Declare what was typed; the form says why where it cannot be."""
    fields, columns = typed(request)
    why = request.POST.get("why", "")
    at = version(request) if form.version else 0
    try:
        declarations.declare_table(request.user, key, body_of(fields, columns), why, at)
    except (BadInput, Conflict) as error:
        trouble, findings = told(error)
        back = replace(form, fields=fields, columns=columns, why=why, trouble=trouble, findings=findings)
        return show(request, back, "web/ledger-form.html", status_of(error))
    messages.success(request, "已保存为新的一版，并记入日志。" if form.version else
                     "台账已建立，并记入日志。下一步：下载空白表格填报，或直接登记；再为它定义要数的指标。")
    return onward(request, "ledger", key)


def typed(request: HttpRequest) -> tuple[dict[str, str], list[ColumnField]]:
    """What was typed: the ledger's own parts, and its columns; blank ones are left out."""
    fields = {name: request.POST.get(name, "").strip() for name in HEAD}
    lists = [request.POST.getlist(f"column_{name}")[:MOST_COLUMNS] for name in PARTS]
    if len({len(one) for one in lists}) != 1:
        raise BadInput([Finding("ledger.form", "栏目", "表单没有传全，没有保存任何改动；请返回后重试。")])
    columns = [ColumnField(*(part.strip() for part in parts)) for parts in zip(*lists, strict=True)]
    return fields, [column for column in columns if column.filled]


def body_of(fields: Mapping[str, str], columns: Sequence[ColumnField]) -> dict[str, Any]:
    """The declaration that was typed; a column without a key gets the next free one."""
    areas = [column.label for column in columns if column.role == "area"]
    days = [column.label for column in columns if column.role == "dated"]
    twice = [Finding("ledger.role", "用途", f"有 {len(some)} 栏都选作{word}（{'、'.join(some)}）；请只留一栏。")
             for word, some in (("地区", areas), ("日期", days)) if len(some) > 1]
    if twice:
        raise BadInput(twice)
    keyed = _keyed(columns)
    return {
        "label": fields["label"], "meaning": fields["meaning"], "owner": fields["owner"],
        "register": fields["register"] == "1", "delete_months": fields["delete_months"],
        "area": next((key for key, column in keyed if column.role == "area"), ""),
        "dated": next((key for key, column in keyed if column.role == "dated"), ""),
        "identity": [key for key, column in keyed if column.names],
        "columns": [_column(key, column) for key, column in keyed],
    }


def _keyed(columns: Sequence[ColumnField]) -> list[tuple[str, ColumnField]]:
    taken, found, number = {column.key for column in columns}, [], 0
    for column in columns:
        key = column.key
        while not key:
            number += 1
            key = f"c{number}" if f"c{number}" not in taken else ""
        found.append((key, column))
    return found


def _column(key: str, column: ColumnField) -> dict[str, Any]:
    chosen = [choice.strip() for choice in column.choices.translate(SEPARATORS).split("、")]
    return {
        "key": key, "label": column.label, "type": column.type, "unit": column.unit, "scale": column.scale or "2",
        "required": column.required == "1", "personal": column.personal == "1",
        "choices": [choice for choice in chosen if choice], "meaning": column.meaning,
    }


def columns_of(body: Mapping[str, Any]) -> list[ColumnField]:
    """The columns of a declaration as the form has them."""
    identity = body.get("identity") or ()
    return [_field({**column, "names": column["key"] in identity,
                    "role": next((role for role in ("area", "dated") if body.get(role) == column["key"]), "")})
            for column in body["columns"]]


def _field(column: Mapping[str, Any]) -> ColumnField:
    required = column.get("required", True)
    return ColumnField(
        str(column.get("key") or ""), str(column.get("label") or ""), str(column.get("type") or "text"),
        str(column.get("unit") or ""), str(column.get("scale", 2)), "1" if declarations.true(required) else "",
        str(column.get("role") or ""), "1" if column.get("names") else "",
        "1" if declarations.true(column.get("personal")) else "", "、".join(column.get("choices") or ()),
        str(column.get("meaning") or ""))


def _head(body: Mapping[str, Any]) -> dict[str, str]:
    told = {name: str(body.get(name) or "") for name in HEAD}
    return told | {"register": "1" if declarations.true(body.get("register")) else ""}


urls = [
    *twin("ledgers/new", new, "new-ledger"),
    *twin("ledgers/<str:key>/edit", edit, "edit-ledger"),
]
