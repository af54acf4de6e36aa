"""Who sees which orders, and what hangs on them: people of the area, an office its own, a firm those made of it."""

from typing import Any

from django.db.models import Q

from plumbline.kernel import OrderKind, scope
from plumbline.store.declarations.reading import catalog
from plumbline.store.parties.tables import confirmed_of
from plumbline.store.visibility import NOTHING, VisibleRows, within


def own(user: Any, path: str = "") -> Q:
    """Orders an office has to do with: it holds them, received them first, or called others by them."""
    if user.office_id is None:
        return NOTHING
    return (Q(**{f"{path}office": user.office_id}) | Q(**{f"{path}first_office": user.office_id})
            | Q(**{f"{path}sender": user.office_id}))


def open_to_firms(kind: OrderKind) -> bool:
    """Whether a firm follows orders of a kind that were made of it: it opens them, or something is left to it to say."""
    return "firm" in kind.opens or ("asker" not in kind.opens and any("asker" in move.by for move in kind.moves.values()))


def of_firm(user: Any, path: str = "") -> Q:
    """Orders of the firms an account speaks for, of kinds that are open to firms."""
    kinds = [kind.key for kind in catalog().orders.values() if open_to_firms(kind)]
    return Q(**{f"{path}kind__in": kinds, f"{path}subject__in": confirmed_of(user)})


class OrderRows(VisibleRows):
    """Orders of the user's area; an office sees its own, a deputy none, a firm those made of it."""

    path = ""

    def seen_by(self, user: Any) -> Q:
        """The area's, or the office's own."""
        if user.role == "deputy":
            return NOTHING
        if user.role == "office":
            return own(user, self.path)
        # an order's area is a district: asked for so, its index is used
        district = bool(user.area) and scope(user.area) == user.area
        return Q(**{f"{self.path}area": user.area}) if district else within(user, f"{self.path}area")

    def own_of(self, user: Any) -> Q:
        """The firm's own; what hangs on them is not."""
        return NOTHING if self.path else of_firm(user)


class OfOrder(OrderRows):
    """Rows seen as their order is; a firm sees none of them."""

    path = "order__"


class ToldRows(OfOrder):
    """Steps of orders; a firm sees those that say something to it."""

    def own_of(self, user: Any) -> Q:
        """What is said to who asked."""
        return of_firm(user, self.path) & ~Q(says="")


class PublicRows(OfOrder):
    """Notes and papers of orders; a firm sees the public ones."""

    def own_of(self, user: Any) -> Q:
        """What both sides may read."""
        return of_firm(user, self.path) & Q(public=True)
