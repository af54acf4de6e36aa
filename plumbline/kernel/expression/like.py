"""LIKE on one text: `_` is one character, `%` any number of them. Time grows with the text, not with its powers."""

import re
from collections.abc import Callable


def matcher(pattern: str) -> Callable[[str], bool]:
    """A function that tells whether a whole text has the pattern.

    >>> matcher("云溪%区")("云溪高新区"), matcher("a_c")("abbc"), matcher("%")("")
    (True, False, True)
    """
    pieces = pattern.split("%")
    if len(pieces) == 1:
        whole = _piece(pattern)
        return lambda text: whole.fullmatch(text) is not None
    first, last = _piece(pieces[0]), pieces[-1]
    end, middle = _piece(last), [_piece(piece) for piece in pieces[1:-1] if piece]

    def test(text: str) -> bool:
        found = first.match(text)
        for piece in middle:
            found = found and piece.search(text, found.end())
        start = len(text) - len(last)
        return found is not None and start >= found.end() and end.match(text, start) is not None
    return test


def _piece(text: str) -> re.Pattern[str]:
    return re.compile("".join("." if character == "_" else re.escape(character) for character in text), re.DOTALL)
