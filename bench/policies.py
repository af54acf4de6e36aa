"""Invented firms at the size of a city and invented policies, for bench/decide.py: the same for Plumbline and its peers."""

import random
from datetime import date, timedelta
from pathlib import Path

import numpy
import pyarrow
from pyarrow import parquet

from plumbline.kernel import Column, Condition, File, Inputs, Rule, Table

DAY = date(2020, 6, 30)
CHUNK = 25_000
MISSING = 0.12
FIRST = date(1990, 1, 1)
NUMBERS = {"employees": 2_000, "insured": 1_500, "unemployment_months": 60}
YUAN = {"capital_yuan": 10**8, "revenue_yuan": 10**9, "assets_yuan": 10**9, "rent_yuan": 10**6, "social_paid_yuan": 10**6,
        "revenue_2019_yuan": 10**8, "revenue_2020_yuan": 10**8}
TEXTS = {"kind": ("企业", "个体工商户", "农民专业合作社"), "ownership": ("国有", "集体", "民营", "外资"),
         "size": ("大型", "中型", "小型", "微型"), "status": ("存续", "停业", "吊销", "注销", "迁出"),
         "landlord": ("市属国企", "区属国企", "央企", "民营", "个人"), "premises": ("生产经营", "办公", "商业"),
         "industry": tuple(f"{letter}{at:04}" for letter in "ABCDEFGHIJKLMNOPQR" for at in range(100, 5000, 180))}
TRUTHS = ("renter", "zombie", "dishonest", "hard_hit", "functions_fit", "in_park", "high_end", "key_field", "in_difficulty",
          "chain_branch")
STREETS = tuple(f"1101{district:02}{street:03}000" for district in range(1, 17) for street in range(1, 23))
TABLE = Table("bench.firms", "企业", (
    Column("code", "text", "统一社会信用代码"), Column("street", "text", "街道"),
    *(Column(key, "integer", key, unit="人") for key in NUMBERS), *(Column(key, "decimal", key, unit="元") for key in YUAN),
    *(Column(key, "text", key) for key in TEXTS), *(Column(key, "boolean", key) for key in TRUTHS),
    Column("set_up_on", "date", "成立日期")), "street", identity=("code",))
SIGNS = ("<", "<=", ">", ">=")


def firms(folder: Path, count: int) -> Inputs:
    """So many firms in files of 25,000; what is there already stays."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for at in range(0, count, CHUNK):
        path, rows = folder / f"firms-{at:08}-{min(CHUNK, count - at)}.parquet", min(CHUNK, count - at)
        if not path.exists():
            parquet.write_table(_rows(at, rows), path, compression="zstd")
        files.append(File(path, path.stem, rows))
    return Inputs(TABLE, tuple(files))


def _rows(first: int, rows: int, missing: float = MISSING) -> pyarrow.Table:
    chance = numpy.random.default_rng(first)

    def held(values, kind):
        return pyarrow.array(values, kind, mask=chance.random(rows) < missing)

    data = {"row_": pyarrow.array(range(first, first + rows), pyarrow.int64()),
            "code": pyarrow.array([f"91{first + at:016}" for at in range(rows)]),
            "street": pyarrow.array(numpy.array(STREETS)[chance.integers(len(STREETS), size=rows)])}
    for key, most in NUMBERS.items():
        data[key] = held((chance.pareto(1.2, rows) * 8).astype("int64") % most, pyarrow.int64())
    for key, most in YUAN.items():
        told = (chance.lognormal(numpy.log(most) - 6, 2, rows)).astype("int64") % most
        data[key] = held(told, pyarrow.int64()).cast(pyarrow.decimal128(38, 2))
    for key, values in TEXTS.items():
        data[key] = held(numpy.array(values)[chance.integers(len(values), size=rows)], pyarrow.string())
    for key in TRUTHS:
        data[key] = held(chance.random(rows) < 0.3, pyarrow.bool_())
    data["set_up_on"] = held(chance.integers(7_305, 18_400, size=rows).astype("int32"), pyarrow.int32()).cast(pyarrow.date32())
    return pyarrow.table(data)


def whole(count: int) -> list[dict]:
    """Firms of whom everything is known."""
    return _rows(10**7, count, 0).to_pylist()


def term(chance: random.Random, simple: bool) -> tuple:
    """One condition: column, sign, limits. simple: as a decision table can say it too."""
    way = chance.randrange(10 if simple else 12)
    if way < 2:
        key, most = chance.choice(list(NUMBERS.items()))
        return key, chance.choice(SIGNS), int(most * chance.random() ** 3)
    if way < 5:
        key, most = chance.choice(list(YUAN.items()))
        return key, chance.choice(SIGNS), int(most * chance.random() ** 4 / 100) * 100
    if way < 6:
        key, most = chance.choice(list(NUMBERS.items()))
        low = int(most * chance.random() ** 3)
        return key, "between", (low, low + most // 3)
    if way < 8:
        key = chance.choice([key for key in TEXTS if key != "industry"])
        return key, "in", tuple(sorted(chance.sample(TEXTS[key], chance.randrange(1, len(TEXTS[key])))))
    if way < 10:
        return chance.choice(TRUTHS), "is", chance.random() < 0.6
    if way < 11:
        return "industry", "like", chance.choice("ABCDEFGHIJKLMNOPQR") + chance.choice(("", "1", "2", "3"))
    return chance.choice([("set_up_on", chance.choice(SIGNS), FIRST + timedelta(chance.randrange(11_000))),
                          ("revenue_2020_yuan", "share", chance.randrange(10, 100))])


def policies(count: int, simple: bool = False, seed: int = 1) -> list[list[tuple]]:
    """Policies by chance: the conditions of each."""
    chance = random.Random(seed)
    return [list({one[0]: one for one in (term(chance, simple) for _ in range(chance.randrange(3, 7)))}.values())
            for _ in range(count)]


def text(one: tuple) -> str:
    """A condition as an expression."""
    key, sign, limit = one
    if sign == "between":
        return f"{key} BETWEEN {limit[0]} AND {limit[1]}"
    if sign == "in":
        return f"{key} IN ({', '.join(repr(value) for value in limit)})"
    if sign == "is":
        return key if limit else f"NOT {key}"
    if sign == "like":
        return f"{key} LIKE '{limit}%'"
    if sign == "share":
        return f"{key} <= {limit / 100} * revenue_2019_yuan"
    return f"{key} {sign} " + (f"DATE '{limit}'" if isinstance(limit, date) else str(limit))


def rules(told: list[list[tuple]]) -> list[Rule]:
    """The policies as rules."""
    return [Rule(f"bench.p{at}", f"政策{at}", TABLE.key, date(2020, 1, 1), None, "虚构", tuple(
        Condition(f"c{place}", "", text(one), "虚构") for place, one in enumerate(terms))) for at, terms in enumerate(told)]
