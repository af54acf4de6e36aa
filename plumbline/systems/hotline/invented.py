"""Requests of the invented half-year, one after another as they came: place, matter, times, office, how they ended."""

import random
from bisect import bisect
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from plumbline.systems.hotline import months
from plumbline.systems.hotline.city import CITY_OFFICES, COMMUNITIES, ENTERPRISES, MARK, SPOTS, Street, department, streets
from plumbline.systems.hotline.matters import SINCE, STREET, TOPICS, WISHES, Topic
from plumbline.systems.hotline.months import CARRIED, MONTHS, QUICK, VOID, Layout
from plumbline.systems.hotline.planted import HOT

Row = Mapping[str, Any]
SHANGHAI = ZoneInfo("Asia/Shanghai")
# calls by hour of the day, and by day of the week, Monday first
HOURS = (5, 3, 2, 2, 2, 4, 12, 30, 62, 78, 74, 60, 42, 48, 64, 66, 58, 50, 44, 42, 36, 26, 16, 9)
WEEK = (112, 108, 104, 102, 100, 84, 78)
SOURCES = ("电话",) * 14 + ("网站",) * 3 + ("小程序",) * 3
LIMITS = {"emergency": timedelta(hours=2), "utility": timedelta(hours=24), "ordinary": timedelta(days=7),
          "complex": timedelta(days=15)}
# requests carried into the next month come in the last days of theirs, and are slow ones
LAST_DAYS = 9
SLOW = tuple(at for at, topic in enumerate(TOPICS) if topic.urgency in ("ordinary", "complex"))
FINE = 1000
STRUCK_FOR = ("不合法", "不合理", "不合理", "超出本市权限", "重复计件")


