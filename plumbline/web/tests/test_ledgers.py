"""Ledgers in the browser's language: declared in a form or from a spreadsheet, changed, counted, put out of use."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from plumbline.store import declarations, registers
from plumbline.store.declarations.tests.made import BODY, COUNTED, KEY, ledger
from plumbline.store.declarations.tests.made import counted as count_it
from plumbline.store.models import Declaration, Item
from plumbline.store.tests import made
from plumbline.web.ledger_sample import proposed
from plumbline.web.tests import world

pytestmark = pytest.mark.django_db
NAMES = ("key", "label", "type", "unit", "scale", "required", "role", "names", "personal", "choices", "meaning")
COLUMNS = (
    ("", "编号", "text", "", "2", "1", "", "1", "", "", ""), ("", "所在区", "text", "", "2", "1", "area", "", "", "", ""),
    ("", "类别", "text", "", "2", "1", "", "", "", "堆场、库房，大棚", ""),
    ("", "占地", "decimal", "亩", "1", "", "", "", "", "", "实测"),
    ("", "关停日期", "date", "", "2", "", "dated", "", "", "", ""), ("", "", "text", "", "2", "", "", "", "", "", ""),
)
FORM = {"label": "堆场台账", "meaning": "模拟", "owner": "区经信局", "register": "1", "delete_months": "", "area": made.DISTRICT}


def form(columns=COLUMNS, **changes):
    """What the form sends."""
    return FORM | {f"column_{name}": [column[at] for column in columns] for at, name in enumerate(NAMES)} | changes


@pytest.fixture
def planner():
    return made.user()


@pytest.fixture
def client(planner):
    return world.browser(planner)


def sheet(*rows):
    """An xlsx as somebody keeps one."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rows(planner, *entries):
    """Entries of the ledger."""
    table = declarations.catalog().tables[KEY]
    for number, kind, closed, land in entries:
        registers.save(planner, table, None, {
            "number": number, "area": made.DISTRICT, "kind": kind, "closed_on": closed, "land": land}, "登记", None)


def test_a_ledger_is_declared_in_a_form(client):
    answer = client.post(reverse("new-ledger"), form())
    assert answer.status_code == 302
    assert answer["Location"] == reverse("ledger", args=[KEY])
    table = declarations.catalog().tables[KEY]
    assert [(one.key, one.label, one.type) for one in table.columns] == [
        ("c1", "编号", "text"), ("c2", "所在区", "text"), ("c3", "类别", "text"), ("c4", "占地", "decimal"),
        ("c5", "关停日期", "date")]
    assert (table.area, table.dated, table.identity, table.register) == ("c2", "c5", ("c1",), True)
    assert table.column("c3").choices == ("堆场", "库房", "大棚")
    assert (table.column("c4").unit, table.column("c4").scale, table.column("c4").required) == ("亩", 1, False)
    page = client.get(answer["Location"]).content.decode()
    assert "堆场台账" in page
    assert "还没有指标" in page


@pytest.mark.parametrize(("changes", "words"), [
    ({"label": ""}, "请填写名称"), ({"column_role": ["area", "area", "", "", "", ""]}, "都选作地区"),
    ({"column_role": [""] * 6}, "请选出写地区的一栏"), ({"column_names": [""] * 6}, "须说明哪几栏指明一行"),
])
def test_what_is_wrong_is_said_beside_what_was_typed(client, changes, words):
    before = made.everything()
    answer = client.post(reverse("new-ledger"), form(**changes))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert "堆场、库房，大棚" in page
    assert made.everything() == before


def test_a_form_that_lost_a_part_is_refused(client):
    before = made.everything()
    assert client.post(reverse("new-ledger"), form(column_unit=["亩"])).status_code == 400
    assert made.everything() == before


def test_columns_are_proposed_from_a_spreadsheet_and_nothing_is_kept(client):
    before = made.everything()
    data = sheet(["编号", "所在区", "面积（亩）", "类别", "完成日期", "联系电话", "户数"],
                 *[[f"A{n}", "云溪区", 1.25 * n, ("甲", "乙")[n % 2], "2025-03-01", f"1380000000{n}", n] for n in range(1, 9)])
    answer = client.post(reverse("new-ledger"), {"sample": SimpleUploadedFile("小院.xlsx", data)})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "是从「小院.xlsx」认出来的" in page
    assert 'value="甲、乙"' in page or 'value="乙、甲"' in page
    assert made.everything() == before


