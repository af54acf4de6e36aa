"""`plumbline migrate`: makes the database, or brings it up to date."""

from plumbline.site.commands import manage


def main(arguments: list[str]) -> int:
    """Migrate; may be run as often as one likes."""
    return manage.main(["migrate", *arguments])
