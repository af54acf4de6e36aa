"""The Django application that owns every table."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """All tables of Plumbline live under the label `store`."""

    name = "plumbline.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
