"""Make data/processed/ from data/raw/, and say whether it is what raw gives."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from analysis import paths
from analysis.data import tables
from analysis.data.observations import read_observations
from analysis.data.reconcile import LEDGER_COLUMNS, SERIES_COLUMNS, reconcile
from analysis.data.tables import Row, read_table
from analysis.errors import DataError, Problem
from analysis.files import write_whole

_CITED = {"events": tables.EVENTS, "mandates": tables.MANDATES}  # rows that name a source


def _csv(rows: Iterable[Row], columns: tuple[str, ...]) -> str:
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
    sources = read_table(folder / "sources.csv", tables.SOURCES)
    by_id = {source["source_id"]: source for source in sources}
    problems: list[Problem] = []
    files: dict[str, str] = {}
    ledger: list[Row] = []
    for row in read_table(folder / "datasets.csv", tables.DATASETS):
        dataset = row["dataset"]
        try:
            rows = read_observations(dataset, folder=folder)
        except DataError as error:
            problems += error.problems
            continue
        series, left_out = reconcile(rows, sources=by_id)
        files[f"{dataset}.csv"] = _csv(series, SERIES_COLUMNS)
        ledger += [{"dataset": dataset, **figure} for figure in left_out]
    cited = {name: read_table(folder / f"{name}.csv", columns) for name, columns in _CITED.items()}
    for name, rows in cited.items():
        problems += _without_source(f"{name}.csv", rows, set(by_id))
    if problems:
        raise DataError(problems)
    files["ledger.csv"] = _csv(ledger, LEDGER_COLUMNS)
    files["places.csv"] = _csv(read_table(folder / "places.csv", tables.PLACES), tables.PLACES)
    for name, rows in cited.items():
        files[f"{name}.csv"] = _csv(rows, _CITED[name])
    files["sources.csv"] = _csv(sources, tables.SOURCES)
    return files


def _without_source(file: str, rows: list[Row], sources: set[str]) -> list[Problem]:
    return [
        Problem(
            file=file,
            row=number,
            column="source_id",
            found=repr(row["source_id"]),
            expected="a source listed in sources.csv",
            remedy="Correct it, or add the source.",
        )
        for number, row in enumerate(rows, start=2)
        if row["source_id"] not in sources
    ]


def build(*, raw: Path | None = None, processed: Path | None = None) -> list[Path]:
    """Write data/processed/ and return the files written."""
    folder = processed or paths.processed()
    files = processed_files(raw)
    for name, text in files.items():
        write_whole(folder / name, text)
    return [folder / name for name in files]


def stale(*, raw: Path | None = None, processed: Path | None = None) -> list[str]:
    """Return the names of the processed files that are not what raw gives."""
    folder = processed or paths.processed()
    return [
        name
        for name, text in processed_files(raw).items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != text.encode()
    ]
