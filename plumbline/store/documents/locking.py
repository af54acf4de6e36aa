"""Claims, held fast while a person decides about them."""

from collections.abc import Iterable
from typing import Any

from plumbline.kernel import NotAllowed
from plumbline.store.documents.tables import Claim
from plumbline.store.people.roles import may

ABSENT = "所选数字不存在，或者您无权操作；没有保存任何改动。"


def locked_claims(user: Any, claim_ids: Iterable[int], action: str) -> list[Claim]:
    """The claims with their documents (without text), locked; NotAllowed unless the user may act on every one."""
    ids = set(claim_ids)
    claims = list(Claim.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
                  .select_related("document").defer("document__text", "document__outline"))
    if len(claims) < len(ids) or not all(may(user, action, area) for area in {c.document.area for c in claims}):
        raise NotAllowed(ABSENT)
    return claims
