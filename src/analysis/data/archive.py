"""The released data as one ZIP, with its description in the terms of Croissant and schema.org."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

from analysis import paths
from analysis.data.dictionary import columns_of
from analysis.data.version import newest_release
from analysis.files import FILES_DATED
from analysis.reference import languages
from analysis.store import read_rows

CROISSANT = "croissant.json"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {
    "string": "sc:Text",
    "number": "sc:Float",
    "integer": "sc:Integer",
    "date": "sc:Date",
    "boolean": "sc:Boolean",
}
_KEYS = {"places": "place_id", "sources": "source_id"}
_REFERENCES = {"place_id": "places", "region_id": "places", "source_id": "sources"}
# Terms of Croissant 1.1, in the words of its specification.
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def archive_name() -> str:
    """Return the name of the ZIP of the newest release.

    Examples
    --------
    >>> archive_name().startswith("governance-openness-")
    True
    """
    return f"governance-openness-{newest_release().version}.zip"


def data_files() -> dict[str, bytes]:
    """Return the released tables, the workbook and their descriptions by file name.

    Examples
    --------
    >>> sorted(data_files())[:2]
    ['akim_elections.csv', 'appeals.csv']
    """
    kinds = (".csv", ".json", ".xlsx")
    found = sorted(path for path in paths.processed().iterdir() if path.suffix in kinds)
    files = {path.name: path.read_bytes() for path in found}
    return files | {CROISSANT: croissant(files).encode()}


def archive() -> bytes:
    """Return the released data as one ZIP: the same bytes for the same data.

    Tables as CSV, the workbook, datapackage.json, croissant.json, a README and the data dictionary
    in each language.
    """
    from analysis.data.dictionary import data_dictionary

    names = {language: f"data-dictionary.{language}.md" for language in languages()}
    words = {name: data_dictionary(language) for language, name in names.items()}
    words["README.md"] = _readme()
    files = data_files() | {name: text.encode() for name, text in words.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, FILES_DATED.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _readme() -> str:
    version, released = newest_release()
    return (
        "# Openness of local government in Kazakhstan: published figures\n\n"
        f"Version {version}, {released.isoformat()}. One row of a table is one value, with its "
        "range and the ids of its sources.\n\n"
        "- `*.csv`: the tables; `openness.xlsx`: the same as one workbook\n"
        "- `sources.csv`: each source; `ledger.csv`: published figures that are in no series, and "
        "why\n"
        "- `datapackage.json` (Frictionless), `croissant.json` (Croissant, schema.org): what each "
        "column holds\n"
        "- `data-dictionary.*.md`: the same for people, in three languages\n\n"
        f'Load a table: `pandas.read_csv("appeals.csv")`.\n\n'
        f"Cite: governance-openness {version}, and the source of each figure you quote. "
        "The compilation: CC BY 4.0; each source keeps its own rights.\n"
    )


def croissant(files: dict[str, bytes]) -> str:
    """Return the description of released tables in the terms of Croissant, as JSON-LD.

    Parameters
    ----------
    files : dict of str to bytes
        Content by file name; paths in the description are those names.
    """
    version, released = newest_release()
    tables = [name.removesuffix(".csv") for name in files if name.endswith(".csv")]
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": "governance-openness",
        "description": (
            "Published figures on the openness of local government in Kazakhstan since 2021: "
            "appeals, meetings, elections of akims, turnout. One row is one value, with its range "
            "and its sources."
        ),
        "url": "https://creativecommons.org/licenses/by/4.0/",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "version": version,
        "datePublished": released.isoformat(),
        "creator": {"@type": "sc:Organization", "name": "The governance-openness contributors"},
        "citeAs": f"governance-openness {version}",
        "isLiveDataset": False,
        "distribution": [
            _file_object(name, content)
            for name, content in files.items()
            if not name.endswith(".json")
        ],
        "recordSet": [_record_set(table, files[f"{table}.csv"]) for table in tables],
    }
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def _file_object(name: str, content: bytes) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "encodingFormat": "text/csv" if name.endswith(".csv") else _XLSX,
        "contentSize": f"{len(content)} B",
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _record_set(table: str, content: bytes) -> dict[str, Any]:
    header = content.decode().splitlines()[0]
    types, meanings = columns_of(table), _meanings(table)
    fields = [
        _field(table, column, types.get(column, "string"), meanings.get(column, column))
        for column in header.split(",")
    ]
    described: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "field": fields,
    }
    if table in _KEYS:
        described["key"] = {"@id": f"{table}/{_KEYS[table]}"}
    return described


def _field(table: str, column: str, kind: str, meaning: str) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table}/{column}",
        "name": column,
        "description": meaning,
        "dataType": _TYPES[kind],
        "source": {"fileObject": {"@id": f"{table}.csv"}, "extract": {"column": column}},
    }
    target = _REFERENCES.get(column, table)
    if target != table:
        field["references"] = {"field": {"@id": f"{target}/{_KEYS[target]}"}}
    return field


def _meanings(table: str) -> dict[str, str]:
    """Return what each column of a table means; columns of figures mean the same in each."""
    rows = read_rows("raw/columns")
    general = {row["column"]: row["en"] for row in rows if row["table"] in ("figures", "series")}
    return general | {row["column"]: row["en"] for row in rows if row["table"] == table}
