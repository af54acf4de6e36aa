"""The words a system teaches the reader of clauses: which phrase asks what of which column. The reader itself knows no column."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number a clause may bound: 从业人员不超过300人.

    words   regular expression of its name
    column  what it is compared with
    unit    人 元 月 年 % …: the unit the clause must name
    growth  columns (now, before) by which it rises or falls: 同比下降30%以上
    """

    words: str
    column: str
    unit: str
    growth: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that ask one thing, whatever else the clause says.

    text      expression of who is meant
    excluded  expression where the clause says 未, 不 or 除外; empty: words that mean nothing unless excluded have no `text`
    key       name of the condition
    """

    words: str
    key: str
    text: str = ""
    excluded: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A column of few values and the words for them: 中小微企业, 个体工商户.

    values    regular expression → values
    patterns  the values are patterns: column LIKE value
    """

    column: str
    values: tuple[tuple[str, tuple[str, ...]], ...]
    patterns: bool = False


@dataclass(frozen=True, slots=True)
class Base:
    """What a gift is reckoned from: 失业保险费; `monthly`: times the months the clause names."""

    words: str
    text: str
    monthly: bool = False


@dataclass(frozen=True, slots=True)
class Special:
    """A gift said in a way of its own: 担保费率下调N个百分点; `{n}` stands for the number as a share or in yuan.

    words  regular expression with a group `n`
    """

    words: str
    base: str
    rate: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """All a system teaches.

    age      column with the day a party was set up: 成立满2年
    persons  words → column that 每人 counts; the first is meant where none is named
    joined   keys of columns whose words, joined by 和 or 、, are alternatives
    """

    quantities: tuple[Quantity, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    choices: tuple[Choice, ...] = ()
    bases: tuple[Base, ...] = ()
    specials: tuple[Special, ...] = ()
    persons: tuple[tuple[str, str], ...] = ()
    age: str = ""
    age_words: str = "成立|设立|注册|登记"
    joined: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
