"""Files of rolls that are needed, and personal columns that are dropped when their table says so."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from plumbline.kernel import Table
from plumbline.kernel.period import months_later
from plumbline.store.journal.writing import Write, record
from plumbline.store.rolls.tables import Leaf, Step

WHY = "个人信息保存期满"


def hashes() -> set[str]:
    """Names of the files rolls rest on besides their cuts."""
    told = {name for pair in Step.objects.values_list("images", "faults") for name in pair}
    return (told | set(Leaf.objects.values_list("personal", flat=True))) - {""}


@transaction.atomic
def forget(today: date, table: Table) -> int:
    """Drop the personal columns of a roll no source has told for so many months; how many chunks lost them.

    Reading  while a source tells them they are needed; what it told before is dropped the moment it tells something else
    """
    personal = {one.key for one in table.columns if one.personal}
    last = next((step for step in Step.objects.filter(table=table.key) if personal & set(step.columns)), None)
    if last is None or not table.delete_months or months_later(timezone.localdate(last.at), table.delete_months) > today:
        return 0
    gone = Leaf.objects.filter(chunk__table=table.key).exclude(personal="").update(personal="")
    if gone:
        record(None, Write("roll.forget", table.key, last.pk, {"columns": sorted(personal)}, None, WHY, last.area))
    return gone
