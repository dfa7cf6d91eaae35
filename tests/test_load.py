"""The loaders give published figures (each with the source it is printed in) and say what is not known."""

from __future__ import annotations

import pandas as pd
import pytest

import analysis
from analysis.errors import UnknownName


def value(frame: pd.DataFrame) -> float:
    return float(frame["value"].item())


def test_lawsuits_since_the_code_came_into_force():
    frame = analysis.load_appeals(indicator="administrative_lawsuits_filed")
    assert frame["value"].tolist() == [14469, 28852, 31186, 32866, 17154]
    assert frame["period_start"].iloc[0] == pd.Timestamp("2021-07-01")
    assert set(frame["sources"]) == {"s64a494b7"}


def test_1847_stations_and_the_dissent_stays_in_the_range():
    row = analysis.load_akim_elections(
        indicator="polling_stations", place="KZ", office="rural"
    ).iloc[0]
    assert (row["low"], row["high"], row["agree"]) == (1845, 1847, False)
    assert row["value"] == 1847 and row["n_figures"] == 5


@pytest.mark.parametrize(
    ("vote", "units"),
    [
        ("president_2019", 17), ("majilis_2021", 17), ("referendum_2022", 17), ("president_2022", 20),
        ("majilis_2023", 20), ("referendum_2024", 20), ("referendum_2026", 18),
    ],
)  # fmt: skip
def test_the_regions_of_each_vote(vote, units):
    frame = analysis.load_turnout(vote=vote)
    assert (frame["place_id"] != "KZ").sum() == units
    assert (frame["stage"] == "preliminary").all()
    assert frame["place_id"].is_unique


def test_turnout_of_the_first_rural_elections():
    frame = analysis.load_akim_elections(indicator="turnout_share", office="rural", level="region")
    first = frame[frame["period_end"] == "2021-07-25"].set_index("place_id")["value"]
    assert len(first) == 14
    assert first["KZ-VOS"] == 0.909 and first["KZ-ALM"] == 0.665


def test_tidy_types():
    frame = analysis.load_turnout()
    assert frame["period_end"].dtype.kind == "M"
    assert frame["stage"].cat.ordered
    assert frame["value"].between(0, 1).all()
    assert frame["sources"].str.len().gt(0).all()


def test_an_unknown_name_lists_the_near_matches():
    with pytest.raises(UnknownName, match=r"'meetings_hold' is not known; near: meetings_held"):
        analysis.load_meetings(indicator="meetings_hold")
    with pytest.raises(UnknownName, match=r"place 'KZ-99' is not known; near: KZ-"):
        analysis.load_turnout(place="KZ-99")


def test_every_value_has_its_sources():
    known = set(analysis.load_sources()["source_id"])
    for load in (analysis.load_appeals, analysis.load_meetings, analysis.load_akim_elections,
                 analysis.load_context, analysis.load_population, analysis.load_turnout):  # fmt: skip
        assert {s for cell in load(since=None)["sources"] for s in cell.split()} <= known


@pytest.mark.parametrize(
    ("vote", "place", "value", "low", "disagreement"),
    [
        ("referendum_2022", "KZ", 0.6844, 0.6844, "stage"),  # 68.06% on 6 June is in the ledger
        ("referendum_2024", "KZ-43", 0.8248, 0.8248, ""),  # 82.23% is final
        ("referendum_2024", "KZ-75", 0.2539, 0.2539, ""),  # 25.21% is final
        ("referendum_2024", "KZ-15", 0.7515, 0.7511, "conflict"),  # one outlet has 75.11
    ],
)
def test_a_vote_keeps_to_the_list_announced_at_close(vote, place, value, low, disagreement):
    row = analysis.load_turnout(vote=vote, place=place).iloc[0]
    assert (row["value"], row["low"], row["high"]) == (value, low, value)
    assert row["disagreement"] == disagreement


def test_a_source_of_which_only_the_year_is_known_is_not_dated_to_january():
    """The article on Alakol district is of 2024: it was once read as of 1 January."""
    from analysis.charts.chart import source_line

    rows = analysis.load_akim_elections(place="333400000")
    article = rows[rows["sources"] == "s07feb3ca"].iloc[0]
    assert article["published_in"] == "2024" and pd.isna(article["published"])
    for language, said in (("en", "as of 2024."), ("kk", "2024 жылғы"), ("ru", "на 2024 год")):
        assert said in source_line(rows[rows["sources"] == "s07feb3ca"], language)
