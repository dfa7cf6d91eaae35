"""data/processed is what data/raw gives, all or nothing, and no raw row is lost."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pandas as pd
import pytest

from analysis import files, paths
from analysis.data import build
from analysis.data.observations import read_observations
from analysis.errors import DataError
from analysis.reference import datasets

WRITTEN = (
    "data/processed/appeals.csv",
    "data/processed/openness.xlsx",
    "data/raw/datapackage.json",
)


def test_processed_is_rebuilt_byte_for_byte(tmp_path):
    made = build.build(processed=tmp_path)
    assert {f.name for f in made} == {f.name for f in paths.processed().glob("*.csv")}
    for file in made:
        assert file.read_bytes() == (paths.processed() / file.name).read_bytes(), file.name


def test_a_changed_processed_file_is_named(tmp_path):
    build.build(processed=tmp_path)
    (tmp_path / "appeals.csv").write_text("changed")
    (tmp_path / "events.csv").unlink()
    assert build.stale(processed=tmp_path) == ["appeals.csv", "events.csv"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch) -> Path:
    """The data without git, as a ZIP of the repository holds them."""
    for folder in ("data", "docs"):
        shutil.copytree(paths.root() / folder, tmp_path / folder)
    shutil.copy(paths.root() / "CHANGELOG.md", tmp_path)
    monkeypatch.setenv("OPENNESS_HOME", str(tmp_path))
    return tmp_path


def test_everything_is_rebuilt_without_git_the_same_and_fast(home):
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    for name in WRITTEN:
        (home / name).unlink()
    start = time.process_time()
    build.build_all()
    assert time.process_time() - start < 10
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    assert build.check_all() == []


@pytest.mark.slow
def test_each_stale_file_is_named_the_workbook_too(home):
    assert build.check_all() == []
    for name in WRITTEN:
        with (home / name).open("ab") as out:
            out.write(b" ")
    assert sorted(build.check_all()) == sorted(WRITTEN)


def test_nothing_is_written_if_a_raw_file_is_broken(home):
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    path = home / "data" / "raw" / "context.csv"
    path.write_text(path.read_text("utf-8").replace("egdi_score,", "egdi_scor,", 1), "utf-8")
    with pytest.raises(DataError, match="Near: egdi_score"):
        build.build_all()
    del before[path]
    assert all(file.read_bytes() == content for file, content in before.items())


def test_what_was_written_is_put_back_if_a_file_cannot_be(home, monkeypatch):
    """The disk is full at the third file: the first two are as they were."""
    for name in WRITTEN:
        (home / name).write_bytes(b"old")
    written = []

    def write_two(path: Path, content: bytes) -> None:
        if len(written) == 2:
            raise OSError("no space left on device")
        written.append(path)
        files.write_whole(path, content)

    monkeypatch.setattr(build, "write_whole", write_two)
    with pytest.raises(OSError, match="no space"):
        build.build_all()
    assert len(written) == 2
    assert all((home / name).read_bytes() == b"old" for name in WRITTEN)


def test_every_raw_row_is_in_a_series_or_in_the_ledger():
    ledger = pd.read_csv(paths.processed() / "ledger.csv")
    for dataset in datasets():
        series = pd.read_csv(paths.processed() / f"{dataset}.csv")
        left_out = (ledger["dataset"] == dataset).sum()
        assert series["n_figures"].sum() + left_out == len(read_observations(dataset)), dataset


def test_planned_and_undated_figures_are_in_no_series_and_interim_ones_have_an_hour():
    for dataset in datasets():
        series = pd.read_csv(paths.processed() / f"{dataset}.csv", keep_default_na=False)
        assert not set(series["stage"]) & {"planned", "other_base"}
        assert (series["period_start"] != "").all()
        interim = series[series["stage"] == "interim"]
        assert (interim["as_of"] != "").all() and set(interim["vote"]) - {""} == set(
            interim["vote"]
        )
        assert (series[series["stage"] != "interim"]["as_of"] == "").all()


def test_each_reason_of_the_ledger_is_known():
    reasons = pd.read_csv(paths.processed() / "ledger.csv")["reason"].str.split(":").str[0]
    assert set(reasons) == {
        "undated",
        "interim",
        "planned",
        "counted on another base",
        "vintage",
        "stage",
        "definition",
        "dating",
    }
