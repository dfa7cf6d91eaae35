"""One list of codes: each has a meaning in every language, and one thing has one code."""

from __future__ import annotations

import csv
import re

import pandas as pd
import pytest

from analysis import load, paths
from analysis.data.observations import CODED, codes, read_observations
from analysis.errors import DataError
from analysis.locale import read_catalogue
from analysis.reference import datasets, languages, published_datasets
from analysis.store import read_rows


def raw(dataset: str) -> pd.DataFrame:
    return pd.DataFrame(read_observations(dataset))


def test_every_code_has_a_meaning_in_every_language_and_stands_once():
    rows = read_rows("raw/codes")
    assert len(rows) > 500
    assert all(row[language].strip() for row in rows for language in languages())
    assert len({(row["column"], row["code"]) for row in rows}) == len(rows)


def test_every_code_that_is_used_is_listed_and_the_other_way_round():
    used = {column: set() for column in CODED}
    for dataset in datasets():
        for column in CODED:
            used[column] |= set(raw(dataset)[column]) - {""}
    closed = {
        "unit",
        "measure",
        "level",
        "office",
        "stage",
        "precision",
        "dating",
        "confidence",
        "register",
    }
    for column in CODED:
        listed = set(codes()[column]) - {""}
        assert used[column] <= listed, column
        if column not in closed:  # closed lists may hold a code that no row has yet
            assert listed == used[column], column


def test_every_code_of_the_published_figures_has_a_label():
    labels = {message.id for message in read_catalogue("en")}
    prefixes = {
        "indicator": "indicator_",
        "breakdown": "breakdown_",
        "breakdown_value": "value_",
        "register": "register_",
    }
    for dataset in published_datasets():
        frame = raw(dataset)
        for column, prefix in prefixes.items():
            wanted = {prefix + code for code in frame[column] if code}
            assert wanted <= labels, wanted - labels


@pytest.mark.parametrize(
    ("column", "given", "near"),
    [
        ("indicator", "turnout_shar", "Near: turnout_share"),
        ("breakdown", "topics", "Near: topic"),
        ("breakdown_value", "ministry_health", "Near: ministry_healthcare"),
        ("unit", "percent", "expected one of count, share, change"),
        ("register", "hotlines", "expected one of (empty), appeals_registers"),
    ],
)
def test_a_code_that_is_not_listed_stops_the_build_with_the_near_ones(
    raw_copy, column, given, near
):
    path = raw_copy / "appeals.csv"
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    rows[6] |= {"breakdown": "topic", "breakdown_value": "land"} | {column: given}
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(
        DataError, match=rf"row 8, column {column}: found '{given}'.*{re.escape(near)}"
    ):
        read_observations("appeals", folder=raw_copy)


ONE_CODE = [  # dataset, column, code, rows, codes that are gone
    ("appeals", "breakdown_value", "akim_oblast", 20, ["oblast_akim"]),
    ("meetings", "breakdown_value", "akim_oblast", 19, ["oblast_akim"]),
    ("appeals", "breakdown_value", "prosecution_bodies", 7, ["prosecution"]),
    ("appeals", "breakdown_value", "ministry_labour_social_protection", 9, ["ministry_labour"]),
    (
        "appeals",
        "breakdown_value",
        "ministry_education_science",
        4,
        ["ministry_education_and_science"],
    ),
    ("appeals", "breakdown_value", "ministry_enlightenment", 4, ["ministry_education"]),
    ("appeals", "breakdown_value", "ministry_healthcare", 2, ["ministry_health"]),
    ("meetings", "breakdown_value", "ministry_healthcare", 1, ["ministry_of_healthcare"]),
    ("appeals", "breakdown_value", "ministry_emergency", 3, ["ministry_emergency_situations"]),
    ("appeals", "breakdown_value", "contact_centre_109", 16, ["ikomek109"]),
    ("appeals", "breakdown_value", "health", 6, ["healthcare"]),
    ("appeals", "breakdown_value", "land", 5, ["land_use"]),
    ("appeals", "breakdown_value", "housing_and_communal_services", 5, ["housing_and_utilities"]),
    ("appeals", "breakdown_value", "public_transport", 3, ["passenger_transport"]),
    ("appeals", "breakdown_value", "roads", 2, ["road_repair", "roads_and_lighting"]),
    ("appeals", "indicator", "open_dialogue_answered_share", 30, ["appeals_share_answered"]),
    (
        "appeals",
        "indicator",
        "open_dialogue_unsatisfied_share",
        1,
        ["open_dialog_share_dissatisfied"],
    ),
    ("context", "breakdown", "body", 6, ["recipient"]),
]


@pytest.mark.parametrize(("dataset", "column", "code", "least", "gone"), ONE_CODE)
def test_one_thing_has_one_code(dataset, column, code, least, gone):
    counts = raw(dataset)[column].value_counts()
    assert counts.get(code, 0) >= least, counts.get(code, 0)
    assert not set(gone) & set(counts.index)


