"""Batches: deliveries received, corrected, withdrawn; and what stands of a table at any moment."""
