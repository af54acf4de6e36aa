"""The pages of tasks: give, split, move, return, meet, rank; strangers see nothing."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import ZONE
from plumbline.store import people
from plumbline.store.models import Office, Order, Target
from plumbline.store.tests import made
from plumbline.systems.programmes import returns
from plumbline.systems.programmes.return_pages import last_month
from plumbline.systems.programmes.tasks import number
from plumbline.systems.programmes.tests.town import given, town
from plumbline.web.tests.world import browser

pytestmark = pytest.mark.django_db
PAGES = ("programmes-board", "programmes-offices", "programmes-returns", "programmes-meetings", "programmes-ranking")


@pytest.fixture
def world():
    return town()


def page(who, name, *args, **told):
    return browser(who).get(reverse(name, args=args), told).content.decode()


def post(who, name, *args, follow=True, **told):
    return browser(who).post(reverse(name, args=args), told, follow=follow)


def begun(world):
    """A task at the bureau split to three streets, two months ago, and last month's returns asked for."""
    now = timezone.now()
    task = given(world, now=now - timedelta(days=70))
    post(world.planner, "programmes-split", task.number, by="typed", why="按人口", version=task.version,
         office=[one.pk for one in world.streets], **{f"weight-{one.pk}": weight for one, weight in
                                                      zip(world.streets, (3, 3, 1), strict=True)})
    Order.objects.filter(link="part").update(opened_at=now - timedelta(days=69))
    return task, returns.ask(world.planner, made.DISTRICT, last_month(now.astimezone(ZONE).date()), now)


def test_a_target_is_given_from_its_page(world):
    address = reverse("programmes-give", args=["target", world.stations.pk])
    assert address in page(world.planner, "target", world.stations.pk)
    assert address not in page(world.boss, "target", world.stations.pk)
    answer = post(world.planner, "programmes-give", "target", world.stations.pk, office=world.bureau.pk, due_on="2025-12-31")
    task = Order.objects.get()
    assert task.number in answer.content.decode()
    assert "13000个" in answer.content.decode()
    again = post(world.planner, "programmes-give", "target", world.stations.pk, office=world.bureau.pk, due_on="2025-12-31")
    assert (again.status_code, Order.objects.count()) == (409, 1)


def test_a_commitment_has_the_button_too(world):
    assert reverse("programmes-give", args=["commitment", world.commitment.pk]) in page(world.planner, "commitment",
                                                                                       world.commitment.pk)


def test_no_office_or_no_day_is_told(world):
    Target.objects.filter(pk=world.stations.pk).update(due_on=None)
    answer = post(world.planner, "programmes-give", "target", world.stations.pk, office=world.bureau.pk)
    assert (answer.status_code, Order.objects.count()) == (400, 0)
    assert "请填写完成期限" in answer.content.decode()


def test_split_by_typed_weights_and_the_board_shows_the_parts(world):
    task, _ = begun(world)
    told = browser(world.planner).get(reverse("programmes-board-json")).json()
    [row] = told["list"]["rows"]
    assert [(part["office"], part["owes"]) for part in row["parts"]] == [
        ("甲街道", "5572个"), ("乙街道", "5571个"), ("丙街道", "1857个")]
    assert (row["done"], row["light"]["share"]) == ("", None)
    assert "未报" in page(world.planner, "programmes-board")
    mine = browser(world.people[0]).get(reverse("programmes-board-json")).json()["list"]["rows"]
    assert [one["office"] for one in mine] == ["甲街道"]
    assert page(world.people[1], "programmes-task", task.number).count("没有") > 0
    assert browser(world.people[1]).get(reverse("programmes-task", args=[task.number])).status_code == 404


def test_split_equal_and_wrong_weights(world):
    task = given(world)
    answer = post(world.planner, "programmes-split", task.number, by="typed", why="按人口", version=0,
                  office=[world.streets[0].pk, world.streets[1].pk])
    assert (answer.status_code, Order.objects.count()) == (400, 1)
    assert "大于零" in answer.content.decode()
    post(world.planner, "programmes-split", task.number, by="equal", why="平均", version=0,
         office=[one.pk for one in world.streets])
    assert sorted(number(one, "value") for one in Order.objects.filter(link="part")) == [4333, 4333, 4334]


