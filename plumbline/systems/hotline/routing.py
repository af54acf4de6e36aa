"""Which office a request goes to, with the reason: words of the text, the clause of the duties list, past requests alike.

Pure: duties, classes and past requests are handed in as values, so that a page, a job and a test ask alike.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from plumbline.systems.hotline.classify import Answer, Classifies, speaking
from plumbline.systems.hotline.duties import STREET_OF_PLACE, Duty
from plumbline.systems.hotline.taxonomy import Class

# how much like another a past request must be to speak, and how many of them speak
ALIKE, NEAREST = 0.3, 5
# what past requests weigh, were they word for word the same, beside the duties list, whose weights sum to 1
PAST_WEIGHS = 1.2
# an office is told where it has so much of all that speaks for any
CLEAR = 0.6
# digits of a street's code
STREET_CODE = 9
CHINESE = re.compile(r"[\u4e00-\u9fffA-Za-z]+")


@dataclass(frozen=True, slots=True)
class Past:
    """A past request: its text, and the office that solved it."""

    number: str
    text: str
    office: str


@dataclass(frozen=True, slots=True)
class Near:
    """A past request and how much alike it is, 0 to 1."""

    past: Past
    alike: float


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes.

    answer   the class, with its own "cannot tell"
    path     the class to its last known level; "" where the class cannot be told
    office   name of the office; None where it cannot be told
    street   code of the street, where the office is the street the request lies in
    score    share of all that speaks for any office, 0 to 1
    others   further offices with their shares: suggestions for the dispatcher
    clauses  entries of the duties list that name the office
    cases    past requests alike that went to the office, the most alike first
    why      Chinese lines: words, clause, past requests; or why it cannot be told and what to do
    """

    answer: Answer
    path: str
    office: str | None
    street: str
    score: float
    others: tuple[tuple[str, float], ...]
    clauses: tuple[Duty, ...]
    cases: tuple[Near, ...]
    why: tuple[str, ...]

    @property
    def abstained(self) -> bool:
        """Whether the office cannot be told."""
        return self.office is None


@dataclass(frozen=True, slots=True)
class House:
    """What a house knows: how it classifies, its classes, its duties list and its past requests (the latest thousands)."""

    classifier: Classifies
    among: Sequence[Class]
    duties: Sequence[Duty]
    past: Sequence[Past] = ()


def route(text: str, place: str, house: House) -> Route:
    """Class and office of a request.

    place  code of its community, street, district or city; "" where unknown
    """
    answer = house.classifier.classify(text)
    path = path_of(text, answer.label, house.among)
    named = _by_duties(text, place, answer, house)
    near = nearest(text, house.past)
    points = {office: sum(weight for weight, _ in entries) for office, entries in named.items()}
    for one in near:
        points[one.past.office] = points.get(one.past.office, 0.0) + PAST_WEIGHS * one.alike / len(near)
    if not points:
        return _nowhere(answer, path)
    whole = sum(points.values())
    ranked = sorted(((office, round(point / whole, 4)) for office, point in points.items()), key=lambda one: (-one[1], one[0]))
    office, score = ranked[0]
    clauses = tuple(duty for _, duty in named.get(office, ()))
    cases = tuple(one for one in near if one.past.office == office)
    found = Route(answer, "" if answer.abstained else path, office, "", score, tuple(ranked[1:4]), clauses, cases, ())
    return _decided(found, place, enough=score >= CLEAR and (not answer.abstained or bool(cases) or score > 0.9))


def path_of(text: str, label: str, among: Sequence[Class]) -> str:
    """The narrowest class under a label for which words of the text speak; the label where none does."""
    under = [one for one in among if one.label == label or one.label.startswith(f"{label}/")]
    spoken = speaking(text, under)
    return spoken[0][0].label if spoken else label


def _by_duties(text: str, place: str, answer: Answer, house: House) -> dict[str, list[tuple[float, Duty]]]:
    """Of each office the duties list names for a possible class: the entries, each with the class's share."""
    found: dict[str, list[tuple[float, Duty]]] = defaultdict(list)
    whole = sum(score for _, score in answer.top3) or 1.0
    for label, score in answer.top3:
        entries = entries_of(path_of(text, label, house.among), place, house.duties)
        for duty in entries:
            found[duty.office].append((score / whole / len(entries), duty))
    return found


