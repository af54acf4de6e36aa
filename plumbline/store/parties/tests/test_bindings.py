"""Who speaks for a firm: asked by anybody, confirmed by an officer, the same answer whatever the roll says."""

from datetime import UTC, datetime, timedelta

import pytest

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store.journal import Entry
from plumbline.store.models import Binding, User
from plumbline.store.orders.tests.test_attachments import photo
from plumbline.store.parties import bindings
from plumbline.store.parties.tests import firms
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
NOW = datetime(2020, 7, 1, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def roll(monkeypatch):
    firms.known(monkeypatch)


@pytest.fixture
def officer():
    return made.user("officer", "planner")


def test_an_account_speaks_for_its_firm_once_an_officer_says_so(officer):
    one = bindings.join(firms.TOLD)
    assert (one.state, firms.speaks(one.user), one.user.role, one.user.area) == ("asked", [], "firm", made.DISTRICT)
    bindings.confirm(officer, one.pk, one.version)
    assert firms.speaks(one.user) == [firms.MINE]
    assert [entry.action for entry in Entry.objects.order_by("seq")][-3:] == ["user.create", "binding.ask", "binding.confirm"]


@pytest.mark.parametrize(("told", "why"), [
    ({"key": firms.UNKNOWN}, "信用代码不在名录"), ({"name": "别的名字"}, "名称与名录不符"), ({}, "已有其他账号绑定")])
def test_what_does_not_fit_is_answered_alike_and_journalled(officer, told, why):
    first = bindings.join(firms.TOLD | {"username": "first"})
    bindings.confirm(officer, first.pk, 0)
    one = bindings.join(firms.TOLD | told)
    assert (one.state, one.area) == ("asked", made.DISTRICT)
    assert Entry.objects.get(action="firm.knock").why == why


def test_a_firm_of_another_district_is_decided_there(officer):
    one = bindings.join(firms.TOLD | {"key": firms.FAR, "name": "虚构丙行"})
    assert one.area == made.NEIGHBOUR
    with made.refused(NotAllowed):
        bindings.confirm(officer, one.pk, one.version)


def test_a_code_the_roll_does_not_know_is_not_confirmed(officer):
    one = bindings.join(firms.TOLD | {"key": firms.UNKNOWN})
    with made.refused(BadInput):
        bindings.confirm(officer, one.pk, one.version)


def test_a_refusal_has_a_reason_and_is_the_last_word(officer):
    one = bindings.join(firms.TOLD)
    with made.refused(BadInput):
        bindings.refuse_binding(officer, one.pk, one.version, " ")
    done = bindings.refuse_binding(officer, one.pk, one.version, "照片看不清")
    assert (done.state, done.answer, firms.speaks(one.user)) == ("refused", "照片看不清", [])
    with made.refused(Conflict):
        bindings.confirm(officer, one.pk, done.version)


@pytest.mark.parametrize("role", ["deputy", "leader", "operator", "dispatcher"])
def test_others_confirm_nothing(role):
    one = bindings.join(firms.TOLD)
    somebody = made.user("somebody", role)
    with made.refused(NotAllowed):
        bindings.confirm(somebody, one.pk, one.version)
    with made.refused(NotAllowed):
        bindings.confirm(one.user, one.pk, one.version)


def test_one_account_has_several_firms_and_one_firm_several_accounts(officer):
    one = bindings.join(firms.TOLD)
    more = bindings.ask(one.user, firms.TOLD | {"key": firms.OTHER, "name": "虚构乙店"})
    again = bindings.ask(one.user, firms.TOLD | {"key": firms.OTHER.lower(), "name": "虚构乙店"})
    second = bindings.join(firms.TOLD | {"username": "second"})
    for each in (one, more, second):
        bindings.confirm(officer, each.pk, each.version)
    assert again.pk == more.pk
    assert (firms.speaks(one.user), firms.speaks(second.user)) == ([firms.MINE, firms.OTHER], [firms.MINE])
    assert [each.user for each in bindings.others(one)] == [second.user]


def test_it_ends_when_the_account_says_so_or_an_officer_with_a_reason(officer):
    one = bindings.join(firms.TOLD)
    bindings.confirm(officer, one.pk, one.version)
    with made.refused(BadInput):
        bindings.end(officer, one.pk, "")
    stranger = bindings.join(firms.TOLD | {"username": "stranger"}).user
    with made.refused(NotAllowed):
        bindings.end(stranger, one.pk, "想要")
    assert bindings.end(one.user, one.pk, "").state == "ended"
    assert firms.speaks(one.user) == []
    again = bindings.ask(one.user, firms.TOLD)
    assert again.pk != one.pk


def test_everything_wrong_is_said_at_once_and_nothing_kept():
    with made.refused(BadInput) as raised:
        bindings.join({"username": "", "password": "1", "area": "990000", "key": "123", "table": firms.TABLE})
    checks = {one.check for one in raised.value.findings}
    assert {"user.username", "user.password", "binding.key", "binding.name", "binding.area", "binding.evidence"} <= checks
    assert (User.objects.count(), Binding.objects.count()) == (0, 0)


def test_a_picture_is_drawn_anew_and_handed_to_officers_of_the_area_alone(officer):
    one = bindings.join(firms.TOLD | {"evidence": ""}, ("营业执照.png", photo("PNG")))
    row, path = bindings.paper_path(officer, one.pk)
    assert (row.paper_name, row.paper_type, path.read_bytes()[:4]) == ("营业执照.png", "image/png", b"\x89PNG")
    assert bindings.paper_path(one.user, one.pk)[0] == row
    other = bindings.join(firms.TOLD | {"username": "other"}).user
    for somebody in (other, made.user("far", area=made.NEIGHBOUR), made.user("deputy", "deputy"), made.user("l", "leader")):
        with pytest.raises(NotAllowed):
            bindings.paper_path(somebody, one.pk)


def test_what_is_no_picture_is_refused():
    with made.refused(BadInput):
        bindings.join(firms.TOLD, ("执照.txt", b"words"))


def test_one_account_asks_for_five_at_a_time():
    one = bindings.join(firms.TOLD)
    for number in range(4):
        bindings.ask(one.user, firms.TOLD | {"key": firms.code(100 + number)})
    with made.refused(BadInput):
        bindings.ask(one.user, firms.TOLD | {"key": firms.code(199)})


def test_evidence_is_dropped_a_year_after_it_is_over(officer):
    one = bindings.join(firms.TOLD, ("执照.png", photo("PNG")))
    standing = bindings.join(firms.TOLD | {"username": "other"}, ("执照.png", photo("PNG", (30, 30))))
    bindings.confirm(officer, standing.pk, 0)
    bindings.refuse_binding(officer, one.pk, 0, "看不清", NOW)
    (bindings.folder() / "left-by-a-crash").write_bytes(b"x")
    assert (bindings.forget(NOW + timedelta(days=364)), bindings.tidy()) == (0, 1)
    assert (bindings.forget(NOW + timedelta(days=366)), bindings.tidy()) == (1, 1)
    one.refresh_from_db()
    assert (one.paper, one.evidence, bindings.paper_path(officer, standing.pk)[0]) == ("", "", standing)
