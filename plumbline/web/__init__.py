"""Screens drawn from what the store and the reader say; no screen writes a table itself."""
