"""A line joins only what was counted alike."""

from __future__ import annotations

import pandas as pd

from analysis import load
from analysis.derive.lines import THING, joined_to_previous

YEARS = {"period_start": ["2021-01-01", "2022-01-01"], "period_end": ["2021-12-31", "2022-12-31"]}


def two(**differs: tuple[str, str]) -> bool:
    """Return whether the second of two yearly values is joined; they differ in what is given."""
    columns = dict.fromkeys(THING, "")
    frame = pd.DataFrame([columns, columns]).assign(
        **YEARS, indicator="meetings", as_of="", sources="a", stage="final"
    )
    for column, values in differs.items():
        frame[column] = values
    for column in YEARS:
        frame[column] = pd.to_datetime(frame[column])
    return bool(joined_to_previous(frame).iloc[1])


def test_two_years_that_one_source_counted_alike_are_joined():
    assert two()
    assert two(sources=("a b", "b c"))


def test_nothing_else_is_joined():
    assert not two(register=("e_otinish", "courts"))
    assert not two(stage=("preliminary", "final"))
    assert not two(vote=("majilis_2021", "majilis_2023"))
    assert not two(breakdown=("", "scope"), breakdown_value=("", "rural"))
    assert not two(place_id=("KZ-VOS", "KZ-10"))
    assert not two(sources=("a", "b"))
    assert not two(period_start=("2021-07-01", "2022-01-01"))


def test_hours_of_one_day_are_joined_whoever_printed_them():
    same_day = ("2023-03-19", "2023-03-19")
    hours = {"period_start": same_day, "period_end": same_day, "stage": ("interim", "interim")}
    assert two(as_of=("10:00", "12:00"), sources=("a", "b"), **hours)
    assert not two(as_of=("10:00", "10:00"), **hours)


def test_the_population_is_not_joined_across_the_census():
    rows = load.load_population(place="KZ-11", since=None)
    rows = rows[rows["breakdown"] == ""].sort_values(["indicator", "period_end"])
    joined = dict(zip(rows["period_end"].dt.year, joined_to_previous(rows), strict=True))
    assert joined[2021]
    assert not joined[2022]
    assert joined[2023]
