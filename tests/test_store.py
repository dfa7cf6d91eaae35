"""The keeper of tables reads a file again when it changes, and never before."""

from __future__ import annotations

import os

import pandas as pd
import pytest

from analysis import store
from analysis.errors import DataError


@pytest.fixture
def home(tmp_path, monkeypatch):
    (tmp_path / "data" / "raw").mkdir(parents=True)
    monkeypatch.setenv("OPENNESS_HOME", str(tmp_path))
    return tmp_path


def write(home, text, *, second):
    path = home / "data" / "raw" / "t.csv"
    path.write_text(text)
    os.utime(path, (second, second))


def test_a_table_is_read_again_when_its_file_changes(home):
    write(home, "a\n1\n", second=1)
    assert store.read_table("raw/t")["a"].tolist() == ["1"]
    write(home, "a\n2\n", second=2)
    assert store.read_table("raw/t")["a"].tolist() == ["2"]


def test_a_result_is_kept_until_a_table_behind_it_changes(home):
    calls = []

    @store.cached_on("raw/t")
    def total(factor):
        calls.append(factor)
        return factor * store.read_table("raw/t")["a"].astype(int).sum()

    write(home, "a\n1\n2\n", second=1)
    assert [total(1), total(1), total(2)] == [3, 3, 6]
    assert calls == [1, 2]
    write(home, "a\n5\n", second=2)
    assert total(1) == 5


def test_a_caller_that_adds_a_column_changes_no_one_elses_frame(home):
    @store.cached_on("raw/t")
    def frame():
        return pd.DataFrame({"a": [1]})

    write(home, "a\n1\n", second=1)
    mine = frame()
    mine["b"] = 2
    mine.loc[0, "a"] = 9
    assert frame().to_dict("list") == {"a": [1]}


def test_a_table_that_is_missing_says_what_to_run(home):
    with pytest.raises(DataError, match=r"appeals\.csv: found no such file.*openness data build"):
        store.read_table("appeals")
