"""The officer's pages of policies: who sees what, what is written, four eyes, paging, files without formulas."""

import io
from html import unescape

import openpyxl
import pytest
from django.urls import reverse

from plumbline.kernel import BadInput
from plumbline.store import policies
from plumbline.store.models import Entry, Policy
from plumbline.store.tests import made
from plumbline.systems.enterprise.tests.policy_world import district, draft, published
from plumbline.web.tests.world import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return district()


def get(who, name, *args, **told):
    return browser(who).get(reverse(name, args=args), told)


def text(answer):
    return unescape(answer.content.decode())


def post(who, name, *args, **told):
    return browser(who).post(reverse(name, args=args), told, follow=True)


FIELDS = {"title": "租金补贴（虚构）", "number": "云溪发〔2020〕2号", "issuer": "云溪区人民政府", "way": "apply",
          "since": "2020-02-01", "area": made.DISTRICT, "materials": "营业执照\n租房合同", "text": "参保职工少于30人。"}


def test_a_policy_is_drafted_worked_on_approved_and_published_in_the_pages(world):
    answer = post(world.officer, "policy-add", office=world.bureau.pk, **FIELDS)
    one = Policy.objects.get()
    assert (answer.redirect_chain[-1][0], one.materials) == (reverse("policy-work", args=[one.pk]), ["营业执照", "租房合同"])
    answer = post(world.officer, "policy-clause", one.pk, kind="condition", how="form", column="insured", sign="lt", value="30",
                  version=0)
    assert "参保职工少于30人" in text(answer)
    answer = post(world.officer, "policy-clause", one.pk, kind="gift", gift_label="补贴", base="social_paid_yuan", rate="30%",
                  version=1)
    assert policies.rules_of(Policy.objects.get(), policies_catalog())[0].gives.rate == "0.3"
    post(world.officer, "policy-do", one.pk, "submit", version=2)
    assert browser(world.officer).post(reverse("policy-do", args=[one.pk, "approve"]), {"version": 3}).status_code == 403
    assert "有 1 项政策等待审核" in text(get(world.leader, "policies")).replace("<strong>", "").replace("</strong>", "")
    answer = post(world.leader, "policy-do", one.pk, "approve", version=3, why="同意")
    assert "第 1 版" in text(answer)
    assert Policy.objects.get().state == "published"
    assert Entry.objects.filter(action="policy.publish").count() == 1


def policies_catalog():
    """The catalog as it is installed."""
    from_settings = policies.editing.declarations.catalog()
    return from_settings


@pytest.mark.parametrize("wrong", [{"title": ""}, {"since": "二月"}, {"office": "0"}, {"until": "2019-01-01"}, {"area": "1"}])
def test_fields_that_cannot_be_are_told_and_nothing_is_kept(world, wrong):
    told = {"office": world.bureau.pk} | FIELDS | wrong
    answer = browser(world.officer).post(reverse("policy-add"), told)
    assert (answer.status_code, Policy.objects.count()) in ((400, 0), (403, 0))


@pytest.mark.parametrize(("who", "add", "work", "page"), [
    ("planner", 200, 200, 200), ("officer", 200, 200, 200), ("leader", 403, 404, 200), ("deputy", 403, 404, 404),
    ("stranger", 200, 404, 404), ("neighbour", 200, 404, 404)])
def test_who_drafts_and_who_opens_a_draft(world, who, add, work, page):
    one, client = draft(world), browser(getattr(world, who))
    assert [client.get(reverse(name, args=args)).status_code for name, args in (
        ("policy-add", []), ("policy-work", [one.pk]), ("policy", [one.pk]))] == [add, work, page]
    for name, args in (("policy-clause", [one.pk]), ("policy-trial", [one.pk])):
        refused = who in ("leader", "deputy", "stranger", "neighbour")
        assert (client.post(reverse(name, args=args), {"version": one.version}).status_code == 404) is refused


def test_a_published_policy_is_seen_by_a_deputy_and_by_everybody(world):
    one = published(world)
    for who in (world.deputy, world.stranger, world.neighbour):
        assert "参保职工少于30人" in text(get(who, "policy", one.pk))
        assert get(who, "policies").status_code == 200
    answer = browser().get(reverse("public-policy", args=[one.pk]))
    assert "参保职工少于30人" in text(answer)

    assert world.officer.username not in text(answer)


