"""Orders: work given to an office, with a clock and a state."""