def test_a_street_hands_in_its_month_with_a_photograph(world):
    _, asked = begun(world)
    first = page(world.people[0], "programmes-return", asked[0].number)
    assert "累计完成" in first
    paper = io.BytesIO("验收记录".encode())
    paper.name = "验收.txt"
    answer = post(world.people[0], "programmes-return", asked[0].number, value="2800", words="开通2800个", version=0, files=paper)
    assert "已报送" in answer.content.decode()
    told = browser(world.planner).get(reverse("programmes-return-json", args=[asked[0].number])).json()
    assert (told["value"], told["state"], told["papers"], told["may_hand_in"]) == ("2800个", "已填报", ["验收.txt"], False)


def test_a_number_that_is_none_is_kept_in_the_form(world):
    _, asked = begun(world)
    answer = post(world.people[0], "programmes-return", asked[0].number, value="两千", words="开通", version=0)
    assert answer.status_code == 400
    assert 'value="两千"' in answer.content.decode()
    assert Order.objects.get(pk=asked[0].pk).state == "asked"


def test_a_street_does_not_see_anothers_return(world):
    _, asked = begun(world)
    assert browser(world.people[1]).get(reverse("programmes-return", args=[asked[0].number])).status_code == 404


def test_urged_answered_proposed_closed(world):
    task = given(world)

    def act(who, key, **told):
        return post(who, "programmes-move", task.number, key, version=Order.objects.get(pk=task.pk).version, **told)

    act(world.leader, "press", reason="落后")
    act(world.boss, "answer", reply="已加班")
    assert act(world.boss, "propose", reply="完成", finding="已完成", evidence="1号").status_code == 400
    act(world.boss, "propose", reply="完成", finding="已完成", evidence="1号", done="13000")
    told = page(world.planner, "programmes-task", task.number)
    assert "结论：已完成" in told
    assert "佐证：1号" in told
    assert act(world.boss, "close").status_code == 403
    act(world.planner, "close")
    assert (Order.objects.get(pk=task.pk).state, Target.objects.get(pk=world.stations.pk).state) == ("closed", "kept")
    assert act(world.planner, "close").status_code == 400


def test_a_meeting_from_red_tasks_to_decisions_to_the_next(world):
    task, _ = begun(world)
    post(world.planner, "programmes-meetings", series="周调度", held_on="2025-07-07")
    meeting = Order.objects.get(kind="programmes.meeting")
    told = browser(world.planner).get(reverse("programmes-meeting-json", args=[meeting.number])).json()
    assert told["items"][0]["number"] == task.number
    assert "期限" in told["items"][0]["why"]
    post(world.planner, "programmes-decide", meeting.number, text="三日内解决用地", office=world.streets[0].pk, term="week",
         task=task.number)
    decision = Order.objects.get(kind="programmes.decision")
    assert (decision.subject, decision.office) == (f"meeting {meeting.pk}", world.streets[0])
    assert decision.fields["task"] == task.number
    post(world.planner, "programmes-hold", meeting.number, minutes="会议听取了\n进展情况。", version=0)
    held = browser(world.planner).get(reverse("programmes-meeting-json", args=[meeting.number])).json()
    assert (held["state"], held["minutes"], len(held["items"])) == ("已召开", "会议听取了\n进展情况。", len(told["items"]))
    post(world.planner, "programmes-meetings", series="周调度", held_on="2025-07-14")
    second = Order.objects.filter(kind="programmes.meeting").latest("pk")
    [earlier] = browser(world.planner).get(reverse("programmes-meeting-json", args=[second.number])).json()["earlier"]
    assert (earlier["number"], earlier["mark"], earlier["office"]) == (decision.number, "办理中", "甲街道")
    assert browser(world.people[0]).get(reverse("programmes-meeting", args=[meeting.number])).status_code == 404


def test_a_decision_that_says_too_little_is_refused(world):
    post(world.planner, "programmes-meetings", series="周调度", held_on="2025-07-07")
    meeting = Order.objects.get(kind="programmes.meeting")
    answer = post(world.planner, "programmes-decide", meeting.number, text="", office="", term="year", task="RW1")
    assert (answer.status_code, Order.objects.count()) == (400, 1)
    assert post(world.planner, "programmes-meetings", series="茶话会", held_on="").status_code == 400
    assert post(world.boss, "programmes-meetings", series="周调度", held_on="2025-07-07").status_code == 403
    assert Order.objects.count() == 1


