"""What keeps two claims apart, however alike their words are."""

import re
from collections.abc import Iterable

from plumbline.reports.pairing.side import Side
from plumbline.reports.pairing.words import features

_GRADE = re.compile(
    r"(?P<grade>[一二三四五六七八九十]+|\d{1,2}|[IVXⅠ-Ⅻ]+)(?P<of>级|期|类|号线|产)|"
    r"第(?P<place>[一二三四五六七八九十]+)(?P<kind>批|届|轮|产业)")
_QUOTED = re.compile("[“\"]([^”\"]{2,12})[”\"]")
_LATIN = re.compile(r"[A-Za-z0-9&.+]*[A-Za-z][A-Za-z0-9&.+]*")
_RATE = re.compile(r"([\u4e00-\u9fff]{2})率")
_BASE = re.compile(r"占(.{2,20}?)的?(?:比重|比例|比)")
_PART_DONE = re.compile(
    r"(?:完成|占|为).{0,8}(?:计划|预算|目标|任务|工程).{0,4}(?:比例|比重|进度|率)|完成率|完成比例|进度$")
# one of a group keeps out the others; words of one inner group mean the same
_OPPOSITES = tuple(
    {word: key for key, words in enumerate(group) for word in words.split()} for group in (
        ("城镇 城市", "农村 乡村"), ("收入", "支出"), ("进口", "出口", "进出口"), ("首贷", "续贷"),
        ("一般债", "专项债"), ("国税", "地税"), ("市属", "区属"), ("国有", "民营 民间"), ("存款", "贷款"),
        ("出生", "死亡"), ("全市", "市级 市本级", "全国", "全省"), ("住宅", "商业"), ("户籍", "常住"),
        ("招聘", "就业", "失业", "创业"), ("签约", "开工", "竣工 完工 建成 投产 投用", "复工", "储备 入库"),
        ("增加值", "总产值 产值", "利润", "营收", "投资", "零售", "税收", "预算"),
        ("设立 新设 新增 批准", "撤销 退出 注销"),
        ("一产 第一产业", "二产 第二产业", "三产 第三产业"),
    )
)
_GROUPS = tuple(
    (group, re.compile("|".join(sorted(map(re.escape, group), key=len, reverse=True)))) for group in _OPPOSITES)
_STOCK = re.compile("总数|总量|保有量|存量|总里程|运营里程|累计(?:开通|突破|达|超|拥有)")
_EACH = re.compile("人均|户均|单位|每[百千万亿]|平均每")
_MORE = re.compile("新增|新建|新开通|新设|净增|认定|再增|新引进|退出")


def apart(left: Side, right: Side) -> bool:
    """Whether two claims cannot be about the same thing."""
    return (
        _graded(left, right) or _named(left, right) or _opposed(left, right)
        or _rated(left, right) or _placed_apart(left, right)
    )


def doubt(left: Side, right: Side) -> float:
    """1 where nothing speaks against two claims, less for each thing one says and the other does not."""
    factor = 1.0
    if bool(_grades(left)) != bool(_grades(right)):
        factor *= 0.7
    if bool(_EACH.search(left.subject)) != bool(_EACH.search(right.subject)):
        factor *= 0.45
    if bool(_QUOTED.search(left.subject)) != bool(_QUOTED.search(right.subject)):
        factor *= 0.9
    if _is_stock(left) != _is_stock(right) and (_MORE.search(left.said) or _MORE.search(right.said)):
        factor *= 0.45
    return factor


def _grades(side: Side) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for match in _GRADE.finditer(side.said):
        found.setdefault(match["of"] or match["kind"], set()).add(match["grade"] or match["place"])
    return found


def _graded(left: Side, right: Side) -> bool:
    ours, theirs = _grades(left), _grades(right)
    return any(ours[of].isdisjoint(theirs[of]) for of in ours.keys() & theirs.keys())


def _named(left: Side, right: Side) -> bool:
    return any(
        ours and theirs and ours.isdisjoint(theirs)
        for ours, theirs in (
            (set(form.findall(left.subject)), set(form.findall(right.subject))) for form in (_QUOTED, _LATIN)
        )
    )


def _opposed(left: Side, right: Side) -> bool:
    return any(_differ(_classes(group, form, left), _classes(group, form, right)) for group, form in _GROUPS)


def _classes(group: dict[str, int], form: re.Pattern[str], side: Side) -> set[int]:
    return {group[word] for word in form.findall(side.subject) or form.findall(side.clause)}


def _differ(ours: Iterable[object], theirs: Iterable[object]) -> bool:
    ours, theirs = set(ours), set(theirs)
    return bool(ours and theirs and ours.isdisjoint(theirs))


def _rated(left: Side, right: Side) -> bool:
    if left.claim.unit not in ("%", "‰") or left.claim.measure != "level":
        return False
    if bool(_PART_DONE.search(left.subject)) != bool(_PART_DONE.search(right.subject)):
        return True
    ours, theirs = _RATE.findall(left.subject), _RATE.findall(right.subject)
    if _differ(ours[-1:], theirs[-1:]):
        return True
    base, other = _BASE.search(left.subject), _BASE.search(right.subject)
    return bool(base and other and features(base[1]).isdisjoint(features(other[1])))


def _placed_apart(left: Side, right: Side) -> bool:
    """Two places, neither in the other's words: 东湖科学城 against 西山科学城."""
    ours, theirs = left.claim.place, right.claim.place
    if not ours or not theirs or ours == theirs or ours in theirs or theirs in ours:
        return False
    return ours not in right.said and theirs not in left.said and not _whole(ours) and not _whole(theirs)


def _whole(place: str) -> bool:
    """Whether a place is a whole area, as claims have it where the text names none."""
    return place[-1:] in "市区县省州盟国" or place in ("全国", "中国")


def _is_stock(side: Side) -> bool:
    at_a_day = bool(side.claim.period and side.claim.period.startswith("@"))
    return bool(_STOCK.search(side.said)) or (at_a_day and not _MORE.search(side.said))
