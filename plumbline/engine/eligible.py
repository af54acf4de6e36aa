"""The rows a rule holds of, with a few of their columns, one after another: nothing is reckoned anew."""

from collections.abc import Iterator, Sequence
from typing import Any

from plumbline.engine.decide import Decided
from plumbline.engine.stretches import stretches


def eligible(decided: Decided, key: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Values of these columns of every row the rule holds of, file by file."""
    table = decided.inputs.table
    for file in dict.fromkeys(part.file for part in decided.parts):
        mine = [part for part in decided.parts if part.file == file]
        for part, stretch in zip(mine, stretches(file, table, list(columns)), strict=True):
            holds = decided.answer(key, part)
            cells = [stretch.column(name).filter(holds, null_selection_behavior="drop").to_pylist() for name in columns]
            yield from zip(*cells, strict=True)
