"""Loading systems: what they declare, and what stops start-up."""

from pathlib import Path

import pytest

from plumbline.kernel import BadDeclaration, Catalog, Indicator, Table, load

RECORDS = """
list:
  label: 台账
  area: area
  dated: done_on
  columns:
    area: {type: text, label: 区}
    done_on: {type: date, label: 完成日期}
"""
INDICATORS = """
done:
  label: 完成数
  source: 本例
  table: list
  unit: 项
  count: ""
"""


def system(root: Path, key: str, **files: str) -> Path:
    folder = root / key
    folder.mkdir()
    (folder / "system.yaml").write_text("label: 例\nowner: 市发展改革委\n", encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_keys_begin_with_the_folder(tmp_path):
    catalog = load([system(tmp_path, "works", records=RECORDS, indicators=INDICATORS)])
    assert list(catalog.systems) == ["works"]
    assert catalog.tables["works.list"].label == "台账"
    assert catalog.indicators["works.done"].table == "works.list"
    assert [one.key for one in catalog.of_table("works.list")] == ["works.done"]


def test_a_system_reads_the_tables_it_needs_and_no_others(tmp_path):
    works = system(tmp_path, "works", records=RECORDS)
    other = system(tmp_path, "other", indicators=INDICATORS.replace("table: list", "table: works.list"))
    with pytest.raises(BadDeclaration, match=r"works\.list is not declared"):
        load([works, other])
    (other / "system.yaml").write_text("label: 例\nowner: 市发展改革委\nneeds: [works]\n", encoding="utf-8")
    assert load([works, other]).indicators["other.done"].table == "works.list"


@pytest.mark.parametrize("name", ["indicater.yaml", "rule.yaml"])
def test_a_file_that_is_no_part_of_a_system_is_refused(tmp_path, name):
    folder = system(tmp_path, "works", records=RECORDS)
    (folder / name).write_text("", encoding="utf-8")
    with pytest.raises(BadDeclaration, match=rf"{name} is no part of a system"):
        load([folder])


def test_a_need_that_is_not_installed_is_refused(tmp_path):
    folder = system(tmp_path, "works")
    (folder / "system.yaml").write_text("label: 例\nowner: 市\nneeds: [absent]\n", encoding="utf-8")
    with pytest.raises(BadDeclaration, match="absent, which is not installed"):
        load([folder])


def test_a_key_written_twice_is_refused(tmp_path):
    with pytest.raises(BadDeclaration, match="list is written twice"):
        load([system(tmp_path, "works", records=RECORDS + RECORDS)])


def test_what_officials_declare_never_takes_a_systems_key():
    ours = Table("works.list", "台账", (), "area")
    catalog = Catalog(tables={"works.list": ours})
    theirs = Table("works.list", "别的", (), "area")
    more = Table("ledgers.yards", "院落", (), "area")
    one = Indicator("ledgers.n", "数", "ledgers.yards", "count", "个", "例")
    found = catalog.extended([theirs, more], [one])
    assert found.tables["works.list"] is ours
    assert found.tables["ledgers.yards"] is more
    assert found.indicators["ledgers.n"] is one
    assert dict(catalog.tables) == {"works.list": ours}


SENTENCES = """
- key: works.said
  text: "完成{n}。"
  figures: {n: works.done}
"""


def with_sentences(folder, text):
    """The same system with sentences."""
    (folder / "sentences").mkdir()
    (folder / "sentences" / "half_year.yaml").write_text(text, encoding="utf-8")
    return folder


def test_sentences_are_read_with_the_indicators_they_name(tmp_path):
    folder = with_sentences(system(tmp_path, "works", records=RECORDS, indicators=INDICATORS), SENTENCES)
    assert load([folder]).sentences["works.said"].text == "完成{n}。"


@pytest.mark.parametrize(("change", "words"), [
    (("works.said", "other.said"), "begin it with works"), (("works.done", "works.absent"), "works.absent is no indicator"),
    (("{n}。", "。"), "n is not in the text"), (("- key: works.said", "works.said:\n "), "write a list of sentences"),
])
def test_sentences_that_cannot_be_said_stop_the_start(tmp_path, change, words):
    folder = with_sentences(system(tmp_path, "works", records=RECORDS, indicators=INDICATORS), SENTENCES.replace(*change))
    with pytest.raises(BadDeclaration, match=words):
        load([folder])


def test_an_indicator_that_cannot_be_counted_stops_the_start(tmp_path):
    folder = system(tmp_path, "works", records=RECORDS, indicators=INDICATORS + "  where: absent = 1\n")
    with pytest.raises(BadDeclaration, match="absent"):
        load([folder])
