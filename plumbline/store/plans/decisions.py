"""What people decide about proposals: what was reported of a promise, whose share it is, what answers a problem."""

from typing import Any

from django.db import transaction

from plumbline.kernel import NotAllowed
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import may
from plumbline.store.plans.editing import ABSENT
from plumbline.store.plans.tables import PROPOSAL_STATES, Answer, Pairing, Share
from plumbline.store.words import bad, plain, reason

# where the area of a proposal is found: a share is decided by those who keep the district's report
AREA = {Pairing: "promised__document", Share: "part__document", Answer: "problem__document"}


@transaction.atomic
def decide(
    user: Any, proposal: Pairing | Share | Answer, state: str, why: str = "", on_top: bool | None = None,
) -> Pairing | Share | Answer:
    """Confirm or reject a proposal, or take the decision back (`proposed`).

    on_top  of a pairing: how the promise is read; None leaves it as it is
    """
    model, why = type(proposal), reason(why, needed=False)
    row = (model.objects.visible_to(user).select_for_update(of=("self",)).filter(pk=proposal.pk)
           .select_related(AREA[model]).first())
    if row is None or not may(user, "plan", area := _area(row)):
        raise NotAllowed(ABSENT)
    if state not in dict(PROPOSAL_STATES):
        raise bad("proposal.state", "状态", "没有这种状态；请选择确认、否定或撤回。")
    names = ("state", "on_top") if model is Pairing else ("state",)
    before = plain(row, names)
    row.state = state
    if model is Pairing and on_top is not None:
        row.on_top = on_top
    after = plain(row, names)
    if after != before:
        row.save(update_fields=names)
        table = model._meta.model_name
        record(user, Write(f"{table}.decide", table, row.pk, before, after, why, area))
    return row


def _area(row: Pairing | Share | Answer) -> str:
    found: Any = row
    for step in AREA[type(row)].split("__"):
        found = getattr(found, step)
    return found.area
