"""`plumbline check FILE [OTHER…]`: what the numbers of a report say of each other."""

import argparse
from pathlib import Path

from plumbline import reports
from plumbline.kernel import DIFFERS, Statement
from plumbline.site.commands import forms, read


def main(arguments: list[str]) -> int:
    """Print each statement; 1 where anything differs, 2 where a file cannot be read."""
    options = parser().parse_args(arguments)
    opened = [read.opened(Path(name)) for name in (options.file, *options.others)]
    found = [report for report in opened if report is not None]
    if len(found) < len(opened):
        return 2
    statements = [*reports.check(*found), *(said for other in found[1:] for said in reports.check(other))]
    show(statements, options.form)
    return 1 if any(statement.verdict == DIFFERS for statement in statements) else 0


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    found = argparse.ArgumentParser("plumbline check", description="核对报告中的数字；有不符时退出状态为 1。")
    found.add_argument("file", metavar="文件")
    found.add_argument("others", nargs="*", metavar="另一份报告", help="与它对照的报告，如本市的；也各自核对")
    found.add_argument("--as", dest="form", choices=("jsonl", "table"), default="table",
                       help="jsonl 每行一条；table 给人看的表（默认）")
    return found


def show(statements: list[Statement], form: str) -> None:
    """Print the statements in the form asked for."""
    if form == "table":
        forms.console().print(forms.statement_table(statements))
        return
    for line in forms.statement_lines(statements):
        print(line)
