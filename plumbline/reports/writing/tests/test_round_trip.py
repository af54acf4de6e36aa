import random
from dataclasses import replace
from decimal import Decimal

import pytest

from plumbline.kernel import AGREES, DIFFERS
from plumbline.reports.holding import held
from plumbline.reports.writing import paper
from plumbline.reports.writing.law import changes, cited, read_back
from plumbline.reports.writing.papers import as_text
from plumbline.reports.writing.tests import long
from plumbline.reports.writing.tests.round import score


@pytest.fixture(scope="module")
def composed():
    return paper(long.HEAD, long.lines(), long.BASIS)


def test_a_report_of_280_numbers_is_bound_whole(composed):
    assert len(composed.paper.cites) == 287
    assert composed.ready


def test_it_reads_back_strictly(composed):
    """All keys at once: value, unit, measure with its sign, period, subject, bound and modality."""
    assert score(composed.paper, read_back(composed.paper)).f1 >= 0.99


def test_every_number_agrees_with_and_without_its_cite(composed):
    report = read_back(composed.paper)
    assert [one.why for one in held(report, long.BASIS, composed.paper) if one.verdict != AGREES] == []
    found = [one.verdict for one in held(report, long.BASIS)]
    assert found.count(AGREES) == 287
    assert found.count(DIFFERS) == 0


@pytest.mark.slow
def test_a_thousand_changed_digits_are_all_found():
    """A thousand digits of all there are, each in its own paragraph as it stands in the report."""
    made = [paper(long.HEAD, [line], long.BASIS).paper for line in long.lines(4)]
    every = [(one, changed) for one in made for changed in changes(one)]
    picked = random.Random(20250630).sample(every, 1000)
    missed = [changed.text for one, changed in picked if not _found(one, changed)]
    assert missed == []


def test_a_changed_digit_of_the_whole_report_is_found_in_its_place(composed):
    every = list(changes(composed.paper))
    for changed in random.Random(7).sample(every, 12):
        assert _found(composed.paper, changed)


def _found(made, changed):
    wrong = [one for one in cited(made, long.BASIS, changed.text) if one.verdict != AGREES]
    return len(wrong) == 1 and wrong[0].start <= changed.at < wrong[0].end


def test_corrected_figures_show_exactly_where_the_report_would_now_print_otherwise(composed):
    report = read_back(composed.paper)
    drawn = random.Random(11)
    for key in drawn.sample(sorted(long.INDICATORS), 12):
        raised = Decimal(drawn.choice(["1.2", "1.01", "1.0001"]))
        corrected = replace(long.BASIS, figure=lambda *asked, key=key, raised=raised: _raised(asked, key, raised))
        again = paper(long.HEAD, long.lines(), corrected).paper
        wrong = {one.start for one in held(report, corrected, composed.paper) if one.cited and one.verdict != AGREES}
        assert wrong == _printed_otherwise(composed.paper, again)


def _raised(asked, key, raised):
    """The invented figure; that of one indicator in this area and period higher by a little."""
    one = long.figure(*asked)
    mine = (one.indicator, one.area, one.period) == (key, long.AREA, long.PERIOD)
    if not mine or one.value is None:
        return one
    whole = one.value == one.value.to_integral_value() and one.unit != "%"
    return replace(one, value=round(one.value * raised) * Decimal(1) if whole else one.value * raised)


def _printed_otherwise(before, after):
    """Offsets of the numbers of a paper that another one of the same draft prints otherwise, or not at all."""
    starts, found = as_text(before)[1], set()
    for start, old, new in zip(starts, before.paragraphs, after.paragraphs, strict=True):
        now = {(cite.ref, new.text[cite.start:cite.end], cite.value > 0) for cite in new.cites}
        found |= {start + cite.start for cite in old.cites
                  if (cite.ref, old.text[cite.start:cite.end], cite.value > 0) not in now}
    return found
