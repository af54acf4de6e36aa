"""A paper of the size of a real report, made by hand: an invented district, every number bound. 虚构、模拟."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from plumbline.kernel.paper import Cite, Paper, Paragraph

AREA, PERIOD = "990101", "2031H1"
# print, what it stands for, unit, decimals, what it is called, ending of its key
LEVEL = ("产值", "level", "元", -6)
TOPICS = ("制造业", "软件业", "仓储业", "种植业", "养殖业", "旅游业", "建筑业", "零售业", "餐饮业", "环保业", "物流业", "印刷业")
HEADINGS = ("一、总体情况", "（一）产业发展", "1．分行业情况", "（1）重点行业")


def cite(text: str, print_: str, value: str, unit: str, decimals: int | None = None, **more: object) -> Cite:
    """A cite of the last place where `print_` stands in a text so far."""
    start = text.rindex(print_)
    said = {"ref": "made.number", "concept": "made.number", "label": "数", "area": AREA, "period": PERIOD} | more
    return Cite(start, start + len(print_), value=Decimal(value), unit=unit, decimals=decimals, **said)


def paragraph(*pieces: object, kind: str = "body") -> Paragraph:
    """A paragraph of words and of numbers: (print, value, unit, decimals, {what else})."""
    text, cites = "", []
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        print_, value, unit, decimals, more = piece
        text += print_
        cites.append(cite(text, print_, value, unit, decimals, **more))
    return Paragraph(kind, text, tuple(cites))


def told(topic: int, name: str, ending: str = "", period: str = PERIOD, cell: tuple[tuple[str, str], ...] = (),
         figure: int = 1) -> dict[str, object]:
    """What stands behind a number of a topic."""
    key = f"made.{name}{ending and '.' + ending}"
    return {"ref": key.replace(".", "|", 2), "concept": key, "label": f"{TOPICS[topic]}{name}", "period": period,
            "cell": (("topic", str(topic)), *cell), "figures": (topic * 100 + figure,)}


def body(topic: int, turn: int) -> Paragraph:
    """Ten numbers of one topic, in every form the genre has."""
    level, growth, count = 1159 + 37 * topic + turn, 31 + topic * 3 + turn, 1230 + 411 * topic + turn
    state = "@2031-06-30"
    return paragraph(
        f"第{'甲乙丙'[turn]}组所辖的{TOPICS[topic]}在上半年保持了平稳的走势，累计实现产值",
        (f"{level / 100:.2f}亿元", f"{level}000000", "元", -6, told(topic, f"output_{turn}")),
        "，同比" + ("下降" if topic % 2 else "增长"),
        (f"{growth / 10:.1f}%", f"{'-' if topic % 2 else ''}0.{growth:03}", "%", 3, told(topic, f"output_{turn}", "yoy")),
        "，降幅比一季度收窄" if topic % 2 else "，增速比一季度提高",
        ("2.4个百分点", "0.024", "百分点", 3, told(topic, f"output_{turn}", "narrowing")),
        "，在各组里居第", ("三", "3", "位", None, told(topic, f"output_{turn}", "rank")),
        "。到六月末，登记在册的经营主体有",
        (f"{count:,}户", str(count), "户", None, told(topic, f"firms_{turn}", "", state)),
        "，从业的有", (f"{count / 1000:.1f}万人", f"{count // 100 * 1000 + (1000 if count % 100 >= 50 else 0)}", "人", -3,
                  told(topic, f"staff_{turn}", "", state)),
        "，其中", (f"{count - 1000}人", str(count - 1000), "人", None,
               told(topic, f"new_{turn}", "", PERIOD, (("street", "990101003"),))),
        "是今年新招的；全年任务完成了", ("68.4%", "0.684", "%", 3, told(topic, f"output_{turn}", "share")),
        "，空置的场地减少到", (f"{growth}.5万平方米", f"{growth}5000", "平方米", -3, told(topic, f"space_{turn}", "", state)),
        "，" + "各组按照年初商定的分工推进，逐项列出清单，逐月核对进度，遇到的难处当月提出、当月答复；" * 2 + "有",
        ("三分之一", "0.3333", "%", 4, told(topic, f"done_{turn}")),
        "的事项提前办完。")


def paper(topics: int = len(TOPICS), **more: object) -> Paper:
    """A report of 30 numbers a topic: with all of them 360; 280 are `paper(topics=9)` and a paragraph."""
    rows = [Paragraph("subtitle", "——二〇三一年七月在云溪区的一次会议上（虚构）")]
    for topic in range(topics):
        kind = topic % 4 + 1
        rows.append(Paragraph(f"heading{kind}", HEADINGS[kind - 1]))
        rows += [body(topic, turn) for turn in range(3)]
    made = Paper("云溪区上半年各行业情况的报告", AREA, PERIOD, "云溪区统计服务中心", tuple(rows), date(2031, 7, 15),
                 1, "模拟数据", {101: "https://plumbline.example/figures/101"})
    return replace(made, **more)
