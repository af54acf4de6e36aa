"""Data as SDMX-CSV 1.0 and 2.0, written while the figures are read."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import groupby

from plumbline.web.sdmx.asking import DataAsk
from plumbline.web.sdmx.observations import Observation
from plumbline.web.sdmx.words import AGENCY, ATTRIBUTES, DIMENSIONS, FIGURES, MEASURE, TIME, VERSION

FLOW = f"{AGENCY}:{FIGURES}({VERSION})"
FRONT = {"1.0.0": (("DATAFLOW", FLOW),),
         "2.0.0": (("STRUCTURE", "dataflow"), ("STRUCTURE_ID", FLOW), ("ACTION", "I"))}
BUFFER = 200


def lines(found: Iterable[Observation], ask: DataAsk, version: str) -> Iterator[str]:
    """A line for each observation, or for each series where only series are asked for; unknown is empty."""
    front = FRONT[version]
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([name for name, _ in front] + [one.id for one in (*DIMENSIONS, *_rest(ask))])
    told = _keys(found) if ask.detail in ("serieskeysonly", "nodata") else (_row(one, ask) for one in found)
    for at, row in enumerate(told, 1):
        writer.writerow([*(value for _, value in front), *row])
        if at % BUFFER == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _rest(ask: DataAsk) -> tuple:
    """The components behind the series' dimensions."""
    return {"full": (TIME, MEASURE, *ATTRIBUTES), "dataonly": (TIME, MEASURE)}.get(ask.detail, ())


def _row(one: Observation, ask: DataAsk) -> list[str]:
    told = [*one.key, one.time, one.value or ""]
    return told + [value or "" for value in one.attributes] if ask.detail == "full" else told


def _keys(found: Iterable[Observation]) -> Iterator[list[str]]:
    return ([*key] for key, _ in groupby(found, lambda one: one.key))
