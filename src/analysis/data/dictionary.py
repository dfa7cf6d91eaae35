"""The description of the data: datapackage.json for machines, the data dictionary for people."""

from __future__ import annotations

import json
from typing import Any

from analysis.data.observations import codes
from analysis.data.reconcile import SERIES_COLUMNS
from analysis.data.tables import SOURCES, read_table
from analysis.paths import raw
from analysis.reference import datasets
from analysis.store import read_rows

_OTHER_TABLES = {
    "places": "places",
    "sources": "sources",
    "events": "events",
    "excluded": "excluded",
    "corrections": "corrections",
    "mandates": "mandates",
}


def _tables() -> dict[str, str]:
    return dict.fromkeys(datasets(), "figures") | _OTHER_TABLES


_PEOPLE = {
    "en": ("Data dictionary", {"figures": "Figures", "series": "Series (added in data/processed)", "places": "Places",
           "sources": "Sources", "events": "Events", "excluded": "Left out", "corrections": "Corrections", "mandates": "Required meetings"},
           ("column", "type", "unit", "allowed", "meaning")),
    "kk": ("Деректер сөздігі", {"figures": "Көрсеткіштер", "series": "Қатарлар (data/processed ішінде қосылады)", "places": "Орындар",
           "sources": "Дереккөздер", "events": "Оқиғалар", "excluded": "Алынбағандар", "corrections": "Түзетулер", "mandates": "Талап етілетін кездесулер"},
           ("баған", "түрі", "өлшем бірлігі", "рұқсат етілгені", "мағынасы")),
    "ru": ("Словарь данных", {"figures": "Показатели", "series": "Ряды (добавляется в data/processed)", "places": "Места",
           "sources": "Источники", "events": "События", "excluded": "Не включено", "corrections": "Исправления", "mandates": "Требуемые встречи"},
           ("столбец", "тип", "единица", "допустимо", "значение")),
}  # fmt: skip


def _columns(table: str) -> list[dict[str, str]]:
    return [row for row in read_rows("raw/columns") if row["table"] == table]


def columns_of(name: str) -> dict[str, str]:
    """Return the type of each column of a processed table.

    Examples
    --------
    >>> columns_of("appeals")["period_start"]
    'date'
    """
    tables = ("figures", "series") if name in datasets() else (_OTHER_TABLES.get(name, "figures"),)
    return {row["column"]: row["type"] for table in tables for row in _columns(table)}


def _field(row: dict[str, str]) -> dict[str, Any]:
    field: dict[str, Any] = {"name": row["column"], "type": row["type"], "description": row["en"]}
    if row["unit"]:
        field["unit"] = row["unit"]
    constraints: dict[str, Any] = {}
    if row["constraint"] == "codes":
        allowed = codes()[row["column"]]
        constraints["enum"] = [code for code in allowed if code]
        constraints["required"] = "" not in allowed
    elif row["constraint"] in ("required", "unique", "places", "sources"):
        constraints["required"] = True
        if row["constraint"] == "unique":
            constraints["unique"] = True
    return field | {"constraints": constraints or {"required": False}}


def _resource(name: str, table: str) -> dict[str, Any]:
    columns = _columns(table)
    schema: dict[str, Any] = {"fields": [_field(row) for row in columns], "missingValues": [""]}
    keys = {"places": "place_id", "sources": "source_id"}
    foreign = [row for row in columns if row["constraint"] in keys]
    if foreign:
        schema["foreignKeys"] = [
            {
                "fields": [row["column"]],
                "reference": {"resource": row["constraint"], "fields": [keys[row["constraint"]]]},
            }
            for row in foreign
        ]
    return {
        "name": name,
        "path": f"{name}.csv",
        "encoding": "utf-8",
        "format": "csv",
        "schema": schema,
    }


def datapackage() -> str:
    """Return the Frictionless description of data/raw."""
    sources = read_table(raw() / "sources.csv", SOURCES)
    package = {
        "name": "governance-openness",
        "title": "Openness of local government in Kazakhstan: published figures",
        "description": "One row is one figure printed by one source.",
        "version": "0.1.0",
        "licenses": [
            {"name": "CC-BY-4.0", "title": "The compilation; each source keeps its own rights",
             "path": "https://creativecommons.org/licenses/by/4.0/"}
        ],
        "sources": [
            {"title": s["title"] or s["publisher"] or s["source_id"]} | ({"path": s["url"]} if s["url"].startswith("http") else {})
            for s in sources
        ],
        "resources": [_resource(name, table) for name, table in _tables().items()],
    }  # fmt: skip
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def processed_package() -> str:
    """Return the Frictionless description of data/processed."""
    resources_ = []
    for name in datasets():
        described = {
            row["column"]: row for table in ("figures", "series") for row in _columns(table)
        }
        fields = [
            {"name": c, "type": described[c]["type"], "description": described[c]["en"]}
            for c in SERIES_COLUMNS
        ]
        schema = {"fields": fields, "missingValues": [""]}
        resources_.append(
            {
                "name": name,
                "path": f"{name}.csv",
                "encoding": "utf-8",
                "format": "csv",
                "schema": schema,
            }
        )
    tables = [
        _resource(name, _tables()[name]) for name in ("places", "sources", "events", "mandates")
    ]
    package = json.loads(datapackage()) | {
        "description": "One row is one value, with its range and its sources."
    }
    return (
        json.dumps(package | {"resources": [*resources_, *tables]}, ensure_ascii=False, indent=1)
        + "\n"
    )


def data_dictionary(language: str) -> str:
    """Return the data dictionary for people as Markdown."""
    title, tables, heads = _PEOPLE[language]
    lines = [f"# {title}", ""]
    for table, heading in tables.items():
        lines += [f"## {heading}", "", "| " + " | ".join(heads) + " |", "| --- " * len(heads) + "|"]
        for row in _columns(table):
            allowed = (
                ", ".join(f"`{c}`" for c in codes()[row["column"]] if c)
                if row["constraint"] == "codes"
                else ""
            )
            lines.append(
                f"| `{row['column']}` | {row['type']} | {row['unit']} | {allowed} | {row[language]} |"
            )
        lines.append("")
    return "\n".join(lines)


def described_files() -> dict[str, str]:
    """Return the text of each descriptive file by its path in the repository."""
    pages = {
        f"docs/data-dictionary.{language}.md": data_dictionary(language) for language in _PEOPLE
    }
    return {
        "data/raw/datapackage.json": datapackage(),
        "data/processed/datapackage.json": processed_package(),
        **pages,
    }
