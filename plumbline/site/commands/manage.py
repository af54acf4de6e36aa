"""`plumbline manage …`: Django's own management commands, with the house's settings."""

from django.core.management import execute_from_command_line


def main(arguments: list[str]) -> int:
    """Hand the arguments to Django."""
    execute_from_command_line(["plumbline manage", *arguments])
    return 0
