"""Outlines of the genre: the headings a plan report has, for a draft to begin with."""

from typing import Any

PLAN_HALF_YEAR = (
    ("heading1", "一、上半年计划执行情况"), ("heading2", "（一）经济运行"), ("body", ""), ("heading2", "（二）重点任务和改革"),
    ("body", ""), ("heading2", "（三）城市治理和环境"), ("body", ""), ("heading2", "（四）民生保障"), ("body", ""),
    ("heading1", "二、存在的主要问题"), ("body", "一是"), ("body", "二是"),
    ("heading1", "三、下半年主要措施"), ("heading2", "（一）稳定经济增长"), ("body", ""), ("heading2", "（二）推进重点任务"),
    ("body", ""), ("heading2", "（三）改善民生"), ("body", ""),
)
PLAN_YEAR = (
    ("heading1", "一、全年计划执行情况"), ("heading2", "（一）经济运行"), ("body", ""), ("heading2", "（二）重点任务和改革"),
    ("body", ""), ("heading2", "（三）城市治理和环境"), ("body", ""), ("heading2", "（四）民生保障"), ("body", ""),
    ("heading1", "二、面临的问题"), ("body", "一是"),
    ("heading1", "三、明年计划的主要目标和任务"), ("heading2", "（一）主要目标"), ("body", ""), ("heading2", "（二）主要任务"),
    ("body", ""),
)
OUTLINES = {"half-year": ("上半年计划报告的提纲", PLAN_HALF_YEAR), "year": ("全年计划报告的提纲", PLAN_YEAR), "": ("空白", ())}
HEADINGS = ("heading1", "heading2", "heading3", "heading4")


def lines_of(key: str) -> list[tuple[str, str]]:
    """The lines of an outline; one that is not known has none."""
    return list(OUTLINES.get(key, ("", ()))[1])


def from_version(version: Any) -> list[tuple[str, str]]:
    """The headings of an earlier report, with an empty paragraph below each that had text."""
    lines: list[tuple[str, str]] = []
    for one in version.paper["paragraphs"]:
        if one["kind"] in HEADINGS:
            lines.append((one["kind"], one["text"]))
        elif one["kind"] == "body" and lines and lines[-1][0] in HEADINGS:
            lines.append(("body", ""))
    return lines
