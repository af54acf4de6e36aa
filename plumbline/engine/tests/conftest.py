"""One Spark for the whole run: it takes longer to begin than what it is asked."""

import atexit
from functools import cache

import pytest

from plumbline.engine import open_engine

# what the tests ask is small: to compile a question takes longer than to answer it
INTERPRETED = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}
COMPILED = {"spark.sql.codegen.wholeStage": "true", "spark.sql.codegen.factoryMode": "CODEGEN_ONLY"}
SMALL = {"spark.sql.shuffle.partitions": "1", "spark.default.parallelism": "2", "spark.sql.adaptive.enabled": "false"}


@cache
def opened():
    """Two workers of their own, as on a cluster; the same for the tests of every package."""
    engine = open_engine("spark", master="local-cluster[2,1,1024]", settings={**SMALL, **INTERPRETED})
    atexit.register(engine.close)
    return engine


@pytest.fixture(scope="session")
def spark_engine():
    return opened()


def compiling(engine):
    """The same, compiling its questions as it does in life."""
    for key, value in COMPILED.items():
        engine.session.conf.set(key, value)
    yield engine
    for key, value in INTERPRETED.items():
        engine.session.conf.set(key, value)


@pytest.fixture
def compiled(spark_engine):
    yield from compiling(spark_engine)


@pytest.fixture(scope="module")
def spark(spark_engine):
    yield from compiling(spark_engine)
