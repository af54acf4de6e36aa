"""Whose records a person may see rests on these."""

import pytest

from plumbline.kernel import AREAS, CITY, area_name, area_of, inside


@pytest.mark.parametrize(("code", "outer", "lies"), [
    ("110112", "110000", True), ("110112", "110112", True), ("110000", "110000", True),
    ("110000", "110112", False), ("110101", "110112", False), ("990101", "110000", False),
    ("110112", "", False), ("", "110000", False), ("", "", False)])
def test_a_district_lies_in_its_city_and_nowhere_else(code, outer, lies):
    assert inside(code, outer) is lies


def test_every_area_lies_in_exactly_one_city_and_no_code_stands_twice():
    cities = [area for area in AREAS if area.code.endswith("0000")]
    assert CITY in cities
    assert [sum(inside(area.code, city.code) for city in cities) for area in AREAS] == [1] * len(AREAS)
    assert len({area.code for area in AREAS}) == len(AREAS)


@pytest.mark.parametrize(("text", "code"), [
    ("关于北京市通州区2020年计划的报告", "110112"), ("北京市发展和改革委员会", "110000"), ("某省某市", None), ("", None)])
def test_a_title_is_about_the_most_particular_area_it_names(text, code):
    found = area_of(text)
    assert (found.code if found else None) == code


def test_a_code_nobody_knows_is_its_own_name():
    assert (area_name("110112"), area_name("440300")) == ("通州区", "440300")