def test_every_number_of_the_ranking_opens_its_orders(world):
    _, asked = begun(world)
    post(world.people[0], "programmes-return", asked[0].number, value="2800", words="开通", version=0)
    month = asked[0].topic
    Office.objects.create(name="空闲办", area=made.DISTRICT)
    told = browser(world.planner).get(reverse("programmes-ranking-json"), {"month": month}).json()
    rows = {row["office"]: row for _, group, _ in told["groups"] for row in group}
    assert rows["甲街道"]["cells"][1]["words"] == "1/1"
    assert [name for _, _, names in told["groups"] for name in names] == ["空闲办"]
    assert all(row["rank"] != "—" or row["urged"] for row in rows.values())
    behind = browser(world.planner).get(rows["甲街道"]["cells"][1]["href"]).content.decode()
    assert asked[0].number in behind
    assert asked[1].number not in behind
    assert browser(world.planner).get(reverse("programmes-ranking"), {"month": "上月"}).status_code == 400


@pytest.mark.parametrize("name", PAGES)
def test_pages_and_files_for_each_and_nothing_for_strangers(world, name):
    begun(world)
    for who in (world.planner, world.leader, world.boss, world.people[0], world.deputy, world.neighbour):
        assert browser(who).get(reverse(name)).status_code == 200
    for form in ("xlsx", "csv"):
        assert browser(world.planner).get(reverse(f"{name}-{form}")).status_code == 200
    assert browser().get(reverse(name)).status_code == 302
    for who in (world.deputy, world.neighbour):
        assert "基站" not in page(who, name)
    assert "甲街道" not in page(world.neighbour, name)


def test_an_office_is_ranked_among_all_and_opens_only_its_own(world):
    _, asked = begun(world)
    for who, one in zip(world.people[:2], asked, strict=False):
        post(who, "programmes-return", one.number, value="2800", words="开通", version=0)
    told = browser(world.people[0]).get(reverse("programmes-ranking-json"), {"month": asked[0].topic}).json()
    rows = {row["office"]: row for _, group, _ in told["groups"] for row in group}
    assert [rows[name]["rank"] for name in ("甲街道", "乙街道")] == ["1", "1"]
    assert asked[0].number in browser(world.people[0]).get(rows["甲街道"]["cells"][1]["href"]).content.decode()
    assert asked[1].number not in browser(world.people[0]).get(rows["乙街道"]["cells"][1]["href"]).content.decode()
    assert browser(world.deputy).get(reverse("programmes-ranking-json")).json()["groups"] == []


