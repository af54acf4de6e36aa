"""The main economic indicators, as the statistics office delivers them."""
