"""Taking in past orders by the million: of a demonstration, or of a house that moves here; all of them, or none."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Unpack

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Model

from plumbline.kernel import BY_CODE, Catalog, Column, Conflict, Event, Finding, OrderKind
from plumbline.store.journal.tables import canonical
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.clocks import OWN, begun_in, main_clock, reckon
from plumbline.store.orders.numbering import new_code, next_numbers, numbered_to, year_of
from plumbline.store.orders.setting import At, kind_in, setting
from plumbline.store.orders.steps import OVER
from plumbline.store.orders.tables import ClockEvent, Order, OrderMove
from plumbline.store.people.roles import require
from plumbline.store.people.tables import Office
from plumbline.store.registers.cutting import touch
from plumbline.store.words import longest, reason, refuse

MANY = 5_000
TAKEN_IN = "接入时在办"
SHOWN = 100
TEXTS = ("title", "text", "topic", "urgency", "source", "place", "address", "subject", "number")
LONGEST = {name: longest(Order, name) for name in TEXTS if name != "text"}
PARTS = {*TEXTS, "area", "lng", "lat", "office", "state", "opened_at", "closed_at", "due_at", "late", "returns", "transfers",
         "fields", "reply"}
TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,), "integer": (int,), "decimal": (Decimal, int, str), "date": (date,), "boolean": (bool,)}
Row = Mapping[str, Any]


def take_in(user: Any, kind_key: str, rows: Iterable[Row], why: str, example: bool = False,
            progress: Callable[[int], None] | None = None, **at: Unpack[At]) -> int:
    """Take in orders as they stood elsewhere; how many.

    rows      number, title, text, topic, urgency, source, area, place, address, lng, lat, subject, office (its name, or its
              row's number), state, opened_at, closed_at, due_at, late, returns, transfers, fields (typed), reply; opened_at,
              state, area and title are needed. A row without a number is given the next one of its year
    Open      an order that is not over goes on here: its clocks begin at opened_at and are reckoned by the limits of this
              house, whatever due_at and late say of it; one that stands paused is paused from now on
    progress  is told, now and then, how many are in
    Journal   one entry for all of them, with their count and the hash of all that was told
    Raises    NotAllowed, BadInput with the first findings, Conflict where a number is known already; nothing is kept then
    """
    catalog, now, why = *setting(at), reason(why)
    work = _Work(kind_in(catalog, kind_key), catalog, now, example, main_clock(catalog.orders[kind_key]))
    left = iter(rows)
    try:
        with transaction.atomic():
            while some := list(islice(left, MANY)):
                work.take(user, some)
                if progress:
                    progress(work.count)
            refuse(work.findings)
            for year, last in sorted(work.last.items()):
                numbered_to(work.kind, year, last)
            for table in catalog.tables.values():
                if table.orders == kind_key:
                    touch(table.key, work.ids)
            record(user, Write("order.intake", "order", kind_key, None, {
                "rows": work.count, "sha256": work.digest.hexdigest(), "example": example}, why))
    except IntegrityError as error:
        raise Conflict("其中有编号已经登记过；没有保存任何工单。请核对编号，或者不写编号。") from error
    return work.count


@dataclass(slots=True)
class _Work:
    """Rows on their way into the table. last: by year, the greatest of our own numbers; ids: one of each batch's, and ends."""

    kind: OrderKind
    catalog: Catalog
    now: datetime
    example: bool
    clock: str
    count: int = 0
    findings: list[Finding] = field(default_factory=list)
    last: dict[int, int] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)
    areas: set[str] = field(default_factory=set)
    offices: dict[str, dict[str, int]] = field(default_factory=dict)
    digest: Any = field(default_factory=hashlib.sha256)

    def take(self, user: Any, rows: Sequence[Row]) -> None:
        """Put a batch into the table; findings instead, where there are any."""
        self.offices = self.offices or _offices()
        troubles = [(at, text) for at, row in enumerate(rows, self.count + 1) for text in self._troubles(row)]
        self.findings += [Finding("intake.row", f"第 {at} 件", f"第 {at} 件：{text}") for at, text in troubles[:SHOWN]]
        if len(self.findings) >= SHOWN:
            refuse(self.findings)
        for area in sorted({row["area"] for row in rows if row.get("area") in BY_CODE} - self.areas) if user else ():
            require(user, "order", area)
            self.areas.add(area)
        if not self.findings:
            self._put(rows)
        self.count += len(rows)

    def _put(self, rows: Sequence[Row]) -> None:
        ids, numbers = _ids(len(rows)), self._numbers(rows)
        self.ids += [*ids[::1_000], ids[-1]]
        made = [self._order(row, pk, number) for row, pk, number in zip(rows, ids, numbers, strict=True)]
        _insert(Order, made)
        _insert(OrderMove, [self._reply(row, one) for row, one in zip(rows, made, strict=True) if row.get("reply")])
        _insert(ClockEvent, [self._event(pk, clock, one) for row, pk in zip(rows, ids, strict=True) if self._runs(row)
                             for clock, events in self._events(row).items() for one in events])

    def _numbers(self, rows: Sequence[Row]) -> list[str]:
        """Numbers of rows, given where they have none; ours are not given again."""
        unnumbered: dict[int, int] = {}
        for row in rows:
            if told := row.get("number"):
                year, own = told[len(self.kind.prefix):][:4], told[len(self.kind.prefix) + 4:]
                if told.startswith(self.kind.prefix) and year.isdigit() and own.isdigit() and len(own) < 10:
                    self.last[int(year)] = max(self.last.get(int(year), 0), int(own))
            else:
                unnumbered[year_of(row["opened_at"])] = unnumbered.get(year_of(row["opened_at"]), 0) + 1
        for year in unnumbered.keys() & self.last.keys():
            numbered_to(self.kind, year, self.last[year])
        new = {year: iter(next_numbers(self.kind, year, many)) for year, many in sorted(unnumbered.items())}
        return [row.get("number") or next(new[year_of(row["opened_at"])]) for row in rows]

    def _order(self, row: Row, pk: int, number: str) -> dict[str, Any]:
        """Columns of an order as the database takes them; the hash of all orders grows."""
        instant = connection.ops.adapt_datetimefield_value
        state = self.kind.states[row["state"]]
        office = self._office(row)
        over, closed = state.kind in OVER, instant(row.get("closed_at"))
        told = {name: str(row.get(name) or "") for name in TEXTS} | {
            "number": number, "area": row["area"], "lng": _point(row.get("lng")), "lat": _point(row.get("lat")),
            "state": state.key, "state_kind": state.kind, "office_id": office, "first_office_id": office,
            "opened_at": instant(row["opened_at"]),
            "closed_at": closed if over else None, "changed_at": closed or instant(row["opened_at"]),
            "fields": canonical(_plain(row.get("fields") or {})),
            "returns": row.get("returns") or 0, "transfers": row.get("transfers") or 0,
            **(self._past(row) if over else self._running(row))}
        self.digest.update(repr(sorted(told.items())).encode())
        return {"id": pk, "kind": self.kind.key, "code": new_code(), "example": self.example, **told}

    def _past(self, row: Row) -> dict[str, Any]:
        """What an order that is over keeps of the clock its holder answered for."""
        due = row.get("due_at")
        kept: dict[str, Any] = {}
        if self.clock and due is not None:
            late = row["late"] if row.get("late") is not None else (row.get("closed_at") or self.now) > due
            kept[self.clock] = {"state": "late_met" if late else "met", "on": "stopped", "due_at": due.isoformat(),
                                "next_at": None, "level": 0, "extensions": 0, "told": []}
        return {"clocks": canonical(kept), "due_at": None, "due_clock": "", "next_at": None, "level": 0}

    def _running(self, row: Row) -> dict[str, Any]:
        """What an order that goes on here says of its clocks."""
        order = Order(kind=self.kind.key, state=row["state"], fields=_plain(row.get("fields") or {}),
                      **{name: str(row.get(name) or "") for name in (*OWN, "area")})
        reckon(order, self.kind, self._events(row), self.catalog, self.now)
        instant = connection.ops.adapt_datetimefield_value
        return {"clocks": canonical(order.clocks), "due_at": instant(order.due_at), "due_clock": order.due_clock,
                "next_at": instant(order.next_at), "level": order.level}

    def _runs(self, row: Row) -> bool:
        return self.kind.states[row["state"]].kind not in OVER

    def _events(self, row: Row) -> dict[str, list[Event]]:
        """What happened to the clocks of an order that goes on here, as far as it is known."""
        found = {}
        for key, clock in self.kind.clocks.items():
            if row["state"] in begun_in(self.kind, clock):
                found[key] = [Event(row["opened_at"], "start", why=TAKEN_IN)]
                if row["state"] in clock.pauses:
                    found[key].append(Event(self.now, "pause", why=TAKEN_IN))
        return found

    def _event(self, pk: int, clock: str, one: Event) -> dict[str, Any]:
        return {"order_id": pk, "clock": clock, "kind": one.kind, "at": connection.ops.adapt_datetimefield_value(one.at),
                "amount": None, "why": one.why}

    def _reply(self, row: Row, made: Mapping[str, Any]) -> dict[str, Any]:
        return {"order_id": made["id"], "n": 1, "move": "answer", "label": "答复", "to": made["state"], "at": made["changed_at"],
                "office_id": made["office_id"], "told": row["reply"], "says": "已答复"}

    def _office(self, row: Row) -> int | None:
        """The number of the office told: of that name in the row's area, or else in the one above it."""
        told = row.get("office")
        if told is None or told == "" or isinstance(told, int):
            return told or None
        known = self.offices.get(told, {})
        return known.get(row["area"]) or known.get(f"{row['area'][:2]}0000")

    def _troubles(self, row: Row) -> Iterator[str]:
        """What is wrong with a row."""
        if strange := row.keys() - PARTS:
            yield f"没有「{'、'.join(sorted(strange))[:60]}」这一项；请去掉。"
        if row.get("area") not in BY_CODE:
            yield f"没有「{str(row.get('area'))[:12]}」这个地区；请写 6 位代码。"
        if row.get("state") not in self.kind.states:
            yield f"没有「{str(row.get('state'))[:30]}」这个状态；请写 {'、'.join(self.kind.states)} 之一。"
        if not row.get("title") or any(len(str(row.get(name) or "")) > most for name, most in LONGEST.items()):
            yield "没有标题，或者有一项太长；请更正。"
        for name in ("opened_at", "closed_at", "due_at"):
            told = row.get(name)
            if not (told is None and name != "opened_at") and (not isinstance(told, datetime) or told.tzinfo is None):
                yield f"{name} 不是带时区的时间；请更正。"
        if isinstance(row.get("office"), str) and row["office"] and row.get("area") in BY_CODE and self._office(row) is None:
            yield f"没有「{row['office'][:50]}」这个单位；请先登记它。"
        for key, value in (row.get("fields") or {}).items():
            if value is not None and not _fits(self.kind.field(key), value):
                yield f"「{key[:30]}」写着 {str(value)[:30]}；没有这一项，或者它不能这样写。"


