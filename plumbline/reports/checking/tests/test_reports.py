"""The two shared reports: every identity is found, nothing is alarmed, every altered digit is noticed."""

import os
from functools import cache
from pathlib import Path

import pytest

from plumbline.kernel import Report, Statement
from plumbline.reports.checking import check
from plumbline.reports.checking.tests.texts import altered, silent
from plumbline.reports.reading.reader import read

SHARED = Path(os.environ.get("PLUMBLINE_SHARED", "../shared")) / "reports"
CITY, DISTRICT = SHARED / "beijing-2020h1.txt", SHARED / "tongzhou-2020h1.txt"

pytestmark = pytest.mark.skipif(
    not (CITY.exists() and DISTRICT.exists()), reason=f"the shared reports are not in {SHARED}")


@cache
def opened(path: Path) -> Report:
    return read(path)


def printed(statement: Statement, report: Report) -> list[str]:
    lines = report.text.split("\n")
    return [lines[place.para - 1][place.start:place.end] for place in statement.places]


@pytest.mark.parametrize("numbers", [
    ["68.4亿元", "49.3亿元", "19.1亿元"], ["114个", "49个", "65个"], ["388个", "100项", "42项", "246项"],
    ["29亿元", "20亿元", "9亿元"], ["2.96%", "2.96%"]])
def test_the_identities_of_the_district_agree(numbers):
    report = opened(DISTRICT)
    found = {tuple(printed(each, report)): each.verdict for each in check(report) if each.kind == "identity"}
    assert found[tuple(numbers)] == "agrees"


def test_the_rate_and_its_distance_from_the_target_are_found():
    report = opened(DISTRICT)
    (found,) = [each for each in check(report) if each.kind == "difference"]
    assert printed(found, report) == ["2.96%", "0.54个百分点"]
    assert "3.5%" in found.why


def test_each_altered_digit_of_that_distance_is_said():
    """No target is printed, so nothing can agree; but what follows is another target, or none that anyone would set."""
    line = opened(DISTRICT).text.split("\n")[28]
    (whole,) = distances(line)
    for place in whole.places:
        for other in altered(line, place.start, place.end):
            assert [(each.verdict, each.why) for each in distances(other)] != [(whole.verdict, whole.why)]


def distances(line: str) -> list[Statement]:
    return [each for each in check(read(line.encode(), "line.txt")) if each.kind == "difference"]


@pytest.mark.parametrize("value", [
    "一季度为-6.6%", "一季度为-7.1%", "一季度为-14.7%", "一季度为5.5%", "一季度为3.5%", "一季度为15.9%",
    "1509.7亿元（1509.1至1510.3）", "3172.6亿元", "47微克/立方米（46.4至47.6）", "11.1个百分点", "3.2个百分点",
    "7个百分点", "95家", "1.7365万个（1.7315万个至1.7415万个）", "166至167项", "1499至1500个"])
def test_the_values_derived_by_hand_are_derived(value):
    assert any(value in each.why for each in check(opened(CITY)) if each.kind == "derived")


@pytest.mark.parametrize(("words", "verdict"), [
    ("细颗粒物浓度：北京市43微克/立方米，通州区44微克/立方米", "cannot tell"),
    ("推算北京市为2.1%", "cannot tell"),
    ("目标1.3万个", "agrees"), ("目标1000个", "agrees"), ("广渠路东延", "agrees"), ("城市绿心", "agrees"),
    ("30项市级管理权限", "cannot tell")])
def test_the_two_reports_are_held_against_each_other(words, verdict):
    for found in (check(opened(CITY), opened(DISTRICT)), check(opened(DISTRICT), opened(CITY))):
        assert {each.verdict for each in found if words in each.why and each.kind == "across"} == {verdict}


def test_no_alarm_on_either():
    for found in (check(opened(CITY), opened(DISTRICT)), check(opened(DISTRICT), opened(CITY))):
        assert [each.why for each in found if each.verdict == "differs"] == []


def test_places_are_those_of_the_claims():
    report = opened(DISTRICT)
    claims = {claim.number: claim for claim in report.claims}
    for statement in check(report):
        for place in statement.places:
            claim = claims[place.claim]
            start = report.text.rindex("\n", 0, claim.start) + 1
            assert (place.para, place.start, place.end) == (claim.para, claim.start - start, claim.end - start)


@pytest.mark.parametrize("path", [CITY, DISTRICT], ids=["city", "district"])
def test_each_altered_digit_of_each_identity_is_noticed(path):
    text, offsets = shortened(path)
    for statement in identities(text):
        for place in statement.places:
            at = offsets[place.para - 1]
            for other in altered(text, at + place.start, at + place.end):
                after = check(read(other.encode(), path.name))
                assert not silent(statement, (place.para, place.start), after), other[at + place.start - 9:][:20]


def identities(text: str) -> list[Statement]:
    """What holds to the last digit."""
    found = check(read(text.encode(), "report.txt"))
    return [each for each in found if each.kind in ("identity", "difference") and each.verdict == "agrees"]


def shortened(path: Path) -> tuple[str, list[int]]:
    """The report with all long paragraphs emptied that carry no identity, and where its lines begin."""
    lines = opened(path).text.split("\n")
    wanted = {place.para for each in identities(opened(path).text) for place in each.places}
    kept = [line if number in wanted or len(line) < 60 else "" for number, line in enumerate(lines, 1)]
    offsets = [sum(len(line) + 1 for line in kept[:index]) for index in range(len(kept))]
    return "\n".join(kept), offsets
