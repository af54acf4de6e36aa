"""csv, xlsx, JSON lines and Parquet say the same rows; what spoils a file is told with its place."""

import io
import json
import random
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from plumbline.kernel import Conflict
from plumbline.store.records import source_csv
from plumbline.store.records.files import parts
from plumbline.store.records.reading import Watch, read
from plumbline.store.records.tests import made
from plumbline.store.records.tests.made import FIRMS, HEADS, csv, line, told, xlsx

ROW = {"code": "A", "area": "990101", "amount": Decimal("12.50"), "people": 3, "day": date(2025, 1, 2), "small": True,
       "kind": "工业", "phone": None}
CELLS = ["A", "990101", 12.5, 3, date(2025, 1, 2), True, "工业", None]


def rows(tmp_path, data, **more):
    found, first = made.reading(tmp_path, data, **more)
    assert told(found) == []
    return first


def troubles(tmp_path, data, **more):
    return told(made.reading(tmp_path, data, **more)[0])


def parquet(**columns):
    plain = {"code": ["A"], "area": ["990101"], "amount": ["12.5"], "day": ["2025-01-02"]} | columns
    buffer = io.BytesIO()
    pq.write_table(pa.table(plain), buffer)
    return buffer.getvalue()


def jsonl(*objects):
    return "\n".join(one if isinstance(one, str) else json.dumps(one) for one in objects).encode()


TEXT = csv(line()).decode()
OBJECT = {"code": "A", "area": "990101", "amount": 12.5, "people": 3, "day": "2025-01-02", "small": True, "kind": "工业"}


@pytest.mark.parametrize("data", [
    TEXT.encode(), TEXT.encode("utf-8-sig"), TEXT.encode("gb18030"), TEXT.replace(",", "\t").encode("utf-16"),
    TEXT.replace("\n", "\r\n").encode() + b"\r\n\r\n", TEXT.replace(",", ";").encode(), xlsx(CELLS),
], ids=["utf-8", "mark", "gb18030", "utf-16 with tabs", "line ends of Windows", "semicolons", "xlsx"])
def test_a_sheet_says_its_row_in_any_form(tmp_path, data):
    assert rows(tmp_path, data) == [ROW | {"row_": 2}]


def test_lines_of_json_and_parquet_say_their_rows_from_one_on(tmp_path):
    assert rows(tmp_path, jsonl(OBJECT, "", {"code": "B"} | {key: OBJECT[key] for key in ("area", "amount", "day")})) == [
        ROW | {"row_": 1}, ROW | {"code": "B", "people": None, "small": None, "kind": None, "row_": 3}]
    assert rows(tmp_path, parquet(people=[3], small=[True], kind=["工业"])) == [ROW | {"row_": 1}]


def test_rows_are_numbered_as_the_sender_sees_them(tmp_path):
    data = csv(line("A"), "", '"B\nb",990101,1,,2025-01-02,,,', ",,,,,,,", line("C"))
    assert [(row["code"], row["row_"]) for row in rows(tmp_path, data)] == [("A", 2), ("B\nb", 4), ("C", 6)]
    sheet = xlsx(CELLS, [], ["B", *CELLS[1:]])
    assert [(row["code"], row["row_"]) for row in rows(tmp_path, sheet)] == [("A", 2), ("B", 4)]


def test_rows_are_numbered_past_wrong_ones_and_across_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(source_csv, "BLOCK", 256)
    lines = [line(f"F{n}") for n in range(300)]
    lines[9] += ",,"
    lines[150] = "F"
    lines[299] = line("F299", amount="x")
    found = troubles(tmp_path, csv(*lines))
    assert found == [("第 11 行", "row.width"), ("第 152 行", "row.width"), ("第 301 行「金额」", "cell.number")]