def _fits(column: Column | None, value: Any) -> bool:
    """Whether a field may have a value, as it is typed."""
    if column is None or not isinstance(value, TYPES[column.type]) or (isinstance(value, bool) and column.type != "boolean"):
        return False
    return not column.choices or value in column.choices


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as an order keeps them."""
    return {key: value if isinstance(value, (bool, int, str)) else value.isoformat() if isinstance(value, date) else f"{value:f}"
            for key, value in fields.items() if value is not None}


def _point(told: Any) -> str | None:
    return None if told is None else f"{told:.6f}"


def _offices() -> dict[str, dict[str, int]]:
    """Offices by name and area."""
    found: dict[str, dict[str, int]] = {}
    for pk, name, area in Office.objects.values_list("pk", "name", "area"):
        found.setdefault(name, {})[area] = pk
    return found


def _ids(many: int) -> Sequence[int]:
    """Numbers for new rows that nobody else takes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                           [Order._meta.db_table, many])
            return [number for [number] in cursor.fetchall()]
    last = Order.objects.aggregate(last=Max("pk"))["last"] or 0  # SQLite: nobody else writes until the transaction ends
    return range(last + 1, last + many + 1)


def _insert(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of columns as the database takes them; what they do not say is the column's default."""
    if not rows:
        return
    fields = [one for one in model._meta.concrete_fields if one.attname != "id" or "id" in rows[0]]
    usual = {one.attname: one.get_db_prep_save(one.get_default(), connection) for one in fields if one.attname != "id"}
    quote = connection.ops.quote_name
    names, marks = ", ".join(quote(one.column) for one in fields), ", ".join(["%s"] * len(fields))
    order = [one.attname for one in fields]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})",  # noqa: S608
                           [[told[name] for name in order] for told in ({**usual, **row} for row in rows)])
