"""Deliveries on their way from an upload to a batch: every change of one is a function here."""

from plumbline.store.deliveries.holding import alone, path_of, progress, reached, tidy
from plumbline.store.deliveries.moving import (
    Sent,
    accept,
    action_for,
    begin,
    checked,
    coverage_of,
    expire,
    fail,
    hand_in,
    received,
    stop,
    unfinished,
)
from plumbline.store.deliveries.personal import personal
from plumbline.store.deliveries.tables import DELIVERY_STATES, HELD, Delivery

__all__ = [
    "DELIVERY_STATES", "HELD", "Delivery", "Sent", "accept", "action_for", "alone", "begin", "checked", "coverage_of",
    "expire", "fail", "hand_in", "path_of", "personal", "progress", "reached", "received", "stop", "tidy", "unfinished",
]
