"""All rules on all rows: the same as one row at a time, the reasons kept, only what changed reckoned anew."""

import random
from datetime import date
from decimal import Decimal

import pytest

from plumbline.engine import decide, live, reasons, stretches, tidy_decisions
from plumbline.engine.decide import Counts, Shut, digests
from plumbline.engine.numbers import Beyond
from plumbline.engine.tests import made
from plumbline.kernel import BadDeclaration, BadInput, Condition, Gift, Inputs, Judge, Rule
from plumbline.kernel.parameter import Dated, Parameter

DAY = date(2020, 6, 30)
PARAMETERS = {
    "trial.help.most": Parameter("help.most", "上限", "人", (Dated(date(2020, 1, 1), Decimal(3), ""),), DAY),
    "trial.help.rate": Parameter("help.rate", "比例", "", (Dated(date(2020, 1, 1), Decimal("0.125"), ""),), DAY)}
CONDITIONS = (
    "done", "NOT done", "staff < param.help.most", "staff <= 2.5", "staff = 2.5", "staff <> 2.5", "staff > 9000000000000",
    "amount > 100", "amount >= 100.005", "staff * 2 < amount", "amount * param.help.rate < staff", "kind = 'a'",
    "kind IN ('a', '文字', NULL)", "kind NOT IN ('a', 'b')", "kind LIKE '%文%'", "kind >= 'b'", "length(kind) = 1",
    "coalesce(kind, 'a') = 'a'", "kind = firm", "kind IS NULL", "level IS NOT NULL", "done IS NULL", "amount IS NULL",
    "coalesce(done, false)", "coalesce(closed_on <= due_on, false)", "closed_on - due_on > 30", "year(due_on) = 2020",
    "month(closed_on) IN (1, 2, 3)", "due_on + INTERVAL 30 DAY < closed_on", "due_on < DATE '2020-06-30'",
    "due_on + INTERVAL (staff) DAY < closed_on", "CASE WHEN done THEN staff > 1 ELSE amount > 1 END", "done = (staff > 1)",
    "CASE WHEN done THEN staff WHEN staff > 2 THEN amount ELSE 0.5 END >= 1", "coalesce(amount, staff) BETWEEN 0 AND 3",
    "staff BETWEEN 1 AND amount", "staff NOT BETWEEN 1 AND 3", "(staff < 3 OR kind = 'b') AND NOT done", "- staff > amount",
    "staff IN (0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 3.5)", "staff * staff > amount",
    "CASE WHEN kind = 'a' THEN firm ELSE level END = 'f1'", "staff IN (1, amount)", "level = '甲' OR level = '丙'",
)


def rule(key, texts, **gives):
    conditions = tuple(Condition(f"c{at}", text, text) for at, text in enumerate(texts))
    bands = tuple((one["when"], one["rate"]) for one in gives.pop("bands", ()))
    gift = Gift("补贴", bands=bands, **gives) if gives else None
    return Rule(f"trial.{key}", "试", made.CALLS.key, date(2020, 1, 1), None, "虚构", conditions, gift)


def held(tmp_path, count=700, files=3, seed=5):
    return made.inputs(tmp_path, made.rows(seed, count), files)


def all_rows(inputs):
    """Every row with its place: file by file."""
    return [one for file in sorted(inputs.files, key=lambda file: file.sha256) for one in made.held(Inputs(made.CALLS, (file,)))]


def rules(count=60, seed=3):
    chance = random.Random(seed)
    return [rule(f"r{at}", chance.sample(CONDITIONS, chance.randrange(1, 6))) for at in range(count)]


def answered(decided, key):
    return [one for part in decided.parts for one in decided.answer(key, part).to_pylist()]


def test_every_condition_is_the_same_as_on_one_row(tmp_path):
    inputs = held(tmp_path)
    these = [rule(f"r{at}", [text]) for at, text in enumerate(CONDITIONS)]
    told = decide(these, inputs, DAY, PARAMETERS, folder=tmp_path / "kept")
    rows = all_rows(inputs)
    for one in these:
        judge = Judge(one, made.CALLS, PARAMETERS, DAY)
        assert answered(told, one.key) == [judge.on(row).holds for row in rows], one.conditions[0].text


def test_every_condition_is_the_same_in_duckdb(tmp_path, monkeypatch):
    inputs = held(tmp_path)
    these = [rule(f"r{at}", [text]) for at, text in enumerate(CONDITIONS)]
    rows = all_rows(inputs)

    def beyond(node, columns):
        raise Beyond
    monkeypatch.setattr(reasons, "vector", beyond)
    told = decide(these, inputs, DAY, PARAMETERS, folder=tmp_path / "kept")
    for one in these:
        judge = Judge(one, made.CALLS, PARAMETERS, DAY)
        assert answered(told, one.key) == [judge.on(row).holds for row in rows], one.conditions[0].text


