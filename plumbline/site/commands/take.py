"""`plumbline take`: a delivery of a roll too large for the page, checked and taken here, with a bar that shows how far it is."""

import argparse
import csv
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from rich.console import Console
from rich.progress import Progress

from plumbline.kernel import BadInput, Conflict, NotAllowed, Table
from plumbline.site.commands.migrate import unmade
from plumbline.store import declarations, rolls
from plumbline.store.models import User
from plumbline.store.records.reading import Watch
from plumbline.store.rolls import Step

MOST_SHOWN = 50


def main(arguments: list[str]) -> int:
    """Take a delivery; 1 where it is refused, 2 where the command cannot be used so."""
    options = parser().parse_args(arguments)
    if trouble := unmade() or _trouble(options):
        print(trouble, file=sys.stderr)
        return 2
    table = declarations.catalog().tables[options.table]
    console = Console(stderr=True)
    try:
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            step = _taken(table, options, bar)
    except BadInput as error:
        for finding in error.findings[:MOST_SHOWN]:
            print(finding.message, file=sys.stderr)
        print(f"共 {len(error.findings)} 处问题，什么都没有收下；更正后再交，或加 --partly 先收下无误的行。", file=sys.stderr)
        return 1
    except (Conflict, NotAllowed) as error:
        print(error, file=sys.stderr)
        return 1
    print(_said(step))
    if step.faults:
        _hand_back(step, options.faults or Path(f"{options.file}.未收.csv"))
    return 0


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    found = argparse.ArgumentParser("plumbline take", description="收下一份名册；大文件用它，小文件在网页上交。")
    found.add_argument("table", metavar="表", help="名册的代号，如 enterprise.firms")
    found.add_argument("file", type=Path, metavar="文件", help="csv、xlsx、jsonl 或 parquet")
    found.add_argument("--day", type=date.fromisoformat, required=True, metavar="日期", help="截至哪一天，如 2020-06-30")
    found.add_argument("--by", required=True, metavar="用户名", help="以谁的名义收下；须有这些地区的报送权限")
    found.add_argument("--area", nargs="+", default=None, metavar="代码", help="哪些地区的（默认为该用户的地区）")
    found.add_argument("--part", action="store_true", help="只更新文件里的列，没有列出的行不动；不写则为整册")
    found.add_argument("--partly", action="store_true", help="有误的行不收，其余照收")
    found.add_argument("--faults", type=Path, metavar="文件", help="未收的行写到哪里（默认在原文件旁）")
    found.add_argument("--source", default="", metavar="单位", help="来源（默认为本表的归口单位）")
    found.add_argument("--example", action="store_true", help="这是模拟数据")
    return found


def _trouble(options: argparse.Namespace) -> str:
    """Why the command cannot be run as it was written; empty where it can."""
    table = declarations.catalog().tables.get(options.table)
    if table is None or not table.roll:
        known = "、".join(key for key, one in settings.CATALOG.tables.items() if one.roll)
        return f"没有“{options.table}”这份名册；现有：{known or '无'}。"
    if not options.file.is_file():
        return f"没有这个文件：{options.file}。"
    if not User.objects.filter(username=options.by).exists():
        return f"没有“{options.by}”这个用户；请写已有用户的用户名。"
    return ""


def _taken(table: Table, options: argparse.Namespace, bar: Progress) -> Step:
    user, row = User.objects.get(username=options.by), bar.add_task("核对并收下")
    areas: Sequence[str] = options.area or [user.area]
    watch = Watch(lambda done, total: bar.update(row, completed=done, total=total))
    return rolls.take(user, table, options.file, options.file.name, day=options.day, areas=areas, partly=options.partly,
                      columns=rolls.columns_named(table, options.file) if options.part else None, source=options.source,
                      example=options.example, watch=watch)


def _said(step: Step) -> str:
    """What came of it."""
    return (f"已收下 {step.rows:,} 行：新增 {step.new:,}，变更 {step.changed:,}，退出 {step.gone:,}，不变 {step.same:,}，"
            f"未收 {step.bad:,}；截至 {step.day}。")


def _hand_back(step: Step, path: Path) -> None:
    """Write the rows that were left out, for who sent them."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["行", "问题和怎么改"])
        writer.writerows(rolls.faults_of(step))
    print(f"未收的行和原因：{path}")