@pytest.mark.parametrize(("data", "finding"), [
    (b"", ("文件", "file.empty")), (b"\n\n", ("文件", "file.empty")), (xlsx(heads=[]), ("文件", "file.empty")),
    (csv(line(), "B,\0"), ("第 3 行", "file.text")), (csv(line()) + b"\n\xff\xff\xff", ("第 3 行", "file.text")),
    (csv(line(), '"B,990101'), ("文件", "file.quotes")),
    (b"PK\x03\x04 and no more", ("文件", "file.xlsx")), (b"PAR1 and no more", ("文件", "file.parquet")),
    (parquet()[:-20], ("文件", "file.parquet")),
    (xlsx(CELLS, change=lambda page: page.merge_cells("A2:A3")), ("文件", "file.merged")),
    (xlsx(["=1+1", *CELLS[1:]]), ("第 2 行（单元格 A2）", "cell.formula")),
    (xlsx(["#REF!", *CELLS[1:]]), ("第 2 行（单元格 A2）", "cell.error")),
    (xlsx([12345678901234567890, *CELLS[1:]]), ("第 2 行（单元格 A2）", "cell.digits")),
    (xlsx([*CELLS, None, "旁注"]), ("第 2 行", "row.width")),
    (jsonl(OBJECT, "{"), ("第 2 行", "row.json")), (jsonl("{]"), ("第 1 行", "row.json")),
    (jsonl(OBJECT, "[1]"), ("第 2 行", "row.json")),
    (jsonl("", '{"code": "A", "code": "B"}'), ("第 2 行", "row.json")),
    (jsonl(OBJECT, OBJECT | {"备注": "x"}), ("第 2 行", "row.keys")),
    (jsonl(OBJECT, '{"code": "A", "code": "B"}'), ("第 2 行", "row.json")),
    (jsonl(OBJECT | {"kind": ["工业"]}), ("第 1 行", "row.nested")),
    (jsonl(OBJECT | {"code": "\ud800"}), ("第 1 行「代码」", "cell.unseen")),
    (csv(f"{line()},旁注", heads=f"{HEADS},"), ("第 2 行「无列名」", "cell.headless")),
])
def test_what_spoils_a_file_is_told_with_its_place(tmp_path, data, finding):
    assert finding in troubles(tmp_path, data)


def test_a_number_in_a_sheet_is_what_the_sheet_shows(tmp_path):
    cells = ["A", 990101, 0.1 + 0.2, 3.0, datetime(2025, 1, 2), None, None, 13800138000]  # noqa: DTZ001
    assert rows(tmp_path, xlsx(cells)) == [
        ROW | {"amount": Decimal("0.30"), "small": None, "kind": None, "phone": "13800138000", "row_": 2}]


def test_the_sheet_with_the_tables_heads_is_read_and_two_of_them_are_too_many(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(xlsx(CELLS)))
    book.create_sheet("说明", 0).append(["填表说明"])
    buffer = io.BytesIO()
    book.save(buffer)
    assert len(rows(tmp_path, buffer.getvalue())) == 1
    book.create_sheet("七月").append(HEADS.split(","))
    book.save(buffer)
    assert troubles(tmp_path, buffer.getvalue()) == [("文件", "file.xlsx")]


def test_a_package_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("plumbline.store.records.source_xlsx.LARGEST", 1000)
    assert troubles(tmp_path, xlsx(CELLS)) == [("文件", "file.xlsx")]


