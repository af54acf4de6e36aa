"""Exports of a paper: Word in the layout of an official document, XHTML with inline XBRL, pdf."""

from plumbline.reports.export.inline import ixbrl
from plumbline.reports.export.portable import pdf
from plumbline.reports.export.word import docx

__all__ = ["docx", "ixbrl", "pdf"]
