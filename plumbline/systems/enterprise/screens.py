"""The enterprise platform's own addresses, gathered from its modules."""

from plumbline.systems.enterprise import portal_addresses

urls: list[object] = [*portal_addresses.urls]
