"""What a learned classifier sees of a text: its words, its runs of one to three letters, and the same of its beginning.

Needs jieba (the extra `learn`). The dictionary is read from the installed library, never from a cache in a shared folder.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

import jieba

# the beginning of a letter is its subject
HEAD = 40
PLACE = re.compile(r"[a-z]\d{0,2}(?=[省市区县镇乡])")
DAY = re.compile(r"\d{4}年|\d{1,2}月|\d{1,2}[日号]|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
MASK = re.compile(r"\*{2,}|x{3,}")
SPACE = re.compile(r"\s+")
PLAIN = re.compile(r"\w")


def normal(text: str) -> str:
    """A text without what tells nothing of its class: full-width forms, masked places, dates, numbers, spaces.

    >>> normal("Ａ3区2019年5月，停水３天")
    'ж区,停水0天'
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = MASK.sub("", DAY.sub("", PLACE.sub("ж", plain)))
    return SPACE.sub("", NUMBER.sub("0", plain))


def words(text: str) -> list[str]:
    """The words of a normal text."""
    return [word for word in _tokenizer().cut(text) if PLAIN.match(word)]


def letters(text: str) -> list[str]:
    """The runs of one, two and three letters of a normal text."""
    return list(_runs(text, 3))


def beginning(text: str) -> list[str]:
    """The runs of one and two letters at the beginning of a normal text."""
    return list(_runs(text[:HEAD], 2))


# of each view: its name, what it sees of a normal text, in how many texts a feature must stand, and its weight
VIEWS: tuple[tuple[str, Callable[[str], list[str]], int, float], ...] = (
    ("words", words, 2, 1.0), ("letters", letters, 3, 1.0), ("beginning", beginning, 2, 0.6))


def _runs(text: str, longest: int) -> Iterator[str]:
    for size in range(1, longest + 1):
        for at in range(len(text) - size + 1):
            yield text[at:at + size]


@cache
def _tokenizer() -> jieba.Tokenizer:
    """A tokenizer that reads the library's own dictionary: its own way would load one from the machine's /tmp."""
    tokenizer = jieba.Tokenizer()
    with tokenizer.get_dict_file() as file:
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(file)
    tokenizer.initialized = True
    return tokenizer
