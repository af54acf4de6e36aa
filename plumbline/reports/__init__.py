"""Documents: read them into claims, hold them against themselves and against each other."""

from plumbline.reports.checking import check
from plumbline.reports.reading.reader import files, read

__all__ = ["check", "files", "read"]
