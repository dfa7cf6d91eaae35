"""What weighs the parts of regions that were divided in 2022: voters listed where held, else residents."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis import load, load_residents, load_turnout
from analysis.derive.comparisons import turnout_in_old_borders, weight_words
from analysis.reference import former_regions, parts_of

PARTS = [part for whole in former_regions() for part in parts_of(whole)]


def test_voters_listed_weigh_a_vote_in_which_each_part_has_them(monkeypatch):
    """Made up for one vote: residents weigh the others, and each row says which."""
    held = load.load_listed_voters()
    keys = pd.MultiIndex.from_product([["majilis_2023"], PARTS], names=["vote", "place_id"])
    listed = pd.Series(range(1, 7), index=keys, dtype=float)
    monkeypatch.setattr(
        load, "load_listed_voters", lambda: pd.concat([held, listed]).rename(held.name)
    )
    turnout = load_turnout()
    merged = turnout_in_old_borders(turnout, load_residents())
    by_vote = merged[merged["weight"] != ""].groupby("vote", observed=True)["weight"].agg(set)
    assert by_vote["majilis_2023"] == {"voters listed, majilis_2023"}
    assert by_vote["president_2022"] == {"residents, 2023-01-01"}
    row = merged[(merged["vote"] == "majilis_2023") & (merged["place_id"] == "KZ-ALM")].iloc[0]
    of_vote = turnout[turnout["vote"] == "majilis_2023"].set_index("place_id")["value"]
    one, other = parts_of("KZ-ALM")
    weights = listed["majilis_2023"]
    expected = (of_vote[one] * weights[one] + of_vote[other] * weights[other]) / (
        weights[one] + weights[other]
    )
    assert row["value"] == pytest.approx(expected)
    assert weight_words(merged, language="ru").endswith("избиратели в списках (Мажилис 2023)")


def test_one_part_without_voters_listed_leaves_residents(monkeypatch):
    held = load.load_listed_voters()
    keys = pd.MultiIndex.from_product([["majilis_2023"], PARTS[:-1]], names=["vote", "place_id"])
    some = pd.Series(1.0, index=keys)
    monkeypatch.setattr(load, "load_listed_voters", lambda: pd.concat([held, some]))
    merged = turnout_in_old_borders(load_turnout(), load_residents())
    assert set(merged["weight"]) == {"", "residents, 2023-01-01"}
