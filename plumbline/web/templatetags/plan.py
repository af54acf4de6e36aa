"""Marks the pages of the plan use."""

from django import template

from plumbline.store.documents.rows import BETWEEN_HEADINGS

register = template.Library()


@register.filter
def last_heading(path: str) -> str:
    """The innermost of some headings."""
    return path.rsplit(BETWEEN_HEADINGS, 1)[-1]
