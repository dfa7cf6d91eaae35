"""Read staged text as the types of the schema: each distinct value once, in Python.

Then joined back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import DataError, UnknownName
from analysis.records.ingestion.staging import row_sql, sql_text, staged_names, text_array
from analysis.records.privacy.guard import OTHER
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
)
from analysis.records.reading.vocabulary import find_short_place, guess_code
from analysis.records.schemas import PHYSICAL, Column, Schema
from analysis.reference import borders_moved_on

if TYPE_CHECKING:
    import duckdb

# More distinct values than this of dates or numbers in unusual forms, or of terms, are left out.
MOST_VALUES = 300_000
# A category with more unknown values than this share of its rows is asked about; else the rows
# are rejected.
UNKNOWN_SHARE = 0.1
LONGEST_PLACE = 120
MOST_ASKED = 200
_SAMPLE = 200
_ZONED = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)? ?(Z|UTC|[+-]\d\d(:?\d\d)?)"
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
Match = tuple[str | None, str | None]
FindPlace = Callable[[str], Match]


@dataclass
class Reading:
    """How one staged column becomes an output column.

    `quick` is the SQL that reads most values; `lookup` names the table (raw, val, id_before,
    id_after, reason) of the others, or is "". `failing` counts the rows whose value cannot be read.
    """

    column: Column
    staged: str
    lookup: str = ""
    failing: int = 0

    is_open = False
    reason = "not read"

    @property
    def quick(self) -> str:
        return f"CAST(NULL AS {PHYSICAL[self.column.kind]})"

    def parse(self, text: str) -> Any:
        """Read one value that SQL did not."""
        return None

    @property
    def value(self) -> str:
        return f"coalesce({self.quick}, {self.lookup}.val)" if self.lookup else self.quick

    @property
    def bad(self) -> str:
        """Return the SQL that is true for rows whose value cannot be read."""
        if not self.lookup:
            return f"({self.quick} IS NULL)" if self.column.required else "FALSE"
        raw = f"s.{self.staged}"
        unread = f"({self.lookup}.raw IS NULL OR {self.lookup}.reason IS NOT NULL)"
        bad = f"({raw} IS NOT NULL AND {self.quick} IS NULL AND {unread})"
        return f"({bad} OR {self.value} IS NULL)" if self.column.required else bad


@dataclass
class KeyReading(Reading):
    """A number of a case: hashed when it was staged."""

    @property
    def quick(self) -> str:
        return f"s.{self.staged}"


@dataclass
class DateReading(Reading):
    """A date, in the formats that its values have.

    `order` is of day and month where the year is last.
    """

    formats: list[str] = field(default_factory=list)
    order: str = "dmy"
    said: str = ""
    zoned: bool = False

    @property
    def reason(self) -> str:  # type: ignore[override]
        return f"not a date ({self.said})" if self.said else "not a date"

    @property
    def quick(self) -> str:
        if not self.formats and not self.zoned:
            return "CAST(NULL AS DATE)"
        listed = ", ".join(map(sql_text, self.formats))
        parsed = "CAST(NULL AS DATE)"
        if self.formats:
            parsed = f"CAST(try_strptime(s.{self.staged}, [{listed}]) AS DATE)"
        if self.zoned:
            zoned = f"regexp_full_match(s.{self.staged}, '{_ZONED}')"
            written = f"try_cast(left(s.{self.staged}, 10) AS DATE)"
            parsed = f"coalesce({parsed}, CASE WHEN {zoned} THEN {written} END)"
        within = f"BETWEEN DATE '{FIRST_YEAR}-01-01' AND DATE '{LAST_YEAR}-12-31'"
        return f"CASE WHEN {parsed} {within} THEN {parsed} END"

    def parse(self, text: str) -> date | None:
        if self.said not in ("", DAY_FIRST, MONTH_FIRST):
            return None
        return parse_date(text, order=self.order)


@dataclass
class CountReading(Reading):
    """A whole number."""

    decimal: str = ""
    reason = "not a whole number"

    @property
    def quick(self) -> str:
        raw = f"s.{self.staged}"
        return f"CASE WHEN regexp_full_match({raw}, '[0-9]{{1,9}}') THEN CAST({raw} AS BIGINT) END"

    def parse(self, text: str) -> int | None:
        return parse_count(text, decimal=self.decimal)


@dataclass
class BoolReading(Reading):
    """Yes or no."""

    reason = "not yes or no"

    def parse(self, text: str) -> bool | None:
        return parse_bool(text)


@dataclass
class CodeReading(Reading):
    """A category with a list of codes."""

    reason = "not a known code"

    def parse(self, text: str) -> str | None:
        return text if text in self.column.codes else guess_code(text, self.column.name)


@dataclass
class TermReading(Reading):
    """A category, body or place with words of its own."""

    is_open = True

    @property
    def quick(self) -> str:
        raw = f"s.{self.staged}"
        return f"CASE WHEN {self.lookup}.raw IS NULL THEN {raw} END" if self.lookup else raw

    def parse(self, text: str) -> str:
        return text


@dataclass
class Typed:
    """One sheet that is read: the readings of its columns, what is open, and what is hidden."""

    layout: Layout
    staged: Path
    readings: list[Reading] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    unmatched_places: dict[str, int] = field(default_factory=dict)
    hidden_cells: dict[str, int] = field(default_factory=dict)

    def of(self, column: str) -> list[Reading]:
        """Return the readings that a column is made of: several are added up."""
        return [r for r in self.readings if r.column.name == column and not _is_votes(r)]


def _is_votes(reading: Reading) -> bool:
    return reading.staged.startswith("votes_")


@dataclass(frozen=True)
class Source:
    """What a sheet is read with: the connection, its mapping and the places that are known."""

    connection: duckdb.DuckDBPyConnection
    mapping: Mapping
    find_place: FindPlace
    number: int

    def counts(self, relation: str, reading: Reading) -> dict[str, int]:
        """Return the distinct values that SQL alone does not read, and how many rows have each."""
        left = "" if reading.is_open else f"AND {reading.quick} IS NULL"
        query = (
            f"SELECT {reading.staged}, count(*) FROM {relation} s "
            f"WHERE {reading.staged} IS NOT NULL "
            f"{left} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST_VALUES + 1}"
        )
        return dict(self.connection.execute(query).fetchall())


def read_columns(layout: Layout, staged: Path, source: Source) -> Typed:
    """Look at every distinct value of a staged sheet and decide how its columns are read."""
    typed = Typed(layout, staged)
    relation = f"(SELECT * FROM {row_sql(layout, staged)} WHERE mark IS NULL)"
    schema = layout.schema
    for staged_name in staged_names(layout):
        name = "votes" if staged_name.startswith("votes_") else staged_name.split("__")[0]
        if name in layout.picks or staged_name.startswith("votes_"):
            _read_column(typed, schema.column(name), staged_name, relation, source)
    return typed


def _reading(typed: Typed, column: Column, staged: str, relation: str, source: Source) -> Reading:
    if column.kind == "key":
        return KeyReading(column, staged)
    if column.kind == "date":
        return _dates(typed, column, staged, relation, source)
    if column.kind == "count":
        return CountReading(column, staged, decimal=source.mapping.decimal)
    if column.kind == "bool":
        return BoolReading(column, staged)
    return CodeReading(column, staged) if column.codes else TermReading(column, staged)


def _read_column(typed: Typed, column: Column, staged: str, relation: str, source: Source) -> None:
    reading = _reading(typed, column, staged, relation, source)
    if column.kind == "key":
        typed.readings.append(reading)
        return
    counts = source.counts(relation, reading)
    too_many = len(counts) > MOST_VALUES
    guard = typed.layout.guard
    reason = None
    if too_many and reading.is_open and typed.layout.schema.person_level:
        reason = "free text"
    elif reading.is_open:
        reason = guard.column(counts, column)
    elif column.kind == "count":
        reason = guard.numbers(_some(relation, staged, source))
    if reason:
        position = typed.layout.picks.pop(column.name)
        typed.layout.drop(position, f"holds {reason}: dropped")
        typed.readings = [r for r in typed.readings if r.column.name != column.name]
        return
    rows = _look_up(typed, reading, counts, source)
    reading.failing = sum(counts[row.raw] for row in rows if row.reason is not None)
    if rows or too_many:
        reading.lookup = f"look_{source.number}_{staged}"
        _make_lookup(source.connection, reading, rows)
    typed.readings.append(reading)


def _some(relation: str, staged: str, source: Source) -> list[str]:
    query = f"SELECT {staged} FROM {relation} WHERE {staged} IS NOT NULL LIMIT 5000"
    return [row[0] for row in source.connection.execute(query).fetchall()]


def _dates(typed: Typed, column: Column, staged: str, relation: str, source: Source) -> DateReading:
    sample = typed.layout.values(staged_names(typed.layout)[staged])
    said = source.mapping.dates.get(column.name, "")
    if said and said not in (DAY_FIRST, MONTH_FIRST):
        _check_format(said, column, source.connection)
        return DateReading(column, staged, formats=[said], said=said)
    stated = {DAY_FIRST: "dmy", MONTH_FIRST: "mdy"}.get(said)
    order = stated or day_order(sample) or _whole_order(staged, relation, source)
    if order is None:
        doubt = Doubt(
            typed.layout.sheet.name, "order", "dates", column.name, (DAY_FIRST, MONTH_FIRST)
        )
        typed.doubts.append(doubt)
    order = order or "dmy"
    tried = [*_FORMATS[""], *_FORMATS[order]]
    formats = [one for one in tried if _fits(one, sample[:_SAMPLE], source)]
    zoned = not said and any(re.fullmatch(_ZONED, value) for value in sample[:_SAMPLE])
    return DateReading(column, staged, formats=formats, order=order, said=said, zoned=zoned)


def _fits(wanted: str, sample: list[str], source: Source) -> bool:
    query = "SELECT bool_or(try_strptime(v, ?) IS NOT NULL) FROM (SELECT unnest(?) v)"
    return source.connection.execute(query, [wanted, sample]).fetchone() == (True,)


def _check_format(said: str, column: Column, connection: duckdb.DuckDBPyConnection) -> None:
    import duckdb

    try:
        connection.execute("SELECT try_strptime('', ?)", [said])
    except duckdb.Error as error:
        raise DataError.one(
            file="mapping file",
            column=column.name,
            found=f"the format {said!r}",
            expected=f'"{DAY_FIRST}", "{MONTH_FIRST}" or a format such as "%m/%d/%Y %I:%M:%S %p"',
            remedy="Correct the mapping file.",
        ) from error


def _whole_order(staged: str, relation: str, source: Source) -> str | None:
    """Look at all rows where the first ones leave the order of day and month open."""
    one, two = r"^(\d{1,2})[/.-]", r"^\d{1,2}[/.-](\d{1,2})[/.-]"
    largest = ", ".join(
        f"max(try_cast(regexp_extract({staged}, '{rule}', 1) AS INT))" for rule in (one, two)
    )
    row = source.connection.execute(f"SELECT {largest} FROM {relation}").fetchone()
    first, second = row or (None, None)
    most = 12
    if (first or 0) > most:
        return "dmy"
    return "mdy" if (second or 0) > most else None


@dataclass(frozen=True)
class Row:
    """One value that SQL alone does not read."""

    raw: str
    value: Any
    reason: str | None = None
    before: str | None = None
    after: str | None = None


def _look_up(typed: Typed, reading: Reading, counts: dict[str, int], source: Source) -> list[Row]:
    column = reading.column
    own = source.mapping.values.get(column.name, {})
    rows = []
    for raw in list(counts)[:MOST_VALUES]:
        text = " ".join(raw.split())
        if own and (text in own or "*" in own):
            rows.append(Row(raw, read_own(column, own.get(text, own.get("*")) or None)))
        elif text.casefold() in MISSING:
            rows.append(Row(raw, None))
        elif reading.is_open:
            rows += _open_row(typed, column, raw, text, counts)
        else:
            value = reading.parse(text)
            rows.append(Row(raw, value, None if value is not None else reading.reason))
    if column.kind == "place":
        return [_with_place(typed, row, counts[row.raw], source) for row in rows]
    if column.codes:
        _ask_codes(typed, column, rows, counts)
    return rows


def _open_row(
    typed: Typed, column: Column, raw: str, text: str, counts: dict[str, int]
) -> list[Row]:
    if "\ufffd" in text:
        return [Row(raw, None, "unreadable letters")]
    if typed.layout.guard.cells({text: counts[raw]}, column):
        hidden = typed.hidden_cells
        hidden[column.output] = hidden.get(column.output, 0) + counts[raw]
        return [Row(raw, OTHER)]
    return [Row(raw, text)] if text != raw or column.kind == "place" else []


def read_own(column: Column, value: str | None) -> Any:
    """Read a value that the mapping file gives in the place of another."""
    readers: dict[str, Callable[[str], Any]] = {
        "date": parse_date,
        "count": parse_count,
        "bool": parse_bool,
    }
    if value is None or column.kind not in readers:
        return value
    return readers[column.kind](value)


def _with_place(typed: Typed, row: Row, count: int, source: Source) -> Row:
    if row.value is None or row.value == OTHER:
        return row
    before, after = source.find_place(row.value)
    if not (before or after):
        typed.unmatched_places[row.value] = count
    return Row(row.raw, row.value, row.reason, before, after)


def find_in_gazetteer(text: str) -> Match:
    """Return the place that a name stands for before and after the borders moved."""
    day_before = borders_moved_on() - timedelta(days=1)
    text = find_short_place(text)
    return _place_id(text, day_before.isoformat()), _place_id(text, None)


def _place_id(text: str, on: str | None) -> str | None:
    from analysis.reference.names import match_place
    from analysis.reference.places import region_of

    if len(text) > LONGEST_PLACE:
        return None
    if region_of(text) != text or re.fullmatch(r"KZ(-[A-Z0-9]{2,3})?", text):
        return text  # a code, as the mapping file may give it
    try:
        return match_place(text, on=on).place_id
    except UnknownName:
        return None


def _ask_codes(typed: Typed, column: Column, rows: list[Row], counts: dict[str, int]) -> None:
    unknown = {row.raw: counts[row.raw] for row in rows if row.reason is not None}
    if sum(unknown.values()) <= UNKNOWN_SHARE * max(1, sum(counts.values())):
        return
    sheet, guard = typed.layout.sheet.name, typed.layout.guard
    asked = 0
    for raw, count in list(unknown.items())[:MOST_ASKED]:
        text = " ".join(raw.split())
        if len(text) <= LONGEST_PLACE and guard.may_show(text, column, count):
            answers = (*column.codes, "")
            typed.doubts.append(
                Doubt(sheet, "code", "values", column.name, answers, value=text, rows=count)
            )
            asked += 1
    if not asked:
        typed.doubts.append(Doubt(sheet, "no_codes", "columns", column.name, ("",)))


def _make_lookup(connection: duckdb.DuckDBPyConnection, reading: Reading, rows: list[Row]) -> None:
    import pyarrow as pa

    values = ["" if row.value is None else str(row.value) for row in rows]
    columns = {
        "raw": text_array(row.raw for row in rows),
        "val": text_array(value or None for value in values),
        "reason": text_array(row.reason for row in rows),
        "id_before": text_array(row.before for row in rows),
        "id_after": text_array(row.after for row in rows),
    }
    typed = f"CAST(val AS {PHYSICAL[reading.column.kind]}) AS val"
    connection.register("lookup_rows", pa.table(columns))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {reading.lookup} AS "
        f"SELECT * REPLACE ({typed}) FROM lookup_rows"
    )
    connection.unregister("lookup_rows")


def convert(typed: Typed, source: Source, target: Path) -> None:
    """Write the typed rows of a sheet: file, row, mark, bad, and the columns of the schema."""
    schema = typed.layout.schema
    bad = [reading.bad for reading in typed.readings if reading.bad != "FALSE"]
    is_bad = " OR ".join(bad) or "FALSE"
    chosen = [
        f"{source.number} AS file",
        "s.row AS row",
        "s.mark AS mark",
        f"(s.mark IS NULL AND coalesce({is_bad}, FALSE)) AS bad",
    ]
    for column in schema.columns:
        value = _value(column, typed, source.mapping)
        chosen.append(f"CAST({value} AS {PHYSICAL[column.kind]}) AS {column.output}")
        if column.kind == "place":
            chosen.append(_place_sql(typed, schema, source))
    query = f"SELECT {', '.join(chosen)} FROM {joined(typed)}"
    if typed.layout.candidates:
        query = _long(query, typed)
    source.connection.execute(
        f"COPY ({query}) TO {sql_text(str(target))} (FORMAT parquet, USE_TMP_FILE false)"
    )


def joined(typed: Typed) -> str:
    """Return the staged rows with the lookup of each column."""
    joins = [
        f"LEFT JOIN {r.lookup} ON s.{r.staged} = {r.lookup}.raw" for r in typed.readings if r.lookup
    ]
    return f"{row_sql(typed.layout, typed.staged)} s {' '.join(joins)}"


def _value(column: Column, typed: Typed, mapping: Mapping) -> str:
    readings = typed.of(column.name)
    if len(readings) > 1:
        added = " + ".join(f"coalesce({reading.value}, 0)" for reading in readings)
        known = " OR ".join(f"({reading.value}) IS NOT NULL" for reading in readings)
        return f"CASE WHEN {known} THEN {added} END"
    if readings:
        return readings[0].value
    value = read_own(column, mapping.constants.get(column.name))
    if value is None:
        return "NULL"
    return sql_text(value.isoformat() if isinstance(value, date) else str(value))


def _place_sql(typed: Typed, schema: Schema, source: Source) -> str:
    readings = typed.of("place")
    if not readings or not readings[0].lookup:
        constant = source.mapping.constants.get("place")
        _, found = source.find_place(constant) if constant else (None, None)
        return f"CAST({sql_text(found) if found else 'NULL'} AS VARCHAR) AS place_id"
    lookup = readings[0].lookup
    day = _value(schema.column(schema.year_of), typed, source.mapping)
    moved = borders_moved_on().isoformat()
    return (
        f"CASE WHEN CAST({day} AS DATE) < DATE '{moved}' THEN {lookup}.id_before "
        f"ELSE {lookup}.id_after END AS place_id"
    )


def _long(query: str, typed: Typed) -> str:
    """Return one row per candidate of a wide table; a station without any votes keeps one."""
    values = {reading.staged: reading.value for reading in typed.readings}
    pairs = []
    for number, name in enumerate(typed.layout.candidates):
        candidate = sql_text(" ".join(name.split()))
        pairs.append(f"{{'candidate': {candidate}, 'votes': {values[f'votes_{number}']}}}")
    kept = f"list_filter([{', '.join(pairs)}], lambda p: p.votes IS NOT NULL)"
    inner = query.replace("SELECT ", f"SELECT {kept} AS pairs, ", 1)
    none = "[{'candidate': NULL, 'votes': NULL}]"
    filled = f"CASE WHEN len(pairs) = 0 THEN {none} ELSE pairs END AS pairs"
    whole = f"SELECT * REPLACE ({filled}) FROM ({inner})"
    unnested = f"SELECT * EXCLUDE (pairs), unnest(pairs) AS pair FROM ({whole})"
    replaced = "CAST(pair.candidate AS VARCHAR) AS candidate, CAST(pair.votes AS BIGINT) AS votes"
    return f"SELECT * EXCLUDE (pair) REPLACE ({replaced}) FROM ({unnested})"
