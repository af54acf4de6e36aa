"""What the operator sees while the caller still speaks: answers that fit, and open requests that say the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from plumbline.systems.hotline.phrases import phrases_of, telling

SHOWN = 5
# characters of a phrase that two texts share count so much, a word the keeper named three times
NAMED = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and its answer, as the register keeps them; until: last day it holds, None for ever."""

    question: str
    answer: str
    words: tuple[str, ...] = ()
    source: str = ""
    path: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """An open request like what is being said, and the phrases they share."""

    key: int
    number: str
    title: str
    shared: tuple[str, ...]


def fitting(text: str, answers: Iterable[Answer], today: date, most: int = SHOWN) -> list[Answer]:
    """The answers that fit a text, the best first; none that no longer holds, none that shares nothing."""
    ranked = [(_fit(text, one), one) for one in answers if one.until is None or one.until >= today]
    return [one for fit, one in sorted(ranked, key=lambda told: (-told[0], told[1].question)) if fit][:most]


def _fit(text: str, one: Answer) -> int:
    named = sum(NAMED * len(word) for word in one.words if word and word in text)
    return named + sum(len(phrase) for phrase in phrases_of(one.question) & phrases_of(text))


def similar(text: str, spot: str, requests: Iterable[tuple[int, str, str, str]], most: int = SHOWN) -> list[Near]:
    """The requests most like a text: key, number, title and spot of each; none that shares no phrase."""
    wanted = phrases_of(f"{spot} {text}")
    found = []
    for key, number, title, place in requests:
        shared = wanted & phrases_of(f"{place} {title}")
        if shared:
            longest = sorted(shared, key=lambda one: (-len(one), one))
            found.append((sum(map(len, shared)), Near(key, number, title, telling(longest, 3))))
    return [near for _, near in sorted(found, key=lambda told: (-told[0], -told[1].key))][:most]
