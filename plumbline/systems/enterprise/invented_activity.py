"""Hands in invented monthly records of an area's firms and has their activity reckoned, as an office would; once."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow.parquet as pq

from plumbline.engine import streamed
from plumbline.kernel import Coverage
from plumbline.kernel import period as periods
from plumbline.store import batches, declarations
from plumbline.store.batches.coverage import standing
from plumbline.systems.enterprise import invented_months
from plumbline.systems.enterprise.activity import ACTIVITY, FIRMS, MONTHS, reckon
from plumbline.systems.enterprise.places import MARK

# the months whose activity is reckoned; those before are the bases
RECKONED = date(2019, 7, 1)


def hand_in(user: Any, area: str, first: date = invented_months.FIRST, last: date = invented_months.LAST,
            since: date = RECKONED) -> Iterator[str]:
    """Hand in the months of an area's firms as they stand in the roll, and reckon those from a day on; a line for each step."""
    catalog = declarations.catalog()
    if standing(MONTHS).filter(areas=[area]).exists():
        return
    roll = batches.inputs(catalog.tables[FIRMS])
    firms = invented_months.firms_of(sorted((row for part in streamed(roll, f"area = '{area}'") for row in part.to_pylist()),
                                            key=lambda row: str(row["code"])))
    for month in invented_months.months(first, last):
        data, (begin, end) = io.BytesIO(), periods.span(f"{month:%Y-%m}")
        pq.write_table(invented_months.month(firms, month), data)
        batches.receive(user, catalog.tables[MONTHS], f"{MARK}数据：月度经营记录{month:%Y-%m}.parquet", data.getvalue(),
                        Coverage((area,), begin, end), example=True)
    yield f"{MARK}数据：月度经营记录 {len(firms.told)} 户"
    for month in invented_months.months(since, last):
        batch = reckon(user, month, area, example=True)
    yield f"{MARK}数据：企业活跃度 {batch.rows} 户，{since:%Y-%m}至{last:%Y-%m}"


__all__ = ["ACTIVITY", "hand_in"]
