"""Class of a request with the reason, and "cannot tell" instead of a guess: by what a house has learned, or by words.

What is learned needs the extra `learn`; without it, and in an empty house, the words of `taxonomy` decide.
"""

import importlib
import importlib.util
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Protocol

from plumbline.kernel import BadInput, Finding
from plumbline.systems.hotline.taxonomy import Class, classes

if TYPE_CHECKING:
    from plumbline.systems.hotline.model import Model

NAME = "hotline"
NEEDED = ("numpy", "scipy", "sklearn", "jieba")
# modules that need them: loaded by name, so that a house without the extra starts and classifies by words
WITH_LIBRARIES = {"model": "plumbline.systems.hotline.model", "learning": "plumbline.systems.hotline.learning"}
LEARNED, BY_WORDS = "按本地历史学得", "按词表"
# a text with fewer known words than this says nothing to a learned model
FEWEST_KNOWN = 2
# by words: the best class is told where it has so much of all that speaks for any class, and at least so much in all
CLEAR, ENOUGH = 0.5, 3.0
# the beginning of a letter is its subject: a word there counts double
HEAD = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """The class of a text.

    label      the best class, also where `abstained`: then it is only the first of the suggestions; "" where there is none
    score      probability that `label` is right, 0 to 1 (by words: its share of all that speaks for any class)
    top3       up to three classes with their scores, the best first
    abstained  whether it cannot tell
    why        words of the text that decided, the weightiest first
    by         LEARNED or BY_WORDS
    """

    label: str
    score: float
    top3: tuple[tuple[str, float], ...]
    abstained: bool
    why: tuple[str, ...]
    by: str


class Classifies(Protocol):
    """What gives a text its class."""

    def classify(self, text: str) -> Answer:
        """The class of a text."""


class Classifier:
    """A classifier learned from classified texts."""

    def __init__(self, model: "Model"):
        self.model = model

    @staticmethod
    def load(folder: Path) -> "Classifier | None":
        """The classifier kept in a folder; None where none was learned yet. The same object until a new one is kept.

        Raises  BadInput where its file is damaged, or the libraries it needs are not installed
        """
        try:
            kept = json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return _opened(folder / Path(kept["file"]).name, kept["sha256"])

    def classify(self, text: str) -> Answer:
        """The class of a text; about 2 ms for 300 characters."""
        model, seen = self.model, self.model.counted(text)
        chance = model.likely(seen)
        order = sorted(range(len(chance)), key=lambda at: -chance[at])[:3]
        top3 = tuple((model.labels[at], round(float(chance[at]), 4)) for at in order)
        known = len(seen[0][0])
        silent = bool(chance[order[0]] < model.least) or known < FEWEST_KNOWN
        return Answer(*top3[0], top3, silent, model.why(seen, order[0]), LEARNED)


class ByWords:
    """A classifier for an empty house: the words of each class of the taxonomy, its first level the answer."""

    def __init__(self, among: Sequence[Class] | None = None):
        self.among = classes() if among is None else tuple(among)

    def classify(self, text: str) -> Answer:
        """The class of a text; scores are shares of what speaks for any class."""
        spoken = speaking(text, self.among)
        by_label: dict[str, float] = defaultdict(float)
        heard: dict[str, set[str]] = defaultdict(set)
        for one, words in spoken:
            by_label[one.path[0]] += sum(words.values())
            heard[one.path[0]].update(words)
        if not by_label:
            return Answer("", 0.0, (), True, (), BY_WORDS)
        whole = sum(by_label.values())
        ranked = sorted(by_label.items(), key=lambda one: (-one[1], one[0]))
        top3 = tuple((label, round(points / whole, 4)) for label, points in ranked[:3])
        label, points = ranked[0]
        why = tuple(sorted(heard[label], key=lambda word: (-len(word), word))[:5])
        return Answer(*top3[0], top3, points < ENOUGH or points / whole < CLEAR, why, BY_WORDS)


def speaking(text: str, among: Sequence[Class]) -> list[tuple[Class, dict[str, float]]]:
    """The classes some word of which stands in a text, each with its words and what they count, the strongest first.

    A word counts by its length, double at the beginning of the text; a word inside another of its class counts once.
    """
    found = []
    for one in among:
        words = {word: min(len(word), 4) * (2.0 if text.find(word, 0, HEAD) >= 0 else 1.0) for word in one.words if word in text}
        words = {word: points for word, points in words.items()
                 if not any(word in other and word != other for other in words)}
        if words:
            found.append((one, words))
    return sorted(found, key=lambda pair: (-sum(pair[1].values()), pair[0].path))


def current(folder: Path) -> Classifies:
    """What classifies in this house now: learned where it can be had, else by words. Never raises for want of a library."""
    return (Classifier.load(folder) if not missing() else None) or ByWords()


def missing() -> tuple[str, ...]:
    """The libraries of the extra `learn` that are not installed."""
    return tuple(name for name in NEEDED if importlib.util.find_spec(name) is None)


def loaded(name: str) -> ModuleType:
    """A module of WITH_LIBRARIES.

    Raises  BadInput where the libraries of the extra `learn` are not installed; says what to do
    """
    if absent := missing():
        message = f"没有安装{'、'.join(absent)}，学得的分类用不了；请运行 pip install 'plumbline[learn]' 后再试。"
        raise BadInput([Finding("hotline.libraries", "learn", message)])
    return importlib.import_module(WITH_LIBRARIES[name])


@lru_cache(maxsize=2)
def _opened(path: Path, digest: str) -> Classifier:
    return Classifier(loaded("model").opened(path, digest))
