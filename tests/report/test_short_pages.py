"""Which pages there are, and the short ones of districts under their region."""

from __future__ import annotations

import pytest

from analysis import load_places, report
from analysis.load import load_all
from analysis.locale import number
from analysis.reference import languages
from analysis.report.addresses import address_of, districts, districts_of
from analysis.report.document import Table
from analysis.report.short_pages import district_document, district_pages, write_districts


def test_every_district_of_which_a_figure_beside_population_is_known_has_a_page():
    places = load_places().set_index("place_id")
    rows = load_all()
    rows = rows[~rows["indicator"].isin(["population", "rural_districts"])]
    named = set(rows["place_id"])
    around = {places["parent_id"].get(place, "") for place in named}
    below_regions = places["level"].isin(["district", "city", "town"]) & ~places["parent_id"].eq(
        "KZ"
    )
    wanted = {place for place in named | around if below_regions.get(place, False)}
    assert {*districts(), "333400000"} >= wanted
    assert len(districts()) > 70


def test_pages_are_listed_once_in_each_language_reports_first():
    listed = report.pages()
    assert len({page.path for page in listed}) == len(listed)
    n = len(report.PLACES) + len(districts())
    assert len(listed) == n * len(languages())
    kinds = [page.kind for page in report.pages(["kk"])]
    assert kinds == sorted(kinds, key=["report", "district"].index)
    assert all(
        page.path.startswith(f"{page.region}/") for page in listed if page.kind == "district"
    )


def test_the_address_from_a_region_leads_to_the_file(tmp_path):
    for place in districts_of("KZ-33"):
        target = (tmp_path / "KZ-33" / address_of(place, "kk", seen_from="KZ-33")).resolve()
        (listed,) = [page for page in report.pages(["kk"]) if page.place == place]
        assert target == (tmp_path / listed.path).resolve()


def test_the_pages_of_a_region_are_written_small_and_lead_up_to_it(tmp_path):
    write_districts(tmp_path, "KZ-39", "kk", languages=("kk", "ru"), site="../index.html")
    files = district_pages(tmp_path, "KZ-39", "kk")
    assert sorted(tmp_path.rglob("*.html")) == sorted(files)
    assert files
    for file in files:
        page = file.read_text("utf-8")
        assert len(page.encode()) < 60_000
        assert 'href="openness-KZ-39-kk.html"' in page
        assert 'href="../index.html"' in page
        assert page.rstrip().endswith("</html>")


@pytest.mark.parametrize("language", languages())
def test_a_short_page_shows_each_figure_that_is_known_with_its_source(language):
    rows = load_all()
    known = rows[rows["indicator"].eq("seats_contested")]
    place = next(one for one in districts() if one in set(known["place_id"]))
    document = district_document(place, language)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    own = known[known["place_id"] == place]
    cells = [(row[-1], ids) for row, ids in zip(tables[0].rows, tables[0].sources, strict=True)]
    for row in own.itertuples():
        assert (number(row.value, language), tuple(row.sources.split())) in cells
    assert len(document.sources) == len(document.numbers) > 0
