"""Those a step concerns are told of it, once, and nobody else; what was seen stays seen."""

import pytest

from plumbline.kernel import BadInput, NotAllowed
from plumbline.store import orders
from plumbline.store.models import Notice, Order
from plumbline.store.orders import notices
from plumbline.store.orders.recipients import word_of
from plumbline.store.orders.tests.made import CATALOG, at, moved, office, opened, person
from plumbline.store.tests.made import CITY, refused

pytestmark = pytest.mark.django_db


def told(after=0):
    """To whom words went that came later: an office, a person, or the person who asked."""
    return [(one.office.name if one.office else one.user.username if one.user else "asker") for one in
            Notice.objects.filter(pk__gt=after).order_by("pk")]


def last():
    return Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_the_holder_is_told_of_what_others_do_and_not_of_what_he_does(cast, order):
    assert [one.text for one in Notice.objects.filter(office=cast["street"])] == [
        "SX2025000001「路灯不亮」派单：现为「办理中」，时限3月10日24时。"]
    mark = last()
    moved(cast["holder"], order, "prove", evidence="照片两张")
    assert told(mark) == []
    moved(cast["dispatcher"], order, "class", topic="照明")
    assert told(mark) == ["云溪街道"]


def test_the_new_holder_is_told_the_old_one_no_more(cast, order):
    mark = last()
    moved(cast["dispatcher"], order, "pass", office=cast["other"].pk, reason="职责")
    assert told(mark) == ["区城管局"]


def test_the_judge_of_a_return_is_told_and_the_first_role_named_judges(cast, order):
    mark = last()
    moved(cast["holder"], order, "return", reason="不属本单位")
    assert told(mark) == ["dispatcher"]
    mark = last()
    moved(cast["dispatcher"], order, "to_first", reason="首接负责")
    assert told(mark) == ["云溪街道"]


def test_the_person_who_asked_is_told_what_is_said_to_him_and_only_that(cast, order):
    asked = Notice.objects.filter(user=None, office=None)
    assert [one.text for one in asked.order_by("pk")] == ["SX2025000001「路灯不亮」已受理。", "SX2025000001「路灯不亮」已转交。"]
    mark = last()
    moved(cast["holder"], order, "return", reason="内部理由")
    moved(cast["dispatcher"], order, "to_first", reason="内部理由")
    assert "asker" not in told(mark)
    assert not asked.filter(text__contains="内部").exists()


def test_a_title_does_not_rewrite_the_word_to_its_asker(cast):
    order = opened(cast["operator"], title="他说「好」：不好", asker={"email": "a@example.org"})
    assert order.notices.get().text == f"{order.number}「他说「好」：不好」已受理。"


def test_who_cannot_be_written_to_gets_no_row_and_a_dead_end_sends_none(cast, settings):
    opened(cast["operator"], asker={"phone": "12345678"})
    assert told() == []
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    order = opened(cast["operator"], asker={"email": "a@example.org"})
    moved(cast["dispatcher"], order, "send", office=cast["street"].pk)
    assert [(one.office, one.mail) for one in order.notices.all()] == [(cast["street"], "")]


def test_e_mail_waits_only_where_somebody_reads_it(cast):
    reader = office("区水务局")
    person("reader", "office", office=reader, email="reader@example.org")
    for holder, mail in ((cast["street"], ""), (reader, "waiting")):
        order = moved(cast["dispatcher"], opened(cast["operator"]), "send", office=holder.pk)
        one = order.notices.get(office=holder)
        assert (one.mail, one.next_at) == (mail, at(11) if mail else None)


def test_who_called_for_help_is_told_when_it_is_over_and_one_office_is_told_once(cast, order):
    helper, = orders.summon(cast["holder"], order.pk, [cast["other"].pk], "到场", "现场会商", catalog=CATALOG, now=at(12))
    mark = last()
    moved(cast["second"], helper, "come", at(13), reply="已到")
    assert told(mark) == ["云溪街道"]
    own = orders.open_(cast["dispatcher"], "small.matter", {
        "title": "x", "area": order.area, "urgency": "usual", "sender": cast["street"].pk}, catalog=CATALOG, now=at(10))
    own = moved(cast["dispatcher"], own, "send", office=cast["street"].pk)
    own.state, own.state_kind = "hung", "waiting"
    mark = last()
    notices.told(own, own.moves.latest("n"), CATALOG)
    assert told(mark) == ["云溪街道"]


def test_what_is_refused_tells_nobody(cast, order):
    with refused(NotAllowed):
        moved(cast["second"], order, "return", reason="x")
    with refused(BadInput):
        moved(cast["holder"], order, "return")


def test_a_step_of_many_is_told_in_few_queries(cast, django_assert_max_num_queries):
    made = [opened(cast["operator"], asker={"email": "a@example.org"}) for _ in range(12)]
    steps = [(one, one.moves.select_related("by").get()) for one in made]
    Notice.objects.all().delete()
    with django_assert_max_num_queries(6):
        assert len(notices.told_all(steps, CATALOG)) == 12


def test_a_kind_that_is_declared_no_more_tells_nobody(cast, order):
    assert notices.told(Order(kind="small.gone", state="x"), order.moves.latest("n"), CATALOG) == []


def test_each_sees_his_own_and_his_offices_and_marks_only_those(cast, order):
    far = person("colleague", "office", office=cast["street"])
    one, judge = Notice.objects.get(office=cast["street"]), moved(cast["holder"], order, "return", reason="x").notices.get(
        user=cast["dispatcher"])
    cast["planner"].is_superuser = True
    seen = {who: set(Notice.objects.visible_to(user)) for who, user in {**cast, "colleague": far}.items()
            if who not in ("street", "other")}
    assert {who: rows for who, rows in seen.items() if rows} == {"holder": {one}, "colleague": {one}, "dispatcher": {judge}}
    assert [orders.unseen(cast[who]) for who in ("holder", "dispatcher", "second")] == [1, 1, 0]
    assert orders.seen(cast["second"], [one.pk, judge.pk]) == orders.seen(cast["planner"], [one.pk, judge.pk]) == 0
    assert orders.seen(cast["holder"], [one.pk, judge.pk], at(15)) == 1
    assert orders.seen(far, [one.pk], at(16)) == 0
    one.refresh_from_db()
    judge.refresh_from_db()
    assert (one.seen_at, judge.seen_at, orders.unseen(far)) == (at(15), None, 0)


def test_an_office_of_nobody_sees_nothing_of_the_askers(cast, order):
    assert Notice.objects.filter(user=None, office=None).exists()
    loose = person("loose", "operator", area=CITY)
    assert not Notice.objects.visible_to(loose).exists()


def test_unseen_ones_are_counted_up_to_a_bound(cast, order):
    one = Notice.objects.get(office=cast["street"])
    Notice.objects.bulk_create([Notice(office=cast["street"], order=order, level="move", text="x", at=at(12)) for _ in range(9)])
    assert (orders.unseen(cast["holder"], 5), orders.unseen(cast["holder"])) == (5, 10)
    assert one.seen_at is None


def test_a_word_is_as_long_as_it_holds():
    order = Order(number="SX2025000001", title="长" * 200)
    assert word_of(order, "督办", "因" * 400) == f"SX2025000001「{'长' * 39}…」督办：{'因' * 400}"[:300]
