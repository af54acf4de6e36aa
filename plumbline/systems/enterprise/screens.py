"""The enterprise platform's own addresses, gathered from its modules."""

urls: list[object] = []
