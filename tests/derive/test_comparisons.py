"""What is set side by side, on the published figures."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis import load_akim_elections, load_context, load_residents, load_turnout, stats
from analysis.derive import comparisons


@pytest.fixture(scope="module")
def turnout() -> pd.DataFrame:
    return load_turnout()


def test_turnout_stands_on_the_borders_of_2018_with_its_gaps_as_gaps(turnout):
    """Of two regions no close was found in 2026; with Ulytau missing Karaganda is missing too."""
    votes, nation = comparisons.turnout_by_region(turnout, load_residents())
    assert votes.shape == (17, 7)
    assert votes.columns.tolist() == nation.index.tolist()
    assert votes.isna().sum().sum() == 2
    assert set(votes.index[votes["referendum_2026"].isna()]) == {
        "KZ-59",
        "KZ-KAR",
    }
    assert (
        votes.loc["KZ-75", "president_2019"]
        == turnout.query("place_id == 'KZ-75' and vote == 'president_2019'")["value"].item()
    )
    assert (nation.between(0.4, 0.8)).all()


def test_votes_stand_with_their_kind_only(turnout):
    parts = comparisons.votes_of_a_kind(
        comparisons.turnout_by_region(turnout, load_residents())[0], language="ru"
    )
    assert [part.columns.tolist() for part in parts] == [
        ["Президент 2019", "Президент 2022"], ["Мажилис 2021", "Мажилис 2023"],
        ["референдум 2022", "референдум 2024", "референдум 2026"],
    ]  # fmt: skip
    assert [len(part) for part in parts] == [17, 17, 15]
    assert not any(part.isna().any(axis=None) for part in parts)


def test_no_region_keeps_to_one_side_of_the_median_region_after_adjustment(turnout):
    """Against the nation, which one city pulls down, nine p-values of 17 are below 5 %; Holm leaves none."""
    votes, nation = comparisons.turnout_by_region(turnout, load_residents())
    against_nation = stats.gaps(votes, nation).table
    assert (against_nation["p_value"] < 0.05).sum() == 9
    assert (against_nation["p_adjusted"] > 0.05).all()
    against_median = stats.gaps(votes, method="by").table
    assert (against_median["p_adjusted"] > 0.05).all()
    assert against_median.loc["KZ-ALM", ["n_above", "n_below"]].tolist() == [3, 3]


def test_rural_and_national_turnout_of_2021_go_together_no_more_than_by_chance(turnout):
    both = comparisons.rural_beside_national(load_akim_elections(), turnout)
    assert both.shape == (14, 2)
    assert stats.association(both["rural"], both["national"]).p_value > 0.05


def test_errors_are_those_published():
    context = load_context(since=2012)
    cpi, voice = (
        comparisons.published_errors(context, name)
        for name in ("cpi_score", "wgi_voice_accountability_estimate")
    )
    own = cpi.loc[("KZ", "2023-12-31")]
    assert own["se"] == pytest.approx((44.24113 - 33.75887) / 2 / 1.645)
    assert (own["low"], own["high"]) == (33.75887, 44.24113)
    own = voice.loc[("KZ", "2023-12-31")]
    assert (own["high"] - own["estimate"]) / own["se"] == pytest.approx(1.645)
    assert comparisons.published_errors(context, "e_participation_index").empty
    assert comparisons.beside_neighbours(context, "e_participation_index").empty


def test_neighbours_stand_with_kazakhstan_first_and_one_year():
    table = comparisons.beside_neighbours(load_context(since=2012), "cpi_score", language="kk")
    assert (table.index[0], len(table), table["year"].unique().tolist()) == ("Қазақстан", 8, [2023])
