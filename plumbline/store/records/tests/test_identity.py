"""Rows of one identity are found, in one file and between two, as comparing every pair would find them."""

import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from plumbline.kernel import ROW, Column, Table
from plumbline.store.records import identity
from plumbline.store.records.identity import Names

TABLE = Table("example.pairs", "", (Column("one", "text", "一"), Column("two", "integer", "二")), "", identity=("one", "two"))


def written(path, pairs):
    """A file of these pairs, rows numbered from 2, and what is known of their names."""
    names = Names(TABLE)
    found = {"one": pa.array([one for one, _ in pairs], pa.string()), "two": pa.array([two for _, two in pairs], pa.int64()),
             ROW: pa.arange(2, 2 + len(pairs))}
    for start in range(0, len(pairs), 7):
        names.add({key: column.slice(start, 7) for key, column in found.items()})
    pq.write_table(pa.table(found), path)
    return names, [path]


@pytest.mark.parametrize("seed", range(8))
def test_what_stands_twice_is_what_comparing_every_pair_finds(tmp_path, seed, monkeypatch):
    monkeypatch.setattr(identity, "ROWS", 5)
    dice = random.Random(seed)
    mine, theirs = ([(dice.choice("甲乙丙丁"), dice.choice((1, 2, 3, 10, None))) for _ in range(many)] for many in (40, 12))
    names, files = written(tmp_path / "mine", mine)
    _, others = written(tmp_path / "theirs", theirs)
    twice = [(row + 2, mine.index(pair) + 2) for row, pair in enumerate(mine) if mine.index(pair) < row]
    assert [(row, first) for _, row, first in names.twice(files)] == twice
    shared = [row + 2 for row, pair in enumerate(mine) if pair in theirs]
    assert [row for _, row, _ in names.also_in(files, others)] == shared


def test_hashes_that_meet_by_chance_are_no_duplicates(tmp_path, monkeypatch):
    monkeypatch.setattr(identity, "hash", lambda text: len(text), raising=False)
    names, files = written(tmp_path / "a", [("甲", 1), ("乙", 2), ("丙", 3), ("乙", 2)])
    assert list(names.twice(files)) == [(f"乙{identity.BETWEEN}2", 5, 3)]
