"""Rolls: tables delivered whole by their sources, a row a party; corrected, looked at in the open, known as of any day."""

from plumbline.store.rolls.checking import columns_named
from plumbline.store.rolls.comparing import value_of
from plumbline.store.rolls.correcting import correct, own_street, take_back
from plumbline.store.rolls.looking import Look, faults_of, looked, lookers, personal_of, seen, visible
from plumbline.store.rolls.past import Change, history_of, row_of, rows_on
from plumbline.store.rolls.standing import overlays, rows_of, standing
from plumbline.store.rolls.tables import Correction, Overlay, Step
from plumbline.store.rolls.taking import Preview, Told, preview, take

__all__ = [
    "Change", "Correction", "Look", "Overlay", "Preview", "Step", "Told", "columns_named", "correct", "faults_of",
    "history_of", "looked", "lookers", "overlays", "own_street", "personal_of", "preview", "row_of", "rows_of", "rows_on",
    "seen", "standing", "take", "take_back", "value_of", "visible",
]
