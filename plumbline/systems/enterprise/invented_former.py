"""Firms of the demo's district that are no more: set up before 2019, closed by the middle of 2020; some moved away."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from plumbline.systems.enterprise.invented_firms import INDUSTRIES, SORTS, WORDS, code_of
from plumbline.systems.enterprise.places import MARK, TOWN, day_in, street_of

MANY, FIRST_NUMBER = 2_400, 120_000
BEGAN, LAST = (date(2001, 1, 1), date(2018, 12, 31)), date(2020, 6, 30)
# days that half of them lasted, about; the youngest trades least
MIDDLE_DAYS = 1_700
MOVED, REVOKED = 0.05, 0.08


def rows(seed: int = 2020) -> Iterator[dict[str, Any]]:
    """Rows of the roll; of those revoked nobody wrote down the day."""
    dice = random.Random(seed + 9)
    for number in range(FIRST_NUMBER, FIRST_NUMBER + MANY):
        at = int(dice.random() ** 1.3 * len(INDUSTRIES))
        ended, luck = LAST + timedelta(days=1), dice.random()
        while ended > LAST:
            began = day_in(dice, *BEGAN)
            ended = began + timedelta(days=60 + int(dice.weibullvariate(MIDDLE_DAYS * (0.6 + at % 5 * 0.25), 1.2)))
        status = "迁出" if luck < MOVED else "吊销" if luck < MOVED + REVOKED else "注销"
        name = f"通州{MARK}{WORDS[number % 16]}{SORTS[number // 16 % 8]}{number:06}有限公司"
        yield {"code": code_of(number, TOWN), "name": name, "area": TOWN, "street": street_of(TOWN, int(dice.random() * 97)),
               "kind": "企业", "industry": INDUSTRIES[at], "status": status, "set_up_on": began,
               "closed_on": None if status == "吊销" else ended}


__all__ = ["rows"]