def test_types_units_choices_and_what_is_personal_are_recognised():
    columns = proposed(sheet(
        ["序号", "街道", "面积（亩）", "类别", "完成日期", "联系电话", "户数", "备注（可空）", "是否达标", "区划"],
        *[[n, f"街道{n}", 1.25 * n, ("甲", "乙")[n % 2], "2025年3月1日", f"0108000{n}", n, None, "是", "110112"]
          for n in range(1, 9)]), "a.xlsx")
    assert [(one["label"], one["type"], one["unit"]) for one in columns] == [
        ("序号", "text", ""), ("街道", "text", ""), ("面积", "decimal", "亩"),
        ("类别", "text", ""), ("完成日期", "date", ""),
        ("联系电话", "text", ""), ("户数", "integer", ""), ("备注（可空）", "text", ""), ("是否达标", "boolean", ""),
        ("区划", "text", "")]
    assert [one["label"] for one in columns if one["personal"]] == ["联系电话"]
    assert [(one["label"], one["role"]) for one in columns if one["role"]] == [("完成日期", "dated"), ("区划", "area")]
    assert [one["label"] for one in columns if one["names"]] == ["序号"]
    assert [one["label"] for one in columns if not one["required"]] == ["备注（可空）"]
    assert sorted(columns[3]["choices"]) == ["乙", "甲"]
    assert columns[2]["scale"] == 2


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"a,b\n1,2\n"])
def test_what_is_no_spreadsheet_is_refused_in_words(client, data):
    before = made.everything()
    answer = client.post(reverse("new-ledger"), {"sample": SimpleUploadedFile("x.xlsx", data or b" ")})
    assert answer.status_code == 400
    assert "打不开" in answer.content.decode()
    assert made.everything() == before


def test_a_change_is_a_new_version_told_in_words(client, planner):
    client.post(reverse("new-ledger"), form())
    keyed = tuple((f"c{at}", *column[1:]) for at, column in enumerate(COLUMNS[:5], 1))
    more = (*keyed, ("", "备注", "text", "", "2", "", "", "", "", "", ""))
    answer = client.post(reverse("edit-ledger", args=[KEY]), form(more, version="1", why="补一栏"))
    assert answer.status_code == 302
    page = client.get(reverse("ledger", args=[KEY])).content.decode()
    assert "增加栏目「备注」" in page
    assert "补一栏" in page
    assert declarations.catalog().tables[KEY].columns[-1].key == "c6"


def test_a_change_on_an_older_version_is_refused(client, planner):
    client.post(reverse("new-ledger"), form())
    keyed = tuple((f"c{at}", *column[1:]) for at, column in enumerate(COLUMNS[:5], 1))
    before = made.everything()
    answer = client.post(reverse("edit-ledger", args=[KEY]), form(keyed, version="0", why="x"))
    assert answer.status_code == 409
    assert made.everything() == before


def test_an_indicator_is_tried_and_saved(client, planner):
    ledger(planner)
    rows(planner, ("1", "堆场", "2025-02-01", "3.5"), ("2", "堆场", None, "1.0"), ("3", "库房", "2025-03-01", "2.0"))
    typed = {"label": "关停堆场", "kind": "count", "where": "kind = '堆场' and closed_on is not null", "unit": "个",
             "decimals": "0", "dated": "closed_on", "source": "本系统约定", "adds": "1", "period": "2025H1"}
    piece = client.post(reverse("check-indicator", args=[KEY]), typed).content.decode()
    assert "1个" in piece
    assert "数了 1 行" in piece
    assert "不算的前几行" in piece
    assert Declaration.objects.filter(kind="indicator").count() == 0
    answer = client.post(reverse("add-indicator", args=[KEY]), typed)
    assert answer.status_code == 302
    assert declarations.catalog().indicators[COUNTED].where == typed["where"]
    assert "关停堆场" in client.get(reverse("ledger", args=[KEY])).content.decode()


def test_a_share_says_of_each_row_whether_it_passes(client, planner):
    ledger(planner)
    rows(planner, ("1", "堆场", "2025-02-01", "3.5"), ("2", "堆场", None, "1.0"))
    typed = {"label": "x", "kind": "share", "of": "closed_on is not null", "where": "kind = '堆场'", "dated": "",
             "period": "2025H1"}
    piece = client.post(reverse("check-indicator", args=[KEY]), typed).content.decode()
    assert "50%" in piece
    assert "✓ 符合" in piece
    assert "✗ 不符合" in piece


@pytest.mark.parametrize(("where", "words"), [
    ("kind = '堆", "引号没有成对"), ("phone = '1'", "个人信息"), ("length(kind)", "应当是「是」或「否」"),
    ("land / 2 > 1", "乘"), ("kind = '棚'", "棚"), ("closed_at is null", "closed_at"),
])
def test_an_expression_that_cannot_be_is_answered_in_place(client, planner, where, words):
    ledger(planner)
    before = made.everything()
    answer = client.post(reverse("check-indicator", args=[KEY]), {"kind": "count", "where": where, "period": "2025"})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert made.everything() == before


def test_an_indicator_is_changed_with_a_reason_and_retired(client, planner):
    ledger(planner)
    count_it(planner)
    address = reverse("ledger-indicator", args=[KEY, COUNTED])
    typed = {"label": "关停", "kind": "sum", "of": "land", "where": "", "unit": "亩", "dated": "closed_on", "source": "约定",
             "version": "1"}
    assert client.post(address, typed).status_code == 400
    assert client.post(address, typed | {"why": "改为面积"}).status_code == 302
    assert declarations.catalog().indicators[COUNTED].kind == "sum"
    told = {"version": "2", "why": "不再需要", "state": "retired"}
    retired = client.post(reverse("retire-indicator", args=[KEY, COUNTED]), told)
    assert retired.status_code == 302
    assert declarations.retired() == {COUNTED}
    assert "已停用" in client.get(address).content.decode()


