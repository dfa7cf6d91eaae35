"""A new figure is checked against what is there before it is written."""

from __future__ import annotations

import csv

import pytest

from analysis import paths
from analysis.data import add
from analysis.data.observations import read_observations
from analysis.data.tables import FIGURES
from analysis.errors import DataError


@pytest.fixture
def enter(raw_copy, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "raw", lambda: raw_copy)
    known = next(r for r in read_observations("appeals") if r["value"] == "32866")

    def write(**cells):
        path = tmp_path / "new.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, FIGURES)
            writer.writeheader()
            writer.writerow(known | cells)
        return path

    return write


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ({"period_start": "2025-01-01", "period_end": "2025-12-31", "value": "34000"}, "new"),
        ({"source_id": "s65ad7f6b"}, "agrees with what is there"),
        ({"source_id": "s65ad7f6b", "value": "32870"}, "conflicts with 32866"),
        (
            {"period_end": "2024-06-30", "value": "340000"},
            "new; out of range: its series runs from 14469 to 32866",
        ),
        ({"stage": "planned"}, "kept, but in no series (planned: not a result)"),
    ],
)
def test_the_verdict_on_a_new_figure(enter, cells, verdict):
    if "source_id" in cells:
        from analysis.load import load_sources

        cells["source_id"] = load_sources()["source_id"].iloc[0]
    (line,) = add.preview("appeals", enter(**cells))
    assert line.endswith(": " + verdict)


def test_a_figure_that_is_there_is_refused(enter):
    with pytest.raises(DataError, match="found the same figure as row 6"):
        add.preview("appeals", enter())


def test_writing_adds_the_figure_and_nothing_else(enter):
    before = read_observations("appeals")
    assert add.append("appeals", enter(period_end="2024-06-30", value="16000")) == 1
    after = read_observations("appeals")
    assert after[:-1] == before and after[-1]["value"] == "16000"
