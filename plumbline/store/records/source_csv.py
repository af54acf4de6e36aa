"""Tables as csv: commas, tabs or semicolons; UTF-8, GB18030 or UTF-16; line ends inside quotes are part of a cell."""

import csv
import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow_csv

from plumbline.store.records.sheet import Piece, Sheet, Survey
from plumbline.store.records.tally import Tally, at

BLOCK = 8 << 20
SEPARATORS = ",\t;"
HEAD = 1 << 20


def open_csv(path: Path, found: Survey, tally: Tally) -> Sheet:
    """The sheet of a csv; nothing where its text cannot be read, which is told."""
    if found.nul or found.broken:
        what = "含有 NUL 字符" if found.nul else "既不是 UTF-8 也不是 GB18030 编码的文字"
        tally.say("file.text", at(found.nul or found.broken),
                  f"{at(found.nul or found.broken)}{what}，不能读取；请在表格软件中另存为 csv（UTF-8）后再交。")
        return Sheet([], iter(()))
    if found.odd:
        tally.say("file.quotes", "文件", "文件中英文双引号的个数是单数，有一处没有成对，后面的行会被并成一格；"
                                       "请补上，格内的双引号要写两个。")
    with open(path, encoding=_stripping(found.encoding), newline="") as file:
        start = file.read(HEAD)
    separator = max(SEPARATORS, key=start.split("\n", 1)[0].count)
    lines = io.StringIO(start, newline="")
    try:
        heads = [head.strip() for head in next(csv.reader(lines, delimiter=separator), [])]
    except csv.Error:  # a cell without end
        tally.say("head.quotes", at(1), f"{at(1)}的列名读不出来，可能有引号没有成对；请更正后再交。")
        heads = []
    if not any(heads):
        return Sheet([], iter(()))
    if len(start) < HEAD and not lines.read().strip():
        return Sheet(heads, iter(()))
    return Sheet(heads, _pieces(path, found.encoding, separator, len(heads), tally))


def _stripping(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _pieces(path: Path, encoding: str, separator: str, width: int, tally: Tally) -> Iterator[Piece]:
    skipped: deque[int] = deque()

    def wrong(row: arrow_csv.InvalidRow) -> str:
        skipped.append(row.number)
        tally.say("row.width", at(row.number), f"{at(row.number)}有 {row.actual_columns} 格，表头有 {width} 列；"
                                               "单元格内如有逗号或换行，请用英文双引号括起来。")
        return "skip"

    names = [str(place) for place in range(width)]
    first = 2
    try:
        reader = arrow_csv.open_csv(
            path, arrow_csv.ReadOptions(column_names=names, skip_rows_after_names=1, use_threads=False, block_size=BLOCK,
                                        encoding=encoding.replace("utf-8", "utf8")),
            arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=True, ignore_empty_lines=False,
                                   invalid_row_handler=wrong),
            arrow_csv.ConvertOptions(column_types={name: pa.string() for name in names}, strings_can_be_null=True,
                                     null_values=[""]))
        for batch in reader:
            rows = _numbers(first, batch.num_rows, skipped)
            first = rows[-1].as_py() + 1 if batch.num_rows else first
            yield Piece(rows, batch.columns)
    except pa.ArrowInvalid:
        tally.say("file.quotes", at(first), f"{at(first)}以后有一处引号没有成对，或一格超过 8 MB，无法分格；请更正后再交。")


def _numbers(first: int, many: int, skipped: deque[int]) -> pa.Array:
    """Numbers of rows from `first` on, past the ones that were skipped."""
    kept: list[int] = []
    while skipped and skipped[0] < first + many - len(kept):
        gap = skipped.popleft()
        kept += range(first, gap)
        first = gap + 1
    rest = pa.arange(first, first + many - len(kept))
    return pa.concat_arrays([pa.array(kept, pa.int64()), rest]) if kept else rest
