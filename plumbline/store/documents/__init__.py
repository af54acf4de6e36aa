"""documents of the store."""
