"""What follows a step inside its transaction: notices to people, words to other systems; then the journal, last."""

from collections.abc import Sequence
from typing import Any

from plumbline.kernel import Catalog
from plumbline.store.journal.writing import record
from plumbline.store.orders import notices, webhooks
from plumbline.store.orders.cutting import touched
from plumbline.store.orders.steps import Step, written


def finish(user: Any, steps: Sequence[Step], catalog: Catalog) -> None:
    """Write steps, tell whom they concern, and journal them: what every write of orders ends with.

    Locks  the chunk of the newest orders and the journal's head, which everybody's writes share: at the very end
    """
    writes = written(steps)
    pairs = [(step.order, step.row) for step in steps]
    notices.told_all(pairs, catalog)
    webhooks.queue_all(pairs, catalog)
    touched(catalog, [step.order for step in steps])
    record(user, *writes)
