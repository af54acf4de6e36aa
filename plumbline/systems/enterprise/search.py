"""Search over policies and answers in plain Chinese: runs of one and two characters weighed by BM25, nothing to install.

A question that shares too little with everything there is gets no hits: better to say so and to ask the office.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

# BM25: how soon repetition stops to count, and how much length counts
K, B = 1.2, 0.6
# how often words of a field count: the question itself, words the keeper named, the rest
TITLE, NAMED, TEXT = 3, 2, 1
# a hit must share so much of what the question says, weighed by how rare it is
LEAST = 0.15
# and two runs of it at least, unless it shares so much
FEW, MUCH = 2, 0.3
# a single character counts less than a run of two
SINGLE = 0.25
WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?%?|[\u4e00-\u9fff]+")
EMPTY = re.compile(
    "请问|是不是|能不能|有没有|可不可以|行不行|多少|什么|怎么样|怎么|怎样|如何|哪些|哪个|哪里|为什么|啥|咋|我们|我|你们|您|"
    "可以|现在|这个|那个|一下|的话|[的了吗呢吧啊呀么哪是在有和与或也就都还会要被把将向从到给让个]")
EDGES = re.compile("^[的了吗呢给能有]+|[的了吗呢给能有要]+$")
SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")
LONGEST = 200
EXCERPT = 90


@dataclass(frozen=True, slots=True)
class Document:
    """Something that can be found: a published policy or an answer.

    kind   policy | answer
    named  words people use for it, that its text does not hold
    about  where it comes from, as the page says it; not searched
    """

    kind: str
    key: str
    title: str
    text: str
    named: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found, the best first.

    excerpt  the sentence that fits best, with the places of what it shares with the question
    score    share of what the question says that it holds too, 0 to 1
    why      the longest words both have
    """

    kind: str
    key: str
    title: str
    excerpt: str
    score: float
    why: tuple[str, ...] = ()
    marks: tuple[tuple[int, int], ...] = ()


class Index:
    """Documents, ready to be asked.

    words  ways people say a thing → how papers say it: 个体户 → 个体工商户
    cut    cuts a text into pieces that are compared; runs of characters where none is given
    """

    def __init__(self, documents: tuple[Document, ...], words: Mapping[str, str] | None = None,
                 cut: Callable[[str], Iterable[str]] | None = None) -> None:
        self.documents, self.words, self.cut = documents, words or {}, cut
        counts = [self._counts(one) for one in documents]
        self._held: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for at, one in enumerate(counts):
            for piece, count in one.items():
                self._held[piece].append((at, count))
        self._lengths = [sum(one.values()) for one in counts]
        self._mean = sum(self._lengths) / len(counts) if counts else 1.0
        self._rare = {piece: math.log(1 + (len(counts) - len(at) + 0.5) / (len(at) + 0.5)) for piece, at in self._held.items()}

    def find(self, question: str, most: int = 3) -> list[Hit]:
        """The documents that fit a question, the best first; none where all share too little with it."""
        asked = list(dict.fromkeys(self._pieces(normal(question, self.words), least=1)))
        whole = sum(self._weight(piece) for piece in asked)
        if not whole:
            return []
        scores: dict[int, float] = defaultdict(float)
        shared: dict[int, float] = defaultdict(float)
        pairs: Counter[int] = Counter()
        for piece in asked:
            for at, count in self._held.get(piece, ()):
                weight = self._weight(piece)
                length = 1 - B + B * self._lengths[at] / self._mean
                scores[at] += weight * count * (K + 1) / (count + K * length)
                shared[at] += weight
                pairs[at] += len(piece) > 1
        best = sorted(scores, key=lambda at: (-scores[at], at))[:most]
        fits = [at for at in best if shared[at] / whole >= (LEAST if pairs[at] >= FEW else MUCH)]
        return [self._hit(at, shared[at] / whole, question) for at in fits]

    def _weight(self, piece: str) -> float:
        rarest = math.log(1 + (len(self.documents) + 0.5) / 0.5)
        return self._rare.get(piece, rarest) * (SINGLE if len(piece) == 1 and not self.cut else 1)

    def _counts(self, one: Document) -> Counter[str]:
        counts: Counter[str] = Counter()
        for text, weight in ((one.title, TITLE), (one.named, NAMED), (one.text, TEXT)):
            for piece in self._pieces(normal(text, self.words)):
                counts[piece] += weight
        return counts

    def _pieces(self, text: str, least: int = 1) -> Iterator[str]:
        if self.cut:
            yield from (piece for piece in self.cut(text) if WORD.fullmatch(piece))
            return
        yield from runs(text, least)

    def _hit(self, at: int, score: float, question: str) -> Hit:
        one = self.documents[at]
        asked = normal(question, self.words)
        sentences = SENTENCE.findall(one.text) or [one.title]
        best = max(sentences, key=lambda told: (len(set(runs(normal(told, self.words), 2)) & set(runs(asked, 2))), -len(told)))
        excerpt = best.strip()[:EXCERPT]
        marks = tuple(_marks(excerpt, common(asked, normal(one.title + one.text + one.named, self.words))))
        return Hit(one.kind, one.key, one.title, excerpt, round(score, 3),
                   common(asked, normal(f"{one.title} {one.named} {one.text}", self.words))[:3], marks)


def normal(text: str, words: Mapping[str, str]) -> str:
    """A text in one form, at most so long; what people say is put as papers have it."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST * 20]).lower()
    for said, told in words.items():
        plain = plain.replace(said, told)
    return plain


def runs(text: str, least: int = 1) -> Iterator[str]:
    """Runs of one and two characters of what says something; figures and letters whole.

    >>> list(runs("房租能不能减50%", 2))
    ['房租', '50%']
    """
    for word in WORD.findall(text):
        if not "\u4e00" <= word[0] <= "\u9fff":
            yield word
            continue
        for part in EMPTY.split(word):
            if least == 1:
                yield from part
            yield from (part[at:at + 2] for at in range(len(part) - 1))


def common(asked: str, told: str) -> tuple[str, ...]:
    """The longest stretches of a question that a text holds too, the longest first, two characters or more."""
    found: list[str] = []
    for word in WORD.findall(asked):
        at = 0
        while at < len(word) - 1:
            end = next((end for end in range(len(word), at + 1, -1) if word[at:end] in told), 0)
            if piece := EDGES.sub("", word[at:end]) if end else "":
                found += [piece] if len(piece) > 1 else []
            at = end or at + 1
    return tuple(sorted(dict.fromkeys(found), key=lambda one: -len(one)))


def _marks(excerpt: str, shared: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where shared words stand in an excerpt; none lies in another."""
    taken: set[int] = set()
    for one in shared:
        for match in re.finditer(re.escape(one), excerpt.lower()):
            if taken.isdisjoint(range(*match.span())):
                taken |= set(range(*match.span()))
                yield match.span()
