"""The invented registry: right codes, the same by the same seed, every column declared, facts missing on purpose."""

from collections import Counter
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings

from plumbline.kernel import area_name
from plumbline.kernel.credit_code import right
from plumbline.kernel.form import FORMS
from plumbline.store import rolls
from plumbline.store.tests import made
from plumbline.systems.enterprise import commands, registry

TABLE = settings.CATALOG.tables["enterprise.firms"]
ROWS = 4_000


@pytest.fixture(scope="module")
def firms():
    return next(registry.firms(ROWS))


def test_the_same_seed_makes_the_same_firms_and_another_makes_others(firms):
    assert next(registry.firms(ROWS)).equals(firms)
    assert not next(registry.firms(ROWS, seed=1)).equals(firms)


def test_every_code_is_right_and_no_two_are_alike(firms):
    codes = firms["code"].to_pylist() + next(registry.firms(ROWS, first=ROWS + 1))["code"].to_pylist()
    assert all(map(right, codes))
    assert len(set(codes)) == 2 * ROWS


def test_columns_are_those_declared_and_no_more(firms):
    declared = {one.key for one in TABLE.columns if not one.derived}
    assert set(firms.schema.names) - declared == set()
    assert declared - set(firms.schema.names) == set()


def test_every_name_says_that_it_is_invented(firms):
    for column in ("name", "legal_person"):
        assert all("模拟" in text for text in firms[column].to_pylist())


def test_places_lie_in_each_other_and_industries_exist(firms):
    for row in firms.select(["area", "street", "community", "industry"]).to_pylist():
        assert area_name(row["area"])
        assert row["street"].startswith(row["area"])
        assert row["community"] is None or (row["community"].startswith(row["street"]) and len(row["community"]) == 12)
        assert row["industry"] is None or FORMS["industry"].right(row["industry"])


def test_facts_are_missing_of_some_and_known_of_some(firms):
    for column in ("employees", "revenue_yuan", "insured", "layoff_rate", "rent_yuan", "zombie"):
        assert ROWS * 0.1 < firms[column].null_count < ROWS * 0.95, column


def test_nobody_closes_before_he_opens_or_after_the_day(firms):
    for row in firms.select(["status", "set_up_on", "closed_on"]).to_pylist():
        assert date(1990, 1, 1) <= row["set_up_on"] <= registry.DAY
        assert (row["closed_on"] is not None) == (row["status"] in ("注销", "迁出"))
        assert row["closed_on"] is None or row["set_up_on"] < row["closed_on"] <= registry.DAY


def test_fewer_are_set_up_in_february_and_young_firms_close_as_trades_do(firms):
    months = Counter(day.month for day in firms["set_up_on"].to_pylist() if day.year < 2020)
    assert months[2] < months[1] < months[4]
    closed = Counter()
    for row in firms.select(["industry", "status"]).to_pylist():
        closed[row["industry"], row["status"] in ("注销", "吊销", "迁出")] += 1
    shares = {code: closed[code, True] / (closed[code, True] + closed[code, False]) for code in ("H6210", "C3481")}
    assert shares["H6210"] > shares["C3481"]


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_what_the_command_writes_can_be_taken(tmp_path, capsys, ending):
    path = tmp_path / f"名册.{ending}"
    assert commands.main(["registry", "--firms", "500", "--to", str(path)]) == 0
    assert "已写入 500 个" in capsys.readouterr().out
    step = rolls.take(made.user(area="110000"), TABLE, path, path.name, day=registry.DAY, areas=["110000"])
    assert (step.new, step.bad) == (500, 0)
    sizes = Counter(size for file in rolls.standing(TABLE).files for size in pq.read_table(file.path)["size"].to_pylist())
    assert sizes["微型"] > sizes["小型"] > sizes["中型"] >= sizes["大型"]
    assert sizes[None] > 0


def test_a_place_that_cannot_be_written_is_told(tmp_path, capsys):
    assert commands.main(["registry", "--firms", "5", "--to", str(tmp_path / "none" / "x.csv")]) == 2
    assert "写不进去" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        commands.main(["registry", "--firms", "none", "--to", "x.csv"])


def test_csv_and_parquet_hold_the_same(tmp_path, firms):
    for ending in ("csv", "parquet"):
        assert commands.written(TABLE, [firms], tmp_path / f"x.{ending}") == ROWS
    assert pa.Table.from_batches([firms]).equals(pq.read_table(tmp_path / "x.parquet"))
    assert (tmp_path / "x.csv").read_text(encoding="utf-8").startswith('"所在区"')
