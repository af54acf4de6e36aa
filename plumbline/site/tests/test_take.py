"""`plumbline take`: a roll taken from the command line, refused whole, or taken in part with its wrong rows handed back."""

import pytest

from plumbline.site.commands import take
from plumbline.store import rolls
from plumbline.store.rolls.tests.made import PARTIES, code, csv, line
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(settings, tmp_path, capsys):
    """Runs the command on some lines; its status and what it said."""
    settings.CATALOG = settings.CATALOG.extended([PARTIES], [])
    made.user()
    path = tmp_path / "主体.csv"

    def act(*lines, more=(), heads=None, table=PARTIES.key):
        path.write_bytes(csv(*lines, **({"heads": heads} if heads else {})))
        status = take.main([table, str(path), "--day", "2020-01-31", "--by", "planner", *more])
        told = capsys.readouterr()
        return status, told.out + told.err
    return act


def test_a_roll_is_taken_and_some_columns_of_it_after(run):
    assert run(line(1), line(2)) == (0, "已收下 2 行：新增 2，变更 0，退出 0，不变 0，未收 0；截至 2020-01-31。\n")
    assert run(f"{code(1)},30", heads="代码,人数", more=["--part", "--source", "人社部门"])[0] == 0
    assert (rolls.row_of(PARTIES, code(1))["people"], rolls.row_of(PARTIES, code(2))["people"]) == (30, 10)


def test_wrong_rows_refuse_all_or_are_handed_back(run, tmp_path):
    status, told = run(line(1), line(2, people="-1"))
    assert (status, rolls.row_of(PARTIES, code(1))) == (1, None)
    assert told.startswith("第 3 行「人数」：-1 小于零")
    status, told = run(line(1), line(2, people="-1"), more=["--partly"])
    assert (status, rolls.row_of(PARTIES, code(1))["people"]) == (0, 10)
    assert (tmp_path / "主体.csv.未收.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith("3,第 3 行「人数」")


@pytest.mark.parametrize(("told", "words"), [
    ({"table": "example.none"}, "没有“example.none”这份名册"), ({"more": ["--by", "nobody"]}, "没有“nobody”这个用户")])
def test_what_cannot_be_is_said(run, told, words):
    status, said = run(line(1), **told)
    assert status == 2
    assert words in said


def test_areas_of_others_are_refused(run):
    status, said = run(line(1), more=["--area", made.NEIGHBOUR])
    assert (status, "没有在" in said) == (1, True)
