"""What stands of a table at a moment: its files and what they cover together."""

from datetime import datetime

from django.db.models import Q, QuerySet

from plumbline.kernel import Inputs, Table
from plumbline.store.batches.coverage import standing
from plumbline.store.batches.tables import Batch
from plumbline.store.orders.cutting import inputs as of_orders
from plumbline.store.records.files import drop_loose, folder, only_writer
from plumbline.store.registers import cutting
from plumbline.store.rolls import forgetting as of_rolls


def inputs(table: Table, as_of: datetime | None = None) -> Inputs:
    """Files and coverage of a table as they stand, or stood at a moment.

    Register, orders  cut first, where it changed; at a moment, as it stood when it was last cut before
    Roll              cut when it is written
    """
    if table.register:
        return cutting.inputs(table, as_of)
    if table.orders:
        return of_orders(table, as_of)
    if table.roll:
        return cutting.standing(table, as_of)
    batches = list((at_moment(table.key, as_of) if as_of else standing(table.key)).order_by("id"))
    return Inputs(table, tuple(batch.file for batch in batches), tuple(batch.coverage for batch in batches))


def at_moment(table: str, moment: datetime) -> QuerySet[Batch]:
    """Batches of a table that stood at a moment."""
    return Batch.objects.filter(Q(ended_at=None) | Q(ended_at__gt=moment), table=table, received_at__lte=moment)


def tidy() -> int:
    """Drop files nothing rests on, left by a process that was killed; how many there were."""
    if not folder().is_dir():
        return 0
    with only_writer():
        return drop_loose(needed())


def needed() -> set[str]:
    """Hashes of all files that something rests on: batches, cuts, rolls."""
    told = {sha256 for pair in Batch.objects.values_list("sha256", "personal") for sha256 in pair}
    return told | cutting.hashes() | of_rolls.hashes()
