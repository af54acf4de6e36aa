"""Promises, problems, the glossary, deadlines and bodies; every sentence here is invented."""

import json
import os
from pathlib import Path

import pytest

from plumbline.kernel import Commitment, Problem, Term
from plumbline.reports.reading.bodies import bodies
from plumbline.reports.reading.commitments import commitments, problems, terms
from plumbline.reports.reading.deadline import deadline
from plumbline.reports.reading.items import items, sentences
from plumbline.reports.reading.normal import blocks
from plumbline.reports.reading.outline import outline

SHARED = Path(os.environ.get("PLUMBLINE_SHARED", "../shared"))
TITLE = "关于青岭市2031年国民经济和社会发展计划上半年执行情况的报告\n"


def promised(measures: str) -> list[Commitment]:
    text = f"{TITLE}一、上半年计划执行情况\n运行平稳。\n二、下半年工作措施\n{measures}"
    read = blocks(text)
    return commitments(text, read, outline(text, read))


def worried(paragraphs: str) -> list[Problem]:
    before = f"{TITLE}一、上半年计划执行情况\n运行平稳。\n"
    text = f"{before}二、存在的主要问题\n{paragraphs}\n三、下半年工作措施\n抓好落实。"
    read = blocks(text)
    return problems(text, read, outline(text, read))


@pytest.mark.parametrize("listed", [
    "(1)修建水库。加固堤坝。(2)疏浚河道。", "⑴修建水库。加固堤坝。⑵疏浚河道。",
    "①修建水库。加固堤坝。②疏浚河道。",
    "1.修建水库。加固堤坝。2.疏浚河道。", "1、修建水库。加固堤坝。2、疏浚河道。",
    "一是修建水库。加固堤坝。二是疏浚河道。",
    "第一，修建水库。加固堤坝。第二，疏浚河道。", "（1）修建水库。加固堤坝。（2）疏浚河道。",
])
def test_every_kind_of_list_gives_one_promise_an_item(listed):
    found = promised(f"（一）兴修水利\n抓好防汛工作。{listed}")
    assert [item.text for item in found] == ["修建水库。加固堤坝。", "疏浚河道。"]
    assert [item.ident for item in found] == ["二.(一).抓好防汛工作.(1)", "二.(一).抓好防汛工作.(2)"]
    assert {(item.section, item.theme) for item in found} == {("（一）兴修水利", "抓好防汛工作")}


def test_without_a_list_each_sentence_after_the_theme_is_a_promise():
    found = promised("（一）兴修水利\n抓好防汛工作。修建水库，加固堤坝；清理河道。新建泵站3座。")
    assert [item.text for item in found] == ["修建水库，加固堤坝；清理河道。", "新建泵站3座。"]


def test_list_over_several_paragraphs_keeps_its_theme():
    found = promised("（一）兴修水利\n抓好防汛工作。\n一是修建水库。\n二是疏浚河道。\n")
    assert [item.n for item in found] == [1, 2]


def test_items_divided_by_semicolons_end_before_them():
    found = promised("（一）兴修水利\n一是修建水库；二是疏浚河道。\n")
    assert [item.text for item in found] == ["修建水库", "疏浚河道。"]


def test_run_in_heading_is_no_promise():
    found = promised("（一）兴修水利。修建水库2座。疏浚河道10公里。\n")
    assert [item.text for item in found] == ["修建水库2座。", "疏浚河道10公里。"]
    assert {item.theme for item in found} == {""}


def test_small_heading_is_the_theme():
    found = promised("（一）兴修水利\n1.抓好防汛工作\n修建水库2座，年底前投用。\n2.节约用水\n改造管网8公里。\n")
    assert [(item.theme, item.ident) for item in found] == [
        ("抓好防汛工作", "二.(一).1.(1)"), ("节约用水", "二.(一).2.(1)")]


