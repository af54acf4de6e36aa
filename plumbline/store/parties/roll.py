"""The roll parties stand in, as far as accounts need it: a row, its corrections, who looked. One door to `store.rolls`."""

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def row_of(table: str, key: str) -> Row | None:
    """A party's row as it stands; None where the roll does not know it."""
    return None


def rows_of(table: str, keys: Sequence[str]) -> Mapping[str, Row]:
    """Rows by key, those the roll knows."""
    return {}


def correct(user: Any, table: str, key: str, changes: Mapping[str, Any], why: str) -> None:
    """Put a row right; stands until the source's own value changes."""


def lookers(table: str, key: str) -> Sequence[Any]:
    """Who looked at a party's row, the last first."""
    return ()
