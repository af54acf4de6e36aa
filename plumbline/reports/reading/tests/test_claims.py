"""Each form of the genre on sentences of our own: what is read, and that it stands where it says."""

from decimal import Decimal

import pytest

from plumbline.kernel import Report
from plumbline.reports import read

HEAD = "关于临川区2021年国民经济和社会发展计划上半年执行情况的报告\n"


def report(results: str = "", measures: str = "", title: str = HEAD) -> Report:
    text = f"{title}一、上半年计划执行情况\n{results}\n二、下半年主要工作措施\n{measures}\n"
    return read(text.encode(), "我的报告.txt")


def said(sentence: str) -> list[tuple]:
    return [(str(c.value), c.unit, c.measure, c.bound, c.period) for c in report(sentence).claims]


H1 = "2021H1"
END = "@2021-06-30"


@pytest.mark.parametrize(("sentence", "expected"), [
    ("粮食总产量12.6万吨。", [("126000", "吨", "level", "=", H1)]),
    ("进出口总额3.24 万亿元，增长5.1%。", [("3240000000000", "元", "level", "=", H1), ("5.1", "%", "yoy", "=", H1)]),
    ("工业用电量１２．５亿千瓦时。", [("1250000000", "千瓦时", "level", "=", H1)]),
    ("一般公共预算收入38,426万元。", [("384260000", "元", "level", "=", H1)]),
    ("规上工业总产值2 220亿元。", [("222000000000", "元", "level", "=", H1)]),
    ("服务游客30余万人次。", [("300000", "人次", "level", ">", H1)]),
    ("近5万名职工参加培训。", [("50000", "人", "level", "<~", H1)]),
    ("建成停车位600多个。", [("600", "个", "level", ">", H1)]),
    ("供水管网漏损率控制在9%以内。", [("9", "%", "level", "<=", H1)]),
    ("绿地服务半径覆盖率不低于86%。", [("86", "%", "level", ">=", H1)]),
    ("社区食堂日均就餐约4000人。", [("4000", "人", "level", "~", H1)]),
    ("技术合同成交额突破90亿元。", [("9000000000", "元", "level", ">", H1)]),
    ("发放首批贷款35.5亿、惠及企业410家。", [("3550000000", "元", "level", "=", H1), ("410", "家", "level", "=", H1)]),
])
def test_amounts_units_and_bounds(sentence, expected):
    assert said(sentence) == expected


@pytest.mark.parametrize(("sentence", "expected"), [
    ("社会消费品零售总额120.4亿元，同比下降6.3%，较一季度收窄2.1个百分点。",
     [("12040000000", "元", "level"), ("-6.3", "%", "yoy"), ("2.1", "百分点", "diff")]),
    ("固定资产投资增长4.4%，增速比一季度回落1.5个百分点。", [("4.4", "%", "yoy"), ("-1.5", "百分点", "diff")]),
    ("出口下降9.2%，降幅较一季度扩大0.8个百分点。", [("-9.2", "%", "yoy"), ("-0.8", "百分点", "diff")]),
    ("居民收入增长5.5%，高于全市0.7个百分点。", [("5.5", "%", "yoy"), ("0.7", "百分点", "diff")]),
    ("城镇调查失业率4.9%，低于控制目标0.6个百分点。", [("4.9", "%", "level"), ("-0.6", "百分点", "diff")]),
    ("厨余垃圾分出量同比增长1.4倍。", [("140", "%", "yoy")]),
    ("夜间客流是上年同期的3倍。", [("3", "倍", "times")]),
    ("一般公共预算支出同比增加2.6亿元。", [("260000000", "元", "diff")]),
    ("税收减收1.8亿元。", [("-180000000", "元", "diff")]),
    ("细颗粒物浓度36微克/立方米，同比改善8%。", [("36", "微克/立方米", "level"), ("-8", "%", "yoy")]),
    ("企业开办平均用时压缩40%。", [("-40", "%", "diff")]),
    ("总量居全市第6位。", [("6", "位", "rank")]),
    ("完成年度计划的51.3%。", [("51.3", "%", "level")]),
    ("经济增速为-1.2%。", [("-1.2", "%", "yoy")]),
])
def test_measures_and_signs(sentence, expected):
    assert [(str(c.value), c.unit, c.measure) for c in report(sentence).claims] == expected


