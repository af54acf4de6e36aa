"""The words two texts share, and how much each of them says.

A text is cut into runs of Chinese characters; the verbs of administration and the words any subject may
carry stand between runs, not in them, since a promise and a report of it seldom use the same verb. What is
compared are the pairs of neighbouring characters within a run, and names in Latin letters as a whole.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from math import fsum, log

from plumbline.kernel import AREAS

# one spelling for the indicators every report names
_SAME = {
    "国内生产总值": "生产总值", "地区生产总值": "生产总值", "GDP": "生产总值", "细颗粒物": "PM2.5",
    "规模以上": "规上", "限额以上": "限上", "公共财政预算": "一般公共预算", "研究与试验发展": "R&D",
    "社会消费品零售额": "社会消费品零售总额", "社零额": "社会消费品零售总额", "社零": "社会消费品零售总额",
    "全社会固定资产投资": "固定资产投资", "固投": "固定资产投资", "空气质量优良天数": "空气优良",
    "优良天数": "优良", "空气质量优良": "空气优良", "利用外资": "使用外资", "营业收入": "营收",
    "比率": "比例", "占比": "比重", "农民人均纯收入": "农村居民人均可支配收入",
}
_SAME_FORM = re.compile("|".join(sorted(map(re.escape, _SAME), key=len, reverse=True)))
# verbs and frame words of the genre: they say that something is done, not what
ACTIONS = (
    "新开通", "新增", "新建", "新设", "新认定", "净增", "开通", "建成", "建设", "完成", "实现", "推进", "推动",
    "落实", "实施", "提升", "改造", "升级", "治理", "整治", "退出", "疏解", "推出", "培育", "打造", "加快",
    "加强", "强化", "完善", "优化", "促进", "支持", "开展", "持续", "进一步", "累计", "剩余", "全部", "力争",
    "确保", "达到", "突破", "超过", "开工", "竣工", "完工", "投用", "启动", "设立", "建立", "健全", "制定",
    "出台", "做好", "提高", "扩大", "增长", "增速", "增幅", "下降", "上升", "回升", "争取", "降至", "增至",
    "控制", "保持", "继续", "积极", "全面", "深入", "有序", "稳步", "着力", "全力", "大力", "切实", "加大",
    "努力", "不断", "充分", "预计", "安排", "组织", "引导", "鼓励", "探索", "需要", "亟需", "仍需", "还需",
    "存在", "面临", "受到", "显现", "影响", "压力", "问题", "困难", "较大", "一定", "补齐", "短板", "弱项", "加力",
    "不足", "逐步", "尚未", "有待", "方面", "情况", "由于", "目前", "今年", "去年", "全年", "上半年", "下半年",
    "一季度", "二季度", "三季度", "四季度", "年底前", "年底", "月底前", "月底", "以上", "以下", "以内", "左右",
    "全市", "全区", "全县", "全省", "本市", "我市", "我区", "本区", "总数", "总量", "规模", "工作", "重点",
    "有效", "精准", "高质量", "高水平",
)
_BREAK = re.compile("|".join((
    *sorted(ACTIONS, key=len, reverse=True), "[的了和与及等在对将把为并其各]", r"(?<=.)(?<!指)数(?=\W|$)")))
_RUNS = re.compile(r"[\u4e00-\u9fff]+|(?<![A-Za-z0-9&.+])[A-Za-z0-9&.+]*[A-Za-z][A-Za-z0-9&.+]*|(?<!\d)123\d\d(?!\d)")
# pairs any subject may carry; they count, but little
GENERIC = frozenset((
    "项目", "企业", "工程", "措施", "政策", "机制", "体系", "服务", "发展", "经济", "城市", "社会", "人员",
    "资金", "数量", "行动", "计划", "方案", "制度", "管理", "中心", "平台", "能力", "水平", "条例", "领域",
    "行业", "市区", "区级", "市级", "国家", "单位", "部门", "机构", "生产", "产业", "总额", "比例",
    "比重", "平均", "人数", "面积", "条数", "个数", "次数", "金额", "里程", "业企", "小企", "形势", "总体",
    "市政", "任务", "重大", *(area.short for area in AREAS),
))
_GENERIC_WEIGHT = 0.3
# words that more texts than these share tell nobody which of them is meant; no real report comes near
_COMMON = 200


def spelt(text: str) -> str:
    """A text in one spelling: half-width, and every indicator by one of its names."""
    return _SAME_FORM.sub(lambda match: _SAME[match[0]], unicodedata.normalize("NFKC", text))


def runs(text: str) -> list[str]:
    """What is left of a text between the verbs and frame words.

    >>> runs("建设提升便民商业网点"), runs("一般制造业企业退出数"), runs("新开通5G基站")
    (['便民商业网点'], ['一般制造业企业'], ['5G', '基站'])
    """
    cut = _BREAK.sub(" ", spelt(text))
    return [run for run in _RUNS.findall(cut) if len(run) > 1]


def features(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of every run, and names in Latin letters as they are."""
    found: set[str] = set()
    for run in runs(text):
        if run.isascii():
            found.add(run)
        else:
            found.update(run[i:i + 2] for i in range(len(run) - 1))
    return frozenset(found)


class Weights:
    """How much a feature says among the texts it is taken from: rare ones much, common ones little."""

    def __init__(self, texts: Iterable[str]):
        pieces = [features(text) for text in texts]
        self._count = Counter(feature for piece in pieces for feature in piece)
        self._all = len(pieces)

    def of(self, feature: str) -> float:
        """Between 0 and 1."""
        rarity = log((self._all + 2) / (self._count[feature] + 1)) / log(self._all + 2)
        return max(rarity, 0.0) * (_GENERIC_WEIGHT if feature in GENERIC else 1)

    def sum(self, found: Iterable[str]) -> float:
        """What several features say together."""
        return fsum(map(self.of, found))  # in whatever order a set gives them


class Index:
    """Which of many texts, by their features, may be about the same as another."""

    def __init__(self, pieces: Iterable[frozenset[str]]):
        self._said: defaultdict[str, list[int]] = defaultdict(list)
        for place, piece in enumerate(pieces):
            for feature in piece - GENERIC:
                self._said[feature].append(place)

    def near(self, found: Iterable[str]) -> list[int]:
        """Places, in order, of the texts that share a telling feature."""
        lists = (self._said.get(feature, ()) for feature in found)
        return sorted({place for places in lists if len(places) <= _COMMON for place in places})


def shared_words(left: str, right: str, weights: Weights, most: int = 4) -> list[str]:
    """The longest words two texts have in common, the most telling first.

    >>> shared_words("退出一般制造业企业", "一般制造业企业退出数", Weights([]))
    ['一般制造业企业']
    """
    other = runs(right)
    words: dict[str, float] = {}
    for run in runs(left):
        for word in _common(run, other):
            words[word] = weights.sum({word} if word.isascii() else {word[i:i + 2] for i in range(len(word) - 1)})
    best = sorted(words, key=lambda word: -words[word])
    kept = [word for i, word in enumerate(best) if not any(word in longer for longer in best[:i])]
    return [word for word in kept if word not in GENERIC][:most] or kept[:most]


def _common(run: str, others: list[str]) -> list[str]:
    if run.isascii():
        return [run] if run in others else []
    found, start = [], 0
    while start < len(run) - 1:
        end = start + 1
        while end < len(run) and any(run[start:end + 1] in other for other in others):
            end += 1
        if end - start > 1:
            found.append(run[start:end])
        start = max(end - 1, start + 1)
    return found
