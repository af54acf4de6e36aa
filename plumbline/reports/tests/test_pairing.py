"""Which promise is paired with which report, and which must never be."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from plumbline.reports.pairing import answers, pairings, shares
from plumbline.reports.tests.made import claim, plan, promised, report


def pairs(*rows, **more):
    made = report(*rows, **more)
    by_number = {one.number: one.surface for one in made.claims}
    return [(by_number[one.left], by_number[one.right]) for one in pairings(made)]


def only(*rows, **more):
    made = pairings(report(*rows, **more))
    assert len(made) == 1
    return made[0]


def test_other_word_order_is_the_same_thing():
    assert pairs(
        claim("上半年，一般制造业企业退出17家，腾退土地5.5公顷。", "17家", "一般制造业企业退出", "17", "家"),
        promised("全年退出一般制造业企业20家。", "20家", "退出一般制造业企业", "20", "家"),
    ) == [("20家", "17家")]


def test_each_grade_goes_to_its_own():
    line = "完成6处二级堵点、31处三级堵点治理。"
    goal = "加强集市路口等2处一级堵点治理，完成15处二级堵点、44处三级堵点治理。"
    assert pairs(
        claim(line, "6处", "二级堵点", "6", "处"), claim(line, "31处", "三级堵点治理", "31", "处"),
        promised(goal, "2处", "一级堵点治理", "2", "处"), promised(goal, "15处", "二级堵点", "15", "处"),
        promised(goal, "44处", "三级堵点治理", "44", "处"),
    ) == [("15处", "6处"), ("44处", "31处")]


def test_new_goes_to_new_and_not_to_the_stock():
    line = "新开通5G基站120个、累计开通900个。"
    assert pairs(
        claim(line, "120个", "新开通5G基站", "120", "个"),
        claim(line, "900个", "5G基站累计开通", "900", "个", period="@2030-06-30"),
        promised("年底前新增5G基站300个。", "300个", "新增5G基站", "300", "个"),
    ) == [("300个", "120个")]


def test_stock_alone_is_no_progress_of_what_is_new():
    assert pairs(
        claim("5G基站累计开通900个。", "900个", "5G基站累计开通", "900", "个", period="@2030-06-30"),
        promised("年底前新增5G基站300个。", "300个", "新增5G基站", "300", "个"),
    ) == []


def test_new_ones_are_no_progress_of_a_stock():
    assert pairs(
        claim("新认定高新技术企业42家。", "42家", "新认定高新技术企业", "42", "家"),
        promised("高新技术企业累计突破500家。", "500家", "高新技术企业", "500", "家")) == []


def test_both_readings_are_said_where_the_words_allow_both():
    found = only(
        claim("新开通5G基站120个。", "120个", "新开通5G基站", "120", "个"),
        promised("年底前新增5G基站300个。", "300个", "新增5G基站", "300", "个"))
    assert found.on_top is None
    assert "按全年数，已完成40.0%" in found.reason
    assert "合计420个，已完成28.6%" in found.reason


def test_what_remains_comes_on_top():
    found = only(
        claim("推动出台营商环境条例，落实12项配套任务措施。", "12项", "落实配套任务措施", "12", "项"),
        promised("加快落实营商环境条例剩余8项配套任务措施。", "8项", "落实营商环境条例剩余配套任务措施", "8", "项"))
    assert found.on_top is True
    assert "已完成60.0%" in found.reason


def test_a_promise_of_the_second_half_comes_on_top():
    assert only(
        claim("改造老旧小区5个。", "5个", "改造老旧小区", "5", "个"),
        promised("改造老旧小区9个。", "9个", "改造老旧小区", "9", "个", period="2030H2")).on_top is True


def test_a_promise_of_the_whole_year_counts_what_is_done():
    found = only(
        claim("改造老旧小区5个。", "5个", "改造老旧小区", "5", "个"),
        promised("全年改造老旧小区9个。", "9个", "改造老旧小区", "9", "个"))
    assert found.on_top is False
    assert "已完成55.6%" in found.reason


def test_growth_is_held_against_growth_and_never_adds_up():
    line = "地区生产总值210.5亿元，增长4.2%。"
    goal = "确保地区生产总值增长5%左右。"
    found = only(
        claim(line, "210.5亿元", "地区生产总值", "21050000000", "元"),
        claim(line, "4.2%", "地区生产总值", "4.2", "%", measure="yoy"),
        promised(goal, "5%", "GDP", "5", "%", measure="yoy", bound="~"))
    assert (found.left, found.right, found.on_top) == (3, 2, False)
    assert "不累加" in found.reason


def test_growth_printed_as_a_rate_is_growth():
    assert pairs(
        claim("规上工业增加值增长3%。", "3%", "规上工业增加值", "3", "%", measure="yoy"),
        promised("规模以上工业增加值增速回升至4%。", "4%", "规模以上工业增加值增速", "4", "%"),
    ) == [("4%", "3%")]


@pytest.mark.parametrize(("done", "goal", "unit", "more"), [
    ("城镇登记失业率", "城镇登记失业人员就业率", "%", {}),
    ("一般公共预算收入", "一般公共预算支出", "%", {"measure": "yoy"}),
    ("城镇居民人均可支配收入", "农村居民人均可支配收入", "%", {"measure": "yoy"}),
    ("规上工业总产值", "规上工业增加值", "%", {"measure": "yoy"}),
    ("单位GDP能耗", "地区生产总值", "%", {"measure": "yoy"}),
    ("工业投资", "固定资产投资", "%", {"measure": "yoy"}),
    ("规上工业企业R&D费用占营收比重", "R&D经费占GDP比重", "%", {}),
    ("固定资产投资完成年度目标比例", "固定资产投资占生产总值比例", "%", {}),
    ("签约亿元以上产业项目", "新开工亿元以上产业项目", "个", {}),
    ("推进公交示范走廊建设", "公交大客流走廊", "条", {}),
    ("外贸进口", "外贸出口", "元", {}),
    ("第一批应用场景项目", "第二批应用场景项目", "项", {}),
    ("开工建设扶贫项目", "储备产业项目", "个", {}),
    ("医疗床位", "研究型病房床位", "张", {}),
    ("专精特新“小巨人”企业", "“小升规”企业", "家", {}),
    ("建设工程", "实施工程", "项", {}),
])
def test_alike_words_of_different_things_are_not_paired(done, goal, unit, more):
    assert pairs(
        claim(f"{done}3.1{unit}。", f"3.1{unit}", done, "3.1", unit, **more),
        promised(f"{goal}4.5{unit}。", f"4.5{unit}", goal, "4.5", unit, **more)) == []


def test_another_unit_is_another_thing():
    assert pairs(
        claim("改造老旧小区5万平方米。", "5万平方米", "改造老旧小区", "50000", "平方米"),
        promised("改造老旧小区9个。", "9个", "改造老旧小区", "9", "个")) == []


def test_last_year_is_no_progress_of_next_year():
    assert pairs(
        claim("新增学位1200个。", "1200个", "新增学位", "1200", "个", period="2029"),
        promised("新增学位2400个。", "2400个", "新增学位", "2400", "个"), period="2029") == []


def test_a_count_said_twice_is_no_progress():
    assert pairs(
        claim("建立包含18个项目的开放项目库。", "18个", "开放项目库项目", "18", "个"),
        promised("加快18个开放项目库项目进展。", "18个", "开放项目库项目", "18", "个")) == []


def test_two_places_are_two_things():
    assert pairs(
        claim("北湖科学城建设实验装置5个。", "5个", "实验装置", "5", "个", place="北湖科学城"),
        promised("南山科学城建设实验装置7个。", "7个", "实验装置", "7", "个", place="南山科学城")) == []


def test_the_whole_time_comes_before_a_month():
    assert pairs(
        claim("6月新增就业30人。", "30人", "城镇新增就业", "30", "人", period="2030-06"),
        claim("上半年新增就业200人。", "200人", "城镇新增就业", "200", "人"),
        promised("城镇新增就业400人。", "400人", "城镇新增就业", "400", "人")) == [("400人", "200人")]


def test_a_reason_names_words_units_and_both_numbers():
    reason = only(
        claim("建设提升便民商业网点64个。", "64个", "建设提升便民商业网点", "64", "个"),
        promised("全年建设提升便民商业网点100个。", "100个", "建设提升便民商业网点", "100", "个")).reason
    assert all(word in reason for word in ("便民商业网点", "100个", "64个", "单位同为“个”"))
    assert len(reason) <= 300


def city(*rows):
    return report(*rows, area="示例市")


def test_a_district_promises_its_part():
    whole = city(promised("全市新增5G基站1.3万个。", "1.3万个", "新增5G基站", "13000", "个", place="示例市"))
    part = report(promised("全年完成5G基站建设1024个。", "1024个", "5G基站建设", "1024", "个"))
    found = shares(whole, part)
    assert [(one.left, one.right) for one in found] == [(1, 1)]
    assert "占7.9%" in found[0].reason


def test_outlets_are_counted_in_two_measure_words():
    whole = city(
        promised("建设提升便民商业网点1000个。", "1000个", "建设提升便民商业网点", "1000", "个", place="示例市"))
    part = report(promised("建设提升基本便民商业网点120家。", "120家", "建设提升基本便民商业网点", "120", "家"))
    assert len(shares(whole, part)) == 1


@pytest.mark.parametrize(("value", "unit", "subject", "more"), [
    ("1400", "个", "新增5G基站", {}),
    ("95", "%", "5G基站覆盖率", {}),
    ("120", "个", "新增5G基站", {"period": "2031", "deadline": "2031"}),
    ("120", "个", "充电桩", {}),
])
def test_no_part_of_the_city(value, unit, subject, more):
    whole = city(promised("新增5G基站1000个。", "1000个", "新增5G基站", "1000", "个", place="示例市"))
    part = report(promised(f"{subject}{value}{unit}。", f"{value}{unit}", subject, value, unit, **more))
    assert shares(whole, part) == []


MEASURES = [
    ("精准帮扶困难企业", "制定餐饮住宿、旅游会展行业帮扶措施。"),
    ("精准帮扶困难企业", "将小微企业融资担保费率降下来。"),
    ("牢牢兜住就业底线", "促进高校毕业生就业，开发见习岗位。"),
    ("牢牢兜住就业底线", "加强困难人员再就业援助。"),
    ("持续加强污染防治", "强化工地扬尘管控。"),
]


def test_a_problem_finds_the_measures_that_share_its_words():
    found = answers(plan(["疫情对就业影响逐步显现。高校毕业生就业面临压力，困难人员再就业难度加大。"], MEASURES))
    assert {one.right for one in found} == {3, 4}
    assert "就业" in found[0].reason


def test_a_problem_with_nothing_near_stays_without():
    assert answers(plan(["农村水利设施老化。灌区渠系年久失修。"], MEASURES)) == []


def test_what_caused_a_problem_is_not_what_must_be_answered():
    measures = [*MEASURES, ("严格落实疫情防控", "做好疫情防控，压实责任。")]
    assert answers(plan(["疫情防控暴露出的短板需要补齐。农村水利设施老化。"], measures)) == []


def test_a_report_without_promises_has_nothing_to_pair():
    assert pairs(claim("新增学位1200个。", "1200个", "新增学位", "1200", "个")) == []
    assert pairings(report()) == []
    assert answers(report()) == []
    assert shares(report(), report()) == []


WORDS = some.sampled_from((
    "新增", "剩余", "全年", "5G", "基站", "一级", "二级", "堵点", "企业", "城镇", "就业率", "“甲”", ""))
ROW = some.tuples(
    some.lists(WORDS, min_size=1, max_size=4).map("".join), some.decimals(-1000, 1000, places=1), some.booleans(),
    some.sampled_from(("个", "家", "%", "元", "微克/立方米")), some.sampled_from(("level", "yoy", "diff", "rank")),
    some.sampled_from((None, "2030", "2030H1", "@2030-06-30", "2030H2", "2029")))


def made_of(rows):
    made = []
    for index, (subject, value, goal, unit, measure, period) in enumerate(rows):
        one = promised if goal else claim
        surface = f"{value}{unit}"
        sentence = f"{index}、{subject}{surface}。"
        made.append(one(sentence, surface, subject, str(value), unit, measure=measure, period=period))
    return report(*made)


@given(some.lists(ROW, max_size=12))
def test_whatever_is_proposed_fits(rows):
    made = made_of(rows)
    by_number = {one.number: one for one in made.claims}
    found = pairings(made)
    assert len({one.left for one in found}) == len(found)
    for one in found:
        left, right = by_number[one.left], by_number[one.right]
        assert (left.modality, right.modality) == ("target", "actual")
        assert 0 < one.score <= 1
        assert 0 < len(one.reason) <= 300
        assert "%" not in (left.unit, right.unit) or left.unit == right.unit
        assert one.on_top is False or left.measure == "level"


@given(some.lists(ROW, max_size=8), some.lists(ROW, max_size=8))
def test_a_part_is_never_more_than_the_whole(city_rows, district_rows):
    whole, part = made_of(city_rows), made_of(district_rows)
    values = [{one.number: one.value for one in made.claims} for made in (whole, part)]
    for one in shares(whole, part):
        assert Decimal(0) < values[1][one.right] <= values[0][one.left]
