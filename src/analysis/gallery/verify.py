"""Redraw the published figures and see that they are the same."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import paths
from analysis.errors import DataError, check_known
from analysis.gallery.drawing import drawing_differences
from analysis.gallery.export import KINDS, MANIFEST, content_hash, files_of, system, versions
from analysis.gallery.registry import FIGURES

_NAMED, _LETTERS = 4, 90  # differences named in a verdict, and letters of each


@dataclass(frozen=True)
class Verdict:
    """What redrawing one figure showed."""

    name: str
    passed: bool
    said: str


def iter_verify(folder: Path | str | None = None) -> Iterator[Verdict]:
    """Redraw every published figure and report each when it was compared.

    Parameters and errors as in `verify`.

    Yields
    ------
    Verdict
    """
    folder = Path(folder) if folder is not None else paths.root() / "figures"
    record = _read_manifest(folder)
    for name in sorted(set(FIGURES) | set(record["figures"])):
        yield _verdict(name, record, folder)


def verify_one(name: str, folder: Path | str | None = None) -> Verdict:
    """Redraw one published figure and compare data and picture.

    Parameters
    ----------
    name : str
    folder : Path or str, optional
        As in `verify`.

    Raises
    ------
    UnknownName
        If there is no such figure, with near names.

    Examples
    --------
    >>> verify_one("timeline").name
    'timeline'
    """
    folder = Path(folder) if folder is not None else paths.root() / "figures"
    record = _read_manifest(folder)
    return _verdict(check_known("figure", name, FIGURES), record, folder)


def _verdict(name: str, record: dict[str, Any], folder: Path) -> Verdict:
    if name not in record["figures"]:
        return Verdict(name, False, "not published")
    if name not in FIGURES:
        return Verdict(name, False, "published, but no longer drawn")
    language = record["language"]
    _, files = files_of(name, language)
    return _compare(name, record, files, folder)


def verify(
    folder: Path | str | None = None, *, progress: Callable[[Verdict], object] | None = None
) -> list[Verdict]:
    """Redraw every published figure and compare data and picture.

    Parameters
    ----------
    folder : Path or str, optional
        The published figures; figures/ of the repository if not given.
    progress : callable, optional
        Called with each verdict when it is known.

    Returns
    -------
    list of Verdict
        Passed: the same bytes or, with other versions or on another system, the same data and
        every mark within half a pixel of its place. Else what differs.

    Raises
    ------
    DataError
        If there is no manifest.
    """
    verdicts = []
    for verdict in iter_verify(folder):
        verdicts.append(verdict)
        if progress is not None:
            progress(verdict)
    return verdicts


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        raise DataError.one(
            file=MANIFEST,
            found="no such file",
            expected=str(path),
            remedy="Run: openness figures",
        )
    return json.loads(path.read_text("utf-8"))


def _compare(name: str, record: dict[str, Any], files: dict[str, bytes], folder: Path) -> Verdict:
    published = record["figures"][name]
    hashes = {kind: content_hash(files[f"{name}.{kind}"]) for kind in KINDS}
    if hashes["csv"] != published["csv"]:
        table = f"{name}.csv"
        rows = _rows_that_differ(folder / table, files[table])
        return Verdict(name, False, f"different data: {rows}")
    if all(hashes[kind] == published.get(kind) for kind in KINDS):
        return Verdict(name, True, "same data, same picture")
    path = folder / f"{name}.svg"
    if not path.is_file():
        return Verdict(name, False, f"{path.name} is missing")
    before, after = path.read_bytes(), files[path.name]
    differ = drawing_differences(before, after)
    shown = "; ".join(differ[:_NAMED]) or "every mark within half a pixel"
    other = ", ".join(_other_versions(record))
    if not other:
        said = f"same data, another picture with the same versions on the same system: {shown}"
        return Verdict(name, False, said)
    is_same = not differ
    return Verdict(name, is_same, f"same data, {shown}; {other}")


def _other_versions(record: dict[str, Any]) -> list[str]:
    """Return what differs between here and where the figures were drawn."""
    published = dict(record["versions"])
    published["system"] = record.get("system", "not known")
    here = versions()
    here["system"] = system()
    others = []
    for name, value in here.items():
        then = published.get(name)
        if then != value:
            others.append(f"{name} {value} (published: {then})")
    return others


def _rows_that_differ(path: Path, drawn: bytes) -> str:
    if not path.is_file():
        return f"{path.name} is missing"
    old = _read_table(path.read_bytes())
    new = _read_table(drawn)
    if list(old) != list(new):
        return "other columns"
    before = _rows_of(old)
    now = _rows_of(new)
    gone = sorted(before - now)
    come = sorted(now - before)
    rows = [_marked("-", row) for row in gone]
    rows += [_marked("+", row) for row in come]
    named = "; ".join(rows[:_NAMED])
    return f"{len(rows)} rows: {named}"


def _read_table(content: bytes) -> pd.DataFrame:
    csv = io.BytesIO(content)
    return pd.read_csv(csv, dtype=str, keep_default_na=False)


def _rows_of(table: pd.DataFrame) -> set[tuple[str, ...]]:
    rows = table.to_numpy()
    return {tuple(row) for row in rows}


def _marked(sign: str, row: tuple[str, ...]) -> str:
    """Return the cells of a row in one line, with what became of it."""
    filled = [cell for cell in row if cell]
    written = " ".join(filled)
    shown = written[:_LETTERS]
    return f"{sign} {shown}"