def test_what_is_not_published_is_nowhere_in_public(world):
    one = draft(world)
    assert browser().get(reverse("public-policy", args=[one.pk])).status_code == 404
    assert one.title not in text(browser().get(reverse("public-policies")))
    for name, args in (("policies", []), ("policy", [one.pk]), ("policy-work", [one.pk]), ("policy-matrix", [])):
        assert browser().get(reverse(name, args=args)).status_code == 302


def test_the_public_search_finds_by_words_of_the_text(world):
    one = published(world)
    client = browser()
    assert one.title in text(client.get(reverse("public-policies"), {"q": "三个月社会保险费"}))
    assert one.title in text(client.get(reverse("public-policies"), {"q": "社会保险费 租房"}))
    for words in ("担保", "社会保险费 担保"):
        shown = text(client.get(reverse("public-policies"), {"q": words}))
        assert (one.title in shown, f"{reverse('policy-ask')}?q=" in shown) == (False, True)
    policies.end(world.leader, one.pk, one.version, "资金用完")
    assert one.title in text(client.get(reverse("public-policies"), {"on": "ended"}))
    assert one.title not in text(client.get(reverse("public-policies"), {"on": "now"}))


def test_the_workbench_shows_at_once_whom_a_condition_fits(world):
    one = draft(world)
    told = browser(world.officer).post(reverse("policy-trial-json", args=[one.pk]), {"kind": "condition", "how": "form"}).json()
    assert (told["total"], [(row["key"], row["count"]) for row in told["answers"]]) == (
        12, [("eligible", 3), ("unknown", 3), ("not_eligible", 6)])
    assert [(bar["label"], bar["fails"], bar["unknown"], bar["alone"], bar["most"]) for bar in told["bars"]] == [
        ("参保职工少于30人", 5, 3, 4, True), ("租房经营", 2, 1, 1, False)]
    typed = {"kind": "condition", "how": "form", "column": "insured", "sign": "le", "value": "10"}
    told = browser(world.officer).post(reverse("policy-trial-json", args=[one.pk]), typed).json()
    assert (told["answers"][0]["count"], told["reading"]) == (2, ["参保职工不超过10人"])
    assert [firm["name"] for firm in told["answers"][0]["examples"]] == ["虚构企业1", "虚构企业2"]
    told = browser(world.officer).post(reverse("policy-trial-json", args=[one.pk]), typed | {"value": "十"}).json()
    assert ("不是数" in told["findings"][0]["message"], told["answers"]) == (True, [])
    assert Policy.objects.get().version == one.version


@pytest.mark.parametrize("typed", [
    {"kind": "gift", "base": "employees", "rate": "1e99999999%"}, {"kind": "gift", "base": "employees", "rate": "1e99999999"},
    {"kind": "gift", "base": "employees", "rate": "1", "cap": "9" * 5000}, {"kind": "gift", "base": "x" * 3000, "rate": "1"},
    {"kind": "gift", "base": "employees", "band_when": ["renter"] * 41, "band_rate": ["1"] * 41},
    {"kind": "condition", "how": "free", "free": " OR ".join(["name LIKE '%a%b%c%'"] * 200)}])
def test_what_could_not_be_saved_is_not_tried_either(world, typed):
    one = draft(world)
    answer = browser(world.officer).post(reverse("policy-trial-json", args=[one.pk]), typed)
    assert (answer.status_code, answer.json()["answers"], bool(answer.json()["findings"])) == (200, [], True)
    assert len(answer.content) < 10_000


def test_a_text_with_what_no_database_keeps_is_refused(world):
    for odd in ("原文\0", "原文\ud83d"):
        with pytest.raises(BadInput):
            draft(world, text=odd)
    assert Policy.objects.count() == 0


def test_a_change_of_a_clause_is_tried_in_its_place(world):
    one = draft(world)
    clause = one.clauses.get(n=1)
    typed = {"kind": "condition", "how": "free", "free": "insured < 1000", "clause": clause.pk}
    told = browser(world.officer).post(reverse("policy-trial-json", args=[one.pk]), typed).json()
    assert [row["count"] for row in told["answers"]] == [7, 3, 2]


def test_the_form_takes_a_clause_apart_again(world):
    one = draft(world)
    page = text(get(world.officer, "policy-fields", one.pk, clause=one.clauses.get(n=1).pk))
    assert '<option value="insured" selected>' in page
    assert 'value="30"' in page
    page = text(get(world.officer, "policy-fields", one.pk, column="kind", sign="in"))
    assert 'value="农民专业合作社"' in page


