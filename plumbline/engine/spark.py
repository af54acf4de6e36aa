"""Spark, for what one machine cannot count: the same questions on the same Parquet, the same figures."""

import hashlib
import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from plumbline.engine import sources
from plumbline.kernel import Inputs

# what expressions mean depends on these (kernel.expression.sql); nobody may set them otherwise
MEANING = {
    "spark.sql.ansi.enabled": "true", "spark.sql.session.timeZone": "UTC",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.parser.escapedStringLiterals": "false", "spark.sql.legacy.consecutiveStringLiterals.enabled": "false",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED", "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
}
USUAL = {
    "spark.ui.enabled": "false", "spark.sql.session.localRelationCacheThreshold": "1048576",
    "spark.log.level": "ERROR", "spark.sql.shuffle.partitions": "4", "spark.ui.showConsoleProgress": "false",
}
LOCAL = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
TYPES = {"string": "STRING", "large_string": "STRING", "int64": "BIGINT", "int32": "INT", "date32[day]": "DATE",
         "bool": "BOOLEAN", "double": "DOUBLE"}
OVERFLOW = ("ARITHMETIC_OVERFLOW",)
UNFIT = ("NUMERIC_VALUE_OUT_OF_RANGE", "CAST_INVALID_INPUT", "CAST_OVERFLOW")
UNREADABLE = ("FAILED_READ_FILE", "CANNOT_READ_FILE_FOOTER", "PATH_NOT_FOUND")


class Spark:
    """Spark's engine; its session begins with its first question.

    master    where it runs: local[*], local-cluster[2,1,1024], spark://…
    settings  Spark's own, besides; those that change what expressions mean stay ours
    """

    name = dialect = "spark"

    def __init__(self, master: str = "local[*]", settings: Mapping[str, str] | None = None) -> None:
        self.master, self.settings = master, dict(settings or {})
        self._lock = threading.Lock()
        self._session: SparkSession | None = None
        self._views: set[str] = set()

    @property
    def session(self) -> SparkSession:
        """The session, opened when it is first needed."""
        with self._lock:
            if self._session is None:
                local = LOCAL if self.master.startswith("local") else {}
                if local:
                    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
                builder = SparkSession.builder.master(self.master).appName("plumbline")
                for key, value in {**USUAL, **local, **self.settings, **MEANING}.items():
                    builder = builder.config(key, value)
                self._session = builder.getOrCreate()
            return self._session

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a question."""
        try:
            return [tuple(row) for row in self.session.sql(sql).collect()]
        except PySparkException as error:
            raise explained(error) from error

    def source(self, inputs: Inputs, columns: Sequence[str]) -> str:
        """The columns of all files, in brackets."""
        places = {sha256: at for at, sha256 in enumerate(sources.hashes(inputs))}
        parts = [self._part(inputs, group, columns, places) for group in sources.groups(inputs)]
        if not parts:
            return sources.nothing(inputs.table, columns, quoted, sources.SPARK)
        return f"({' UNION ALL '.join(parts)})"

    def close(self) -> None:
        """End the session."""
        with self._lock:
            if self._session is not None:
                self._session.stop()
            self._session, self._views = None, set()

    def _part(self, inputs: Inputs, group: sources.Group, columns: Sequence[str], places: Mapping[str, int]) -> str:
        told = sources.read(inputs.table, group, columns, quoted, sources.SPARK)
        if sources.PLACE in columns:
            told.append(f"{_place(group, places)} AS {sources.PLACE}")
        return f"SELECT {', '.join(told)} FROM {self._view(group)}"

    def _view(self, group: sources.Group) -> str:
        """Files under a name of their own; the same files keep theirs."""
        paths = [str(file.path) for file in group.files]
        name = "files_" + hashlib.sha256("\n".join(paths).encode()).hexdigest()[:32]
        if name not in self._views:
            rows = self.session.read.schema(_schema(group)).parquet(*paths)
            rows.selectExpr("*", "_metadata.file_path AS address_").createOrReplaceTempView(name)
            self._views.add(name)
        return name


def opened(**options: Any) -> Spark:
    """The engine with these options."""
    return Spark(**options)


def quoted(name: str) -> str:
    """A column's name."""
    return f"`{name}`"


def _place(group: sources.Group, places: Mapping[str, int]) -> str:
    """The place of a row's file, by the file's address; Spark writes it with one stroke or with three."""
    pairs = ", ".join(f"'{_escaped(file.path.absolute().as_uri()[7:])}', {places[file.sha256]}" for file in group.files)
    return f"CAST(element_at(map({pairs}), regexp_replace(address_, '^file:/+', '/')) AS BIGINT)"


def _schema(group: sources.Group) -> str:
    """The columns of a group, so that Spark need not look into a file to know them."""
    return ", ".join(f"`{name}` {_type(kind)}" for name, kind in group.types.items())


def _type(kind: pyarrow.DataType) -> str:
    return f"DECIMAL({kind.precision},{kind.scale})" if pyarrow.types.is_decimal(kind) else TYPES.get(str(kind), "STRING")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'").replace("$", "\\u0024")


def explained(error: PySparkException) -> Exception:
    """The error people are told; what is a mistake of ours stays as it is."""
    condition = error.getCondition() or ""
    said = f"{condition} {error}"
    if any(one in said for one in OVERFLOW):
        return sources.overflow()
    if any(one in said for one in UNREADABLE):
        return sources.gone("", "无法读取")
    if any(one in said for one in UNFIT):
        return sources.unfit()
    return error
