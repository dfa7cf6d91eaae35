"""Records over time: the newest version of a case wins, whichever run brought it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.records.ingestion.staging import sql_path, sql_text
from analysis.records.privacy.guard import OTHER
from analysis.records.schemas import Schema

if TYPE_CHECKING:
    import duckdb

# Beside the columns of the schema, the files say which run a row is of: the run, the day of the
# export, and its place in the input.
VERSION = {"run": "INTEGER", "exported": "DATE", "file": "INTEGER", "row": "BIGINT"}
EARLIER = "earlier"
_OPEN = ("category", "body", "place")


@dataclass(frozen=True)
class Kept:
    """What became of the rows of all runs: how many are repetitions, came, changed and went."""

    duplicates: int
    superseded: int
    came: int
    changed: int


def stored(folder: Path, schema: Schema) -> list[Path]:
    """Return the files of the records of a folder, of cases that have a newer version too."""
    current = (folder / schema.dataset).glob("year=*/*.parquet")
    earlier = (folder / EARLIER).glob("*.parquet")
    return [*sorted(current), *sorted(earlier)]


@dataclass(frozen=True)
class Fresh:
    """The rows of a new run as SQL, its number, and the day of the export ("" if not given)."""

    rows: str
    run: int
    exported: str


def read_all(
    schema: Schema, files: list[Path], *, new: Fresh | None = None, left: int | None = None
) -> str:
    """Return the SQL of the rows of all runs, without those of the run that is taken out."""
    names = ", ".join(schema.written())
    parts = []
    if new:
        day = f"DATE '{new.exported}'" if new.exported else "CAST(NULL AS DATE)"
        version = f"{new.run} AS run, {day} AS exported, CAST(file AS INTEGER) AS file, row"
        parts.append(f"SELECT {names}, {version} FROM {new.rows} WHERE mark IS NULL AND NOT bad")
    if files:
        paths = ", ".join(map(sql_path, files))
        source = f"read_parquet([{paths}], hive_partitioning = false)"
        where = f" WHERE run <> {left}" if left else ""
        parts.append(f"SELECT {names}, {', '.join(VERSION)} FROM {source}{where}")
    return " UNION ALL ".join(parts)


def find_outdated(
    connection: duckdb.DuckDBPyConnection, schema: Schema, every: str, run: int
) -> Kept:
    """Fill the table `outdated` with the rows that a newer version, or an equal row, stands for."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE outdated "
        "(run INTEGER, file INTEGER, row BIGINT, same BOOLEAN, came BOOLEAN)"
    )
    identity = ", ".join(schema.identity)
    filled = " AND ".join(f"{name} IS NOT NULL" for name in schema.identity)
    once = connection.execute(
        f"SELECT count(*) = count(DISTINCT hash({identity})) FROM ({every}) WHERE {filled}"
    ).fetchone()
    if once != (True,):
        ranked = _newest_first if schema.keyed else _first_of_equal
        connection.execute(ranked(schema, every, identity, filled))
    query = (
        "SELECT count(*) FILTER (same), count(*) FILTER (NOT same), "
        f"count(*) FILTER (NOT same AND run < {run}), count(*) FILTER (run < {run}), "
        f"count(*) FILTER (run = {run}) FROM outdated"
    )
    nothing = (0, 0, 0, 0, 0)
    same, changed, replaced, older, gone = connection.execute(query).fetchone() or nothing
    query = f"SELECT count(*) FROM ({every}) WHERE run = {run}"
    (of_run,) = connection.execute(query).fetchone() or (0,)
    came = of_run - gone - older
    return Kept(same, changed, came, replaced)


def _twice(every: str, identity: str, filled: str) -> str:
    return (
        f"WITH every AS ({every}), twice AS (SELECT {identity} FROM every WHERE {filled} "
        "GROUP BY ALL HAVING count(*) > 1), "
        f"again AS (SELECT * FROM every WHERE ({identity}) IN (FROM twice)), "
    )


