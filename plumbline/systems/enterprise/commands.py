"""企业服务：虚构一份市场主体名册（registry）；计算企业活跃度（activity）"""

import argparse
import sys
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
from django.conf import settings

from plumbline.kernel import BadInput, PlumblineError, Table
from plumbline.store.models import User
from plumbline.systems.enterprise import activity, registry

MOST = 10_000_000


def main(arguments: list[str]) -> int:
    """Run `plumbline enterprise registry` or `activity`; 2 where the file cannot be written, or nothing can be reckoned."""
    options = parser().parse_args(arguments)
    if options.command == "activity":
        return reckoned(options)
    table = settings.CATALOG.tables["enterprise.firms"]
    begin = time.monotonic()
    try:
        many = written(table, registry.firms(options.firms, options.seed, options.day), options.to)
    except OSError as error:
        print(f"{options.to} 写不进去（{error.strerror}）；请换一个位置，或检查磁盘空间和权限。", file=sys.stderr)
        return 2
    print(f"已写入 {many:,} 个虚构的市场主体：{options.to}，用时 {time.monotonic() - begin:.0f} 秒。"
          f"可在「{table.label}」的报送页上传，截至日填 {options.day}。")
    return 0


def parser() -> argparse.ArgumentParser:
    """The commands' arguments."""
    found = argparse.ArgumentParser("plumbline enterprise", description="企业服务。")
    commands = found.add_subparsers(dest="command", required=True, metavar="registry | activity")
    month = commands.add_parser("activity", help="由报来的月度经营记录计算企业活跃度，一个月一批")
    month.add_argument("months", nargs="+", metavar="月份", help="如 2020-06；几个月请从早到晚写")
    month.add_argument("--area", default="110000", metavar="地区", help="区划代码（默认 110000）")
    month.add_argument("--as", dest="user", required=True, metavar="账号", help="以谁的名义收下结果；须有报送权限")
    made = commands.add_parser("registry", help="虚构一份市场主体名册")
    made.add_argument("--firms", type=count, default=10_000, metavar="数量", help="多少个市场主体（默认 10000，最多 1000 万）")
    made.add_argument("--seed", type=int, default=2020, metavar="数", help="同一个数生成同一份名册（默认 2020）")
    made.add_argument("--day", type=date.fromisoformat, default=registry.DAY, metavar="日期",
                      help="截至哪一天（默认 2020-06-30）")
    made.add_argument("--to", type=Path, required=True, metavar="文件", help="写到哪里：.parquet（默认形式）或 .csv")
    return found


def reckoned(options: argparse.Namespace) -> int:
    """Reckon months of an area's firms, one after the other, a line for each."""
    user = User.objects.filter(username=options.user, is_active=True).first()
    if user is None:
        print(f"没有账号「{options.user}」；请写一个有报送权限的账号。", file=sys.stderr)
        return 2
    for text in options.months:
        begin = time.monotonic()
        try:
            batch = activity.reckon(user, activity.month_of(text), options.area)
        except PlumblineError as error:
            told = [one.message for one in error.findings] if isinstance(error, BadInput) else [str(error)]
            print(f"{text}：{'；'.join(told)}", file=sys.stderr)
            return 2
        print(f"{text} 已算好 {batch.rows:,} 户，用时 {time.monotonic() - begin:.0f} 秒。", flush=True)
    return 0


def count(text: str) -> int:
    """A number of firms."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST):
        raise argparse.ArgumentTypeError(f"数量应为 1 到 {MOST} 的整数")
    return int(text)


def written(table: Table, batches: Iterable[pa.RecordBatch], path: Path) -> int:
    """Write rows as Parquet, or as csv under the columns' labels; how many."""
    labels = {one.key: one.label for one in table.columns}
    csv, many, writer = path.suffix.lower() == ".csv", 0, None
    try:
        for batch in batches:
            shown = batch.rename_columns([labels[name] for name in batch.schema.names]) if csv else batch
            writer = writer or (arrow_csv.CSVWriter(path, shown.schema) if csv else
                                pq.ParquetWriter(path, shown.schema, compression="zstd"))
            writer.write_batch(shown)
            many += batch.num_rows
    finally:
        if writer is not None:
            writer.close()
    return many
