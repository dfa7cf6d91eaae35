"""Make data/processed/ from data/raw/, and say whether it is what raw gives."""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from datetime import datetime
from pathlib import Path

from analysis import paths
from analysis.errors import DataError, Problem
from analysis.observations import (
    DATASETS,
    EVENT_COLUMNS,
    MANDATE_COLUMNS,
    PLACE_COLUMNS,
    SOURCE_COLUMNS,
    Row,
    read_observations,
    read_table,
)
from analysis.reconcile import LEDGER_COLUMNS, SERIES_COLUMNS, reconcile

FILES_DATED = datetime(
    2026, 1, 1
)  # the day written into workbooks and documents, which otherwise differ at each build


def _csv(rows: list[Row], columns: tuple[str, ...]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def processed_files(folder: Path | None = None) -> dict[str, str]:
    """Return the text of each processed file by its name, checked, without writing anything.

    Raises
    ------
    DataError
        With every problem of every raw file.
    """
    folder = folder or paths.raw()
    problems: list[Problem] = []
    sources = read_table(folder / "sources.csv", SOURCE_COLUMNS)
    by_id = {s["source_id"]: s for s in sources}
    files: dict[str, str] = {}
    ledger: list[Row] = []
    for dataset in DATASETS:
        try:
            rows = read_observations(dataset, folder=folder)
        except DataError as error:
            problems += error.problems
            continue
        series, left_out = reconcile(rows, sources=by_id)
        files[f"{dataset}.csv"] = _csv(series, SERIES_COLUMNS)
        ledger += [{"dataset": dataset, **row} for row in left_out]
    problems += _check_sources(folder, "events.csv", EVENT_COLUMNS, set(by_id))
    problems += _check_sources(folder, "mandates.csv", MANDATE_COLUMNS, set(by_id))
    if problems:
        raise DataError(problems)
    files["ledger.csv"] = _csv(ledger, LEDGER_COLUMNS)
    files["places.csv"] = _csv(read_table(folder / "places.csv", PLACE_COLUMNS), PLACE_COLUMNS)
    files["events.csv"] = _csv(read_table(folder / "events.csv", EVENT_COLUMNS), EVENT_COLUMNS)
    files["mandates.csv"] = _csv(
        read_table(folder / "mandates.csv", MANDATE_COLUMNS), MANDATE_COLUMNS
    )
    files["sources.csv"] = _csv(sources, SOURCE_COLUMNS)
    return files


def _check_sources(
    folder: Path, name: str, columns: tuple[str, ...], sources: set[str]
) -> list[Problem]:
    rows = read_table(folder / name, columns)
    return [
        Problem(name, number, "source_id", repr(row["source_id"]), "a source listed in sources.csv",
                "Correct it, or add the source.")
        for number, row in enumerate(rows, start=2)
        if row["source_id"] not in sources
    ]  # fmt: skip


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content.encode() if isinstance(content, str) else content)
    os.replace(part, path)


def timeless(content: bytes) -> bytes:
    """Set the time stamps inside an XLSX or DOCX, so that two builds are the same."""
    out = io.BytesIO()
    stamp = FILES_DATED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "docProps/core.xml":
                data = re.sub(
                    rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, data
                )
            new.writestr(
                zipfile.ZipInfo(item.filename, FILES_DATED.timetuple()[:6]),
                data,
                zipfile.ZIP_DEFLATED,
            )
    return out.getvalue()


def build(*, raw: Path | None = None, processed: Path | None = None) -> list[Path]:
    """Write data/processed/ and return the files written."""
    folder = processed or paths.processed()
    files = processed_files(raw)
    for name, text in files.items():
        write_file(folder / name, text)
    return [folder / name for name in files]


def stale(*, raw: Path | None = None, processed: Path | None = None) -> list[str]:
    """Return the names of the processed files that are not what raw gives."""
    folder = processed or paths.processed()
    return [
        name
        for name, text in processed_files(raw).items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != text.encode()
    ]
