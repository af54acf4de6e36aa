from datetime import date

import pytest

from plumbline.kernel.errors import BadInput
from plumbline.kernel.sentence import pieces, sentence_from, slots

BODY = {"text": "收入{r:level}，{r2}，共{=3}项。", "figures": {"r": "m.money", "r2": "m.money|yoy"}, "section": "经济"}


def declared(**more):
    wrong: list[str] = []
    return sentence_from("m.said", BODY | more, wrong), wrong


def test_a_sentence_becomes_what_a_planner_would_type():
    sentence, wrong = declared(since="2020-01-01", until="2021-12-31")
    assert wrong == []
    assert sentence.template == "收入{m.money:level}，{m.money|yoy:growth}，共{=3}项。"
    assert sentence.holds_on(date(2020, 1, 1))
    assert not sentence.holds_on(date(2022, 1, 1))


@pytest.mark.parametrize(("more", "word"), [
    ({"text": ""}, "text is missing"), ({"figures": {"r": "m.money"}}, "没有在 figures 中声明"),
    ({"figures": BODY["figures"] | {"z": "m.other"}}, "z is not in the text"), ({"figures": {"r": "money"}}, "不是指标"),
    ({"when": "q"}, "when names q"), ({"since": "2020-02-30"}, "write a real day"), ({"colour": "red"}, "remove it"),
    ({"text": "{r:rank}{r2}"}, "不能写成 rank"), ({"text": "{r:level/红}{r2}"}, "没有「/红」"), ({"text": "{r{r2}"}, "没有成对"),
])
def test_what_is_wrong_is_told(more, word):
    sentence, wrong = declared(**more)
    assert sentence is None
    assert any(word in one for one in wrong)


def test_a_form_may_say_digits_only():
    slot, = slots("按时办结率{m.rate:%.1}。")
    assert (slot.form.name, slot.form.digits) == ("level", 1)


def test_arguments_are_no_forms():
    slot, = slots("{m.rate|against:city|area:110112|period:@2020-06-30}")
    assert (slot.form.name, slot.ref.period) == ("against", "@2020-06-30")


@pytest.mark.parametrize("text", ["{}", "{", "a}b", "{=}", "{m.x:shape}", "{m.x|yoy:level}"])
def test_a_slot_that_cannot_be_read_is_refused(text):
    with pytest.raises(BadInput):
        pieces(text)
