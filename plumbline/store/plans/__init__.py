"""plans of the store."""