@pytest.mark.parametrize(("sentence", "periods"), [
    ("一季度新开工12个项目。", ["2021Q1"]),
    ("1-6月新开工12个项目。", [H1]),
    ("2-5月减免租金3000万元。", ["2021-02/2021-05"]),
    ("5月用电量增长8.8%。", ["2021-05"]),
    ("截至6月底，办理业务312笔，共计4.4亿元。", [END, END]),
    ("平台企业由年初30家降至4家。", ["@2021-01-01", END]),
    ("网上可办率由去年的88%提高到96%。", ["2020", END]),
    ("新开通充电桩520个、累计开通0.43万个。", [H1, END]),
    ("全年确定150个重点项目，其中政府投资60项，社会投资90项。", ["2021"] * 3),
    ("2020年新建公园3处。", ["2020"]),
    ("较一季度回升2.2个百分点。", [H1]),
])
def test_periods(sentence, periods):
    assert [c.period for c in report(sentence).claims] == periods


@pytest.mark.parametrize(("sentence", "expected"), [
    ("工业用电量2亿千瓦时，同比+4.5%。", [("level", "200000000"), ("yoy", "4.5")]),
    ("电价比年初下跌3%。", [("diff", "-3")]),
    ("客运量比2019年同期增长9.3%。", [("diff", "9.3")]),
    ("优良天数156天，增加7天。", [("level", "156"), ("diff", "7")]),
    ("用电量增幅由负转正，达到3.6%。", [("yoy", "3.6")]),
    ("位次较去年同期前移3位。", [("diff", "-3")]),
    ("人口自然增长率为6.3‰。", [("level", "6.3")]),
    ("增速分别高于全国、全市0.5、0.3个百分点。", [("diff", "0.5"), ("diff", "0.3")]),
    ("旅游收入翻了一番。", [("yoy", "100")]),
    ("超半数病例为主动筛查发现。", [("level", "50")]),
    ("三次产业结构由上年的4.1:40.2:55.7调整为3.9:39.6:56.5。",
     [("level", v) for v in ("4.1", "40.2", "55.7", "3.9", "39.6", "56.5")]),
    ("增长5.8%（两年平均增长4.1%），高于全市0.3个百分点。", [("yoy", "5.8"), ("yoy", "4.1"), ("diff", "0.3")]),
])
def test_comparisons_with_something_else(sentence, expected):
    assert [(c.measure, str(c.value)) for c in report(sentence).claims] == expected


@pytest.mark.parametrize(("sentence", "surfaces"), [
    ("2000万元以上项目开工15个。", ["15个"]),
    ("税收超亿元楼宇中，超10亿元2幢。", ["2幢"]),
    ("淘汰35蒸吨以下燃煤锅炉6台。", ["6台"]),
    ("第十四次全会提出一批举措，开启第二个百年。", []),
    ("60岁以上老年人参加体检3万人。", ["3万人"]),
    ("每万人发明专利拥有量12.3件。", ["12.3件"]),
    ("15分钟便民生活圈建成3个。", ["3个"]),
    ("提前45天投运。", ["45天"]),
])
def test_classes_and_grades_are_no_figures(sentence, surfaces):
    assert [c.surface for c in report(sentence).claims] == surfaces


def test_a_text_without_a_title_takes_its_year_from_what_it_says_or_its_name():
    told = read("2022年，全区新建公园3处。".encode(), "节选.txt").claims
    named = read("上半年，全区新建公园3处。".encode(), "某区2021年上半年.txt").claims
    silent = read("上半年，全区新建公园3处。".encode(), "节选.txt").claims
    assert [c.period for c in (*told, *named, *silent)] == ["2022", "2021H1", None]


def test_pairs_are_told_apart():
    found = report("诉求解决率、满意率由年初的70.1%和80.2%分别上升到75.3%和88.4%。").claims
    assert [(c.subject, str(c.value), c.period) for c in found] == [
        ("诉求解决率", "70.1", "@2021-01-01"), ("诉求满意率", "80.2", "@2021-01-01"),
        ("诉求解决率", "75.3", END), ("诉求满意率", "88.4", END)]


def test_growth_inherits_what_it_is_the_growth_of():
    level, growth, narrowing = report("房地产开发投资51亿元，同比下降3%，较一季度收窄1.2个百分点。").claims
    assert level.subject == growth.subject == "房地产开发投资"
    assert narrowing.subject.startswith("房地产开发投资")
    assert narrowing.reference == "一季度"


def test_a_list_of_two_kinds_shares_its_unit():
    found = report("上半年金融业、信息业增加值分别增长6.1%和9%，比一季度提高0.3个和2.5个百分点。").claims
    assert [(c.subject[:3], str(c.value), c.unit) for c in found] == [
        ("金融业", "6.1", "%"), ("信息业", "9", "%"), ("金融业", "0.3", "百分点"), ("信息业", "2.5", "百分点")]


