"""The keys an account speaks for: what every other table asks of parties."""

from typing import Any

from plumbline.store.parties.tables import CONFIRMED, Binding


def keys_of(user: Any, table: str = "") -> frozenset[str]:
    """The keys of the parties of a table, or of all, that an account speaks for; none for who is no firm's."""
    if not (user is not None and user.is_authenticated and user.is_active and user.role == "firm"):
        return frozenset()
    found = Binding.objects.filter(user=user, state=CONFIRMED, **({"table": table} if table else {}))
    return frozenset(found.values_list("key", flat=True))
