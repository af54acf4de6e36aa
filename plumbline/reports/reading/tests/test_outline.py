"""Headings, parts, periods and places of reports; every sentence here is invented."""

import pytest

from plumbline.reports.reading.normal import blocks
from plumbline.reports.reading.outline import Outline, outline

HALF = """\ufeff首页 > 信息公开 > 计划报告

关于北京市怀柔区2031年国民经济和
社会发展计划上半年执行情况的报告
日期:2031-09-02 来源:门户网站
——2031年8月20日在北京市怀柔区第九届人民代表大会
常务委员会第十次会议上
北京市怀柔区发展和改革委员会主任 李 山

主任、各位副主任、各位委员：
我受区人民政府委托，报告如下，请予审议。
一、上半年计划执行情况
上半年，全区财政收入21亿元，增长3%。
（一）产业稳步恢复，项目加快落地
工业企稳向好。规上工业产值31亿元。
投资持续增长。全区投资42亿元，
同比增长5%。
二、计划执行中存在的主要问题
一是财政收支压力较大。收入增长放缓。
三、努力完成全年计划的主要措施
做好下半年工作，意义重大。
（一）扩大有效投资
抓好项目建设。(1)年底前开工10个项目。(2)建成水厂。
此外，扎实编制规划。组织专题研究，形成规划初稿。

名词解释
1.两新一重：指三类建设。
附件1
指标\t单位\t完成数
"""

WORK = """政府工作报告
——2033年1月6日在青岭市第九届人民代表大会第二次会议上
青岭市人民政府市长　王磊
各位代表：
一、2032年工作回顾
——经济稳中有进。工业增加值增长5%。
我们也清醒地看到，发展还存在不少困难和问题：一是总量偏小；二是收支矛盾突出。
二、2033年总体要求和主要目标
地区生产总值增长6%左右。
三、2033年重点工作
1．抓项目建设。实施重点项目120个，6月底前全部开工。
2．抓招商引资，新引进项目30个以上；
四、加强自身建设
坚持依法行政，提高效能。
"""


def read(text: str) -> Outline:
    return outline(text, blocks(text))


def told(text: str) -> dict[str, tuple[int, bool, tuple[str, ...]]]:
    """Part, body and path of each block, by its first six characters."""
    found = outline(text, blocks(text))
    return {block.text[:6]: (found.parts[i], found.body[i], found.paths[i]) for i, block in enumerate(blocks(text))}


def test_head_of_a_half_year_report_says_all_of_itself():
    head = read(HALF).heading
    assert head.title == "关于北京市怀柔区2031年国民经济和社会发展计划上半年执行情况的报告"
    assert (head.kind, head.area, head.area_name, head.period) == ("plan half-year", "110116", "怀柔区", "2031H1")
    assert head.occasion == "2031年8月20日在北京市怀柔区第九届人民代表大会常务委员会第十次会议上"
    assert (head.delivered_on, head.speaker) == ("2031-08-20", "北京市怀柔区发展和改革委员会主任 李山")


def test_parts_follow_the_words_of_the_headings():
    parts = {key: part for key, (part, _, _) in told(HALF).items()}
    assert parts["我受区人民政"] == 0
    assert parts["工业企稳向好"] == 1
    assert parts["一是财政收支"] == 2
    assert parts["抓好项目建设"] == 3
    assert parts["1.两新一重"] == 4
    assert parts["指标\t单位\t"] == 0


def test_head_lines_and_headings_are_no_body():
    body = {key: body for key, (_, body, _) in told(HALF).items()}
    for line in ("首页>信息公", "关于北京市怀", "社会发展计划", "日期：203", "常务委员会第", "一、上半年计"):
        assert not body[line], line
    for line in ("主任、各位副", "工业企稳向好", "投资持续增长", "一是财政收支", "指标\t单位\t"):
        assert body[line], line


def test_salutation_is_no_section():
    titles = [section.title for section in read(HALF).sections]
    assert titles[:2] == ["一、上半年计划执行情况", "（一）产业稳步恢复，项目加快落地"]


def test_path_holds_part_section_and_theme():
    assert told(HALF)["抓好项目建设"][2] == ("三、努力完成全年计划的主要措施", "（一）扩大有效投资", "抓好项目建设")


def test_paragraph_that_adds_something_leaves_its_section():
    assert told(HALF)["此外，扎实编"][2] == ("三、努力完成全年计划的主要措施", "扎实编制规划")


def test_opening_of_a_part_with_sections_has_no_theme():
    assert told(HALF)["做好下半年工"][2] == ("三、努力完成全年计划的主要措施",)


@pytest.mark.parametrize(("level", "title"), [
    (1, "一、上半年计划执行情况"), (2, "（一）产业稳步恢复，项目加快落地"), (5, "工业企稳向好"),
])
def test_sections_span_their_words(level, title):
    section = next(section for section in read(HALF).sections if section.title == title)
    assert section.level == level
    assert HALF[section.start:section.end].rstrip("。") == title
    assert HALF.split("\n")[section.para - 1].startswith(title)


def test_half_year_is_the_default_period_and_targets_fall_in_its_year():
    found = read(HALF)
    assert (found.year, found.default, found.plan_year) == (2031, "2031H1", 2031)


