"""Plumbline 准绳: follows promises to numbers and back."""

__version__ = "0.1.0"
