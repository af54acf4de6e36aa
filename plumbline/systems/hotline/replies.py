"""The quality of a reply: whether it answers what was asked, in time, completely; each with what it rests on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from plumbline.systems.hotline.phrases import EMPTY, WORD, phrases_of

# sentences that are courtesy, or only pass the matter on
COURTESY = re.compile(
    "您好|你好|收悉|已收到|回复如下|答复如下|情况如下|感谢|谢谢|敬请|如有疑问|不便|谅解|理解|支持|监督|祝您|特此")
PASSED_ON = re.compile(
    "已?(?:将|把)?.{0,12}(?:转交|转办|转至|转给|移交)|将及时(?:回复|处理)|正在核实|"
    "尽快(?:回复|处理|办理|核实)|予以关注|高度重视")
SENTENCE = re.compile(r"[。！？!?；;：:，,\s]+")
# what is told of the matter itself
RESULT = re.compile(
    "经(?:核实|查|调查|了解|现场|研究|核查|实地)|核实(?:情况|如下)|现场|"
    "已(?:责令|整改|修复|清理|拆除|更换|安排|完成|约谈|立案|协调|发放|办理|恢复|纳入|督促)|将(?:于|在|按|把|对|组织|启动)|预计|计划|不(?:符合|属于|具备|予)|可(?:以|到|凭|携)|需(?:要|提供|携)|应当")
PARTS: Mapping[str, tuple[str, re.Pattern[str], str]] = {
    "who": ("谁办的", re.compile(
        "[\u4e00-\u9fff]{2,12}(?:局|委|办|处|所|街道|镇|乡|公司|中心|大队|支队|站|院|部|政府)"), "写明承办单位"),
    "basis": ("依据", re.compile("《[^》]{3,60}》|根据|按照|依据|依照|规定|标准|政策"), "写明依据的规定或政策"),
    "measure": ("做了什么", RESULT, "写明核实到的情况和采取的措施"),
    "when": ("时间", re.compile(
        r"\d{1,4}[年月日号]|\d+个?(?:工作日|天|小时)|[上下]半年|年底|月底|近期内|[本下]周"), "写明什么时候办完"),
    "contact": ("联系方式", re.compile(
        r"\d{3,4}[-—－]?\d{7,8}|1[3-9]\d{9}|12345|联系电话|咨询电话|联系人"), "写明联系电话"),
}
# a reply that tells less of the matter itself tells nothing
SHORTEST = 20
# characters of a long letter that are looked at
TOLD = 1_000
# share of the pairs of characters of a question that a reply takes up
TAKEN_UP = 0.05


@dataclass(frozen=True, slots=True)
class Check:
    """One thing asked of a reply. holds: True, False, or None where it cannot be told; why, and what to do."""

    key: str
    label: str
    holds: bool | None
    why: str


@dataclass(frozen=True, slots=True)
class Quality:
    """What was found of a reply."""

    checks: tuple[Check, ...]

    @property
    def answers(self) -> bool | None:
        """Whether it answers the question."""
        return self.checks[0].holds

    @property
    def in_time(self) -> bool | None:
        """Whether it came in time."""
        return self.checks[1].holds

    @property
    def complete(self) -> bool:
        """Whether nothing is missing of what a reply says."""
        return all(check.holds for check in self.checks[2:])

    @property
    def good(self) -> bool | None:
        """Whether all of it holds; None where something cannot be told and nothing fails."""
        told = [check.holds for check in self.checks]
        return False if False in told else None if None in told else True

    @property
    def missing(self) -> tuple[str, ...]:
        """What to mend, in words."""
        return tuple(check.why for check in self.checks if check.holds is False)


def quality(asked: str, reply: str, asked_on: date | None = None, replied_on: date | None = None,
            due_on: date | None = None, late: bool | None = None) -> Quality:
    """What there is to say of a reply.

    due_on  last day it was in time; where it or the day of the reply is unknown, nobody can say
    late    whether it came after its hour, where that is known; None: told by the days
    """
    parts = tuple(Check(key, label, bool(found.search(reply)), "已写明。" if found.search(reply) else f"请{todo}。")
                  for key, (label, found, todo) in PARTS.items())
    return Quality((_answers(asked, reply), _in_time(asked_on, replied_on, due_on, late), *parts))


def _answers(asked: str, reply: str) -> Check:
    label, sentences = "答了所问", [one for one in SENTENCE.split(reply) if one]
    told = [one for one in sentences if not COURTESY.search(one)]
    if not sentences:
        return Check("answers", label, False, "没有答复。")
    if all(PASSED_ON.search(one) for one in told):
        return Check("answers", label, False, "只说已收到或已转交，没有说结果；请写明核实到的情况和结果。")
    if sum(map(len, told)) < SHORTEST:
        return Check("answers", label, False, f"除客套外只有 {sum(map(len, told))} 个字；请写明核实到的情况和结果。")
    wanted = pairs(asked)
    if not wanted:
        return Check("answers", label, None, "来件太短，看不出问了什么。")
    if len(wanted & pairs(reply)) < TAKEN_UP * len(wanted):
        return Check("answers", label, False, "答复里很少提到所问的事情；请针对来件答复。")
    words = sorted((phrase for phrase in phrases_of(asked) if phrase in reply), key=lambda one: (-len(one), one))[:2]
    return Check("answers", label, True, f"提到了：{'、'.join(words)}。" if words else "说到了所问的事情。")


def pairs(text: str) -> frozenset[str]:
    """The pairs of characters of a text that say something.

    >>> sorted(pairs("请问暖气"))
    ['暖气']
    """
    pieces = [piece for stretch in WORD.findall(text[:TOLD]) for piece in EMPTY.split(stretch)]
    return frozenset(piece[at:at + 2] for piece in pieces for at in range(len(piece) - 1))


def _in_time(asked_on: date | None, replied_on: date | None, due_on: date | None, late: bool | None) -> Check:
    if due_on is None or replied_on is None:
        return Check("in_time", "按时", None, "不知道时限或答复日期，看不出是否按时。")
    over, days = (replied_on - due_on).days, (replied_on - asked_on).days if asked_on else None
    took = "" if days is None else "（收到当天）" if days == 0 else f"（收到后第{days}天）"
    if not (over > 0 if late is None else late):
        return Check("in_time", "按时", True, f"在时限内答复{took}。")
    return Check("in_time", "按时", False, f"超过时限{f' {over} 天' if over > 0 else '，不到 1 天'}{took}。")
