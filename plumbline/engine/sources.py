"""Parquet as it lies on disk: which files hold a column, and how a file that lacks it is read."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow
from pyarrow import parquet

from plumbline.kernel import ROW, BadDeclaration, BadInput, Column, File, Finding, Inputs, Table
from plumbline.kernel.expression import WHOLE_DIGITS

# what a row tells of its file: the sha256; within an engine its place among all the files' hashes, sorted
FILE, PLACE = "file_", "place_"
ARROW = {
    "text": pyarrow.string(), "integer": pyarrow.int64(), "date": pyarrow.date32(), "boolean": pyarrow.bool_(),
}
DUCKDB = {"text": "VARCHAR", "integer": "BIGINT", "date": "DATE", "boolean": "BOOLEAN"}
SPARK = {**DUCKDB, "text": "STRING"}


@dataclass(frozen=True, slots=True)
class Group:
    """Files whose columns are the same, so that they can be read as one."""

    files: tuple[File, ...]
    types: Mapping[str, pyarrow.DataType]


@lru_cache(maxsize=20_000)
def layout(path: Path) -> tuple[tuple[str, pyarrow.DataType], ...]:
    """Columns of a file and their types, as they lie there.

    Raises  BadInput where the file is gone or is no Parquet
    """
    try:
        schema = parquet.read_schema(path)
    except FileNotFoundError as error:
        raise gone(path.name, "不见了") from error
    except (pyarrow.ArrowInvalid, OSError) as error:
        raise gone(path.name, "已损坏，无法读取") from error
    return tuple((field.name, field.type) for field in schema)


def gone(name: str, what: str) -> BadInput:
    """The error of a data file that cannot be read."""
    return BadInput([Finding("engine.file", name, f"数据文件 {name} {what}；请管理员从备份恢复该文件，或撤回该批次后重新报送")])


def hashes(inputs: Inputs) -> list[str]:
    """The sha256 of each place."""
    return sorted({file.sha256 for file in inputs.files})


def overflow() -> BadInput:
    """The error of a sum that no longer fits."""
    return BadInput([Finding("engine.overflow", "", "合计超过38位数字，无法精确表示；请检查该栏目的数值和单位是否有误")])


def groups(inputs: Inputs) -> list[Group]:
    """The files of a table by what columns they hold; an older file may lack what was declared later."""
    alike: dict[tuple[tuple[str, pyarrow.DataType], ...], list[File]] = defaultdict(list)
    for file in sorted(inputs.files, key=lambda file: file.sha256):
        alike[layout(file.path)].append(file)
    return [Group(tuple(files), dict(columns)) for columns, files in alike.items()]


def column_of(table: Table, key: str) -> Column:
    """A column that may be read.

    Raises  BadDeclaration for one that is not declared, or is personal
    """
    column = table.column(key)
    if column is None or column.personal:
        raise BadDeclaration(f"{table.key}: {key} is no column that may be read; declare it")
    return column


def unfit() -> BadInput:
    """The error of a value that is no number of the size expressions know, or no longer of its column's type."""
    return BadInput([Finding("engine.value", "", f"有的数值超过{WHOLE_DIGITS}位整数，或与现在申报的栏目类型不一致，无法计算；"
                             "请检查数值和单位，更正后重新报送")])


def alike(lies: pyarrow.DataType, column: Column) -> bool:
    """Whether a column lies in a file as its declaration says now."""
    if column.type == "decimal":
        return bool(pyarrow.types.is_decimal(lies)) and lies.scale == column.scale
    return bool(lies == ARROW[column.type])


def sql_type(column: Column, names: Mapping[str, str]) -> str:
    """How an engine calls the type of a column; `names` is `DUCKDB` or `SPARK`."""
    return f"DECIMAL(38,{column.scale})" if column.type == "decimal" else names[column.type]


def read(table: Table, group: Group, columns: Sequence[str], quote: Callable[[str], str],
         names: Mapping[str, str]) -> list[str]:
    """What to select from a group of files, for each column but `place_`, in their order."""
    return [_one(table, group, key, quote, names) for key in columns if key != PLACE]


def _one(table: Table, group: Group, key: str, quote: Callable[[str], str], names: Mapping[str, str]) -> str:
    name = quote(key)
    if key == ROW:
        return name
    column = column_of(table, key)
    if key not in group.types:
        return f"CAST(NULL AS {sql_type(column, names)}) AS {name}"
    if alike(group.types[key], column):
        return name
    return f"CAST({name} AS {sql_type(column, names)}) AS {name}"


def nothing(table: Table, columns: Iterable[str], quote: Callable[[str], str], names: Mapping[str, str]) -> str:
    """What a question reads from where no file stands: the columns, and no row."""
    types = {ROW: "BIGINT", PLACE: "BIGINT"}
    empty = [f"CAST(NULL AS {types.get(key) or sql_type(column_of(table, key), names)}) AS {quote(key)}"
             for key in columns]
    return f"(SELECT {', '.join(empty)} WHERE FALSE)"