def test_part_without_sections_promises_by_sentence():
    found = promised("坚持以新发展理念为指导。确保全年收入增长5%。8月底前下达全部资金。\n以上报告，请予审议。\n")
    assert [(item.ident, item.deadline) for item in found] == [("二.(1)", "2031"), ("二.(2)", "2031-08-31")]


def test_opening_and_closing_words_around_sections_are_no_promises():
    found = promised(
        "下半年任务艰巨，要坚定信心。\n（一）兴修水利\n抓好防汛工作。修建水库。\n主任、各位副主任，我们将努力完成任务。\n")
    assert [item.text for item in found] == ["修建水库。"]


def test_list_of_yearly_targets_is_no_list_of_measures():
    text = ("关于青岭市2030年国民经济和社会发展计划执行情况与2031年国民经济和社会发展计划草案的报告\n"
            "一、2030年计划执行情况\n运行平稳。\n二、2031年主要预期目标\n--财政收入增长5%；\n三、2031年主要任务\n修建水库2座。\n")
    read = blocks(text)
    assert [item.text for item in commitments(text, read, outline(text, read))] == ["修建水库2座。"]


def test_promise_knows_its_place_in_the_source():
    text = f"{TITLE}一、下半年工作措施\n（一）兴修水利\n抓好防汛工作。(1)修建水库,加固堤坝。\n"
    read = blocks(text)
    found, = commitments(text, read, outline(text, read))
    assert text[found.start:found.end] == found.text == "修建水库,加固堤坝。"
    assert text.split("\n")[found.para - 1].startswith("抓好防汛工作")


def test_idents_are_unique_even_where_numbers_start_again():
    found = promised(
        "（一）兴修水利\n抓好防汛工作。(1)修建水库。(2)疏浚河道。\n"
        "抓好防汛工作。(1)新建泵站。(2)植树造林。\n")
    assert len({item.ident for item in found}) == 4


def test_problems_in_one_paragraph():
    found = worried("需要关注以下方面：一是投资不足。项目偏少。二是就业承压；三是财政困难。")
    assert [(item.n, item.title, item.text) for item in found] == [
        (1, "投资不足", "投资不足。项目偏少。"), (2, "就业承压", "就业承压"), (3, "财政困难", "财政困难。")]


def test_problems_one_a_paragraph():
    found = worried(
        "当前形势复杂。\n一是投资不足，项目偏少。⑴工业项目少。⑵储备不足。\n"
        "二是就业承压。\n也要看到，一是基础好。")
    assert [item.title for item in found] == ["投资不足，项目偏少", "就业承压"]
    assert found[0].text == "投资不足，项目偏少。⑴工业项目少。⑵储备不足。"


def test_problems_as_headings():
    found = worried("（一）投资不足。项目偏少。\n（二）就业承压。岗位偏少。")
    assert [item.title for item in found] == ["投资不足", "就业承压"]


def test_report_without_a_part_of_problems_has_none():
    assert worried("") == []


def test_glossary_terms_end_at_the_colon():
    glossary = "名词解释\n1.两新一重：指三类建设。\n包括新型设施。\n2.PMI：即采购经理指数。\n"
    text = f"{TITLE}一、下半年安排\n修建水库。\n{glossary}"
    read = blocks(text)
    found: list[Term] = terms(text, read, outline(text, read))
    assert [(item.n, item.term, item.meaning) for item in found] == [
        (1, "两新一重", "指三类建设。包括新型设施。"), (2, "PMI", "即采购经理指数。")]
    assert text[found[0].start:found[0].end].startswith("1.两新一重")


