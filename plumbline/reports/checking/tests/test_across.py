"""Two invented reports, of an invented city and a district of it."""

import pytest

from plumbline.kernel import Report
from plumbline.reports.checking import check
from plumbline.reports.reading.reader import read

HEAD = "关于{}2020年国民经济和社会发展计划上半年执行情况的报告\n——2020年8月3日在{}人大常委会会议上\n"
RESULTS = "一、上半年计划执行情况\n{}\n"
MEASURES = "二、需要关注的主要问题\n消费恢复较慢。\n三、下半年主要工作措施\n{}\n"


def made(area: str, results: str, measures: str = "加强统筹。") -> Report:
    text = HEAD.format(area, area) + RESULTS.format(results) + MEASURES.format(measures)
    return read(text.encode(), f"{area}.txt")


def across(city: str, district: str, city_measures: str = "加强统筹。", measures: str = "加强统筹。") -> list[str]:
    found = check(made("云溪区", district, measures), made("示例市", city, city_measures))
    return [each.verdict for each in found if each.kind == "across"]


@pytest.mark.parametrize(("growth", "verdict"), [("2.1", "agrees"), ("2.2", "cannot tell"), ("2.9", "differs")])
def test_a_stated_distance_from_the_city_is_held_against_the_city(growth, verdict):
    found = check(
        made("云溪区", "上半年，居民人均可支配收入21204元，同比增长3.4%，高于全市1.3个百分点。"),
        made("示例市", f"上半年，居民人均可支配收入增长{growth}%。"))
    assert [each.verdict for each in found if "与全市相差" in each.why and each.kind == "across"] == [verdict]


def test_a_stated_distance_gives_the_city_where_its_report_is_silent():
    assert across("上半年固定资产投资下降1.5%。", "上半年，居民收入增长3.4%，高于全市1.3个百分点。") == ["cannot tell"]


@pytest.mark.parametrize(("amount", "verdict"), [("48.59", "agrees"), ("3048.59", "differs")])
def test_a_district_is_no_larger_than_its_city(amount, verdict):
    city = "上半年，一般公共预算收入2823.6亿元。"
    assert across(city, f"上半年，一般公共预算收入{amount}亿元。") == [verdict]


def test_a_rate_of_city_and_district_may_differ():
    assert across("上半年，PM2.5累计浓度43微克/立方米。", "上半年，细颗粒物平均浓度44微克/立方米。") == ["cannot tell"]


@pytest.mark.parametrize(("share", "verdict"), [("120", "agrees"), ("1120", "differs")])
def test_a_share_of_a_target_is_no_larger_than_the_target(share, verdict):
    assert across("工作平稳。", "工作平稳。", "全年建设提升便民商业网点1000个。",
                  f"确保全年建设提升便民商业网点{share}个。") == [verdict]


@pytest.mark.parametrize(("city", "district", "verdict"), [
    ("推动云河路西延实现通车。", "确保云河路西延年底竣工。", "agrees"),
    ("石湾湿地9月底开园。", "加快石湾湿地建设，确保9月底实现开园。", "agrees"),
    ("石湾湿地9月底开园。", "加快石湾湿地建设，确保8月底实现开园。", "differs"),
    ("石湾湿地开园。", "加快石湾湿地建设，确保8月底实现开园。", "cannot tell"),
])
def test_a_named_project_is_known_in_other_words(city, district, verdict):
    assert across("工作平稳。", "工作平稳。", city, district) == [verdict]


def test_projects_of_other_names_are_not_held_together():
    assert across("工作平稳。", "工作平稳。", "推动重点工程项目年底竣工。", "确保重点项目建设工程9月底竣工。") == []


@pytest.mark.parametrize(("again", "verdict"), [("2.96", "agrees"), ("2.95", "differs"), ("3.0", "cannot tell")])
def test_one_figure_printed_twice_is_held_against_itself(again, verdict):
    text = f"1-6月，城镇登记失业率2.96%。\n截至6月底，城镇登记失业率上升至{again}%，压力加大。"
    assert [each.verdict for each in check(made("云溪区", text)) if "两处" in each.why] == [verdict]


def test_two_values_that_are_no_slip_of_a_digit_are_two_figures():
    text = "1-6月，城镇登记失业率2.96%。\n截至6月底，城镇登记失业率上升至3.15%，压力加大。"
    assert [each for each in check(made("云溪区", text)) if "两处" in each.why] == []


def test_promise_and_result_are_not_one_figure():
    found = check(made("云溪区", "上半年固定资产投资增长9.2%。", "全年固定资产投资增长9.5%。"))
    assert found == []


@pytest.mark.parametrize(("third", "verdict"), [("175.79", "agrees"), ("175.78", "cannot tell"), ("195.79", "differs")])
def test_three_industries_make_the_gross_product_in_a_table_too(third, verdict):
    table = "附表\n云溪区2022年主要指标上半年完成情况表\n指标\t单位\t上半年完成数\t同比增长%\n" \
        "地区生产总值\t亿元\t386.42\t5.8\n其中：第一产业增加值\t亿元\t41.7\t4.3\n" \
        f"第二产业增加值\t亿元\t168.93\t6.9\n第三产业增加值\t亿元\t{third}\t5.2\n"
    found = check(read(table.encode(), "表.txt"))
    assert [each.verdict for each in found if each.kind == "identity"] == [verdict]


@pytest.mark.parametrize(("target", "verdict"), [("3.5", "agrees"), ("4.5", "differs")])
def test_a_printed_target_settles_the_distance_from_it(target, verdict):
    found = check(made("云溪区", "上半年城镇登记失业率2.96%，低于控制目标0.54个百分点。",
                       f"城镇登记失业率控制在{target}%以内。"))
    assert [each.verdict for each in found if each.kind == "difference"] == [verdict]


def test_statements_of_one_report_stand_in_the_order_of_the_text():
    found = check(made("云溪区", "收入5亿元，同比增长3%。产值下降3.7%、降幅比一季度收窄1.1个百分点。"))
    starts = [(each.places[0].para, each.places[0].start) for each in found]
    assert starts == sorted(starts)
