"""people of the store."""
