"""A target tied to an indicator is held against what was counted, and the pages say which numbers are counted, which stated."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from plumbline.engine.refresh import refresh
from plumbline.kernel import BadInput, Coverage
from plumbline.site.recounting import recount
from plumbline.store import batches, plans, registers
from plumbline.store.models import Entry, Target
from plumbline.store.plans import wanted, with_counted
from plumbline.store.plans.counted import counted
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
INDICATORS = settings.CATALOG.indicators
MOVED = INDICATORS["programmes.firms_done"]


@pytest.fixture
def planner():
    return made.user()


@pytest.fixture
def target(planner):
    document = made.document(planner)
    return plans.commit(planner, [document.claims.get(number=4).pk])[0]


def tie(planner, target, indicator=MOVED):
    return plans.edit(planner, target.pk, {"indicator": indicator}, "由台账计数", target.version)


def count(planner, done=45):
    """Firms of the district that moved out: so many done, one a day."""
    rows = [f"A{at},企业{at},一般制造业企业疏解退出,{made.DISTRICT},2025-01-02,已完成,2025-{at % 6 + 1:02}-15"
            for at in range(done)]
    text = "\n".join(["编号,名称,类别,所在区,列入日期,状态,完成日期", *rows])
    from_register(planner, text)
    refresh(settings.CATALOG, [(MOVED.key, made.DISTRICT, "2025H1", ())])


def from_register(planner, text):
    table = settings.CATALOG.tables["programmes.actions"]
    registers.take_in(planner, table, "台账.csv", text.encode())


def test_a_target_is_tied_with_a_reason_and_journalled(planner, target):
    tied = tie(planner, target)
    assert tied.indicator == MOVED.key
    last = Entry.objects.first()
    assert (last.action, last.after["indicator"], last.why) == ("target.edit", MOVED.key, "由台账计数")


@pytest.mark.parametrize("indicator", [INDICATORS["programmes.land_cleared"], "programmes.absent"])
def test_an_indicator_in_another_unit_or_unknown_is_refused(planner, target, indicator):
    with made.refused(BadInput):
        tie(planner, target, indicator)


def test_progress_is_counted_where_records_say_it(planner, target):
    tie(planner, target)
    count(planner)
    found = with_counted(Target.objects.all()).get()
    told = plans.progress(found)
    assert (told.reported, told.share) == (45, Decimal("0.5"))
    assert told.verdict == "on pace"


@pytest.mark.parametrize(("unit", "value", "told"), [("%", "0.951", "95.1"), ("‰", "0.005", "5"), ("家", "45", "45")])
def test_a_share_is_held_against_a_target_as_both_are_printed(unit, value, told):
    found = counted(SimpleNamespace(counted_value=value, counted_period="2025H1", unit=unit))
    assert (found.value, found.unit) == (Decimal(told), unit)


def test_without_records_what_a_report_states_stands(planner, target):
    tie(planner, target)
    refresh(settings.CATALOG, [(MOVED.key, made.DISTRICT, "2025H1", ())])
    found = with_counted(Target.objects.all()).get()
    assert plans.progress(found).reported is None


def test_the_figures_wanted_are_of_the_reports_period_and_of_the_year_up_to_now(planner, target):
    tie(planner, target)
    tied = Target.objects.select_related("document").get()
    assert wanted(tied, date(2025, 9, 9)) == [
        (MOVED.key, made.DISTRICT, "2025H1", ()), (MOVED.key, made.DISTRICT, "2025-01/2025-09", ())]
    assert [one[2] for one in wanted(tied, date(2030, 1, 1))] == ["2025H1", "2025"]


def test_the_cockpit_counts_again_and_says_which_numbers_are_counted(planner, target):
    tie(planner, target)
    count(planner, 40)
    client = Client()
    client.force_login(planner)
    told = client.get(reverse("cockpit-json"), {"document": target.document_id, "on": "2025-06-30"}).json()
    bar = told["panels"][0]["groups"][0]["bars"][0]
    assert (bar["standing"]["share"][:6], bar["standing"]["reported"]) == ("0.4444", "40家")
    assert bar["standing"]["counted"].startswith("/figures/")
    page = client.get(reverse("cockpit"), {"document": target.document_id}).content.decode()
    assert "计数所得" in page


def test_the_form_offers_indicators_of_the_same_unit_the_likest_first(planner, target):
    client = Client()
    client.force_login(planner)
    told = client.get(reverse("target-json", args=[target.pk])).json()["indicators"]
    assert told[0][0] in ("programmes.firms_done", "programmes.firms_listed")
    assert {INDICATORS[key].unit for key, _ in told} == {"家"}
    answer = client.post(reverse("target", args=[target.pk]), {
        "label": target.label, "value": target.value, "unit": target.unit, "bound": target.bound,
        "due_on": "2025-12-31", "office": "", "state": "open", "note": "", "indicator": MOVED.key, "why": "改由台账计数",
        "version": 0})
    assert answer.status_code == 302
    assert Target.objects.get().indicator == MOVED.key


def test_records_change_and_so_does_what_was_counted(planner, target):
    tie(planner, target)
    count(planner, 40)
    table = settings.CATALOG.tables["programmes.plots"]
    batches.receive(planner, table, "空.csv", "地块编号,类别,所在区,完成日期,面积\n".encode(), Coverage((made.DISTRICT,)))
    assert recount() == 0
    from_register(planner, "编号,名称,类别,所在区,列入日期,状态,完成日期\n"
                           f"B1,企业,一般制造业企业疏解退出,{made.DISTRICT},2025-01-02,已完成,2025-02-02")
    assert recount() >= 1
    assert plans.progress(with_counted(Target.objects.all()).get()).reported == 41
