"""Published policies matched against the roll: in their own area, again when something has changed, and then alone."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from plumbline.engine.fitting import Over, fit
from plumbline.engine.matching import match, outdated
from plumbline.store import batches, declarations, policies
from plumbline.store.models import PolicyMatch
from plumbline.store.tests import made
from plumbline.systems.enterprise.tests.policy_world import TABLE, delivered, district, draft, lines, published
from plumbline.web.tests.world import browser

pytestmark = pytest.mark.django_db
DAY = date(2020, 6, 1)


@pytest.fixture
def world():
    return district()


def matched(day=DAY):
    return match(declarations.catalog(), day)


def test_a_published_policy_is_matched_and_its_numbers_are_kept(world):
    one = published(world)
    assert outdated(declarations.catalog(), DAY)
    assert (matched(), matched(), outdated(declarations.catalog(), DAY)) == (1, 0, False)
    found = PolicyMatch.objects.get(policy=one)
    assert (found.state, found.day, found.progress) == ("done", DAY, 100)
    assert [found.counts[key] for key in ("eligible", "unknown", "not_eligible")] == [3, 3, 6]
    assert found.counts["by_condition"]["c1"] == [5, 3, 4]
    assert (found.cells["street"][f"{made.DISTRICT}001"], found.cells["street"][f"{made.DISTRICT}002"]) == ([1, 4, 1], [2, 2, 2])
    assert not any(street.startswith(made.NEIGHBOUR) for street in found.cells["street"])
    assert found.amount == "1100.00"


def test_gifts_nobody_can_reckon_are_counted_apart(world):
    first, *others = lines()
    delivered(world.root, [(*first[:10], "", *first[11:]), *others])
    one = published(world)
    matched()
    found = PolicyMatch.objects.get(policy=one)
    assert (found.counts["eligible"], found.counts["unpriced"], found.amount) == (3, 1, "600.00")
    page = browser(world.leader).get(reverse("policy", args=[one.pk])).content.decode()
    assert "另有 1 家缺资料，算不出金额" in page


def test_numbers_are_those_of_the_trial(world):
    one = published(world)
    matched()
    catalog = declarations.catalog()
    [rule] = policies.rules_of(one, catalog)
    told = fit(rule, Over(batches.inputs(catalog.tables[TABLE]), catalog.parameters, DAY, f"area = '{made.DISTRICT}'"))
    kept = PolicyMatch.objects.get().counts
    assert (told.eligible, told.not_eligible, told.unknown) == (kept["eligible"], kept["not_eligible"], kept["unknown"])
    assert {key: list(row) for key, row in told.by.items()} == kept["by_condition"]


def test_only_what_changed_is_matched_again(world):
    one, other = published(world), published(world, title="另一项（虚构）")
    assert matched() == 2
    again = policies.revise(world.officer, one.pk, one.version, "放宽")
    clause = again.clauses.get(n=1)
    policies.confirm_condition(world.officer, clause.pk, clause.body | {"text": "insured < 1000"}, 0)
    again = policies.submit(world.officer, again.pk, 1)
    policies.approve(world.leader, again.pk, again.version)
    assert matched() == 1
    assert PolicyMatch.objects.get(policy=one).counts["eligible"] == 7
    assert PolicyMatch.objects.get(policy=other).counts["eligible"] == 3
    assert matched(DAY + timedelta(1)) == 2


def test_another_roll_is_matched_again(world):
    published(world)
    matched()
    rows = [row[:9] + ("1",) + row[10:] if row[9] == "" else row for row in lines()]
    delivered(world.root, rows, "次日.csv")
    assert matched() == 1
    assert PolicyMatch.objects.get().counts["eligible"] == 5


def test_drafts_and_ended_policies_are_not_matched(world):
    draft(world)
    one = published(world)
    policies.end(world.leader, one.pk, one.version, "到期")
    assert matched() == 0


def test_the_page_shows_progress_then_the_numbers(world):
    one = published(world)
    client = browser(world.officer)
    page = client.get(reverse("policy", args=[one.pk])).content.decode()
    assert "等待匹配" in page
    assert 'hx-trigger="every 2s"' in page
    match(declarations.catalog(), timezone.localdate())
    page = client.get(reverse("policy", args=[one.pk])).content.decode()
    assert "挡住最多" in page
    assert 'hx-trigger="every 2s"' not in page
    told = client.get(reverse("policy-json", args=[one.pk])).json()["match"]
    assert [row["count"] for row in told["answers"]] == [3, 3, 6]
    assert told["amount"] == "1,100.00元"


def test_the_matrix_counts_by_street_and_opens_the_firms(world):
    one = published(world)
    match(declarations.catalog(), timezone.localdate())
    told = browser(world.officer).get(reverse("policy-matrix-json")).json()
    assert [place["code"] for place in told["places"]] == [f"{made.DISTRICT}001", f"{made.DISTRICT}002"]
    [row] = told["list"]["rows"]
    assert (row["total"], [cell["words"] for cell in row["cells"]]) == ("3/0/0", ["1/0/0", "2/0/0"])
    firms = browser(world.officer).get(row["cells"][1]["href"].replace("firms/", "firms.json", 1)).json()
    assert firms["list"]["count"] == 2
    csv = b"".join(browser(world.officer).get(reverse("policy-matrix-csv")).streaming_content).decode().splitlines()
    assert csv[1] == f"{one.title},{one.number},{made.DISTRICT}001,{made.DISTRICT}001,1,0,0"


def test_the_matrix_is_sorted_by_a_place(world):
    published(world)
    published(world, title="甲（虚构）")
    match(declarations.catalog(), timezone.localdate())
    first = [browser(world.officer).get(reverse("policy-matrix-json"), {"sort": sort}).json()["list"]["rows"][0]["title"]
             for sort in ("title", "-title", "-total")]
    assert first[0] != first[1]
