"""Regions, borders and names are rows of places.csv, read for a day and in a language."""

from __future__ import annotations

import pytest

from analysis import reference
from analysis.errors import UnknownName


def test_there_were_seventeen_regions_before_8_june_2022_and_twenty_since():
    assert len(reference.regions("2022-06-07")) == 17
    assert len(reference.regions("2022-06-08")) == len(reference.regions()) == 20
    assert reference.borders_moved_on().isoformat() == "2022-06-08"


def test_three_regions_were_split_into_two_each():
    # Presidential decree No. 887 of 3 May 2022.
    split = {old: reference.parts_of(old) for old in reference.former_regions()}
    assert split == {
        "KZ-ALM": ("KZ-19", "KZ-33"),
        "KZ-KAR": ("KZ-35", "KZ-62"),
        "KZ-VOS": ("KZ-10", "KZ-63"),
    }


def test_fourteen_regions_have_the_borders_of_the_first_vote():
    parts = {part for old in reference.former_regions() for part in reference.parts_of(old)}
    assert set(reference.unmoved_regions()) == set(reference.regions()) - parts


def test_tiles_are_one_a_region_and_none_covers_another():
    tiles = reference.tiles()
    assert set(tiles) == set(reference.regions())
    assert len(set(tiles.values())) == len(tiles)


def test_cities_of_republican_significance_have_no_rural_akims():
    without = {place for place in reference.regions() if not reference.has_rural_akims(place)}
    assert {reference.place_name(place, "en") for place in without} == {
        "Astana city",
        "Almaty city",
        "Shymkent city",
    }


@pytest.mark.parametrize(
    ("place", "region"),
    [("KZ", "KZ"), ("KZ-33", "KZ-33"), ("333400000", "KZ-33"), ("KZ-75", "KZ-75")],
)
def test_a_place_lies_in_its_region(place, region):
    assert reference.region_of(place) == region


def test_reports_are_written_of_the_nation_the_regions_and_alakol():
    places = reference.report_places()
    assert places[0] == "KZ"
    assert set(reference.regions()) < set(places)
    assert reference.place_name(places[-1], "en") == "Alakol District"


def test_a_name_that_is_missing_falls_back_to_the_next_language():
    row = {"name_en": "Talgar city", "name_kk": "", "name_ru": "город Талгар"}
    assert reference.in_language(row, "name", "kk") == "город Талгар"
    assert reference.in_language(row | {"name_ru": ""}, "name", "kk") == "Talgar city"
    assert reference.in_language({"name_kk": "Талғар"}, "name", "en") == ""


def test_an_unknown_place_is_named_with_its_neighbours():
    with pytest.raises(UnknownName, match="place 'KZ-34' is not known; near: KZ-") as error:
        reference.place_name("KZ-34", "en")
    assert error.value.what == "place" and "KZ-33" in error.value.known
