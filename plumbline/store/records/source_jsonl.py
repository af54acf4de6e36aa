"""Tables as JSON lines: one object a line, its keys the columns; numbers keep every digit they are written with."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from plumbline.store.records.sheet import Piece, Sheet, Survey
from plumbline.store.records.tally import Tally, at, listed

ROWS = 20_000
# halves of characters, which JSON can write and no text can hold; as NUL they are told like other unseen characters
HALVES = re.compile("[\ud800-\udfff]")


class Twice(ValueError):
    """A key stands twice in one object."""


def open_jsonl(path: Path, found: Survey, tally: Tally) -> Sheet:
    """The sheet of JSON lines; the keys of the first line are its heads."""
    if found.nul or found.broken or found.encoding != "utf-8":
        line = found.nul or found.broken or 1
        tally.say("file.text", at(line), f"{at(line)}不是 UTF-8 编码的文字，不能读取；JSON 行文件须用 UTF-8。")
        return Sheet([], iter(()))
    with open(path, encoding="utf-8-sig") as file:
        number, text = next((pair for pair in enumerate(file, 1) if pair[1].strip()), (1, "{}"))
    first = _object(text)
    if not isinstance(first, dict):
        tally.say("row.json", at(number), f"{at(number)}{first}；每行须写成 {{\"列名\": 值, …}}。")
        return Sheet([], iter(()))
    return Sheet(list(first), _pieces(path, list(first), tally))


def _pieces(path: Path, heads: list[str], tally: Tally) -> Iterator[Piece]:
    numbers: list[int] = []
    rows: list[dict[str, Any]] = []
    known = frozenset(heads)
    with open(path, encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(file, 1):
            if line.strip() and (row := _row(line, number, known, tally)) is not None:
                numbers.append(number)
                rows.append(row)
            if len(rows) == ROWS:
                yield _piece(numbers, rows, heads)
                numbers, rows = [], []
    if rows:
        yield _piece(numbers, rows, heads)


def _piece(numbers: list[int], rows: list[dict[str, Any]], heads: list[str]) -> Piece:
    return Piece(pa.array(numbers, pa.int64()),
                 [pa.array([_text(row.get(head)) for row in rows], pa.string()) for head in heads])


def _row(line: str, number: int, known: frozenset[str], tally: Tally) -> dict[str, Any] | None:
    row = _object(line)
    if not isinstance(row, dict):
        tally.say("row.json", at(number), f"{at(number)}{row}；每行须写成 {{\"列名\": 值, …}}。")
        return None
    if strange := [key for key in row if key not in known]:
        tally.say("row.keys", at(number), f"{at(number)}有第一行没有的列：{listed(strange)}；各行的列名须一致。")
    if nested := [key for key, value in row.items() if isinstance(value, (list, dict))]:
        tally.say("row.nested", at(number), f"{at(number)}的{listed(nested)}是列表或对象；每列只能是一个值。")
    return row


def _object(line: str) -> Any:
    """What a line says; a text that says what is wrong where it is no JSON object."""
    try:
        row = json.loads(line, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_once)
    except Twice as twice:
        return f"的列名「{twice}」出现两次"
    except (ValueError, RecursionError):
        return "不是完整的 JSON"
    return row if isinstance(row, dict) else "不是一个 JSON 对象"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise Twice(Counter(key for key, _ in pairs).most_common(1)[0][0])
    return row


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, (list, dict)):
        return None
    return HALVES.sub("\0", str(value))
