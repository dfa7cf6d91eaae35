"""The account of a run: every row that came in is written, rejected, a total or a repetition."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import DataError
from analysis.records.ingestion.columns import EMPTY, Typed, joined
from analysis.records.ingestion.staging import row_sql, sql_path, sql_text, staged_names
from analysis.records.reading.values import pattern

if TYPE_CHECKING:
    import duckdb

REJECT_COLUMNS = ["file", "row", "column", "reason", "pattern", "length"]
_MARKS = {"short": "fewer cells than columns", "long": "more cells than columns"}
_AT_ONCE = 10_000
_FREQUENT = 3


def count_rows(
    typed: list[Typed], rows: str, connection: duckdb.DuckDBPyConnection
) -> dict[str, Any]:
    """Return what became of the rows of one run, before repetitions are taken out."""
    wide = any(one.layout.candidates for one in typed)
    every = "count(DISTINCT (file, row))" if wide else "count(*)"
    conditions = {
        "good": "mark IS NULL AND NOT bad",
        "rejects": "mark IN ('short', 'long') OR (mark IS NULL AND bad)",
        "totals": "mark = 'total'",
        "footnotes": "mark = 'note'",
        "blank": "mark = 'blank'",
    }
    asked = ", ".join(f"{every} FILTER ({rule}) AS {name}" for name, rule in conditions.items())
    found = connection.execute(f"SELECT {asked} FROM {rows}").fetchone() or (0,) * len(conditions)
    counts = dict(zip(conditions, found, strict=True))
    counts["rows_in"] = sum(_staged(one, connection) for one in typed)
    return counts


def _staged(one: Typed, connection: duckdb.DuckDBPyConnection) -> int:
    query = (
        f"SELECT count(*) FROM read_parquet({sql_path(one.staged)}) "
        "WHERE mark IS NULL OR mark NOT IN ('note', 'blank')"
    )
    return (connection.execute(query).fetchone() or (0,))[0]


def sheet_account(one: Typed, number: int) -> dict[str, Any]:
    """Return what was understood of a sheet."""
    headers, guard = one.layout.headers, one.layout.guard
    positions = staged_names(one.layout)
    columns = {}
    for reading in one.readings:
        if not reading.staged.startswith("votes_") and "__" not in reading.staged:
            parts = [r for r in one.of(reading.column.name)]
            names = [guard.header(headers[positions[part.staged]]) for part in parts]
            columns[reading.column.output] = " + ".join(names)
    return {
        "name": guard.file_name(one.layout.sheet.name, number),
        "header_rows": one.layout.first,
        "columns": columns,
        "candidates": list(one.layout.candidates),
        "dropped": one.layout.dropped,
        "places_not_matched": len(one.unmatched_places),
        "hidden_cells": one.hidden_cells,
    }


def check(account: dict[str, Any], *, wide: bool, rejects: Path) -> None:
    """Stop where a row is unaccounted for, or where the files do not hold what the account says."""
    parts = sum(account[name] for name in ("rows_out", "rejects", "totals", "duplicates"))
    written = account["rows_written"]
    if account["rows_in"] != parts or (not wide and written != account["rows_out"]):
        raise DataError.one(
            file=account["dataset"],
            found=f"{account['rows_in']} rows in, {parts} accounted for, {written} written",
            expected="every row accounted for",
            remedy="Nothing was written. This is a bug in openness: please report it.",
        )
    if account["rows_out"] == 0:
        raise DataError.one(
            file=account["dataset"],
            found=f"{account['rows_in']} rows, none of which can be read",
            expected="records",
            remedy="Correct the mapping: " + _most_frequent(rejects),
        )


def _most_frequent(rejects: Path) -> str:
    with rejects.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    reasons = Counter((row["column"], row["reason"], row["pattern"]) for row in rows)
    return "; ".join(
        f"{column or 'row'}: {reason} (like {seen or 'empty'}), {count} times"
        for (column, reason, seen), count in reasons.most_common(_FREQUENT)
    )


def find_rejects(
    typed: Typed, connection: duckdb.DuckDBPyConnection
) -> Iterator[tuple[int, str, str, str, int]]:
    """Yield row, column, reason, pattern and length of each cell for which a row is rejected."""
    parts = [
        "SELECT row, '' AS header, mark AS reason, NULL AS raw "
        f"FROM {row_sql(typed.layout, typed.staged)} WHERE mark IN ('short', 'long')"
    ]
    for reading in typed.readings:
        if reading.bad == "FALSE":
            continue
        raw = f"s.{reading.staged}"
        unread = sql_text(reading.reason)
        reason = f"CASE WHEN {raw} IS NULL THEN {sql_text(EMPTY)} ELSE {unread} END"
        if reading.lookup:
            reason = f"coalesce({reading.lookup}.reason, {reason})"
        parts.append(
            f"SELECT s.row, {sql_text(reading.column.name)}, {reason}, {raw} "
            f"FROM {joined(typed)} WHERE s.mark IS NULL AND {reading.bad}"
        )
    found = connection.execute(" UNION ALL ".join(parts) + " ORDER BY 1, 2")
    while rows := found.fetchmany(_AT_ONCE):
        for row, column, reason, raw in rows:
            yield row, column, _MARKS.get(reason, reason), pattern(raw or ""), len(raw or "")


def write_rejects(
    sheets: list[Typed], target: Path, earlier: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    """Write the file of rejects: where, why, and what the value looks like, never the value.

    Those of earlier runs come first.
    """
    before = []
    if earlier.is_file():
        with earlier.open(encoding="utf-8", newline="") as stream:
            before = list(csv.reader(stream))[1:]
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(REJECT_COLUMNS)
        writer.writerows(before)
        for number, typed in enumerate(sheets, 1):
            name = typed.layout.guard.file_name(typed.layout.sheet.name, number)
            writer.writerows((name, *found) for found in find_rejects(typed, connection))


def content_of(folder: Path) -> str:
    """Return a digest of the records of a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.parquet")):
        digest.update(str(path.relative_to(folder)).encode())
        with path.open("rb") as stream:
            while block := stream.read(2**22):
                digest.update(block)
    return digest.hexdigest()
