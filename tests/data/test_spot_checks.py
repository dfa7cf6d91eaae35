"""Values that a statistician checked by hand: what comes out, and why."""

from __future__ import annotations

import pandas as pd
import pytest

import analysis
from analysis import load, paths


def ledger() -> pd.DataFrame:
    return pd.read_csv(paths.processed() / "ledger.csv", keep_default_na=False)


def one(dataset: str, **cells: object) -> pd.Series:
    """Return the only row of a data set with these cells."""
    frame = load.read_series(dataset)
    for column, cell in cells.items():
        frame = frame[frame[column] == cell]
    assert len(frame) == 1, frame
    return frame.iloc[0]


def test_1_pavlodar_city_and_a_district_are_two_places():
    cells = {
        "indicator": "appeals_registered",
        "period_end": "2018-03-31",
        "breakdown_value": "akim_oblast",
    }
    assert one("appeals", place_id="551000000", **cells)["value"] == 286
    assert one("appeals", place_id="556000000", **cells)["value"] == 17
    whole = one("appeals", place_id="KZ-55", **cells)["value"]
    frame = load.read_series("appeals")
    parts = frame[
        (frame["region_id"] == "KZ-55")
        & (frame["place_id"] != "KZ-55")
        & (frame["period_end"] == "2018-03-31")
        & (frame["indicator"] == "appeals_registered")
        & (frame["breakdown_value"] == "akim_oblast")
    ]
    assert parts["value"].sum() <= whole == 543


@pytest.mark.parametrize(
    ("indicator", "place", "values"),
    [
        ("votes_for_candidate", "KZ-23/bokeikhan-rural-district-kurmangazy-district", [130, 102]),
        ("candidate_vote_share", "101000000", [0.108, 0.084]),
    ],
)
def test_2_and_3_two_candidates_are_two_values(indicator, place, values):
    frame = analysis.load_akim_elections(indicator=indicator, place=place)
    frame = frame[frame["breakdown"] == "candidate"].set_index("breakdown_value")["value"]
    assert [frame["first"], frame["second"]] == values


def test_4_what_was_expected_is_no_result():
    row = one(
        "akim_elections", indicator="voters_listed", place_id="KZ-61", office="rural", breakdown=""
    )
    assert (row["value"], row["disagreement"]) == (265146, "")
    planned = ledger().query(
        "indicator == 'voters_listed' and place_id == 'KZ-61' and value == 262500"
    )
    assert planned["reason"].unique().tolist() == ["planned: not a result"]
    assert len(planned) == 2


def test_5_the_number_of_witnesses_decides_where_officials_differ():
    row = one("akim_elections", indicator="polling_stations", place_id="KZ", office="rural")
    assert (row["value"], row["rule"]) == (1847, "witnesses")
    assert (row["low"], row["high"], row["disagreement"]) == (1845, 1847, "conflict")


def test_6_turnout_and_its_counts_come_from_one_list():
    cells = {"vote": "referendum_2022", "place_id": "KZ", "stage": "preliminary", "breakdown": ""}
    share = one("national_votes", indicator="turnout_share", **cells)
    voted = one("national_votes", indicator="voters_voted", **cells)
    listed = one("national_votes", indicator="voters_listed", **cells)
    assert (
        set(share["sources"].split())
        == set(voted["sources"].split())
        <= set(listed["sources"].split())
    )
    assert voted["value"] / listed["value"] == pytest.approx(share["value"], abs=0.0001)
    final = cells | {"stage": "final"}
    counts = [
        one("national_votes", indicator=name, **final)["value"]
        for name in ("voters_voted", "voters_listed")
    ]
    assert counts[0] / counts[1] == pytest.approx(
        one("national_votes", indicator="turnout_share", **final)["value"], abs=0.0001
    )
    gone = ledger().query("source_id == 'sd67304b1'")
    assert set(gone["value"]) == {0.6806, 7986293} and gone["reason"].str.startswith("stage:").all()


def test_7_a_misprint_is_in_no_range():
    row = one("context", indicator="cpi_score", place_id="TJ", period_end="2024-12-31")
    assert (row["value"], row["low"], row["high"], row["disagreement"]) == (19, 19, 19, "")


