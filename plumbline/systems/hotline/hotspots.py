"""Hot spots (未诉先办): requests that say the same of the same place, found before they are called in again.

A phrase that several people use and that is rare elsewhere names a thing: a compound, a road, a works. Requests that
share such phrases are one cluster; clusters are ranked by how many ask, how much of it is recent, and how far that is
above what the place and class usually bring.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from plumbline.systems.hotline.phrases import phrases_of, telling

# a cluster is told from so many people on
FEWEST = 3
# phrases that more than this share of all requests use name nothing
MOST_SHARE = 0.02
# how much two phrases must share of their requests to be one cluster
ALIKE = 0.5
# a phrase is as good as its narrower one while it stands in at most so many more requests
NARROWER = 0.8
WEEKS = 8
# phrases a cluster is shown by
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Said:
    """A request as the finder sees it.

    who    who asked, as a digest; the same person counts once
    place  code of the street or community, empty where unknown; topic its class
    """

    number: str
    text: str
    on: date
    who: str = ""
    place: str = ""
    topic: str = ""
    spot: str = ""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Requests of one thing.

    words    phrases they share, the most telling first
    people   how many different people asked
    weeks    requests of each of the last WEEKS weeks, the last one last
    usual    requests a week of this place and class outside the cluster; None where nothing is known of it
    score    what it is ranked by
    numbers  of the requests, newest first
    """

    words: tuple[str, ...]
    place: str
    topic: str
    people: int
    weeks: tuple[int, ...]
    first: date
    last: date
    usual: float | None
    score: float
    numbers: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many requests."""
        return len(self.numbers)

    @property
    def trend(self) -> str:
        """Whether the last half of the weeks brought more than the half before: 上升, 下降, 持平."""
        half = len(self.weeks) // 2
        before, after = sum(self.weeks[:half]), sum(self.weeks[half:])
        return "上升" if after > before * 1.2 else "下降" if after < before * 0.8 else "持平"


def clusters(requests: Iterable[Said], today: date, fewest: int = FEWEST) -> list[Cluster]:
    """The hot spots among some requests, the hottest first.

    Groups  by street where the street is known: the same words elsewhere are another thing
    Cost    in proportion to the length of all texts together
    """
    told = list(requests)
    by_place: dict[str, list[Said]] = defaultdict(list)
    for one in told:
        by_place[one.place[:9]].append(one)
    common = _common(told)
    found = [cluster for place in sorted(by_place) for cluster in _of_place(by_place[place], common, today, fewest)]
    return sorted(found, key=lambda one: (-one.score, one.place, one.words))


def _common(requests: Sequence[Said]) -> frozenset[str]:
    """Phrases of so many requests that they name nothing."""
    if len(requests) < 200:
        return frozenset()
    most = max(FEWEST * 5, len(requests) * MOST_SHARE)
    known = Counter(phrase for one in requests for phrase in phrases_of(one.text))
    return frozenset(phrase for phrase, many in known.items() if many > most)


def _of_place(requests: Sequence[Said], common: frozenset[str], today: date, fewest: int) -> list[Cluster]:
    """The clusters of one street, each request in one of them at most."""
    if len(requests) < fewest:
        return []
    holding: dict[str, set[int]] = defaultdict(set)
    for at, one in enumerate(requests):
        for phrase in {*phrases_of(one.text), *([one.spot] if one.spot else [])}:
            if phrase not in common:
                holding[phrase].add(at)
    people = {phrase: len({requests[at].who or requests[at].number for at in held}) for phrase, held in holding.items()
              if len(held) >= fewest}
    kept = _longest({phrase: holding[phrase] for phrase, many in people.items() if many >= fewest})
    return [_cluster(requests, held, words, today) for held, words in _merged(kept, fewest)]


def _longest(holding: Mapping[str, set[int]]) -> dict[str, set[int]]:
    """Without the phrases that are but a piece of a longer one that stands in nearly as many requests."""
    pieces: set[str] = set()
    for phrase in holding:
        for piece in (phrase[1:], phrase[:-1]):
            if piece in holding and len(holding[phrase]) >= NARROWER * len(holding[piece]):
                pieces.add(piece)
    return {phrase: held for phrase, held in holding.items() if phrase not in pieces}


def _merged(holding: Mapping[str, set[int]], fewest: int) -> list[tuple[set[int], tuple[str, ...]]]:
    """Phrases joined that stand in the same requests; the weightiest take their requests first."""
    order = sorted(holding, key=lambda phrase: (-_weight(phrase, holding[phrase]), phrase))
    taken: set[int] = set()
    # of each cluster: the requests its first phrase stands in, all its requests, its phrases
    found: list[tuple[set[int], set[int], list[str]]] = []
    for phrase in order:
        held = holding[phrase]
        near = next((one for one in found if len(one[0] & held) >= ALIKE * len(held)), None)
        if near is not None:
            near[1].update(held - taken)
            near[2].append(phrase)
        elif len(held - taken) >= max(fewest, ALIKE * len(held)):
            found.append((held, held - taken, [phrase]))
        else:
            continue
        taken |= held
    return [(held, tuple(words)) for _, held, words in found]


def _close(requests: Sequence[Said], held: set[int], word: str) -> float:
    """How much of one thing a cluster is: the share of its requests that have one more phrase in common."""
    others = Counter(phrase for at in held for phrase in phrases_of(requests[at].text) if not _overlap(phrase, word))
    return others.most_common(1)[0][1] / len(held) if others else 0.0


def _overlap(one: str, other: str) -> bool:
    return bool(set(one) & set(other))


def _weight(phrase: str, held: set[int]) -> float:
    """How telling a phrase is: in many requests, and long enough to name one thing."""
    return len(held) * math.log2(1 + min(len(phrase), 8))


def _cluster(requests: Sequence[Said], held: set[int], words: tuple[str, ...], today: date) -> Cluster:
    mine = sorted((requests[at] for at in held), key=lambda one: (one.on, one.number), reverse=True)
    weeks = _weeks(mine, today)
    topic = Counter(one.topic for one in mine).most_common(1)[0][0]
    people = len({one.who or one.number for one in mine})
    usual = _usual(requests, held, topic, today)
    close = 0.2 + _close(requests, held, words[0])
    return Cluster(telling([*_spot(mine), *words], SHOWN), mine[0].place, topic, people, weeks, mine[-1].on, mine[0].on, usual,
                   round(score_of(people, weeks, usual) * close, 3), tuple(one.number for one in mine))


def _spot(requests: Sequence[Said]) -> list[str]:
    """What half of them or more name as their place, where they name one."""
    named = Counter(one.spot for one in requests if one.spot).most_common(1)
    return [spot for spot, many in named if 2 * many >= len(requests)]


def _weeks(requests: Iterable[Said], today: date) -> tuple[int, ...]:
    found = [0] * WEEKS
    for one in requests:
        back = (today - one.on).days // 7
        if 0 <= back < WEEKS:
            found[WEEKS - 1 - back] += 1
    return tuple(found)


def _usual(requests: Sequence[Said], held: set[int], topic: str, today: date) -> float | None:
    """Requests a week of the same class in this street, those of the cluster left out."""
    since = today - timedelta(weeks=WEEKS)
    rest = [one for at, one in enumerate(requests) if at not in held and one.topic == topic and since < one.on <= today]
    return len(rest) / WEEKS if rest else None


def score_of(people: int, weeks: Sequence[int], usual: float | None) -> float:
    """What a cluster is ranked by: people who asked, the recent weeks counted double, against what is usual there."""
    half = len(weeks) // 2
    recent = 2 * sum(weeks[half:]) + sum(weeks[:half])
    above = math.log2(2 + sum(weeks) / len(weeks) / (usual if usual else 1.0))
    return (people + recent) * above


@dataclass(frozen=True, slots=True)
class Fallen:
    """What a remedy did: requests of the cluster in as many days before it was done as after.

    share  of the cluster that fell away; None where nothing was there before, or too few days have passed
    """

    before: int
    after: int
    days: int
    share: float | None


def fallen(requests: Iterable[Said], words: Sequence[str], done_on: date, today: date, least_days: int = 14) -> Fallen:
    """How many requests with one of these words came before a remedy was done, and how many after.

    Reading  as many days on either side, so that neither is longer; the day it was done belongs to neither
    """
    days = (today - done_on).days
    first = done_on - timedelta(days=days)
    mine = [one for one in requests if any(word in one.text or word == one.spot for word in words)]
    before = sum(first <= one.on < done_on for one in mine)
    after = sum(done_on < one.on <= today for one in mine)
    share = None if not before or days < least_days else 1 - after / before
    return Fallen(before, after, days, share)
