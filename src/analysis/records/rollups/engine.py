"""The engines that count: DuckDB on this machine, Apache Spark beyond it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import DataError, check_known

if TYPE_CHECKING:
    import ibis.expr.types as ir

ENGINES = ("duckdb", "spark")


@contextmanager
def open_engine(
    name: str, *, memory_limit: str, spill: Path | None, master: str | None
) -> Iterator[Any]:
    """Yield a connection of Ibis to the engine, and close what was opened."""
    check_known("engine", name, ENGINES)
    if not re.fullmatch(r"\d+(\.\d+)?\s*[KMGT]i?B", str(memory_limit), re.I):
        raise DataError.one(
            file="rollup",
            column="memory_limit",
            found=repr(memory_limit),
            expected='a size such as "1GB" or "800MB"',
            remedy="Correct it.",
        )
    opened = _duckdb(memory_limit, spill) if name == "duckdb" else _spark(memory_limit, master)
    with opened as connection:
        yield connection


@contextmanager
def _duckdb(memory_limit: str, spill: Path | None) -> Iterator[Any]:
    import duckdb
    import ibis

    options = {"temp_directory": str(spill)} if spill else {}
    connection = ibis.duckdb.connect(
        memory_limit=memory_limit, preserve_insertion_order=False, **options
    )
    try:
        yield connection
    except duckdb.Error as error:
        raise DataError.one(
            file="rollup",
            found=str(error).splitlines()[0][:160],
            expected="whole records, and room to count them",
            remedy="Check the folder, the memory limit and the room on the disk.",
        ) from error
    finally:
        connection.disconnect()


@contextmanager
def _spark(memory_limit: str, master: str | None) -> Iterator[Any]:
    import ibis

    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise DataError.one(
            file="rollup",
            column="engine",
            found="no pyspark",
            expected="Spark",
            remedy="Install it with: pip install 'governance-openness[spark]'",
        ) from None
    memory = re.sub(r"\s*([KMGT])i?B$", r"\1", memory_limit, flags=re.I).lower()
    builder = SparkSession.builder.master(master or "local[*]").appName("openness rollup")
    builder = builder.config("spark.driver.memory", memory).config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    try:
        yield ibis.pyspark.connect(session)
    finally:
        session.stop()


def read_records(connection: Any, folder: Path, dataset: str) -> ir.Table:
    """Return the records of a folder as a table of the engine."""
    where = folder / dataset
    files = sorted(where.glob("year=*/*.parquet"))
    if not files:
        raise DataError.one(
            file=str(where),
            found="no records",
            expected="year=.../*.parquet as `openness ingest` writes it",
            remedy=f"Run: openness ingest FILE --dataset {dataset} --out {folder}",
        )
    if connection.name == "pyspark":
        return connection.read_parquet(re.sub(r"([\[\]{}*?\\])", r"\\\1", str(where)))
    # DuckDB takes paths for patterns.
    names = [re.sub(r"([\[*?])", r"[\1]", str(path)) for path in files]
    return connection.read_parquet(names, hive_partitioning=False)
