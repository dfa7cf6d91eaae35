"""data/processed is what data/raw gives, and no raw row is lost."""

from __future__ import annotations

import pandas as pd

from analysis import paths
from analysis.data import build
from analysis.data.observations import read_observations
from analysis.reference import datasets


def test_processed_is_rebuilt_byte_for_byte(tmp_path):
    files = build.build(processed=tmp_path)
    assert {f.name for f in files} == {f.name for f in paths.processed().glob("*.csv")}
    for file in files:
        assert file.read_bytes() == (paths.processed() / file.name).read_bytes(), file.name


def test_a_changed_processed_file_is_named(tmp_path):
    build.build(processed=tmp_path)
    (tmp_path / "appeals.csv").write_text("changed")
    (tmp_path / "events.csv").unlink()
    assert build.stale(processed=tmp_path) == ["appeals.csv", "events.csv"]


def test_every_raw_row_is_in_a_series_or_in_the_ledger():
    ledger = pd.read_csv(paths.processed() / "ledger.csv")
    for dataset in datasets():
        series = pd.read_csv(paths.processed() / f"{dataset}.csv")
        left_out = (ledger["dataset"] == dataset).sum()
        assert series["n_figures"].sum() + left_out == len(read_observations(dataset)), dataset


def test_interim_planned_and_undated_figures_are_in_no_series():
    for dataset in datasets():
        series = pd.read_csv(paths.processed() / f"{dataset}.csv", keep_default_na=False)
        assert not set(series["stage"]) & {"interim", "planned", "other_base"}
        assert (series["period_start"] != "").all()
