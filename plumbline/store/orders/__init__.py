"""Orders: work given to an office, with a clock and a state."""

from plumbline.store.orders.access import ABSENT, hats, may_move
from plumbline.store.orders.attachments import attach, attaching, opened, path_of
from plumbline.store.orders.clocks import calendar_now, due_of, events_of, main_clock, reset
from plumbline.store.orders.cutting import cut, inputs
from plumbline.store.orders.extensions import ask, decide
from plumbline.store.orders.intake import take_in
from plumbline.store.orders.linking import join, split, summon, unjoin
from plumbline.store.orders.mailing import mail
from plumbline.store.orders.moving import Moved, move, move_many
from plumbline.store.orders.notes import note
from plumbline.store.orders.notices import seen, unseen
from plumbline.store.orders.opening import open_, phone_digest
from plumbline.store.orders.personal import asker_of, forget, history_of
from plumbline.store.orders.sweeping import Swept, sweep
from plumbline.store.orders.tables import Asker, Attachment, ClockEvent, Extension, Notice, Order, OrderMove, OrderNote
from plumbline.store.orders.urging import urge, urged
from plumbline.store.orders.webhooks import send

__all__ = [
    "ABSENT", "Asker", "Attachment", "ClockEvent", "Extension", "Moved", "Notice", "Order", "OrderMove", "OrderNote",
    "Swept", "ask", "asker_of", "attach", "attaching", "calendar_now", "cut", "decide", "due_of", "events_of", "forget", "hats",
    "history_of", "inputs", "join", "mail", "main_clock", "may_move", "move", "move_many", "note", "open_", "opened",
    "path_of", "phone_digest", "reset", "seen", "send", "split", "summon", "sweep", "take_in", "unjoin", "unseen", "urge",
    "urged",
]
