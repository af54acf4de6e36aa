"""The plan: targets and commitments confirmed by people, and how far they are."""

from plumbline.store.plans.changes import editable
from plumbline.store.plans.commitments import confirm_commitments, edit_commitment
from plumbline.store.plans.counted import fits, tied, wanted, with_counted
from plumbline.store.plans.decisions import decide
from plumbline.store.plans.pace import progress, reported_on, tolerance_parameter
from plumbline.store.plans.tables import Answer, Commitment, Pairing, Problem, Share, Target
from plumbline.store.plans.targets import Preview, commit, edit, preview

__all__ = [
    "Answer", "Commitment", "Pairing", "Preview", "Problem", "Share", "Target", "commit", "confirm_commitments",
    "decide", "edit", "edit_commitment", "editable", "fits", "preview", "progress", "reported_on", "tied",
    "tolerance_parameter", "wanted", "with_counted",
]
