"""Totals and parts: 其中 lists, and totals behind their parts (合计).

What is looked for is the grammar of a list, never digits that add up: a list with a wrong digit is still found.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from os.path import commonprefix

from plumbline.kernel import DIFFERS, Statement
from plumbline.reports.checking.arithmetic import Sum, interval, shown_in, weigh
from plumbline.reports.checking.quantity import NO_Q, Q, Quantity, Sheet, Utterance

_OPENING = re.compile(
    r"其中|[，：、](?:分别)?(?:包括|包含|分为)|(?P<view>(?:从|按|分)[^，。；：\ue000-\uf8ff]{1,8}?(?:看|划分|分)[，：](?!其中))")
_TOTAL = re.compile(
    rf"(?:合计|总计|合共|共计|[两三四五]项(?:合计|共计)|[，、]共)(?!占){NO_Q}，。；]{{0,8}}({Q})")
# how far before a list its whole is looked for: more amounts than any sentence of a report has
MOST_HEADS = 60
# a number so led is a change or an attribute, not a part
_CHANGE = re.compile(
    r"(?:增收|增加|增长|新增|减收|减少|下降|降低|提高|提升|上升|高于|低于|多于|少于|[多少高低增减]|比[^，、]*|较[^，、]*)$")
_ATTRIBUTE = re.compile(r"^(?:以上|以下|以内|级(?!重点)|及以上)")
_OPEN = re.compile(r"^[^，。；]{0,6}等")
# words that begin another statement
_AFRESH = re.compile("(?:实现)?(?:贸易)?[顺逆]差|(?:滚存|当期|收支)?结余|目前|实际|现已|现有|同时|另外|此外|全年累计|累计|截至")
_CLASS = re.compile("[^，。；]{0,6}(?:项目|企业|产业|楼宇)")
_PLANNED = re.compile("计划|预算数|目标|任务")
_WHOLE = re.compile("共|合计|总计|分为|全部")
_PAIRS = tuple(map(re.compile, (
    "一般.*专项", "市属.*区属", "(?<!非)税收?.*非税", "城镇.*农村|城市.*农村", "出口.*进口", "进口.*出口", "内资.*外资",
    "国有.*非国有", "新建.*(?:改|续|扩)建", "续建.*新建", "中央.*地方", "国税.*地税", "一产.*二产.*三产",
    "第一产业.*第二产业.*第三产业", "基本支出.*项目支出", "公办.*民办", "男.*女")))


def sums(sheet: Sheet) -> list[Statement]:
    """Every total with its parts, weighed."""
    found: list[Statement] = []
    for index, sentence in enumerate(sheet.sentences):
        before = sheet.sentences[index - 1] if index else None
        found += [said(sheet, each) for each in _unique([*_listed(sentence, before), *_totalled(sentence)])
                  if each.speaks]
        found += [_part(sheet, *pair) for pair in _too_large(sentence, before)]
    return found


def _unique(found: Iterable[Sum]) -> list[Sum]:
    kept: dict[frozenset[int], Sum] = {}
    for each in found:
        kept.setdefault(frozenset(q.start for q in (each.whole, *each.parts)), each)
    return list(kept.values())


def said(sheet: Sheet, found: Sum) -> Statement:
    """A sum as statement."""
    verdict, why = weigh(found)
    added = "＋".join(part.surface for part in found.parts)
    total = shown_in(found.total, found.whole)
    words = f"总数{found.whole.surface}，所列各项{added}＝{total}：{why}"
    places = tuple(sheet.place(each) for each in (found.whole, *found.parts))
    return Statement("identity", verdict, words, places)


@dataclass(frozen=True, slots=True)
class Opening:
    """A place where a list of parts opens.

    owner  the sentence of the whole
    head   text before the opening word, `heads` the amounts in it that may be the whole
    tail   text of the list
    view   opened by 从…看, 按…分: its whole may stand anywhere before
    """

    owner: Utterance
    head: str
    heads: list[Quantity]
    tail: str
    view: bool = False


# 其中 lists -----------------------------------------------------------------------------------------------------


def _listed(sentence: Utterance, before: Utterance | None) -> list[Sum]:
    """Sums of the 其中 lists of a sentence; one for each unit the whole and the parts share."""
    found = []
    for each in _openings(sentence, before):
        lists = []
        for kind in dict.fromkeys(q.kind for q in sentence.all(each.tail)):
            parts, texts = _collect(sentence, each.tail, kind)
            wholes = _wholes(each, kind, texts)
            if wholes and len(parts) > 1:
                lists.append(_summed(wholes[0 if each.view else -1], parts, texts, each))
        sure = any(one.fits for one in lists)
        found += [Sum(one.whole, one.parts, one.parallel, one.complete or sure, one.open) for one in lists]
    return found


def _wholes(opening: Opening, kind: str, texts: list[str]) -> list[Quantity]:
    """The amounts of a unit that may be the whole; none where the nearest one cannot be."""
    near = [q for q in opening.heads if q.kind == kind]
    done = [q for q in near if not _PLANNED.search(opening.owner.lead(opening.owner.index(q)))]
    near = done or near
    headed = _headed(opening, texts)
    fit = [q for q in near if headed is not None and all(other is q for other in headed)]
    return fit if fit and fit[-1] is near[-1] else []


def _headed(opening: Opening, texts: list[str]) -> list[Quantity] | None:
    """The amounts before a list whose names its items end with; None where an item has the very name of one.

    Then they are one project's figures, and not parts of another's.
    """
    owner = opening.owner
    names: dict[str, list[Quantity]] = {}
    for q in opening.heads:
        if len(name := owner.lead(owner.index(q))) > 1:
            names.setdefault(name, []).append(q)
    labels = [re.split(Q, text)[0].lstrip("，：") for text in texts]
    if any(label in names for label in labels):
        return None
    longest = max(map(len, names), default=0)
    ends = {label[i:] for label in labels for i in range(max(1, len(label) - longest), len(label) - 1)}
    return [q for name in ends & names.keys() for q in names[name]]


def _openings(sentence: Utterance, before: Utterance | None) -> Iterator[Opening]:
    """Every place of a sentence where a list of parts opens."""
    text = sentence.skeleton
    matches = list(_OPENING.finditer(text))
    for order, match in enumerate(matches):
        head = text[:match.start()]
        end = matches[order + 1].start() if order + 1 < len(matches) else len(text)
        owner = sentence
        if before and before.block == sentence.block and len(head) < 13 and not sentence.all(head):
            owner = before
        heads = [q for q in (before.quantities if owner is before else sentence.all(head))[-MOST_HEADS:]
                 if _is_level(owner, q)]
        yield Opening(owner, head, heads, _reach(text[match.end():end].rstrip("。！？"), head), bool(match["view"]))


def _reach(tail: str, head: str) -> str:
    """How far a list goes: to the bracket it opened in, past ； only where it is a list of such items."""
    if head.endswith("（"):
        return tail.split("）")[0]
    if tail.startswith("：") or "；" not in tail:
        return tail
    items = [re.split(Q, item)[0].lstrip("，") for item in tail.split("；")]
    shared = commonprefix([item[::-1] for item in items])
    alike = len(shared) > 1 or not any(items) or _paired(items)
    return tail if len(head) < 13 and alike else tail.split("；")[0]


def _collect(sentence: Utterance, tail: str, kind: str) -> tuple[tuple[Quantity, ...], list[str]]:
    """The parts of one unit, with the words of each; ends where the list does.

    The first item must have the unit: in `其中亿元以上项目46个，总投资326亿元` only the projects are parts.
    """
    parts: list[Quantity] = []
    texts: list[str] = []
    for clause in re.split("[，；]", tail.lstrip("：，")):
        inside = sentence.all(clause)
        levels = [q for q in inside if _is_level(sentence, q)]
        hits = [q for q in levels if q.kind == kind]
        if (levels and not hits) or (parts and (not inside or _AFRESH.match(clause))):
            break
        if hits:
            several = len(hits) > 1 and _side_by_side(sentence, hits)
            parts += hits if several else hits[:1]
            texts += re.split("[、和及与]", clause) if several else [clause]
            if len(hits) > 1:
                break
    return tuple(parts), texts


def _side_by_side(sentence: Utterance, hits: list[Quantity]) -> bool:
    """Whether amounts of one clause are a list: 、 or 和 between all of them, not `受灾户1.37万户已入住1.02万户`."""
    marks = [sentence.mark(hit) for hit in hits]
    pairs = zip(marks, marks[1:], strict=False)
    return all(re.search("[、和及与]", sentence.skeleton[a:b]) for a, b in pairs)


def _is_level(sentence: Utterance, quantity: Quantity) -> bool:
    """Whether a quantity is an amount that can be whole or part; a change, a share, an attribute is none."""
    index = sentence.index(quantity)
    if quantity.unit in ("%", "百分点", "倍", "‰", "") or quantity.measure != "level":
        return quantity.unit == "" and quantity.scale > 1
    if quantity.claim is not None and quantity.claim.value2 is not None:
        return False
    after = sentence.after(index)
    attribute = bool(_ATTRIBUTE.match(after)) or (not after and quantity.bound != "=" and _followed(sentence, index))
    return not attribute and not _CHANGE.search(sentence.lead(index).replace("新增", ""))


def _followed(sentence: Utterance, index: int) -> bool:
    return index + 1 < len(sentence.quantities) and not sentence.between(index, index + 1)


def _summed(whole: Quantity, parts: tuple[Quantity, ...], texts: list[str], opening: Opening) -> Sum:
    """The sum of a list, with what its words say of its form."""
    bare = [re.sub(Q, "", text) for text in texts]
    joined = not any("，" in text or "；" in text for text in re.split(Q, opening.tail)[1:len(parts)])
    whole_list = joined or _paired(bare)
    found = Sum(whole, parts) if whole_list else _reaching(whole, parts, bare)
    open_end = bool(_OPEN.match(re.split(Q, opening.tail)[-1]))
    if opening.view:
        sure = _paired(bare) and found.one_digit
        return Sum(whole, found.parts, sure, sure, open_end)
    return Sum(whole, found.parts, whole_list or _parallel(bare[:len(found.parts)]),
               _paired(bare) or bool(_WHOLE.search(opening.head[-16:])), open_end)


def _reaching(whole: Quantity, parts: tuple[Quantity, ...], texts: list[str]) -> Sum:
    """How far a list goes: all of it, or its first parts that are named in one form.

    Words alone give the two readings. Where both could be meant but for one digit, the whole list is taken, so that
    a wrong digit never makes the shorter list agree.
    """
    full, short = Sum(whole, parts), Sum(whole, parts[:_of_one_form(texts)])
    if full.fits or full.one_digit:
        return full
    return short if short.fits or short.one_digit else full


def _paired(texts: list[str]) -> bool:
    """Whether the parts are named as the two or three that there are (税收 and 非税)."""
    return any(pair.search("|".join(texts)) for pair in _PAIRS)


def _of_one_form(texts: list[str]) -> int:
    """How many parts from the first on are named in one form; all of them where no two are."""
    forms: tuple[Callable[[str], bool], ...] = (
        lambda text: 0 < len(text) <= 2, lambda text: text[:1] == texts[0][:1] != "",
        lambda text: text[-1:] == texts[0][-1:] != "")
    most = max(sum(1 for _ in takewhile(form, texts)) for form in forms)
    return most if most > 1 else len(texts)


def _parallel(texts: list[str]) -> bool:
    """Whether the parts are named in one form: joined in one clause, or with a common beginning or end.

    >>> _parallel(["省级承担", "城建集团承担", "县级承担"]), _parallel(["市级", "竣工投产"])
    (True, False)
    """
    if all(0 < len(text) <= 2 for text in texts):
        return True
    return bool(commonprefix(texts) or commonprefix([text[::-1] for text in texts]))


def _names_a_class(sentence: Utterance, quantity: Quantity) -> bool:
    """Whether a number is the limit of a class of things: 过5亿元产业项目35个."""
    index = sentence.index(quantity)
    return bool(re.search("[过超]$", sentence.lead(index)) and _CLASS.match(sentence.after(index)))


def _too_large(sentence: Utterance, before: Utterance | None) -> Iterator[tuple[Quantity, Quantity]]:
    """A single part larger than everything it could be a part of; limits that name a class are neither."""
    for each in _openings(sentence, before):
        for kind in dict.fromkeys(q.kind for q in sentence.all(each.tail)):
            parts, texts = _collect(sentence, each.tail, kind)
            wholes = [whole for whole in _wholes(each, kind, texts) if not _names_a_class(each.owner, whole)]
            if len(parts) == 1 and not _names_a_class(sentence, parts[0]) and wholes and all(
                    interval(parts[0]).low > interval(whole).high for whole in wholes):
                yield wholes[-1], parts[0]


def _part(sheet: Sheet, whole: Quantity, part: Quantity) -> Statement:
    why = f"其中{part.surface}大于总数{whole.surface}"
    return Statement("identity", DIFFERS, why, (sheet.place(whole), sheet.place(part)))


# totals behind their parts --------------------------------------------------------------------------------------


def _totalled(sentence: Utterance) -> Iterator[Sum]:
    """`A 5处、B 6处，合计11处`."""
    for match in _TOTAL.finditer(sentence.skeleton):
        whole = sentence.at(match[1])
        head = sentence.skeleton[:match.start()]
        if not _is_level(sentence, whole) or re.search("等[^，]{0,8}$", head):
            continue
        parts, texts = _run_before(sentence, head, whole.kind)
        if len(parts) > 1:
            yield _closest(whole, parts, texts, match[0].lstrip("，、").startswith("共"))


def _run_before(sentence: Utterance, head: str, kind: str) -> tuple[tuple[Quantity, ...], list[str]]:
    """The unbroken run of clauses with a quantity of the unit that ends where the total begins."""
    parts: list[Quantity] = []
    texts: list[str] = []
    clauses = re.split("[，；。]", head.rstrip("，、；"))
    if len(clauses) > 1 and not sentence.all(clauses[-1]):
        clauses.pop()  # the total's own name: 收入总计
    for clause in reversed(clauses):
        hits = [q for q in sentence.all(clause) if q.kind == kind and _is_level(sentence, q)]
        if not hits:
            break
        parts = hits + parts
        texts = ([clause] if len(hits) == 1 else re.split("[、和及]", clause)) + texts
    return tuple(parts), texts


def _closest(whole: Quantity, parts: tuple[Quantity, ...], texts: list[str], weak: bool) -> Sum:
    bare = [re.sub(Q, "", text) for text in reversed(texts)]
    found = _reaching(whole, parts[::-1], bare)
    sure = not weak and (found.one_digit or _parallel(bare[:len(found.parts)]))
    return Sum(whole, found.parts[::-1], parallel=sure, complete=sure)
