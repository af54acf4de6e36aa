"""The activity of all firms in a month: 2.2 million firms by 12 months before it, one pass of the engine.

    python bench/activity.py [firms]      2,200,000 unless said otherwise; prints seconds and the most memory held
"""

import os
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.site.settings")
django.setup()

import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
from django.conf import settings  # noqa: E402

from plumbline.engine import panel  # noqa: E402
from plumbline.kernel import ROW, File, Inputs  # noqa: E402
from plumbline.kernel import period as periods  # noqa: E402
from plumbline.systems.enterprise import activity, invented_months  # noqa: E402

MONTH = date(2020, 6, 1)
TRADES, SIZES = ("工业", "批发业", "零售业", "餐饮业", "软件和信息技术服务业"), ("小型", "微型", "中型")


def main(many: int) -> None:
    """Lay the files, reckon a month, say how long it took."""
    with tempfile.TemporaryDirectory(prefix="plumbline-bench-") as name:
        folder = Path(name)
        firms = invented_months.Firms(pa.table({
            "code": pa.array([f"9111{at:014}" for at in range(many)]),
            "area": pa.array([f"1101{1 + at % 16:02}" for at in range(many)]),
            "street": pa.array([f"1101{1 + at % 16:02}{1 + at % 24:03}" for at in range(many)]),
            "insured": pa.array([2 + at % 97 for at in range(many)], pa.int64()),
            "set_up_on": pa.array([date(2000 + at % 19, 1, 1) for at in range(many)], pa.date32()),
            "closed_on": pa.nulls(many, pa.date32())}))
        roll = firms.told.append_column("trade", pa.array([TRADES[at % 5] for at in range(many)])).append_column(
            "size", pa.array([SIZES[at % 3] for at in range(many)]))
        held = panel.Sources(inputs(folder, activity.FIRMS, [roll]), inputs(folder, activity.MONTHS, (
            invented_months.month(firms, periods.months_later(MONTH, -back)) for back in range(12, -1, -1))),
            Inputs(settings.CATALOG.tables[activity.ACTIVITY]))
        laid = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        began = time.perf_counter()
        rows = panel.write(activity.panel_of(settings.CATALOG, MONTH), held, MONTH, "110000", folder / "out.parquet")
        took = time.perf_counter() - began
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(f"{rows:,} firms x 13 months: {took:.1f} s; {most:.1f} GiB at most ({laid:.1f} before it began); "
              f"{(folder / 'out.parquet').stat().st_size / 1e6:.0f} MB")


def inputs(folder: Path, key: str, parts: object) -> Inputs:
    """Tables as what stands of a declared one."""
    files = []
    for at, part in enumerate(parts):  # type: ignore[arg-type]
        path = folder / f"{key}-{at}.parquet"
        pq.write_table(part.append_column(ROW, pa.array(range(1, len(part) + 1), pa.int64())), path, compression="zstd",
                       row_group_size=1 << 20)
        files.append(File(path, f"{key}-{at}", len(part)))
    return Inputs(settings.CATALOG.tables[key], tuple(files))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_200_000)
