"""Rolls: tables delivered whole by their sources, a row a party, corrected by officers, as of any day."""
