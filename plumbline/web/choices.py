"""What the filters of the plan's lists offer; each is one query, whatever the number of rows."""

from typing import Any

from django.db.models import QuerySet

from plumbline.kernel import area_name, inside
from plumbline.store.models import Document, Office, User
from plumbline.web.listing import Filter

Choices = tuple[tuple[str, str], ...]


def documents(user: User) -> Choices:
    """Reports this user sees, once they are read: those of his own area first, then of areas inside it."""
    rows = Document.objects.visible_to(user).filter(state="read").order_by("-delivered_on", "-pk")
    near = sorted(rows.only("title", "name", "area"),
                  key=lambda row: (row.area != user.area, not inside(row.area, user.area)))
    return tuple((str(row.pk), str(row)) for row in near)


def offices(user: User) -> Choices:
    """Offices of the user's area."""
    rows = list(Office.objects.visible_to(user))
    several = len({row.area for row in rows}) > 1
    return tuple((str(row.pk), f"{row.name}（{area_name(row.area)}）" if several else row.name) for row in rows)


def areas(rows: QuerySet[Any], path: str) -> Choices:
    """Areas that occur in some rows."""
    codes = rows.order_by(path).values_list(path, flat=True).distinct()
    return tuple((code, area_name(code)) for code in codes if code)


def values(rows: QuerySet[Any], path: str) -> Choices:
    """What occurs in a field of some rows."""
    return tuple((text, text) for text in rows.order_by(path).values_list(path, flat=True).distinct() if text)


def choice(key: str, label: str, lookup: str, offered: Choices) -> tuple[Filter, ...]:
    """A filter, where there is anything to choose from."""
    return (Filter(key, label, (lookup,), offered),) if offered else ()


def due(path: str = "due_on") -> tuple[Filter, ...]:
    """Filters by deadline."""
    return (Filter("due_from", "时限不早于", (f"{path}__gte",), kind="date"),
            Filter("due_to", "时限不晚于", (f"{path}__lte",), kind="date"))
