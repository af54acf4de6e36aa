"""SDMX-REST: the published figures for programs of others, by the standard of statistics."""

from plumbline.web.sdmx.door import urls

__all__ = ["urls"]
