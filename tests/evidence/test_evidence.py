"""Sources, definitions, rates and coverage."""

from __future__ import annotations

import pytest

import analysis
from analysis import charts
from analysis.data.observations import codes
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
    for name in [*filter(None, codes()["register"]), *datasets()]:
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


def test_the_duty_of_akims_over_time():
    duty = analysis.load_mandates()
    latest = duty[duty["valid_to"].isna()].set_index("office")["meetings_per_year"]
    assert latest.to_dict() == {
        "region": 1,
        "city_of_republican_significance": 1,
        "district": 2,
        "rural": 2,
    }


def test_mandates_say_what_the_duties_say():
    duties = analysis.load_duties(theme="meetings").set_index("code")["term_number"]
    mandates = analysis.load_mandates().set_index(["office", "valid_from"])["meetings_per_year"]
    pairs = {
        ("region", "2022-03-03"): "meetings_region_2022",
        ("city_of_republican_significance", "2022-03-03"): "meetings_city_2022",
        ("region", "2024-01-01"): "meetings_region",
        ("city_of_republican_significance", "2024-01-01"): "meetings_city",
        ("district", "2024-01-01"): "meetings_district",
        ("rural", "2024-01-01"): "meetings_rural",
    }
    for (office, day), code in pairs.items():
        assert mandates.loc[office, day].item() == duties[code], code


def test_duties_by_body_theme_and_day():
    akims = analysis.load_duties(body="akim")
    assert akims["body"].str.contains("akim", case=False).all() and len(akims) > 15
    early = set(analysis.load_duties(theme="meetings", on="2023-06-01")["code"])
    late = set(analysis.load_duties(theme="meetings", on="2024-06-01")["code"])
    assert {"meetings_region_2022", "report_yearly"} <= early and "meetings_region" not in early
    assert {"meetings_region", "report_yearly"} <= late and "meetings_region_2022" not in late
    read = analysis.load_duties(theme="requests", on="2024-06-01").query("code == 'request_answer'")
    assert read["edition_is_older"].all()
    assert not analysis.load_duties(theme="requests")["edition_is_older"].any()
    orders = analysis.load_duties(theme="publication", on="2025-04-15")
    assert (orders["in_force_to"] == "2025-04").any()  # a month counts to its end
    with pytest.raises(UnknownName, match="near: requests"):
        analysis.load_duties(theme="request")
    with pytest.raises(UnknownName, match="body 'bishop'"):
        analysis.load_duties(body="bishop")
