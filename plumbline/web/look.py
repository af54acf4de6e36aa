"""A first look at a file that is handed in, before anything of it is kept: can there be a report in it at all?

The look is taken in a process of its own (`python -m plumbline.web.look NAME < FILE`), without Django and with
little memory: a file made to burst a reader, or to crash it, is refused like any other that cannot be read.
"""

import json
import resource
import subprocess
import sys
from dataclasses import asdict

from plumbline.kernel import BadInput, Finding
from plumbline.reports.reading.reader import NO_NUMBERS, read

LONGEST_SECONDS = 20
MOST_MEMORY = 2 * 1024**3
BURST = "打开这份文件时出错，可能已损坏，没有保存。请用原软件打开检查，或另存为 docx 或 txt 后再上传。"


def look(name: str, data: bytes) -> None:
    """Raise BadInput with every finding where no text, or no number, can be read from a file.

    Slow  a file that takes longer than `LONGEST_SECONDS` passes; whoever reads it in the background waits longer
    """
    command = [sys.executable, "-m", "plumbline.web.look", name.replace("\0", "")]
    try:
        told = subprocess.run(command, input=data, capture_output=True, timeout=LONGEST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return
    if told.returncode:
        raise BadInput([Finding("source.burst", name, f"{name}：{BURST}")])
    if findings := json.loads(told.stdout):
        raise BadInput([Finding(**finding) for finding in findings])


def main() -> int:
    """Look at the file on standard input; findings go out as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    name = sys.argv[1]
    try:
        report = read(sys.stdin.buffer.read(), name)
        findings = tuple(Finding(each.check, name, f"{name}：{each.message}没有保存。")
                         for each in report.findings if each.check == NO_NUMBERS)
    except BadInput as error:
        findings = error.findings
    sys.stdout.write(json.dumps([asdict(finding) for finding in findings]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
