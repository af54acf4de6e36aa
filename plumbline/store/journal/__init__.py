"""journal of the store."""