def _newest_first(schema: Schema, every: str, identity: str, filled: str) -> str:
    """Return the SQL for cases with a number: the newest wins, by day of export, then by run."""
    names = ", ".join(schema.written())
    order = "coalesce(exported, DATE '1900-01-01') DESC, run DESC, file DESC, row DESC"
    window = f"OVER (PARTITION BY {identity} ORDER BY {order})"
    return (
        f"INSERT INTO outdated {_twice(every, identity, filled)}"
        f"ranked AS (SELECT run, file, row, row_number() {window} AS nth, "
        f"hash({names}) AS own, first_value(hash({names})) {window} AS newest FROM again) "
        "SELECT run, file, row, own = newest, FALSE FROM ranked WHERE nth > 1"
    )


def _first_of_equal(schema: Schema, every: str, identity: str, filled: str) -> str:
    """Return the SQL for rows without a number: of rows that agree in every column one counts."""
    names = ", ".join(schema.written())
    window = f"OVER (PARTITION BY {names} ORDER BY run, file, row)"
    return (
        f"INSERT INTO outdated {_twice(every, identity, filled)}"
        f"ranked AS (SELECT run, file, row, row_number() {window} AS nth FROM again) "
        "SELECT run, file, row, TRUE, FALSE FROM ranked GROUP BY 1, 2, 3 HAVING min(nth) > 1"
    )


def current(every: str) -> str:
    return f"SELECT * FROM ({every}) ANTI JOIN outdated USING (run, file, row)"


def outdated(every: str) -> str:
    return f"SELECT * FROM ({every}) SEMI JOIN outdated USING (run, file, row)"


def hide_rare(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    newest: str,
    *,
    rare: int,
    known: Callable[[str, str], bool],
) -> dict[str, dict[str, int]]:
    """Fill a table per open column with the values that may be written; returns what was hidden."""
    hidden: dict[str, dict[str, int]] = {}
    if schema.public or rare <= 1:
        return hidden
    for column in schema.columns:
        if column.kind not in _OPEN or column.codes:
            continue
        name = column.output
        matched = "bool_or(place_id IS NOT NULL)" if column.kind == "place" else "FALSE"
        query = (
            f"SELECT {name}, count(*), {matched} FROM ({newest}) WHERE {name} IS NOT NULL "
            f"GROUP BY 1 HAVING count(*) < {rare}"
        )
        counts = {}
        for value, count, is_matched in connection.execute(query).fetchall():
            passes = is_matched or value == OTHER or known(column.name, value)
            if not passes:
                counts[value] = count
        if counts:
            hidden[name] = {"values": len(counts), "rows": sum(counts.values())}
            _make_allowed(connection, name, newest, list(counts))
    return hidden


def _make_allowed(
    connection: duckdb.DuckDBPyConnection, name: str, newest: str, rare: list[str]
) -> None:
    """Fill the table of the values of a column that are written: all but the rare ones."""
    table = _allowed_table(name)
    values = f"SELECT DISTINCT {name} AS v FROM ({newest}) WHERE {name} IS NOT NULL"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {values}")
    connection.execute(f"DELETE FROM {table} WHERE v IN (SELECT unnest(?))", [rare])


def _allowed_table(column: str) -> str:
    return f"allowed_{column}"


def written(schema: Schema, rows: str, hidden: dict[str, dict[str, int]]) -> str:
    """Return the SQL of rows as they are written: what is too rare is other."""
    other = sql_text(OTHER)
    chosen = []
    for name in (*schema.written(), *VERSION):
        if name not in hidden:
            chosen.append(name)
            continue
        allowed = f"{name} IN (SELECT v FROM {_allowed_table(name)})"
        passes = f"{name} IS NULL OR {allowed}"
        chosen.append(f"CASE WHEN {passes} THEN {name} ELSE {other} END AS {name}")
    return f"SELECT {', '.join(chosen)} FROM ({rows})"
