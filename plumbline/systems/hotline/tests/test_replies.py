"""The quality of replies: answered, in time, complete."""

from datetime import date

from plumbline.systems.hotline.replies import quality

ASKED = "请问模拟路南口的路灯什么时候修好，晚上很黑，老人不敢出门"
GOOD = ("您好，您反映的模拟路南口路灯一事，模拟街道城管科经现场核实，3盏灯线路老化。根据《模拟区照明设施维护办法》，"
        "已于6月12日完成更换。如仍不亮，请拨打 010-12345678。感谢您的监督。")


def found(told, key):
    return next(check for check in told.checks if check.key == key)


def test_reply_that_says_everything_is_good():
    told = quality(ASKED, GOOD, date(2020, 6, 10), date(2020, 6, 12), date(2020, 6, 17))
    assert told.answers is True
    assert told.complete
    assert told.good is True
    assert found(told, "in_time").why == "在时限内答复（收到后第2天）。"


def test_passing_on_is_no_answer():
    told = quality(ASKED, "您好，您的来信已收悉。已转交有关单位，将及时回复。感谢您的支持。")
    assert told.answers is False
    assert told.missing[0] == "只说已收到或已转交，没有说结果；请写明核实到的情况和结果。"


def test_reply_to_another_question_is_noticed():
    other = "经核实，幼儿园入园登记于8月1日开始，请携带户口簿到区教委办理，电话 010-87654321，依据当年招生政策。"
    assert quality(ASKED, other).answers is False


def test_nothing_said_is_no_answer_and_lists_what_is_missing():
    told = quality(ASKED, "")
    assert told.answers is False
    assert not told.complete
    assert told.missing == (
        "没有答复。", "请写明承办单位。", "请写明依据的规定或政策。", "请写明核实到的情况和采取的措施。",
        "请写明什么时候办完。", "请写明联系电话。")


def test_a_reply_after_its_hour_on_the_last_day_is_late():
    day = date(2020, 6, 10)
    assert [(found(quality(ASKED, GOOD, day, day, day, late), "in_time").holds,
             found(quality(ASKED, GOOD, day, day, day, late), "in_time").why) for late in (None, False, True)] == [
        (True, "在时限内答复（收到当天）。")] * 2 + [(False, "超过时限，不到 1 天（收到当天）。")]


def test_unknown_limit_is_not_in_time_and_not_late():
    told = quality(ASKED, GOOD)
    assert told.in_time is None
    assert told.good is None


def test_late_by_days():
    told = quality(ASKED, GOOD, date(2020, 6, 10), date(2020, 6, 20), date(2020, 6, 17))
    assert told.in_time is False
    assert found(told, "in_time").why == "超过时限 3 天（收到后第10天）。"
    assert told.good is False


def test_question_without_words_cannot_be_judged():
    assert quality("？", GOOD).answers is None


def test_a_reply_of_the_same_day_says_so():
    told = quality("路灯坏了三天", "路灯已修好。", date(2020, 6, 1), date(2020, 6, 1), date(2020, 6, 8))
    assert told.checks[1].why == "在时限内答复（收到当天）。"
