"""Fixtures of the tests of own records."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import records

KEY = b"a key for the tests only"


@pytest.fixture(scope="session")
def as_ingested():
    """Write rows as `openness ingest` lays them out."""

    def write(frame, folder, dataset="appeals", when="registered"):
        rows = frame.assign(year=frame[when].dt.year)
        for column in frame.select_dtypes("datetime").columns:
            rows[column] = rows[column].dt.date
        rows.to_parquet(folder / dataset, partition_cols=["year"], index=False)
        return folder

    return write


@pytest.fixture
def take_in(tmp_path: Path):
    """Ingest a file into a new folder; returns the account and the frame."""

    def run(path, dataset="appeals", **options):
        out = tmp_path / "own"
        account = records.ingest(
            path, dataset=dataset, out=out, key=KEY, **{"replace_all": True} | options
        )
        assert (
            account["rows_in"]
            == account["rows_out"] + account["rejects"] + account["totals"] + account["duplicates"]
        )
        return account, records.read(out)

    return run
