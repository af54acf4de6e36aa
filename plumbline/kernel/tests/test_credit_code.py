"""Credit codes: the right ones of the collection of rules, and every way one is wrong."""

import itertools

import pytest

from plumbline.kernel.credit_code import LETTERS, WEIGHTS, check_letter, folded, right, trouble

RIGHT = ("91110000600037341L", "9144030071526726XG", "91330100799655058B", "914403001922038216", "91110108551385082Q",
         "91110000802100433B", "911100006000373060", "9111000060003734RY")


def test_weights_are_those_of_the_standard():
    assert WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    assert len(LETTERS) == 31
    assert not set("IOSVZ") & set(LETTERS)


@pytest.mark.parametrize("code", RIGHT)
def test_right_codes_are_right(code):
    assert right(code)
    assert trouble(code) == ""
    assert check_letter(code[:17]) == code[17]


@pytest.mark.parametrize("code", RIGHT)
def test_a_changed_place_is_found_wherever_it_is(code):
    for place, letter in itertools.product(range(18), LETTERS):
        changed = code[:place] + letter + code[place + 1:]
        assert right(changed) == (changed == code)


@pytest.mark.parametrize(("code", "words"), [
    ("9111000060003734RO", "没有这些字符"), ("91110000600037341l", "请写成「91110000600037341L」"), ("", "有 0 位"),
    ("9111000060003734L", "有 17 位"), ("91110000600037341LL", "有 19 位"), ("A1110000600037341L", "前 8 位应全为数字"),
    ("91110000600037341K", "末位应为 L"), ("９1110000600037341L", "全角"), ("91110000 00037341L", "有 17 位"),
])
def test_wrong_codes_say_what_is_wrong(code, words):
    assert not right(code)
    assert words in trouble(code) or "空格" in trouble(code)


def test_a_letter_in_the_first_eight_places_is_wrong_even_with_its_check():
    code = "N" + RIGHT[0][1:17]
    assert trouble(code + check_letter(code)).startswith(f"「{code}")


def test_a_folded_code_is_right():
    assert folded(" ９1110000600037341l\n") == RIGHT[0]
