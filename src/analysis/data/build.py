"""Make data/processed/ from data/raw/, all or nothing, and tell whether it is what raw gives."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from analysis import paths
from analysis.data import tables
from analysis.data.observations import codes, read_observations
from analysis.data.reconcile import LEDGER_COLUMNS, SERIES_COLUMNS, reconcile
from analysis.data.superseded import read_superseded
from analysis.data.tables import Row, read_table
from analysis.errors import DataError, Problem, near_names
from analysis.files import write_whole

# Tables that pass through, with the columns that may hold only sources or codes.
_BESIDE = {
    "places": tables.PLACES,
    "events": tables.EVENTS,
    "mandates": tables.MANDATES,
    "duties": tables.DUTIES,
    "sources": tables.SOURCES,
}
_CITED = ("events", "mandates", "duties")
_CODED = {"duties": ("theme", "term_unit"), "coverage_items": ("requires",)}
_WORKBOOK = "data/processed/openness.xlsx"


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

    Examples
    --------
    >>> "ledger.csv" in processed_files()
    True
    """
    folder = folder or paths.raw()
    beside = {name: read_table(folder / f"{name}.csv", cols) for name, cols in _BESIDE.items()}
    by_id = {source["source_id"]: source for source in beside["sources"]}
    problems = _problems_beside(folder, beside, set(by_id))
    files: dict[str, str] = {}
    ledger: list[Row] = []
    for row in read_table(folder / "datasets.csv", tables.DATASETS):
        dataset = row["dataset"]
        try:
            series, left_out = _reconciled(dataset, folder, by_id)
        except DataError as error:
            problems += error.problems
            continue
        files[f"{dataset}.csv"] = _csv(series, SERIES_COLUMNS)
        ledger += [{"dataset": dataset, **figure} for figure in left_out]
    if problems:
        raise DataError(problems)
    files["ledger.csv"] = _csv(ledger, LEDGER_COLUMNS)
    return files | {f"{name}.csv": _csv(beside[name], cols) for name, cols in _BESIDE.items()}


def _reconciled(dataset: str, folder: Path, sources: dict[str, Row]) -> tuple[list[Row], list[Row]]:
    rows = read_observations(dataset, folder=folder)
    gives_way = read_superseded(dataset, folder=folder)
    return reconcile(rows, sources=sources, gives_way=gives_way, file=f"{dataset}.csv")


def _problems_beside(
    folder: Path, beside: dict[str, list[Row]], sources: set[str]
) -> list[Problem]:
    problems = []
    for name in _CITED:
        problems += _without_source(f"{name}.csv", beside[name], sources)
    allowed = codes(folder)
    items = read_table(folder / "coverage_items.csv", tables.COVERAGE_ITEMS)
    for name, rows in {"duties": beside["duties"], "coverage_items": items}.items():
        for column in _CODED[name]:
            problems += _without_code(f"{name}.csv", column, rows, allowed[column])
    return problems


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


def _without_code(
    file: str, column: str, rows: list[Row], allowed: tuple[str, ...]
) -> list[Problem]:
    return [
        Problem(
            file=file,
            row=number,
            column=column,
            found=repr(row[column]),
            expected="a code of codes.csv",
            remedy=f"Near: {', '.join(near_names(row[column], allowed)) or 'nothing'}.",
        )
        for number, row in enumerate(rows, start=2)
        if row[column] and row[column] not in allowed
    ]


def build(*, raw: Path | None = None, processed: Path | None = None) -> list[Path]:
    """Write the tables of data/processed/ and return the files written.

    Nothing is written unless all can be.
    """
    folder = processed or paths.processed()
    texts = {}
    for name, text in processed_files(raw).items():
        path = folder / name
        texts[path] = text.encode()
    _write_all(texts)
    return list(texts)


def stale(*, raw: Path | None = None, processed: Path | None = None) -> list[str]:
    """Return the names of the tables of data/processed/ that are not what raw gives."""
    folder = processed or paths.processed()
    names = []
    for name, text in processed_files(raw).items():
        content = text.encode()
        if not _is(folder / name, content):
            names.append(name)
    return names


def all_files() -> dict[str, Callable[[], bytes]]:
    """Return how to make each file that follows from data/raw, by its path in the repository.

    The tables of data/processed, the descriptions of both folders, the data dictionaries and the
    workbook. Git is not needed.
    """
    from analysis.data.dictionary import described_files
    from analysis.data.release import workbook
    from analysis.data.version import data_version

    tables_ = processed_files()
    made = {f"data/processed/{name}": text for name, text in tables_.items()} | described_files()
    writers = {name: _constant(text.encode()) for name, text in made.items()}
    return writers | {_WORKBOOK: lambda: workbook(tables_, version=data_version())}


def _constant(content: bytes) -> Callable[[], bytes]:
    return lambda: content


def build_all() -> list[str]:
    """Write every file that follows from data/raw, all or nothing, and return their paths.

    Raises
    ------
    DataError
        With every problem of every raw file; nothing is written then.
    """
    root = paths.root()
    contents = {}
    for name, make in all_files().items():
        path = root / name
        contents[path] = make()
    _write_all(contents)
    written = [path.relative_to(root) for path in contents]
    return [path.as_posix() for path in written]


def check_all() -> list[str]:
    """Return the paths of files that are not what data/raw gives, the workbook among them.

    Raises
    ------
    DataError
        With every problem of every raw file.
    """
    root = paths.root()
    names = []
    for name, make in all_files().items():
        content = make()
        if not _is(root / name, content):
            names.append(name)
    return names


def _is(path: Path, content: bytes) -> bool:
    if not path.is_file():
        return False
    return path.read_bytes() == content


def _write_all(contents: dict[Path, bytes]) -> None:
    """Write files whole; if one cannot be written, put the earlier ones back as they were."""
    changed = {path: content for path, content in contents.items() if not _is(path, content)}
    with tempfile.TemporaryDirectory() as folder:
        kept = {path: Path(folder) / str(n) for n, path in enumerate(changed) if path.is_file()}
        for path, copy in kept.items():
            shutil.copy2(path, copy)
        written: list[Path] = []
        try:
            for path, content in changed.items():
                write_whole(path, content)
                written.append(path)
        except BaseException:
            for path in written:
                shutil.copy2(kept[path], path) if path in kept else path.unlink()
            raise
