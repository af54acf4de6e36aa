"""One Spark for the whole run: it takes longer to begin than what it is asked."""

import pytest

from plumbline.engine import open_engine

QUIET = {
    "spark.sql.shuffle.partitions": "1", "spark.default.parallelism": "2", "spark.sql.adaptive.enabled": "false",
}


@pytest.fixture(scope="session")
def spark_engine():
    """Two workers of their own, as on a cluster."""
    engine = open_engine("spark", master="local-cluster[2,1,1024]", settings=QUIET)
    yield engine
    engine.close()