def test_the_list_is_filtered_paged_and_exported_without_formulas(world):
    for n in range(60):
        draft(world, title="=1+1" if n == 0 else f"政策{n}")
    assert "第 1 / 2 页" in text(get(world.officer, "policies"))
    assert get(world.officer, "policies-json", q="政策5").json()["list"]["count"] == 11
    book = openpyxl.load_workbook(io.BytesIO(get(world.officer, "policies-xlsx").content))
    rows = list(book.active.iter_rows())
    titles = {cell.value: cell.data_type for [cell] in ([row[0]] for row in rows)}
    assert (len(rows), titles["=1+1"]) == (61, "s")
    csv = b"".join(browser(world.officer).get(reverse("policies-csv")).streaming_content).decode()
    assert "'=1+1" in csv


def test_somebody_quicker_is_told_and_what_was_typed_stays(world):
    one = draft(world)
    answer = browser(world.officer).post(reverse("policy-clause", args=[one.pk]), {
        "kind": "condition", "how": "free", "free": "employees < 7", "version": 0})
    assert answer.status_code == 409
    assert "employees < 7" in text(answer)


def test_an_edition_stays_as_it_was_published(world):
    one = published(world)
    again = policies.revise(world.officer, one.pk, one.version, "改名")
    policies.edit(world.officer, again.pk, {"title": "新名称"}, 0)
    again = policies.submit(world.officer, again.pk, 1)
    policies.approve(world.leader, again.pk, again.version)
    page = text(get(world.deputy, "policy-version", one.pk, 1))
    assert "稳岗补贴（虚构）" in page
    assert "已被第 2 版替换" in page
    assert "新名称" in text(get(world.deputy, "policy", one.pk))
    assert get(world.deputy, "policy-version", one.pk, 3).status_code == 404


def test_the_firms_of_an_answer_are_those_of_ones_own_area(world):
    one = published(world)
    told = get(world.officer, "policy-parties-json", one.pk, answer="eligible").json()
    assert [row["cells"][1] for row in told["list"]["rows"]] == ["虚构企业1", "虚构企业2", "虚构企业3"]
    assert [row["why"] for row in told["list"]["rows"]] == ["500.00元", "300.00元", "300.00元"]
    rows = get(world.officer, "policy-parties-json", one.pk, answer="unknown").json()["list"]["rows"]
    assert [row["why"] for row in rows] == ["参保职工、租房经营", "参保职工", "参保职工"]
    rows = get(world.officer, "policy-parties-json", one.pk, answer="not_eligible", page=99).json()["list"]["rows"]
    assert rows[0]["why"] == "租房经营：现为“否”，须为“是”"
    told = get(world.officer, "policy-parties-json", one.pk, answer="eligible", street=f"{made.DISTRICT}001").json()
    assert [row["cells"][1] for row in told["list"]["rows"]] == ["虚构企业2"]
    assert get(world.neighbour, "policy-parties-json", one.pk, answer="eligible").json()["list"]["count"] == 0
    assert get(world.deputy, "policy-parties", one.pk).status_code == 404
    book = openpyxl.load_workbook(io.BytesIO(get(world.officer, "policy-parties-xlsx", one.pk, answer="unknown").content))
    assert book.active.max_row == 4


def test_a_policy_that_was_not_matched_has_no_numbers_in_the_matrix(world):
    published(world)
    told = get(world.officer, "policy-matrix-json").json()
    assert (told["list"]["count"], told["places"]) == (1, [])


def test_what_is_hostile_stays_text_on_every_page(world):
    script = "=1+1<script>alert(9)</script>"
    one = published(world, title=script, number=script, text=f"参保职工少于30人{script}", materials=[script])
    draft(world, title=script, text=f"参保职工少于30人的企业可以申请{script}")
    addresses = [("policies", []), ("policy", [one.pk]), ("policy-matrix", []), ("policy-parties", [one.pk]),
                 ("policy-version", [one.pk, 1]), ("public-policies", []), ("public-policy", [one.pk]),
                 ("policy-work", [one.pk + 1]), ("policy-edit", [one.pk + 1])]
    for name, args in addresses:
        page = get(world.officer, name, *args).content.decode()
        assert "<script>alert(9)" not in page, name
        assert "&lt;script&gt;" in page, name


def test_the_list_asks_the_same_of_the_database_however_long_it_is(world, django_assert_max_num_queries):
    client = browser(world.officer)
    for n in range(5):
        draft(world, title=f"政策{n}")
    with django_assert_max_num_queries(20) as few:
        client.get(reverse("policies"))
    for n in range(30):
        draft(world, title=f"又一项{n}")
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("policies"))
