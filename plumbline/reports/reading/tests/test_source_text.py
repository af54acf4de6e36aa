"""Plain text: every encoding comes back the same, lines as an editor counts them, the rest refused."""

import sys
from pathlib import Path
from subprocess import run

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plumbline.kernel import BadInput
from plumbline.reports.reading.source import MOST_BYTES, load

SENTENCE = "上半年，云溪区一般公共预算收入12.5亿元，同比增长3.2%。"
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")
COMMON = st.sampled_from(sorted({
    bytes((row, place)).decode("gb2312") for row in range(0xB0, 0xD7) for place in range(0xA1, 0xFF)
}))
OTHER = st.sampled_from("，。、；：“”（）％１２３0123456789.%,()·—…  \u3000㎡℃①ⅣαGDPm²\t\u2028\x0c\x85𠮷镕")
LINES = st.lists(st.text(st.one_of(COMMON, COMMON, COMMON, OTHER), min_size=1, max_size=30), min_size=1, max_size=8)


def refused(data: bytes, name: str = "") -> str:
    """The check and message of a refusal."""
    with pytest.raises(BadInput) as caught:
        load(data, name)
    (finding,) = caught.value.findings
    assert finding.check.startswith("source.")
    assert finding.message.startswith(name or "文件")
    assert "；" in finding.message, "says what to do"
    return f"{finding.check} {finding.message}"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_text_is_the_same_in_every_encoding(encoding):
    assert load(SENTENCE.encode(encoding)).text == SENTENCE + "\n"


@settings(deadline=None)
@given(LINES, st.sampled_from(ENCODINGS), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_chinese_text_comes_back_from_any_encoding(lines, encoding, end):
    text = end.join([SENTENCE, *lines]) + end
    got = load(text.encode(encoding))
    assert got.media == "txt"
    assert got.text == "\n".join([SENTENCE, *lines]) + "\n"


@settings(deadline=None)
@given(st.text(COMMON, min_size=2, max_size=40))
@example("伙傀")  # the bytes of a byte order mark, in another order
def test_common_characters_alone_come_back_from_gb18030(text):
    assert load(text.encode("gb18030")).text == text + "\n"


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "a.txt", "a.html", "a.pdf", "a.docx"]))
def test_random_bytes_are_read_or_refused_in_words(data, name):
    try:
        load(data, name)
    except BadInput as error:
        assert error.findings  # noqa: PT017
        assert all(finding.message for finding in error.findings)  # noqa: PT017


def test_lines_end_where_an_editor_ends_them():
    text = load("一季度\r\n二季度\r三季度\x0c\x85\u2028\u2029\x0b末\n四季度".encode()).text
    assert text == "一季度\n二季度\n三季度\x0c\x85\u2028\u2029\x0b末\n四季度\n"


def test_characters_stay_as_they_are_typed():
    line = "  １２．５ 亿元\u3000\u00a0ＧＤＰ\t增长"
    assert load(line.encode()).text == line + "\n"


def test_breaks_of_a_text_are_unknown():
    assert load(SENTENCE.encode()).breaks is None


def test_the_name_is_that_of_the_file(tmp_path: Path):
    path = tmp_path / "云溪.txt"
    path.write_bytes(SENTENCE.encode("gb18030"))
    got = load(path)
    assert (got.name, got.findings) == ("云溪.txt", ())
    assert load(path, "半年报告.txt").name == "半年报告.txt"


@pytest.mark.parametrize("blank", [b"", b" \r\n\t", "\ufeff\n".encode(), "\u3000\n".encode(), "\n".encode("utf-16")])
def test_an_empty_text_is_refused(blank):
    assert "source.empty" in refused(blank, "空.txt")


def test_a_text_of_signs_is_refused_as_empty():
    assert "source.empty" in refused("……——。".encode())


