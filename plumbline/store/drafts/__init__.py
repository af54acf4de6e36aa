"""Reports being written: drafted, reviewed by other eyes, sent; each version kept."""

from plumbline.store.drafts.editing import (
    Head,
    acknowledge,
    acknowledge_all,
    add_line,
    append_line,
    create,
    edit_head,
    edit_line,
    move_line,
    remove_line,
)
from plumbline.store.drafts.frozen import digest, frozen, thawed
from plumbline.store.drafts.handing import approve, own_report, return_, submit, withdraw
from plumbline.store.drafts.sending import Printed, send
from plumbline.store.drafts.tables import DRAFT_STATES, LINE_KINDS, VERSION_ACTIONS, Draft, DraftLine, DraftVersion

__all__ = [
    "DRAFT_STATES", "Draft", "DraftLine", "DraftVersion", "Head", "LINE_KINDS", "Printed", "VERSION_ACTIONS",
    "acknowledge", "acknowledge_all", "add_line", "append_line", "approve", "create", "digest", "edit_head",
    "edit_line", "frozen", "move_line", "own_report", "remove_line", "return_", "send", "submit", "thawed", "withdraw",
]