def test_a_ledger_is_retired_and_comes_back(client, planner):
    ledger(planner)
    assert client.post(reverse("retire-ledger", args=[KEY]), {"version": "1", "why": ""}).status_code == 400
    assert client.post(reverse("retire-ledger", args=[KEY]), {"version": "1", "why": "结束"}).status_code == 302
    page = client.get(reverse("ledger", args=[KEY])).content.decode()
    assert "重新启用" in page
    assert client.post(reverse("restore-ledger", args=[KEY]), {"version": "2", "why": "继续"}).status_code == 302
    assert declarations.retired() == frozenset()


def test_the_empty_spreadsheet_holds_heads_notes_and_choices(client, planner):
    ledger(planner)
    answer = client.get(reverse("ledger-template", args=[KEY]))
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [cell.value for cell in page[1]] == [one["label"] for one in BODY["columns"].values()]
    assert "必填" in page["A1"].comment.text
    kinds = {str(rule.sqref): rule.type for rule in page.data_validations.dataValidation}
    assert kinds == {"B2:B5001": "list", "C2:C5001": "list", "D2:D5001": "date", "E2:E5001": "decimal"}
    assert page.max_row == 1
    # as the format has it: no sign of equality in front
    assert page.data_validations.dataValidation[1].formula1 == "'可选值'!$C$1:$C$2"


@pytest.mark.parametrize("name", ["ledgers", "ledger", "new-ledger", "edit-ledger", "add-indicator", "ledger-template"])
def test_strangers_neighbours_and_deputies_stay_outside(planner, name):
    ledger(planner)
    arguments = [] if name in ("ledgers", "new-ledger") else [KEY]
    address = reverse(name, args=arguments)
    assert world.browser().get(address).status_code == 302
    for somebody in (made.user("n", area=made.NEIGHBOUR), made.user("d", "deputy")):
        answer = world.browser(somebody).get(address)
        if name == "ledgers":
            assert "堆场库房台账" not in answer.content.decode()
        elif arguments:
            assert answer.status_code == 404
        else:
            assert answer.status_code == (403 if somebody.role == "deputy" else 200)


def test_a_leader_reads_and_cannot_change(planner):
    ledger(planner)
    count_it(planner)
    leader = world.browser(made.user("leader", "leader"))
    before = made.everything()
    page = leader.get(reverse("ledger", args=[KEY])).content.decode()
    assert "停用这份台账" not in page
    assert leader.get(reverse("ledger-indicator", args=[KEY, COUNTED])).status_code == 200
    assert leader.post(reverse("new-ledger"), form()).status_code == 403
    assert leader.post(reverse("edit-ledger", args=[KEY]), form(version="1", why="x")).status_code == 403
    assert leader.post(reverse("retire-ledger", args=[KEY]), {"version": "1", "why": "x"}).status_code == 403
    assert leader.post(reverse("add-indicator", args=[KEY]), {"kind": "count"}).status_code == 403
    assert made.everything() == before


def test_the_list_is_filtered_and_handed_out(client, planner, django_assert_max_num_queries):
    ledger(planner)
    for number in range(2, 12):
        declarations.declare_table(planner, f"ledgers.d{made.DISTRICT}_t{number}", BODY | {"label": f"第{number}份"})
    with django_assert_max_num_queries(12):
        page = client.get(reverse("ledgers"), {"q": "第3份"}).content.decode()
    assert page.count("第3份") >= 1
    assert "第4份" not in page
    assert client.get(reverse("ledgers-json")).json()["list"]["count"] == 11
    assert client.get(reverse("ledgers-xlsx")).status_code == 200
    assert client.get(reverse("ledger-json", args=[KEY])).json()["row"]["label"] == "堆场库房台账"


def test_the_empty_spreadsheet_once_filled_is_taken_in(client, planner, tmp_path):
    ledger(planner)
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("ledger-template", args=[KEY])).content))
    for row in (["A1", made.DISTRICT, "堆场", "2025-02-01", 3.5, None], ["A2", "云溪区", "库房", None, None, "1380000"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "填好.xlsx")
    table = declarations.catalog().tables[KEY]
    taken = registers.take_in(planner, table, "填好.xlsx", tmp_path / "填好.xlsx", "首次")
    assert taken.rows == 2
    assert [item.area for item in Item.objects.order_by("key")] == [made.DISTRICT, made.DISTRICT]


def test_the_spreadsheet_offers_the_areas_one_may_fill(client, planner):
    ledger(planner)
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("table-template", args=[KEY])).content))
    assert [cell.value for cell in book["可选值"]["B"] if cell.value] == [made.DISTRICT]
    assert book["可选值"].sheet_state == "hidden"