def test_counts_and_reasons_are_those_of_every_row(tmp_path):
    inputs, these = held(tmp_path), rules()
    told, rows = decide(these, inputs, DAY, PARAMETERS, folder=tmp_path / "kept"), all_rows(inputs)
    for one in these:
        judge = Judge(one, made.CALLS, PARAMETERS, DAY)
        decisions = [judge.on(row) for row in rows]
        counts = told.counts(one.key)
        holds = [decision.holds for decision in decisions]
        assert counts[:3] == (holds.count(True), holds.count(False), holds.count(None))
        for at, condition in enumerate(one.conditions):
            each = [decision.conditions[at].holds for decision in decisions]
            alone = sum(decision.near is not None and decision.near.key == condition.key for decision in decisions)
            assert counts.by_condition[condition.key] == Shut(each.count(True), each.count(False), each.count(None), alone)


def test_by_a_column(tmp_path):
    inputs, one = held(tmp_path), rule("r", ["staff < 3", "done"])
    told, judge = decide([one], inputs, DAY, PARAMETERS, folder=tmp_path / "kept"), Judge(one, made.CALLS, PARAMETERS, DAY)
    wanted: dict = {}
    for row in all_rows(inputs):
        wanted.setdefault(row["kind"], [0, 0, 0])[(True, False, None).index(judge.on(row).holds)] += 1
    assert told.by("trial.r", "kind") == {key: tuple(value) for key, value in wanted.items()}


def named(tmp_path, count=300):
    """Rows with a key of their own, in files of several stretches."""
    rows = [{**one, "row_": at} for at, one in enumerate(made.rows(8, count))]
    return made.inputs(tmp_path, rows, 3), {one["row_"]: one for one in rows}


def test_why_of_any_row_is_looked_up(tmp_path):
    inputs, rows = named(tmp_path)
    one = rule("r", ["staff < 3", "done", "amount > 0"])
    told, judge = decide([one], inputs, DAY, PARAMETERS, folder=tmp_path / "kept"), Judge(one, made.CALLS, PARAMETERS, DAY)
    for key, row in list(rows.items())[::7]:
        decision = judge.on(row)
        assert told.why("trial.r", key) == (decision.holds, {part.key: part.holds for part in decision.conditions})
    assert told.why("trial.r", 10**9) is None


