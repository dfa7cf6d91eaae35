"""What is required and found, counted again from the cells of the coverage."""

from __future__ import annotations

import pytest

from analysis import coverage
from analysis.derive.required import required_and_found, standing
from analysis.reference import regions


def test_jetisu_has_only_turnout_and_the_region_is_the_joint_lowest():
    """Of 24 figures since June 2022 four were found: the years with a national vote."""
    rows = required_and_found("KZ-33").set_index("item")
    assert rows.loc["national_turnout", "found"] == (2022, 2023, 2024, 2026)
    assert (rows.drop("national_turnout")["found"].str.len() == 0).all()
    table = standing("KZ-33")
    assert table.loc["KZ-33", ["found", "cells"]].tolist() == [4, 24]
    assert (table["share"] >= table.loc["KZ-33", "share"]).all()
    assert table["found"].max() == table.loc["KZ-23", "found"]


@pytest.mark.parametrize("place", ["KZ", "KZ-23", "KZ-75"])
def test_each_cell_of_the_coverage_is_a_year_found_or_missing(place):
    cells = coverage()
    possible = cells[(cells["place_id"] == place) & (cells["status"] != "not_applicable")]
    rows = required_and_found(place)
    years = rows["found"] + rows["part"] + rows["missing"]
    assert years.str.len().sum() == len(possible)
    not_found = possible[possible["status"] == "not_found"]
    told = [(row.item, year) for row in rows.itertuples() for year in row.missing]
    assert told == list(zip(not_found["item"], not_found["year"], strict=True))


def test_a_district_is_asked_for_what_its_region_is_asked_for_without_national_votes():
    district, region = (required_and_found(place) for place in ("333400000", "KZ-33"))
    assert set(district["item"]) == set(region["item"]) - {"national_turnout"}
    laws = region.set_index("item")["article"]
    assert district.set_index("item")["article"].eq(laws).drop("national_turnout").all()
    assert (district["found"].str.len() == 0).all()


def test_each_region_stands_once():
    assert set(standing("KZ-33").index) == set(regions())
