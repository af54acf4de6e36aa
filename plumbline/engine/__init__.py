"""From records to figures and back: the only place that names DuckDB or Spark."""

from plumbline.engine.behind import Sight, Trace, all_behind, rows_behind, trace
from plumbline.engine.compute import compute
from plumbline.engine.decide import Counts, Decided, Why, decide, digests, live, tidy_decisions
from plumbline.engine.opening import Engine, open_engine, standing, using
from plumbline.engine.pages import Page, Rows, record, rows, streamed
from plumbline.engine.upward import figures_of

__all__ = [
    "Counts", "Decided", "Engine", "Page", "Rows", "Sight", "Trace", "Why", "all_behind", "compute", "decide",
    "digests", "figures_of", "live", "open_engine", "record", "rows", "rows_behind", "standing", "streamed",
    "tidy_decisions", "trace", "using",
]
