"""Random expressions over the golden table, and rows for them."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

TEXTS = ["", "a", "A", "云溪区", "云溪", "100%", "a_b", "a\\b", "it's", " ", "𠮷", "区 "]
DAYS = [date(1, 1, 1), date(9999, 12, 31), date(2020, 2, 29), date(2019, 2, 28), date(2020, 6, 30), date(2021, 1, 1)]
WHOLE = [0, 1, -1, 2, 299, 300, 301, 999_999_999_999_999, -999_999_999_999_999]
POINTED = ["0.00", "0.01", "-0.01", "300.00", "0.50", "999999999999999.99", "-999999999999999.99"]
BINARY = ["=", "<>", "<", "<=", ">", ">="]


def rows():
    """Rows of the golden table; every value may be missing."""
    whole = st.sampled_from(WHOLE) | st.integers(-999_999_999_999_999, 999_999_999_999_999) | st.none()
    days = st.sampled_from(DAYS) | st.dates(date(1900, 1, 1), date(2200, 12, 31)) | st.none()
    texts = st.sampled_from(TEXTS) | st.text("ab%_\\'云溪区𠮷 ", max_size=5) | st.none()
    truths = st.booleans() | st.none()
    money = (st.sampled_from(POINTED).map(Decimal) | st.integers(-10**17 + 1, 10**17 - 1).map(lambda n: cents(n, 2))
             | st.none())
    fine = st.integers(-10**19 + 1, 10**19 - 1).map(lambda n: cents(n, 4)) | st.none()
    return st.fixed_dictionaries({"p": truths, "q": truths, "i": whole, "j": whole, "d": money, "e": fine, "t": texts,
                                  "s": texts, "opened": days, "closed": days})


def cents(number, scale):
    return Decimal(f"{number}E-{scale}")


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


texts = st.sampled_from(["t", "s", "COALESCE(t, s)", "CASE WHEN p THEN t ELSE s END", *map(quoted, TEXTS)])
days = st.sampled_from([
    "opened", "closed", "COALESCE(closed, opened)", "opened + INTERVAL 30 DAY", "closed - INTERVAL 366 DAY",
    "opened + INTERVAL (i) DAY", "CASE WHEN q THEN opened END", "opened + INTERVAL param.limits.days DAY",
    *(f"DATE '{day.isoformat()}'" for day in (*DAYS, DAYS[2] + timedelta(1)))])
simple = st.sampled_from([
    "i", "j", "d", "e", "0", "300", "-1", "0.5", "299.995", "(closed - opened)", "YEAR(opened)", "MONTH(closed)", "LENGTH(t)",
    "param.limits.staff", "param.limits.rate", "CASE WHEN p THEN i WHEN q THEN 0.5 END"])
numbers = st.one_of(
    simple, simple, st.tuples(simple, st.sampled_from("+-"), simple).map(lambda part: "({} {} {})".format(*part)),
    st.tuples(simple, st.sampled_from(["2", "0.05", "i", "param.limits.rate", "YEAR(opened)"])).map(
        lambda part: "({} * {})".format(*part)),
    st.tuples(simple, simple).map(lambda part: "COALESCE({}, {})".format(*part)), simple.map(lambda part: f"(- {part})"))


def compared(values):
    listed = st.lists(values | st.just("NULL"), min_size=1, max_size=4).map(", ".join)
    return st.one_of(
        st.tuples(values, st.sampled_from(BINARY), values).map(lambda part: "{} {} {}".format(*part)),
        st.tuples(values, values, listed).map(lambda part: "{} IN ({}, {})".format(*part)),
        st.tuples(values, values, listed).map(lambda part: "{} NOT IN ({}, {})".format(*part)),
        st.tuples(values, values, values).map(lambda part: "{} BETWEEN {} AND {}".format(*part)),
        st.tuples(values, values, values).map(lambda part: "{} NOT BETWEEN {} AND {}".format(*part)),
        values.map(lambda value: f"{value} IS NULL"))


patterns = st.text("ab%_\\'云", max_size=5).filter(lambda text: len([one for one in text.split("%") if one]) <= 4)
conditions = st.recursive(
    st.one_of(
        st.sampled_from(["p", "q", "p = q", "p <> q", "TRUE", "FALSE", "p IN (q, NULL)"]), compared(numbers), compared(texts),
        compared(days), st.tuples(texts, patterns).map(lambda part: f"{part[0]} LIKE {quoted(part[1])}")),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda part: "({}) {} ({})".format(*part)),
        inner.map(lambda one: f"NOT ({one})"), inner.map(lambda one: f"COALESCE({one}, FALSE)"),
        inner.map(lambda one: f"({one}) IS NULL"),
        st.tuples(inner, inner, inner).map(lambda part: "CASE WHEN {} THEN {} ELSE {} END".format(*part))),
    max_leaves=6)


def expressions():
    """Expressions of every type."""
    return st.one_of(conditions, conditions, conditions, numbers, days, texts)
