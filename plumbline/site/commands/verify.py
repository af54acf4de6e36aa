"""`plumbline verify`: walks the journal's chain of hashes."""

import sys

from plumbline.site.commands.migrate import unmade
from plumbline.store import journal


def main(arguments: list[str]) -> int:
    """Say how many entries hold; 1 and the first broken one where the chain does not, 2 where no database is made."""
    if trouble := unmade():
        print(trouble, file=sys.stderr)
        return 2
    verdict = journal.verify()
    if verdict.broken is None:
        print(f"操作日志{verdict.why}\n链尾校验值 {verdict.digest}")
        return 0
    print(f"操作日志自第 {verdict.broken} 条起不可信：{verdict.why}", file=sys.stderr)
    return 1
