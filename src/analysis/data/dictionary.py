"""The description of the data: datapackage.json for machines, the data dictionary for people."""

from __future__ import annotations

import json
from typing import Any

from analysis.data.observations import codes
from analysis.data.reconcile import SERIES_COLUMNS
from analysis.data.tables import SOURCES, read_table
from analysis.data.version import data_version
from analysis.locale import text
from analysis.paths import raw
from analysis.reference import datasets, languages
from analysis.store import read_rows

_BESIDE = ("places", "sources", "events", "mandates", "duties")  # beside the series
_KEYS = {"places": "place_id", "sources": "source_id"}
_HEADS = ("column", "type", "unit", "allowed", "meaning")
_LICENCE = {
    "name": "CC-BY-4.0",
    "title": "The compilation; each source keeps its own rights",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
Row = dict[str, str]


def _described() -> dict[str, list[Row]]:
    """Return the descriptions of columns by the kind of table they stand in."""
    described: dict[str, list[Row]] = {}
    for row in read_rows("raw/columns"):
        described.setdefault(row["table"], []).append(row)
    return described


def _kind_of(name: str) -> str:
    return "figures" if name in datasets() else name


def _raw_tables() -> list[str]:
    """Return the tables of data/raw: the data sets, then what stands beside them."""
    beside = [table for table in _described() if table not in ("figures", "series")]
    return [*datasets(), *beside]


def columns_of(name: str) -> dict[str, str]:
    """Return the type of each column of a processed table.

    Examples
    --------
    >>> columns_of("appeals")["period_start"]
    'date'
    """
    kinds = ("figures", "series") if name in datasets() else (name,)
    described = _described()
    return {row["column"]: row["type"] for kind in kinds for row in described.get(kind, ())}


def _field(row: Row) -> dict[str, Any]:
    field: dict[str, Any] = {"name": row["column"], "type": row["type"], "description": row["en"]}
    if row["unit"]:
        field["unit"] = row["unit"]
    return field | {"constraints": _constraints(row)}


def _constraints(row: Row) -> dict[str, Any]:
    kind = row["constraint"]
    if kind == "codes":
        allowed = codes()[row["column"]]
        return {"enum": [code for code in allowed if code], "required": "" not in allowed}
    if kind == "unique":
        return {"required": True, "unique": True}
    return {"required": kind in ("required", *_KEYS)}


def _resource(name: str) -> dict[str, Any]:
    columns = _described()[_kind_of(name)]
    schema: dict[str, Any] = {"fields": [_field(row) for row in columns], "missingValues": [""]}
    if name in _KEYS:
        schema["primaryKey"] = [_KEYS[name]]
    keys = _foreign_keys(columns)
    if keys:
        schema["foreignKeys"] = keys
    return _csv_resource(name, schema)


def _foreign_keys(columns: list[Row]) -> list[dict[str, Any]]:
    return [
        {
            "fields": [row["column"]],
            "reference": {"resource": row["constraint"], "fields": [_KEYS[row["constraint"]]]},
        }
        for row in columns
        if row["constraint"] in _KEYS
    ]


def _csv_resource(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "path": f"{name}.csv",
        "encoding": "utf-8",
        "format": "csv",
        "dialect": {"delimiter": ","},  # else readers guess it, and notes hold semicolons
        "schema": schema,
    }


def _series_resource(name: str) -> dict[str, Any]:
    described = _described()
    by_column = {row["column"]: row for kind in ("figures", "series") for row in described[kind]}
    fields = [
        {
            "name": column,
            "type": by_column[column]["type"],
            "description": by_column[column]["en"],
        }
        for column in SERIES_COLUMNS
    ]
    keys = _foreign_keys([by_column[column] for column in SERIES_COLUMNS])
    schema = {"fields": fields, "missingValues": [""], "foreignKeys": keys}
    return _csv_resource(name, schema)


def _package(description: str, resources: list[dict[str, Any]]) -> str:
    package = {
        "name": "governance-openness",
        "title": "Openness of local government in Kazakhstan: published figures",
        "description": description,
        "version": data_version(),
        "licenses": [_LICENCE],
        "sources": [_cited(row) for row in read_table(raw() / "sources.csv", SOURCES)],
        "resources": resources,
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _cited(source: Row) -> dict[str, str]:
    title = source["title"] or source["publisher"] or source["source_id"]
    address = source["url"]
    return {"title": title, "path": address} if address.startswith("http") else {"title": title}


def datapackage() -> str:
    """Return the Frictionless description of data/raw."""
    resources = [_resource(name) for name in _raw_tables()]
    return _package("One row is one figure published by one source.", resources)


def processed_package() -> str:
    """Return the Frictionless description of data/processed."""
    series = [_series_resource(name) for name in datasets()]
    beside = [_resource(name) for name in _BESIDE]
    return _package("One row is one value, with its range and its sources.", [*series, *beside])


def dictionary_rows(language: str) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return each kind of table with name, type and meaning of its columns.

    Examples
    --------
    >>> heading, rows = dictionary_rows("en")[0]
    >>> rows[0]
    ('indicator', 'string', 'what is counted or measured')
    """
    return [
        (
            text(f"dictionary_table_{table}", language),
            [(row["column"], row["type"], row.get(language) or row["en"]) for row in rows],
        )
        for table, rows in _described().items()
    ]


def data_dictionary(language: str) -> str:
    """Return the data dictionary for people as Markdown."""
    heads = [text(f"dictionary_{head}", language) for head in _HEADS]
    head_row = "| " + " | ".join(heads) + " |"
    lines = [f"# {text('dictionary_title', language)}", ""]
    for table, rows in _described().items():
        heading = text(f"dictionary_table_{table}", language)
        lines += [f"## {heading}", "", head_row, "| --- " * len(heads) + "|"]
        lines += [_dictionary_line(row, language) for row in rows]
        lines.append("")
    return "\n".join(lines)


def _dictionary_line(row: Row, language: str) -> str:
    allowed = ""
    if row["constraint"] == "codes":
        allowed = ", ".join(f"`{code}`" for code in codes()[row["column"]] if code)
    meaning = row.get(language) or row["en"]
    return f"| `{row['column']}` | {row['type']} | {row['unit']} | {allowed} | {meaning} |"


def described_files() -> dict[str, str]:
    """Return the text of each descriptive file by its path in the repository."""
    pages = {
        f"docs/data-dictionary.{language}.md": data_dictionary(language) for language in languages()
    }
    return {
        "data/raw/datapackage.json": datapackage(),
        "data/processed/datapackage.json": processed_package(),
        **pages,
    }