def entries_of(path: str, place: str, duties: Sequence[Duty]) -> list[Duty]:
    """The entries for a class at a place: the longest path that fits, of the narrowest area; those that lead, where some do."""
    fit = [duty for duty in duties if duty.fits(path, place)]
    best = max(((duty.path.count("/"), len(duty.area.rstrip("0"))) for duty in fit), default=None)
    fit = [duty for duty in fit if (duty.path.count("/"), len(duty.area.rstrip("0"))) == best]
    return [duty for duty in fit if duty.leads] or fit


def _nowhere(answer: Answer, path: str) -> Route:
    if answer.abstained:
        why = "文字里没有足以判断类别的词，也没有相似的旧件；请人工选择类别和承办单位。"
    else:
        why = f"职责清单里没有“{path}”的承办单位，也没有相似的旧件；请人工派单，并在职责清单中补上。"
    return Route(answer, "" if answer.abstained else path, None, "", 0.0, (), (), (), (why,))


def _decided(found: Route, place: str, enough: bool) -> Route:
    """The route with its reasons; without the office where not enough speaks for it, or its street is not known."""
    shares = (f"{found.office} {found.score:.0%}", *(f"{office} {share:.0%}" for office, share in found.others))
    if not enough:
        line = f"无法判断承办单位：{'、'.join(shares)}，相差不够；请人工派单。"
        return replace(found, office=None, others=((found.office or "", found.score), *found.others), why=(line, *reasons(found)))
    if found.office == STREET_OF_PLACE and len(place) < STREET_CODE:
        line = "应由属地街道乡镇承办，但没有写明是哪个街道乡镇；请补上地点。"
        return replace(found, office=None, why=(line, *reasons(found)))
    street = place[:STREET_CODE] if found.office == STREET_OF_PLACE else ""
    return replace(found, street=street, why=reasons(found))


def reasons(found: Route) -> tuple[str, ...]:
    """Chinese lines: class and the words that decided, clauses, past requests."""
    lines = []
    if found.answer.why:
        sure = f"可能是“{found.answer.label}”" if found.answer.abstained else f"判为“{found.path}”"
        lines.append(f"{sure}（{found.answer.by}，{found.answer.score:.0%}），依据文中的词：{'、'.join(found.answer.why)}")
    lines += [f"职责清单：{duty.path}由{duty.office}承办（{duty.clause}）" for duty in found.clauses]
    if found.cases:
        told = "、".join(f"{one.past.number}（相似 {one.alike:.0%}）" for one in found.cases[:3])
        lines.append(f"相似的旧件由{found.cases[0].past.office}办理：{told}")
    return tuple(lines)


def nearest(text: str, past: Sequence[Past], most: int = NEAREST) -> tuple[Near, ...]:
    """The past requests most like a text, by the pairs of letters they share; rare pairs say more.

    Cost  in proportion to the length of all past texts; 3,000 take some 30 ms
    """
    held = [_pairs(one.text) for one in past]
    many = Counter(pair for pairs in held for pair in pairs)
    rare = {pair: math.log((len(past) + 1) / (count + 0.5)) for pair, count in many.items()}
    unseen = math.log((len(past) + 1) / 0.5)
    own = _pairs(text)
    size = sum(rare.get(pair, unseen) for pair in own)
    found = []
    for one, pairs in zip(past, held, strict=True):
        shared = own & pairs
        if shared:
            alike = sum(rare[pair] for pair in shared) / math.sqrt(size * sum(rare[pair] for pair in pairs))
            found.append(Near(one, round(alike, 4)))
    found.sort(key=lambda near: (-near.alike, near.past.number))
    return tuple(near for near in found[:most] if near.alike >= ALIKE)


@lru_cache(maxsize=20_000)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(run[at:at + 2] for run in CHINESE.findall(text) for at in range(len(run) - 1))
