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
    content = text.encode()
    digest = hmac.digest(key, content, "sha256")
    hexadecimal = digest.hex()
    return hexadecimal[:HASH_LENGTH]


def set_key(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Pass DuckDB the two padded keys of HMAC, so that it hashes columns as `keyed_hash` does."""
    short = hashlib.sha256(key).digest() if len(key) > _KEY_BLOCK else key
    block = short.ljust(_KEY_BLOCK, b"\0")
    for name, pad in (("inner_key", 0x36), ("outer_key", 0x5C)):
        padded = bytes(byte ^ pad for byte in block)
        connection.execute(f"SET VARIABLE {name} = unhex('{padded.hex()}')")


def _hash_sql(text: str) -> str:
    inner = f"unhex(sha256(getvariable('inner_key') || encode({text})))"
    return f"left(sha256(getvariable('outer_key') || {inner}), {HASH_LENGTH})"


def sql_text(text: str) -> str:
    """Return a text as SQL writes it."""
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def sql_path(path: Path) -> str:
    """Return a path as DuckDB takes it: a path, not a pattern."""
    escaped = re.sub(r"([\[*?])", r"[\1]", str(path))
    return sql_text(escaped)


def staged_names(layout: Layout) -> dict[str, int]:
    """Return the columns of the staged file and their positions.

    Those of the schema, the further parts of a sum (`voted__2`), then one for each candidate
    (`votes_0`)."""
    names = dict(layout.picks)
    for column, positions in layout.sums.items():
        if column not in names:
            continue
        for number, position in enumerate(positions, 2):
            part = f"{column}__{number}"
            names[part] = position
    for number, position in enumerate(layout.candidates.values()):
        names[f"votes_{number}"] = position
    return names


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

    is_parquet = layout.sheet.kind == "parquet"
    if is_parquet or _is_clean(layout):
        query = _query(layout, layout.schema)
        file = sql_text(str(target))
        try:
            connection.execute(f"COPY ({query}) TO {file} (FORMAT parquet, USE_TMP_FILE false)")
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            if is_parquet:
                raise
        else:
            if not is_parquet:
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
    (rows,) = counted.fetchone() or (0,)
    if lines - layout.first - rows <= 1:
        return
    for _ in read_rows(layout.sheet):
        pass  # it raises where a quote has swallowed rows


def _is_clean(layout: Layout) -> bool:
    sheet = layout.sheet
    large = sheet.path.stat().st_size >= FAST_FROM
    if not large or not sheet.encoding.startswith("utf-8"):
        return False
    header = sheet.preview[: layout.first]
    broken = any("\n" in cell for row in header for cell in row)
    if broken or len(sheet.separator) != 1:
        return False
    widths = {len(row) for row in layout.rows()}
    return widths == {len(layout.headers)}


def _query(layout: Layout, schema: Schema) -> str:
    """Return the SQL that reads the chosen columns of a file as text, with the mark of each row."""
    if layout.sheet.kind == "parquet":
        source, cells = _parquet_source(layout)
        row = "file_row_number + 1"
    else:
        source, cells = _csv_source(layout)
        row = "CAST(NULL AS BIGINT)"
    keys = {column.name for column in schema.columns if column.kind == "key"}
    tidy, chosen = {}, []
    for name, position in staged_names(layout).items():
        cell = cells[position]
        if name in keys:
            tidy[name] = f"nullif(trim({cell}), '')"
            chosen.append(f"{_hash_sql(tidy[name])} AS {name}")
        else:
            tidy[name] = f"nullif({cell}, '')"
            chosen.append(f"{tidy[name]} AS {name}")
    mark = _mark_sql(layout, schema, cells, tidy)
    return f"SELECT {row} AS row, {mark} AS mark, {', '.join(chosen)} FROM {source}"


def _parquet_source(layout: Layout) -> tuple[str, list[str]]:
    """Return the SQL of a Parquet file and of its columns as text."""
    sheet = layout.sheet
    cells = []
    for header in sheet.preview[0]:
        escaped = header.replace('"', '""')
        cells.append(f'CAST("{escaped}" AS VARCHAR)')
    return f"read_parquet({sql_path(sheet.path)}, file_row_number = true)", cells


def _csv_source(layout: Layout) -> tuple[str, list[str]]:
    """Return the SQL of a CSV without its header, and of its columns."""
    sheet = layout.sheet
    cells = [f"c{number}" for number, _ in enumerate(layout.headers)]
    columns = ", ".join(f"'{cell}': 'VARCHAR'" for cell in cells)
    separator = sql_text(sheet.separator)
    source = (
        f"read_csv({sql_path(sheet.path)}, auto_detect = false, header = false, "
        f"skip = {layout.first}, delim = {separator}, "
        f"quote = '\"', escape = '\"', columns = {{{columns}}})"
    )
    return source, cells


def _mark_sql(layout: Layout, schema: Schema, cells: list[str], tidy: dict[str, str]) -> str:
    """Return the SQL of the mark of a row, by the rules of `_mark`."""
    shortly = ", ".join(f"nullif(trim({cell}), '')" for cell in cells[:3])
    total = sql_text(f"(?im)^{layout.total.pattern}")
    note = sql_text(f"(?im)^{NOTE.pattern}")
    first = f"coalesce({', '.join([shortly, *tidy.values()])})"
    together = f"concat_ws(chr(10), {shortly})"
    mark = (
        f"CASE WHEN {first} IS NULL THEN 'blank' "
        f"WHEN regexp_matches({together}, {total}) THEN 'total' "
        f"WHEN regexp_matches({first}, {note}) THEN 'note' END"
    )
    required = [tidy[name] for name in _required(layout, schema)]
    if required:
        undated = " OR ".join(f"{text} IS NULL" for text in required)
        mark = f"CASE WHEN {undated} THEN {mark} END"
    if "candidate" in tidy:
        is_total = f"regexp_matches(coalesce({tidy['candidate']}, ''), {total})"
        mark = f"CASE WHEN {is_total} THEN 'total' ELSE {mark} END"
    return mark


def _required(layout: Layout, schema: Schema) -> list[str]:
    """Return the columns of a sheet without which a row is no record."""
    required = [column.name for column in schema.columns if column.required]
    return [name for name in required if name in layout.picks]


def _mark(
    row: list[str], width: int, required: list[int], candidate: int | None, total: re.Pattern[str]
) -> str | None:
    """Return why a row is no record: it is blank, a total, a note, short or long; None if it is."""
    filled = [cell for cell in row if cell]
    if not filled:
        return "blank"
    if candidate is not None and total.match(_cell(row, candidate)):
        return "total"
    dated = bool(required) and all(_cell(row, position) for position in required)
    if not dated:
        if any(map(total.match, filled[:3])):
            return "total"
        if NOTE.match(filled[0]) and len(filled) <= _MOST_CELLS_OF_NOTE:
            return "note"
    if len(row) < width:
        return "short"
    return "long" if any(row[width:]) else None


def _cell(row: list[str], position: int) -> str:
    if position >= len(row):
        return ""
    return row[position]


def _records(layout: Layout, schema: Schema, key: bytes) -> Iterator[tuple[str | None, ...]]:
    """Yield number, mark and chosen cells of each row after the header, keys as hashes."""
    columns = staged_names(layout)
    keys = {column.name for column in schema.columns if column.kind == "key"}
    required = [layout.picks[name] for name in _required(layout, schema)]
    candidate, total = layout.picks.get("candidate"), layout.total
    width = _width(layout)
    rows = islice(read_rows(layout.sheet), layout.first, None)
    for number, row in enumerate(rows, layout.first + 1):
        tidy = [cell.strip() for cell in row]
        mark = _mark(tidy, width, required, candidate, total)
        cells: list[str | None] = [str(number), mark]
        for name, position in columns.items():
            cell = tidy[position] if position < len(tidy) else ""
            if cell and name in keys:
                cell = keyed_hash(cell, key)
            cells.append(cell or None)
        yield tuple(cells)


def _width(layout: Layout) -> int:
    """Return how many cells a row must have: up to the last column that is named."""
    last = -1
    for position, header in enumerate(layout.headers):
        if header:
            last = position
    return last + 1


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
