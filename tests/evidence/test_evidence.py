"""Sources, definitions, rates and coverage."""

from __future__ import annotations

import re

import pytest

import analysis
from analysis import charts
from analysis.data.observations import CODES
from analysis.errors import UnknownName
from analysis.reference import datasets
from analysis.store import read_rows


def test_the_sources_of_a_chart_are_those_of_its_rows():
    chart = charts.draw("rural_turnout_2021")
    table = analysis.provenance(chart)
    assert set(table["source_id"]) == {s for cell in chart.rows["sources"] for s in cell.split()}
    assert table["n_values"].max() == 14  # one release lists all fourteen regions


def test_provenance_of_something_else_says_what_it_takes():
    with pytest.raises(TypeError, match="a frame with a column sources"):
        analysis.provenance("turnout")


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_every_register_and_data_set_is_described(language):
    for name in [*filter(None, CODES["register"]), *datasets()]:
        assert analysis.describe(name, language=language)["definition"]
    assert all(row[language] for row in read_rows("raw/codebook"))


def test_an_unknown_name_lists_the_near_ones():
    with pytest.raises(UnknownName, match="near: turnout_share"):
        analysis.describe("turnout")


def test_a_rate_names_its_population():
    frame = analysis.load_appeals(indicator="administrative_lawsuits_filed")
    rates = analysis.per_thousand(frame.iloc[[2]], analysis.load_population(since=None))
    assert rates["value"].item() == pytest.approx(31186 / 19766807 * 1000, rel=1e-4)
    assert rates["population_on"].item().year == 2023


def test_a_rate_without_a_denominator_is_refused():
    frame = analysis.load_meetings(place="471000000", indicator="citizens_received")
    population = analysis.load_population(since=None).query("place_id == 'KZ'")
    with pytest.raises(
        ValueError, match="471000000 on 2025-05-22: nearest population known is none"
    ):
        analysis.per_thousand(frame, population)
    with pytest.raises(ValueError, match="is a share, not a count"):
        analysis.per_thousand(analysis.load_turnout(vote="majilis_2023", place="KZ"), population)


def test_coverage_of_the_last_national_vote():
    cells = analysis.coverage()
    last = cells[(cells["item"] == "national_turnout") & (cells["year"] == 2026)].set_index(
        "place_id"
    )["status"]
    assert set(last[last == "partial"].index) == {"KZ-47", "KZ-55", "KZ-59", "KZ-62"}
    assert (last.drop(["KZ-47", "KZ-55", "KZ-59", "KZ-62"]) == "final").all()


def test_coverage_has_every_cell_and_most_meeting_counts_are_not_found():
    cells = analysis.coverage()
    assert len(cells) == 21 * 6 * 5 - 3 * 5  # three cities have no rural akims
    meetings = cells[(cells["item"] == "meetings_count") & (cells["place_id"] != "KZ")]
    found = meetings[meetings["status"] != "not_found"]["place_id"].unique()
    assert len(found) < 10


def test_what_is_not_published_is_counted_from_the_coverage():
    """Totals of appeals: Abai, Atyrau, West Kazakhstan, Pavlodar, Almaty city; of hotlines: Kyzylorda, Astana, Almaty city."""
    cells = analysis.coverage()
    found = (
        cells[(cells["status"] != "not_found") & (cells["place_id"] != "KZ")]
        .groupby("item")["place_id"]
        .agg(set)
    )
    assert found["appeals_total"] == {"KZ-10", "KZ-23", "KZ-27", "KZ-55", "KZ-75"}
    assert found["hotline_requests"] == {"KZ-43", "KZ-71", "KZ-75"}
    assert found["meetings_count"] == {"KZ-23", "KZ-35", "KZ-61", "KZ-75"}
    assert "13 of 20 regions" in analysis.openness_sentence(
        cells
    ) and "16 no count" in analysis.openness_sentence(cells)
    for language, turnout in [
        ("en", "not openness"),
        ("kk", "ашықтық емес"),
        ("ru", "не открытость"),
    ]:
        sentence = analysis.openness_sentence(cells, language=language)
        assert turnout in sentence and {"13", "16", "20"} <= set(re.findall(r"\d+", sentence))
    fewer = analysis.openness_sentence(cells[cells["place_id"].isin(["KZ-10", "KZ-11"])])
    assert "1 of 2 regions" in fewer and "2 no count" in fewer


def test_the_duty_of_akims_over_time():
    duty = analysis.load_mandates()
    latest = duty[duty["valid_to"].isna()].set_index("office")["meetings_per_year"]
    assert latest.drop("rural").to_dict() == {
        "region": 1,
        "city_of_republican_significance": 1,
        "district": 2,
    }
    assert latest.isna()["rural"]
