"""Batches: deliveries received, corrected, withdrawn; and what stands of a table at any moment."""

from plumbline.store.batches.forgetting import forget
from plumbline.store.batches.receiving import Preview, check, receive, withdraw
from plumbline.store.batches.standing import inputs, needed, tidy
from plumbline.store.batches.tables import BATCH_STATES, Batch
from plumbline.store.records.reading import Watch

__all__ = ["BATCH_STATES", "Batch", "Preview", "Watch", "check", "forget", "inputs", "needed", "receive", "tidy", "withdraw"]
