"""Kinds of value an expression may have, and how many digits a number of it can reach."""

from collections.abc import Iterable
from dataclasses import dataclass

from plumbline.kernel.record import TYPES, Column

# a number of a record has at most so many digits before the point: 999万亿; two such can be multiplied
WHOLE_DIGITS = 15
# what int64 holds for certain
LONG_DIGITS = 18
# what both engines hold exactly
MOST_DIGITS = 38
WORDS = {**TYPES, "boolean": "真假值", "null": "空值 NULL"}


@dataclass(frozen=True, slots=True)
class Kind:
    """Type of a value.

    name   text | integer | decimal | date | boolean | null
    whole  most digits before the point of a number
    scale  digits behind it
    """

    name: str
    whole: int = 0
    scale: int = 0

    @property
    def numeric(self) -> bool:
        """Whether one can add it."""
        return self.name in ("integer", "decimal")

    @property
    def digits(self) -> int:
        """All digits of a number, at least one."""
        return max(self.whole + self.scale, 1)

    @property
    def word(self) -> str:
        """What an official calls it."""
        return WORDS[self.name]


TEXT, DATE, BOOLEAN, NULL = Kind("text"), Kind("date"), Kind("boolean"), Kind("null")


def kind_of(column: Column) -> Kind:
    """The kind of a column's values."""
    if column.type == "integer":
        return Kind("integer", WHOLE_DIGITS)
    return Kind("decimal", WHOLE_DIGITS, column.scale) if column.type == "decimal" else Kind(column.type)


def common(kinds: Iterable[Kind]) -> Kind | None:
    """The kind that holds all of them, NULL apart; None where there is none.

    >>> common([Kind("integer", 3), Kind("decimal", 15, 2)])
    Kind(name='decimal', whole=15, scale=2)
    >>> common([TEXT, DATE]) is None, common([NULL, TEXT])
    (True, Kind(name='text', whole=0, scale=0))
    """
    told = [kind for kind in kinds if kind != NULL]
    if not told:
        return NULL
    if all(kind.numeric for kind in told):
        name = "integer" if all(kind.name == "integer" for kind in told) else "decimal"
        return Kind(name, max(kind.whole for kind in told), max(kind.scale for kind in told))
    return told[0] if len(set(told)) == 1 else None
