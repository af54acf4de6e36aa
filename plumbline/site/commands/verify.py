"""`plumbline verify`: walks the journal's chain of hashes."""

import sys

from plumbline.store import journal


def main(arguments: list[str]) -> int:
    """Say how many entries hold; 1 and the first broken one where the chain does not hold."""
    verdict = journal.verify()
    if verdict.broken is None:
        print(f"操作日志 {verdict.count} 条，哈希链完整。")
        return 0
    print(f"操作日志在第 {verdict.broken} 条处断开：{verdict.why}", file=sys.stderr)
    return 1
