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


def winding(pattern: str) -> bool:
    """Whether an engine that tries every place for every `%` would try a power of the text's length.

    >>> winding("%a%"), winding("a%b"), winding("%a%b")
    (False, False, True)
    """
    first, *rest = pattern.split("%")
    return len([piece for piece in rest if piece]) > 1


def regex(pattern: str, piece: str) -> str:
    """The same as a regular expression for the whole text; `piece` says how to find the next one: `.*?{}`.

    >>> regex("a%b.%c", "(?>.*?{})")
    'a(?>.*?b\\\\.).*c'
    """
    first, *middle, last = [_escaped(one) for one in pattern.split("%")]
    return first + "".join(piece.format(one) for one in middle if one) + ".*" + last


def _escaped(text: str) -> str:
    """A text for a regular expression of any engine; `_` is one character."""
    escaped = re.sub(r"([!-/:-@\[-^`{-~])", r"\\\1", text)
    return escaped.replace("_", ".")


def _piece(text: str) -> re.Pattern[str]:
    return re.compile("".join("." if character == "_" else re.escape(character) for character in text), re.DOTALL)
