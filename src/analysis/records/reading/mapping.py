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
        return [found] if isinstance(found, str) else list(found)

    def reads(self, name: str) -> bool:
        """Return whether this mapping is for a file: its `files` are patterns of names."""
        return not self.files or any(fnmatch(name, wanted) for wanted in self.files)


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
    """Read a mapping file.

    Raises
    ------
    DataError
        With everything that is wrong in it.
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
        raise DataError([one.problem(path) for one in wrong])
    said = {name: found[name] for name in _SETTINGS if name in found and name != "dataset"}
    for table in ("columns", "constants", "dates"):
        filled = {c: value for c, value in found.get(table, {}).items() if value not in ("", [])}
        said[table] = {c: v if isinstance(v, list) else str(v) for c, v in filled.items()}
    values = found.get("values", {})
    said["values"] = {c: {k: str(v) for k, v in table.items()} for c, table in values.items()}
    return Mapping(**said, given=True)


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
        value, kind = found[name], _SETTINGS[name]
        items: list[Any] = value if isinstance(value, list) else []
        if type(value) is not kind:
            yield _Wrong(f"{name} = {value!r}", f"{name} as {kind.__name__}")
        elif not all(isinstance(item, str) for item in items):
            yield _Wrong(f"{name} = {value!r}", "a list of texts in quotes")
        elif name in _ALLOWED and not _ALLOWED[name][0](value):
            yield _Wrong(f"{name} = {value!r}", _ALLOWED[name][1])
    if found.get("dataset", schema.dataset) != schema.dataset:
        yield _Wrong(f"a mapping for {found['dataset']}", schema.dataset)


_ALLOWED: dict[str, tuple[Callable[[Any], bool], str]] = {
    "decimal": (lambda mark: mark in ("", ".", ","), '"." or ","'),
    "separator": (lambda mark: len(mark) <= 1 and mark not in ('"', "\n", "\r", "\0"), "one mark"),
    "encoding": (_is_encoding, 'an encoding such as "utf-8" or "cp1251"'),
    "header_row": (lambda row: row >= 0, "0 or more"),
}


def _wrong_tables(found: dict[str, Any], schema: Schema) -> Iterator[_Wrong]:
    known = {column.name: column for column in schema.columns}
    for table in _TABLES:
        columns = found.get(table, {})
        if not isinstance(columns, dict):
            yield _Wrong(f"{table} = {columns!r}", f"a table [{table}]")
            continue
        for name, value in columns.items():
            if name not in known:
                yield _Wrong(f"[{table}] {name}", "one of " + ", ".join(known), name)
            else:
                yield from _WRONG[table](known[name], value)


def _wrong_column(column: Column, value: Any) -> Iterator[_Wrong]:
    parts = value if isinstance(value, list) else [value]
    if any(isinstance(part, list | dict | bool | float) for part in parts):
        yield _Wrong(repr(value), "the name of a column of the file, in quotes", column.name)
    elif len(parts) > 1 and column.kind != "count":
        yield _Wrong(repr(value), "one column: only columns of counts are added up", column.name)


def _wrong_format(column: Column, value: Any) -> Iterator[_Wrong]:
    if column.kind != "date" or not isinstance(value, str):
        expected = f'"{DAY_FIRST}", "{MONTH_FIRST}" or a format of strptime, for a column of dates'
        yield _Wrong(f"[dates] {column.name} = {value!r}", expected, column.name)


def _wrong_value(column: Column, value: Any) -> Iterator[_Wrong]:
    """Check a value that is written as it is: a code, a day, a number."""
    words = str(value)
    if isinstance(value, list | dict):
        yield _Wrong(repr(value), "one value", column.name)
    elif column.codes and words not in ("", *column.codes):
        yield _Wrong(f"the code {words!r}", "one of " + ", ".join(column.codes), column.name)
    elif words and column.kind in _READ and _READ[column.kind](words) is None:
        yield _Wrong(f"the value {words!r}", f"a {column.kind}", column.name)


def _wrong_values(column: Column, values: Any) -> Iterator[_Wrong]:
    if not isinstance(values, dict):
        found = f"values.{column.name} = {values!r}"
        yield _Wrong(found, f"a table [values.{column.name}]", column.name)
        return
    for value in values.values():
        yield from _wrong_value(column, value)


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
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml(value: str | int | list[str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_quoted, value))}]"
    return _quoted(value) if isinstance(value, str) else str(value)


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
            yield f"{name} = {_toml(value)}  # {said}"
    if schema.dataset == "elections":
        said = "columns with the votes of one candidate each, where the table is wide"
        yield f"candidates = {_toml(mapping.candidates)}  # {said}"


def _column_lines(schema: Schema, mapping: Mapping) -> Iterator[str]:
    for column in schema.columns:
        note = "required" if column.required else column.kind
        yield f"{column.name} = {_toml(mapping.columns.get(column.name, ''))}  # {note}"


def _constant_lines(schema: Schema, mapping: Mapping) -> Iterator[str]:
    yield ""
    yield "[constants]        # one value for all rows, where the file has no such column"
    given = [f"{column} = {_quoted(value)}" for column, value in mapping.constants.items()]
    yield from given or ['# type = "complaint"']
    yield ""
    example = '"%m/%d/%Y %I:%M:%S %p"'
    yield f'[dates]            # "day first", "month first" or a format such as {example}'
    days = [f"{column} = {_quoted(value)}" for column, value in mapping.dates.items()]
    yield from days or [f'# {schema.year_of} = "day first"']


def _value_lines(column: Column, mapping: Mapping, left: Open) -> Iterator[str]:
    open_ = dict.fromkeys(left.unknown.get(column.name, []), "")
    values = open_ | mapping.values.get(column.name, {})
    if not values:
        return
    yield ""
    codes = f"one of: {', '.join(column.codes)}; " if column.codes else ""
    yield f'[values.{column.name}]   # {codes}empty: leave empty; "*": all others'
    yield from (f"{_quoted(value)} = {_quoted(code)}" for value, code in values.items())
