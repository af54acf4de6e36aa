"""The embedded engine among threads, forks, broken files and a sum too long."""

import os
import subprocess
import sys
import threading
from datetime import date
from decimal import Decimal

import pytest

from plumbline.engine import compute, record, rows, rows_behind, standing, using
from plumbline.engine.duck import Duck
from plumbline.engine.tests import made
from plumbline.kernel import BadInput, File, Inputs

CATALOG, AREA = made.catalog(), ("110000",)


@pytest.fixture
def told(tmp_path):
    return made.inputs(tmp_path, made.rows(7, 80), 2)


def count(told, indicator=None):
    return compute(CATALOG, [indicator or made.indicator("count")], "2020", AREA, {made.CALLS.key: told})[0].value


def test_the_settings_engine_stands_until_another_is_used():
    assert (standing().name, standing()) == ("duckdb", standing())
    other = Duck(memory="100MiB", threads=1)
    with using(other):
        assert standing() is other
        assert other.query("SELECT current_setting('memory_limit'), current_setting('threads')") == [("100.0 MiB", 1)]
    assert standing() is not other
    other.close()


def test_many_threads_count_at_once(told):
    want, found = count(told), []
    threads = [threading.Thread(target=lambda: found.append((count(told), rows(told).count))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [(want, 80)] * 8


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_opens_its_own_and_ends(told):
    want = count(told)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, str(count(told)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        assert said.read() == str(want)
    assert os.waitpid(child, 0)[1] == 0
    assert count(told) == want


FORKING = """
import os, sys
from plumbline.engine.duck import Duck
duck = Duck()
assert duck.query("SELECT 1") == [(1,)]
child = os.fork()
if not child:
    if sys.argv[1] == "asks":
        assert duck.query("SELECT 2") == [(2,)]
    sys.exit(7)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.parametrize("child", ["asks", "is silent"])
def test_a_child_that_ends_as_programs_do_ends_well(child):
    prepared = "import django; django.setup()" + FORKING
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", prepared, child], timeout=60, check=False,
                          env=os.environ | {"DJANGO_SETTINGS_MODULE": "plumbline.site.settings"}, capture_output=True, text=True)
    assert (done.returncode, "Traceback" in done.stderr) == (7, False)


def test_a_file_that_is_gone_is_named(told):
    missing = Inputs(made.CALLS, (*told.files, File(told.files[0].path.with_name("ff00.parquet"), "ff00", 9)), told.coverage)
    for ask in (lambda: count(missing), lambda: rows(missing), lambda: record(missing, "ff00", 1)):
        with pytest.raises(BadInput, match="ff00.parquet 不见了"):
            ask()


def test_a_file_that_goes_after_it_was_read_is_named(told):
    assert count(told) is not None
    told.files[0].path.unlink()
    with pytest.raises(BadInput, match=rf"{told.files[0].path.name} 无法读取"):
        count(told)


def test_a_broken_file_is_named(told, tmp_path):
    path = tmp_path / "ee00.parquet"
    path.write_bytes(b"PAR1 this is none PAR1")
    with pytest.raises(BadInput, match="ee00.parquet 已损坏"):
        count(Inputs(made.CALLS, (File(path, "ee00", 9),), told.coverage))


def test_a_file_cut_short_inside_is_refused(told):
    file = told.files[0]
    data = bytearray(file.path.read_bytes())
    data[4:len(data) // 2] = bytes(len(data) // 2 - 4)
    file.path.write_bytes(data)
    with pytest.raises(BadInput, match="无法读取"):
        count(told, made.indicator("sum", "amount"))


def test_an_older_file_without_a_later_column_is_read_as_empty(tmp_path):
    rows_made = made.rows(8, 40)
    files = (made.write(tmp_path, "b", made.CALLS, rows_made[:20], ("staff", "level")),
             made.write(tmp_path, "a", made.CALLS, rows_made[20:]))
    told = Inputs(made.CALLS, files, made.EVERYWHERE)
    for row in rows_made[:20]:
        row["staff"] = None
    expected = [{**row, "row_": at % 20 + 1, "file_": "b" if at < 20 else "a"} for at, row in enumerate(rows_made)]
    for one in (made.indicator("sum", "staff"), made.indicator("latest", "staff"), made.indicator("count", where="staff < 3")):
        figure, = compute(CATALOG, [one], "2020", AREA, {made.CALLS.key: told})
        assert made.short(figure) == made.figure(one, expected, "110000", "2020")
        assert rows_behind(CATALOG, one, "110000", "2020", {made.CALLS.key: told}).count == figure.counted
    assert [row["file_"] for row in rows(told).rows] == ["b"] * 20 + ["a"] * 20
    assert {row["level"] for row in rows(told).rows[:20]} == {None}


def test_a_sum_is_exact_to_the_last_of_38_digits(tmp_path):
    big = [{"area": "110101", "due_on": date(2020, 1, 1), "amount": Decimal("123456789012345.67"), "staff": 10**15 - 1}]
    told = made.inputs(tmp_path, [*big, {**big[0], "area": "110102", "amount": Decimal("-0.01")}], 2)
    assert count(told, made.indicator("sum", "amount * staff")) == Decimal("123456789012345536543210987654.34")
    assert count(told, made.indicator("sum", "staff * staff * 99999")) == 2 * (10**15 - 1) ** 2 * 99999


def test_a_sum_above_38_digits_is_refused(tmp_path):
    big = [{"area": "110101", "due_on": date(2020, 1, 1), "staff": 10**15 - 1}] * 200
    wide = made.indicator("sum", "staff * staff * 999999")
    for rows_each in (120, 200):
        with pytest.raises(BadInput, match="合计超过38位"):
            count(made.inputs(tmp_path, big[:rows_each], 2), wide)
    assert count(made.inputs(tmp_path, big[:100], 1), wide) == 100 * (10**15 - 1) ** 2 * 999_999


def test_a_number_with_more_digits_than_expressions_know_is_refused(tmp_path):
    told = made.inputs(tmp_path, [{"area": "110101", "due_on": date(2020, 1, 1), "amount": Decimal(1),
                                   "staff": 10**18 - 1}], 1)
    with pytest.raises(BadInput, match="15位"):
        count(told, made.indicator("sum", "amount * staff"))


def test_the_same_files_give_the_same_figures_in_any_order(told):
    these, other = made.indicators(), Inputs(told.table, told.files[::-1], told.coverage)
    figures = [compute(CATALOG, these, "2020", made.AREAS, {made.CALLS.key: one}) for one in (told, other)]
    assert figures[0] == figures[1]
