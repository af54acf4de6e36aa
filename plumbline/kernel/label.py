"""What an official reads for each key of a claim, a statement and a report."""

from plumbline.kernel.finding import AGREES, CANNOT_TELL, DIFFERS
from plumbline.kernel.printing import BOUND_WORDS

LABELS: dict[str, dict[str, str]] = {
    "measure": {"level": "水平", "yoy": "同比", "times": "倍数", "diff": "相差", "rank": "位次"},
    "modality": {"actual": "实际", "target": "目标", "limit": "控制数"},
    "bound": BOUND_WORDS | {"=": "等于"},
    "verdict": {AGREES: "相符", DIFFERS: "不符", CANNOT_TELL: "无法判断"},
    "statement": {"identity": "合计", "difference": "差额", "derived": "推算", "across": "两份报告对照", "figure": "对照数据"},
    "report": {
        "plan half-year": "计划上半年执行情况", "plan year": "计划全年执行情况", "plan": "计划执行情况",
        "budget": "预算执行情况", "work": "工作报告", "statistics": "统计公报", "other": "其他",
    },
    "part": {"0": "其他", "1": "执行情况", "2": "问题", "3": "措施"},
}


def label(group: str, key: str) -> str:
    """The Chinese word for a key; the key itself where the group has none.

    >>> label("measure", "yoy"), label("bound", "?")
    ('同比', '?')
    """
    return LABELS[group].get(key, key)
