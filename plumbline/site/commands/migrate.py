"""`plumbline migrate`: makes the database, or brings it up to date."""

from django.core.management import call_command

from plumbline.site.commands import manage


def main(arguments: list[str]) -> int:
    """Migrate; may be run as often as one likes."""
    return manage.main(["migrate", *arguments])


def unmade() -> str:
    """What to do where a migration does not stand in the database; empty where all do."""
    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except SystemExit:
        return "数据库尚未建立或不是最新，请先运行 plumbline migrate"
    return ""
