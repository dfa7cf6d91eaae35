"""Turn staged text into the types of the schema: each distinct value is read once, in Python, and joined back."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import UnknownName
from analysis.records.ingestion.staging import row_sql, sql_text
from analysis.records.privacy.guard import find, judge_numbers, judge_terms
from analysis.records.reading.files import fail
from analysis.records.reading.header import Doubt, Layout
from analysis.records.reading.mapping import DAY_FIRST, MONTH_FIRST, Mapping
from analysis.records.reading.values import (
    FIRST_YEAR,
    LAST_YEAR,
    MISSING,
    day_order,
    parse_bool,
    parse_count,
    parse_date,
    pattern,
)
from analysis.records.reading.vocabulary import guess_code
from analysis.records.schemas import PHYSICAL, Column, Schema

if TYPE_CHECKING:
    import duckdb

# More distinct values than this of dates or numbers in unusual forms, or of terms, are not looked at one by one.
MOST_VALUES = 300_000
# A category with more unknown values than this share of its rows is asked about; fewer rows are rejected.
UNKNOWN_SHARE = 0.1
_ZONED = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)? ?(Z|UTC|[+-]\d\d(:?\d\d)?)"
BORDERS_MOVED = "2022-06-08"
EMPTY = "empty, but required"
_FORMATS = {
    "": ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f"),
    "dmy": ("%d.%m.%Y", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d/%m/%Y", "%d-%m-%Y"),
    "mdy": (
        "%m/%d/%Y",
        "%m/%d/%Y %I:%M:%S %p",
        "%m/%d/%Y %H:%M:%S",
        "%m/%d/%Y %H:%M",
        "%m/%d/%Y %I:%M %p",
        "%m-%d-%Y",
    ),
}


@dataclass
class Reading:
    """How one staged column becomes an output column: `sql` reads most values, a lookup table the others.

    `failing` counts rows whose value cannot be read; `lookup` is the table (raw, val, id_before, id_after, reason) or "".
    """

    column: Column
    staged: str
    sql: str
    lookup: str = ""
    failing: int = 0
    examples: list[str] = field(default_factory=list)
    said: str = ""
    reason: str = ""
    distinct: int = 0

    @property
    def bad(self) -> str:
        raw = f"s.{self.staged}"
        if not self.lookup:
            return f"({self.sql} IS NULL)" if self.column.required else "FALSE"
        bad = f"({raw} IS NOT NULL AND {self.sql} IS NULL AND ({self.lookup}.raw IS NULL OR {self.lookup}.reason IS NOT NULL))"
        return f"({bad} OR {self.value} IS NULL)" if self.column.required else bad

    @property
    def value(self) -> str:
        return f"coalesce({self.sql}, {self.lookup}.val)" if self.lookup else self.sql


@dataclass
class Typed:
    """One sheet that is read: the readings of its columns, what is open, and what is dropped."""

    layout: Layout
    staged: Path
    readings: list[Reading] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    unmatched_places: list[str] = field(default_factory=list)


def read_columns(
    layout: Layout,
    staged: Path,
    number: int,
    schema: Schema,
    mapping: Mapping,
    connection: duckdb.DuckDBPyConnection,
) -> Typed:
    """Look at every distinct value of a staged sheet and decide how its columns are read."""
    typed = Typed(layout, staged)
    source = f"(SELECT * FROM {row_sql(layout, staged)} WHERE mark IS NULL)"
    for column in schema.columns:
        if column.name in layout.picks:
            lookup = f"look_{number}_{column.name}"
            _read_column(typed, column, column.name, lookup, source, schema, mapping, connection)
    votes = schema.column("votes") if layout.candidates else None
    for position in range(len(layout.candidates)):
        name = f"votes_{position}"
        _read_column(
            typed, votes, name, f"look_{number}_{name}", source, schema, mapping, connection
        )  # type: ignore[arg-type]
    return typed


def _read_column(
    typed: Typed, column: Column, staged: str, lookup: str, source: str, schema: Schema, mapping: Mapping,
    connection: duckdb.DuckDBPyConnection,
) -> None:  # fmt: skip
    if column.kind == "key":
        typed.readings.append(
            Reading(column, staged, f"s.{staged}", said=f"{column.kind}, replaced by a keyed hash")
        )
        return
    if column.kind == "date":
        reading = _dates(typed, column, staged, source, mapping, connection)
    elif column.kind == "count":
        reading = Reading(
            column,
            staged,
            f"CASE WHEN regexp_full_match(s.{staged}, '[0-9]{{1,9}}') THEN CAST(s.{staged} AS BIGINT) END",
        )
        reading.reason = "not a whole number"
    elif column.kind in ("body", "place") or (column.kind == "category" and not column.codes):
        reading = Reading(column, staged, f"s.{staged}")
    else:
        reading = Reading(column, staged, f"CAST(NULL AS {PHYSICAL[column.kind]})")
        reading.reason = "not yes or no" if column.kind == "bool" else "not a known code"
    open_terms = reading.sql == f"s.{staged}"
    left = "" if open_terms else f"AND {reading.sql} IS NULL"
    query = f"SELECT {staged}, count(*) FROM {source} s WHERE {staged} IS NOT NULL {left} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST_VALUES + 1}"
    counts: dict[str, int] = dict(connection.execute(query).fetchall())
    reading.distinct = len(counts)
    if len(counts) > MOST_VALUES and open_terms and schema.person_level:
        _drop(typed, staged, "free text")
        return
    if reason := _personal(column, counts, open_terms, schema, source, staged, connection):
        _drop(typed, staged, reason)
        return
    rows = _look_up(typed, reading, counts, schema, mapping, open_terms)
    reading.failing = sum(counts[row[0]] for row in rows if row[2] is not None)
    if rows or len(counts) > MOST_VALUES:
        _make_lookup(connection, lookup, rows, column)
        reading.lookup = lookup
        if open_terms:
            reading.sql = f"CASE WHEN {lookup}.raw IS NULL THEN s.{staged} END"
    typed.readings.append(reading)


def _drop(typed: Typed, staged: str, reason: str) -> None:
    position = typed.layout.picks.pop(staged)
    typed.layout.drop(position, f"holds {reason}: dropped")


def _personal(
    column: Column, counts: dict[str, int], open_terms: bool, schema: Schema, source: str, staged: str,
    connection: duckdb.DuckDBPyConnection,
) -> str | None:  # fmt: skip
    if open_terms:
        return judge_terms(
            counts,
            person_level=schema.person_level,
            place=column.kind == "place",
            public=schema.public,
        )[0]
    if column.kind == "count":
        sample = connection.execute(
            f"SELECT {staged} FROM {source} WHERE {staged} IS NOT NULL LIMIT 5000"
        ).fetchall()
        return judge_numbers([row[0] for row in sample])
    return None


def _dates(
    typed: Typed,
    column: Column,
    staged: str,
    source: str,
    mapping: Mapping,
    connection: duckdb.DuckDBPyConnection,
) -> Reading:
    sample = typed.layout.values(typed.layout.picks[staged])
    said = mapping.dates.get(column.name, "")
    if said and said not in (DAY_FIRST, MONTH_FIRST):
        formats: list[str] = [said]
        _check_format(said, column, connection)
    else:
        order = (
            {DAY_FIRST: "dmy", MONTH_FIRST: "mdy"}.get(said)
            or day_order(sample)
            or _whole_order(staged, source, connection)
        )
        if order is None:
            question = f"{typed.layout.sheet.name}: are the dates of <{column.name}> written with the day or the month first?"
            typed.doubts.append(Doubt(question, "dates", column.name, (DAY_FIRST, MONTH_FIRST)))
        formats = [*_FORMATS[""], *_FORMATS[order or "dmy"]]
        formats = [f for f in formats if connection.execute(
            "SELECT bool_or(try_strptime(v, ?) IS NOT NULL) FROM (SELECT unnest(?) v)", [f, sample[:200]]).fetchone() == (True,)]  # fmt: skip
    listed = ", ".join(map(sql_text, formats))
    parsed = (
        f"CAST(try_strptime(s.{staged}, [{listed}]) AS DATE)" if formats else "CAST(NULL AS DATE)"
    )
    if not said and any(re.fullmatch(_ZONED, value) for value in sample[:200]):
        zoned = f"regexp_full_match(s.{staged}, '{_ZONED}')"
        parsed = (
            f"coalesce({parsed}, CASE WHEN {zoned} THEN try_cast(left(s.{staged}, 10) AS DATE) END)"
        )
        formats = formats or [_ZONED]
    within = f"BETWEEN DATE '{FIRST_YEAR}-01-01' AND DATE '{LAST_YEAR}-12-31'"
    sql = f"CASE WHEN {parsed} {within} THEN {parsed} END" if formats else parsed
    return Reading(
        column, staged, sql, reason="not a date" if not said else f"not a date ({said})", said=said
    )


def _check_format(said: str, column: Column, connection: duckdb.DuckDBPyConnection) -> None:
    import duckdb

    try:
        connection.execute("SELECT try_strptime('', ?)", [said])
    except duckdb.Error as error:
        expected = f'"{DAY_FIRST}", "{MONTH_FIRST}" or a format such as "%m/%d/%Y %I:%M:%S %p"'
        raise fail(
            "mapping file",
            f"the format {said!r}",
            expected,
            "Correct the mapping file.",
            column=column.name,
        ) from error


def _whole_order(staged: str, source: str, connection: duckdb.DuckDBPyConnection) -> str | None:
    """Look at all rows where the first ones leave the order of day and month open."""
    first = f"max(try_cast(regexp_extract({staged}, '^(\\d{{1,2}})[/.-]', 1) AS INT))"
    second = (
        f"max(try_cast(regexp_extract({staged}, '^\\d{{1,2}}[/.-](\\d{{1,2}})[/.-]', 1) AS INT))"
    )
    found = connection.execute(f"SELECT {first}, {second} FROM {source}").fetchone() or (None, None)
    if (found[0] or 0) > 12:
        return "dmy"
    return "mdy" if (found[1] or 0) > 12 else None


Row = tuple[str, Any, str | None, str | None, str | None]


def _look_up(
    typed: Typed,
    reading: Reading,
    counts: dict[str, int],
    schema: Schema,
    mapping: Mapping,
    open_terms: bool,
) -> list[Row]:
    """Return (raw, value, reason, id before, id after) of the values that SQL alone does not read."""
    column = reading.column
    own = mapping.values.get(column.name, {})
    read = _reader(reading, mapping)
    rows: list[Row] = []
    for raw in list(counts)[:MOST_VALUES]:
        text = " ".join(raw.split())
        if own and (text in own or "*" in own):
            value = own.get(text, own.get("*")) or None
            rows.append((raw, read_own(column, value), None, None, None))
        elif text.casefold() in MISSING:
            rows.append((raw, None, None, None, None))
        elif open_terms:
            reason = find(text, place=column.kind == "place", public=schema.public)
            reason = (
                f"looks like {reason}"
                if reason
                else "unreadable letters"
                if "\ufffd" in text
                else None
            )
            if reason or text != raw or column.kind == "place":
                rows.append((raw, None if reason else text, reason, None, None))
        else:
            value = read(text)
            rows.append((raw, value, None if value is not None else reading.reason, None, None))
    if column.kind == "place":
        rows = [_with_place(typed, row) for row in rows]
    elif column.codes:
        _ask_codes(typed, column, rows, counts)
    return rows


def read_example(reading: Reading, text: str) -> Any:
    """Read one value as the whole column is read, to show it."""
    column = reading.column
    if column.kind == "date":
        return parse_date(
            text, order="mdy" if reading.said == MONTH_FIRST or "%m/%d" in reading.sql else "dmy"
        )
    if column.kind == "count":
        return parse_count(text)
    return parse_bool(text) if column.kind == "bool" else guess_code(text, column.name)


def read_own(column: Column, value: str | None) -> Any:
    """Read a value that the mapping file gives in the place of another."""
    if value is None or column.kind not in ("date", "count", "bool"):
        return value
    readers: dict[str, Callable[[str], Any]] = {
        "date": parse_date,
        "count": parse_count,
        "bool": parse_bool,
    }
    return readers[column.kind](value)


def _reader(reading: Reading, mapping: Mapping) -> Callable[[str], Any]:
    column = reading.column
    if column.kind == "count":
        return lambda text: parse_count(text, decimal=mapping.decimal)
    if column.kind == "bool":
        return parse_bool
    if column.kind == "date":
        if reading.said not in ("", DAY_FIRST, MONTH_FIRST):
            return lambda text: None
        order = "mdy" if reading.said == MONTH_FIRST or "%m/%d" in reading.sql else "dmy"
        return lambda text: parse_date(text, order=order)
    return lambda text: text if text in column.codes else guess_code(text, column.name)


def _with_place(typed: Typed, row: Row) -> Row:
    raw, text, reason, _, _ = row
    before, after = _place_id(text, "2022-06-07"), _place_id(text, None)
    if text and not (before or after):
        typed.unmatched_places.append(text)
    return raw, text, reason, before, after


def _place_id(text: str | None, on: str | None) -> str | None:
    from analysis.reference.names import match_place

    if not text or len(text) > 120:
        return None
    try:
        return match_place(text, on=on).place_id
    except UnknownName:
        return None


def _ask_codes(typed: Typed, column: Column, rows: list[Row], counts: dict[str, int]) -> None:
    unknown = {row[0]: counts[row[0]] for row in rows if row[2] is not None}
    if sum(unknown.values()) <= UNKNOWN_SHARE * max(1, sum(counts.values())):
        return
    for raw in list(unknown)[:40]:
        text = " ".join(raw.split())
        if len(text) <= 80 and not find(text):
            said = f"{typed.layout.sheet.name}: which <{column.name}> is {text!r} ({unknown[raw]} rows)?"
            typed.doubts.append(Doubt(said, "values", column.name, (*column.codes, ""), text))
    if not any(doubt.column == column.name for doubt in typed.doubts):
        said = (
            f"{typed.layout.sheet.name}: the values of <{column.name}> are no codes that are known"
        )
        typed.doubts.append(Doubt(said, "columns", column.name, ("",)))


def _make_lookup(
    connection: duckdb.DuckDBPyConnection, name: str, rows: list[Row], column: Column
) -> None:
    import pyarrow as pa

    kinds = {"date": pa.date32(), "count": pa.int64(), "bool": pa.bool_()}
    cells = list(zip(*rows, strict=True)) if rows else [()] * 5
    names = ("raw", "val", "reason", "id_before", "id_after")
    types = (
        pa.string(),
        kinds.get(column.kind, pa.string()),
        pa.string(),
        pa.string(),
        pa.string(),
    )
    table = pa.table({n: pa.array(c, t) for n, c, t in zip(names, cells, types, strict=True)})
    connection.register("lookup_rows", table)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM lookup_rows")
    connection.unregister("lookup_rows")


def convert(
    typed: Typed,
    number: int,
    schema: Schema,
    mapping: Mapping,
    target: Path,
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Write the typed rows of a sheet: file, row, mark, bad, and the columns of the schema."""
    readings = {reading.staged: reading for reading in typed.readings}
    bad = (
        " OR ".join(reading.bad for reading in typed.readings if reading.bad != "FALSE") or "FALSE"
    )
    chosen = [
        f"{number} AS file",
        "s.row AS row",
        "s.mark AS mark",
        f"(s.mark IS NULL AND coalesce({bad}, FALSE)) AS bad",
    ]
    for column in schema.columns:
        chosen.append(
            f"CAST({_value(column, readings, mapping)} AS {PHYSICAL[column.kind]}) AS {column.output}"
        )
        if column.kind == "place":
            chosen.append(_place_sql(readings.get(column.name), schema, readings, mapping))
    query = f"SELECT {', '.join(chosen)} FROM {_joined(typed)}"
    if typed.layout.candidates:
        query = _long(query, typed, readings)
    connection.execute(f"COPY ({query}) TO {sql_text(str(target))} (FORMAT parquet)")


