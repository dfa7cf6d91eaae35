"""Enter new figures: checked against what is there, shown as a diff, written only when asked."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from pathlib import Path

from analysis import paths
from analysis.data.observations import read_observations
from analysis.data.reconcile import KEY, reason_left_out
from analysis.data.tables import FIGURES, Row, read_table
from analysis.files import write_whole


def _with_new(dataset: str, file: Path) -> tuple[list[Row], list[Row], str]:
    new = read_table(file, FIGURES)
    old = (paths.raw() / f"{dataset}.csv").read_text("utf-8")
    out = io.StringIO()
    csv.DictWriter(out, FIGURES, lineterminator="\n").writerows(new)
    text = old + out.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(paths.raw(), Path(folder) / "raw"))
        (copy / f"{dataset}.csv").write_text(text, "utf-8")
        rows = read_observations(dataset, folder=copy)
    return rows[: len(rows) - len(new)], new, text


def preview(dataset: str, file: Path) -> list[str]:
    """Say of each new figure what it does to the data.

    Parameters
    ----------
    dataset : str
        The data set the figures belong to.
    file : Path
        A CSV file with the columns of data/raw; sources must be in sources.csv already.

    Returns
    -------
    list of str
        A line a figure: new, agrees, or conflicts with what is there, and whether it is outside the
        range that the series had so far.

    Raises
    ------
    DataError
        If a figure is not valid or is there already.
    """
    old, new, _ = _with_new(dataset, file)
    return [f"+ {row['indicator']} {row['value']} {row['unit']} {row['place_id']} {row['period_end']}: {_verdict(row, old)}"
            for row in new]  # fmt: skip


def _verdict(row: Row, old: list[Row]) -> str:
    reason = reason_left_out(row)
    if reason:
        return f"kept, but in no series ({reason})"
    same = [r for r in old if all(r[c] == row[c] for c in KEY) and not reason_left_out(r)]
    if same:
        differ = sorted({r["value"] for r in same if float(r["value"]) != float(row["value"])})
        said = f"conflicts with {', '.join(differ)}" if differ else "agrees with what is there"
    else:
        said = "new"
    over_time = [c for c in KEY if c not in ("period_start", "period_end", "vote", "stage")]
    series = [float(r["value"]) for r in old if all(r[c] == row[c] for c in over_time)]
    if series and not min(series) / 2 <= float(row["value"]) <= max(series) * 2:
        said += f"; out of range: its series runs from {min(series):g} to {max(series):g}"
    return said


def append(dataset: str, file: Path) -> int:
    """Write the new figures to data/raw, whole or not at all, and return how many."""
    _, new, text = _with_new(dataset, file)
    write_whole(paths.raw() / f"{dataset}.csv", text)
    return len(new)
