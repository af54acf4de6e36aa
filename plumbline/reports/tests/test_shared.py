"""What is proposed for the two reports of the shared folder; figures only, no sentence of theirs."""

import os
from pathlib import Path

import pytest

from plumbline.reports.pairing import answers, pairings, shares
from plumbline.reports.reading.reader import read

REPORTS = Path(os.environ.get("PLUMBLINE_SHARED", "../shared")) / "reports"
# by hand: measures (in the order of the text) that answer each problem of the city's report, and those that may
CITY_ANSWERS = {
    1: ({1, 3, 4, 5}, {2, 6, 7, 8, 9, 10, 86}), 2: ({20, 21, 22, 23}, {24, 34, 49}), 3: ({25, 28, 29}, {26, 27}),
    4: ({11, 39, 44}, {12, 13, 14, 15, 40, 41, 42, 43}), 5: (set(), set()), 6: ({86, 87, 88}, {2, 4, 6, 16, 17}),
}


@pytest.fixture(scope="module")
def reports():
    if not REPORTS.is_dir():
        pytest.skip(f"{REPORTS} is absent; set PLUMBLINE_SHARED to run this")
    return {name: read(REPORTS / f"{name}-2020h1.txt") for name in ("beijing", "tongzhou")}


def values(left, right, proposals):
    """Both values of each proposal, and the unit on the left."""
    ours, theirs = ({one.number: one for one in report.claims} for report in (left, right))
    return {(int(ours[one.left].value), int(theirs[one.right].value), ours[one.left].unit) for one in proposals}


def test_what_the_city_promised_and_reported(reports):
    city = reports["beijing"]
    assert values(city, city, pairings(city)) == {
        (13000, 5135, "个"), (90, 68, "家"), (1000, 645, "个"), (57, 4, "处"), (266, 103, "处"), (24, 37, "项")}


def test_what_the_district_promised_and_reported(reports):
    district = reports["tongzhou"]
    assert values(district, district, pairings(district)) == {(136, 740, "户"), (302, 1702, "人")}


def test_what_the_district_promised_of_the_city(reports):
    city, district = reports["beijing"], reports["tongzhou"]
    assert values(city, district, shares(city, district)) == {(13000, 1024, "个"), (1000, 120, "个")}


def test_nine_in_ten_answers_are_right_and_two_thirds_found(reports):
    proposed = answers(reports["beijing"])
    right = [one for one in proposed if one.right in set().union(*CITY_ANSWERS[one.left])]
    found = [one for one in proposed if one.right in CITY_ANSWERS[one.left][0]]
    assert len(right) >= 0.9 * len(proposed)
    assert len(found) >= 2 / 3 * sum(len(sure) for sure, _ in CITY_ANSWERS.values())
