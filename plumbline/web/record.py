"""The page of a record: a row of a delivery, an entry of a register or an order, where it comes from, what rests on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from plumbline.engine import record as row_of
from plumbline.kernel import Catalog, File, Inputs, Table, area_name
from plumbline.store import deliveries
from plumbline.store.models import Batch, Cut, Item, Order
from plumbline.store.people import may
from plumbline.store.records.files import path_of
from plumbline.web import links
from plumbline.web.entry_form import EntryForm, entry_form, entry_row
from plumbline.web.history import Step, history
from plumbline.web.orders.rows import href as order_page
from plumbline.web.orders.rows import named
from plumbline.web.ring import Ring, Stands, ring
from plumbline.web.row_source import file_of, inputs_of
from plumbline.web.screen import act, show, twin
from plumbline.web.table_access import TableHead, head_of, own, table_seen
from plumbline.web.table_rows import EMPTY, RowCell, cells
from plumbline.web.words import days_words

# what stands in place of a file's hash in the address of a register's entry, or an order, as it is now
ENTRY = "entry"
ORDER_CORRECTED = "记录随工单变动，不在这里改。发现有误，请到工单页办理更正，写明原因；以前的数仍以当时的内容为据。"


@dataclass(frozen=True, slots=True)
class RecordScreen:
    """A record.

    sha256    of the file it lies in; empty for an entry that was not cut yet
    cells     its values; `personal`, values shown after a reason was given, `hidden` labels of those that are not
    past      why it no longer counts; `now`, where it stands now
    origin    who sent it, when, in what; or how long an entry stands
    correct   how a wrong row of a delivery is put right
    order     of an order this person sees: its number and its page
    form      of an entry the person may correct
    """

    table: TableHead
    title: str
    number: int
    sha256: str
    cells: list[RowCell]
    personal: list[RowCell]
    hidden: list[str]
    may_personal: bool
    personal_href: str = field(metadata={"json": False})
    origin: list[tuple[str, str]]
    example: bool
    past: str
    now: str
    correct: str
    ring: Ring
    history: list[Step]
    order: tuple[str, str] | None = None
    form: EntryForm | None = field(default=None, metadata={"json": False})


@dataclass(frozen=True, slots=True)
class Found:
    """A record as it was found: its values, what it lies in, and what is said of that."""

    number: int
    row: Mapping[str, Any]
    sha256: str
    inputs: Inputs
    origin: list[tuple[str, str]]
    example: bool = False
    past: str = ""
    now: str = ""
    correct: str = ""
    item: Item | None = None

    @property
    def stands(self) -> Stands:
        """Whether it counts, or when it did."""
        if self.item and self.item.until:
            return Stands(past=True, days=(self.item.since, self.item.until))
        return Stands(self.sha256, bool(self.past))


def record(request: HttpRequest, key: str, sha256: str, row: int) -> HttpResponseBase:
    """A record and all that rests on it."""
    catalog, table = table_seen(request, key)
    found = find(request, table, sha256, row)
    form = entry_form(request, table, found.item) if found.item else None
    return show(request, replace(page_of(request, catalog, table, found), form=form), "web/record.html")


def unsaved(request: HttpRequest, key: str, number: int, error: Exception, status: int) -> HttpResponseBase:
    """An entry as it stands now, with what was typed and why it was not saved."""
    catalog, table = table_seen(request, key)
    found = find(request, table, ENTRY, number)
    form = entry_form(request, table, found.item, error) if found.item else None
    return show(request, replace(page_of(request, catalog, table, found), form=form), "web/record.html", status)


def personal(request: HttpRequest, key: str, sha256: str, row: int) -> HttpResponseBase:
    """The same with its personal values; the reason is journalled before anything is shown."""
    catalog, table = table_seen(request, key)
    found, name = find(request, table, sha256, row), (sha256, row)
    told = deliveries.personal(request.user, table, [name], request.POST.get("why", "")).get(name, {})
    values = cells(table, [column for column in table.columns if column.personal], told)
    page = replace(page_of(request, catalog, table, found), personal=values, hidden=[])
    return show(request, page, "web/record.html")


def find(request: HttpRequest, table: Table, sha256: str, row: int) -> Found:
    """The record of an address; 404 where there is none, or it lies outside the person's area."""
    if sha256 == ENTRY:
        found = standing(table, row)
    else:
        found = (cut_row if table.register or table.orders or table.roll else batch_row)(table, sha256, row)
    if found is None or not own(request.user, table, found.row):
        raise Http404
    return found


def standing(table: Table, number: int) -> Found | None:
    """An entry of a register, or an order, as it stands now."""
    return order_now(table, number) if table.orders else entry(table, number)


def order_now(table: Table, number: int) -> Found | None:
    """An order as its row stands now; cut first where it changed."""
    inputs = inputs_of(table)
    sha256 = file_of(table, number)
    row = row_of(inputs, sha256, number) if sha256 else None
    if row is None:
        return None
    return Found(number, row, "", inputs, [("取自", "工单现在的情况")], bool(row.get("example")), correct=ORDER_CORRECTED)


