"""The published figures: drawn with their data, and redrawn to see that they are the same."""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import json
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from PIL import Image

from analysis import evidence, load, paths
from analysis.charts import FIGURES, Chart, draw
from analysis.errors import DataError, Problem
from analysis.files import write_whole
from analysis.locale import day

# Share of pixels that may differ, and by how much a pixel must to count: other versions of the font renderer shift
# edges by fractions of a pixel, which touches under a tenth of the picture.
TOLERANCE, PIXEL = 0.10, 48
_LIBRARIES = ("matplotlib", "numpy", "pandas", "pillow", "seaborn")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def versions() -> dict[str, str]:
    """Return the versions that decide how a figure looks."""
    return {"python": platform.python_version()} | {
        name: importlib.metadata.version(name) for name in _LIBRARIES
    }


def _files(name: str, language: str) -> tuple[Chart, dict[str, bytes]]:
    chart = draw(name, language=language)
    data = chart.data().to_csv(index=False, lineterminator="\n").encode()
    files = {f"{name}.csv": data, f"{name}.svg": chart.svg(), f"{name}.png": chart.png(dpi=110)}
    plt.close(chart)
    return chart, files


def export(folder: Path, *, language: str = "en") -> Iterator[tuple[str, int, int]]:
    """Write every figure as SVG and PNG with its data, a README, how to cite, and a manifest.

    Yields
    ------
    tuple
        Name of the figure written, number done, number in all.
    """
    manifest: dict[str, dict[str, str]] = {}
    for done, name in enumerate(FIGURES, start=1):
        chart, files = _files(name, language)
        for file, content in files.items():
            write_whole(folder / file, content)
        manifest[name] = {Path(file).suffix[1:]: _hash(content) for file, content in files.items()}
        manifest[name] |= {"title": chart.title, "alt": chart.alt}
        yield name, done, len(FIGURES)
    write_whole(folder / "README.md", _readme(language))
    record = {"language": language, "versions": versions(), "figures": manifest}
    write_whole(folder / "manifest.json", json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def _readme(language: str) -> str:
    return (
        "# Figures\n\n"
        "Each figure is there as SVG and PNG, with its data as CSV: every plotted value with its range and source ids.\n\n"
        f"{evidence.cite(language=language)}\n\n"
        f"Newest source: {day(load.data_as_of(), language)}. Report an error: see CONTRIBUTING.md.\n\n"
        "`openness verify` redraws all figures and compares.\n"
    )


@dataclass(frozen=True)
class Verdict:
    """What redrawing one figure showed."""

    name: str
    passed: bool
    said: str


def verify(folder: Path | None = None) -> Iterator[Verdict]:
    """Redraw every published figure and compare data and picture.

    Parameters
    ----------
    folder : Path, optional
        The published figures; figures/ of the repository if not given.

    Yields
    ------
    Verdict
        Same data and same picture; same data and a picture within the tolerance (a pass with a note); or what differs.

    Raises
    ------
    DataError
        If there is no manifest.
    """
    folder = folder or paths.root() / "figures"
    path = folder / "manifest.json"
    if not path.is_file():
        raise DataError(
            [
                Problem(
                    file="manifest.json",
                    found="no such file",
                    expected=str(path),
                    remedy="Run: openness figures",
                )
            ]
        )
    record = json.loads(path.read_text("utf-8"))
    for name in sorted(set(FIGURES) | set(record["figures"])):
        if name not in record["figures"] or name not in FIGURES:
            yield Verdict(
                name,
                False,
                "not published" if name in FIGURES else "published, but no longer drawn",
            )
            continue
        yield _compare(name, record, _files(name, record["language"])[1], folder)


def _compare(name: str, record: dict, files: dict[str, bytes], folder: Path) -> Verdict:
    published = record["figures"][name]
    if _hash(files[f"{name}.csv"]) != published["csv"]:
        return Verdict(
            name,
            False,
            "different data: " + _rows_that_differ(folder / f"{name}.csv", files[f"{name}.csv"]),
        )
    if (
        _hash(files[f"{name}.svg"]) == published["svg"]
        and _hash(files[f"{name}.png"]) == published["png"]
    ):
        return Verdict(name, True, "same data, same picture")
    share = _share_of_pixels((folder / f"{name}.png").read_bytes(), files[f"{name}.png"])
    other = [
        f"{k} {v} (published: {record['versions'].get(k)})"
        for k, v in versions().items()
        if record["versions"].get(k) != v
    ]
    note = f"same data, {share:.1%} of the picture differs; {', '.join(other) or 'same versions, another system'}"
    return Verdict(name, share <= TOLERANCE, note)


def _share_of_pixels(before: bytes, after: bytes) -> float:
    old, new = (Image.open(io.BytesIO(content)).convert("L") for content in (before, after))
    if old.size != new.size:
        return 1.0
    return float((np.abs(np.asarray(old, dtype=int) - np.asarray(new, dtype=int)) > PIXEL).mean())


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
    return f"{len(rows)} rows: " + "; ".join(rows[:4])


def contact_sheet(path: Path, *, language: str, width: int = 720, columns: int = 3) -> Path:
    """Write all figures of a language on one picture, each `width` pixels wide, to look at them together.

    Parameters
    ----------
    path : Path
        The PNG to write.
    language : {"en", "kk", "ru"}
    width : int
        Width of a figure; 360 is that of a phone.
    columns : int
        Figures side by side.
    """
    pictures = []
    for name in FIGURES:
        chart = draw(name, language=language)
        picture: Image.Image = Image.open(io.BytesIO(chart.png(dpi=160)))
        pictures.append(
            picture.resize(
                (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
            )
        )
        plt.close(chart)
    piles = [pictures[i::columns] for i in range(columns)]
    sheet = Image.new(
        "RGB", (width * columns, max(sum(p.height for p in pile) for pile in piles)), "white"
    )
    for column, pile in enumerate(piles):
        top = 0
        for picture in pile:
            sheet.paste(picture, (column * width, top))
            top += picture.height
    out = io.BytesIO()
    sheet.save(out, "PNG")
    write_whole(path, out.getvalue())
    return path
