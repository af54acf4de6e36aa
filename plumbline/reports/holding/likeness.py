"""Whether a claim may speak of an indicator: the words of its subject against the indicator's name."""

import re
from functools import lru_cache

from plumbline.kernel import Indicator
from plumbline.kernel.printing import COUNTED
from plumbline.kernel.unit import canonical
from plumbline.reports.checking.subjects import plain_name

_SAID_OF = re.compile(r"(?:同比|环比)?(?:增速|增幅|降幅|增长率)$|完成(?:全年|年度)?(?:目标|任务|计划)?比例$|（[^）]*）")
_PARTED = re.compile("[^一-鿿A-Za-z0-9.]+")


@lru_cache(maxsize=20_000)
def bare(subject: str) -> str:
    """The thing a claim is of, without what is said of it.

    >>> bare("一般公共预算收入同比增速"), bare("退出企业完成全年目标比例")
    ('一般公共预算收入', '退出企业')
    """
    return _PARTED.sub("", plain_name(_SAID_OF.sub("", subject)))


def likeness(subject: str, name: str) -> float:
    """0..1: how much of the shorter name the longer has, and how much longer it is.

    >>> likeness("一般公共预算收入", "一般公共预算收入"), likeness("常住人口", "粮食产量")
    (1.0, 0.0)
    """
    one, other = _pairs(bare(subject)), _pairs(bare(name))
    if not one or not other:
        return 0.0
    shared = len(one & other)
    return round(0.7 * shared / min(len(one), len(other)) + 0.3 * shared / max(len(one), len(other)), 3)


@lru_cache(maxsize=20_000)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at:at + 2] for at in range(len(text) - 1)) or frozenset({text} if text else ())


def of_indicator(subject: str, indicator: Indicator) -> float:
    """The better of the likeness to its subject and to its label."""
    names = {indicator.subject or indicator.label, indicator.label}
    return max(likeness(subject, name) for name in names)


def same_unit(one: str, other: str) -> bool:
    """Whether two units say the same: 名 and 人; 家, 个 and 项 count the same things.

    >>> same_unit("名", "人"), same_unit("家", "个"), same_unit("家", "元")
    (True, True, False)
    """
    one, other = canonical(one), canonical(other)
    return one == other or {one, other} <= COUNTED - {"人", "人次", "倍", "位", "名"}