def entry(table: Table, number: int) -> Found | None:
    """An entry of a register as it stands now."""
    item = Item.objects.filter(pk=number, table=table.key).first() if table.register else None
    if item is None:
        return None
    past = f"这一条自 {item.until} 起停用；以前的数仍以它为据。" if item.until else ""
    origin = [("登记于", str(item.since)), ("停用于", str(item.until or "一直有效")), ("改过", f"{item.version} 次")]
    return Found(number, entry_row(table, item), "", inputs_of(table), origin, past=past, item=item)


def cut_row(table: Table, sha256: str, number: int) -> Found | None:
    """An entry as it stood when a cut was made; where it stands so still, the entry itself."""
    cut = Cut.objects.filter(sha256=sha256, chunk__table=table.key).first()
    told = row_in(table, sha256, cut.rows, number) if cut else None
    if cut is None or told is None:
        return None
    now = links.party(table.key, str(told[1][table.identity[0]])) if table.roll else links.entry(table.key, number)
    still = None if table.roll else standing(table, number)
    if still and not still.past and all(told[1].get(key) == value for key, value in still.row.items()):
        return still
    at = timezone.localtime(cut.at)
    return Found(number, told[1], sha256, told[0], [("取自", f"{at:%Y-%m-%d %H:%M:%S} 的存档")],
                 past=f"这是 {at:%Y-%m-%d %H:%M} 存档时的内容，可能与现在不同。", now=now)


def batch_row(table: Table, sha256: str, number: int) -> Found | None:
    """A row of a delivery, of one that no longer counts too."""
    batches = list(Batch.objects.filter(sha256=sha256, table=table.key).select_related("received_by", "replaced_by"))
    batch = next((one for one in batches if one.state == "current"), batches[0] if batches else None)
    told = row_in(table, sha256, batch.rows, number) if batch else None
    if batch is None or told is None:
        return None
    inputs = inputs_of(table) if batch.state == "current" else told[0]
    later = getattr(batch, "replaced_by", None)
    past = {"replaced": f"这一批已被第 {later.pk} 批更正：{later.reason}" if later else "这一批已被更正。",
            "withdrawn": f"这一批已撤回：{batch.reason}"}.get(batch.state, "")
    return Found(number, told[1], sha256, inputs, origin_of(batch, number), batch.example, past,
                 correct="记录保持报送时的原样，不在这里改。发现有误，请在“报送与批次”中交一份更正，写明原因；新旧两批都保留。")


def origin_of(batch: Batch, number: int) -> list[tuple[str, str]]:
    """Who sent a batch, when, and what it covers."""
    return [("批次", f"第 {batch.pk} 批 · {batch.get_state_display()}"), ("文件", f"{batch.name}，第 {number} 行"),
            ("报送人", str(batch.received_by)), ("收到", f"{timezone.localtime(batch.received_at):%Y-%m-%d %H:%M}"),
            ("覆盖", f"{'、'.join(area_name(area) for area in batch.areas)}，{days_words(batch.first_on, batch.last_on)}")]


def row_in(table: Table, sha256: str, rows: int, number: int) -> tuple[Inputs, Mapping[str, Any]] | None:
    """A row of one file, with the file as all there is of its table."""
    inputs = Inputs(table, (File(path_of(sha256), sha256, rows),))
    row = row_of(inputs, sha256, number)
    return (inputs, row) if row else None


def page_of(request: HttpRequest, catalog: Catalog, table: Table, found: Found) -> RecordScreen:
    """The page of a record, without its form and its personal values."""
    hidden = [column.label for column in table.columns if column.personal]
    return RecordScreen(
        head_of(request.user, table), title_of(table, found), found.number, found.sha256,
        cells(table, table.open_columns, found.row, named(table)), [], hidden,
        bool(hidden) and may(request.user, "personal", str(found.row.get(table.area))[:6]),
        reverse("record-personal", args=[table.key, found.sha256 or ENTRY, found.number]),
        found.origin, found.example, found.past, found.now, found.correct,
        ring(request.user, catalog, found.inputs, found.row, found.stands),
        steps(request.user, table, found.item) if found.item else [],
        order_of(request.user, found.number) if table.orders else None)


def order_of(user: Any, number: int) -> tuple[str, str] | None:
    """Number and page of an order; None where this person does not see it."""
    found = Order.objects.visible_to(user).filter(pk=number).only("number").first()
    return (found.number, order_page(found)) if found else None


def steps(user: Any, table: Table, item: Item) -> list[Step]:
    """What was done to an entry, its columns by their names."""
    labels = {column.key: column.label for column in table.columns}
    return [replace(step, changes=[replace(one, label=labels.get(one.key, one.label)) for one in step.changes])
            for step in history(user, "item", item.pk)]


def title_of(table: Table, found: Found) -> str:
    """What a record is called: its identity, else its number."""
    named = [str(found.row.get(key) or EMPTY) for key in table.identity if key != table.area]
    return " · ".join(named) if named else f"第 {found.number} 行"


urls = [
    *twin("tables/<str:key>/records/<str:sha256>/<int:row>", record, "record"),
    *act("tables/<str:key>/records/<str:sha256>/<int:row>/personal", personal, "record-personal"),
]
