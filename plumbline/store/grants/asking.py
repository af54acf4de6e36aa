"""Asking for what a published policy offers, in the name of a party as the roll has it now."""

from collections.abc import Mapping
from typing import Any, Unpack

from plumbline.kernel import ZONE, NotAllowed
from plumbline.store.grants.applying import ABSENT, apply
from plumbline.store.grants.offers import offer_of
from plumbline.store.orders.setting import At, setting
from plumbline.store.orders.tables import Order
from plumbline.store.parties.keys import keys_of
from plumbline.store.rolls import row_of


def ask_for(user: Any, policy: int, key: str, told: Mapping[str, Any] | None = None, **at: Unpack[At]) -> Order:
    """Apply for a published policy; as `applying.apply`, which says what may be told and what is refused.

    Raises  NotAllowed too, in the same words, where there is no such party, or the account does not speak for it
    """
    catalog, now = setting(at)
    offer = offer_of(policy, catalog, now.astimezone(ZONE).date())
    if user.role == "firm" and key not in keys_of(user, offer.table):
        raise NotAllowed(ABSENT)
    table = catalog.tables[offer.table]
    row = row_of(table, key)
    if row is None:
        raise NotAllowed(ABSENT)
    return apply(user, offer, row, told, table=table, **at)
