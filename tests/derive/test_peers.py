"""Peers: why each place was picked can be checked again."""

from __future__ import annotations

import pytest

from analysis import load_places, load_residents, reference
from analysis.derive.peers import LARGEST_RATIO, peers
from analysis.reference import borders_before, regions


def test_a_border_has_two_sides_and_every_region_has_one():
    pairs = {(place, other) for place in regions() for other in reference.neighbours(place)}
    assert pairs == {(other, place) for place, other in pairs}
    assert {place for place, _ in pairs} == set(regions())
    # A city of republican significance lies inside one region.
    assert reference.neighbours("KZ-71") == ("KZ-11",)


@pytest.mark.parametrize("place", ["KZ-33", "KZ-62", "KZ-75", "333400000", "333600000"])
def test_each_peer_is_there_for_the_reason_given(place):
    residents = load_residents()
    parents = load_places().set_index("place_id")["parent_id"]
    for row in peers(place).itertuples():
        if row.why == "neighbour":
            assert place in reference.neighbours(row.place_id)
        elif row.why == "predecessor":
            assert row.place_id == borders_before(place)
        else:
            ratio = residents[row.place_id] / residents[place]
            assert 1 / LARGEST_RATIO <= ratio <= LARGEST_RATIO
            assert parents[row.place_id] == parents[place]


def test_nobody_nearer_was_passed_over():
    """Atyrau, West Kazakhstan and East Kazakhstan are nearest to the 698,729 residents of Jetisu."""
    residents = load_residents()[list(regions())].drop("KZ-33")
    nearest = (residents - 698_729).abs().sort_values().index[:3]
    found = peers("KZ-33")
    assert set(found[found["why"] == "population"]["place_id"]) == set(nearest)
