"""A brute-force judge of rules, written without the kernel: trees of tuples, rendered as text for the kernel to read.

A tree is ("field", key), ("value", v) or (operator, part, …). Unknown is None. Every value a field may have here is listed:
`DOMAIN` holds one of each region that the limits cut, so that trying all of them is trying everything.
"""

import itertools
import operator
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from plumbline.kernel import Condition, Judge, Rule
from plumbline.kernel.record import Column, Table

DAY = date(2020, 6, 1)
FIRST = date(2020, 1, 1)
DAYS = [FIRST + timedelta(at) for at in range(4)]
WHOLE, MONEY = [0, 1, 2, 3], [Decimal("0.00"), Decimal("0.50"), Decimal("1.00"), Decimal("1.50")]
DOMAIN = {
    "n": [-1, 0, 1, 2, 3, 4], "m": [-1, 0, 1, 2, 3, 4], "d": [Decimal(at) / 4 for at in range(-1, 8)], "p": [True, False],
    "q": [True, False], "t": ["a", "ab", "ay", "b", "z"], "o": [FIRST + timedelta(at) for at in range(-1, 5)],
}
KINDS = {"n": "integer", "m": "integer", "d": "decimal", "p": "boolean", "q": "boolean", "t": "text", "o": "date"}
COLUMNS = tuple(Column(key, kind, key) for key, kind in KINDS.items())
TABLE = Table("brute.rows", "行", (Column("area", "text", "区"), *COLUMNS), "area")
NUMBERS = [("n", WHOLE), ("m", WHOLE), ("d", MONEY)]
COMPARE = {"=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
SIGNS = tuple(COMPARE)


def value(tree, row):
    """The value of a tree: SQL's, by its book."""
    if tree not in MADE:
        MADE[tree] = made(tree)
    return MADE[tree](row)


MADE: dict = {}


def made(tree):
    """A function of a row."""
    name, *parts = tree
    if name == "field":
        return lambda row: row[parts[0]]
    if name == "value":
        return lambda row: parts[0]
    if name == "case":
        return cased([(made(when), made(then)) for when, then in parts[:-1]], made(parts[-1]))
    told = [made(part) for part in parts if isinstance(part, tuple)]
    if name in ("and", "or"):
        return lambda row: joined([one(row) for one in told], name == "or")
    if name == "first":
        return lambda row: next((one for part in told if (one := part(row)) is not None), None)
    if name == "empty":
        return lambda row: told[0](row) is None
    if name == "in":
        return lambda row: joined([same("=", told[0](row), item(row)) for item in told[1:]], True)
    if name == "between":
        return lambda row: joined([same(">=", told[0](row), told[1](row)), same("<=", told[0](row), told[2](row))], False)
    if name == "compare":
        return lambda row: same(parts[0], told[0](row), told[1](row))
    act = {"not": lambda one: not one, "plus": lambda one, other: one + other, "like": lambda one: one.startswith("a")}[name]
    return lambda row: None if None in (values := [one(row) for one in told]) else act(*values)


def cased(branches, otherwise):
    def test(row):
        for when, then in branches:
            if when(row) is True:
                return then(row)
        return otherwise(row)
    return test


def same(sign, one, other):
    return None if one is None or other is None else COMPARE[sign](one, other)


def joined(told, decides):
    return decides if decides in told else None if None in told else not decides


def text(tree):
    """A tree as an expression."""
    name, *parts = tree
    if name == "field":
        return parts[0]
    if name == "value":
        return literal(parts[0])
    if name == "case":
        *branches, otherwise = parts
        whens = " ".join(f"WHEN {text(when)} THEN {text(then)}" for when, then in branches)
        return f"CASE {whens} ELSE {text(otherwise)} END"
    if name == "compare":
        return f"({text(parts[1])} {parts[0]} {text(parts[2])})"
    if name == "in":
        return f"({text(parts[0])} IN ({', '.join(map(text, parts[1:]))}))"
    told = [text(part) for part in parts]
    return {"first": f"coalesce({', '.join(told)})", "empty": f"({told[0]} IS NULL)", "and": f"({' AND '.join(told)})",
            "or": f"({' OR '.join(told)})", "not": f"(NOT {told[0]})", "plus": f"({' + '.join(told)})",
            "like": f"({told[0]} LIKE 'a%')", "between": "({} BETWEEN {} AND {})".format(*told) if len(told) == 3 else ""}[name]


def literal(told):
    if isinstance(told, bool):
        return str(told).upper()
    if isinstance(told, date):
        return f"DATE '{told}'"
    return f"'{told}'" if isinstance(told, str) else str(told)


def fields(tree):
    if tree[0] == "field":
        return {tree[1]}
    parts = (one for part in tree[1:] if isinstance(part, tuple) for one in (part if isinstance(part[0], tuple) else (part,)))
    return set().union(*(fields(part) for part in parts))


def atom(chance):
    """A comparison with limits of the field's own."""
    way = chance.randrange(10)
    key, limits = chance.choice(NUMBERS)
    one = ("field", key)
    if way < 4:
        return ("compare", chance.choice(SIGNS), one, ("value", chance.choice(limits)))
    if way == 4:
        return ("between", one, ("value", limits[chance.randrange(2)]), ("value", limits[chance.randrange(1, 4)]))
    if way == 5:
        return ("in", ("field", "t"), *(("value", told) for told in chance.sample(["a", "ab", "b"], 2)))
    if way == 6:
        return ("compare", chance.choice(SIGNS), ("field", "o"), ("value", chance.choice(DAYS)))
    if way == 7:
        return ("field", chance.choice("pq"))
    if way == 8:
        return chance.choice([("like", ("field", "t")), ("compare", chance.choice(("=", "<>")), ("field", "t"), ("value", "a")),
                              ("compare", chance.choice(SIGNS), ("plus", ("field", "n"), ("field", "m")), ("value", 2))])
    return chance.choice([("compare", chance.choice(SIGNS), ("field", "n"), ("field", "m")),
                          ("compare", ">", ("first", ("field", "n"), ("field", "m")), ("value", 1))])


def grown(chance, depth=2):
    """A condition by chance."""
    way = chance.randrange(12) if depth else 0
    if way < 5:
        return atom(chance)
    parts = [grown(chance, depth - 1) for _ in range(2)]
    if way < 9:
        return ("and" if way < 7 else "or", *parts)
    return chance.choice([("not", parts[0]), ("first", parts[0], ("value", chance.random() < 0.5)),
                          ("case", (grown(chance, depth - 1), parts[0]), parts[1]), ("or", ("empty", ("field", "n")), parts[0])])


def rule(chance, key):
    """A rule of a few conditions by chance: its trees, and as the kernel reads it."""
    trees = [grown(chance) for _ in range(chance.randrange(1, 5))]
    conditions = tuple(Condition(f"c{at}", "", text(tree)) for at, tree in enumerate(trees))
    return trees, Rule(f"brute.{key}", "试", TABLE.key, date(2020, 1, 1), None, "虚构", conditions)


def row(chance):
    """A row with gaps."""
    blank = chance.choice((0.2, 0.4, 0.6))
    return {key: None if chance.random() < blank else chance.choice(values) for key, values in DOMAIN.items()}


def whole(trees, row):
    return joined([value(tree, row) for tree in trees], False)


def always(trees, row, keys):
    """Whether every filling of these fields decides."""
    return all(whole(trees, {**row, **dict(zip(keys, told, strict=True))}) is not None
               for told in itertools.product(*(DOMAIN[key] for key in keys)))


def least(trees, row, keys):
    """Whether without any one of these fields some filling of the others leaves it open."""
    return all(not always(trees, row, [other for other in keys if other != key]) for key in keys)


def simple(tree):
    """Whether every comparison is of one field with limits, so that `DOMAIN` has a value of each region."""
    if tree[0] in ("compare", "first") and len(fields(tree)) > 1:
        return False
    parts = (one for part in tree[1:] if isinstance(part, tuple) for one in (part if isinstance(part[0], tuple) else (part,)))
    return all(simple(part) for part in parts)


@dataclass
class Told:
    """What came of judging: how many pairs, how many of them open, those that are wrong, those where a field is not needed."""

    judged: int = 0
    unknown: int = 0
    wrong: list = field(default_factory=list)
    more: list = field(default_factory=list)


def pairs(rules, rows, seed):
    """So many rules by chance, each with so many rows: the kernel's judge against this one."""
    chance, told = random.Random(seed), Told()
    for at in range(rules):
        trees, made_rule = rule(chance, at)
        judge, keys = Judge(made_rule, TABLE, {}, DAY), sorted(set().union(*map(fields, trees)))
        seen: dict = {}
        for _ in range(rows):
            held = row(chance)
            decision = judge.on(held)
            known = (tuple(held[key] for key in keys), decision.holds, decision.wants)
            if known not in seen:
                seen[known] = verdict(trees, held, decision)
            told.judged += 1
            told.unknown += decision.holds is None
            if seen[known]:
                getattr(told, seen[known]).append((made_rule, held, decision))
        MADE.clear()
    return told


def verdict(trees, held, decision):
    """Empty where both judges agree and the named fields are the ones that decide."""
    if decision.holds is not whole(trees, held) or [one.holds for one in decision.conditions] != [
            value(tree, held) for tree in trees]:
        return "wrong"
    if decision.holds is not None:
        return "wrong" if decision.wants else ""
    if not decision.wants or not always(trees, held, decision.wants):
        return "wrong"
    return "more" if all(map(simple, trees)) and not least(trees, held, decision.wants) else ""
