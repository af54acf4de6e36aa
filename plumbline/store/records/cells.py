"""A column of cells, checked all at once: from text, or from what a Parquet holds, to the declared type.

Texts lose the blanks around them; an empty cell is NULL. Numbers are read as they are written or refused,
never rounded: no full-width digits, no thousands' commas, no exponents, no units.
"""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from plumbline.kernel import AREAS, ROW, WHOLE_DIGITS, Column, Coverage, Table
from plumbline.kernel.form import FORMS
from plumbline.store.records import values
from plumbline.store.records.tally import Tally

DIGITS = 38
# controls (but for tab and line ends), marks without width, line ends of their own
UNSEEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\p{Cf}\x{2028}\x{2029}]"
NUMBER = {"integer": rf"^-?[0-9]{{1,{WHOLE_DIGITS}}}$",
          "decimal": rf"^-?[0-9]{{1,{WHOLE_DIGITS}}}(\.[0-9]+)?$"}
LONGEST_NAME = 100
PRIVATE = "不是这一栏要的样子（个人信息，不显示内容）；请对照原件核对。"
NAMES, CODES = pa.array([area.name for area in AREAS]), pa.array([area.code for area in AREAS])


def arrow_type(column: Column) -> pa.DataType:
    """The type of a column in Parquet: decimals have 38 digits, `scale` of them behind the point."""
    return {"text": pa.string(), "integer": pa.int64(), "decimal": pa.decimal128(DIGITS, column.scale),
            "date": pa.date32(), "boolean": pa.bool_()}[column.type]


def schema_of(columns: tuple[Column, ...]) -> pa.Schema:
    """The schema of a Parquet of these columns, with `row_` at the end."""
    return pa.schema([*(pa.field(column.key, arrow_type(column)) for column in columns), pa.field(ROW, pa.int64())])


def trimmed(cells: pa.Array) -> pa.Array:
    """Texts without blanks around them, empty ones NULL; other types as they are."""
    if not pa.types.is_string(cells.type):
        return cells
    bare = pc.utf8_trim_whitespace(cells)
    empty = pc.equal(bare, "")
    return pc.if_else(empty, pa.scalar(None, pa.string()), bare) if pc.any(empty, min_count=0).as_py() else bare


def typed(column: Column, cells: pa.Array, rows: pa.Array, tally: Tally) -> pa.Array:
    """Trimmed cells as the declared type; a cell that is wrong is NULL, and told."""
    if column.required:
        tally.cells("cell.empty", column.label, rows, pc.is_null(cells), lambda _: "必填，但是空的；请补上。")
    if not pa.types.is_string(cells.type):
        return cells
    if column.choices:
        _refuse(column, cells, rows, tally, ("cell.choice", values.choice_trouble), set(column.choices).__contains__)
    if column.type in NUMBER:
        return _numbers(column, cells, rows, tally)
    if column.type == "text":
        unseen = pc.fill_null(pc.match_substring_regex(cells, UNSEEN), False)
        tally.cells("cell.unseen", column.label, rows, unseen, lambda _: "含有看不见的控制字符；请删去后重新输入。")
        if column.form:
            form = FORMS[column.form]
            _refuse(column, cells, rows, tally, ("cell.form", lambda _, text: form.trouble(text)), form.right)
        return cells
    kinds: dict[str, tuple[Callable[[str], Any], Callable[[str], str]]] = {
        "date": (values.day, values.day_trouble), "boolean": (values.yes_no, values.yes_no_trouble)}
    return _each(column, cells, rows, tally, kinds[column.type])


def _words(column: Column, trouble: str) -> str:
    """What is wrong with a cell; of a personal one without the value, for findings are kept with the delivery."""
    return PRIVATE if column.personal else trouble


def _numbers(column: Column, cells: pa.Array, rows: pa.Array, tally: Tally) -> pa.Array:
    good = pc.match_substring_regex(cells, NUMBER[column.type])
    if column.type == "decimal" and pc.any(good).as_py():
        long = pc.match_substring_regex(cells, rf"\.[0-9]{{{column.scale}}}[0-9]*[1-9]")
        good = pc.and_(good, pc.invert(long))
    bad = pc.fill_null(pc.invert(good), False)
    tally.cells("cell.number", column.label, rows, bad,
                lambda at: _words(column, values.number_trouble(column, cells[at].as_py())))
    return pc.cast(pc.if_else(good, cells, pa.scalar(None, pa.string())), arrow_type(column))


def _each(column: Column, cells: pa.Array, rows: pa.Array, tally: Tally,
          reading: tuple[Callable[[str], Any], Callable[[str], str]]) -> pa.Array:
    """Cells read one distinct text at a time."""
    read, trouble = reading
    coded = cells.dictionary_encode()
    found = pa.array([read(text) for text in coded.dictionary.to_pylist()], arrow_type(column)).take(coded.indices)
    bad = pc.and_(pc.is_null(found), pc.is_valid(cells))
    tally.cells(f"cell.{column.type}", column.label, rows, bad, lambda at: _words(column, trouble(cells[at].as_py())))
    return found


def _refuse(column: Column, cells: pa.Array, rows: pa.Array, tally: Tally,
            finding: tuple[str, Callable[[Column, str], str]], fits: Callable[[str], bool]) -> None:
    """A finding of every cell whose text does not fit, looked at one distinct text at a time."""
    check, trouble = finding
    coded = cells.dictionary_encode()
    wrong = pa.array([not fits(text) for text in coded.dictionary.to_pylist()], pa.bool_())
    bad = pc.fill_null(wrong.take(coded.indices), False)
    tally.cells(check, column.label, rows, bad, lambda at: _words(column, trouble(column, cells[at].as_py())))


def covered(table: Table, found: dict[str, pa.Array], coverage: Coverage | None, tally: Tally) -> None:
    """Check that areas are known, and areas and days inside what the delivery covers; names not too long.

    Changes  the names of areas in `found` into their codes: an official's own spreadsheet has 通州区
    """
    rows = found[ROW]
    for key in {table.area} & found.keys():
        found[key] = pc.coalesce(CODES.take(pc.index_in(found[key], NAMES)), found[key])
        column = table.column(key)
        assert column  # declared
        _refuse(column, found[key], rows, tally, ("cell.area", lambda _, text: values.area_trouble(text, coverage)),
                lambda text: not values.area_trouble(text, coverage))
    for column in table.columns:
        if column.key in table.identity and column.type == "text" and column.key in found:
            long = pc.fill_null(pc.greater(pc.utf8_length(found[column.key]), LONGEST_NAME), False)
            tally.cells("cell.long", column.label, rows, long, lambda _: f"超过 {LONGEST_NAME} 个字；请核对。")
    if coverage and table.dated in found:
        _dated(table, found[table.dated], rows, coverage, tally)


def _dated(table: Table, days: pa.Array, rows: pa.Array, coverage: Coverage, tally: Tally) -> None:
    column = table.column(table.dated)
    assert column  # declared
    outside = pa.scalar(False)
    for bound, beyond in ((coverage.first, pc.less), (coverage.last, pc.greater)):
        if bound:
            outside = pc.or_(outside, beyond(days, pa.scalar(bound)))
    if outside is not None and not isinstance(outside, pa.Scalar):
        told = f"{coverage.first or '开始'}至{coverage.last or '现在'}"
        tally.cells("cell.day", column.label, rows, pc.fill_null(outside, False),
                    lambda at: f"{days[at].as_py()} 不在本次报送的日期（{told}）之内；请核对。")
