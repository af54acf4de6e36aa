"""Enterprise support: firms, policies for them, what they ask, and how they fare."""
