"""What the installed systems add to the pages."""

from django import template
from django.conf import settings
from django.urls import reverse

register = template.Library()


@register.simple_tag
def system_pages(table: str) -> list[tuple[str, str]]:
    """Address and words of the pages a table's system has of its own."""
    system = settings.CATALOG.systems.get(table.partition(".")[0])
    return [(reverse(name), words) for name, words in system.pages.items()] if system else []


@register.simple_tag
def system_actions(page: str, key: int | None = None) -> list[tuple[str, str]]:
    """Address and words of what the systems offer to do from a page, as `target`, 12; without a key, beside its tabs."""
    told = [] if key is None else [page, key]
    return [(reverse(name, args=told), words) for system in settings.CATALOG.systems.values()
            for name, words in system.actions.get(page, {}).items()]
