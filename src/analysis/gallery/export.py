"""Write the published figures with their data, a README, how to cite them, and a manifest."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from analysis import evidence, load
from analysis.charts.chart import Chart
from analysis.files import write_whole
from analysis.gallery.registry import FIGURES, draw
from analysis.gallery.workbook import workbook
from analysis.locale import day

MANIFEST = "manifest.json"
KINDS = ("csv", "xlsx", "svg", "png")  # of the files of a figure
_DPI = 110
_LIBRARIES = ("matplotlib", "numpy", "openpyxl", "pandas", "pillow", "seaborn")


class Step(NamedTuple):
    """A figure that was written: its name, the number done and the number in all."""

    name: str
    done: int
    total: int


def versions() -> dict[str, str]:
    """Return the versions that decide how a figure looks.

    Examples
    --------
    >>> "matplotlib" in versions()
    True
    """
    found = {name: importlib.metadata.version(name) for name in _LIBRARIES}
    return {"python": platform.python_version()} | found


def system() -> str:
    """Return the system on which the same versions draw the same bytes.

    Examples
    --------
    >>> " " in system()
    True
    """
    kernel = platform.system()
    machine = platform.machine()
    return f"{kernel} {machine}"


def content_hash(content: bytes) -> str:
    """Return the SHA-256 of a file's content.

    Examples
    --------
    >>> content_hash(b"")[:8]
    'e3b0c442'
    """
    digest = hashlib.sha256(content)
    return digest.hexdigest()


def files_of(name: str, language: str) -> tuple[Chart, dict[str, bytes]]:
    """Return a figure and its files: data as CSV and XLSX, SVG and PNG, by file name."""
    chart = draw(name, language=language)
    files = {
        f"{name}.csv": chart.table().to_csv(index=False, lineterminator="\n").encode(),
        f"{name}.xlsx": workbook(chart),
        f"{name}.svg": chart.svg(),
        f"{name}.png": chart.png(dpi=_DPI),
    }
    return chart, files


def iter_export(folder: Path | str, *, language: str = "en") -> Iterator[Step]:
    """Write every figure and report each when it is written.

    Parameters
    ----------
    folder : Path or str
    language : {"en", "kk", "ru"}

    Yields
    ------
    Step
    """
    folder = Path(folder)
    manifest: dict[str, dict[str, str]] = {}
    for done, name in enumerate(FIGURES, start=1):
        chart, files = files_of(name, language)
        figure = {}
        for file, content in files.items():
            path = folder / file
            write_whole(path, content)
            kind = path.suffix.removeprefix(".")
            figure[kind] = content_hash(content)
        figure["title"] = chart.title
        figure["alt"] = chart.alt
        manifest[name] = figure
        yield Step(name, done, len(FIGURES))
    write_whole(folder / "README.md", _readme(language))
    record = {
        "language": language,
        "system": system(),
        "versions": versions(),
        "figures": manifest,
    }
    written = json.dumps(record, indent=1, ensure_ascii=False)
    write_whole(folder / MANIFEST, f"{written}\n")


def export(
    folder: Path | str,
    *,
    language: str = "en",
    progress: Callable[[Step], object] | None = None,
) -> list[Path]:
    """Write every figure as SVG and PNG with its data, a README, how to cite, and a manifest.

    Parameters
    ----------
    folder : Path or str
    language : {"en", "kk", "ru"}
    progress : callable, optional
        Called with a `Step` after each figure.

    Returns
    -------
    list of Path
        The files written.
    """
    folder = Path(folder)
    names = []
    for step in iter_export(folder, language=language):
        names += [f"{step.name}.{kind}" for kind in KINDS]
        if progress is not None:
            progress(step)
    names += ["README.md", MANIFEST]
    return [folder / name for name in names]


def _readme(language: str) -> str:
    return (
        "# Figures\n\n"
        "Each figure is there as SVG and PNG, with its data as CSV and XLSX: "
        "every plotted value with its range and source ids.\n\n"
        f"{evidence.cite(language=language)}\n\n"
        f"Newest source: {day(load.data_as_of(), language)}. "
        "Report an error: see CONTRIBUTING.md.\n\n"
        "`openness verify` redraws all figures and compares.\n"
    )
