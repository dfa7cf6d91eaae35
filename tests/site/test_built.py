"""The whole site in a browser from a folder, with the network cut, as strangers would use it."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import random
import re
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pandas as pd
import pytest

from analysis import load, reference
from analysis.data.archive import archive, archive_name
from analysis.reference import languages, place_name
from analysis.report.wording import value_words
from analysis.site.columns import data_script, values
from analysis.site.figures import figure_page
from analysis.site.front import front_page
from analysis.site.indicators import explorer_page, indicator_page, indicators
from analysis.site.pages import Page, Site, feed_path

pytestmark = pytest.mark.slow
LIMIT = 120 * 1024  # bytes of the explorer with its data, packed
SITE_LIMIT = 120 * 1024**2
PHONE = {"width": 360, "height": 800}
KINDS = ("front", "explorer", "figures", "indicators", "data", "news")
SINGLE = (
    ("figure", "coverage"),
    ("figure", "timeline"),
    ("indicator", "turnout_share"),
    ("indicator", "population"),
)


def some_pages(language: str) -> list[Page]:
    return [
        *(Page(kind, language) for kind in KINDS),
        *(Page(kind, language, name) for kind, name in SINGLE),
    ]


def released() -> pd.DataFrame:
    """Every released value, read with plain pandas."""
    folder = Path(load.store.table_path("appeals")).parent
    frames = [
        pd.read_csv(folder / f"{name}.csv", dtype="str", keep_default_na=False).assign(dataset=name)
        for name in reference.datasets()
    ]
    return pd.concat(frames, ignore_index=True)


def rows_in_csv(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))


def saved(page, kind: str) -> bytes:
    with page.expect_download() as download:
        page.click(f'[data-save="{kind}"]')
    return Path(download.value.path()).read_bytes()


def same(cells: dict[str, str], row: pd.Series) -> bool:
    """Whether a row of a download is a released row, cell by cell."""
    numbers = ("value", "low", "high", "n_figures", "n_publishers", "n_producers")
    words = ("dataset", "indicator", "period_start", "period_end", "as_of", "place_id", "register", "office", "vote",
             "breakdown", "breakdown_value", "stage", "unit", "precision", "rule", "disagreement", "confidence", "sources")  # fmt: skip
    return all(cells[name] == row[name] for name in words) and all(
        (cells[name] == row[name] == "") or float(cells[name]) == float(row[name])
        for name in numbers
    )


def random_view(seed: int) -> tuple[str, pd.DataFrame]:
    """An address and the released rows that it must show: chosen from the files, not by the site."""
    chance, table = random.Random(seed), released()
    indicator = chance.choice(sorted(set(table["indicator"])))
    rows = table[(table["indicator"] == indicator) & (table["stage"] != "interim")]
    if rows.empty:
        return random_view(seed + 1000)
    places = sorted(set(rows["place_id"]))
    chosen = sorted(chance.sample(places, min(len(places), chance.randint(1, 9))))
    years = rows["period_end"].str[:4]
    first, last = sorted(chance.choices(sorted(set(years)), k=2))
    rows = rows[rows["place_id"].isin(chosen) & years.between(first, last)]
    hours = (
        (table["indicator"] == indicator)
        & (table["stage"] == "interim")
        & table["place_id"].isin(chosen)
    )
    hours &= table["period_end"].str[:4].between(first, last)
    address = f"#indicator={indicator}&part=all&places={'~'.join(chosen)}&from={first}&to={last}"
    return address, pd.concat([rows, table[hours]])


@pytest.mark.parametrize("seed", range(10))
def test_a_random_view_shows_and_saves_the_released_values(built, opened, seed):
    address, rows = random_view(seed)
    language = languages()[seed % len(languages())]
    with opened(built / Page("explorer", language).path, address=address) as page:
        if rows.empty:
            assert page.locator('[data-part="table"]').is_hidden()
            return
        got = rows_in_csv(saved(page, "csv").decode())
        assert len(got) == len(rows)
        left = rows.copy()
        for cells in got:
            match = next((n for n, row in left.iterrows() if same(cells, row)), None)
            assert match is not None, cells
            left = left.drop(index=match)
        assert page.locator('[data-part="table"] tbody tr').count() == len(rows)
        shown = [
            cell.split()[0] if cell else ""
            for cell in page.locator('[data-part="table"] tbody td:first-child').all_inner_texts()
        ]
        assert set(shown) <= {
            place_name(place, language).split()[0] for place in set(rows["place_id"])
        }
        sheet = openpyxl.load_workbook(io.BytesIO(saved(page, "xlsx"))).worksheets[0]
        kept = [row for row in sheet.iter_rows(min_row=2, values_only=True)]
        assert sorted(str(float(cells["value"])) for cells in got) == sorted(
            str(float(numeric(row))) for row in kept
        )


def numeric(row) -> float:
    """The first number of a line of a sheet: the value stands before its bounds."""
    return next(cell for cell in row if isinstance(cell, int | float))


@pytest.mark.parametrize("language", languages())
def test_every_value_is_said_as_babel_says_it(built, opened, language):
    rows = values()
    wanted = [value_words(row, language) for row in rows.itertuples()]
    with opened(built / Page("explorer", language).path) as page:
        got = page.evaluate(
            "n => Array.from({length: n}, (_, row) => window.OPENNESS_SAID(row))", len(rows)
        )
    assert got == wanted


@pytest.mark.parametrize(
    "indicator", ["turnout_share", "appeals_registered", "population", "akims_elected", "cpi_score"]
)
def test_a_line_joins_only_one_register_stage_scope_and_vote(built, opened, indicator):
    frame = values()
    alike = [
        "place_id",
        "register",
        "office",
        "vote",
        "breakdown",
        "breakdown_value",
        "stage",
        "measure",
    ]
    parts = frame.loc[frame["indicator"].eq(indicator), "part_code"].value_counts().index[:6]
    places = list(frame.loc[frame["indicator"].eq(indicator), "place_id"].value_counts().index[:6])
    lines = 0
    with opened(built / Page("explorer", "en").path) as page:
        for part in [*parts, *(["all"] if len(parts) > 1 else [])]:
            page.goto(
                page.url.split("#")[0]
                + f"#indicator={indicator}&part={part}&places={'~'.join(places)}"
            )
            page.wait_for_function(
                "part => document.querySelector('#part').value === part", arg=part
            )
            joined = [
                int(line.get_attribute("data-to")) for line in page.locator("line.joined").all()
            ]
            lines += len(joined)
            for row in joined:
                assert (frame.loc[row, alike] == frame.loc[row - 1, alike]).all()
            assert part != "all" or not joined
    assert lines or indicator in ("akims_elected", "appeals_registered")


def test_a_shared_address_gives_the_same_view(built, opened):
    explorer = built / Page("explorer", "ru").path
    with opened(explorer) as page:
        page.select_option("#indicator", "population")
        page.get_by_role("button", name="Ни одного").click()
        page.get_by_label("область Жетісу", exact=True).check()
        page.get_by_label("Казахстан", exact=True).check()
        page.select_option("#from", "2022")
        address, before = (
            page.input_value("#address"),
            page.locator('[data-part="table"]').inner_text(),
        )
    assert "places=KZ" in address
    assert "KZ-33" in address
    with opened(explorer, address="#" + address.split("#")[1]) as page:
        assert page.locator('[data-part="table"]').inner_text() == before
        page.get_by_role("link", name="Қазақша").click()
        assert page.url.endswith(address.split("#")[1])
        assert page.locator('[data-part="table"] tbody tr').count() == before.count("[1]") or before


def test_the_explorer_is_used_by_keyboard_alone_and_says_what_changed(built, opened):
    with opened(built / Page("explorer", "en").path) as page:
        said = page.locator('[data-part="said"]')
        before = said.inner_text()
        assert said.get_attribute("role") == "status"
        page.focus("#indicator")
        page.keyboard.type("Residents", delay=20)
        page.keyboard.press("Tab")
        assert page.input_value("#indicator").startswith("population")
        assert said.inner_text() != before
        assert "values" in said.inner_text()
        page.focus("[data-choose=none]")
        page.keyboard.press("Enter")
        assert "Nothing to show" in said.inner_text()
        page.focus('[data-part="places"] li:first-child input')
        page.keyboard.press("Space")
        assert "places 1" in said.inner_text()
        page.focus(".point[tabindex='0']")
        labels = []
        for _ in range(3):
            labels.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
            assert labels[-1] in page.locator('[data-part="detail"]').inner_text()
            page.keyboard.press("ArrowRight")
        assert len(set(labels)) == 3
        assert all(label.startswith("Kazakhstan") for label in labels)


def test_points_stand_for_the_rows_of_the_table_and_ranges_for_those_that_differ(built, opened):
    frame = values()
    rows = frame[frame["indicator"].eq("turnout_share") & frame["part_code"].eq("preliminary")]
    with opened(
        built / Page("explorer", "en").path, address="#indicator=turnout_share&part=preliminary"
    ) as page:
        drawn = {int(row.get_attribute("data-row")) for row in page.locator(".point").all()}
        listed = {int(row.get_attribute("data-row")) for row in page.locator("tbody tr").all()}
        ranged = {
            int(row.get_attribute("data-row")) for row in page.locator(".point:has(line)").all()
        }
    assert drawn | listed == listed
    assert listed == set(rows.index)
    assert ranged == {n for n in drawn if rows.loc[n, "low"] < rows.loc[n, "high"]}


def test_embedded_it_shows_the_view_and_the_way_to_its_sources(built, opened):
    with opened(
        built / Page("explorer", "kk").path, address="#indicator=population&embed=1"
    ) as page:
        assert page.locator("header.top").is_hidden()
        assert page.locator(".controls").is_hidden()
        assert page.locator("svg[role=group]").is_visible()
        assert "embed" not in page.locator('[data-part="open"]').get_attribute("href")


def test_a_picture_is_saved_as_svg_and_png(built, opened):
    with opened(
        built / Page("explorer", "ru").path, address="#indicator=population&places=KZ"
    ) as page:
        assert saved(page, "png").startswith(b"\x89PNG")
        assert b"<svg" in saved(page, "svg")


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(built, opened, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for language in languages():
        for one in some_pages(language):
            with opened(
                built / one.path, viewport={"width": width, "height": 800}, color_scheme=scheme
            ) as page:
                assert page.evaluate("document.documentElement.scrollWidth") <= width, one.path
                found = axe.run(page, options={"preload": False}).response["violations"]
            serious = [
                (v["id"], v["nodes"][0]["html"][:160])
                for v in found
                if v["impact"] in ("serious", "critical")
            ]
            assert not serious, (one.path, scheme, width, serious)


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("жетысу", "KZ-33"), ("Жетісу", "KZ-33"), ("jetisu", "KZ-33"), ("Alaköl", "333400000"), ("алакол ауданы", "333400000"),
        ("алакольский район", "333400000"), ("КЫЗЫЛОРДА", "KZ-43"), ("Qyzylorda", "KZ-43"), ("Шимкент", "KZ-79"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", languages())
def test_a_place_is_found_as_it_is_typed(built, opened, typed, place, language):
    with opened(built / Page("front", language).path, viewport=PHONE) as page:
        page.fill("#search", typed)
        first = page.locator("#search-found a").first
        assert first.inner_text() == place_name(place, language)
        first.click()
        assert page.url.split("/")[-2] == place


def test_nothing_found_is_said(built, opened):
    with opened(built / Page("front", "ru").path) as page:
        page.fill("#search", "qqqqqq")
        assert page.locator("#search-said").inner_text() == "Ничего не найдено"


def test_the_map_says_another_vote_when_it_is_chosen(built, opened):
    turnout = load.load_turnout(vote="majilis_2023").set_index("place_id")["value"]
    with opened(built / Page("front", "en").path, viewport=PHONE) as page:
        tile = page.locator('.map a[data-place="KZ-33"]')
        assert "/" in tile.inner_text()
        page.select_option("#map-by", "majilis_2023")
        assert f"{turnout['KZ-33']:.1%}" in tile.inner_text()
        assert f"{turnout['KZ-33']:.1%}" in tile.get_attribute("aria-label")
        assert tile.locator("b").is_visible()


def test_every_kind_of_page_says_what_it_is(built):
    for language in languages():
        for one in some_pages(language):
            text = (built / one.path).read_text("utf-8")
            assert re.search(r'<meta name="description" content="[^"]{20,}">', text), one.path
            assert '<script type="application/ld+json">{"@context"' in text, one.path
            assert f'<html lang="{language}">' in text


def test_every_link_of_the_site_leads_to_a_file_or_a_view(built):
    """Also those that only the search and the feed hold; views name places that have such values."""
    frame = values()
    pairs = set(zip(frame["indicator"], frame["place_id"], strict=True))
    links = []
    for language in languages():
        entries = json.loads(
            (built / "assets" / f"places-{language}.js")
            .read_text("utf-8")
            .split(" = ")[1]
            .rstrip(";\n")
        )
        assert len(entries) > 300
        links += [(built / Page("front", language).path, href) for _, _, href, _ in entries]
        for page in some_pages(language):
            path = built / page.path
            links += [
                (path, href)
                for href in re.findall(r'(?:href|src)="([^"#][^"]*)"', path.read_text("utf-8"))
            ]
        feed = built / feed_path(language)
        links += [(feed, href) for href in re.findall(r'href="([^"]+)"', feed.read_text("utf-8"))]
    broken = []
    for path, written in links:
        href = html.unescape(written)
        if href.startswith(("http", "data:", "#")):
            continue
        target, _, fragment = href.partition("#")
        view = dict(part.split("=") for part in fragment.split("&")) if "=" in fragment else {}
        known = "places" not in view or (view["indicator"], view["places"]) in pairs
        if not (path.parent / unquote(target)).is_file() or not known:
            broken.append((path.name, href))
    assert not broken


def test_two_builds_of_the_pages_are_the_same_bytes(built):
    """A page is made again from what lies there; what is drawn is compared where it is drawn."""
    site = Site(
        documentation="docs/index.html" if (built / "docs" / "index.html").is_file() else ""
    )
    for language in languages():
        again = {
            Page("front", language): front_page(site, built, language),
            Page("explorer", language): explorer_page(site, language),
            Page("indicator", language, "population"): indicator_page(site, "population", language),
            Page("figure", language, "coverage"): figure_page(site, built, "coverage", language),
        }
        for page, content in again.items():
            assert (built / page.path).read_text("utf-8") == content, page.path
    assert (built / "assets" / "data.js").read_text("utf-8") == data_script()
    assert (built / "data" / archive_name()).read_bytes() == archive()


def test_a_base_url_makes_addresses_absolute(built):
    site = Site(base_url="https://openness.example/")
    made = figure_page(site, built, "coverage", "ru")
    home = "https://openness.example/figures/ru/coverage"
    assert f'<link rel="canonical" href="{home}.html">' in made
    assert f'<meta property="og:image" content="{home}.png">' in made
    assert f"read_csv(&#34;{home}.csv&#34;)" in made
    without = (built / Page("figure", "ru", "coverage").path).read_text("utf-8")
    assert "openness.example" not in without
    assert "og:" not in without


def test_the_site_and_its_explorer_are_small(built):
    assets = ["data.js", "words-{}.js", "names.js", "xlsx.js", "explorer.js", "site.js", "site.css"]
    for language in languages():
        files = [built / "assets" / name.format(language) for name in assets]
        files.append(built / Page("explorer", language).path)
        packed = sum(len(gzip.compress(file.read_bytes(), mtime=0)) for file in files)
        assert packed < LIMIT, (language, packed)
    size = sum(
        file.stat().st_size
        for file in built.rglob("*")
        if file.is_file() and "docs" not in file.parts
    )
    assert size < SITE_LIMIT


def test_there_is_a_page_and_a_file_for_every_indicator(built):
    for indicator in indicators():
        assert (built / "indicators" / f"{indicator}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        for language in languages():
            assert (built / Page("indicator", language, indicator).path).is_file()
            assert (built / "indicators" / language / f"{indicator}.xlsx").is_file()


def test_on_paper_the_controls_are_left_out(built, opened):
    with opened(
        built / Page("explorer", "ru").path, address="#indicator=population&places=KZ"
    ) as page:
        page.emulate_media(media="print")
        assert page.locator(".controls").is_hidden()
        assert page.locator("header.top").is_hidden()
        assert page.locator('[data-part="table"]').is_visible()
