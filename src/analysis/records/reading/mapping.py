"""The mapping file: which column of a foreign layout stands for which column of the schema.

And how its values read.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from analysis.errors import DataError, Problem
from analysis.records.schemas import Schema

DAY_FIRST, MONTH_FIRST = "day first", "month first"


@dataclass
class Mapping:
    """What a person said about a layout.

    Empty where nothing was said and the synonym table decides.
    """

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


_SETTINGS = {
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
        expected = "a mapping file in TOML"
        raise DataError(
            [
                Problem(
                    file=str(path),
                    found=str(error),
                    expected=expected,
                    remedy="Correct the line, or start from a new file.",
                )
            ]
        ) from error
    problems = list(_problems(path, found, schema))
    if problems:
        raise DataError(problems)
    said = {
        name: found[name] for name in (*_SETTINGS, *_TABLES) if name in found and name != "dataset"
    }
    for table in ("columns", "constants", "dates"):
        said[table] = {
            column: value if isinstance(value, list) else str(value)
            for column, value in said.get(table, {}).items()
            if value not in ("", [])
        }
    said["values"] = {
        column: {str(k): str(v) for k, v in table.items()}
        for column, table in said.get("values", {}).items()
    }
    return Mapping(**said, given=True)


def _problems(path: Path, found: dict[str, Any], schema: Schema) -> Iterator[Problem]:
    known = {column.name: column for column in schema.columns}
    allowed = {name: column.codes for name, column in known.items() if column.codes}

    def problem(column: str | None, is_: str, expected: str) -> Problem:
        return Problem(
            file=str(path),
            column=column,
            found=is_,
            expected=expected,
            remedy="Correct the mapping file.",
        )

    for name in found.keys() - {*_SETTINGS, *_TABLES}:
        yield problem(None, f"the setting {name!r}", ", ".join((*_SETTINGS, *_TABLES)))
    for name, kind in _SETTINGS.items():
        if name in found and not isinstance(found[name], kind):
            yield problem(None, f"{name} = {found[name]!r}", f"{name} as {kind.__name__}")
        elif kind is list and not all(isinstance(item, str) for item in found.get(name, [])):
            yield problem(None, f"{name} = {found[name]!r}", "a list of texts in quotes")
    if found.get("dataset", schema.dataset) != schema.dataset:
        yield problem(None, f"a mapping for {found['dataset']}", schema.dataset)
    if found.get("decimal", "") not in ("", ".", ","):
        yield problem(None, f"decimal = {found['decimal']!r}", '"." or ","')
    tables = {table: found.get(table, {}) for table in _TABLES}
    wrong = {table for table, columns in tables.items() if not isinstance(columns, dict)}
    yield from (
        problem(None, f"{table} = {tables[table]!r}", f"a table [{table}]") for table in wrong
    )
    for table in tables.keys() - wrong:
        for column in tables[table].keys() - known.keys():
            yield problem(column, f"[{table}] {column}", "one of " + ", ".join(known))
    if not wrong:
        codes = [(column, code) for column, code in tables["constants"].items()]
        codes += [
            (c, code)
            for c, values in tables["values"].items()
            if isinstance(values, dict)
            for code in values.values()
        ]
        yield from (
            problem(column, f"the code {code!r}", "one of " + ", ".join(allowed[column]))
            for column, code in codes
            if column in allowed and code not in ("", *allowed[column])
        )
        yield from (
            problem(column, f"values.{column} = {values!r}", f"a table [values.{column}]")
            for column, values in tables["values"].items()
            if not isinstance(values, dict)
        )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml(value: str | int | list[str]) -> str:
    return (
        f"[{', '.join(map(_quoted, value))}]"
        if isinstance(value, list)
        else _quoted(value)
        if isinstance(value, str)
        else str(value)
    )


def mapping_text(
    schema: Schema,
    mapping: Mapping,
    headers: list[str],
    doubts: list[str],
    unknown: dict[str, list[str]],
) -> str:
    """Write a mapping file that says what was understood and leaves what is open to be filled in."""
    lines = [
        f'# How to read this file as the data set "{schema.dataset}". Edit, save, and run the same command with --mapping THIS_FILE.',
        "# Only the columns that are named here are read.",
        *(f"# OPEN: {line}" for doubt in doubts for line in doubt.splitlines()),
        f"dataset = {_quoted(schema.dataset)}",
        *(
            f"{'# ' if value in ('', None, []) else ''}{name} = {example if value in ('', None, []) else _toml(value)}  # {said}"
            for name, value, example, said in (
                (
                    "header_row",
                    mapping.header_row,
                    "1",
                    "the row with the names; 0: there is none, and columns are named by number",
                ),
                ("decimal", mapping.decimal, '"."', "the decimal mark"),
                ("encoding", mapping.encoding, '"utf-8"', 'or "cp1251", "utf-16" ...'),
                ("separator", mapping.separator, '","', "between the cells of a text file"),
                (
                    "totals",
                    mapping.totals,
                    '["Sum"]',
                    "first words of rows that are totals, beside the usual ones",
                ),
                ("sheets", mapping.sheets, '["Sheet1"]', "of a workbook; all of them if not given"),
            )
        ),
    ]
    if schema.dataset == "elections":
        lines.append(
            f"candidates = {_toml(mapping.candidates)}  # columns with the votes of one candidate each, where the table is wide"
        )
    lines += [
        "",
        "# The columns of the file:",
        *(f"#   {_quoted(header)}" for header in headers if header),
        "",
        "[columns]",
    ]
    for column in schema.columns:
        note = "required" if column.required else column.kind
        lines.append(f"{column.name} = {_toml(mapping.columns.get(column.name, ''))}  # {note}")
    lines += ["", "[constants]        # one value for all rows, where the file has no such column"]
    lines += [f"{column} = {_quoted(value)}" for column, value in mapping.constants.items()] or [
        '# type = "complaint"'
    ]
    lines += [
        "",
        '[dates]            # "day first", "month first" or a format such as "%m/%d/%Y %I:%M:%S %p"',
    ]
    lines += [f"{column} = {_quoted(value)}" for column, value in mapping.dates.items()] or [
        f'# {schema.year_of} = "day first"'
    ]
    for column in (c for c in schema.columns if c.codes):
        values = mapping.values.get(column.name, {}) | dict.fromkeys(
            unknown.get(column.name, []), ""
        )
        if values:
            lines += [
                "",
                f'[values.{column.name}]   # one of: {", ".join(column.codes)}; empty: leave empty; "*": all others',
            ]
            lines += [f"{_quoted(value)} = {_quoted(code)}" for value, code in values.items()]
    return "\n".join(lines) + "\n"
