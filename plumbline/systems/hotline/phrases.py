"""Phrases of a Chinese text that may name a thing: runs of characters between what says nothing."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

SHORTEST, LONGEST = 3, 9
# only the beginning of a long letter says what it is about
HEAD = 160
# words around which a phrase is cut: they stand in every request
EMPTY = re.compile(
    "有限公司|公司|尊敬的|您好|你好|领导|书记|市长|区长|县长|局长|请问|请求|希望|反映|投诉|咨询|求助|举报|建议|有关部门|相关部门|"
    "关于|我们|我是|居民|市民|业主|什么时候|为什么|怎么|如何|一直|多次|已经|至今|现在|目前|没有|无法|不能|可以|是否|严重|"
    "影响|问题|情况|解决|处理|谢谢|感谢|麻烦|政府|部门|这个|那个|就是|因为|所以|但是|而且|以及|或者|"
    "[的了吗呢吧啊是在有和与或也都就被把将向对从到给让]")
WORD = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")
FIGURES = re.compile(r"[0-9A-Za-z]+")


@lru_cache(maxsize=200_000)
def phrases_of(text: str) -> frozenset[str]:
    """The phrases of a text, 3 to 9 characters each.

    >>> sorted(phrases_of("请问锦绣家园什么时候通暖气"))
    ['绣家园', '通暖气', '锦绣家', '锦绣家园']
    """
    found: set[str] = set()
    for stretch in WORD.findall(unicodedata.normalize("NFKC", text[:HEAD])):
        for piece in EMPTY.split(stretch):
            found.update(_runs(piece))
    return frozenset(found)


def telling(words: Iterable[str], most: int) -> tuple[str, ...]:
    """The first of some phrases that say something new: none that has a piece of one before it.

    >>> telling(["晨光早市", "光早市占道", "占道经营", "晨光早市占道"], 5)
    ('晨光早市', '占道经营')
    """
    shown: list[str] = []
    pieces: set[str] = set()
    for word in words:
        runs = {word[at:at + SHORTEST] for at in range(max(len(word) - SHORTEST + 1, 1))}
        if not runs & pieces and len(shown) < most:
            shown.append(word)
            pieces |= runs
    return tuple(shown)


def _runs(piece: str) -> list[str]:
    return [run for size in range(SHORTEST, min(LONGEST, len(piece)) + 1) for at in range(len(piece) - size + 1)
            if not FIGURES.fullmatch(run := piece[at:at + size])]
