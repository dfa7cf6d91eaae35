"""Bring the chosen columns of a sheet into Parquet as text, one column of the schema each.

Keys are hashed on the way.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.records.reading.files import read_rows
from analysis.records.reading.header import NOTE, Layout
from analysis.records.schemas import Schema

if TYPE_CHECKING:
    import duckdb

HASH_LENGTH = 32
_KEY_BLOCK = 64  # of SHA-256, in bytes
_MOST_CELLS_OF_NOTE = 2
# Files from this size on are read by DuckDB where they are clean; others row by row.
FAST_FROM = 16 * 2**20
_BATCH = 50_000
_BLOCK = 2**22


def keyed_hash(text: str, key: bytes) -> str:
    """Return the first 32 hexadecimal digits of HMAC-SHA256 (RFC 2104) of a registration number.

    Examples
    --------
    >>> one, other = b"a key of sixteen bytes or more", b"another key of that length"
    >>> keyed_hash("ЖТ-2023-00001", one) == keyed_hash("ЖТ-2023-00001", other)
    False
    """
    return hmac.digest(key, text.encode(), "sha256").hex()[:HASH_LENGTH]


def set_key(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Pass DuckDB the two padded keys of HMAC, so that it hashes columns as `keyed_hash` does."""
    short = hashlib.sha256(key).digest() if len(key) > _KEY_BLOCK else key
    block = short.ljust(_KEY_BLOCK, b"\0")
    for name, pad in (("inner_key", 0x36), ("outer_key", 0x5C)):
        connection.execute(
            f"SET VARIABLE {name} = unhex('{bytes(byte ^ pad for byte in block).hex()}')"
        )


def _hash_sql(text: str) -> str:
    inner = f"unhex(sha256(getvariable('inner_key') || encode({text})))"
    return f"left(sha256(getvariable('outer_key') || {inner}), {HASH_LENGTH})"


def sql_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def sql_path(path: Path) -> str:
    """Return a path as DuckDB takes it: a path, not a pattern."""
    return sql_text(re.sub(r"([\[*?])", r"[\1]", str(path)))


def staged_names(layout: Layout) -> dict[str, int]:
    """Return the columns of the staged file and their positions.

    Those of the schema, the further parts of a sum (`voted__2`), then one for each candidate
    (`votes_0`)."""
    parts = {
        f"{column}__{number}": position
        for column, positions in layout.sums.items()
        if column in layout.picks
        for number, position in enumerate(positions, 2)
    }
    votes = {f"votes_{n}": position for n, position in enumerate(layout.candidates.values())}
    return layout.picks | parts | votes


def stage(layout: Layout, target: Path, key: bytes, connection: duckdb.DuckDBPyConnection) -> None:
    """Write the chosen columns of a sheet as text.

    `target` has the columns row (from 1, as in the file), mark (total, note, short or long; empty
    for records), and one of text per column.

    Raises
    ------
    DataError
        If the sheet breaks off, a cell has no end, or a quote has swallowed rows.
    """
    import duckdb

    if layout.sheet.kind == "parquet" or _is_clean(layout):
        query = _query(layout, layout.schema)
        copy = f"COPY ({query}) TO {sql_text(str(target))} (FORMAT parquet, USE_TMP_FILE false)"
        try:
            connection.execute(copy)
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            if layout.sheet.kind == "parquet":
                raise
        else:
            if layout.sheet.kind != "parquet":
                _check_lines(layout, target, connection)
            return
    _stage_rows(layout, layout.schema, target, key)


