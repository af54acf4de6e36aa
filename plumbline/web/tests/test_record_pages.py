"""The page of a record: its values, where it comes from, and all that rests on it; entries corrected and retired."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse

from plumbline.engine import compute
from plumbline.kernel import Cite
from plumbline.store import batches, figures, registers
from plumbline.store.models import Batch, Item
from plumbline.store.tests import made
from plumbline.web.tests import records_world, world
from plumbline.web.tests.records_world import CSV, FIRMS, HALF, YARDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(settings):
    settings.CATALOG = records_world.catalog()
    return records_world.district(settings.CATALOG)


@pytest.fixture
def browser(district):
    return world.browser(district.planner)


def record(browser, table, sha256, row):
    """A record as its page tells it."""
    answer = browser.get(reverse("record-json", args=[table, sha256, row]))
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def published(district, key, period, table):
    """A published figure of the district."""
    inputs = {table.key: batches.inputs(table)}
    run = figures.publish(None, compute(district.catalog, [district.catalog.indicators[key]], period, [made.DISTRICT], inputs))
    return run.figures.get()


def test_a_row_tells_its_values_and_its_batch(browser, district):
    told = record(browser, YARDS, district.batch.sha256, 3)
    assert (told["title"], [cell["words"] for cell in told["cells"]]) == (
        "甲-2", ["甲-2", "拆违腾退", "云溪区", "2025-04-05", "2.25"])
    assert told["hidden"] == ["联系电话"]
    assert ["报送人", "planner"] in told["origin"]
    assert ["文件", "六月.csv，第 3 行"] in told["origin"]


def test_the_ring_leads_from_a_row_to_figures_sentences_and_documents(browser, district):
    figure = published(district, "trial.cleared", "2025H1", district.yards)
    document = made.document(district.planner)
    start = document.text.index("68家")
    cite = Cite(0, 3, "trial.cleared", "trial.cleared", "面积", made.DISTRICT, "2025H1", Decimal(figure.value), "公顷",
                figures=(figure.pk,))
    with transaction.atomic():
        figures.cite(document, [figures.Place(cite, start, start + 3, "退出一般制造业企业68家。", 1)])
    told = record(browser, YARDS, district.batch.sha256, 3)["ring"]
    assert [one["label"] for one in told["indicators"]] == ["拆违腾退面积"]
    assert [(one["area"], one["period"], one["words"]) for one in told["figures"]] == [("云溪区", "2025年上半年", "3.75公顷")]
    assert [(one["document"], one["before"], one["number"], one["after"]) for one in told["cites"]] == [
        (str(document), "退出一般制造业企业", "68家", "。")]
    assert told["said"] == "这条记录：本页，指标：1 个，已公布的数：1 个，句子：1 处，文件：1 份"


def test_a_row_no_indicator_counts_says_so(browser, district):
    told = record(browser, YARDS, district.batch.sha256, 4)["ring"]
    assert (told["indicators"], told["figures"]) == ([], [])
    page = browser.get(reverse("record", args=[YARDS, district.batch.sha256, 4])).content.decode()
    assert "没有指标计入这一条" in page


def test_a_row_of_a_corrected_batch_stays_to_be_seen_and_says_by_what(browser, district):
    batches.receive(district.planner, district.yards, "更正.csv", CSV.replace("1.50", "9.50").encode(), HALF,
                    replaces=district.batch, why="面积更正")
    told = record(browser, YARDS, district.batch.sha256, 2)
    later = Batch.objects.get(state="current")
    assert told["past"] == f"这一批已被第 {later.pk} 批更正：面积更正"
    assert told["cells"][4]["words"] == "1.50"


def test_a_row_that_counts_no_longer_tells_what_rested_on_it(browser, district):
    figure = published(district, "trial.cleared", "2025H1", district.yards)
    batches.receive(district.planner, district.yards, "更正.csv", CSV.replace("1.50", "9.50").encode(), HALF,
                    replaces=district.batch, why="面积更正")
    later = published(district, "trial.cleared", "2025H1", district.yards)
    told = record(browser, YARDS, district.batch.sha256, 2)["ring"]
    assert (told["past"], [one["words"] for one in told["figures"]]) == (True, ["3.75公顷"])
    fresh = Batch.objects.get(state="current").sha256
    told = record(browser, YARDS, fresh, 2)["ring"]
    assert (told["past"], [one["words"] for one in told["figures"]], later.replaces_id) == (False, ["11.75公顷"], figure.pk)


def test_a_cut_shows_the_entry_as_it_was_then(browser, district):
    (file,) = batches.inputs(district.firms).files
    item = district.items[0]
    assert record(browser, FIRMS, file.sha256, item.pk)["past"] == ""
    registers.save(district.planner, district.firms, item.pk, {"staff": "5"}, "核实", item.version)
    told = record(browser, FIRMS, file.sha256, item.pk)
    assert ("存档时的内容" in told["past"], told["cells"][3]["words"]) == (True, "120")
    assert told["now"] == reverse("record", args=[FIRMS, "entry", item.pk])


def test_personal_values_of_a_row_want_a_reason(browser, district):
    address = reverse("record-personal-json", args=[YARDS, district.batch.sha256, 2])
    before = made.everything()
    assert browser.post(address, {"why": ""}).status_code == 400
    assert made.everything() == before
    told = browser.post(address, {"why": "核实"}).json()
    assert [(one["label"], one["words"]) for one in told["personal"]] == [("联系电话", "13900000001")]
    assert records_world.journalled("personal.see") == 1


@pytest.mark.parametrize("address", [("0" * 64, 2), ("entry", 2), ("x", 1)])
def test_what_is_not_there_is_404(browser, district, address):
    assert browser.get(reverse("record", args=[YARDS, *address])).status_code == 404
    assert browser.get(reverse("record", args=[YARDS, district.batch.sha256, 99])).status_code == 404
    assert browser.get(reverse("record", args=["no.table", district.batch.sha256, 2])).status_code == 404


def test_an_entry_is_corrected_with_a_reason_and_its_history_shown(browser, district):
    item = district.items[0]
    form = {"v.code": "910", "v.name": "甲公司", "v.area": made.DISTRICT, "v.staff": "150", "v.boss": "", "why": "现场核实",
            "version": item.version}
    assert browser.post(reverse("edit-entry", args=[FIRMS, item.pk]), form).status_code == 302
    told = record(browser, FIRMS, "entry", item.pk)
    assert ([cell["words"] for cell in told["cells"]], told["title"]) == (["910", "甲公司", "云溪区", "150", "—"], "910")
    step = told["history"][0]
    assert (step["words"], step["why"], [(one["label"], one["before"], one["after"]) for one in step["changes"]]) == (
        "修改条目", "现场核实", [("从业人员", "120", "150")])
    assert Item.objects.get(pk=item.pk).values["boss"] == "王某"


@pytest.mark.parametrize(("change", "status", "says"), [
    ({"why": ""}, 400, "理由"), ({"v.staff": "很多"}, 400, "从业人员"), ({"v.code": "911"}, 400, "已经登记过"),
    ({"version": "7"}, 409, "刚被他人修改"), ({"v.area": "110112"}, 403, "权限"), ({"v.name": ""}, 400, "名称"),
])
def test_a_correction_that_cannot_be_keeps_what_was_typed_and_changes_nothing(browser, district, change, status, says):
    item = district.items[0]
    form = {"v.code": "910", "v.name": "新名字", "v.area": made.DISTRICT, "v.staff": "1", "why": "核实",
            "version": item.version} | change
    batches.inputs(district.firms)
    before = made.everything()
    answer = browser.post(reverse("edit-entry", args=[FIRMS, item.pk]), form)
    assert (answer.status_code, says in answer.content.decode()) == (status, True)
    if status != 403:
        assert f'value="{form["v.name"]}"' in answer.content.decode()
    assert made.everything() == before


def test_an_entry_is_added_and_retired(browser, district):
    form = {"v.code": "99", "v.name": "丁公司", "v.area": made.DISTRICT, "v.open": "true", "why": "新增"}
    answer = browser.post(reverse("add-entry", args=[FIRMS]), form)
    item = Item.objects.get(key="99")
    assert answer["Location"] == reverse("record", args=[FIRMS, "entry", item.pk])
    assert item.values == {"code": "99", "name": "丁公司", "area": made.DISTRICT, "open": True}
    again = browser.post(reverse("add-entry", args=[FIRMS]), form)
    assert (again.status_code, Item.objects.filter(key="99").count()) == (400, 1)
    assert browser.post(reverse("retire-entry", args=[FIRMS, item.pk]), {"why": "注销", "version": "0"}).status_code == 302
    told = record(browser, FIRMS, "entry", item.pk)
    assert "停用" in told["past"]
    assert browser.get(f"/tables/{FIRMS}.json").json()["count"] == 3


def test_a_changed_entry_reaches_its_page_at_once(browser, district):
    assert [one["label"] for one in record(browser, FIRMS, "entry", district.items[0].pk)["ring"]["indicators"]] == ["小型企业数"]
    form = {"v.code": "910", "v.name": "甲公司", "v.area": made.DISTRICT, "v.staff": "300", "why": "扩产", "version": 0}
    browser.post(reverse("edit-entry", args=[FIRMS, district.items[0].pk]), form)
    assert record(browser, FIRMS, "entry", district.items[0].pk)["ring"]["indicators"] == []


def test_many_entries_are_changed_after_a_preview(browser, district):
    ids = [item.pk for item in district.items[:2]]
    address = reverse("edit-entries", args=[FIRMS])
    published(district, "trial.small", "2025", district.firms)
    before = made.everything()
    told = browser.post(f"{address[:-1]}.json", {"id": ids, "column": "staff", "value": "120"}).json()
    assert (told["changing"], told["same"]) == (1, 1)
    assert [(one["name"], one["before"], one["after"]) for one in told["preview"]] == [("911", "900", "120")]
    assert [(one["label"], one["area"], one["before"], one["after"]) for one in told["effects"]] == [
        ("小型企业数", "示例市", "1家", "2家"), ("小型企业数", "云溪区", "1家", "2家")]
    assert made.everything() == before
    form = {"id": ids, "column": "staff", "value": "120", "commit": "1", "count": "2", "why": "核查"}
    assert browser.post(address, form).status_code == 302
    assert list(Item.objects.order_by("pk").values_list("version", flat=True)) == [0, 1, 0]
    assert records_world.journalled("item.edit") == 1


def test_all_that_pass_a_filter_are_changed_at_once(browser, district):
    address = reverse("edit-entries", args=[FIRMS])
    told = browser.get(f"{address[:-1]}.json", {"all": "1", "query": "c.staff.from=100"}).json()
    assert (told["count"], told["ids"]) == (2, [])
    form = {"all": "1", "query": "c.staff.from=100", "column": "open", "value": "否", "commit": "1", "count": "2", "why": "停业"}
    assert browser.post(address, form).status_code == 302
    assert [item.values.get("open") for item in Item.objects.order_by("pk")] == [False, False, None]


@pytest.mark.parametrize(("form", "status"), [
    ({"column": "code", "value": "1", "commit": "1", "count": "2", "why": "x"}, 400),
    ({"column": "staff", "value": "多", "commit": "1", "count": "2", "why": "x"}, 400),
    ({"column": "staff", "value": "1", "commit": "1", "count": "3", "why": "x"}, 409),
    ({"column": "staff", "value": "1", "commit": "1", "count": "2", "why": ""}, 400),
    ({"column": "boss", "value": "某", "count": "2"}, 400), ({"column": "staff", "value": "多"}, 400),
])
def test_a_bulk_change_that_cannot_be_changes_nothing(browser, district, form, status):
    before = made.everything()
    ids = {"id": [item.pk for item in district.items[:2]]}
    assert browser.post(reverse("edit-entries", args=[FIRMS]), form | ids).status_code == status
    assert made.everything() == before


def test_nothing_chosen_is_told(browser, district):
    assert browser.get(reverse("edit-entries", args=[FIRMS])).status_code == 400
    assert browser.get(reverse("add-entry", args=[YARDS])).status_code == 400
