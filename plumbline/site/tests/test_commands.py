"""`plumbline read` and `check` as a person runs them, on the example report."""

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import plumbline.site
from plumbline import reports
from plumbline.site import commands
from plumbline.site.commands import forms

EXAMPLE = Path(plumbline.site.__file__).parent / "example" / "yunxi-2025h1.txt"


@pytest.fixture(scope="module")
def example():
    """The example report, read once."""
    return reports.read(EXAMPLE)


def test_the_example_says_in_its_first_line_that_it_is_invented():
    assert "虚构示例" in EXAMPLE.read_text(encoding="utf-8").splitlines()[0]


def test_each_line_of_json_finds_its_number_in_its_line(capsys):
    assert commands.main(["read", str(EXAMPLE), "--as", "jsonl"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    assert len(rows) > 150
    assert [lines[row["para"] - 1][row["start"]:row["end"]] for row in rows] == [row["quote"] for row in rows]


def test_a_folder_names_the_file_of_each_claim(tmp_path, capsys):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("上半年，地区生产总值186.4亿元，同比增长5.6%。\n" * 3, encoding="utf-8")
    (tmp_path / "notes.md").write_text("not a report", encoding="utf-8")
    commands.main(["read", str(tmp_path), "--as", "jsonl"])
    files = {json.loads(line)["file"] for line in capsys.readouterr().out.splitlines()}
    assert files == {"a.txt", "b.txt"}


def test_the_page_keeps_the_text_and_marks_every_claim(example):
    page = forms.claim_page(example)
    article = re.search(r"<article>(.*)</article>", page, re.DOTALL).group(1)
    assert html.unescape(re.sub(r"<[^>]+>", "", article)) == example.text
    assert page.count("<mark ") == len(example.claims)
    assert "http" not in page


def test_the_table_has_a_row_for_each_claim(example):
    assert forms.claim_table(example).row_count == len(example.claims)


def test_a_file_that_is_not_there_is_said_in_chinese(tmp_path, capsys):
    assert commands.main(["read", str(tmp_path / "none.txt")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"{tmp_path / 'none.txt'}：找不到；请核对路径\n"


def test_a_file_that_cannot_be_read_says_why_and_the_others_are_read(tmp_path, capsys):
    (tmp_path / "empty.txt").write_bytes(b"")
    assert commands.main(["read", str(tmp_path / "empty.txt"), str(EXAMPLE), "--as", "jsonl"]) == 2
    printed = capsys.readouterr()
    assert "empty.txt：" in printed.err
    assert "186.4亿元" in printed.out


def test_the_example_has_nothing_that_differs(capsys):
    assert commands.main(["check", str(EXAMPLE), "--as", "jsonl"]) == 0
    verdicts = [json.loads(line)["verdict"] for line in capsys.readouterr().out.splitlines()]
    assert verdicts.count("agrees") >= 8
    assert "differs" not in verdicts


def test_one_altered_digit_ends_with_status_one(tmp_path, capsys):
    altered = tmp_path / "altered.txt"
    text = EXAMPLE.read_text(encoding="utf-8")
    altered.write_text(text.replace("专项债券6.5亿元", "专项债券6.8亿元"), encoding="utf-8")
    assert commands.main(["check", str(altered)]) == 1
    assert "不符" in capsys.readouterr().out


def test_an_unknown_command_lists_the_known_ones(capsys):
    assert commands.main(["raed"]) == 2
    assert "read" in capsys.readouterr().err


@pytest.mark.parametrize("name", commands.WITHOUT_DJANGO)
def test_reading_and_checking_never_load_django(name):
    program = (f"import sys; from plumbline.site import commands; commands.main(['{name}', r'{EXAMPLE}']);"
               "sys.exit(any(module.split('.')[0] == 'django' for module in sys.modules))")
    assert subprocess.run([sys.executable, "-c", program], stdout=subprocess.DEVNULL, check=False).returncode == 0