def spread(weights: tuple[int, ...]) -> tuple[int, ...]:
    """Places by weight, `FINE` of them, so that one throw finds one."""
    ends = list(accumulate(weights))
    return tuple(bisect(ends, at * ends[-1] // FINE) for at in range(FINE))


USUAL, HARD, HOUR = (spread(tuple(one)) for one in (
    [topic.usual for topic in TOPICS], [topic.hard for topic in TOPICS], HOURS))


def requests(scale: int, seed: int) -> Iterator[Row]:
    """The requests in the order they came; one month's plan in memory, never its requests."""
    dice, layout, number = random.Random(seed), Layout(scale), 0
    ends = layout.ends(0, dice)
    for month in range(len(MONTHS) - 1):
        later = layout.ends(month + 1, dice)
        for day, entries in enumerate(_days(layout, month, dice), 1):
            for at, entry in enumerate(entries):
                number += 1
                yield _Made(dice, month, day, at / len(entries)).row(number, entry, ends, later)
        ends = later


def _days(layout: Layout, month: int, dice: random.Random) -> list[list[int]]:
    """What comes on each day of a month: street, hot spot and kind in one number."""
    first = MONTHS[month].first
    length = monthrange(first.year, first.month)[1]
    weights = [WEEK[(first.weekday() + at) % 7] for at in range(length)]
    slow: list[int] = []
    others: list[int] = []
    for street, hot, kind, many in layout.comes(month):
        (slow if kind == CARRIED else others).extend([(street * 16 + hot + 1) * 3 + kind] * many)
    dice.shuffle(slow)
    dice.shuffle(others)
    total = len(slow) + len(others)
    late = [0] * (length - LAST_DAYS) + months.shared(len(slow), weights[-LAST_DAYS:])
    days, at, slow_at = [], 0, 0
    for whole, carried in zip(months.shared(total, weights), late, strict=True):
        own = max(whole - carried, 0)
        days.append(others[at:at + own] + slow[slow_at:slow_at + carried])
        at, slow_at = at + own, slow_at + carried
    days[-1] += others[at:]
    for entries in days:
        dice.shuffle(entries)
    return days


@dataclass(slots=True)
class _Made:
    """A request in the making; `share` of its day's requests came before it."""

    dice: random.Random
    month: int
    day: int
    share: float

    def row(self, number: int, entry: int, ends: list[bytearray], later: list[bytearray]) -> Row:
        """The request as an intake takes it."""
        place, kind = divmod(entry, 3)
        at, hot = divmod(place, 16)
        street, roll = streets()[at], self.dice.random
        ended = -1 if kind == VOID else (later if kind == CARRIED else ends)[at].pop()
        topic, spot, matter = self.asked(street, hot - 1, kind, ended)
        opened = self.came()
        text = f"{spot}{matter}，{SINCE[int(roll() * 6)]}，{WISHES[int(roll() * 6)]}。（{MARK}）"
        row = {
            "number": f"SQ2020{number:06}", "title": f"{spot}{matter}", "text": text, "topic": topic.path,
            "urgency": topic.urgency, "source": SOURCES[int(roll() * 20)], "area": street.district,
            "place": f"{street.code}{1 + int(roll() * COMMUNITIES):03}", "address": f"{spot}{1 + int(roll() * 30)}号",
            "lng": round(street.lng + roll() * 0.008, 6), "lat": round(street.lat + roll() * 0.006, 6),
            "opened_at": opened,
        }
        if hot:
            row |= {"lng": round(street.lng + 0.002 + roll() * 0.0004, 6), "lat": round(street.lat + 0.002 + roll() * 0.0004, 6),
                    "place": f"{street.code}{1 + hot % COMMUNITIES:03}"}
        return row | (self.refused(opened, topic, spot) if ended < 0 else self.closed(opened, kind, topic, ended)
                      | {"office": office_of(topic, street), "fields": {"wants": topic.wants, "spot": spot} | told(ended, roll)})

    def asked(self, street: Street, hot: int, kind: int, ended: int) -> tuple[Topic, str, str]:
        """What is asked, and of which place; what stays unsolved is more often of the hard classes."""
        roll = self.dice.random
        if hot >= 0:
            one = HOT[hot]
            return TOPICS[one.topic], one.spot, one.matters[int(roll() * len(one.matters))]
        unsolved = ended >= 0 and ended & months.SOLVED_TOLD and not ended & months.SOLVED
        place = (HARD if unsolved else USUAL)[int(roll() * FINE)]
        if kind == CARRIED and place not in SLOW:
            place = SLOW[int(roll() * len(SLOW))]
        topic = TOPICS[place]
        return topic, street.spots[int(roll() * SPOTS)], topic.matters[int(roll() * len(topic.matters))]

    def came(self) -> datetime:
        """When it came: the day's hours in their order."""
        hour = HOUR[int(self.share * FINE)]
        first = MONTHS[self.month].first
        return datetime(first.year, first.month, self.day, hour, int(self.dice.random() * 60), tzinfo=SHANGHAI)

    def refused(self, opened: datetime, topic: Topic, spot: str) -> dict[str, Any]:
        """What is said of a request that is not taken on."""
        return {"state": "refused", "closed_at": opened + timedelta(minutes=20), "due_at": None, "office": None, "late": False,
                "returns": 0, "transfers": 0, "fields": {"wants": topic.wants, "spot": spot}}

    def closed(self, opened: datetime, kind: int, topic: Topic, ended: int) -> dict[str, Any]:
        """When it was due and when it ended; one in forty is late, more of those that stay unsolved."""
        roll = self.dice.random
        limit = LIMITS[topic.urgency]
        due = opened + timedelta(minutes=10 + int(roll() * 50)) + limit
        first = MONTHS[self.month + 1].first
        edge = datetime(first.year, first.month, 1, tzinfo=SHANGHAI)
        slow = roll() < (0.015 if ended & months.SOLVED else 0.05)
        answered = opened + limit * (1.05 + roll() * 0.4 if slow else 0.1 + roll() * 0.85)
        called = answered + timedelta(minutes=30 + int(roll() * 1400))
        if kind == QUICK and called >= edge:
            called = opened + (edge - opened) * (0.6 + roll() * 0.39)
            answered = min(answered, opened + (called - opened) * 0.8)
        elif kind == CARRIED and called < edge:
            called = edge + timedelta(minutes=480 + int(roll() * 2000))
            answered = min(max(answered, called - timedelta(days=1)), due) if not slow else called - timedelta(hours=2)
        turned = roll()
        return {"state": "closed", "closed_at": called.replace(second=0, microsecond=0), "due_at": due, "late": answered > due,
                "returns": int(turned < 0.06), "transfers": int(turned < 0.09)}


def told(ended: int, roll: Any) -> dict[str, Any]:
    """What call-back found, as fields of a request; what nobody answered is left out."""
    reached = bool(ended & months.REACHED)
    fields: dict[str, Any] = {"reached": reached, "contacted": True}
    for name, known, yes in (("responded", months.RESPONSE_TOLD, months.RESPONDED), ("solved", months.SOLVED_TOLD, months.SOLVED),
                             ("satisfied", months.SATISFIED_TOLD, months.SATISFIED)):
        if ended & known:
            fields[name] = bool(ended & yes)
    if ended & months.STRUCK:
        fields |= {"struck": True, "struck_for": STRUCK_FOR[int(roll() * 5)]}
    fields["finding"] = "已解决" if ended & months.SOLVED else "解释说明" if ended & months.STRUCK else "部分解决"
    return fields


def office_of(topic: Topic, street: Street) -> str:
    """Name of the office that handles a class in a street."""
    if topic.to == STREET:
        return street.name
    if topic.to in ENTERPRISES or topic.to in CITY_OFFICES:
        return f"{MARK}{topic.to}"
    return department(topic.to, street.district)
