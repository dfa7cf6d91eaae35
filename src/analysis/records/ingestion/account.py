"""The account of a run: every row that came in is written, rejected, a total or a repetition."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import DataError
from analysis.records.ingestion.columns import EMPTY, Reading, Typed, joined
from analysis.records.ingestion.staging import row_sql, sql_path, sql_text, staged_names
from analysis.records.reading.values import pattern

if TYPE_CHECKING:
    import duckdb

REJECT_COLUMNS = ["file", "row", "column", "reason", "pattern", "length"]
_MARKS = {"short": "fewer cells than columns", "long": "more cells than columns"}
# What becomes of a row -> the rows of which it is true.
_CONDITIONS = {
    "good": "mark IS NULL AND NOT bad",
    "rejects": "mark IN ('short', 'long') OR (mark IS NULL AND bad)",
    "totals": "mark = 'total'",
    "footnotes": "mark = 'note'",
    "blank": "mark = 'blank'",
}
_AT_ONCE = 10_000
_BLOCK = 2**22
_FREQUENT = 3


def count_rows(
    typed: list[Typed], rows: str, connection: duckdb.DuckDBPyConnection
) -> dict[str, Any]:
    """Return what became of the rows of one run, before repetitions are taken out."""
    wide = any(one.layout.candidates for one in typed)
    every = "count(DISTINCT (file, row))" if wide else "count(*)"
    asked = [f"{every} FILTER ({rule}) AS {name}" for name, rule in _CONDITIONS.items()]
    query = f"SELECT {', '.join(asked)} FROM {rows}"
    nothing = (0,) * len(_CONDITIONS)
    found = connection.execute(query).fetchone() or nothing
    counts = dict(zip(_CONDITIONS, found, strict=True))
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
    layout = one.layout
    name = layout.guard.file_name(layout.sheet.name, number)
    return {
        "name": name,
        "header_rows": layout.first,
        "columns": _columns_read(one),
        "candidates": list(layout.candidates),
        "dropped": layout.dropped,
        "places_not_matched": len(one.unmatched_places),
        "hidden_cells": one.hidden_cells,
    }


def _columns_read(one: Typed) -> dict[str, str]:
    """Return output column -> the headers that it was read from, joined where it is a sum."""
    layout = one.layout
    positions = staged_names(layout)
    columns = {}
    for reading in one.readings:
        if reading.is_votes or reading.is_further:
            continue
        names = []
        for part in one.of(reading.column.name):
            header = layout.headers[positions[part.staged]]
            names.append(layout.guard.header(header))
        columns[reading.column.output] = " + ".join(names)
    return columns


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
    said = []
    for (column, reason, seen), count in reasons.most_common(_FREQUENT):
        where = column or "row"
        like = seen or "empty"
        said.append(f"{where}: {reason} (like {like}), {count} times")
    return "; ".join(said)


def find_rejects(
    typed: Typed, connection: duckdb.DuckDBPyConnection
) -> Iterator[tuple[int, str, str, str, int]]:
    """Yield row, column, reason, pattern and length of each cell for which a row is rejected."""
    rows = row_sql(typed.layout, typed.staged)
    parts = [
        "SELECT row, '' AS header, mark AS reason, NULL AS raw "
        f"FROM {rows} WHERE mark IN ('short', 'long')"
    ]
    for reading in typed.readings:
        if reading.bad != "FALSE":
            parts.append(_unread_cells(reading, typed))
    every = " UNION ALL ".join(parts)
    found = connection.execute(f"{every} ORDER BY 1, 2")
    while rows_found := found.fetchmany(_AT_ONCE):
        for row, column, mark, raw in rows_found:
            text = raw or ""
            reason = _MARKS.get(mark, mark)
            yield row, column, reason, pattern(text), len(text)


def _unread_cells(reading: Reading, typed: Typed) -> str:
    """Return the SQL of the cells of a column that cannot be read, each with the reason."""
    raw = f"s.{reading.staged}"
    empty = sql_text(EMPTY)
    unread = sql_text(reading.reason)
    reason = f"CASE WHEN {raw} IS NULL THEN {empty} ELSE {unread} END"
    if reading.lookup:
        reason = f"coalesce({reading.lookup}.reason, {reason})"
    name = sql_text(reading.column.name)
    return (
        f"SELECT s.row, {name}, {reason}, {raw} "
        f"FROM {joined(typed)} WHERE s.mark IS NULL AND {reading.bad}"
    )


def write_rejects(
    sheets: list[Typed], target: Path, earlier: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    """Write the file of rejects: where, why, and what the value looks like, never the value.

    Those of earlier runs come first.
    """
    before = _read_rejects(earlier)
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(REJECT_COLUMNS)
        writer.writerows(before)
        for number, typed in enumerate(sheets, 1):
            layout = typed.layout
            name = layout.guard.file_name(layout.sheet.name, number)
            for found in find_rejects(typed, connection):
                writer.writerow((name, *found))


def _read_rejects(path: Path) -> list[list[str]]:
    """Return the rejects of earlier runs, without the header."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    return rows[1:]


def content_of(folder: Path) -> str:
    """Return a digest of the records of a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.parquet")):
        name = str(path.relative_to(folder))
        digest.update(name.encode())
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()
