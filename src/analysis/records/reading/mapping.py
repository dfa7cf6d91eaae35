"""The mapping file: which column of a layout stands for which of the schema, and how it reads."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from analysis.errors import DataError, Problem
from analysis.records.reading.values import parse_bool, parse_count, parse_date
from analysis.records.schemas import Column, Schema

DAY_FIRST, MONTH_FIRST = "day first", "month first"


@dataclass
class Mapping:
    """What a person said about a layout; empty where the synonym table decides."""

    columns: dict[str, str | list[str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    candidates: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    totals: list[str] = field(default_factory=list)
    header_row: int | None = None
    decimal: str = ""
    encoding: str = ""
    separator: str = ""
    given: bool = False
    files: list[str] = field(default_factory=list)

    def names(self, column: str) -> list[str]:
        """Return the columns of the file that stand for a column: several are added up."""
        found = self.columns[column]
        if isinstance(found, str):
            return [found]
        return list(found)

    def reads(self, name: str) -> bool:
        """Return whether this mapping is for a file: its `files` are patterns of names."""
        if not self.files:
            return True
        return any(fnmatch(name, wanted) for wanted in self.files)


_SETTINGS: dict[str, type] = {
    "dataset": str,
    "header_row": int,
    "decimal": str,
    "encoding": str,
    "separator": str,
    "sheets": list,
    "totals": list,
    "candidates": list,
    "files": list,
}
_TABLES = ("columns", "constants", "dates", "values")


def read_mapping(path: Path, schema: Schema) -> Mapping:
    """Return a mapping file.

    Raises
    ------
    DataError
        If it is no TOML, or names what is not known: all at once.
    """
    try:
        found = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise DataError.one(
            file=str(path),
            found=str(error),
            expected="a mapping file in TOML",
            remedy="Correct the line, or start from a new file.",
        ) from error
    wrong = [*_wrong_settings(found, schema), *_wrong_tables(found, schema)]
    if wrong:
        problems = [one.problem(path) for one in wrong]
        raise DataError(problems)
    said = {name: found[name] for name in _SETTINGS if name in found}
    said.pop("dataset", None)
    for name in ("columns", "constants", "dates"):
        table = found.get(name, {})
        said[name] = _filled(table)
    values = {}
    for column, table in found.get("values", {}).items():
        values[column] = {raw: str(value) for raw, value in table.items()}
    return Mapping(**said, values=values, given=True)


def _filled(table: dict[str, Any]) -> dict[str, Any]:
    """Return what a table of the file says, as text or as a list of texts."""
    filled: dict[str, Any] = {}
    for name, value in table.items():
        if value in ("", []):
            continue
        is_list = isinstance(value, list)
        filled[name] = value if is_list else str(value)
    return filled


@dataclass(frozen=True)
class _Wrong:
    """Something in a mapping file that cannot be."""

    found: str
    expected: str
    column: str | None = None

    def problem(self, path: Path) -> Problem:
        return Problem(
            file=str(path),
            column=self.column,
            found=self.found,
            expected=self.expected,
            remedy="Correct the mapping file.",
        )


def _is_encoding(name: str) -> bool:
    try:
        "".encode(name or "utf-8")
    except (LookupError, UnicodeError, ValueError):
        return False
    return True


def _wrong_settings(found: dict[str, Any], schema: Schema) -> Iterator[_Wrong]:
    known = (*_SETTINGS, *_TABLES)
    for name in found.keys() - set(known):
        yield _Wrong(f"the setting {name!r}", ", ".join(known))
    for name in _SETTINGS.keys() & found.keys():
        expected = _expected_of(name, found[name])
        if expected:
            yield _Wrong(f"{name} = {found[name]!r}", expected)
    dataset = found.get("dataset", schema.dataset)
    if dataset != schema.dataset:
        yield _Wrong(f"a mapping for {dataset}", schema.dataset)


def _expected_of(name: str, value: Any) -> str:
    """Return what a setting should be, or "" where it is."""
    kind = _SETTINGS[name]
    if type(value) is not kind:
        return f"{name} as {kind.__name__}"
    items = value if isinstance(value, list) else []
    if not all(isinstance(item, str) for item in items):
        return "a list of texts in quotes"
    if name not in _ALLOWED:
        return ""
    is_allowed, expected = _ALLOWED[name]
    return "" if is_allowed(value) else expected


_ALLOWED: dict[str, tuple[Callable[[Any], bool], str]] = {
    "decimal": (lambda mark: mark in ("", ".", ","), '"." or ","'),
    "separator": (lambda mark: len(mark) <= 1 and mark not in ('"', "\n", "\r", "\0"), "one mark"),
    "encoding": (_is_encoding, 'an encoding such as "utf-8" or "cp1251"'),
    "header_row": (lambda row: row >= 0, "0 or more"),
}


def _wrong_tables(found: dict[str, Any], schema: Schema) -> Iterator[_Wrong]:
    known = {column.name: column for column in schema.columns}
    names = ", ".join(known)
    for table in _TABLES:
        columns = found.get(table, {})
        if not isinstance(columns, dict):
            yield _Wrong(f"{table} = {columns!r}", f"a table [{table}]")
            continue
        check = _WRONG[table]
        for name, value in columns.items():
            column = known.get(name)
            if column is None:
                yield _Wrong(f"[{table}] {name}", f"one of {names}", name)
            else:
                yield from check(column, value)


def _wrong_column(column: Column, value: Any) -> Iterator[_Wrong]:
    parts = value if isinstance(value, list) else [value]
    expected = ""
    if any(isinstance(part, list | dict | bool | float) for part in parts):
        expected = "the name of a column of the file, in quotes"
    elif len(parts) > 1 and column.kind != "count":
        expected = "one column: only columns of counts are added up"
    if expected:
        yield _Wrong(repr(value), expected, column.name)


def _wrong_format(column: Column, value: Any) -> Iterator[_Wrong]:
    is_text = isinstance(value, str)
    if is_text and column.kind == "date":
        return
    found = f"[dates] {column.name} = {value!r}"
    either = f'"{DAY_FIRST}", "{MONTH_FIRST}" or a format of strptime'
    yield _Wrong(found, f"{either}, for a column of dates", column.name)


def _wrong_value(column: Column, value: Any) -> Iterator[_Wrong]:
    name = column.name
    words = str(value)
    if isinstance(value, list | dict):
        yield _Wrong(repr(value), "one value", name)
    elif column.codes and words not in ("", *column.codes):
        codes = ", ".join(column.codes)
        yield _Wrong(f"the code {words!r}", f"one of {codes}", name)
    elif words and not _is_readable(column, words):
        yield _Wrong(f"the value {words!r}", f"a {column.kind}", name)


def _is_readable(column: Column, words: str) -> bool:
    if column.kind not in _READ:
        return True
    read = _READ[column.kind]
    return read(words) is not None


def _wrong_values(column: Column, values: Any) -> Iterator[_Wrong]:
    if isinstance(values, dict):
        for value in values.values():
            yield from _wrong_value(column, value)
    else:
        name = column.name
        found = f"values.{name} = {values!r}"
        yield _Wrong(found, f"a table [values.{name}]", name)


_READ: dict[str, Callable[[str], Any]] = {
    "date": parse_date,
    "count": parse_count,
    "bool": parse_bool,
}
_WRONG: dict[str, Callable[[Column, Any], Iterator[_Wrong]]] = {
    "columns": _wrong_column,
    "constants": _wrong_value,
    "dates": _wrong_format,
    "values": _wrong_values,
}


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted.replace("\x7f", "\\u007f")


def _toml(value: str | int | list[str]) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _quoted(value)
    quoted = ", ".join(map(_quoted, value))
    return f"[{quoted}]"


# The settings of a new mapping file: an example, and what each says.
_HINTS = {
    "header_row": (
        "1",
        "the row with the names; 0: there is none, and columns are named by number",
    ),
    "decimal": ('"."', "the decimal mark"),
    "encoding": ('"utf-8"', 'or "cp1251", "utf-16" ...'),
    "separator": ('","', "between the cells of a text file"),
    "totals": ('["Sum"]', "first words of rows that are totals, beside the usual ones"),
    "sheets": ('["Sheet1"]', "of a workbook; all of them if not given"),
}


@dataclass(frozen=True)
class Open:
    """What a mapping file leaves to a person.

    The headers of the file, questions, and values without a code by column.
    """

    headers: list[str]
    doubts: list[str]
    unknown: dict[str, list[str]]


def mapping_text(schema: Schema, mapping: Mapping, left: Open) -> str:
    """Write a mapping file that says what was understood and leaves what is open."""
    named = [f"#   {_quoted(header)}" for header in left.headers if header]
    lines = [
        f'# How to read this file as the data set "{schema.dataset}". '
        "Edit, save, and run the same command with --mapping THIS_FILE.",
        "# Only the columns that are named here are read.",
        *(f"# OPEN: {line}" for doubt in left.doubts for line in doubt.splitlines()),
        f"dataset = {_quoted(schema.dataset)}",
        *_setting_lines(schema, mapping),
        *["", "# The columns of the file:", *named],
        *["", "[columns]", *_column_lines(schema, mapping)],
        *_constant_lines(schema, mapping),
    ]
    for column in schema.columns:
        lines += _value_lines(column, mapping, left)
    return "\n".join(lines) + "\n"


def _setting_lines(schema: Schema, mapping: Mapping) -> Iterator[str]:
    for name, (example, said) in _HINTS.items():
        value = getattr(mapping, name)
        if value in ("", None, []):
            yield f"# {name} = {example}  # {said}"
        else:
            written = _toml(value)
            yield f"{name} = {written}  # {said}"
    if schema.dataset == "elections":
        said = "columns with the votes of one candidate each, where the table is wide"
        candidates = _toml(mapping.candidates)
        yield f"candidates = {candidates}  # {said}"


def _column_lines(schema: Schema, mapping: Mapping) -> Iterator[str]:
    headers = mapping.columns
    for column in schema.columns:
        name = column.name
        chosen = headers.get(name, "")
        header = _toml(chosen)
        note = "required" if column.required else column.kind
        yield f"{name} = {header}  # {note}"


def _constant_lines(schema: Schema, mapping: Mapping) -> Iterator[str]:
    yield ""
    yield "[constants]        # one value for all rows, where the file has no such column"
    yield from _quoted_lines(mapping.constants) or ['# type = "complaint"']
    yield ""
    example = '"%m/%d/%Y %I:%M:%S %p"'
    yield f'[dates]            # "day first", "month first" or a format such as {example}'
    yield from _quoted_lines(mapping.dates) or [f'# {schema.year_of} = "day first"']


def _quoted_lines(table: dict[str, str]) -> list[str]:
    lines = []
    for name, value in table.items():
        quoted = _quoted(value)
        lines.append(f"{name} = {quoted}")
    return lines


def _value_lines(column: Column, mapping: Mapping, left: Open) -> Iterator[str]:
    unknown = left.unknown.get(column.name, [])
    values = dict.fromkeys(unknown, "")
    values |= mapping.values.get(column.name, {})
    if not values:
        return
    yield ""
    known = ""
    if column.codes:
        codes = ", ".join(column.codes)
        known = f"one of: {codes}; "
    yield f'[values.{column.name}]   # {known}empty: leave empty; "*": all others'
    for value, code in values.items():
        yield f"{_quoted(value)} = {_quoted(code)}"
