"""The journal: every write, before and after, who, when and why, chained by hash."""

from plumbline.store.journal.tables import Entry
from plumbline.store.journal.verification import Verdict, verify, walk
from plumbline.store.journal.writing import Write, record

__all__ = ["Entry", "Verdict", "Write", "record", "verify", "walk"]
