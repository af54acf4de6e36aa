"""Policies told to whom they fit, once their matching is done; who fits only after a later matching is told then."""

import logging
import signal
from datetime import date

from django.utils import timezone

from plumbline.engine.decide import decide
from plumbline.engine.eligible import eligible
from plumbline.kernel import Catalog, PlumblineError
from plumbline.site.aside import Turns
from plumbline.store import batches, declarations, policies
from plumbline.store.models import Policy, PolicyMatch
from plumbline.store.parties.kinds import paper_of
from plumbline.store.parties.pushing import Party, push, told, told_last

LONGEST_SECONDS = 900
PAUSE_SECONDS = 5.0
log = logging.getLogger("plumbline.pushing")


def waiting() -> list[tuple[Policy, str]]:
    """Published policies whose last matching was told to nobody yet, each with the mark of it."""
    done = {one.policy_id: one for one in PolicyMatch.objects.filter(state="done")}
    rows = [one for one in Policy.objects.filter(pk__in=done, state="published") if done[one.pk].edition == one.edition]
    marks = {one.pk: done[one.pk].mark for one in rows}
    fresh = {paper.policy for paper in told_last([paper_of(one) for one in rows], marks)}
    return [(one, marks[one.pk]) for one in rows if one.pk in fresh]


def tell(catalog: Catalog, day: date) -> int:
    """Tell whom the waiting policies fit; how many words were new. Told again after a crash, nobody is told twice."""
    new, due = 0, waiting()
    rules, troubles = policies.rules_read([policy for policy, _ in due], catalog)
    for number, why in troubles.items():
        log.warning("policy %s cannot be read: %s", number, why)
    for policy, mark in due:
        if (rule := rules.get(policy.pk)) is None:
            continue
        table = catalog.tables[policy.table]
        place = "street" if table.column("street") else table.area
        decided = decide([rule], batches.inputs(table), day, catalog.parameters)
        found = eligible(decided, rule.key, (table.identity[0], table.area, place))
        done = push(None, paper_of(policy), (Party(key, area, street or "") for key, area, street in found))
        told(paper_of(policy), mark, done)
        new += done.new
    return new


def apart() -> None:
    """Tell them, in this process."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        tell(declarations.catalog(), timezone.localdate())
    except PlumblineError:
        log.exception("parties could not be told of policies")


def telling_in_turn() -> Turns:
    """Parties told whenever a matching is done that nobody was told of."""
    return Turns(waiting, apart, LONGEST_SECONDS, PAUSE_SECONDS)
