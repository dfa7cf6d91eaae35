"""A new figure is compared with what is there, and with what stands near, before it is written."""

from __future__ import annotations

import csv
import re

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

    def write(*rows, **cells):
        path = tmp_path / "new.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, FIGURES)
            writer.writeheader()
            writer.writerows(known | row for row in (rows or (cells,)))
        return path

    return write


OTHER = "s0029343c"


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ({"period_start": "2025-01-01", "period_end": "2025-12-31", "value": "34000"}, "new"),
        ({"source_id": OTHER}, "agrees with what is there"),
        (
            {"source_id": OTHER, "value": "33000", "precision": "rounded"},
            "agrees with what is there, rounded",
        ),
        ({"source_id": OTHER, "value": "32870"}, "conflicts with 32866"),
        ({"value": "32870"}, "its source says 32866 already: the build would stop"),
        (
            {"period_end": "2024-06-30", "value": "340000"},
            "new; out of range: its series runs from 14469 to 32866",
        ),
        ({"stage": "planned"}, "kept, but in no series (planned: not a result)"),
        (
            {"breakdown": "", "breakdown_value": "", "value": "31187"},
            "new; near 32866 (breakdown state_body, breakdown_value administrative_courts): is it the same thing?",
        ),
        (
            {"register": "e_otinish", "value": "99999", "source_id": OTHER},
            "new; near 32866 (register courts): is it the same thing?",
        ),
        (
            {"measure": "cumulative", "source_id": OTHER},
            "new; near 32866 (measure flow): is it the same thing?",
        ),
    ],
)
def test_the_verdict_on_a_new_figure(enter, cells, verdict):
    (line,) = add.preview("appeals", enter(**cells))
    assert line.endswith(": " + verdict)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"indicator": "administrative_lawsuit_filed"}, "Near: administrative_lawsuits_filed"),
        ({"unit": "pct"}, "column unit: found 'pct'; expected one of count"),
        ({"breakdown_value": "administrative_court"}, "Near: administrative_courts"),
        ({"place_id": "KZ-1"}, "column place_id: found 'KZ-1'"),
        ({"value": "1e3"}, "column value: found '1e3'"),
        ({"value": "inf"}, "column value: found 'inf'"),
        ({"value": "nan"}, "column value: found 'nan'"),
        ({"value": "1" * 400}, "column value: found '1111"),
        ({"value": "+5"}, "column value: found '+5'"),
        (
            {"note": "a\x07b"},
            "column note: found 'a\\x07b'; expected text without control characters",
        ),
        ({"breakdown": ""}, "expected breakdown and breakdown_value both filled, or both empty"),
        ({"value": ""}, "row 2, column value: found nothing"),
        ({"unit": "", "level": ""}, "Fill in unit, level; CONTRIBUTING.md explains every column."),
        ({}, "found the same figure as row"),
    ],
)
def test_a_figure_that_cannot_be_entered_says_why(enter, cells, message):
    with pytest.raises(DataError, match=re.escape(message)):
        add.preview("appeals", enter(**cells))


def test_the_first_figure_of_an_indicator_is_named(enter, raw_copy):
    path = raw_copy / "codes.csv"
    path.write_text(
        path.read_text("utf-8") + "indicator,appeals_lost,lost,жоғалған,утеряны\n", "utf-8"
    )
    (line,) = add.preview("appeals", enter(indicator="appeals_lost"))
    assert line.endswith("new; the first figure of its indicator")


def test_a_file_without_rows_says_what_to_fill_in(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(",".join(FIGURES) + "\n", "utf-8")
    with pytest.raises(DataError, match="found a header and no rows"):
        add.preview("appeals", path)


def test_writing_adds_the_figure_and_nothing_else(enter):
    before = read_observations("appeals")
    assert add.append("appeals", enter(period_end="2024-06-30", value="16000")) == 1
    after = read_observations("appeals")
    assert after[:-1] == before and after[-1]["value"] == "16000"


def test_nothing_is_written_if_one_row_is_bad(enter, raw_copy):
    before = (raw_copy / "appeals.csv").read_bytes()
    good = {"period_end": "2024-06-30", "value": "16000"}
    with pytest.raises(DataError):
        add.append("appeals", enter(good, {"value": "x"}))
    assert (raw_copy / "appeals.csv").read_bytes() == before
