"""Which measures answer which problem: proposed by the words they share."""

import re
from dataclasses import dataclass
from math import sqrt

from plumbline.kernel import Commitment, Problem, Proposal, Report
from plumbline.reports.pairing.words import GENERIC, Index, Weights, features, shared_words

LIMIT, MOST, NEAR_BEST = 0.05, 5, 0.3
_CLAUSE = 0.5
# the title names the problem and the theme the measure; their texts say it in passing
_TITLE, _THEME, _SECTION = 3.0, 2.0, 0.7
_CLAUSES = re.compile("[，。；,;]")
# what a problem comes from is not what has to be answered: 疫情防控暴露出的短板, 受疫情影响
_CAUSE = re.compile(
    "(?:受|由于|因)[^，。；,;]{1,20}影响|[^，。；,;]{1,8}(?:暴露出|带来|造成|引发|导致)的?|"
    "[^，。；,;]{1,4}对(?=[^，。；,;]{1,8}影响)")


@dataclass(frozen=True, slots=True)
class _Said:
    """A text with how much each feature of it says there; `head` are those of its title or theme."""

    text: str
    weight: dict[str, float]
    head: frozenset[str] = frozenset()

    @property
    def length(self) -> float:
        return sqrt(sum(value * value for value in self.weight.values()))


def answers(report: Report) -> list[Proposal]:
    """For every problem the measures nearest in words, best first; none where nothing is near."""
    weights = Weights([*_themes(report), *(problem.text for problem in report.problems)])
    measures = [_measure(commitment, weights) for commitment in report.commitments]
    index = Index(frozenset(measure.weight) for measure in measures)
    found = []
    for problem in report.problems:
        asked = _problem(problem, weights)
        rated = sorted(
            ((_nearness(asked, measures[place]), place + 1) for place in index.near(asked[0].weight)),
            key=lambda row: (-row[0], row[1]))
        best = rated[0][0] if rated else 0.0
        near = [row for row in rated[:MOST] if row[0] >= max(LIMIT, best * NEAR_BEST)]
        found += [_proposal(problem, asked, measures[number - 1], number, score, weights) for score, number in near]
    return found


def _themes(report: Report) -> list[str]:
    """All measures of one theme as one text: a word of many measures of one theme is telling all the same."""
    texts: dict[tuple[str, str], str] = {}
    for commitment in report.commitments:
        key = commitment.section, commitment.theme
        texts[key] = f"{texts.get(key, commitment.theme)}。{commitment.text}"
    return list(texts.values())


def _problem(problem: Problem, weights: Weights) -> list[_Said]:
    """The problem as a whole, then each of its clauses: one problem may name several matters."""
    title, text = _CAUSE.sub("", problem.title), _CAUSE.sub("", problem.text)
    whole = _said(((title, _TITLE), (text, 1.0)), weights, features(title))
    return [whole, *(_said(((clause, 1.0),), weights) for clause in _CLAUSES.split(text) if len(features(clause)) > 1)]


def _nearness(asked: list[_Said], measure: _Said) -> float:
    return max(_near(asked[0], measure), *(_CLAUSE * _near(clause, measure) for clause in asked[1:]), 0.0)


def _measure(commitment: Commitment, weights: Weights) -> _Said:
    parts = ((commitment.theme, _THEME), (commitment.section, _SECTION), (commitment.text, 1.0))
    return _said(parts, weights, features(commitment.theme))


def _said(
    parts: tuple[tuple[str, float], ...], weights: Weights, head: frozenset[str] = frozenset(),
) -> _Said:
    weight: dict[str, float] = {}
    for text, factor in parts:
        for feature in features(text):
            weight[feature] = max(weight.get(feature, 0.0), factor * weights.of(feature))
    return _Said("。".join(text for text, _ in parts), weight, head)


def _near(asked: _Said, measure: _Said) -> float:
    """Cosine of the weights; one pair of characters is enough only where it stands in title and theme: 就业."""
    both = asked.weight.keys() & measure.weight.keys()
    telling = both - GENERIC
    if len(telling) < 2 and not telling & asked.head & measure.head:
        return 0.0
    return sum(asked.weight[each] * measure.weight[each] for each in both) / (asked.length * measure.length)


def _proposal(
    problem: Problem, asked: list[_Said], measure: _Said, index: int, score: float, weights: Weights,
) -> Proposal:
    words = "、".join(shared_words(asked[0].text, measure.text, weights, most=5))
    return Proposal(problem.n, index, round(score, 3), f"问题与措施（含所在标题）都说到：{words}。"[:300])
