"""What a write of orders stands on: the kinds as declared now, and the moment it happens."""

from datetime import datetime
from typing import TypedDict

from django.utils import timezone

from plumbline.kernel import Catalog, OrderKind
from plumbline.store.declarations.reading import catalog as catalog_now
from plumbline.store.words import bad


class At(TypedDict, total=False):
    """What a test or a job may hand in: the catalog, and the moment; else what is declared, and the clock on the wall."""

    catalog: Catalog | None
    now: datetime | None


def setting(at: At) -> tuple[Catalog, datetime]:
    """The catalog and the moment."""
    return at.get("catalog") or catalog_now(), at.get("now") or timezone.now()


def kind_in(catalog: Catalog, key: str) -> OrderKind:
    """A kind of order; BadInput where there is none of that key."""
    if key not in catalog.orders:
        raise bad("order.kind", "类别", f"没有「{key[:60]}」这类工单，或者它已停用；请刷新页面后再试。")
    return catalog.orders[key]
