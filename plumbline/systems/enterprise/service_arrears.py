"""Arrears: what is owed to firms and how much of it is paid, by who owes and for how long; each debt, the oldest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from plumbline.store import declarations
from plumbline.store.registers import Item
from plumbline.systems.enterprise.service_lists import day_of, money, number_of
from plumbline.web.export import export
from plumbline.web.listing import Column, Filter, Listing, chosen_of, listed
from plumbline.web.screen import FILES, form_of, show, twin

TABLE = "enterprise.arrears"
# age in days, and what it is called
AGES = ((180, "半年以内"), (365, "半年至一年"), (730, "一至两年"))
OLDEST, UNDATED = "两年以上", "没有写应付日期"
LATEST = date.max
COLUMNS = (
    Column("creditor", "债权企业"), Column("debtor", "欠款单位"), Column("kind", "单位类别"),
    Column("owed", "拖欠金额"), Column("paid", "已偿还"), Column("left", "尚欠"), Column("share", "已还比例"),
    Column("due_on", "应付日期"), Column("age", "账龄"), Column("plan", "还款安排"))


@dataclass(frozen=True, slots=True)
class Sum:
    """Debts put together: how many, cleared ones, what is owed and paid. share: of a hundred, None where nothing is owed."""

    label: str
    many: int
    cleared: int
    owed: str
    paid: str
    left: str
    share: str
    width: int


@dataclass(frozen=True, slots=True)
class DebtRow:
    """A debt in the list."""

    number: str
    creditor: str
    debtor: str
    kind: str
    owed: Decimal | None
    paid: Decimal | None
    left: Decimal | None
    owed_text: str
    paid_text: str
    left_text: str
    share: str
    due_on: date | None
    age: str
    plan: str
    href: str


@dataclass(frozen=True, slots=True)
class ArrearsPage:
    """The ledger."""

    whole: Sum
    kinds: Sequence[Sum]
    ages: Sequence[Sum]
    on: date
    list: Listing
    ledger: str
    where: str = "arrears"


def age_of(due_on: date | None, day: date) -> str:
    """How old a debt is, in words.

    >>> age_of(date(2019, 1, 1), date(2020, 1, 1)), age_of(None, date(2020, 1, 1))
    ('半年至一年', '没有写应付日期')
    """
    if due_on is None:
        return UNDATED
    return next((words for most, words in AGES if (day - due_on).days <= most), OLDEST)


def share_of(paid: Decimal | None, owed: Decimal | None) -> str:
    """The share paid, in print; a dash where one of them is not told.

    >>> share_of(Decimal(1), Decimal(3)), share_of(Decimal(0), Decimal(0)), share_of(None, Decimal(3))
    ('33.3%', '—', '—')
    """
    return f"{(paid * 100 / owed).quantize(Decimal('0.1')).normalize():f}%" if owed and paid is not None else "—"


def summed(label: str, rows: Sequence[DebtRow]) -> Sum:
    """Debts put together; one whose amounts are not known counts among them and adds nothing."""
    owed, paid = (sum((getattr(one, name) or Decimal(0) for one in rows), Decimal(0)) for name in ("owed", "paid"))
    return Sum(label, len(rows), sum(one.left is not None and one.left <= 0 for one in rows), money(owed), money(paid),
               money(owed - paid), share_of(paid, owed), int(paid * 100 / owed) if owed else 0)


def grouped(rows: Sequence[DebtRow], key: str, order: Sequence[str]) -> list[Sum]:
    """Debts by a word, in the order given; words without any left out."""
    found: dict[str, list[DebtRow]] = {}
    for one in rows:
        found.setdefault(getattr(one, key), []).append(one)
    return [summed(word, found[word]) for word in order if word in found]


def filters() -> tuple[Filter, ...]:
    """The filters of the list."""
    column = declarations.catalog().tables[TABLE].column("debtor_kind")
    words = [*(word for _, word in AGES), OLDEST, UNDATED]
    kinds = tuple((one, one) for one in (column.choices if column else ()))
    return (Filter("q", "查找", ()), Filter("kind", "单位类别", (), kinds),
            Filter("age", "账龄", (), tuple((one, one) for one in words)),
            Filter("left", "偿还", (), (("yes", "尚欠"), ("no", "已还清"))))


def passes(one: DebtRow, asked: Mapping[str, str]) -> bool:
    """Whether a debt passes the filters."""
    text, left = asked.get("q"), asked.get("left", "")
    return ((not text or text in f"{one.number} {one.creditor} {one.debtor}") and asked.get("kind") in ("", None, one.kind)
            and asked.get("age") in ("", None, one.age)
            and (not left or (one.left is not None and (one.left > 0) == (left == "yes"))))


def row_of(one: Item, day: date) -> DebtRow:
    """A debt as the list shows it."""
    told = one.values
    owed, paid, due_on = number_of(told.get("owed_yuan")), number_of(told.get("paid_yuan")), day_of(told.get("due_on"))
    left = None if owed is None or paid is None else owed - paid
    return DebtRow(str(told.get("number", "")), str(told.get("creditor", "")), str(told.get("debtor", "")),
                   str(told.get("debtor_kind", "")), owed, paid, left, money(owed), money(paid), money(left),
                   share_of(paid, owed), due_on, age_of(due_on, day), str(told.get("plan", "")),
                   f"{reverse('rows', args=[TABLE])}?q={told.get('number', '')}")


def arrears(request: HttpRequest) -> HttpResponseBase:
    """The debts that stand, the oldest first."""
    day, chosen = timezone.localdate(), [chosen_of(request, one) for one in filters()]
    asked = {one.key: one.value for one in chosen}
    told = Item.objects.visible_to(request.user).filter(table=TABLE, until=None)
    rows = sorted((row for one in told if passes(row := row_of(one, day), asked)),
                  key=lambda one: (one.due_on or LATEST, one.number))
    if form_of(request) in FILES:
        cells = ([getattr(one, column.key) for column in COLUMNS] for one in rows)
        return export("清欠台账", [column.label for column in COLUMNS], cells, len(rows), form_of(request))
    page = ArrearsPage(
        summed("合计", rows), grouped(rows, "kind", sorted({one.kind for one in rows})),
        grouped(rows, "age", [*(words for _, words in AGES), OLDEST, UNDATED]), day,
        listed(request, rows, asked, chosen, COLUMNS), reverse("rows", args=[TABLE]))
    return show(request, page, "enterprise/service-arrears.html")


urls = [*twin("enterprise/arrears", arrears, "enterprise-arrears", *FILES)]