def test_a_package_without_a_workbook_is_refused(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("a.txt", "a")
    assert troubles(tmp_path, buffer.getvalue()) == [("文件", "file.xlsx")]


@pytest.mark.parametrize("columns", [
    {"amount": pa.array([12.5])}, {"amount": pa.array([Decimal("12.5")], pa.decimal128(9, 4))},
    {"area": pa.array([990101])}, {"area": pa.array(["990101"]).dictionary_encode()},
    {"area": pa.array(["990101"], pa.large_string())}, {"day": pa.array([datetime(2025, 1, 2)])},  # noqa: DTZ001
    {"day": pa.array([date(2025, 1, 2)], pa.date64())},
])
def test_columns_of_parquet_in_a_neighbouring_type_lose_nothing(tmp_path, columns):
    data = parquet(people=pa.array([3], pa.uint8()), small=[True], kind=["工业"], **columns)
    assert rows(tmp_path, data) == [ROW | {"row_": 1}]


@pytest.mark.parametrize(("columns", "finding"), [
    ({"amount": pa.array([12.345])}, ("第 1 行「金额」", "cell.number")),
    ({"amount": pa.array([float("nan")])}, ("第 1 行「金额」", "cell.number")),
    ({"amount": pa.array([Decimal(10) ** 20], pa.decimal128(38, 2))}, ("第 1 行「金额」", "cell.number")),
    ({"people": pa.array([2**64 - 1], pa.uint64())}, ("第 1 行「人数」", "cell.number")),
    ({"day": pa.array([datetime(2025, 1, 2, 3)])}, ("第 1 行「日期」", "cell.date")),  # noqa: DTZ001
    ({"day": pa.array([date(1025, 1, 2)])}, ("第 1 行「日期」", "cell.date")),
    ({"code": pa.array([["A"]])}, None),
])
def test_columns_of_parquet_that_do_not_fit_are_told(tmp_path, columns, finding):
    found = troubles(tmp_path, parquet(**columns))
    assert (finding in found) if finding else found == []


def test_rows_outside_what_is_covered_are_told(tmp_path):
    found = troubles(tmp_path, csv(line("A", day="2025-07-01"), line("B", area="110112"), line("C", day="2024-12-31")))
    assert found == [("第 2 行「日期」", "cell.day"), ("第 3 行「地区」", "cell.area"), ("第 4 行「日期」", "cell.day")]


def test_a_row_stands_once_and_the_first_is_named(tmp_path):
    found, _ = made.reading(tmp_path, csv(line("A"), line("B"), line("A"), line("C"), line("A")))
    assert [one.message for one in found.tally.told] == [
        "第 4 行与第 2 行重复：A；一件事只能有一行，请删去多余的。", "第 6 行与第 2 行重复：A；一件事只能有一行，请删去多余的。"]


def test_what_is_wrong_is_told_all_at_once_in_the_order_of_the_rows(tmp_path):
    found = troubles(tmp_path, csv(line("A", amount="x"), line("B", day="2025-02-30"), line("A", area="0"), line("", people="x"),
                                   heads=HEADS.replace("电话", "电画")))
    assert found == [
        ("列「电画」", "head.unknown"), ("第 2 行「金额」", "cell.number"), ("第 3 行「日期」", "cell.date"),
        ("第 4 行「地区」", "cell.area"), ("第 4 行", "row.twice"), ("第 5 行「代码」", "cell.empty"),
        ("第 5 行「人数」", "cell.number")]


def test_heads_alone_are_a_delivery_of_no_rows(tmp_path):
    assert rows(tmp_path, csv()) == rows(tmp_path, xlsx()) == []


SEEDS = {
    "csv": csv(line(), '"B\nb",990101,1,,2025-01-02,,,'), "gb18030": TEXT.encode("gb18030"), "utf-16": TEXT.encode("utf-16"),
    "xlsx": xlsx(CELLS), "jsonl": jsonl(OBJECT, OBJECT | {"code": "B"}), "parquet": parquet(people=[3]),
}
PIECES = (b'"', b"\n", b",", b"\0", b"{", b"\r", b"\xef\xbb\xbf", b"PK\x03\x04", b"9" * 25, b"e5", b"\xff\xfe")


@pytest.mark.parametrize("form", SEEDS)
def test_whatever_is_handed_in_is_read_or_refused_in_words(tmp_path, form):
    dice = random.Random(form)
    for _ in range(25):
        data = bytearray(SEEDS[form])
        for _ in range(dice.choice((1, 2, 5, 30))):
            start = dice.randrange(len(data))
            end = min(start + dice.randrange(20), len(data) - 1)
            data[start:max(start, end)] = dice.choice((b"", bytes([dice.randrange(256)]), dice.choice(PIECES)))
        found, first = made.reading(tmp_path, bytes(data))
        assert found.rows >= len(first)
        assert all(one.message.endswith("。") for one in found.tally.told)


def test_heads_without_end_are_told(tmp_path):
    assert troubles(tmp_path, b'"' + csv(*(line(str(n)) for n in range(9000)))) == [
        ("文件", "file.quotes"), ("第 1 行", "head.quotes")]


def test_whoever_waits_is_told_how_far_it_is_and_may_stop(tmp_path):
    seen = []
    source = tmp_path / "source"
    source.write_bytes(csv(*(line(str(n)) for n in range(5))))
    with parts(FIRMS) as files:
        read(FIRMS, source, None, files, Watch(lambda done, total: seen.append((done, total))))
        assert seen == [(5, 5)]
        with pytest.raises(Conflict):
            read(FIRMS, source, None, files, Watch(stop=lambda: True))


def test_personal_columns_lie_in_a_file_of_their_own(tmp_path):
    source = tmp_path / "source"
    source.write_bytes(csv(line("A", phone="13800138000")))
    with parts(FIRMS) as files:
        read(FIRMS, source, None, files, made.WATCH)
        opened, personal = (pq.read_table(path) for path in files)
    assert opened.schema.names == ["code", "area", "amount", "people", "day", "small", "kind", "row_"]
    assert [str(kind) for kind in opened.schema.types] == [
        "string", "string", "decimal128(38, 2)", "int64", "date32[day]", "bool", "string", "int64"]
    assert personal.to_pylist() == [{"phone": "13800138000", "row_": 2}]
