"""The hotline's own addresses, gathered from its modules."""

from plumbline.systems.hotline import callback_pages, desk_pages, door_pages, hotspot_pages

urls = [*door_pages.urls, *desk_pages.urls, *callback_pages.urls, *hotspot_pages.urls]
