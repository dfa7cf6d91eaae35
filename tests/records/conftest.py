"""Fixtures of the tests of own records."""

from __future__ import annotations

import pytest


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
