"""Handing records in: checked and shown before anything is kept, then received; corrected, withdrawn, given up."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from plumbline.engine import compute
from plumbline.store import batches, deliveries, figures
from plumbline.store.models import Batch, Delivery, Item
from plumbline.store.tests import made
from plumbline.web.tests import records_world, world
from plumbline.web.tests.records_world import CSV, FIRMS, YARDS

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = {"area": made.DISTRICT, "first": "2025-07-01", "last": "2025-07-31", "why": "七月月报"}
JULY = "地块编号,类别,所在区,完成日期,面积\n丙-1,拆违腾退,990101,2025-07-03,4\n"


@pytest.fixture
def district(settings):
    settings.CATALOG = records_world.catalog()
    return records_world.district(settings.CATALOG)


@pytest.fixture
def browser(district):
    return world.browser(district.planner)


def send(browser, text=JULY, table=YARDS, name="七月.csv", **fields):
    """Hand a file in; the answer and the delivery."""
    data = text if isinstance(text, bytes) else text.encode()
    answer = browser.post(reverse("deliver", args=[table]), {**SECOND, **fields, "file": SimpleUploadedFile(name, data)})
    return answer, Delivery.objects.first()


def held():
    """What lies in the holding folder."""
    folder = deliveries.holding.folder()
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".csv") if folder.exists() else []


def test_a_delivery_waits_for_a_yes_and_is_then_a_batch(browser):
    answer, row = send(browser)
    assert (answer.status_code, row.state, Batch.objects.count()) == (302, "ready", 1)
    told = browser.get(reverse("delivery-json", args=[YARDS, row.pk])).json()
    assert (told["said"], told["first_rows"]) == ("共 1 行，没有发现问题", [["丙-1", "拆违腾退", "云溪区", "2025-07-03", "4.00"]])
    assert len(held()) == 1
    assert browser.post(reverse("accept-delivery", args=[YARDS, row.pk])).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.batch.rows, row.batch.source_sha256) == ("received", 1, row.sha256)
    assert held() == []
    assert browser.get(f"/tables/{YARDS}.json").json()["count"] == 5
    assert [records_world.journalled(f"delivery.{deed}") for deed in ("hand-in", "check", "accept", "receive")] == [1] * 4


def test_the_preview_says_which_figures_would_change(browser, district):
    one = district.catalog.indicators["trial.cleared"]
    inputs = {YARDS: batches.inputs(district.yards)}
    for period in ("2025", "2025H1", "2025-07"):
        figures.publish(None, compute(district.catalog, [one], period, [made.DISTRICT], inputs))
    _, row = send(browser)
    changes = browser.get(reverse("delivery-json", args=[YARDS, row.pk])).json()["changes"]
    shown = [(one["label"], one["area"], one["period"], one["before"], one["after"]) for one in changes]
    assert ("拆违腾退面积", "云溪区", "2025年7月", "没有收到", "4公顷") in shown
    assert not [one for one in shown if one[2] in ("2025年", "2025年上半年")]


def test_a_correction_replaces_and_the_preview_shows_old_and_new(browser, district):
    text = CSV.replace("1.50", "9.50")
    _, row = send(browser, text, first="2025-01-01", last="2025-06-30", replaces=district.batch.pk, why="面积更正")
    told = browser.get(reverse("delivery-json", args=[YARDS, row.pk])).json()
    assert ("3.75公顷", "11.75公顷") in [(one["before"], one["after"]) for one in told["changes"]]
    assert Batch.objects.get().state == "current"
    browser.post(reverse("accept-delivery", args=[YARDS, row.pk]))
    assert [one.state for one in Batch.objects.order_by("pk")] == ["replaced", "current"]


def test_what_is_wrong_is_told_all_at_once_and_nothing_is_kept(browser):
    text = "地块编号,类别,所在区,完成日期,面积\n丙-1,别的,110112,2025-02-30,四\n丙-1,拆违腾退,990101,2025-07-03,1.234\n"
    before = Batch.objects.count()
    _, row = send(browser, text)
    assert (row.state, Batch.objects.count(), held()) == ("refused", before, [])
    told = browser.get(reverse("delivery-json", args=[YARDS, row.pk])).json()
    places = [one["where"] for one in told["findings"]]
    assert {"第 2 行「类别」", "第 2 行「完成日期」", "第 2 行「面积」", "第 3 行「面积」"} <= set(places)
    page = browser.get(reverse("delivery", args=[YARDS, row.pk])).content.decode()
    assert "什么都没有收下" in page
    assert "确认收下" not in page
    text = world.drained(browser.get(reverse("delivery-csv", args=[YARDS, row.pk]))).decode()
    assert text.count("第 2 行") >= 3


@pytest.mark.parametrize(("fields", "says"), [
    ({"first": "2025-07-31", "last": "2025-07-01"}, "晚于"), ({"first": "2025-02-30"}, "不是日期"),
    ({"area": []}, "覆盖哪些地区"), ({"replaces": "999"}, "没有要更正的那一批"), ({"text": ""}, "空文件"),
])
def test_a_form_that_cannot_be_is_refused_beside_the_form(browser, fields, says):
    before = made.everything()
    answer, row = send(browser, **fields)
    assert (answer.status_code, row) == (400, None)
    assert says in answer.content.decode()
    assert made.everything() == before
    assert held() == []


def test_no_file_is_told(browser):
    answer = browser.post(reverse("deliver", args=[YARDS]), SECOND)
    assert (answer.status_code, "没有选择文件" in answer.content.decode()) == (400, True)


def test_a_delivery_of_the_same_days_says_which_batch_stands_there(browser, district):
    _, row = send(browser, first="2025-06-01", last="2025-07-31")
    assert row.state == "refused"
    assert any("六月.csv" in one["message"] for one in row.findings)


def test_giving_up_keeps_nothing(browser):
    _, row = send(browser)
    assert browser.post(reverse("stop-delivery", args=[YARDS, row.pk])).status_code == 302
    row.refresh_from_db()
    assert (row.state, held(), Batch.objects.count()) == ("stopped", [], 1)
    assert browser.post(reverse("accept-delivery", args=[YARDS, row.pk])).status_code == 409
    assert Batch.objects.count() == 1


def test_a_withdrawn_batch_tells_nothing_any_more(browser, district):
    address = reverse("withdraw", args=[YARDS, district.batch.pk])
    before = made.everything()
    assert browser.post(address, {"why": ""}).status_code == 400
    assert made.everything() == before
    assert browser.post(address, {"why": "报错了区"}).status_code == 302
    assert browser.get(f"/tables/{YARDS}.json").json()["count"] == 0
    (row,) = browser.get(f"/tables/{YARDS}/deliver.json").json()["list"]["rows"]
    assert (row["state"], row["reason"]) == ("已撤回", "报错了区")


def test_an_import_into_a_register_says_what_is_new_and_what_changes(browser, district):
    inputs = {FIRMS: batches.inputs(district.firms)}
    small = district.catalog.indicators["trial.small"]
    figures.publish(None, compute(district.catalog, [small], "2025", [made.DISTRICT], inputs))
    text = "代码,名称,所在区,从业人员\n910,甲公司,990101,130\n912,丙公司,990101,\n913,丁公司,990101,5\n"
    _, row = send(browser, text, FIRMS, "名录.csv", why="年度核查")
    told = browser.get(reverse("delivery-json", args=[FIRMS, row.pk])).json()
    assert told["said"] == "共 3 行，新增 1 条，修改 1 条，不变 1 条，没有发现问题"
    assert told["first_rows"][0] == ["2", "910", "从业人员：120 → 130"]
    assert told["changes"][1] == {"label": "小型企业数", "area": "云溪区", "period": "2025年", "before": "1家", "after": "2家"}
    assert Item.objects.count() == 3
    browser.post(reverse("accept-delivery", args=[FIRMS, row.pk]))
    assert (Item.objects.count(), Item.objects.get(key="910").values["staff"]) == (4, 130)
    (kept,) = browser.get(f"/tables/{FIRMS}/deliver.json").json()["list"]["rows"]
    assert (kept["name"], kept["rows"], kept["state"]) == ("名录.csv", 3, "已收下")


def test_a_template_has_the_heads_and_can_be_handed_in_again(browser, district):
    data = browser.get(reverse("table-template", args=[YARDS])).content
    book = load_workbook(io.BytesIO(data))
    assert [cell.value for cell in book.active[1]] == ["地块编号", "类别", "所在区", "完成日期", "面积", "联系电话"]
    _, row = send(browser, data, name="空.xlsx", first="2025-08-01", last="2025-08-31")
    assert (row.state, row.preview["rows"]) == ("ready", 0)


def test_batches_are_listed_filtered_and_exported(browser):
    told = browser.get(f"/tables/{YARDS}/deliver.json?state=current&q=六月").json()["list"]
    assert [(row["name"], row["areas"], row["days"], row["rows"]) for row in told["rows"]] == [
        ("六月.csv", "云溪区", "2025-01-01 至 2025-06-30", 4)]
    assert browser.get(f"/tables/{YARDS}/deliver.json?state=withdrawn").json()["list"]["count"] == 0
    text = world.drained(browser.get(f"/tables/{YARDS}/deliver.csv")).decode("utf-8-sig")
    assert text.splitlines()[1].startswith(f"{Batch.objects.get().pk},六月.csv,现行,云溪区,2025-01-01 至 2025-06-30,4,planner")
    assert browser.get(f"/tables/{YARDS}/deliver.xlsx").status_code == 200
