"""The library an empty house begins with: papers told in our own words, and questions with answers (library.yaml)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from plumbline.kernel import CITY, mapping
from plumbline.systems.enterprise.places import MARK


@dataclass(frozen=True, slots=True)
class Paper:
    """A policy as its paper says it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A question, its answer, and words people use for it; rule: the rule it is about, empty where it is about none."""

    question: str
    answer: str
    words: str = ""
    rule: str = ""


@cache
def papers() -> dict[str, Paper]:
    """The papers, by the key of the rule each is the text of."""
    return {key: Paper(**one) for key, one in _told()["papers"].items()}


@cache
def answers() -> dict[str, Entry]:
    """The answers, by key."""
    return {key: Entry(**one) for key, one in _told()["answers"].items()}


@cache
def said() -> dict[str, str]:
    """What people say, and how papers say it."""
    return {str(key): str(told) for key, told in _told()["said"].items()}


def _told() -> dict[str, Any]:
    return mapping(Path(__file__).parent / "library.yaml")


def rows() -> Iterator[dict[str, Any]]:
    """The answers as rows of the register."""
    for one in answers().values():
        paper = papers().get(one.rule)
        yield {"area": CITY.code, "question": one.question, "answer": f"{one.answer}（{MARK}）", "words": one.words or None,
               "policy": paper.title if paper else None, "source": f"{MARK}知识库", "until": None}
