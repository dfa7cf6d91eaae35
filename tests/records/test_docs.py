"""What docs/records.md shows works as it says."""

from __future__ import annotations

import re

import pytest

from analysis import paths
from analysis.errors import DataError
from analysis.records.schemas import SCHEMAS

TEXT = (paths.root() / "docs" / "records.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.S)


def test_the_foreign_complaints(take_in, tmp_path):
    (tmp_path / "a.csv").write_text(blocks("csv")[0], "utf-8")
    (tmp_path / "m.toml").write_text(blocks("toml")[0], "utf-8")
    account, frame = take_in(tmp_path / "a.csv", mapping=tmp_path / "m.toml")
    assert account["rows_out"] == 2
    assert frame.sort_values("registered")["state"].tolist() == ["done", "in_progress"]
    assert frame["finished"].dt.day.dropna().tolist() == [17]


def test_the_polling_stations(take_in, tmp_path):
    (tmp_path / "w.csv").write_text(
        "county,precinct,registered voters,Roy Cooper,Dan Forest\nWake,01-01,1200,310,290\n"
    )
    (tmp_path / "m.toml").write_text(blocks("toml")[1], "utf-8")
    _, frame = take_in(tmp_path / "w.csv", dataset="elections", mapping=tmp_path / "m.toml")
    assert frame[["candidate", "votes"]].to_numpy().tolist() == [
        ["Roy Cooper", 310],
        ["Dan Forest", 290],
    ]


def test_the_table_of_columns_is_the_schema():
    for dataset, schema in SCHEMAS.items():
        listed = ", ".join(f"**{c.name}**" if c.required else c.name for c in schema.columns)
        assert f"| {dataset} | {listed} |" in TEXT


def test_the_table_of_codes_is_the_schema():
    for schema in SCHEMAS.values():
        for column in schema.columns:
            if column.codes:
                assert f"| {column.name} | {', '.join(column.codes)} |" in TEXT


def test_the_register_with_two_rows_of_header(take_in, tmp_path):
    (tmp_path / "a.csv").write_text(blocks("csv")[1], "utf-8")
    (tmp_path / "m.toml").write_text(blocks("toml")[2], "utf-8")
    account, frame = take_in(tmp_path / "a.csv", mapping=tmp_path / "m.toml")
    assert account["rows_out"] == 2
    both = frame.sort_values("registered")
    assert both["state"].tolist() == ["done", "in_progress"]
    assert both["outcome"].fillna("").tolist() == ["satisfied", ""]
    assert (both["finished"] - both["registered"]).dt.days.tolist()[0] == 12


def test_a_name_that_stands_twice_is_asked_for_by_its_number(take_in, tmp_path):
    (tmp_path / "a.csv").write_text("Date,Topic,Date\n05.01.2024,Roads,17.01.2024\n")
    by_name = 'dataset = "appeals"\n[columns]\nregistered = "Date"\nfinished = "#3"\n'
    (tmp_path / "m.toml").write_text(by_name)
    with pytest.raises(DataError, match="'Date' more than once"):
        take_in(tmp_path / "a.csv", mapping=tmp_path / "m.toml")
    (tmp_path / "m.toml").write_text(by_name.replace('"Date"', '"#1"'))
    _, frame = take_in(tmp_path / "a.csv", mapping=tmp_path / "m.toml")
    assert (frame["finished"] - frame["registered"]).dt.days.tolist() == [12]
