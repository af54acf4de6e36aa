"""A district's part of what the city promised."""

import re

from plumbline.kernel import Proposal, Report
from plumbline.reports.pairing.kinds import apart, doubt
from plumbline.reports.pairing.promises import named, overlap, units
from plumbline.reports.pairing.side import Side, is_share, same_unit, share_of, sides, years
from plumbline.reports.pairing.words import GENERIC, Index, Weights, shared_words

LIMIT = 0.5
_PIECES = re.compile(r"[，。；：、,;:\n]")


def shares(city: Report, district: Report) -> list[Proposal]:
    """The city's promises and the district's part of them: the same count, the same year, not more than the city's."""
    weights = Weights(_PIECES.split(city.text) + _PIECES.split(district.text))
    wholes = _promises(city)
    parts = _promises(district)
    index = Index(part.every for part in parts)
    rated = sorted(
        ((score, whole, part) for whole in wholes for part in map(parts.__getitem__, index.near(whole.core))
         if (score := _likeness(whole, part, city, district, weights)) >= LIMIT),
        key=lambda row: (-row[0], row[1].claim.number, row[2].claim.number))
    chosen: list[Proposal] = []
    used: set[tuple[str, int]] = set()
    for score, whole, part in rated:
        keys = {("whole", whole.claim.number), ("part", part.claim.number)}
        if used.isdisjoint(keys):
            used |= keys
            chosen.append(_proposal(city, district, score, whole, part, weights))
    return sorted(chosen, key=lambda proposal: proposal.left)


def _promises(report: Report) -> list[Side]:
    """Promises that add up over districts."""
    return [
        side for side in sides(report)
        if side.claim.modality == "target" and side.claim.value > 0 and not is_share(side.claim)
        and side.claim.measure == "level"
    ]


def _likeness(whole: Side, part: Side, city: Report, district: Report, weights: Weights) -> float:
    ours, theirs = whole.claim, part.claim
    unit = same_unit(ours.unit, theirs.unit)
    if not unit or theirs.value > ours.value or not (whole.core & part.every) - GENERIC:
        return 0.0
    if years(ours, city.heading.period).isdisjoint(years(theirs, district.heading.period)):
        return 0.0
    if _elsewhere(ours.place, city, district) or apart(whole, part):
        return 0.0
    return overlap(whole, part, weights) * unit * doubt(whole, part)


def _elsewhere(place: str | None, city: Report, district: Report) -> bool:
    """Whether the city promised it to a place that the district's report does not know."""
    return place is not None and place != city.heading.area_name and place not in district.text


def _proposal(city: Report, district: Report, score: float, whole: Side, part: Side, weights: Weights) -> Proposal:
    words = "、".join(shared_words(whole.said, part.said, weights))
    reason = (
        f"{city.heading.area_name or '上级'}承诺“{named(whole)}”，{district.heading.area_name or '下级'}承诺"
        f"“{named(part)}”，占{share_of(part.claim.value, whole.claim.value)}；都说到{words}；"
        f"{units(whole, part)}，年份相同。"
    )
    return Proposal(whole.claim.number, part.claim.number, round(score, 3), reason[:300])