@pytest.mark.parametrize(("words", "due"), [
    ("8月底前全部下达", "2031-08-31"), ("9月开园", "2031-09-30"), ("11月末完工", "2031-11-30"),
    ("2月底前完成", "2031-02-28"),
    ("10月中旬启动", "2031-10-20"), ("10月上旬启动", "2031-10-10"), ("9月15日前交付", "2031-09-15"),
    ("十月底前建成", "2031-10-31"),
    ("三季度内达产", "2031-09-30"), ("第四季度开工", "2031-12-31"), ("上半年完成征拆", "2031-06-30"),
    ("国庆节前开放", "2031-09-30"),
    ("年底前开工", "2031"), ("年内建成", "2031"), ("年底达到标准", "2031"), ("全年新建网点120家", "2031"),
    ("今年建成投用", "2031"),
    ("到2035年建成", "2035"), ("2033年底前通车", "2033"), ("明年6月底前投产", "2032-06-30"),
    ("2032年3月底前完成", "2032-03-31"),
    ("“十六五”末达到", "2035"), ("9月底前引入，年底前开工", "2031"), ("8月底前下达，三季度内达产", "2031-09-30"),
    ("１０月底前完成", "2031-10-31"),
])
def test_deadline_is_the_latest_date_named(words, due):
    assert deadline(words, 2031) == due


@pytest.mark.parametrize("words", [
    "针对全年确定的重点项目", "完成全年目标任务", "6月11日以来", "比一季度提高", "举办2031年中国文化节",
    "三年（2030-2032年）行动",
    "未来五年的发展思路", "1-6月完成投资", "上半年的好势头", "前三季度的经验", "加快建设", "去年9月的经验",
    "2月31日前完成",
])
def test_words_that_name_no_day_give_no_deadline(words):
    assert deadline(words, 2031) is None


@pytest.mark.parametrize(("words", "names"), [
    ("加快推进青岭湖公园建设", ("青岭湖公园",)),
    ("支持青岭大学、市第一医院合作", ("青岭大学", "市第一医院")),
    ("由市财政局与区教育局负责", ("市财政局", "区教育局")),
    ("推动青岭经济技术开发区扩区", ("青岭经济技术开发区",)),
    ("建设数据中心和养老机构，新建公办幼儿园18所", ()),
    ("聚焦“三山一园”等区域", ("三山一园",)),
    ("完善工作机制，优化产业布局", ()),
])
def test_bodies_are_proper_names_with_a_closing_word(words, names):
    assert bodies(words) == names


def test_list_starts_with_one_or_at_the_head_of_the_paragraph():
    assert [item.n for item in items("三是修路。四是架桥。")] == [3, 4]
    assert items("完成（2）处改造。") == []
    assert items("增长3.5%，投资1.2亿元。") == []


def test_quotes_stay_with_their_sentence():
    words = "做到“应保尽保。”加强督查。"
    assert [words[start:end] for start, end in sentences(words)] == ["做到“应保尽保。”", "加强督查。"]


@pytest.fixture(scope="module")
def city():
    report = SHARED / "reports/beijing-2020h1.txt"
    if not report.exists():
        pytest.skip("set PLUMBLINE_SHARED to the folder with reports/ and gold/ to compare with the agreed readings")
    text = report.read_text(encoding="utf-8")
    read = blocks(text)
    return text, read, outline(text, read)


def _gold(name: str) -> list[dict[str, object]]:
    lines = (SHARED / "gold" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def test_commitments_of_the_city_are_those_agreed(city):
    found = [(c.ident, c.section, c.theme, c.n, c.text, c.deadline, c.para) for c in commitments(*city)]
    assert found == [tuple(gold[key] for key in ("id", "section", "theme", "n", "text", "deadline", "para"))
                     for gold in _gold("beijing-2020h1.commitments.jsonl")]


def test_bodies_of_the_city_are_mostly_those_agreed(city):
    gold = [set(line["named_bodies"]) for line in _gold("beijing-2020h1.commitments.jsonl")]
    found = [set(item.bodies) for item in commitments(*city)]
    both = sum(len(ours & theirs) for ours, theirs in zip(found, gold, strict=True))
    assert both / sum(map(len, gold)) >= 0.7
    assert both / sum(map(len, found)) >= 0.7


def test_problems_of_the_city_are_those_agreed(city):
    found = [{"n": item.n, "title": item.title, "text": item.text} for item in problems(*city)]
    assert found == _gold("beijing-2020h1.problems.jsonl")
