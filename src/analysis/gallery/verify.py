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

_NAMED = 4  # differences named in a verdict


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
    return _compare(name, record, files_of(name, record["language"])[1], folder)


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
        rows = _rows_that_differ(folder / f"{name}.csv", files[f"{name}.csv"])
        return Verdict(name, False, f"different data: {rows}")
    if hashes == {kind: published.get(kind) for kind in KINDS}:
        return Verdict(name, True, "same data, same picture")
    path = folder / f"{name}.svg"
    if not path.is_file():
        return Verdict(name, False, f"{path.name} is missing")
    differ = drawing_differences(path.read_bytes(), files[path.name])
    shown = "; ".join(differ[:_NAMED]) or "every mark within half a pixel"
    other = ", ".join(_other_versions(record))
    if not other:
        said = f"same data, another picture with the same versions on the same system: {shown}"
        return Verdict(name, False, said)
    return Verdict(name, not differ, f"same data, {shown}; {other}")


def _other_versions(record: dict[str, Any]) -> list[str]:
    """Return what differs between here and where the figures were drawn."""
    published = record["versions"] | {"system": record.get("system", "not known")}
    here = versions() | {"system": system()}
    return [
        f"{name} {value} (published: {published.get(name)})"
        for name, value in here.items()
        if published.get(name) != value
    ]


def _rows_that_differ(path: Path, drawn: bytes) -> str:
    if not path.is_file():
        return f"{path.name} is missing"
    old, new = (
        pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
        for content in (path.read_bytes(), drawn)
    )
    if list(old) != list(new):
        return "other columns"
    gone, come = ({tuple(row) for row in frame.to_numpy()} for frame in (old, new))
    rows = [f"- {' '.join(filter(None, row))[:90]}" for row in sorted(gone - come)]
    rows += [f"+ {' '.join(filter(None, row))[:90]}" for row in sorted(come - gone)]
    return f"{len(rows)} rows: " + "; ".join(rows[:_NAMED])