@pytest.mark.parametrize("sentence", [
    "推进5G、P2P整治和PM2.5治理，升级4.0版平台。", "办好12345市民服务热线。", "出台2021年行动计划和“惠企12条”。",
    "16号线、3号楼和2期工程有序推进。", "开展24小时值守。", "第3届运动会筹备就绪。", "落实三年行动计划和“四个专班”。",
    "打好三大攻坚战，压实四方责任，完善五联机制。", "220千伏输电线路按期推进。", "（三）项目加快。1.投资。",
])
def test_names_and_dates_are_no_figures(sentence):
    assert [c.surface for c in report(sentence).claims if c.numeral is None] == []
    assert [c.surface for c in report(sentence).claims] == []


def test_numbers_in_characters_count_where_they_tell_something():
    found = report("设立四个专班，三项污染物浓度创历史同期最好水平。").claims
    assert [(str(c.value), c.unit, c.numeral) for c in found] == [
        ("4", "个", "zh"), ("3", "项", "zh"), ("1", "位", "zh")]


@pytest.mark.parametrize(("sentence", "expected"), [
    ("年底前新增充电桩800个。", ("800", "=", "2021", "2021")),
    ("8月底前完成60处点位整治。", ("60", "=", "2021", "2021-08-31")),
    ("确保应届毕业生就业率95%以上。", ("95", ">=", "2021", "2021")),
    ("力争推出2-3个示范街区。", ("2", "=", "2021", "2021")),
    ("到2025年建成公园20处。", ("20", "=", "2025", "2025")),
    ("综合担保费率降至1%以下。", ("1", "<=", "2021", "2021")),
])
def test_promises_have_a_deadline(sentence, expected):
    (claim,) = report(measures=sentence).claims
    assert (str(claim.value), claim.bound, claim.period, claim.deadline) == expected
    assert claim.modality == "target"


def test_a_range_keeps_both_ends():
    (claim,) = report(measures="建设500-800米风雨连廊。").claims
    assert (claim.value, claim.value2, claim.surface) == (Decimal(500), Decimal(800), "500-800米")


def test_a_ceiling_is_a_norm():
    (claim,) = report("最高给予企业每人3200元补贴。").claims
    assert (claim.modality, claim.bound, claim.unit) == ("limit", "<=", "元/人")


def test_a_sentence_broken_over_lines_is_one():
    text = HEAD + "一、上半年计划执行情况\n上半年，全区社会消费品零售总额完成了84.\n6亿元，同比增长\n3.3%，好于预期。\n"
    found = read(text.encode(), "a.txt").claims
    assert [(str(c.value), c.measure, c.para) for c in found] == [
        ("8460000000", "level", 3), ("3.3", "yoy", 5)]


def test_navigation_before_the_title_is_no_part_of_the_report():
    text = "首页 > 公开 > 2021年8月3日\n访问量：12345次\n" + HEAD + "一、上半年计划执行情况\n新建公园3处。\n"
    found = read(text.encode(), "a.txt")
    assert [c.surface for c in found.claims] == ["3处"]


def test_a_table_gives_a_claim_for_each_cell():
    text = HEAD + "指标\t单位\t预期目标\t上半年完成数\t增长%\n社会消费品零售总额\t亿元\t300\t150.2\t-1.4\n"
    found = read(text.encode(), "a.txt").claims
    assert [(c.subject, str(c.value), c.unit, c.measure, c.modality, c.period) for c in found] == [
        ("社会消费品零售总额", "30000000000", "元", "level", "target", "2021"),
        ("社会消费品零售总额", "15020000000", "元", "level", "actual", H1),
        ("社会消费品零售总额", "-1.4", "%", "yoy", "actual", H1)]


def test_precision_is_half_the_last_printed_digit():
    (claim,) = report("完成投资48.59亿元。").claims
    assert claim.tolerance == Decimal(500000)


def test_a_number_of_400_digits_is_said_and_not_read():
    found = report(f"完成投资{'7' * 400}亿元，新建公园3处。")
    assert [c.surface for c in found.claims] == ["3处"]
    assert [f.check for f in found.findings] == ["number.too_long"]
    assert "第3行" in found.findings[0].message


def test_parts_of_a_claim_stand_where_they_say():
    found = report("上半年，社会消费品零售总额达到约120.4亿元，同比下降6.3%。")
    level, growth = found.claims
    parts = {name: found.text[a:b] for name, (a, b) in level.spans.items()}
    assert parts == {
        "number": "120.4亿", "unit": "元", "subject": "社会消费品零售总额", "period": "上半年", "bound": "约"}
    assert found.text[slice(*growth.spans["comparison"])] == "同比下降"
