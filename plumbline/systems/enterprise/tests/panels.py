"""Small worlds of firms and months as Parquet, for the tests of activity, assessment and their pages."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from plumbline.kernel import ROW, Coverage, File, Inputs
from plumbline.kernel import period as periods

JUNE = date(2020, 6, 1)
KINDS = {"text": pa.string(), "integer": pa.int64(), "date": pa.date32(), "boolean": pa.bool_()}


def back(many, month=JUNE):
    """The first day of so many months before."""
    return periods.months_later(month, -many)


def inputs(table, rows, folder, name, first=date(2018, 1, 1), last=date(2020, 12, 31)):
    """Rows as what stands of a table; what a row does not say is unknown."""
    cells = {column.key: pa.array([row.get(column.key) for row in rows],
                                  pa.decimal128(38, column.scale) if column.type == "decimal" else KINDS[column.type])
             for column in table.open_columns}
    path = folder / f"{name}.parquet"
    pq.write_table(pa.table({**cells, ROW: pa.array(range(1, len(rows) + 1), pa.int64())}), path)
    return Inputs(table, (File(path, name, len(rows)),), (Coverage(("110000",), first, last),))


def firm(at, **more):
    """A firm of the roll."""
    return {"code": f"F{at:05}", "name": f"模拟企业{at}", "area": "110112", "street": f"11011200{at % 3 + 1}", "kind": "企业",
            "trade": ("工业", "批发业")[at % 2], "size": "小型", "status": "存续", "set_up_on": date(2015, 1, 1)} | more


def month_row(at, month, **told):
    """What is told of a firm in a month."""
    return {"code": f"F{at:05}", "area": "110112", "month_on": month} | told
