"""`plumbline read FILE…`: every number of a report, with its place."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.progress import track

from plumbline import reports
from plumbline.kernel import BadInput, Finding, Report
from plumbline.site.commands import forms


def main(arguments: list[str]) -> int:
    """Print the claims of each file; 2 where one cannot be read."""
    options = parser().parse_args(arguments)
    files = [found for name in options.files for found in found_in(Path(name))]
    several = len(files) > 1 or any(Path(name).is_dir() for name in options.files)
    troubled = not files
    if not files:
        print("文件夹里没有可读的文件；可读 txt、docx、html 和带文字层的 pdf。", file=sys.stderr)
    for path in watched(files) if several else files:
        report = opened(path)
        troubled |= report is None
        if report is not None:
            show(report, options.form, several)
    return 2 if troubled else 0


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    found = argparse.ArgumentParser("plumbline read", description="读报告，列出每个数字及其位置。")
    found.add_argument("files", nargs="+", metavar="文件或文件夹", help="txt、docx、html 或带文字层的 pdf")
    found.add_argument("--as", dest="form", choices=("jsonl", "table", "html"), default="table",
                       help="jsonl 每行一个数字；table 给人看的表（默认）；html 一个可单独打开的网页")
    return found


def found_in(path: Path) -> list[Path]:
    """The file itself, or every report of a folder, in order of name."""
    if path.is_dir():
        return reports.files(path)
    return [path]


def watched(files: list[Path]) -> Iterable[Path]:
    """The files, with a progress line on stderr."""
    return track(files, description="读取报告", console=forms.console(stderr=True), transient=True)


def opened(path: Path) -> Report | None:
    """The report, read; None where it cannot be, or has no number; what is wrong is said on stderr."""
    try:
        report = reports.read(path)
    except BadInput as trouble:
        say(path, trouble.findings)
        return None
    say(path, report.findings)
    return report if report.claims else None


def say(path: Path, findings: Iterable[Finding]) -> None:
    """What was found wrong with a file, on stderr."""
    for finding in findings:
        print(f"{path}：{finding.message.removeprefix(f'{path.name}：')}", file=sys.stderr)


def show(report: Report, form: str, named: bool) -> None:
    """Print a report in the form asked for."""
    if form == "table":
        forms.console().print(forms.claim_table(report))
        return
    for line in lines(report, form, named):
        print(line)


def lines(report: Report, form: str, named: bool) -> Iterator[str]:
    """The lines of the two forms that programs read."""
    return forms.claim_lines(report, named) if form == "jsonl" else iter([forms.claim_page(report)])
