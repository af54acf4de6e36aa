"""`plumbline hotline train` and `classify`, as a person or a program calls them."""

import io
import json

import pytest

from plumbline.systems.hotline import commands
from plumbline.systems.hotline.tests.test_classify import invented


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    file = folder / "labelled.csv"
    lines = ["正文,类别", *(f"{text},{label}" for text, label in invented()), "没有类别的一条,"]
    file.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    assert commands.main(["train", str(file), "--text", "正文", "--label", "类别", "--models", str(folder / "kept")]) == 0
    return folder / "kept"


def classified(models, file, capsys, *more) -> tuple[int, list[str], str]:
    capsys.readouterr()
    status = commands.main(["classify", str(file), "--models", str(models), *more])
    told = capsys.readouterr()
    return status, told.out.splitlines(), told.err


def test_each_line_gets_an_answer_of_five_parts(models, tmp_path, capsys):
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": 7, "text": "公交车拒载"}\n\n{"id": "a", "text": "学校补课收费"}\n', encoding="utf-8")
    status, lines, _ = classified(models, file, capsys, "--as", "jsonl")
    first, second = map(json.loads, lines)
    assert status == 0
    assert list(first) == ["id", "class", "score", "top3", "abstained"]
    assert (first["id"], first["class"], len(first["top3"])) == (7, "公交", 3)
    assert (second["id"], second["class"], second["abstained"]) == ("a", "学校", False)


def test_what_comes_in_on_the_stream_is_classified(models, capsys, monkeypatch):
    given = io.TextIOWrapper(io.BytesIO('{"id": 1, "text": "自来水停了"}\n'.encode()))
    monkeypatch.setattr("sys.stdin", given)
    assert json.loads(classified(models, "-", capsys)[1][0])["class"] == "供水"


def test_a_line_that_is_no_message_is_named_and_the_rest_answered(models, tmp_path, capsys):
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": 1}\n[1]\nnonsense\n{"id": 2, "text": 5}\n{"id": 3, "text": "公交车不进站"}', encoding="utf-8")
    status, lines, told = classified(models, file, capsys)
    assert (status, len(lines), json.loads(lines[0])["id"]) == (1, 1, 3)
    assert [line[:5] for line in told.splitlines()] == ["第 1 行", "第 2 行", "第 3 行", "第 4 行"]


def test_a_table_says_that_it_cannot_tell(models, tmp_path, capsys):
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": 1, "text": "Lorem"}', encoding="utf-8")
    assert "无法判断" in classified(models, file, capsys, "--as", "table")[1][0]


def test_absent_columns_and_files_are_told(tmp_path, capsys):
    file = tmp_path / "wrong.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    assert commands.main(["train", str(file), "--models", str(tmp_path / "m")]) == 2
    assert "没有“text、label”列" in capsys.readouterr().err
    assert commands.main(["train", str(tmp_path / "none.csv"), "--models", str(tmp_path / "m")]) == 2
    assert "打不开（没有这个文件）" in capsys.readouterr().err
    assert commands.main(["classify", str(tmp_path / "none.jsonl"), "--models", str(tmp_path / "m")]) == 2
    assert "打不开" in capsys.readouterr().err
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_learned_in_any_usual_encoding(encoding, tmp_path, capsys):
    file = tmp_path / "past.csv"
    rows = [f'"{text}",{label}' for text, label in invented() if label != "学校"]
    file.write_bytes("\r\n".join([" text , label ", *rows]).encode(encoding))
    assert commands.main(["train", str(file), "--models", str(tmp_path / "m")]) == 0
    told = capsys.readouterr()
    assert "学了 120 条、2 个类别" in told.out
    assert told.err.splitlines() == ["数词和字 …", "轮流留出一份试测 …", "学习全部来件 …"]


@pytest.mark.parametrize(("given", "said"), [
    (b"", "没有“text、label”列；请用 --text、--label 写明，现有：无"),
    (b"text,label\n", "可用的类别不足两个"),
    (b"text,label\n" + "停水\0,供水\n".encode(), "NUL"),
    (b"\x89PNG\r\n\x1a\n" + b"\xff\xfe\x81" * 90, "不是文本文件"),
])
def test_a_file_that_teaches_nothing_is_refused_in_words(given, said, tmp_path, capsys):
    file = tmp_path / "wrong.csv"
    file.write_bytes(given)
    assert commands.main(["train", str(file), "--models", str(tmp_path / "m")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "m").exists()


def test_a_folder_is_no_file(tmp_path, capsys):
    assert commands.main(["train", str(tmp_path)]) == 2
    assert "打不开（是文件夹）" in capsys.readouterr().err
    assert commands.main(["classify", str(tmp_path)]) == 2
    assert "打不开（是文件夹）" in capsys.readouterr().err


def test_lines_with_a_mark_in_another_encoding_and_odd_keys_are_answered(models, tmp_path, capsys):
    file = tmp_path / "in.jsonl"
    file.write_bytes('\ufeff{"id": null, "text": "公交车拒载"}\r\n'.encode()
                     + '{"id": "甲", "text": "自来水停了"}\n'.encode("gb18030") + b'{"id": "\\ud800", "text": ""}\n')
    status, lines, _ = classified(models, file, capsys)
    found = [json.loads(line) for line in lines]
    assert (status, [one["id"] for one in found]) == (0, [None, "甲", "\ud800"])
    assert [one["class"] for one in found[:2]] == ["公交", "供水"]
    # the best class is told also where it cannot tell
    assert (found[2]["abstained"], found[2]["class"] in ("供水", "公交", "学校")) == (True, True)
