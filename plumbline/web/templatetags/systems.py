"""What the installed systems add to the pages."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def system_pages(context: dict[str, Any], table: str) -> list[tuple[str, str]]:
    """Address and words of the pages a table's system has of its own, those of this person's role."""
    system, role = settings.CATALOG.systems.get(table.partition(".")[0]), role_of(context["request"].user)
    return [(reverse(name), words) for name, words in system.pages.items() if system.leads(role, name)] if system else []


@register.simple_tag(takes_context=True)
def system_actions(context: dict[str, Any], page: str, key: int | str | None = None) -> list[tuple[str, str]]:
    """Address and words of what the systems offer to do from a page, as `target`, 12; without a key, beside its tabs."""
    told = [] if key is None else [page, key]
    return [(reverse(name, args=told), words) for name, words in offered(context["request"].user, page)]


def offered(user: Any, page: str) -> list[tuple[str, str]]:
    """Name and words of what the systems offer somebody of this role from a page."""
    role = role_of(user)
    return [(name, words) for system in settings.CATALOG.systems.values()
            for name, words in system.actions.get(page, {}).items() if system.leads(role, name)]


def menu(user: Any) -> list[tuple[str, str]]:
    """Name and words of the entries the systems add to the main navigation, for somebody who has signed in."""
    role = role_of(user)
    return [(name, words) for system in settings.CATALOG.systems.values() for name, words in system.menu.items()
            if user.is_authenticated and system.leads(role, name)]


def role_of(user: Any) -> str:
    """The role somebody has; empty for who may do everything, and for who has not signed in."""
    return "" if user.is_superuser or not user.is_authenticated else str(user.role)
