import pytest

from plumbline.kernel.errors import BadInput
from plumbline.kernel.ref import Ref, ref


def test_a_ref_has_one_canonical_form():
    told = ref(" made.x | area:110112|narrowing|period:2020H1|cell:street=110112001|cell:kind=甲 ")
    assert str(told) == "made.x|narrowing:quarter|area:110112|period:2020H1|cell:street=110112001|cell:kind=甲"
    assert ref(str(told)) == told


def test_area_and_period_are_the_papers_own_unless_said():
    assert ref("made.x|yoy").at("110112", "2020H1") == Ref("made.x", ("yoy",), "110112", "2020H1")
    told = ref("made.x|area:city|period:quarter-before").at("110112", "2020H1")
    assert (told.area, told.period) == ("110000", "2020Q1")


def test_a_concept_is_one_key():
    assert ref("made.x|yoy|against:city").concept == "made.x.yoy.against_city"


@pytest.mark.parametrize(("text", "words"), [
    ("revenue", "不是指标"), ("Made.x", "不是指标"), ("made.x|growth", "不认识"), ("made.x|against", "against:city"),
    ("made.x|rank:up", "rank:down"), ("made.x|area:通州", "区划代码"), ("made.x|period:2020H3", "认不出"),
    ("made.x|rank|yoy", "次序不对"), ("made.x|yoy|qoq", "次序不对"), ("made.x|narrowing:spring", "narrowing:quarter"),
    ("made.x|yoy:x", "写法不对"), ("made.x|area:１１０１１２", "区划代码"), ("made.x|cell:kind=甲;乙", "不认识"),
    (f"made.x|cell:kind={'甲' * 80}|cell:part={'乙' * 80}|cell:place={'丙' * 80}", "最多 200 个"),
    ("made.x|of_target:90", "of_target:系统.指标"), ("made.x|area:110112|area:110105", "不认识"), ("", "不是指标"),
])
def test_what_cannot_be_read_is_refused_with_what_to_write(text, words):
    with pytest.raises(BadInput, match=words):
        ref(text)


def test_everything_wrong_is_told_at_once():
    with pytest.raises(BadInput) as caught:
        ref("X|grow|area:1")
    assert len(caught.value.findings) == 3
