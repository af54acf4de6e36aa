"""`plumbline manage …`: Django's own management commands, with the house's settings."""

import os

from django.core.management import execute_from_command_line

SETTINGS = "plumbline.site.settings"


def main(arguments: list[str]) -> int:
    """Hand the arguments to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    execute_from_command_line(["plumbline manage", *arguments])
    return 0