def test_rows_of_an_answer_come_in_pages(tmp_path):
    inputs, rows = named(tmp_path)
    one = rule("r", ["staff < 3", "done"])
    told, judge = decide([one], inputs, DAY, PARAMETERS, folder=tmp_path / "kept"), Judge(one, made.CALLS, PARAMETERS, DAY)
    for answer in (True, False, None):
        pages = [told.rows("trial.r", answer, first, 17) for first in range(0, len(rows), 17)]
        assert all(len(page) == 17 for page in pages[:sum(map(len, pages)) // 17])
        wanted = [key for key, row in rows.items() if judge.on(row).holds is answer]
        assert sorted(key for page in pages for key in page) == wanted
    near = [key for key, row in rows.items() if (miss := judge.on(row).near) and miss.key == "c1"]
    assert sorted(told.misses("trial.r", "c1", 0, 1000)) == near


GIFTS = [
    {"base": "amount"}, {"base": "amount", "rate": "param.help.rate"}, {"base": "1540 * staff", "cap": "2000.005"},
    {"base": "amount", "rate": "0.3", "bands": [{"when": "staff >= 3", "rate": "0.5"}], "cap": "100 * staff"},
    {"base": "amount * 0.333", "bands": [{"when": "done", "rate": "0.15"}, {"when": "staff > 0", "rate": "1"}]},
]


@pytest.mark.parametrize("gives", GIFTS)
def test_gifts_add_up_to_those_of_every_row(tmp_path, gives):
    inputs, one = held(tmp_path), rule("r", ["due_on < DATE '2021-01-01'", "coalesce(staff < 9, true)"], **gives)
    told, judge = decide([one], inputs, DAY, PARAMETERS, folder=tmp_path / "kept"), Judge(one, made.CALLS, PARAMETERS, DAY)
    amounts = [decision.amount for row in all_rows(inputs) if (decision := judge.on(row)).holds]
    known = [amount for amount in amounts if amount is not None]
    assert len(known) > 50
    assert told.amounts("trial.r") == (sum(known), len(known), len(amounts) - len(known))


def watched(monkeypatch):
    """What is reckoned from now on: file and conditions."""
    seen, before = [], reasons._batches

    def watch(file, table, these, duck):
        seen.append((file.sha256, sorted(one.sql for one in these)))
        return before(file, table, these, duck)
    monkeypatch.setattr(reasons, "_batches", watch)
    return seen


def test_only_what_is_not_kept_yet_is_reckoned(tmp_path, monkeypatch):
    inputs, kept = held(tmp_path, files=2), tmp_path / "kept"
    one, same, more = rule("a", ["staff < 3", "done"]), rule("b", ["staff  <  3"]), rule("c", ["done", "amount > 5"])
    seen = watched(monkeypatch)
    decide([one, same], inputs, DAY, PARAMETERS, folder=kept)
    assert sorted(seen) == [(name, ['"done"', '("staff" < 3)']) for name in inputs.hashes]
    seen.clear()
    first = decide([one, same], inputs, DAY, PARAMETERS, folder=kept).counts("trial.a")
    assert seen == []
    decide([one, more], inputs, DAY, PARAMETERS, folder=kept)
    assert [what for _, what in seen] == [['("amount" > CAST(5 AS DECIMAL(17,2)))']] * 2
    seen.clear()
    changed = made.write(tmp_path, "new", made.CALLS, made.rows(99, 50))
    told = decide([one], Inputs(made.CALLS, (inputs.files[0], changed)), DAY, PARAMETERS, folder=kept)
    assert [name for name, _ in seen] == ["new"]
    assert told.counts("trial.a") != first


def test_a_changed_parameter_is_another_condition(tmp_path):
    inputs, one = held(tmp_path), rule("r", ["staff < param.help.most"])
    later = {**PARAMETERS, "trial.help.most": Parameter("help.most", "", "人", (Dated(date(2020, 1, 1), Decimal(1), ""),), DAY)}
    folder = tmp_path / "kept"
    few, many = (decide([one], inputs, DAY, told, folder=folder).counts("trial.r") for told in (later, PARAMETERS))
    assert few.eligible < many.eligible


def test_a_rule_that_is_typed_keeps_nothing(tmp_path):
    inputs, one, folder = held(tmp_path), rule("r", ["staff < 3", "kind = firm"]), tmp_path / "kept"
    assert live(one, inputs, DAY, PARAMETERS).counts("trial.r") == decide(
        [one], inputs, DAY, PARAMETERS, folder=folder).counts("trial.r")
    assert len(list(folder.iterdir())) == 3


def test_answers_of_files_that_no_longer_stand_are_dropped(tmp_path):
    inputs, folder = held(tmp_path, files=2), tmp_path / "kept"
    decide([rule("a", ["staff < 3"])], inputs, DAY, PARAMETERS, folder=folder)
    decide([rule("b", ["done"])], inputs, DAY, PARAMETERS, folder=folder)
    stands = [inputs.files[0].sha256]
    assert tidy_decisions(stands, None, folder) == 2
    used = digests([rule("b", ["done"])], made.CALLS, DAY, PARAMETERS)
    assert tidy_decisions(stands, used, folder) == 1
    assert [path.name for path in folder.iterdir()] == stands
    assert tidy_decisions([], None, tmp_path / "nowhere") == 0


def test_stretches_of_a_file_lie_side_by_side(tmp_path, monkeypatch):
    monkeypatch.setattr(stretches, "ROWS", 64)
    inputs, folder = held(tmp_path, files=1), tmp_path / "kept"
    one, two = rule("a", ["kind = 'a'"]), rule("b", ["staff < 3", "kind = firm", "coalesce(staff, 1) > 0"])
    decide([one], inputs, DAY, PARAMETERS, folder=folder)
    told = decide([one, two], inputs, DAY, PARAMETERS, folder=folder)
    assert len(told.parts) == 11
    judge = Judge(two, made.CALLS, PARAMETERS, DAY)
    assert answered(told, two.key) == [judge.on(row).holds for row in all_rows(inputs)]


def test_a_column_an_older_file_lacks_is_unknown(tmp_path):
    file = made.write(tmp_path, "old", made.CALLS, made.rows(5, 100), without=("staff", "kind"))
    these = [rule("a", ["staff < 3"]), rule("b", ["kind IS NULL"]), rule("c", ["kind = 'a'", "done"])]
    told = decide(these, Inputs(made.CALLS, (file,)), DAY, PARAMETERS, folder=tmp_path / "kept")
    assert [told.counts(one.key)[:3] for one in these][:2] == [(0, 0, 100), (100, 0, 0)]
    assert told.counts("trial.c").eligible == 0


def test_no_rows_give_no_counts(tmp_path):
    empty = Inputs(made.CALLS, (made.write(tmp_path, "none", made.CALLS, []),))
    for inputs in (Inputs(made.CALLS), empty):
        told = decide([rule("a", ["staff < 3"], base="amount")], inputs, DAY, PARAMETERS, folder=tmp_path / "kept")
        assert told.counts("trial.a") == Counts(0, 0, 0, {"c0": Shut(0, 0, 0, 0)})
        assert (told.rows("trial.a", True), told.by("trial.a", "kind"), told.amounts("trial.a").total) == ([], {}, 0)


def test_a_file_that_is_gone_is_told(tmp_path):
    inputs = held(tmp_path)
    inputs.files[0].path.unlink()
    with pytest.raises(BadInput, match="不见了"):
        decide([rule("a", ["staff < 3"])], inputs, DAY, PARAMETERS, folder=tmp_path / "kept")


def test_a_rule_of_another_table_is_refused(tmp_path):
    with pytest.raises(BadDeclaration, match="is a rule of"):
        decide([rule("a", ["staff < 3"])], Inputs(made.Table("other.table", "别的", (), "area")), DAY, PARAMETERS)
