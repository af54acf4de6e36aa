"""Money and its stages in words, for the pages of money."""

from decimal import Decimal
from typing import Any

from django.db.models import Max

from plumbline.kernel import Column, area_name
from plumbline.kernel.printing import rounded
from plumbline.store.grants.overview import APPROVED, PAID
from plumbline.store.grants.tables import LIVE, Award
from plumbline.store.models import Office
from plumbline.systems.enterprise.portal_known import shown
from plumbline.web.words import exact

KIND = "enterprise.application"
TRUTHS = {"true": True, "false": False}
STAGES = {"applied": "已申请", "approved": "已批准", "paid": "已拨付", "back": "已追回"}
OF_STAGE = {"applied": (*LIVE, "clawed"), "approved": APPROVED, "paid": PAID}
MARKS = {True: "yes", False: "no", None: "unknown"}
SCALES = ((Decimal(10) ** 8, "亿元"), (Decimal(10) ** 4, "万元"))
ANSWERS = {True: "符合", False: "不符合", None: "不能判断"}


def yuan(value: Decimal | None) -> str:
    """Money to the last 分; a dash where nobody knows it.

    >>> yuan(Decimal("12000")), yuan(None)
    ('12,000.00 元', '—')
    """
    return "—" if value is None else f"{value:,.2f} 元"


def short_yuan(value: Decimal | None) -> str:
    """Money as a heading says it, to two places; the exact sum stands beside it.

    >>> short_yuan(Decimal("276475.5")), short_yuan(Decimal("2600000000")), short_yuan(Decimal("12.3"))
    ('27.65 万元', '26.00 亿元', '12.30 元')
    """
    if value is None:
        return "—"
    size, unit = next(((size, unit) for size, unit in SCALES if abs(value) >= size), (1, "元"))
    return f"{rounded(value / size, 2):,.2f} {unit}"


def fact(column: Column | None, value: Any) -> str:
    """A fact as it was kept, in words."""
    if column is None:
        return "未知" if value is None else str(value)
    if column.type == "boolean":
        value = TRUTHS.get(value, value)
    elif column.type in ("integer", "decimal") and value is not None:
        value = exact(str(value))
    return shown(column, value) or "未知"


def streets(user: Any) -> dict[str, str]:
    """Names of streets by their code, as far as the person sees them."""
    return dict(Office.objects.visible_to(user).filter(kind="street").exclude(place="").values_list("place", "name"))


def street_name(code: str, known: dict[str, str]) -> str:
    """A street in words; its code where nobody named it."""
    return known.get(code) or (f"{area_name(code[:6])}（{code}）" if code else "未写街道")


def policies(rows: Any) -> tuple[tuple[str, str], ...]:
    """Policies some awards are of: number and title."""
    return tuple((str(key), title) for key, title in rows.order_by("policy").values_list("policy").annotate(Max("title")))


def seen(user: Any) -> Any:
    """Awards the person sees, with their orders; the latest first."""
    return Award.objects.visible_to(user).select_related("order__office").order_by("-pk")