def _check_lines(layout: Layout, target: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Compare the line ends of a file with its rows; where some are in cells, look at those."""
    lines = 0
    with layout.sheet.path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            lines += block.count(b"\n")
    counted = connection.execute(f"SELECT count(*) FROM read_parquet({sql_path(target)})")
    rows = (counted.fetchone() or (0,))[0]
    if lines - layout.first - rows <= 1:
        return
    for _ in read_rows(layout.sheet):
        pass  # it raises where a quote has swallowed rows


def _is_clean(layout: Layout) -> bool:
    sheet = layout.sheet
    if (
        sheet.path.stat().st_size < FAST_FROM
        or not sheet.encoding.startswith("utf-8")
        or len(sheet.separator) != 1
    ):
        return False
    lines = [cell for row in sheet.preview[: layout.first] for cell in row if "\n" in cell]
    return not lines and {len(row) for row in layout.rows()} == {len(layout.headers)}


def _query(layout: Layout, schema: Schema) -> str:
    sheet = layout.sheet
    width = len(layout.headers)
    if sheet.kind == "parquet":
        cells = [
            "CAST(" + '"' + header.replace('"', '""') + '"' + " AS VARCHAR)"
            for header in sheet.preview[0]
        ]
        source = f"read_parquet({sql_path(sheet.path)}, file_row_number = true)"
        row = "file_row_number + 1"
    else:
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
        cells = [f"c{i}" for i in range(width)]
        source = (
            f"read_csv({sql_path(sheet.path)}, auto_detect = false, header = false, "
            f"skip = {layout.first}, delim = {sql_text(sheet.separator)}, "
            f"quote = '\"', escape = '\"', columns = {{{columns}}})"
        )
        row = "CAST(NULL AS BIGINT)"
    keys = {column.name for column in schema.columns if column.kind == "key"}
    tidy = {
        name: f"nullif({cells[position]}, '')" for name, position in staged_names(layout).items()
    }
    tidy |= {
        name: f"nullif(trim({cells[position]}), '')"
        for name, position in layout.picks.items()
        if name in keys
    }
    chosen = [
        f"{_hash_sql(text) if name in keys else text} AS {name}" for name, text in tidy.items()
    ]
    mark = _mark_sql(layout, schema, cells, tidy)
    return f"SELECT {row} AS row, {mark} AS mark, {', '.join(chosen)} FROM {source}"


def _mark_sql(layout: Layout, schema: Schema, cells: list[str], tidy: dict[str, str]) -> str:
    shortly = [f"nullif(trim({cell}), '')" for cell in cells[:3]]
    first = f"coalesce({', '.join([*shortly, *tidy.values()])})"
    total, note = (sql_text("(?im)^" + rule.pattern) for rule in (layout.total, NOTE))
    said = (
        f"CASE WHEN {first} IS NULL THEN 'blank' "
        f"WHEN regexp_matches(concat_ws(chr(10), {', '.join(shortly)}), {total}) THEN 'total' "
        f"WHEN regexp_matches({first}, {note}) THEN 'note' END"
    )
    required = [
        tidy[column.name]
        for column in schema.columns
        if column.required and column.name in layout.picks
    ]
    mark = (
        f"CASE WHEN {' OR '.join(f'{text} IS NULL' for text in required)} THEN {said} END"
        if required
        else said
    )
    if "candidate" in tidy:
        is_total = f"regexp_matches(coalesce({tidy['candidate']}, ''), {total})"
        mark = f"CASE WHEN {is_total} THEN 'total' ELSE {mark} END"
    return mark


def _mark(
    row: list[str], width: int, required: list[int], candidate: int | None, total: re.Pattern[str]
) -> str | None:
    filled = [cell for cell in row if cell]
    if not filled:
        return "blank"
    dated = bool(required) and all(position < len(row) and row[position] for position in required)
    named = row[candidate] if candidate is not None and candidate < len(row) else ""
    if total.match(named) or (not dated and any(total.match(cell) for cell in filled[:3])):
        return "total"
    if not dated and NOTE.match(filled[0]) and len(filled) <= _MOST_CELLS_OF_NOTE:
        return "note"
    if len(row) < width:
        return "short"
    return "long" if any(row[width:]) else None


def _records(layout: Layout, schema: Schema, key: bytes) -> Iterator[tuple[str | None, ...]]:
    columns = staged_names(layout)
    keys = {column.name for column in schema.columns if column.kind == "key"}
    required = [
        layout.picks[c.name] for c in schema.columns if c.required and c.name in layout.picks
    ]
    width, candidate, total = _width(layout), layout.picks.get("candidate"), layout.total
    for number, row in enumerate(
        islice(read_rows(layout.sheet), layout.first, None), layout.first + 1
    ):
        tidy = [cell.strip() for cell in row]
        mark = _mark(tidy, width, required, candidate, total)
        cells: list[str | None] = [str(number), mark]
        for name, position in columns.items():
            cell = tidy[position] if position < len(tidy) else ""
            cells.append(
                (keyed_hash(cell, key) if name in keys else cell) or None if cell else None
            )
        yield tuple(cells)


def _width(layout: Layout) -> int:
    """Return how many cells a row must have: up to the last column that is named."""
    return (
        max((position for position, header in enumerate(layout.headers) if header), default=-1) + 1
    )


def _stage_rows(layout: Layout, schema: Schema, target: Path, key: bytes) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = ["row", "mark", *staged_names(layout)]
    arrow = pa.schema([(name, pa.string()) for name in names])
    records = _records(layout, schema, key)
    with pq.ParquetWriter(target, arrow) as writer:
        while batch := list(islice(records, _BATCH)):
            columns = zip(*batch, strict=True)
            arrays = [text_array(cells) for cells in columns]
            writer.write_batch(pa.record_batch(arrays, schema=arrow))


def text_array(cells: Iterable[str | None]) -> Any:
    """Return an Arrow array of text; `pyarrow.array` would load pandas, which takes a second."""
    from pyarrow.lib import StringBuilder

    builder = StringBuilder()
    builder.append_values(list(cells))
    return builder.finish()


def row_sql(layout: Layout, target: Path) -> str:
    """Return the relation of a staged file with the number of each row in the file it came from."""
    source = f"read_parquet({sql_path(target)}, file_row_number = true)"
    number = f"coalesce(CAST(row AS BIGINT), file_row_number + {layout.first + 1})"
    return f"(SELECT * REPLACE ({number} AS row) FROM {source})"
