"""Ledgers, indicators and sentences of officials: versions, permissions, what is refused."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import declarations
from plumbline.store.declarations.tests.made import BODY, COLUMNS, COUNT, COUNTED, KEY, column, counted, ledger
from plumbline.store.models import Declaration, Entry, Item
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db
SENTENCE = f"ledgers.d{made.DISTRICT}_s1"


@pytest.fixture
def planner():
    return made.user()


def entry(table=KEY):
    """A row that stands in the ledger."""
    Item.objects.create(table=table, area=made.DISTRICT, key="1", values={"number": "1"}, since="2020-01-01")


def messages(raised):
    return [finding.message for finding in raised.value.findings]


def test_without_declarations_the_catalog_is_the_installed_one():
    assert declarations.catalog() is settings.CATALOG


def test_a_ledger_is_in_the_catalog_with_its_columns_in_order(planner):
    ledger(planner)
    table = declarations.catalog().tables[KEY]
    assert [one.key for one in table.columns] == list(COLUMNS)
    assert (table.label, table.version, table.register, table.delete_months) == ("堆场库房台账", 1, True, 12)
    assert table.column("kind").choices == ("堆场", "库房")
    assert table.column("land").unit == "亩"
    assert "economy.main" in declarations.catalog().tables


def test_the_catalog_costs_one_query_and_is_made_once(planner):
    ledger(planner)
    first = declarations.catalog()
    with CaptureQueriesContext(connection) as queries:
        assert declarations.catalog() is first
    assert len(queries) == 1


def test_a_change_is_a_new_version_and_the_old_one_stays(planner):
    ledger(planner)
    declarations.declare_table(planner, KEY, BODY | {"label": "堆场台账"}, "改名", 1)
    assert list(Declaration.objects.filter(key=KEY).values_list("version", "label")) == [
        (2, "堆场台账"), (1, "堆场库房台账")]
    assert declarations.catalog().tables[KEY].version == 2
    written = Entry.objects.filter(table="table").order_by("seq")
    assert [(one.action, one.key, one.why, one.area) for one in written] == [
        ("table.declare", KEY, "", made.DISTRICT), ("table.change", KEY, "改名", made.DISTRICT)]
    assert written[1].before["version"] == 1
    assert written[1].after["body"]["label"] == "堆场台账"


def test_a_change_needs_a_reason(planner):
    ledger(planner)
    with made.refused(BadInput):
        declarations.declare_table(planner, KEY, BODY, "", 1)


def test_who_saw_an_older_version_is_told_and_nothing_is_kept(planner):
    ledger(planner)
    with made.refused(Conflict):
        declarations.declare_table(planner, KEY, BODY, "x", 0)
    with made.refused(Conflict):
        declarations.declare_table(planner, KEY, BODY, "x", 2)


@pytest.mark.parametrize(("role", "area"), [("leader", made.DISTRICT), ("deputy", made.DISTRICT), ("planner", made.NEIGHBOUR)])
def test_only_a_planner_of_the_area_declares(role, area):
    somebody = made.user("somebody", role, area)
    with made.refused(NotAllowed):
        ledger(somebody)


@pytest.mark.parametrize("key", ["economy.main", "ledgers.d990101_", "ledgers.yards", "yards", "ledgers.d999999_t1", ""])
def test_a_key_outside_ones_area_or_form_is_refused(planner, key):
    with made.refused((NotAllowed, BadInput)):
        declarations.declare_table(planner, key, BODY)


@pytest.mark.parametrize(("changes", "words"), [
    ({"label": " "}, "请填写名称"),
    ({"columns": {}}, "还没有栏目"),
    ({"columns": column("land", type="money")}, "请选类型"),
    ({"columns": column("land", label="")}, "请填写名称"),
    ({"columns": column("land", label="类别")}, "有两栏的名称都是「类别」"),
    ({"columns": column("land", scale="x")}, "请写 0 到 8"),
    ({"columns": column("land", choices=["1"])}, "只有文字栏可以列出可选值"),
    ({"columns": column("kind", choices=["堆场", "堆场"])}, "写了两次"),
    ({"columns": column("Land", type="text", label="大写")}, "只能用小写字母"),
    ({"columns": column("row_", type="text", label="行号")}, "只能用小写字母"),
    ({"columns": column("phone", personal="ja")}, "「个人信息」请选是或否"),
    ({"register": "ja"}, "请选登记或报送"),
    ({"delete_months": "两年", "columns": {key: COLUMNS[key] for key in ("number", "area")}}, "请写 1 到 600"),
    ({"area": "land"}, "请选出写地区的一栏"),
    ({"area": ""}, "请选出写地区的一栏"),
    ({"dated": "kind"}, "须是一栏日期"),
    ({"identity": ["absent"]}, "不在这份台账里"),
    ({"identity": []}, "须说明哪几栏指明一行"),
    ({"identity": ["phone"]}, "不能作地区、日期或指明一行"),
    ({"delete_months": ""}, "保存几个月后删除"),
    ({"label": "一\x00二"}, "看不见的控制字符"),
])
def test_what_is_wrong_with_a_ledger_is_said(planner, changes, words):
    with made.refused(BadInput) as raised:
        ledger(planner, **changes)
    assert any(words in message for message in messages(raised)), messages(raised)


def test_everything_wrong_is_said_at_once(planner):
    with made.refused(BadInput) as raised:
        ledger(planner, label="", area="", delete_months="", columns=column("land", type="money"))
    assert len(messages(raised)) == 4


@pytest.mark.parametrize("columns", [
    column("note", type="text", label="备注", required=False), column("kind", choices=["堆场", "库房", "大棚"]),
    column("kind", label="种类"), column("number", required=False), column("kind", choices=[]),
])
def test_a_ledger_with_rows_takes_compatible_changes(planner, columns):
    ledger(planner)
    entry()
    declarations.declare_table(planner, KEY, BODY | {"columns": columns}, "补充", 1)
    assert declarations.catalog().tables[KEY].version == 2


@pytest.mark.parametrize(("changes", "words"), [
    ({"columns": {key: one for key, one in COLUMNS.items() if key != "land"}}, "这一栏（不能删去）"),
    ({"columns": column("land", unit="公顷")}, "单位"),
    ({"columns": column("land", type="text")}, "类型"),
    ({"columns": column("land", scale=2)}, "小数位数"),
    ({"columns": column("land", required=True)}, "必填"),
    ({"columns": column("kind", choices=["堆场"])}, "可选值（只能增加）"),
    ({"columns": column("note", type="text", label="备注")}, "新增的必填栏"),
    ({"columns": column("phone", personal=False)}, "是否个人信息"),
    ({"identity": ["number", "kind"]}, "哪几栏指明一行"),
    ({"register": False}, "登记还是报送"),
    ({"dated": "closed_on"}, "哪一栏是日期"),
])
def test_a_ledger_with_rows_refuses_what_would_change_their_meaning(planner, changes, words):
    ledger(planner)
    entry()
    with made.refused(BadInput) as raised:
        declarations.declare_table(planner, KEY, BODY | changes, "更改", 1)
    assert any(f"不能改{words}" in message or words in message for message in messages(raised))


def test_a_ledger_without_rows_may_change_in_any_way(planner):
    ledger(planner)
    declarations.declare_table(planner, KEY, BODY | {"columns": column("land", unit="公顷", scale=2)}, "改单位", 1)
    assert declarations.catalog().tables[KEY].column("land").unit == "公顷"


def test_an_indicator_is_in_the_catalog_and_counts_its_ledger(planner):
    ledger(planner)
    counted(planner)
    one = declarations.catalog().indicators[COUNTED]
    assert (one.table, one.kind, one.unit, one.dated, one.version) == (KEY, "count", "个", "closed_on", 1)
    assert declarations.catalog().of_table(KEY) == (one,)


def test_an_indicator_may_count_a_table_of_a_system(planner):
    declarations.declare_indicator(planner, COUNTED, COUNT | {
        "table": "programmes.tasks", "where": "state = '已完成' and aspect is null", "dated": "done_on"})
    assert declarations.catalog().indicators[COUNTED].table == "programmes.tasks"


@pytest.mark.parametrize(("changes", "words"), [
    ({"where": "kind = '棚'"}, "棚"), ({"where": "phone = '1'"}, "个人信息"), ({"where": "closed_at is null"}, "closed_at"),
    ({"where": "land"}, "应当是「是」或「否」"), ({"where": "sqrt(land) > 1"}, "SQRT"), ({"dated": "kind"}, "不是日期栏"),
    ({"dimensions": ["phone"]}, "不能用来分组"), ({"sum": "land"}, "请选一种数法"), ({"unit": ""}, "请填写单位"),
    ({"table": "ledgers.d110112_t1"}, "没有这份台账"), ({"decimals": "9"}, "请写 0 到 6"), ({"better": "left"}, "越大越好"),
])
def test_an_indicator_that_cannot_be_counted_is_refused(planner, changes, words):
    ledger(planner)
    with made.refused(BadInput) as raised:
        counted(planner, **changes)
    assert any(words in message for message in messages(raised)), messages(raised)


@pytest.mark.parametrize(("kind", "of", "words"), [
    ("sum", "kind", "应当是数"), ("share", "land", "应当是是否"), ("mean", "", "须写明数什么"),
    ("latest", "land", "要求表里有日期栏"),
])
def test_what_is_counted_must_fit_how(planner, kind, of, words):
    ledger(planner)
    body = {name: part for name, part in COUNT.items() if name not in ("count", "dated")} | {kind: of}
    with made.refused(BadInput) as raised:
        declarations.declare_indicator(planner, COUNTED, body)
    assert any(words in message for message in messages(raised)), messages(raised)


def test_another_areas_ledger_is_not_counted(planner):
    ledger(planner)
    other = made.user("other", area=made.NEIGHBOUR)
    with made.refused(BadInput):
        declarations.declare_indicator(other, f"ledgers.d{made.NEIGHBOUR}_n1", COUNT)


def test_a_sentence_names_indicators_of_the_catalog(planner):
    ledger(planner)
    counted(planner)
    declarations.declare_sentence(planner, SENTENCE, {"text": "关停堆场{n}。", "figures": {"n": COUNTED}})
    assert declarations.catalog().sentences[SENTENCE].text == "关停堆场{n}。"
    with made.refused(BadInput):
        declarations.declare_sentence(planner, SENTENCE + "0", {"text": "{n}", "figures": {"n": "ledgers.absent"}})


def test_what_is_retired_stays_in_the_catalog_and_is_named(planner):
    ledger(planner)
    counted(planner)
    declarations.retire(planner, KEY, "工作结束", 1)
    assert declarations.retired() == {KEY, COUNTED}
    assert COUNTED in declarations.catalog().indicators
    declarations.restore(planner, KEY, "重新启用", 2)
    assert declarations.retired() == {COUNTED}
    assert list(Declaration.objects.filter(key=KEY).values_list("version", "state")) == [
        (3, "current"), (2, "retired"), (1, "current")]
    assert [one.action for one in Entry.objects.filter(table__in=("table", "indicator")).order_by("seq")] == [
        "table.declare", "indicator.declare", "indicator.retire", "table.retire", "table.restore"]


def test_a_retired_one_is_not_retired_again(planner):
    ledger(planner)
    declarations.retire(planner, KEY, "工作结束", 1)
    with made.refused(Conflict):
        declarations.retire(planner, KEY, "工作结束", 2)


def test_free_keys_count_on(planner):
    assert declarations.free_key(made.DISTRICT, "table") == KEY
    ledger(planner)
    assert declarations.free_key(made.DISTRICT, "table") == f"ledgers.d{made.DISTRICT}_t2"


def test_people_see_the_declarations_of_their_area(planner):
    ledger(planner)
    city = made.user("city", area=made.CITY)
    neighbour, deputy = made.user("n", area=made.NEIGHBOUR), made.user("d", "deputy")
    assert [Declaration.objects.visible_to(one).filter(key=KEY).exists() for one in (planner, city, neighbour, deputy)] == [
        True, True, False, False]


@pytest.mark.parametrize("value", ["1e999999999", "1E3", "NaN", "Infinity", "１２", "1" * 16, "0." + "1" * 9, "", "--1", "一"])
def test_a_number_is_told_in_plain_digits(value):
    with made.refused(BadInput):
        declarations.dated_from("2020-01-01", value, "虚构文件")


@pytest.mark.parametrize("value", ["24", "-0.5", "0.8", "999999999999999"])
def test_a_number_is_read_as_it_is_written(value):
    assert str(declarations.dated_from("2020-01-01", f" {value} ", "虚构文件").value) == value
