"""12345热线：由本地历史学得分类，并给来件分类（train、classify）"""

import argparse
import csv
import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from rich.console import Console
from rich.progress import Progress

from plumbline.kernel import BadInput, Finding
from plumbline.reports.reading.source_text import decoded
from plumbline.systems.hotline.classify import BY_WORDS, NAME, Answer, current, loaded

# letters of one cell
LONGEST = 10_000_000


def main(arguments: list[str]) -> int:
    """Run `plumbline hotline train` or `classify`; 2 where the input cannot be used."""
    options = parser().parse_args(arguments)
    try:
        return train(options) if options.command == "train" else classify(options)
    except BadInput as error:
        for finding in error.findings:
            print(finding.message, file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """The commands' arguments."""
    found = argparse.ArgumentParser("plumbline hotline", description="12345热线来件的分类。")
    commands = found.add_subparsers(dest="command", required=True, metavar="train | classify")
    learn = commands.add_parser("train", help="由已分类的来件学习；学成后即替换旧的分类模型")
    learn.add_argument("file", metavar="文件", help="CSV（UTF-8 或 GB18030），首行为列名")
    learn.add_argument("--text", metavar="列", default="text", help="正文所在的列（默认 text）")
    learn.add_argument("--label", metavar="列", default="label", help="类别所在的列（默认 label）")
    learn.add_argument("--models", type=Path, default=None, metavar="文件夹", help="模型存放处（默认为数据文件夹中的 models）")
    told = commands.add_parser("classify", help="给来件分类，每行一条")
    told.add_argument("file", metavar="文件", nargs="?", default="-", help='每行一个 {"id","text"}；不写或写 - 则读标准输入')
    told.add_argument("--as", dest="form", choices=("jsonl", "table"), default="jsonl",
                      help="jsonl 每行一条（默认）；table 给人看")
    told.add_argument("--models", type=Path, default=None, metavar="文件夹", help="模型存放处（默认为数据文件夹中的 models）")
    return found


def folder_of(options: argparse.Namespace) -> Path:
    """Where the models are kept."""
    return options.models or settings.DATA / "models"


def train(options: argparse.Namespace) -> int:
    """Learn from a file of classified texts, keep the model, and say how good it is on texts it had not seen."""
    learning, keeping = loaded("learning"), loaded("model")
    begin = time.monotonic()
    texts, labels = classified(Path(options.file), options.text, options.label)
    errors = Console(stderr=True)
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as bar:
        model = learning.learned(texts, labels, shown(bar))
    path = keeping.save(model, folder_of(options), NAME)
    for line in told(model.told):
        print(line)
    print(f"模型存于 {path}，用时 {time.monotonic() - begin:.0f} 秒。")
    return 0


def shown(bar: Progress) -> Callable[[str, int, int], None]:
    """Tells a bar what is done, so much of the whole; where nobody watches, a line at each new step."""
    row = bar.add_task("")
    last = [""]

    def tell(step: str, done: int, whole: int) -> None:
        bar.update(row, description=step, completed=done, total=whole)
        if step != last[0] and not bar.console.is_terminal:
            print(f"{step} …", file=sys.stderr, flush=True)
        last[0] = step
    return tell


def told(about: dict) -> Iterator[str]:
    """What training says of itself."""
    held = about["held_back"]
    yield f"学了 {about['texts']} 条、{about['classes']} 个类别。以下由轮流留出的五分之一测得（未参与当次学习）："
    yield (f"宏平均 F1 {held['macro_f1']:.4f}，准确率 {held['accuracy']:.2%}，前三含正确 {held['top3']:.2%}；"
           f"“无法判断” {held['abstained']:.1%} 时，其余准确率 {held['accuracy_when_told']:.2%}。")
    if about["left_out"]:
        yield f"不足 5 条而没有学的类别：{'、'.join(about['left_out'])}。"


def classified(path: Path, text: str, label: str) -> tuple[list[str], list[str]]:
    """The texts and labels of a CSV file; rows without a label are left out.

    Raises  BadInput where it cannot be read or a column is absent
    """
    csv.field_size_limit(LONGEST)
    reader = csv.DictReader(io.StringIO(read(path), newline=""))
    try:
        columns = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = columns
        if absent := [name for name in (text, label) if name not in columns]:
            raise refused(path, f"没有“{'、'.join(absent)}”列；请用 --text、--label 写明，现有：{'、'.join(columns) or '无'}")
        rows = [(row[text], row[label]) for row in reader if row[text] and row[label]]
    except csv.Error as error:
        raise refused(path, f"第 {reader.line_num} 行读不出来，多半是双引号没有成对；请在表格软件中另存为 CSV 后再试") from error
    return [one for one, _ in rows], [other for _, other in rows]


def read(path: Path) -> str:
    """The text of a file, in UTF-8 or GB18030, with or without a mark.

    Raises  BadInput where it is no file of text
    """
    try:
        return decoded(path.read_bytes(), str(path))
    except OSError as error:
        raise refused(path, f"打不开（{reason(error)}）") from error


def reason(error: OSError) -> str:
    """Why a file cannot be opened."""
    reasons: dict[type[OSError], str] = {FileNotFoundError: "没有这个文件", IsADirectoryError: "是文件夹",
                                         PermissionError: "没有权限"}
    return reasons.get(type(error), error.strerror or "")


def refused(path: Path, what: str) -> BadInput:
    """What stops a command."""
    return BadInput([Finding("hotline.file", path.name, f"{path}：{what}。")])


def classify(options: argparse.Namespace) -> int:
    """Print the class of each text; 1 where some lines could not be read (they are named on the error stream)."""
    classifier, wrong = current(folder_of(options)), 0
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    for number, line in enumerate(lines_of(options.file), 1):
        if not line.strip():
            continue
        if (given := message_of(line)) is None:
            print(f'第 {number} 行不是 {{"id": …, "text": "…"}}，未分类。', file=sys.stderr)
            wrong += 1
            continue
        key, text = given
        # at once: who asks line by line waits for each answer
        print(printed(key, classifier.classify(text), options.form), flush=True)
    return 1 if wrong else 0


def message_of(line: str) -> tuple[object, str] | None:
    """Key and text of a line; None where it is no message."""
    try:
        given = json.loads(line)
        key, text = given["id"], given["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return (key, text) if isinstance(text, str) else None


def lines_of(name: str) -> Iterator[str]:
    """The lines of a file, or of what comes in: each in UTF-8, else in GB18030."""
    if name == "-":
        yield from map(line_of, sys.stdin.buffer)
        return
    try:
        with open(name, "rb") as file:
            yield from map(line_of, file)
    except OSError as error:
        raise refused(Path(name), f"打不开（{reason(error)}）") from error


def line_of(given: bytes) -> str:
    """A line without its mark and end."""
    try:
        return given.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return given.decode("gb18030", errors="replace").strip()


def printed(key: object, answer: Answer, form: str) -> str:
    """One answer in the form asked for."""
    if form == "jsonl":
        return json.dumps({"id": key, "class": answer.label, "score": answer.score, "top3": [label for label, _ in answer.top3],
                           "abstained": answer.abstained}, ensure_ascii=False)
    best = "无法判断，可能是 " + "、".join(label for label, _ in answer.top3) if answer.abstained else answer.label
    note = "（按词表）" if answer.by == BY_WORDS else ""
    return f"{key}\t{best}{note}\t{answer.score:.2f}\t{' '.join(answer.why)}"
