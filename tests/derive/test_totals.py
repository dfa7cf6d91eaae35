"""Parts are never listed as totals, events are counted once, and halves add up to the year."""

from __future__ import annotations

import pytest

import analysis
from analysis.derive.agreement import agreement
from analysis.derive.meetings import distinct_events, halves_of_2022
from analysis.derive.totals import parts_found, totals_found
from analysis.derive.turnout import candidates_per_seat
from analysis.errors import UnknownName


def test_the_national_totals_of_appeals_are_two_and_the_parts_stand_as_parts():
    assert totals_found("KZ", "appeals")["value"].tolist() == [1700000, 4400000]
    parts = parts_found("KZ", "appeals").set_index("breakdown_value")["value"]
    assert parts.to_dict() == {"local_executive_bodies": 1100000, "central_state_bodies": 2100000}


def test_no_total_is_of_one_office_or_of_another_register():
    for place in ("KZ", *analysis.reference.regions()):
        for dataset in ("appeals", "meetings"):
            rows = totals_found(place, dataset)
            assert not rows["register"].isin(["ombudsman", "prosecution", "open_dialogue"]).any()
            assert (
                not rows["breakdown_value"]
                .str.contains("presidential|ministers|local_executive")
                .any()
            )


def test_people_received_by_one_office_are_no_national_figure():
    """811 people came to one reception office in 109 days; 730 are a part of them."""
    received = totals_found("KZ", "meetings").query("item == 'people_received'")
    assert received.empty
    assert not set(parts_found("KZ", "meetings")["value"]) & {811, 730, 1498}


def test_a_data_set_without_totals_is_named():
    with pytest.raises(UnknownName, match="near: appeals"):
        totals_found("KZ", "appeal")


def test_one_event_is_counted_once():
    rows = analysis.load_meetings(indicator="citizens_received")
    rows = rows[(rows["place_id"] != "KZ") & (rows["breakdown"] != "outcome")]
    events = distinct_events(rows)
    assert len(rows) - len(events) == 2
    kostanay = events[events["place_id"] == "KZ-39"]
    assert kostanay[kostanay["value"] == 81]["period_end"].dt.date.astype(str).tolist() == [
        "2023-02-16"
    ]
    mangystau = events[events["region_id"] == "KZ-47"]
    assert mangystau[["place_id", "value"]].values.tolist() == [["KZ-47", 500]]


def test_half_a_year_of_questions_is_implied_by_the_other():
    halves = halves_of_2022(analysis.load_meetings())
    assert halves.loc["second_half", ["raised", "resolved"]].tolist() == [33400, 33100]
    assert halves.loc["first_half", ["raised", "resolved"]].tolist() == [29600, 14500]
    assert halves["share"].round(2).tolist() == [0.49, 0.99, 0.76]


def test_agreement_is_taken_over_what_was_published_more_than_once():
    table = agreement()
    elections = table.loc["akim_elections"]
    assert (elections["n_independent"], elections["conflict"]) == (0, 5)
    assert elections["n_repeated"] < elections["n_values"] / 4
    assert elections["repeated_conflict_share"] == pytest.approx(5 / elections["n_repeated"])
    assert table["conflict_share"].isna()["akim_elections"]  # agreement of copies confirms nothing
    assert table.loc["population", "vintage"] == 23
    assert table["conflict"].sum() < 20


def test_candidates_for_a_seat_vary_in_2021_and_stand_at_three_since():
    pairs = candidates_per_seat(analysis.load_akim_elections(office="rural"))
    first = pairs["period_end"] == "2021-07-25"
    of_regions = pairs[first & (pairs["place_id"] != "KZ")]["value"]
    assert (of_regions.min().round(2), of_regions.max().round(2)) == (2.26, 3.82)
    later = pairs[~first]["value"]
    assert later.between(2.9, 3.0).all() and (later == 3).sum() == len(later) - 1
