"""Reports made by hand, claim by claim, for tests that must not depend on the reader."""

from dataclasses import replace
from decimal import Decimal

from plumbline.kernel import Claim, Commitment, Heading, Problem, Report

AREA, PERIOD = "云溪区", "2030H1"


def claim(sentence: str, surface: str, subject: str, value: str, unit: str, **more: object) -> tuple[str, Claim]:
    """A sentence and the claim in it; offsets are set when the report is put together."""
    start = sentence.index(surface)
    said = {"place": AREA, "period": PERIOD, "modality": "actual", "part": 1} | more
    return sentence, Claim(
        number=0, para=0, start=start, end=start + len(surface), surface=surface, value=Decimal(value), unit=unit,
        subject=subject, **said)


def promised(sentence: str, surface: str, subject: str, value: str, unit: str, **more: object) -> tuple[str, Claim]:
    """The same, promised for the year in part three."""
    said = {"modality": "target", "period": "2030", "deadline": "2030", "part": 3} | more
    return claim(sentence, surface, subject, value, unit, **said)


def report(*rows: tuple[str, Claim], period: str | None = PERIOD, area: str = AREA, **more: object) -> Report:
    """Sentences as lines, one below the other; a sentence given again is the same line with one more claim."""
    text, claims, begun = "", [], {}
    for sentence, one in rows:
        if sentence not in begun:
            begun[sentence] = len(text), text.count("\n") + 1
            text += sentence + "\n"
        start, para = begun[sentence]
        claims.append(replace(one, para=para, start=start + one.start, end=start + one.end))
    claims.sort(key=lambda one: one.start)
    numbered = tuple(replace(one, number=n) for n, one in enumerate(claims, 1))
    return Report("示例.txt", text, Heading(area_name=area, period=period), claims=numbered, **more)


def plan(problems: list[str], measures: list[tuple[str, str]]) -> Report:
    """A report of problems and of measures (theme, text)."""
    return report(
        problems=tuple(Problem(n, text.split("。")[0], text, n, 0, 0) for n, text in enumerate(problems, 1)),
        commitments=tuple(
            Commitment(f"三.{theme}.{n}", "三、主要措施", theme, n, text, n, 0, 0)
            for n, (theme, text) in enumerate(measures, 1)))
