"""Broken raw figures give one clear error each, and nothing is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.data.build import build
from analysis.data.observations import read_observations
from analysis.data.tables import FIGURES as COLUMNS
from analysis.errors import DataError
from analysis.reference import datasets


def edit(folder: Path, row: int, **cells: str) -> None:
    """Change cells of one row (counted as in the file, the header is row 1) of appeals.csv."""
    import csv

    path = folder / "appeals.csv"
    lines = list(csv.reader(path.read_text("utf-8").splitlines()))
    for column, text in cells.items():
        lines[row - 1][COLUMNS.index(column)] = text
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows(lines)


@pytest.mark.parametrize("dataset", datasets())
def test_the_raw_figures_are_valid(dataset):
    assert len(read_observations(dataset)) > 200


@pytest.mark.parametrize(
    ("row", "cells", "message"),
    [
        (
            3,
            {"value": "14 469"},
            "appeals.csv, row 3, column value: found '14 469'; expected a number",
        ),
        (8, {"value": "1.2"}, "row 8, column value: found '1.2'; expected a share from 0.0 to 1.0"),
        (
            3,
            {"period_end": "2021-06-30"},
            "column period_end: found '2021-06-30'; expected no day before",
        ),
        (
            3,
            {"period_start": "01.07.2021"},
            "column period_start: found '01.07.2021'; expected a date as",
        ),
        (
            3,
            {"place_id": "KZ-99"},
            "column place_id: found 'KZ-99'; expected a place listed in places.csv",
        ),
        (3, {"source_id": "snone"}, "column source_id: found 'snone'; expected a source listed"),
        (
            3,
            {"register": "post"},
            "column register: found 'post'; expected one of (empty), appeals_reg",
        ),
        (3, {"value": "nan"}, "column value: found 'nan'"),
    ],
)
def test_a_bad_cell_is_named(raw_copy, row, cells, message):
    edit(raw_copy, row, **cells)
    with pytest.raises(DataError, match=re.escape(message)) as error:
        read_observations("appeals", folder=raw_copy)
    assert len(error.value.problems) == 1


def test_all_bad_cells_are_named_at_once(raw_copy):
    edit(raw_copy, 3, value="x", place_id="KZ-99")
    edit(raw_copy, 9, unit="percent")
    with pytest.raises(DataError) as error:
        read_observations("appeals", folder=raw_copy)
    assert [(p.row, p.column) for p in error.value.problems] == [
        (3, "value"),
        (3, "place_id"),
        (9, "unit"),
    ]


def test_a_figure_entered_twice_is_named(raw_copy):
    path = raw_copy / "appeals.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines, lines[1]]), "utf-8")
    with pytest.raises(DataError, match=r"row 431: found the same figure as row 2"):
        read_observations("appeals", folder=raw_copy)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "appeals.csv: found no such file"),
        (b"", "appeals.csv: found an empty file"),
        (b"indicator,amount\n", "row 1: found missing ['value'"),
        (
            "indicator,шағым\n".encode("cp1251", "replace"),
            "found a byte that is not UTF-8 at position",
        ),
    ],
)
def test_a_broken_file_is_named_and_nothing_is_written(raw_copy, tmp_path, content, message):
    path = raw_copy / "appeals.csv"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(DataError, match=re.escape(message)):
        build(raw=raw_copy, processed=tmp_path / "processed")
    assert not (tmp_path / "processed").exists()


def test_a_row_with_a_missing_cell_is_named(raw_copy):
    path = raw_copy / "appeals.csv"
    path.write_text(path.read_text("utf-8") + "indicator,5\n", "utf-8")
    with pytest.raises(DataError, match=r"row 431: found 2 cells; expected 23 cells"):
        read_observations("appeals", folder=raw_copy)


def test_a_correction_fails_on_the_day_the_raw_row_says_something_else(raw_copy):
    path = raw_copy / "corrections.csv"
    path.write_text(path.read_text("utf-8").replace("KZ-71/nur-sultan-city", "KZ-72"), "utf-8")
    with pytest.raises(
        DataError, match=r"corrections.csv, row 2, column expected: found no row of meetings.csv"
    ):
        read_observations("meetings", folder=raw_copy)


def test_the_capital_is_one_place_under_both_names():
    rows = read_observations("meetings")
    assert not [r for r in rows if "nur-sultan" in r["place_id"]]