def _joined(typed: Typed) -> str:
    joins = [
        f"LEFT JOIN {r.lookup} ON s.{r.staged} = {r.lookup}.raw" for r in typed.readings if r.lookup
    ]
    return f"{row_sql(typed.layout, typed.staged)} s {' '.join(joins)}"


def _value(column: Column, readings: dict[str, Reading], mapping: Mapping) -> str:
    if column.name in readings:
        return readings[column.name].value
    constant = mapping.constants.get(column.name)
    if constant is None:
        return "NULL"
    value = read_own(column, constant)
    return (
        "NULL"
        if value is None
        else sql_text(value.isoformat() if isinstance(value, date) else str(value))
    )


def _place_sql(
    reading: Reading | None, schema: Schema, readings: dict[str, Reading], mapping: Mapping
) -> str:
    if reading is None or not reading.lookup:
        constant = mapping.constants.get("place")
        found = _place_id(constant, None) if constant else None
        return f"CAST({sql_text(found) if found else 'NULL'} AS VARCHAR) AS place_id"
    day = _value(schema.column(schema.year_of), readings, mapping)
    before, after = f"{reading.lookup}.id_before", f"{reading.lookup}.id_after"
    return f"CASE WHEN CAST({day} AS DATE) < DATE '{BORDERS_MOVED}' THEN {before} ELSE {after} END AS place_id"