def test_8_a_revised_vintage_goes_to_the_ledger():
    frame = analysis.load_population(since=2023)
    day = frame[(frame["period_end"] == "2023-01-01") & (frame["indicator"] == "population")]
    totals = day[(day["breakdown"] == "") & day["level"].isin(["national", "region", "city"])]
    whole = totals[totals["disagreement"] == "vintage"].set_index("place_id")
    assert len(whole) == 21
    assert (whole["low"] == whole["high"]).all()
    assert whole.loc["KZ", "value"] == 19766807 == whole["value"].drop("KZ").sum()
    earlier = ledger().query(
        "dataset == 'population' and place_id == 'KZ' and source_id == 's9766cef8'"
    )
    assert earlier["value"].tolist() == [19765004]
    nation = day[(day["place_id"] == "KZ") & (day["breakdown"] == "sex")]
    assert nation["value"].sum() == 19765004  # the parts are of the earlier vintage


def test_9_nominated_is_not_registered():
    row = one(
        "akim_elections",
        indicator="candidates_registered",
        place_id="KZ-43",
        breakdown="",
        office="rural",
        period_end="2021-07-25",
    )
    assert (row["value"], row["low"], row["high"], row["disagreement"]) == (
        122,
        122,
        122,
        "definition",
    )
    gone = ledger().query("indicator == 'candidates_registered' and place_id == 'KZ-43'")
    assert sorted(gone["value"]) == [53, 98, 151] and 53 + 98 == 151
    assert gone["reason"].str.startswith("definition: ").all()


def test_10_plans_for_a_whole_year_are_in_the_ledger():
    planned = ledger().query(
        "indicator == 'seats_contested' and place_id == 'KZ' and value in (775, 786)"
    )
    assert len(planned) == 4 and planned["reason"].unique().tolist() == ["planned: not a result"]
    frame = analysis.load_akim_elections(indicator="seats_contested", place="KZ", office="rural")
    assert not set(frame["value"]) & {775, 786}


def test_what_was_right_stays_right():
    votes = load.read_series("national_votes")
    assert (votes["rule"] == "one_list").sum() == 1
    assert (
        one(
            "national_votes",
            indicator="votes_yes",
            place_id="KZ",
            stage="final",
            vote="referendum_2026",
        )["value"]
        == 7954666
    )
    assert (
        one(
            "akim_elections",
            indicator="akim_posts_total",
            place_id="KZ",
            office="rural",
            period_end="2021-07-25",
        )["value"]
        == 2346
    )
    letters = one(
        "appeals",
        indicator="appeals_registered",
        register="presidential_administration",
        period_end="2025-12-31",
    )
    assert (letters["value"], letters["low"], letters["high"]) == (83000, 83000, 83000)


@pytest.mark.parametrize(
    ("vote", "place", "hour", "value"),
    [
        ("majilis_2023", "KZ-61", "18:00", 0.5107),
        ("majilis_2023", "KZ-62", "18:00", 0.5863),
        ("majilis_2023", "KZ-63", "18:00", 0.6363),
        ("referendum_2022", "KZ-39", "20:00", 0.7228),
    ],
)
def test_misprints_of_the_hours_are_corrected(vote, place, hour, value):
    frame = analysis.load_turnout(vote=vote, place=place, stage="interim").set_index("hour")
    assert frame.loc[hour, "value"] == value
    at_close = analysis.load_turnout(vote=vote, place=place)["value"].item()
    assert value <= at_close


def test_two_prints_of_one_hour_stay_a_range_where_nothing_decides_which_is_right():
    row = (
        analysis.load_turnout(vote="majilis_2021", place="KZ-27", stage="interim")
        .set_index("hour")
        .loc["10:00"]
    )
    assert (row["low"], row["high"], row["disagreement"]) == (0.127, 0.177, "conflict")


def test_a_range_is_a_conflict_and_a_conflict_of_one_maker_is_no_range():
    """Before, 67 values had a range: roundings, vintages and misprints among them."""
    frames = [
        load.read_series(name, interim=day)
        for name in analysis.reference.datasets()
        for day in (False, True)
    ]
    every = pd.concat(frame for frame in frames if len(frame))
    ranged = every[every["low"] < every["high"]]
    assert set(ranged["disagreement"]) == {"conflict"}
    assert 5 <= len(ranged) <= 20
    conflicts = every[every["disagreement"] == "conflict"]
    assert (conflicts[conflicts["low"] == conflicts["high"]]["producer"] != "").all()
