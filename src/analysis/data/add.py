"""Enter new figures: compared with what is there, shown as a diff, written only when asked."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from pathlib import Path

from analysis import paths
from analysis.data.observations import read_observations
from analysis.data.reconcile import KEY, contains, reason_left_out
from analysis.data.tables import FIGURES, Row, read_table
from analysis.errors import DataError
from analysis.files import write_whole

_OVER_TIME = ("period_start", "period_end", "vote", "stage", "as_of")  # what moves along a series
_NEAR = ("indicator", "place_id", "period_start", "period_end", "vote", "stage", "as_of")
_WIDE = 2  # a value beyond this many times the range of its series is out of range
_SHOWN = 3
_MUST_BE_FILLED = ("indicator", "value", "unit", "measure", "place_id", "level", "source_id")


def _with_new(dataset: str, file: Path) -> tuple[list[Row], list[Row], str]:
    """Return the figures that are there, the new ones, and the text of the file with both."""
    new = read_table(file, FIGURES)
    _check_filled(file, new)
    old = (paths.raw() / f"{dataset}.csv").read_text("utf-8")
    out = io.StringIO()
    csv.DictWriter(out, FIGURES, lineterminator="\n").writerows(new)
    text = old + out.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(paths.raw(), Path(folder) / "raw"))
        (copy / f"{dataset}.csv").write_text(text, "utf-8")
        rows = read_observations(dataset, folder=copy)
    n_old = len(rows) - len(new)
    return rows[:n_old], rows[n_old:], text


def _check_filled(file: Path, new: list[Row]) -> None:
    """Raise an error that names the cells to fill in."""
    if not new:
        raise DataError.one(
            file=file.name,
            found="a header and no rows",
            expected="one row per figure",
            remedy="Fill in a row; CONTRIBUTING.md explains every column.",
        )
    for number, row in enumerate(new, start=2):
        empty = [column for column in _MUST_BE_FILLED if not row[column]]
        if empty:
            raise DataError.one(
                file=file.name,
                row=number,
                column=empty[0],
                found="nothing",
                expected="a value in " + ", ".join(_MUST_BE_FILLED),
                remedy=f"Fill in {', '.join(empty)}; CONTRIBUTING.md explains every column.",
            )


def preview(dataset: str, file: Path) -> list[str]:
    """Return what each new figure does to the data.

    Parameters
    ----------
    dataset : str
        The data set the figures belong to.
    file : Path
        A CSV file with the columns of data/raw; sources must be in sources.csv already.

    Returns
    -------
    list of str
        One line per figure: whether it is new, agrees, or conflicts with what is there; whether
        figures stand near it (the same indicator, place and period in another breakdown, register,
        unit or measure); whether it is out of the range of its series; and whether it is the first
        of its indicator.

    Raises
    ------
    DataError
        If a figure is not valid, holds a code that codes.csv does not know, or is there already.
    """
    old, new, _ = _with_new(dataset, file)
    lines = []
    for row in new:
        said = verdict(row, old)
        lines.append(f"+ {_named(row)}: {said}")
    return lines


def _named(row: Row) -> str:
    named = ("indicator", "value", "unit", "place_id", "period_end")
    cells = []
    for column in named:
        cells.append(row[column])
    return " ".join(cells)


def verdict(row: Row, old: list[Row]) -> str:
    """Return what one new figure does to the figures that are there.

    Parameters
    ----------
    row : dict
        The new figure, valid.
    old : list of dict
        The figures of its data set.
    """
    reason = reason_left_out(row)
    if reason:
        return f"kept, but in no series ({reason})"
    results = [known for known in old if not reason_left_out(known)]
    same = [known for known in results if _alike(known, row, KEY)]
    parts = []
    parts.append(_beside_same(row, same))
    parts += _beside_near(row, results, same)
    parts += _beside_series(row, results)
    return "; ".join(parts)


def _alike(known: Row, row: Row, columns: tuple[str, ...]) -> bool:
    matches = [known[column] == row[column] for column in columns]
    return all(matches)


def _beside_same(row: Row, same: list[Row]) -> str:
    if not same:
        return "new"
    own = [known for known in same if known["source_id"] == row["source_id"]]
    differ = [known for known in same if float(known["value"]) != float(row["value"])]
    if own and differ:
        return f"its source says {own[0]['value']} already: the build would stop"
    rounded = [known for known in differ if contains(known, row) or contains(row, known)]
    real = sorted({known["value"] for known in differ if known not in rounded}, key=float)
    if real:
        return f"conflicts with {', '.join(real)}"
    return "agrees with what is there, rounded" if rounded else "agrees with what is there"


def _beside_near(row: Row, results: list[Row], same: list[Row]) -> list[str]:
    """Return a warning on figures that differ from the new one in what is easily overlooked."""
    near = [known for known in results if _alike(known, row, _NEAR)]
    if same or not near:
        return []
    shown = []
    for known in near[:_SHOWN]:
        apart = _apart(known, row)
        shown.append(f"{known['value']} ({apart})")
    left = len(near) - _SHOWN
    more = f" and {left} more" if left > 0 else ""
    figures = ", ".join(shown)
    return [f"near {figures}{more}: is it the same thing?"]


def _apart(known: Row, row: Row) -> str:
    apart = []
    for column in KEY:
        own = known[column]
        if own != row[column]:
            apart.append(f"{column} {own or 'empty'}")
    return ", ".join(apart)


def _beside_series(row: Row, results: list[Row]) -> list[str]:
    indicators = {known["indicator"] for known in results}
    if row["indicator"] not in indicators:
        return ["the first figure of its indicator"]
    over_time = tuple(column for column in KEY if column not in _OVER_TIME)
    alike = [known for known in results if _alike(known, row, over_time)]
    if not alike:
        return []
    series = [float(known["value"]) for known in alike]
    low, high = min(series), max(series)
    value = float(row["value"])
    if low / _WIDE <= value <= high * _WIDE:
        return []
    return [f"out of range: its series runs from {low:g} to {high:g}"]


def append(dataset: str, file: Path) -> int:
    """Write the new figures to data/raw, whole or not at all, and return how many.

    Raises
    ------
    DataError
        As in `preview`.
    """
    _, new, text = _with_new(dataset, file)
    folder = paths.raw()
    path = folder / f"{dataset}.csv"
    write_whole(path, text)
    return len(new)