def test_a_file_above_the_limit_is_refused(tmp_path: Path):
    assert "20 MB" in refused(b"\xe4\xb8\x80" * (MOST_BYTES // 3 + 1))
    path = tmp_path / "large.txt"
    path.write_bytes(b"a" * (MOST_BYTES + 1))
    with pytest.raises(BadInput, match="20 MB"):
        load(path)


def test_a_path_that_cannot_be_read_is_refused(tmp_path: Path):
    with pytest.raises(BadInput, match="找不到"):
        load(tmp_path / "none.txt")
    with pytest.raises(BadInput, match="文件夹"):
        load(tmp_path)


@pytest.mark.parametrize(("text", "encoding"), [
    ("The district's revenue rose by 3.2% in the first half of the year.", "utf-8"),
    ("上半期の一般公共予算収入は12.5億元で、前年同期比3.2%の増加となりました。", "utf-8"),
    ("상반기 일반공공예산 수입은 12.5억 위안이다.", "utf-8"),
    ("Доходы бюджета выросли на 3,2% за первое полугодие.", "utf-8"),
    ("Les recettes budgétaires ont augmenté de 3,2 % — l'année précédente.", "utf-8"),
])
def test_another_language_is_refused(text, encoding):
    assert "source.language" in refused(text.encode(encoding))


@pytest.mark.parametrize(("text", "encoding"), [
    ("上半期の一般公共予算収入は12.5億元で、前年同期比の増加となりました。" * 9, "shift_jis"),
    ("Доходы бюджета выросли за первое полугодие." * 9, "cp1251"),
    ("상반기 일반공공예산 수입은 위안이다 그리고 증가하였다." * 20, "euc-kr"),
])
def test_another_language_in_its_own_encoding_is_refused(text, encoding):
    assert refused(text.encode(encoding)).split()[0] in ("source.language", "source.encoding")


def test_text_broken_in_the_middle_names_the_line():
    data = f"{SENTENCE}\n{SENTENCE}\n".encode()
    assert "第 2 行" in refused(data[:-3] + b"\xff\xff\xff" + data[-4:])


def test_text_cut_off_in_a_character_is_refused():
    assert "没有传完" in refused(f"{SENTENCE}\n{SENTENCE}".encode()[:-1])
    assert "第 1 行" in refused(SENTENCE.encode("utf-16")[:-1])


def test_a_zero_byte_is_refused_with_its_line():
    assert "第 2 行" in refused(f"{SENTENCE}\n上\x00半年".encode())


def test_garbage_is_refused():
    assert "source.garbage" in refused(bytes(range(256)) * 40, "数据.bin")


def test_a_text_without_numbers_is_no_error():
    assert load("今年以来，全区经济稳步恢复。".encode()).text == "今年以来，全区经济稳步恢复。\n"


def test_a_number_of_400_digits_is_text_like_any_other():
    assert load(f"收入{'9' * 400}元，同比增长。".encode()).text.count("9") == 400


@pytest.mark.parametrize(("start", "word"), [
    (bytes.fromhex("d0cf11e0a1b11ae1"), "另存为"), (b"{\\rtf1 ", "另存为"), (b"\x89PNG\r\n\x1a\n", "文字识别"),
    (b"\xff\xd8\xff\xe0", "文字识别"), (b"Rar!\x1a\x07", "解压"), (b"7z\xbc\xaf\x27\x1c", "解压"),
])
def test_kinds_that_cannot_be_read_say_what_to_do(start, word):
    assert word in refused(start + bytes(600), "报告.docx")


def test_a_docx_under_a_password_says_so():
    data = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(90)
    assert "source.locked" in refused(data, "报告.docx")


def test_content_decides_and_a_wrong_ending_is_remarked():
    got = load(SENTENCE.encode(), "报告.docx")
    assert got.media == "txt"
    (finding,) = got.findings
    assert finding.check == "source.ending"
    assert ".docx" in finding.message


def test_a_text_loads_no_library_of_other_kinds():
    code = (
        "import sys; from plumbline.reports.reading.source import load; load('上半年'.encode());"
        "print([name for name in ('lxml', 'plumbline.reports.reading.source_docx', 'pypdfium2_raw', 'django') "
        "if name in sys.modules])"
    )
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"