def test_work_report_looks_back_one_year_and_ahead_one():
    found = read(WORK)
    assert (found.heading.kind, found.heading.area_name) == ("work", "青岭市")
    assert (found.year, found.default, found.plan_year) == (2032, "2032", 2033)


def test_problems_named_among_results_are_problems():
    parts = {key: part for key, (part, _, _) in told(WORK).items()}
    assert (parts["--经济稳中"], parts["我们也清醒地"], parts["地区生产总值"]) == (1, 2, 3)


def test_heading_without_a_word_of_its_own_stays_in_the_part_before():
    assert told(WORK)["坚持依法行政"][0] == 3


def test_item_of_a_list_is_not_below_the_item_before():
    assert told(WORK)["2.抓招商引"][2] == ("三、2033年重点工作",)


@pytest.mark.parametrize(("title", "kind", "period", "plan_year"), [

    ("关于青岭市2030年国民经济和社会发展计划执行情况与2031年国民经济和社会发展计划草案的报告",
     "plan year", "2030", 2031),
    ("临河县2030年前三季度国民经济和社会发展计划执行情况的报告", "plan", "2030-01/2030-09", 2030),
    ("关于临河县2030年一季度国民经济和社会发展计划执行情况的报告", "plan", "2030Q1", 2030),
    ("青岭市2030年1-8月经济运行情况", "statistics", "2030-01/2030-08", 2030),
    ("关于青岭市2030年上半年财政预算执行情况的报告", "budget", "2030H1", 2030),
    ("青岭市2030年国民经济和社会发展统计公报", "statistics", "2030", 2030),
    ("青岭市2030年国民经济和社会发展计划主要指标上半年完成情况表", "plan half-year", "2030H1", 2030),
])
def test_title_gives_kind_and_period(title, kind, period, plan_year):
    found = read(f"{title}\n一、总体情况\n全市财政收入21亿元。\n")
    assert (found.heading.kind, found.heading.period, found.plan_year) == (kind, period, plan_year)


def test_title_broken_before_the_second_year_is_one_title():
    title = "关于2030年国民经济和社会发展计划执行情况与\n2031年国民经济和社会发展计划草案的报告\n"
    head = read(f"{title}南浦区发展和改革局\n各位代表：\n").heading
    assert head.title.startswith("关于2030年")
    assert (head.area_name, head.speaker) == ("南浦区", "南浦区发展和改革局")


def test_district_of_another_city_has_no_code_of_ours():
    head = read("关于青岭市朝阳区2030年国民经济和社会发展计划上半年执行情况的报告\n一、情况\n").heading
    assert (head.area, head.area_name) == (None, "青岭市朝阳区")


def test_day_given_alone_in_brackets_is_no_occasion():
    title = "关于青岭市2030年上半年财政预算执行情况的报告\n"
    head = read(f"{title}青岭市财政局局长 王明\n（2030年7月29日）\n一、情况\n").heading
    assert (head.delivered_on, head.occasion, head.speaker) == ("2030-07-29", None, "青岭市财政局局长 王明")


def test_heading_that_runs_in_leaves_its_body():
    text = "一、上半年情况\n（一）狠抓投资，后劲增强。全年实施项目186个。\n1.农业。夏粮播种21万亩。\n"
    found = read(text)
    assert found.body == (False, True, True)
    assert found.paths[2] == ("一、上半年情况", "（一）狠抓投资，后劲增强", "1.农业")
    assert blocks(text)[1].text[found.opens[1].end:] == "全年实施项目186个。"


def test_numbered_sentence_with_figures_is_no_heading():
    found = read("一、上半年情况\n（一）上半年全市完成投资86亿元，增长9%。税收12亿元。\n")
    assert found.body[1]
    assert found.sections[1].title == "（一）"


def test_list_of_sectors_is_no_heading():
    found = read("上半年运行平稳。\n一、二、三产业增加值分别增长1%、2%和3%。\n")
    assert found.sections == ()


def test_chapters_push_the_smaller_headings_down():
    first = "第一部分 前三季度运行情况\n一、主要指标\n全县投资80亿元。\n"
    found = read(f"{first}第二部分 下一步打算\n（一）加快建设。投资10亿元。\n")
    assert [section.level for section in found.sections] == [1, 2, 1, 3]
    assert found.parts == (1, 1, 1, 3, 3)


def test_headings_without_numbers_are_known_by_their_words():
    text = "上半年经济运行情况\n上半年，全区投资30亿元。\n存在的主要问题\n压力仍然较大。\n下半年工作安排\n加快建设。\n"
    assert read(text).parts == (1, 1, 2, 2, 3, 3)


def test_excerpt_that_begins_before_the_problems_begins_with_results():
    assert read("（三）改善民生。上半年就业3200人。\n二、存在的主要问题\n一是投资不足。\n").parts == (1, 2, 2)


def test_excerpt_without_title_guesses_the_period_from_its_words():
    found = read("上半年，全区投资120亿元。1-6月，零售额238亿元。2031年新增就业2万人。")
    assert (found.year, found.default, found.heading.period) == (2031, "2031H1", None)


def test_excerpt_without_a_year_has_no_period():
    found = read("上半年，全区投资120亿元。")
    assert (found.year, found.default, found.plan_year, found.parts) == (None, None, None, (0,))


def test_empty_text_has_an_empty_outline():
    found = read("\n \n")
    assert (found.sections, found.parts, found.heading.title) == ((), (), "")
