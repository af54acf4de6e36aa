"""The Spark of the engine's own tests."""

from plumbline.engine.tests.conftest import spark_engine

__all__ = ["spark_engine"]
