"""Settings of orders: kinds drawn, clocks in words, parameters by date with their history, working days, each as a form."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from plumbline.store.models import Declaration, Entry
from plumbline.web.orders.drawing import LOW, WIDE, drawing
from plumbline.web.orders.tests.district import district, page, refused, sent, told

pytestmark = pytest.mark.django_db
KIND, LIMIT = "small.matter", "small.reply.usual"
WHY = "按新的办法"


@pytest.fixture
def world(settings):
    return district(settings)


def test_a_kind_is_drawn_with_no_line_through_a_box_and_no_two_on_one_track(world, settings):
    kind = settings.CATALOG.orders[KIND]
    drawn = drawing(kind)
    assert [box.label for box in drawn.boxes] == [state.label for state in kind.states.values()]
    left, right = drawn.boxes[0].x, drawn.boxes[0].x + WIDE
    assert all(line.x < left or line.x > right for line in drawn.lines)
    assert all(below.y >= above.y + above.height for above, below in zip(drawn.boxes, drawn.boxes[1:], strict=False))
    assert all(0 < line.x < drawn.width for line in drawn.lines)
    assert all(box.height >= LOW for box in drawn.boxes)
    ends = [(one.path.split(" V")[0], one.path.rsplit(" V", 1)[1]) for one in drawn.lines]
    assert len(set(ends)) == len(ends)
    assert {words for line in drawn.lines for words in line.words.split("、")} == {
        "派单", "退单", "同意退单", "退回首接", "挂起", "恢复", "答复", "回访", "重办", "撤回"}


def test_a_kind_tells_its_clocks_in_words_with_what_they_give_and_whom_they_tell(world):
    clock = told(world.leader, "order-kind", KIND)["clocks"][0]
    assert (clock["label"], clock["how"]) == ("办理时限", "次日起算，末日24时，转派后继续计时，重新办理后重新计时")
    assert clock["limits"] == [{"case": LIMIT, "words": "5个工作日", "key": LIMIT},
                               {"case": "small.reply.soon", "words": "24小时", "key": "small.reply.soon"}]
    assert clock["levels"] == ["将超期：用去80%时告诉承办单位", "已超期：到期时告诉承办单位、派单员"]
    html = page(world.leader, "order-kind", KIND).content.decode()
    assert "修改限" not in html
    assert 'name="why"' not in html


def test_a_planner_of_the_city_calls_a_state_otherwise_and_the_version_before_is_kept(world):
    shown = told(world.city, "order-kind", KIND)
    answer = sent(world.city, "order-kind", KIND, **{
        "label": "事项", "states.given.label": "正在办", "clocks.reply.begins": "moment", "why": WHY, "version": 0})
    assert answer.status_code == 302, answer.content.decode()
    now = told(world.city, "order-kind", KIND)
    assert [state[0] for state in now["states"]][1] == "正在办"
    assert shown["states"][1][0] == "办理中"
    assert now["clocks"][0]["how"].startswith("即时起算")
    assert [(one["version"], one["by"], one["why"]) for one in now["history"]] == [(1, "city", WHY)]


def test_what_was_typed_of_a_kind_stays_where_it_is_refused(world):
    said = refused(world.city, 400, "order-kind", KIND, **{"states.given.label": "正在办", "why": "", "version": 0})
    assert 'value="正在办"' in said
    assert "理由" in said
    said = refused(world.city, 409, "order-kind", KIND, **{"states.given.label": "正在办", "why": WHY, "version": 3})
    assert 'value="正在办"' in said


@pytest.mark.parametrize("who", ["planner", "dispatcher", "leader", "holder"])
def test_only_a_planner_of_the_city_changes_settings(world, who):
    user = getattr(world, who)
    today = timezone.localdate().isoformat()
    refused(user, 403, "order-kind", KIND, label="别的", why=WHY, version=0)
    refused(user, 403, "parameter", LIMIT, since=today, value="9", source="示例", why=WHY, version=0)
    refused(user, 403, "years", year="2027", off="2027-01-01 元旦", extra="", source="示例", why=WHY, version=0)


def test_a_parameter_is_found_by_its_whole_key_and_says_which_clock_uses_it(world):
    (row,) = told(world.city, "parameters", q=LIMIT)["list"]["rows"]
    assert (row["key"], row["value"], row["since"]) == (LIMIT, "5工作日", "2020-01-01")
    assert row["used"] == "事项·办理时限、协办·到场时限"
    assert page(world.city, "parameter", LIMIT).status_code == 200
    assert page(world.city, "parameter", "reply.usual").status_code == 404
    assert page(world.city, "parameters-csv", q=LIMIT).getvalue().decode("utf-8-sig").splitlines()[1].startswith(LIMIT)


def test_a_new_value_stands_from_its_day_on_and_the_old_one_is_kept(world):
    since = timezone.localdate() + timedelta(days=30)
    typed = {"since": since.isoformat(), "value": "3", "source": "示例办法第二条", "why": WHY, "version": 0}
    assert sent(world.city, "parameter", LIMIT, **typed).status_code == 302
    shown = told(world.city, "parameter", LIMIT)
    assert [(one["since"], one["value"], one["state"]) for one in shown["values"]] == [
        (since.isoformat(), "3工作日", "将生效"), ("2020-01-01", "5工作日", "现行")]
    assert [(one["by"], one["why"]) for one in shown["history"]] == [("city", WHY)]
    assert told(world.city, "parameters", q=LIMIT)["list"]["rows"][0]["next"] == f"{since} 起 3工作日"
    assert Entry.objects.filter(action="parameter.change", key=LIMIT, why=WHY).count() == 1


def test_a_value_that_is_none_is_refused_and_stays_in_the_form(world):
    said = refused(world.city, 400, "parameter", LIMIT, since="明天", value="三", source="", why=WHY, version=0)
    assert 'value="三"' in said
    for words in ("不是日期；请写作 2020-12-31", "不是数；请写数字", "请写明依据的文件和条款"):
        assert words in said


def test_a_year_is_told_by_spans_and_counted(world):
    shown = told(world.city, "years", year="2024")
    row = next(one for one in told(world.city, "years")["years"] if not one["known"])
    assert (row["source"], row["off"]) == ("尚未公布，按周一至周五推算", "")
    assert shown["year"] == 2024
    assert "2024-02-10 春节" in shown["fields"]["off"]


def test_a_year_an_official_tells_counts_from_then_on(world):
    year = told(world.city, "years")["year"]
    typed = {"year": year, "off": f"{year}-10-01至{year}-10-03 国庆节", "source": "示例通知", "why": WHY, "version": 0}
    assert sent(world.city, "years", **typed).status_code == 302
    row = next(one for one in told(world.city, "years")["years"] if one["year"] == year)
    assert (row["known"], row["off"], row["source"]) == (True, "国庆节 10月1日—3日", "示例通知")
    assert Declaration.objects.filter(key=f"calendar.{year}").count() == 1
    assert date(year, 10, 1).isoformat() in told(world.city, "years", year=year)["fields"]["off"]


def test_settings_are_closed_to_a_deputy_and_hidden_from_an_office(world):
    for name, more in (("order-settings", ()), ("order-kind", (KIND,)), ("parameters", ()), ("years", ())):
        assert page(world.deputy, name, *more).status_code == 404
    html = page(world.holder, "orders").content.decode()
    assert 'href="/orders/settings/"' not in html
    assert 'href="/orders/board/"' not in html
