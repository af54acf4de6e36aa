"""Asking about policies: what is found, what becomes of a question that finds nothing, and how its answer is kept."""

import pytest
from django.utils import timezone

from plumbline.kernel import BadInput
from plumbline.store import declarations, orders, registers
from plumbline.store.models import Entry, Item, Order
from plumbline.store.parties.tests.firms import MINE, OTHER
from plumbline.store.tests import made
from plumbline.systems.enterprise import asked
from plumbline.systems.enterprise.tests.portal_world import district, known, policy, signed, words

pytestmark = pytest.mark.django_db
RARE = "展会布置的搭建费用可否报销"


@pytest.fixture
def world(monkeypatch):
    known(monkeypatch)
    return district()


def ask(question, user=None):
    return signed(user).get("/policies/ask/", {"q": question})


def hand_in(user, **more):
    told = {"title": RARE, "text": "在本区参展。", "firm": MINE, "once": "x1"} | more
    return signed(user).post("/policies/ask/send/", told)


def pending(world):
    return asked.send(world.mine, {"title": RARE, "text": RARE, "area": made.DISTRICT, "subject": MINE}, [])


def answered(world, **told):
    """The question after the office answered it."""
    order = orders.move(None, pending(world).pk, asked.ROUTE, {"office": world.office.pk}, 0)
    return asked.act(world.officer, order, "answer", {"reply": "搭建费不报销，展位费可以。", **told}, order.version)


def test_a_published_policy_is_found_with_its_words_marked(world):
    page = ask("从业人员不多于三百人的小微企业有什么补贴")
    assert page.status_code == 200
    assert "虚构小微补贴" in words(page)
    assert "<mark>从业人员不多于三百" in page.content.decode()
    assert f'/policies/{world.policies["near"].pk}/' in page.content.decode()


def test_drafts_are_not_found(world):
    policy(world, "虚构展会搭建补助", {"c1": ("参展企业搭建费用", "renter")}, None, state="draft", edition=0)
    assert "虚构展会搭建补助" not in words(ask("展会搭建费用补助"))


def test_the_librarys_answers_are_there_until_answers_are_kept(world):
    assert "三个月社保费的30%" in words(ask("参保人数增长，社保补贴给多少"))
    table = declarations.catalog().tables[asked.TABLE]
    told = {"area": made.DISTRICT, "question": "展位费怎么补", "answer": "按一半补。", "source": "虚构"}
    registers.save(world.planner, table, None, told)
    assert "按一半补" in words(ask("展位费怎么补"))
    assert "三个月社保费的30%" not in words(ask("参保人数增长，社保补贴给多少"))


def test_what_finds_nothing_says_so_and_offers_the_office_to_firms(world):
    public, firm = ask(RARE), ask(RARE, world.mine)
    assert "没有找到有把握的答复" in words(public)
    assert "企业登录后" in words(public)
    assert "policies/ask/send/" not in public.content.decode()
    assert 'action="/policies/ask/send/"' in firm.content.decode()


def test_a_firm_hands_in_its_question_once_and_it_has_a_clock(world):
    first, second = hand_in(world.mine), hand_in(world.mine)
    assert first.status_code == second.status_code == 302
    [order] = Order.objects.filter(kind=asked.KIND)
    assert (order.title, order.subject, order.state) == (RARE, MINE, "registered")
    assert order.number.startswith("ZX")
    assert order.due_at > timezone.now()
    assert first["Location"] == f"/firm/{MINE}/orders/{order.number}/"


def test_a_question_near_a_policy_goes_to_its_office(world):
    hand_in(world.mine, title="承租房屋的租金减免要哪些证明")
    [order] = Order.objects.filter(kind=asked.KIND)
    assert (order.state, order.office) == ("assigned", world.office)
    assert order.fields["policy"] == "虚构租金减免"


def test_a_policy_behind_nearer_answers_gives_the_office(world):
    table = declarations.catalog().tables[asked.TABLE]
    for n in range(4):
        told = {"area": made.DISTRICT, "question": f"租金减免的证明第{n}份", "answer": "租金减免要证明。", "source": "虚构"}
        registers.save(world.planner, table, None, told)
    hand_in(world.mine, title="租金减免的证明")
    assert Order.objects.get(kind=asked.KIND).office == world.office


@pytest.mark.parametrize(("who", "told", "status"), [
    ("mine", {"firm": OTHER}, 404), ("mine", {"firm": ""}, 404), ("planner", {}, 404), ("mine", {"title": "？"}, 400),
    ("mine", {"text": "长" * 1001}, 400),
])
def test_what_may_not_be_handed_in_leaves_no_order(world, who, told, status):
    assert hand_in(getattr(world, who), **told).status_code == status
    assert not Order.objects.filter(kind=asked.KIND).exists()


def test_without_an_account_nothing_is_handed_in(world):
    assert hand_in(None).status_code == 302
    assert not Order.objects.filter(kind=asked.KIND).exists()


def test_an_answer_is_kept_where_the_office_says_so_and_found_at_once(world):
    assert "没有找到" in words(ask(RARE))
    order = answered(world, kept="true", asked="参展搭建费能不能报销")
    assert order.state == "answered"
    [item] = Item.objects.filter(table=asked.TABLE)
    assert item.values == {"area": made.DISTRICT, "question": "参展搭建费能不能报销", "answer": "搭建费不报销，展位费可以。",
                           "source": f"工单 {order.number}"}
    assert "搭建费不报销，展位费可以。" in words(ask("参展的搭建费报销吗")).replace(" ", "")


def test_an_answer_is_not_kept_unasked(world):
    assert answered(world).state == "answered"
    assert answered(world, kept="false").state == "answered"
    assert not Item.objects.filter(table=asked.TABLE).exists()


def test_a_question_the_register_knows_is_not_answered_twice(world):
    answered(world, kept="true")
    entries = Entry.objects.count()
    with pytest.raises(BadInput):
        answered(world, kept="true")
    assert Item.objects.filter(table=asked.TABLE).count() == 1
    assert Order.objects.filter(kind=asked.KIND, state="answered").count() == 1
    assert Entry.objects.count() - entries == 2  # opened and passed on; the answer left nothing


def test_odd_questions_are_answered_with_a_page(world):
    for question in ("", " ", "x" * 5000, "<script>alert(1)</script>", "\x00", "%"):
        page = ask(question)
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()


def test_the_page_asks_few_questions_of_the_database(world, django_assert_max_num_queries):
    ask("房租")
    with django_assert_max_num_queries(4):
        ask("房租减免")
