"""Redraw the published figures and see that they are the same."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from analysis import paths
from analysis.errors import DataError
from analysis.gallery.export import MANIFEST, content_hash, files_of, versions
from analysis.gallery.registry import FIGURES

# Share of pixels that may differ, and by how much a pixel must to count: other versions of the
# font renderer shift edges by fractions of a pixel, which touches under a tenth of the picture.
TOLERANCE, PIXEL = 0.10, 48
_ROWS_NAMED = 4


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
        if name not in record["figures"]:
            yield Verdict(name, False, "not published")
        elif name not in FIGURES:
            yield Verdict(name, False, "published, but no longer drawn")
        else:
            yield _compare(name, record, files_of(name, record["language"])[1], folder)


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
        Same data and same picture; same data and a picture within the tolerance (a pass with a
        note); or what differs.

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
    hashes = {kind: content_hash(files[f"{name}.{kind}"]) for kind in ("csv", "svg", "png")}
    if hashes["csv"] != published["csv"]:
        differ = _rows_that_differ(folder / f"{name}.csv", files[f"{name}.csv"])
        return Verdict(name, False, f"different data: {differ}")
    if hashes["svg"] == published["svg"] and hashes["png"] == published["png"]:
        return Verdict(name, True, "same data, same picture")
    share = _share_of_pixels((folder / f"{name}.png").read_bytes(), files[f"{name}.png"])
    other = ", ".join(_other_versions(record["versions"])) or "same versions, another system"
    said = f"same data, {share:.1%} of the picture differs; {other}"
    return Verdict(name, share <= TOLERANCE, said)


def _other_versions(published: dict[str, str]) -> list[str]:
    return [
        f"{name} {here} (published: {published.get(name)})"
        for name, here in versions().items()
        if published.get(name) != here
    ]


def _share_of_pixels(before: bytes, after: bytes) -> float:
    old, new = (Image.open(io.BytesIO(content)).convert("L") for content in (before, after))
    if old.size != new.size:
        return 1.0
    difference = np.abs(np.asarray(old, dtype=int) - np.asarray(new, dtype=int))
    return float((difference > PIXEL).mean())


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
    return f"{len(rows)} rows: " + "; ".join(rows[:_ROWS_NAMED])