def test_the_board_as_a_file(world):
    begun(world)
    answer = browser(world.planner).get(reverse("programmes-board-xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert sheet.max_row == 1 + 4


def test_closed_on_the_orders_own_page_the_plan_follows_too(world):
    task = given(world)
    told = {"reply": "完成", "finding": "已完成", "evidence": "1号"}
    assert post(world.boss, "order-move", task.number, "propose", version=0, **told).status_code == 400
    assert Order.objects.get(pk=task.pk).state == "working"
    post(world.boss, "order-move", task.number, "propose", version=0, done="13000", **told)
    post(world.planner, "order-move", task.number, "close", version=1)
    assert (Order.objects.get(pk=task.pk).state, Target.objects.get(pk=world.stations.pk).state) == ("closed", "kept")


def test_closed_through_the_api_the_plan_follows_too(world):
    task = given(world)
    answers = []
    for who, move, fields in ((world.boss, "propose", {"finding": "已完成"}),
                              (world.boss, "propose", {"finding": "已完成", "done": "13000"}), (world.planner, "close", {})):
        told = {"move": move, "version": Order.objects.get(pk=task.pk).version, "fields": fields}
        more = {"reply": "完成", "evidence": "1号"} if fields else {}
        answer = Client().post(f"/api/v1/orders/{task.number}/moves", told | more, content_type="application/json",
                               headers={"Authorization": f"Bearer {people.create_key(who, '测试', True)[1]}"})
        answers.append(answer.status_code)
    assert answers == [400, 200, 200]
    assert Target.objects.get(pk=world.stations.pk).state == "kept"


def test_a_return_handed_in_on_the_orders_own_page_has_its_number(world):
    _, asked = begun(world)
    answer = post(world.people[0], "order-move", asked[0].number, "hand_in", version=0, reply="开通")
    assert (answer.status_code, Order.objects.get(pk=asked[0].pk).state) == (400, "asked")
    post(world.people[0], "order-move", asked[0].number, "hand_in", version=0, reply="开通", value="2800")
    assert number(Order.objects.get(pk=asked[0].pk), "value") == 2800


def test_a_promise_under_way_offers_no_second_task(world):
    task = given(world)
    told = page(world.planner, "programmes-give", "target", world.stations.pk)
    assert task.number in told
    assert "下达并记入日志" not in told


def test_papers_of_a_return_lie_on_the_page_of_its_task(world):
    _, asked = begun(world)
    paper = io.BytesIO("验收记录".encode())
    paper.name = "验收.txt"
    post(world.people[0], "programmes-return", asked[0].number, value="2800", words="开通", version=0, files=paper)
    part = Order.objects.get(link="part", office=world.streets[0])
    assert "验收.txt" in page(world.people[0], "programmes-task", part.number)


def test_a_meeting_is_called_off_and_minutes_put_right_on_its_page(world):
    post(world.planner, "programmes-meetings", series="周调度", held_on="2025-07-07")
    meeting = Order.objects.get()
    told = {"minutes": "会议听取汇报。", "version": 0}
    assert post(world.planner, "programmes-meeting-move", meeting.number, "hold", **told).status_code == 400
    assert post(world.boss, "programmes-meeting-move", meeting.number, "cancel", reason="改期", version=0).status_code == 404
    assert Order.objects.get().state == "planned"
    post(world.planner, "programmes-hold", meeting.number, **told)
    post(world.planner, "programmes-meeting-move", meeting.number, "amend", minutes="会议听取了汇报。", reason="漏字", version=1)
    assert (Order.objects.get().state, Order.objects.get().fields["minutes"]) == ("held", "会议听取了汇报。")
    post(world.planner, "programmes-meetings", series="周调度", held_on="2025-07-14")
    second = Order.objects.latest("pk")
    post(world.planner, "programmes-meeting-move", second.number, "cancel", reason="改期", version=0)
    second.refresh_from_db()
    assert second.state == "cancelled"


def test_the_orders_own_page_tells_numbers_as_printed_and_no_asker(world):
    task = given(world)
    told = {"reply": "完成", "finding": "已完成", "evidence": "1号", "done": "13000"}
    post(world.boss, "programmes-move", task.number, "propose", version=0, **told)
    shown = page(world.planner, "order", task.number)
    assert "<dd>13,000</dd>" in shown
    assert "佐证材料" in shown
    for raw in ("13000.0", "evidence</span>", "来件人看到", ">level<"):
        assert raw not in shown


@pytest.mark.parametrize(("who", "words"), [("deputy", "没有您可以看到的任务"), ("planner", "到目标中选择")])
def test_an_empty_board_says_what_this_person_can_do(world, who, words):
    assert words in page(getattr(world, who), "programmes-board")


def test_lists_and_cards_of_orders_lead_to_the_own_pages(world):
    _, asked = begun(world)
    shown = page(world.people[0], "order-inbox")
    assert reverse("programmes-return", args=[asked[0].number]) in shown
    assert reverse("programmes-task", args=[Order.objects.get(link="part", office=world.streets[0]).number]) in shown
    assert reverse("order", args=[asked[0].number]) in page(world.planner, "programmes-return", asked[0].number)


def test_what_is_due_stands_before_what_has_no_limit_in_an_inbox(world):
    _, asked = begun(world)
    shown = page(world.people[0], "order-inbox")
    part = Order.objects.get(link="part", office=world.streets[0])
    assert shown.index(asked[0].number) < shown.index(part.number)


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "2020-13", "2020Q1"])
def test_a_month_nobody_ranks_is_said_so(world, month):
    answer = browser(world.planner).get(reverse("programmes-ranking"), {"month": month})
    assert answer.status_code == 400
    assert "不是可以排名的月份" in answer.content.decode()
