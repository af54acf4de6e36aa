"""12345热线：由本地历史学得分类，并给来件分类（train、classify）"""

import argparse
import csv
import json
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from plumbline.kernel import BadInput, Finding
from plumbline.systems.hotline.classify import BY_WORDS, NAME, Answer, current, loaded


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
    learn.add_argument("file", metavar="文件", help="CSV，首行为列名")
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
    model = learning.learned(texts, labels)
    path = keeping.save(model, folder_of(options), NAME)
    for line in told(model.told):
        print(line)
    print(f"模型存于 {path}，用时 {time.monotonic() - begin:.0f} 秒。")
    return 0


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
    csv.field_size_limit(10_000_000)
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = list(reader.fieldnames or ())
            if absent := [name for name in (text, label) if name not in columns]:
                raise refused(path, f"没有“{'、'.join(absent)}”列；请用 --text、--label 写明，现有：{'、'.join(columns)}")
            rows = [(row[text], row[label]) for row in reader if row[text] and row[label]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise refused(path, f"读不出来（{error}）；请给 UTF-8 编码的 CSV 文件") from error
    return [one for one, _ in rows], [other for _, other in rows]


def refused(path: Path, what: str) -> BadInput:
    """What stops a command."""
    return BadInput([Finding("hotline.file", path.name, f"{path}：{what}。")])


def classify(options: argparse.Namespace) -> int:
    """Print the class of each text; 1 where some lines could not be read (they are named on the error stream)."""
    classifier, wrong = current(folder_of(options)), 0
    for number, line in enumerate(lines_of(options.file), 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            key, text = given["id"], given["text"]
        except (ValueError, KeyError, TypeError):
            key, text = None, None
        if not isinstance(text, str):
            print(f'第 {number} 行不是 {{"id": …, "text": "…"}}，未分类。', file=sys.stderr)
            wrong += 1
            continue
        print(printed(key, classifier.classify(text), options.form))
    return 1 if wrong else 0


def lines_of(name: str) -> Iterable[str]:
    """The lines of a file, or of what comes in."""
    if name == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield from sys.stdin
        return
    try:
        with open(name, encoding="utf-8-sig", errors="replace") as file:
            yield from file
    except OSError as error:
        raise refused(Path(name), f"打不开（{error.strerror}）") from error


def printed(key: object, answer: Answer, form: str) -> str:
    """One answer in the form asked for."""
    if form == "jsonl":
        return json.dumps({"id": key, "class": answer.label, "score": answer.score, "top3": [label for label, _ in answer.top3],
                           "abstained": answer.abstained}, ensure_ascii=False)
    best = "无法判断，可能是 " + "、".join(label for label, _ in answer.top3) if answer.abstained else answer.label
    note = "（按词表）" if answer.by == BY_WORDS else ""
    return f"{key}\t{best}{note}\t{answer.score:.2f}\t{' '.join(answer.why)}"
