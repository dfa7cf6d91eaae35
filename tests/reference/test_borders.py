"""Series on constant borders keep totals and weighted means; what cannot be known is missing or refused."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis
from analysis.reference import former_regions, parts_of
from analysis.reference.borders import harmonise


def test_seventeen_units_by_seven_votes_on_the_borders_of_2018():
    frame = analysis.load_turnout()
    regions = harmonise(
        frame[frame["place_id"] != "KZ"], borders="2018", weights=analysis.load_residents()
    )
    wide = regions.pivot(index="place_id", columns="vote", values="value")
    assert wide.shape == (17, 7)
    missing = set(wide.index[wide["referendum_2026"].isna()])
    assert missing == {"KZ-KAR", "KZ-59"}
    assert wide.drop(columns="referendum_2026").notna().all().all()


def test_a_merged_turnout_lies_between_its_parts_and_names_its_weight():
    frame = analysis.load_turnout(vote="president_2022", place=["KZ-19", "KZ-33"])
    row = harmonise(frame, borders="2018", weights=analysis.load_residents()).iloc[0]
    assert (row["place_id"], row["parts_low"], row["parts_high"]) == ("KZ-ALM", 0.721, 0.8142)
    assert row["low"] == row["high"] == pytest.approx(row["value"])  # no producer disagrees
    assert row["value"] == pytest.approx((0.721 * 1505968 + 0.8142 * 698729) / (1505968 + 698729))
    assert row["weight"] == "residents, 2023-01-01"


def test_splitting_is_refused_with_the_reason():
    with pytest.raises(ValueError, match=r"KZ-ALM, KZ-KAR, KZ-VOS would have to be split"):
        harmonise(analysis.load_turnout(vote="president_2019"), borders="2022")


def test_nothing_moves_where_nothing_moved():
    frame = analysis.load_turnout(vote="majilis_2023")
    own = ["weight", "parts_low", "parts_high"]
    pd.testing.assert_frame_equal(harmonise(frame, borders="2022").drop(columns=own), frame)


def test_the_range_across_producers_is_not_the_spread_of_the_parts():
    frame = pd.DataFrame({"place_id": ["KZ-35", "KZ-62"], "vote": "v", "unit": "share"})
    frame = frame.assign(value=[0.5, 0.8], low=[0.4, 0.8], high=[0.5, 0.8], sources="a")
    weights = pd.Series({"KZ-35": 3, "KZ-62": 1}, name="residents")
    row = harmonise(frame, borders="2018", weights=weights).iloc[0]
    assert (row["parts_low"], row["parts_high"]) == (0.5, 0.8)
    assert (row["low"], row["high"]) == pytest.approx(((3 * 0.4 + 0.8) / 4, (3 * 0.5 + 0.8) / 4))


parts = [part for whole in former_regions() for part in parts_of(whole)]
numbers = st.lists(st.integers(1, 10**6), min_size=6, max_size=6)


@given(numbers, numbers)
def test_totals_and_weighted_means_are_kept(values, sizes):
    frame = pd.DataFrame(
        {"place_id": parts, "vote": "v", "value": [float(v) for v in values], "sources": "a"}
    )
    frame = frame.assign(low=frame["value"], high=frame["value"])
    counts = harmonise(frame.assign(unit="count"), borders="2018")
    assert counts["value"].sum() == sum(values)
    weights = pd.Series(sizes, index=parts, name="voters listed")
    shares = harmonise(frame.assign(unit="share"), borders="2018", weights=weights).set_index(
        "place_id"
    )["value"]
    whole = pd.Series({w: weights[list(parts_of(w))].sum() for w in former_regions()})
    assert (shares * whole).sum() == pytest.approx(
        sum(v * s for v, s in zip(values, sizes, strict=True))
    )
