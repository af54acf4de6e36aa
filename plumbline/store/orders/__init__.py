"""Orders: work given to an office, with a clock and a state."""

from plumbline.store.orders.access import ABSENT, hats, may_move
from plumbline.store.orders.clocks import calendar_now, due_of, events_of, main_clock, reset
from plumbline.store.orders.moving import Moved, move, move_many
from plumbline.store.orders.opening import open_, phone_digest
from plumbline.store.orders.tables import Asker, Attachment, ClockEvent, Extension, Notice, Order, OrderMove, OrderNote

__all__ = [
    "ABSENT", "Asker", "Attachment", "ClockEvent", "Extension", "Moved", "Notice", "Order", "OrderMove", "OrderNote",
    "calendar_now", "due_of", "events_of", "hats", "main_clock", "may_move", "move", "move_many", "open_", "phone_digest",
    "reset",
]
