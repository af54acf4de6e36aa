"""The demo's tasks, walked as people would: given, split, told, urged, met about, closed. All of it is invented."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from plumbline.kernel import ZONE, Catalog, period
from plumbline.kernel.period import share_gone
from plumbline.store.models import Commitment, Office, Order, Target
from plumbline.systems.programmes import meetings, returns, tasks
from plumbline.systems.programmes.lights import rules_on
from plumbline.systems.programmes.standing import needing, standings, wholes
from plumbline.systems.programmes.tasks import TASK

MARK, AREA = "模拟", "990101"
STREETS = tuple(f"云溪{MARK}{at:02}街道" for at in range(1, 7))
WEIGHTS = (3, 3, 2, 2, 1, 1)
# what people say of a month; nothing of it happened
SAID = "按计划推进，本月完成的已逐项验收。（模拟）"
SLIP = "验收单1号（模拟）"
PAPER = ("模拟验收单.txt", "模拟验收单：数量、地点、验收人齐全。本文件是虚构的。".encode())
URGED, ANSWERED = "两个月没有进展，请说明卡在哪里（模拟）", "用地手续在办，已请规划部门协调（模拟）"
MINUTES = "会议听取了各单位进展，逐项研究了红灯、黄灯任务。\n定下三件事，下次会先看办得怎样。（模拟）"
# of tasks that are split: who is done with one early, who tells nothing in the last month, and whose number stands still
QUICK, SILENT, STUCK = STREETS[5], STREETS[0], STREETS[3]
BLOCK = "用地手续没有批下来，请区规划部门协调（模拟）"


@dataclass(frozen=True, slots=True)
class Piece:
    """A task of the demo: what of the plan it is made of, by words; who holds it; how far it gets.

    lead    share done above (or below, less than nothing) the share of the time gone; None: given yesterday, or without number
    split   it goes to the streets: `weights` or `equal`
    ends    done, proposed, pressed, late, cancelled, or empty: still under way
    """

    words: str
    office: str
    lead: Decimal | None = None
    split: str = ""
    ends: str = ""


PIECES = (
    Piece("新建5G基站", "区科学技术和经济信息化局", Decimal("0.02"), "weights"),
    Piece("建设提升便民商业网点", "区商务局", Decimal("0.04"), "equal"),
    Piece("新增停车位", "区城市管理委员会", Decimal("-0.10")),
    Piece("老旧小区改造", "区城市管理委员会", Decimal("-0.30"), ends="pressed"),
    Piece("新增专精特新企业", "区科学技术和经济信息化局", Decimal("0.5"), ends="proposed"),
    Piece("退出一般制造业企业", "区发展改革委", Decimal("0.5"), ends="done"),
    Piece("新增绿化面积", "区农业农村局"),
    Piece("建成口袋公园", "区城市管理委员会", ends="cancelled"),
    Piece("开展清理拖欠企业账款", "区发展改革委", ends="late"),
    Piece("推进云溪古街改造提升", "区商务局"),
)
DECISIONS = (
    ("老旧小区改造由城市管理委员会逐个小区列出开工日期（模拟）", "区城市管理委员会", "fortnight", "老旧小区改造", "closed"),
    ("基站用地由农业农村局一周内核清地块，报调度会（模拟）", "区农业农村局", "week", "新建5G基站", "late"),
    ("便民网点选址由商务局会同街道一个月内定下来（模拟）", "区商务局", "month", "建设提升便民商业网点", ""),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """Who plays, on what days: `months` the three that are told, the last one over for a week at least."""

    planner: Any
    holder: Callable[[Office], Any]
    catalog: Catalog
    now: datetime
    months: tuple[str, ...]

    def at(self, month: int, day: int, hour: int = 10) -> datetime:
        """An instant in the month after one of `months`, counted from nothing; -1 is in the first one itself."""
        first = period.span(self.months[max(month, 0)])[0 if month < 0 else 1] + timedelta(days=0 if month < 0 else 1)
        return min(datetime.combine(first + timedelta(days=day - 1), time(hour), ZONE), self.now)

    @property
    def due_on(self) -> date:
        """When most tasks are due: the end of the year of the last month told, or later where that is near."""
        last = period.span(self.months[-1])[1]
        year = date(last.year, 12, 31)
        return year if (year - last).days > 30 else period.span(_month(last + timedelta(days=80)))[1]


def offices() -> Iterator[Mapping[str, Any]]:
    """The streets the tasks are split to."""
    for at, name in enumerate(STREETS, 1):
        yield {"name": name, "area": AREA, "kind": "street", "place": f"{AREA}{at:03}"}


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _before(day: date) -> date:
    """The last day of the month before."""
    return day.replace(day=1) - timedelta(days=1)


def walk(planner: Any, holder: Callable[[Office], Any], catalog: Catalog, now: datetime) -> int:
    """Play the tasks of three months, once; how many orders there are of it."""
    if Order.objects.filter(kind=TASK, area=AREA).exists():
        return 0
    third = _before((now - timedelta(days=8)).date())
    second = _before(third)
    stage = Stage(planner, holder, catalog, now, (_month(_before(second)), _month(second), _month(third)))
    given = {piece.words: one for piece in PIECES if (one := _given(stage, piece))}
    for month in range(len(stage.months)):
        _told(stage, month, given)
        if month == 1:
            _met(stage, given)
            _between(stage, given)
    for piece in PIECES:
        if piece.words in given:
            _ended(stage, given[piece.words], piece.ends)
    _called(stage)
    return Order.objects.filter(area=AREA).count()


def _given(stage: Stage, piece: Piece) -> Order | None:
    """The task, opened in the first month, and split where it is; None where the plan knows nothing of it."""
    target = Target.objects.filter(area=AREA, state="open", label=piece.words).order_by("pk").first()
    other = Commitment.objects.filter(document__area=AREA, state="confirmed", outcome="open", text__contains=piece.words).first()
    office = Office.objects.filter(area=AREA, name=piece.office).first()
    if office is None or (target is None and other is None):
        return None
    made = (tasks.promise(stage.planner, "target", target.pk) if target
            else tasks.promise(stage.planner, "commitment", other.pk))  # type: ignore[union-attr]
    due_on = period.span(stage.months[-1])[1] if piece.ends in ("done", "late") else stage.due_on
    at = stage.now - timedelta(days=1) if made.value is not None and piece.lead is None else stage.at(-1, 2)
    one = tasks.give(stage.planner, replace(made, period=stage.months[0] if made.period else ""), office.pk, due_on,
                     catalog=stage.catalog, now=at)
    if piece.split:
        _split(stage, one, piece.split == "weights")
    if piece.ends == "cancelled":
        tasks.act(stage.planner, one, "cancel", {"reason": "与绿化任务重复，并入办理（模拟）"}, one.version, now=stage.now)
    return one


def _split(stage: Stage, one: Order, weighted: bool) -> None:
    keys = dict(Office.objects.filter(area=AREA, name__in=STREETS).values_list("name", "pk"))
    weights = [(keys[name], Decimal(weight if weighted else 1)) for name, weight in zip(STREETS, WEIGHTS, strict=True)]
    tasks.split(stage.planner, one, weights, "按常住人口分解（模拟）" if weighted else "平均分解（模拟）", one.version,
                now=stage.at(-1, 3))


def _told(stage: Stage, month: int, given: Mapping[str, Order]) -> None:
    """The returns of a month: asked on its first morning after, handed in on the third, by one too late, by one not at all."""
    leads = {given[piece.words].pk: piece.lead for piece in PIECES if piece.words in given}
    for one in returns.ask(stage.planner, AREA, stage.months[month], stage.at(month, 1), stage.catalog):
        task = returns.task_of(stage.planner, one)
        lead = leads.get(task.parent_id or task.pk)
        office = one.office
        assert office
        stuck, silent = (office.name == name and task.parent_id is not None for name in (STUCK, SILENT))
        if lead is None and tasks.number(task, "value") is not None or (silent and lead and month == 2):
            continue
        quick = office.name == QUICK and lead == PIECES[1].lead
        told = {"value": _value(stage, task, month, Decimal("-0.35") if stuck else Decimal(1) if quick else lead), "words": SAID}
        if stuck and month == 2 and lead == PIECES[0].lead:
            told |= {"blocked": "1", "blocked_by": BLOCK}
        files = [PAPER] if month == 2 and not task.parent_id else []
        late = silent and month == 1
        returns.hand_in(stage.holder(office), one, told, one.version, files, stage.at(month, 8 if late else 3))


def _value(stage: Stage, task: Order, month: int, lead: Decimal | None) -> str:
    """What a task tells: as much of its number as its time is gone, and its lead; empty where it has none."""
    whole, due_on = tasks.number(task, "value"), tasks.day(task, "due_on")
    if whole is None or lead is None or due_on is None:
        return ""
    last = period.span(stage.months[month])[1]
    begun = period.span(stage.months[0])[0]
    gone = share_gone(min(begun, date(due_on.year, 1, 1)) if due_on.year <= last.year else begun, due_on, last)
    share = min(max(Decimal(gone[0]) / gone[1] + lead, Decimal("0.02")), Decimal(1))
    return f"{(whole * share).to_integral_value(ROUND_FLOOR):f}"


def _met(stage: Stage, given: Mapping[str, Order]) -> None:
    """A meeting after the second month: its agenda as it stood, three decisions; one is closed, one late, one under way."""
    at = stage.at(1, 10, 9)
    meeting = meetings.call(stage.planner, {"title": f"{stage.months[1]} 月调度会（模拟）", "series": "月调度"}, at.date(),
                            catalog=stage.catalog, now=stage.at(1, 7))
    agenda = meetings.points((), needing(standings(wholes(stage.planner), at, rules_on(stage.catalog.parameters, at.date()))), at)
    for text, name, term, words, end in DECISIONS:
        about = given[words].number if words in given else ""
        office = Office.objects.get(area=AREA, name=name)
        one = meetings.decide(stage.planner, meeting, {"text": text, "term": term, "task": about}, office.pk,
                              catalog=stage.catalog, now=at)
        if end == "closed":
            _closed(stage, one, stage.at(1, 20))
    meetings.hold(stage.planner, meeting, {"minutes": MINUTES}, agenda, meeting.version, now=at)


def _between(stage: Stage, given: Mapping[str, Order]) -> None:
    """After the meeting: one street closes its part, another is urged and answers."""
    parts = Order.objects.filter(kind=TASK, link="part", area=AREA)
    for one in parts.filter(parent=given.get(PIECES[1].words), office__name=QUICK):
        _closed(stage, one, stage.at(1, 20))
    for one in parts.filter(parent=given.get(PIECES[0].words), office__name=STUCK):
        assert one.office
        one = tasks.act(stage.planner, one, "press", {"reason": URGED}, one.version, now=stage.at(1, 12))
        tasks.act(stage.holder(one.office), one, "answer", {"reply": ANSWERED}, one.version, now=stage.at(1, 14))


def _closed(stage: Stage, one: Order, at: datetime, only: str = "") -> None:
    """Said to be done by its holder, and closed by the planner unless `only` that was said."""
    assert one.office
    told = {"reply": "已经办完，逐项核过。（模拟）", "finding": "已完成", "evidence": SLIP}
    if whole := tasks.number(one, "value"):
        told["done"] = f"{whole:f}"
    one = tasks.act(stage.holder(one.office), one, "propose", told, one.version, now=at)
    if not only:
        later = min(at + timedelta(days=2), stage.now)
        tasks.act(stage.planner, one, "close", {"reason": "材料齐全，现场核过（模拟）"}, one.version, now=later)


def _ended(stage: Stage, one: Order, ends: str) -> None:
    one.refresh_from_db()
    if ends == "pressed":
        tasks.act(stage.planner, one, "press", {"reason": "进度落后，请说明原因和赶工安排（模拟）"}, one.version, now=stage.now)
    elif ends in ("proposed", "done"):
        _closed(stage, one, stage.at(1, 25) if ends == "done" else stage.at(2, 6), "" if ends == "done" else ends)


def _called(stage: Stage) -> None:
    """The next meeting, a week ahead: its agenda draws itself from what is behind."""
    day = (stage.now + timedelta(days=7)).date()
    meetings.call(stage.planner, {"title": f"{_month(day)} 月调度会（模拟）", "series": "月调度"}, day,
                  catalog=stage.catalog, now=stage.now)