def _long(query: str, typed: Typed, readings: dict[str, Reading]) -> str:
    """Give each candidate of a wide table a row of its own; a station without any votes keeps one."""
    names = list(typed.layout.candidates)
    pairs = [
        f"{{'candidate': {sql_text(' '.join(n.split()))}, 'votes': {readings[f'votes_{i}'].value}}}"
        for i, n in enumerate(names)
    ]
    kept = f"list_filter([{', '.join(pairs)}], lambda p: p.votes IS NOT NULL)"
    inner = query.replace("SELECT ", f"SELECT {kept} AS pairs, ", 1)
    inner = f"SELECT * REPLACE (CASE WHEN len(pairs) = 0 THEN [{{'candidate': NULL, 'votes': NULL}}] ELSE pairs END AS pairs) FROM ({inner})"
    unnested = f"SELECT * EXCLUDE (pairs), unnest(pairs) AS pair FROM ({inner})"
    return f"SELECT * EXCLUDE (pair) REPLACE (CAST(pair.candidate AS VARCHAR) AS candidate, CAST(pair.votes AS BIGINT) AS votes) FROM ({unnested})"


def rejects(
    typed: Typed, connection: duckdb.DuckDBPyConnection
) -> Iterator[tuple[int, str, str, str, int]]:
    """Yield row, column, reason, pattern and length of each cell for which a row is rejected, in order of rows."""
    parts = [
        f"SELECT row, '' AS header, mark AS reason, NULL AS raw FROM {row_sql(typed.layout, typed.staged)} WHERE mark IN ('short', 'long')"
    ]
    for reading in typed.readings:
        if reading.bad == "FALSE":
            continue
        reason = f"CASE WHEN s.{reading.staged} IS NULL THEN {sql_text(EMPTY)} ELSE {sql_text(reading.reason or 'not read')} END"
        if reading.lookup:
            reason = f"coalesce({reading.lookup}.reason, {reason})"
        parts.append(
            f"SELECT s.row, {sql_text(reading.column.name)}, {reason}, s.{reading.staged} FROM {_joined(typed)} WHERE s.mark IS NULL AND {reading.bad}"
        )
    found = connection.execute(" UNION ALL ".join(parts) + " ORDER BY 1, 2")
    marks = {"short": "fewer cells than columns", "long": "more cells than columns"}
    while rows := found.fetchmany(10_000):
        for row, column, reason, raw in rows:
            yield row, column, marks.get(reason, reason), pattern(raw or ""), len(raw or "")


def write_rejects(sheets: list[Typed], target: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Write the file of rejects: where, why, and what the value looks like, never the value."""
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", "row", "column", "reason", "pattern", "length"])
        for typed in sheets:
            writer.writerows(
                (typed.layout.sheet.name, *found) for found in rejects(typed, connection)
            )
