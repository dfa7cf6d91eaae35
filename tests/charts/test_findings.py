"""Titles say what a figure shows: they follow the data, and fall back to the topic."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from analysis import (
    charts,
    coverage,
    load_akim_elections,
    load_appeals,
    load_mandates,
    load_meetings,
    load_residents,
    load_turnout,
)
from analysis.derive import comparisons
from analysis.locale import text
from analysis.reference import first_akim_election, languages, place_name

TOPICS = {"timeline"}  # where nothing is to be said


def digits(title):
    """The numbers of a title, however they are written and ordered."""
    joined = re.sub(r"(?<=\d)[\u00a0\u202f,](?=\d{3}\b)", "", title)
    return sorted(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d)", ".", joined)))


@pytest.mark.parametrize("name", charts.FIGURES)
def test_a_title_is_a_finding_with_the_same_numbers_in_every_language(name):
    drawn = {language: charts.draw(name, language=language) for language in languages()}
    for language, chart in drawn.items():
        topics = [key for key in (f"{name}_title",) if name in TOPICS]
        if topics:
            assert chart.title == text(topics[0], language)
            continue
        assert any(c.isdigit() for c in chart.title)
        assert chart.subtitle and chart.title not in chart.subtitle
    numbers = [digits(chart.title) for chart in drawn.values()]
    assert numbers[0] == numbers[1] == numbers[2]


def with_value(frame, where, value):
    changed = frame.copy()
    changed.loc[where(changed), ["value", "low", "high"]] = value
    return changed


def test_lawsuits_rise_fall_or_do_neither():
    appeals = load_appeals()
    filed = appeals[appeals["indicator"] == "administrative_lawsuits_filed"]
    plot = charts.plot_administrative_lawsuits
    assert plot(filed).title.startswith("Administrative lawsuits grew every year: 28,852 in 2022")
    lower = with_value(filed, lambda f: f["period_end"] == "2024-12-31", 30_000)
    assert plot(lower).title == "Administrative lawsuits filed"
    falling = with_value(lower, lambda f: f["period_end"] == "2023-12-31", 28_000)
    falling = with_value(falling, lambda f: f["period_end"] == "2024-12-31", 27_000)
    assert "fell every year" in plot(falling).title and "27,000 in 2024" in plot(falling).title


def test_the_largest_type_is_named_only_beside_a_total():
    appeals = load_appeals(since=2020)
    assert "68% of the appeals of 2024" in charts.plot_appeal_types(appeals).title
    types = appeals[appeals["breakdown"] == "appeal_type"]
    alone = charts.plot_appeal_types(types)
    assert alone.title == "Appeals of 2024 by type" and len(alone.data()) == 3


def test_registers_did_not_all_grow_if_one_fell():
    appeals = load_appeals(since=2020)
    one = appeals[appeals["indicator"] == "appeals_growth_yoy"]
    fell = with_value(one, lambda f: f["register"] == "ombudsman", -0.1)
    assert charts.plot_registers_growth(one).title.startswith("Every register")
    assert charts.plot_registers_growth(fell).title == "Growth printed for registers of appeals"


def test_an_open_dialogue_that_agrees_with_its_counts_has_no_finding():
    appeals = load_appeals(since=None)
    of = appeals["indicator"].str.startswith("open_dialogue")
    shares = appeals[of & (appeals["place_id"] != "KZ-62")]
    assert "Ulytau Region: 81.3%" in charts.plot_open_dialogue(appeals).title
    assert charts.plot_open_dialogue(shares).title.startswith("Questions answered")


def test_the_halves_of_the_year_follow_the_counts():
    meetings = load_meetings()
    half = (meetings["indicator"] == "meeting_questions_resolved") & (
        meetings["period_start"] == "2022-07-01"
    )
    fewer = with_value(meetings, lambda f: half, 16_700)
    assert "99% of questions" in charts.plot_questions_resolved(meetings).title
    assert "50% of questions" in charts.plot_questions_resolved(fewer).title
    without = charts.plot_questions_resolved(meetings[~half])
    assert without.title == "Share of questions resolved, 2022"


def test_a_duty_that_did_not_change_is_no_finding():
    duties = load_mandates()
    same = duties.assign(meetings_per_year=2)
    assert "2 meetings a year" in charts.plot_required_meetings(duties).title
    title = charts.plot_required_meetings(same).title
    assert title == text("required_meetings_title", "en")


def test_the_towns_are_not_named_where_one_is_above_a_village():
    elections = load_akim_elections()
    town = elections["place_id"] == "KZ-19/talgar-city"
    voted = town & (elections["indicator"] == "voters_voted")
    listed = elections[town & (elections["indicator"] == "voters_listed")]["value"].iloc[0]
    high = with_value(
        elections, lambda f: voted | (town & (f["indicator"] == "turnout_share")), 0.9
    )
    high = with_value(high, lambda f: voted, 0.9 * listed)
    assert "towns" in charts.plot_later_rural_turnout(elections).title
    assert charts.plot_later_rural_turnout(high).title == "Turnout in later rural elections"


def test_the_lowest_region_is_named_if_it_is_lowest_in_most_votes():
    turnout = load_turnout()
    others = turnout[turnout["place_id"] != "KZ-75"]
    assert charts.plot_turnout_spread(turnout).title.startswith("Almaty city had the lowest")
    assert charts.plot_turnout_spread(others).title.startswith("Astana city had the lowest")


def test_rural_turnout_below_the_national_is_no_finding():
    elections, turnout = load_akim_elections(), load_turnout()
    rural = (elections["office"] == "rural") & (elections["indicator"] == "turnout_share")
    low = with_value(elections, lambda f: rural, 0.1)
    assert "in 13 of 14 regions" in charts.plot_rural_beside_national(elections, turnout).title
    title = charts.plot_rural_beside_national(low, turnout).title
    assert title == text("rural_beside_national_title", "en")


def test_the_turnout_of_another_vote_is_another_finding():
    titles = {
        charts.plot_tile_map(load_turnout(), vote=vote).title
        for vote in ("majilis_2023", "referendum_2024", "referendum_2026")
    }
    assert len(titles) == 3


def test_all_found_means_nothing_to_say_of_regions_without_figures():
    cells = coverage()
    status = pd.Categorical(["final"] * len(cells), categories=cells["status"].cat.categories)
    found = cells.assign(status=status)
    assert charts.plot_required_found(found).title == "Required and found, 2021–2025"
    assert " 0 were not found " in charts.plot_coverage(found).title


@pytest.mark.parametrize("language", languages())
def test_regions_of_the_district_elections_say_how_many_akims_they_elected(language):
    """In Karaganda Region three pilot districts voted; two of the single districts are of Atyrau."""
    chart = charts.draw("district_elections_2023", language=language)
    karaganda = place_name("KZ-35", language)
    labels = chart.data().set_index("place_id")["label"]
    assert labels["KZ-35"].startswith(f"{karaganda}, 3 ")
    assert "," not in labels["314200000"]
    assert labels["KZ-35"] in chart.title
    assert re.findall(r"\d+", chart.subtitle)[-3:] == ["5", "4", "2"]


def test_the_number_of_akims_follows_the_seats():
    elections = load_akim_elections()
    at_karaganda = elections["place_id"] == "KZ-35"
    seats = at_karaganda & (elections["indicator"] == "seats_contested")
    seven = with_value(elections, lambda frame: seats, 7)
    assert "(Karaganda Region, 7 akims)" in charts.plot_district_elections_2023(seven).title
    unknown = charts.plot_district_elections_2023(elections[~seats])
    assert "(Karaganda Region)" in unknown.title


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", ["turnout_spread", "turnout_gaps"])
def test_a_turnout_figure_says_why_most_regions_lie_above_the_nation(name, language):
    turnout, residents = load_turnout(), load_residents()
    national = turnout[turnout["place_id"] == "KZ"].set_index("vote")["value"]
    regions = turnout[turnout["level"].isin(["region", "city"])]
    gaps = regions["value"] - regions["vote"].map(national)
    n_above = int((gaps > 0).sum())
    share = residents["KZ-75"] / residents["KZ"]
    below = -100 * gaps[regions["place_id"] == "KZ-75"]
    wanted = {n_above, len(gaps), round(100 * share), round(below.min()), round(below.max())}
    said = charts.draw(name, language=language).subtitle
    assert place_name("KZ-75", language) in said
    assert {int(digit) for digit in re.findall(r"\d+", said)} == wanted


def test_nothing_is_said_of_regions_above_where_most_lie_below():
    turnout = load_turnout()
    residents = load_residents()
    high = with_value(turnout, lambda frame: frame["place_id"] == "KZ", 0.95)
    for plot in (charts.plot_turnout_spread, charts.plot_turnout_gaps):
        assert "mean over voters" in plot(turnout, residents).subtitle
        assert "mean over voters" not in plot(high, residents).subtitle


def test_meetings_held_are_not_set_beside_the_duty():
    """28,300 were held in 2022: in how many places they were due was not found."""
    chart = charts.plot_required_meetings(load_mandates())
    everything = f"{chart.title} {chart.subtitle} {chart.alt}"
    assert not re.search(r"28.?300", everything)
    assert set(chart.data()["unit"]) == {"meetings required per year"}


def test_outcomes_on_another_base_are_not_drawn_beside_those_of_the_considered():
    """Redirected appeals are a share of those registered, the others of those considered."""
    appeals = load_appeals()
    there = appeals[(appeals["place_id"] == "KZ-27") & (appeals["period_end"] == "2021-05-17")]
    assert "appeals_redirected_share" in set(there["indicator"])
    chart = charts.plot_appeal_outcomes(appeals)
    considered = {f"appeals_{kind}_share" for kind in ("clarified", "satisfied", "refused")}
    assert set(chart.data()["indicator"]) == considered
    assert not chart.axes[0].patches, "parts are dots on one axis, not a stack"
    assert chart.title.startswith("Of the appeals considered ")


@pytest.mark.parametrize("name", ["rural_turnout_2021", "elected_profile", "rural_beside_national"])
def test_the_day_of_the_first_rural_elections_is_that_of_the_data(name, monkeypatch):
    from analysis.charts import akim_elections, national_votes

    known = first_akim_election("rural")
    later = replace(known, day=date(2021, 7, 26))
    elections = load_akim_elections()
    is_first = elections["period_end"] == pd.Timestamp(known.day)
    moved = elections.assign(
        period_end=elections["period_end"].where(~is_first, pd.Timestamp(later.day))
    )
    for module in (akim_elections, national_votes, comparisons.reference):
        monkeypatch.setattr(module, "first_akim_election", lambda office: later)
    plot, loaders = charts.FIGURES[name]
    others = [load() for load in loaders[1:]]
    chart = plot(moved, *others)
    written = [chart.subtitle, chart.alt, *chart.data().get("series", [])]
    assert any("July 26, 2021" in words for words in written)
