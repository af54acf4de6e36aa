"""From a row to the indicators that count it, whatever its columns are called."""

from datetime import date

from plumbline.engine import figures_of
from plumbline.engine.tests import made
from plumbline.kernel import Catalog, Column, Indicator, Table

# `order`, `end` and `select` are words of SQL as well
TABLE = Table("trial.stocks", "库存", (
    Column("area", "text", "地区"), Column("order", "text", "编号"), Column("end", "date", "期末"),
    Column("select", "integer", "数量")), area="area", dated="end", identity=("order", "end"))
STOCK = Indicator("trial.stock", "库存", TABLE.key, "latest", "件", "虚构", of='"select"', dated="end")
FIRST, LAST = date(2020, 3, 31), date(2020, 6, 30)


def test_a_stock_counts_until_the_next_row_of_the_same_thing(tmp_path):
    rows = [{"area": "110112", "order": order, "end": end, "select": 3}
            for order, end in (("甲", FIRST), ("甲", LAST), ("乙", date(2020, 4, 30)))]
    told = made.inputs(tmp_path, rows, 1, TABLE)
    catalog = Catalog(tables={TABLE.key: TABLE}, indicators={STOCK.key: STOCK})
    [first], [last] = (figures_of(catalog, told, row) for row in rows[:2])
    assert (first.indicator, first.day, first.before, first.stock) == (STOCK.key, FIRST, LAST, True)
    assert first.areas == ("110112", "110100", "110000")
    assert (last.day, last.before) == (LAST, None)