STILL_APART = [  # codes that look alike and are kept apart, since their sources say different things
    ("appeals", "ministry_energy", "ministry_energy_or_ecology"),
    ("appeals", "local_executive_bodies", "akimat"),
    (
        "appeals",
        "presidential_administration",
        "presidential_administration_appeals_control_department",
    ),
    ("meetings", "nur_otan_public_reception", "amanat_mobile_reception"),
    ("akim_elections", "nur_otan", "amanat"),
    ("appeals", "labour", "labour_employment_social_assistance"),
    ("context", "central_state_bodies", "regional_executive_bodies"),
]


@pytest.mark.parametrize(("dataset", "one", "other"), STILL_APART)
def test_codes_kept_apart_are_never_in_one_series(dataset, one, other):
    frame = load.read_series(dataset)
    both = frame[frame["breakdown_value"].isin([one, other])]
    key = ["indicator", "period_start", "period_end", "place_id", "register", "breakdown"]
    together = both.groupby(key, observed=True)["breakdown_value"].nunique()
    assert set(both["breakdown_value"]) == {one, other}
    assert (together == 1).all() or dataset == "akim_elections"


def test_the_portal_open_dialogue_is_a_register_not_a_channel():
    frame = raw("appeals")
    assert not (frame["breakdown_value"] == "open_dialog").any()
    at_day = frame[(frame["period_end"] == "2024-12-17") & (frame["register"] == "open_dialogue")]
    assert set(at_day["period_start"]) == {"2009-01-01"}
    assert at_day.groupby(["indicator", "place_id"])["value"].nunique().max() == 1


@pytest.mark.parametrize(
    ("indicator", "moved_to"),
    [
        ("survey_trust_local_akim_share", "trust_share_trusts"),
        ("survey_trust_oblast_akim_share", "trust_share_trusts"),
    ],
)
def test_surveys_stand_in_the_context_only(indicator, moved_to):
    assert indicator not in set(raw("akim_elections")["indicator"])
    assert moved_to in set(raw("context")["indicator"])


def test_what_repeats_under_two_dates_is_told_apart():
    """Kyzylorda: two sources of one count, a day apart, both kept: which day is right, neither says.

    Almaty Region: one source stands for the day and, dated by context, for the year: the year gives
    way.
    """
    akims = raw("akim_elections")
    total = akims[
        (akims["indicator"] == "akims_in_office")
        & (akims["place_id"] == "KZ-43")
        & (akims["breakdown"] == "")
    ]
    assert dict(zip(total["period_end"], total["value"], strict=True)) == {
        "2026-01-08": "146",
        "2026-01-09": "146",
    }
    seats = akims[
        (akims["indicator"] == "seats_contested")
        & (akims["place_id"] == "KZ-ALM")
        & (akims["breakdown"] == "")
    ]
    by_period = seats.groupby("period_start")["value"].agg(set)
    assert by_period["2021-07-25"] & by_period["2021-01-01"]
    series = load.load_akim_elections(indicator="seats_contested", since=2021)
    of_2021 = series[(series["region_id"] == "KZ-ALM") & (series["period_end"].dt.year == 2021)]
    assert not of_2021.duplicated(["place_id"]).any()
    assert dict(zip(of_2021["place_id"], of_2021["value"], strict=True))["333400000"] == 8
    ledger = pd.read_csv(paths.processed() / "ledger.csv", dtype=str)
    assert ledger["reason"].str.startswith("dating: ").sum() == 13


@pytest.mark.parametrize("indicator", ["complaints_growth_half_on_half"])
def test_growth_is_a_change_with_a_sign(indicator):
    row = raw("appeals").query("indicator == @indicator").iloc[0]
    assert (row["unit"], float(row["value"])) == ("change", 0.16)


def test_the_two_counts_of_the_prosecution_of_2025_stand_with_their_notes():
    rows = raw("appeals").query("register == 'prosecution' and indicator == 'appeals_registered'")
    early = rows[rows["period_start"] == "2025-01-01"].set_index("value")
    assert (
        early.loc["70000", "precision"] == "at_least"
        and early.loc["70000", "period_end"] == "2025-02-28"
    )
    assert "33743" in early.index
    assert (rows["value"] == "461932").sum() == 1  # once stood twice


def test_raw_says_what_is_excluded_and_nothing_of_it():
    excluded = read_rows("raw/excluded")
    context = raw("context")
    for row in excluded:
        assert not (
            (context["indicator"] == row["indicator"]) & (context["producer"] == row["producer"])
        ).any()


def test_every_place_of_the_figures_and_no_other_column_of_duties_is_empty():
    duties = pd.read_csv(paths.raw() / "duties.csv", keep_default_na=False)
    assert len(duties) == 118
    used = duties[duties["code"] != ""]
    assert used["code"].is_unique
    assert (used[[f"text_{language}" for language in languages()]] != "").all(axis=None)
    assert ((duties["term_number"] == "") == (duties["term_unit"] == "")).all()
