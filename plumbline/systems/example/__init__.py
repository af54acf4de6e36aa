"""A system to copy: one table, a few indicators, a parameter, a sentence, a demo. Not installed."""
