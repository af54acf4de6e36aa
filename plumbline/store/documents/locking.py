"""Claims, held fast while a person decides about them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from plumbline.kernel import NotAllowed
from plumbline.store.documents.tables import Claim, Document
from plumbline.store.people.roles import may

ABSENT = "所选数字不存在，或者您无权操作；没有保存任何改动。"


def hold(rows: QuerySet[Any]) -> None:
    """Lock the documents of some rows, before the rows themselves: whoever removes one locks in the same order."""
    keys = set(rows.order_by().values_list("document", flat=True))
    list(Document.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))


def locked_claims(user: Any, claim_ids: Iterable[int], action: str) -> list[Claim]:
    """The claims with their documents (without text), locked; NotAllowed unless the user may act on every one."""
    ids = set(claim_ids)
    hold(Claim.objects.filter(pk__in=ids))
    claims = list(Claim.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
                  .select_related("document").defer("document__text", "document__outline"))
    if len(claims) < len(ids) or not all(may(user, action, area) for area in {c.document.area for c in claims}):
        raise NotAllowed(ABSENT)
    return claims
