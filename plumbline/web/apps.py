"""The Django application that owns templates and static files."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages of Plumbline; it has no tables."""

    name = "plumbline.web"
    label = "web"
