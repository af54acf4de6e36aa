"""What a user may see: the one rule every query of a screen starts from."""

from typing import Any, Self

from django.db.models import Q, QuerySet

from plumbline.kernel import scope

NOTHING = Q(pk__in=())


def within(user: Any, path: str) -> Q:
    """Rows whose area, found at `path`, lies in the user's; nothing for a user without an area."""
    return Q(**{f"{path}__startswith": scope(user.area)}) if user.area else NOTHING


def document_seen(user: Any, path: str = "") -> Q:
    """Rows of documents the user sees: kept in his area, or published; a deputy only where both hold."""
    kept, published = within(user, f"{path}area"), Q(**{f"{path}published": True})
    return kept & published if user.role == "deputy" else kept | published


class VisibleRows(QuerySet):
    """A query that can be narrowed to what a user may see; `document` is the path to the row's document."""

    document = ""

    def visible_to(self, user: Any) -> Self:
        """The rows this user may see; none for a stranger, all for a superuser."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.all() if user.is_superuser else self.filter(self.own_of(user) if user.role == "firm" else self.seen_by(user))

    def own_of(self, user: Any) -> Q:
        """The condition for a firm, which sees nothing but its own."""
        return NOTHING

    def seen_by(self, user: Any) -> Q:
        """The condition for users who are not superusers."""
        return document_seen(user, self.document)


class OfDocument(VisibleRows):
    """Rows seen as their `document` is seen."""

    document = "document__"
