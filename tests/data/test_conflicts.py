"""Every conflict that the sources are known to have: what comes out, and why."""

from __future__ import annotations

import pandas as pd
import pytest

import analysis
from analysis import paths


def only(frame: pd.DataFrame) -> pd.Series:
    assert len(frame) == 1, frame[
        ["indicator", "period_start", "period_end", "breakdown_value", "value"]
    ]
    return frame.iloc[0]


def ledger() -> pd.DataFrame:
    return pd.read_csv(paths.processed() / "ledger.csv", keep_default_na=False)


def test_the_national_totals_of_appeals_are_three_scopes_and_never_one_series():
    frame = analysis.load_appeals(
        since=2020, place="KZ", indicator=["appeals_registered", "appeals_considered"]
    )
    considered = only(
        frame[
            (frame["indicator"] == "appeals_considered")
            & (frame["register"] == "appeals_registers")
        ]
    )
    assert (considered["value"], considered["precision"]) == (1900000, "at_least")
    assert considered["low"] == 1900000 and pd.isna(
        considered["high"]
    )  # "more than": a bound, not a value
    e_otinish = only(
        frame[(frame["register"] == "e_otinish") & (frame["period_end"] == "2022-12-31")]
    )
    every_body = only(frame[(frame["register"] == "appeals_registers") & (frame["breakdown"] == "")
                            & (frame["period_end"] == "2024-12-31")])  # fmt: skip
    assert (e_otinish["value"], every_body["value"]) == (1700000, 4400000)


def test_the_3_5_million_of_2025_has_no_dated_period_and_stays_in_the_ledger():
    row = ledger().query("indicator == 'appeals_registered' and value == 3500000")
    assert row["reason"].item().startswith("undated")


def test_ten_months_are_not_a_year():
    frame = analysis.load_appeals(place="KZ", indicator="appeals_registered")
    local = frame[
        (frame["breakdown_value"] == "local_executive_bodies")
        & (frame["period_start"] == "2024-01-01")
    ]
    assert only(local)["period_end"] == pd.Timestamp("2024-10-31")


@pytest.mark.parametrize(
    ("indicator", "day", "office", "value", "low", "high"),
    [
        ("polling_stations", "2021-07-25", "rural", 1847, 1845, 1847),  # witnesses
        ("polling_stations", "2023-11-05", "district", 1491, 1491, 1497),  # official
        ("akim_posts_total", "2021-07-25", "rural", 2346, 2345, 2346),  # official
    ],
)
def test_counts_that_differ_keep_both_ends(indicator, day, office, value, low, high):
    frame = analysis.load_akim_elections(place="KZ", indicator=indicator, office=office)
    row = only(frame[(frame["period_end"] == day) & (frame["breakdown"] == "")])
    assert (row["low"], row["high"], row["agree"]) == (low, high, False)
    assert row["value"] == value, row["rule"]


def test_2500_elected_in_2024_and_over_2000_in_2025_stand_side_by_side():
    frame = analysis.load_akim_elections(place="KZ", indicator="akims_elected", office="rural")
    total = frame[(frame["breakdown"] == "") & (frame["measure"] == "cumulative")].set_index(
        "period_end"
    )
    about, over = total.loc["2024-09-02"], total.loc["2025-10-30"]
    assert (about["value"], about["precision"]) == (2500, "rounded")
    assert (over["value"], over["precision"]) == (2000, "at_least") and pd.isna(over["high"])


def test_the_list_of_the_2022_referendum_differs_by_stage_and_is_not_mixed():
    frame = pd.read_csv(paths.processed() / "national_votes.csv", keep_default_na=False)
    rows = frame.query(
        "indicator == 'voters_listed' and vote == 'referendum_2022' and place_id == 'KZ'"
        " and stage != 'interim'"
    ).set_index("stage")
    assert rows["value"].to_dict() == {"final": 11734642, "preliminary": 11732699}


def test_the_yes_share_of_kostanay_rests_on_one_source():
    frame = pd.read_csv(paths.processed() / "national_votes.csv", keep_default_na=False)
    row = only(
        frame.query(
            "indicator == 'yes_share' and vote == 'referendum_2024' and place_id == 'KZ-39'"
        )
    )
    assert (row["value"], row["n_publishers"]) == (0.8218, 1)


@pytest.mark.parametrize(
    ("day", "earlier", "value"),
    [
        ("2023-01-01", 19765004, 19766807),
        ("2024-01-01", 20033546, 20033842),
        ("2025-01-01", 20286084, 20283399),
    ],
)
def test_a_revised_population_stands_and_the_earlier_is_in_the_ledger(day, earlier, value):
    frame = analysis.load_population(place="KZ")
    row = only(
        frame[
            (frame["period_end"] == day)
            & (frame["breakdown"] == "")
            & (frame["indicator"] == "population")
        ]
    )
    assert (row["value"], row["low"], row["high"]) == (value, value, value)
    assert (row["agree"], row["disagreement"]) == (True, "vintage")
    gone = ledger().query("dataset == 'population' and value == @earlier")
    assert gone["reason"].str.startswith("vintage: ").all() and len(gone) == 1


def test_half_a_year_later_is_another_day_not_another_vintage():
    frame = analysis.load_population(place="KZ")
    assert {pd.Timestamp("2024-07-01"), pd.Timestamp("2025-12-01")} <= set(frame["period_end"])


@pytest.mark.parametrize(
    ("year", "value"), [(2021, 37), (2022, 36), (2023, 39), (2024, 40), (2025, 38)]
)
def test_the_corruption_perceptions_index(year, value):
    frame = analysis.load_context(place="KZ", indicator="cpi_score")
    assert only(frame[frame["period_end"].dt.year == year])["value"] == value
