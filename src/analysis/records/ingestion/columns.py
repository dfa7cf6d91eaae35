"""Read staged text as the types of the schema: each distinct value once, then joined back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
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
_SAMPLE, _SOME = 200, 5_000
_MONTHS = 12
_ORDERS = {DAY_FIRST: "dmy", MONTH_FIRST: "mdy"}
# The years between which a day is taken for one.
_WITHIN = f"BETWEEN DATE '{FIRST_YEAR}-01-01' AND DATE '{LAST_YEAR}-12-31'"
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
    def raw(self) -> str:
        """Return the SQL of the text as it was staged."""
        return f"s.{self.staged}"

    @property
    def is_votes(self) -> bool:
        """Whether it reads the votes of one candidate of a wide table."""
        return self.staged.startswith("votes_")

    @property
    def is_further(self) -> bool:
        """Whether it reads a further part of a sum."""
        return "__" in self.staged

    @property
    def quick(self) -> str:
        kind = PHYSICAL[self.column.kind]
        return f"CAST(NULL AS {kind})"

    def parse(self, text: str) -> Any:
        """Read one value that SQL did not."""
        return None

    @property
    def value(self) -> str:
        if not self.lookup:
            return self.quick
        return f"coalesce({self.quick}, {self.lookup}.val)"

    @property
    def bad(self) -> str:
        """Return the SQL that is true for rows whose value cannot be read."""
        required = self.column.required
        if not self.lookup:
            return f"({self.quick} IS NULL)" if required else "FALSE"
        not_quick = f"{self.raw} IS NOT NULL AND {self.quick} IS NULL"
        not_found = f"{self.lookup}.raw IS NULL"
        refused = f"{self.lookup}.reason IS NOT NULL"
        bad = f"({not_quick} AND ({not_found} OR {refused}))"
        if required:
            empty = f"{self.value} IS NULL"
            return f"({bad} OR {empty})"
        return bad


@dataclass
class KeyReading(Reading):
    """A number of a case: hashed when it was staged."""

    @property
    def quick(self) -> str:
        return self.raw


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
        if self.said:
            return f"not a date ({self.said})"
        return "not a date"

    @property
    def quick(self) -> str:
        parsed = "CAST(NULL AS DATE)"
        if not self.formats and not self.zoned:
            return parsed
        if self.formats:
            listed = ", ".join(map(sql_text, self.formats))
            parsed = f"CAST(try_strptime({self.raw}, [{listed}]) AS DATE)"
        if self.zoned:
            zoned = f"regexp_full_match({self.raw}, '{_ZONED}')"
            written = f"try_cast(left({self.raw}, 10) AS DATE)"
            parsed = f"coalesce({parsed}, CASE WHEN {zoned} THEN {written} END)"
        return f"CASE WHEN {parsed} {_WITHIN} THEN {parsed} END"

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
        digits = "'[0-9]{1,9}'"
        whole = f"regexp_full_match({self.raw}, {digits})"
        number = f"CAST({self.raw} AS BIGINT)"
        return f"CASE WHEN {whole} THEN {number} END"

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
        if text in self.column.codes:
            return text
        return guess_code(text, self.column.name)


@dataclass
class TermReading(Reading):
    """A category, body or place with words of its own."""

    is_open = True

    @property
    def quick(self) -> str:
        if not self.lookup:
            return self.raw
        return f"CASE WHEN {self.lookup}.raw IS NULL THEN {self.raw} END"

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
        readings = []
        for reading in self.readings:
            if reading.column.name == column and not reading.is_votes:
                readings.append(reading)
        return readings


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
    rows = row_sql(layout, staged)
    relation = f"(SELECT * FROM {rows} WHERE mark IS NULL)"
    for name in staged_names(layout):
        of_votes = name.startswith("votes_")
        column, _, _ = name.partition("__")
        if of_votes:
            column = "votes"
        if of_votes or column in layout.picks:
            wanted = layout.schema.column(column)
            _read_column(typed, wanted, name, relation, source)
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
    if column.codes:
        return CodeReading(column, staged)
    return TermReading(column, staged)


def _read_column(typed: Typed, column: Column, staged: str, relation: str, source: Source) -> None:
    reading = _reading(typed, column, staged, relation, source)
    if column.kind == "key":
        typed.readings.append(reading)
        return
    counts = source.counts(relation, reading)
    reason = _why_dropped(typed, reading, counts, relation, source)
    if reason:
        position = typed.layout.picks.pop(column.name)
        typed.layout.drop(position, f"holds {reason}: dropped")
        typed.readings = [one for one in typed.readings if one.column.name != column.name]
        return
    rows = _look_up(typed, reading, counts, source)
    unread = [row for row in rows if row.reason is not None]
    reading.failing = sum(counts[row.raw] for row in unread)
    if rows or len(counts) > MOST_VALUES:
        reading.lookup = f"look_{source.number}_{staged}"
        _make_lookup(source.connection, reading, rows)
    typed.readings.append(reading)


def _why_dropped(
    typed: Typed, reading: Reading, counts: dict[str, int], relation: str, source: Source
) -> str | None:
    """Return what a column holds that must not pass, or None."""
    guard = typed.layout.guard
    column = reading.column
    if reading.is_open:
        too_many = len(counts) > MOST_VALUES
        if too_many and typed.layout.schema.person_level:
            return "free text"
        return guard.column(counts, column)
    if column.kind == "count":
        numbers = _some(relation, reading.staged, source)
        return guard.numbers(numbers)
    return None


def _some(relation: str, staged: str, source: Source) -> list[str]:
    query = f"SELECT {staged} FROM {relation} WHERE {staged} IS NOT NULL LIMIT {_SOME}"
    rows = source.connection.execute(query).fetchall()
    return [value for (value,) in rows]


def _dates(typed: Typed, column: Column, staged: str, relation: str, source: Source) -> DateReading:
    said = source.mapping.dates.get(column.name, "")
    if said and said not in _ORDERS:
        _check_format(said, column, source.connection)
        return DateReading(column, staged, formats=[said], said=said)
    position = staged_names(typed.layout)[staged]
    values = typed.layout.values(position)
    order = _ORDERS.get(said) or day_order(values) or _whole_order(staged, relation, source)
    if order is None:
        sheet = typed.layout.sheet.name
        answers = (DAY_FIRST, MONTH_FIRST)
        typed.doubts.append(Doubt(sheet, "order", "dates", column.name, answers))
        order = "dmy"
    sample = values[:_SAMPLE]
    tried = _FORMATS[""] + _FORMATS[order]
    formats = [one for one in tried if _fits(one, sample, source)]
    zoned = not said and any(re.fullmatch(_ZONED, value) for value in sample)
    return DateReading(column, staged, formats=formats, order=order, said=said, zoned=zoned)


def _fits(wanted: str, sample: list[str], source: Source) -> bool:
    values = "(SELECT unnest(?) v)"
    query = f"SELECT bool_or(try_strptime(v, ?) IS NOT NULL) FROM {values}"
    found = source.connection.execute(query, [wanted, sample])
    (fits,) = found.fetchone() or (None,)
    return fits is True


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
    largest = []
    for rule in (r"^(\d{1,2})[/.-]", r"^\d{1,2}[/.-](\d{1,2})[/.-]"):
        number = f"try_cast(regexp_extract({staged}, '{rule}', 1) AS INT)"
        largest.append(f"coalesce(max({number}), 0)")
    query = f"SELECT {', '.join(largest)} FROM {relation}"
    row = source.connection.execute(query).fetchone()
    first, second = row or (0, 0)
    if first > _MONTHS:
        return "dmy"
    if second > _MONTHS:
        return "mdy"
    return None


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
        if text in own or "*" in own:
            said = own.get(text, own.get("*"))
            rows.append(Row(raw, read_own(column, said or None)))
        elif text.casefold() in MISSING:
            rows.append(Row(raw, None))
        elif reading.is_open:
            rows += _open_row(typed, column, raw, text, counts)
        else:
            value = reading.parse(text)
            reason = reading.reason if value is None else None
            rows.append(Row(raw, value, reason))
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
    count = counts[raw]
    guard = typed.layout.guard
    if guard.cells({text: count}, column):
        hidden = typed.hidden_cells
        so_far = hidden.get(column.output, 0)
        hidden[column.output] = so_far + count
        return [Row(raw, OTHER)]
    if text != raw or column.kind == "place":
        return [Row(raw, text)]
    return []


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
    name = row.value
    if name in (None, OTHER):
        return row
    before, after = source.find_place(name)
    if not before and not after:
        typed.unmatched_places[name] = count
    return replace(row, before=before, after=after)


def find_in_gazetteer(text: str) -> Match:
    """Return the place that a name stands for before and after the borders moved."""
    name = find_short_place(text)
    day_before = borders_moved_on() - timedelta(days=1)
    before = _place_id(name, day_before.isoformat())
    after = _place_id(name, None)
    return before, after


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
    total = max(1, sum(counts.values()))
    if sum(unknown.values()) <= UNKNOWN_SHARE * total:
        return
    sheet = typed.layout.sheet.name
    answers = (*column.codes, "")
    doubts = []
    for raw, count in list(unknown.items())[:MOST_ASKED]:
        text = " ".join(raw.split())
        if len(text) > LONGEST_PLACE:
            continue
        if typed.layout.guard.may_show(text, column, count):
            doubt = Doubt(sheet, "code", "values", column.name, answers, value=text, rows=count)
            doubts.append(doubt)
    if not doubts:
        doubts.append(Doubt(sheet, "no_codes", "columns", column.name, ("",)))
    typed.doubts += doubts


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
    layout = typed.layout
    schema = layout.schema
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
        kind = PHYSICAL[column.kind]
        chosen.append(f"CAST({value} AS {kind}) AS {column.output}")
        if column.kind == "place":
            chosen.append(_place_sql(typed, schema, source))
    query = f"SELECT {', '.join(chosen)} FROM {joined(typed)}"
    if layout.candidates:
        query = _long(query, typed)
    file = sql_text(str(target))
    source.connection.execute(f"COPY ({query}) TO {file} (FORMAT parquet, USE_TMP_FILE false)")


def joined(typed: Typed) -> str:
    """Return the staged rows with the lookup of each column."""
    rows = row_sql(typed.layout, typed.staged)
    parts = [f"{rows} s"]
    for reading in typed.readings:
        table = reading.lookup
        if table:
            parts.append(f"LEFT JOIN {table} ON {reading.raw} = {table}.raw")
    return " ".join(parts)


def _value(column: Column, typed: Typed, mapping: Mapping) -> str:
    values = [reading.value for reading in typed.of(column.name)]
    if len(values) == 1:
        return values[0]
    if values:
        added = " + ".join(f"coalesce({value}, 0)" for value in values)
        known = " OR ".join(f"({value}) IS NOT NULL" for value in values)
        return f"CASE WHEN {known} THEN {added} END"
    constant = mapping.constants.get(column.name)
    value = read_own(column, constant)
    if value is None:
        return "NULL"
    # The text of a day is as SQL writes it.
    return sql_text(str(value))


def _place_sql(typed: Typed, schema: Schema, source: Source) -> str:
    lookups = [reading.lookup for reading in typed.of("place") if reading.lookup]
    if not lookups:
        constant = source.mapping.constants.get("place")
        _, found = source.find_place(constant) if constant else (None, None)
        place = sql_text(found) if found else "NULL"
        return f"CAST({place} AS VARCHAR) AS place_id"
    (lookup,) = lookups
    registered = schema.column(schema.year_of)
    day = _value(registered, typed, source.mapping)
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
        votes = values[f"votes_{number}"]
        pairs.append(f"{{'candidate': {candidate}, 'votes': {votes}}}")
    kept = f"list_filter([{', '.join(pairs)}], lambda p: p.votes IS NOT NULL)"
    inner = query.replace("SELECT ", f"SELECT {kept} AS pairs, ", 1)
    none = "[{'candidate': NULL, 'votes': NULL}]"
    filled = f"CASE WHEN len(pairs) = 0 THEN {none} ELSE pairs END AS pairs"
    whole = f"SELECT * REPLACE ({filled}) FROM ({inner})"
    unnested = f"SELECT * EXCLUDE (pairs), unnest(pairs) AS pair FROM ({whole})"
    candidate = "CAST(pair.candidate AS VARCHAR) AS candidate"
    votes = "CAST(pair.votes AS BIGINT) AS votes"
    return f"SELECT * EXCLUDE (pair) REPLACE ({candidate}, {votes}) FROM ({unnested})"
