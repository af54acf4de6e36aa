"""Special actions, task ledgers and programmes of projects of any kind."""
