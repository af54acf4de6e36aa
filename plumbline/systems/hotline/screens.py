"""The hotline's own addresses, gathered from its modules."""

from plumbline.systems.hotline import (
        callback_pages,
        desk_pages,
        door_pages,
        hotspot_pages,
        objection_pages,
        rate_pages,
        rate_rows,
)
from plumbline.systems.hotline.alarming import alarms_now
from plumbline.systems.hotline.proposing import KIND, classes_in, suggest

urls = [*door_pages.urls, *desk_pages.urls, *callback_pages.urls, *hotspot_pages.urls, *rate_pages.urls,
        *rate_rows.urls, *objection_pages.urls]
# who proposes an office for an order that waits for one, by kind
suggests = {KIND: suggest}
# the classes in use in an area, by kind
classes = {KIND: classes_in}
# who watches where orders go, by kind
alarms = {KIND: alarms_now}
