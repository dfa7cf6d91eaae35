"""The front page: what was found, the map, the search, the places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis import load, reference
from analysis.derive.agreement import KINDS, agreement
from analysis.derive.coverage import FOUND, coverage, openness_sentence
from analysis.derive.headline import counted_words, headline_turnout
from analysis.locale import alphabetical, day, number, percent, share, text
from analysis.reference import place_name, published_datasets
from analysis.reference.names import spellings
from analysis.reference.places import NATION
from analysis.report.jobs import FORMATS
from analysis.report.output.html import file_name
from analysis.site.columns import values
from analysis.site.labels import capital
from analysis.site.pages import Page, Site

_STEPS = 5  # shades of the map
_NOTHING = "–"
_SHOWN_LEVELS = ("district", "city", "town")
_LETTERS = 5  # of a name on a tile of a phone
_FIRST = "turnout_share"  # what the explorer opens with for a place of which nothing was found
_WORDS_FOR_REGION = re.compile(r" (?:Region|облысы|область)$|^область |^г\. | қаласы$| city$")
_RANK = {"national": 0, "region": 1, "city": 1, "district": 2, "town": 2}


class Layer(NamedTuple):
    """What the map can be coloured by: by place its words and its shade, 0 for no figure."""

    code: str
    name: str
    places: dict[str, tuple[str, int]]
    legend: list[tuple[int, str]]
    note: str


def front_page(site: Site, folder: Path, language: str) -> str:
    """Return the front page as HTML.

    Parameters
    ----------
    site : Site
    folder : Path
        Where the reports are.
    language : str
    """
    page, layers = Page("front", language), map_layers(language)
    map_data = {layer.code: layer._asdict() for layer in layers}
    title = text("report_title", language)
    found = findings(language)
    return site.render(
        page,
        title=title,
        description=found[0][0],
        findings=found,
        layers=layers,
        legend=layers[0].legend,
        map_note=layers[0].note,
        map_data=map_data,
        tiles=_tiles(layers[0], folder, language),
        places=_places(folder, language),
        more=_more(page),
    )


def _more(page: Page) -> list[tuple[str, str, str]]:
    kinds = ("explorer", "figures", "indicators", "data", "news")
    language = page.language
    return [
        (page.sibling(kind).path, text(f"site_{kind}", language), text(f"{kind}_card", language))
        for kind in kinds
    ]


# --- what was found ---


def findings(language: str) -> list[tuple[str, str]]:
    """Return what was found in five sentences, each with the page that shows it.

    Examples
    --------
    >>> len(findings("en"))
    5
    """
    page = Page("front", language)
    cells = coverage()
    regions = _found_of_regions(cells)
    return [
        (_coverage_sentence(cells, language), page.sibling("figure", "coverage").path),
        (openness_sentence(cells, language=language), page.sibling("indicators").path),
        (_most_and_least(regions, language), f"{page.path}#places"),
        (_turnout_sentence(language), page.sibling("indicator", "turnout_share").path),
        (_agreement_sentence(language), page.sibling("figure", "disagreements").path),
    ]


def _found_of_regions(cells: pd.DataFrame) -> pd.DataFrame:
    """Return by region the number of figures found and of those that could be published."""
    own = cells[cells["place_id"].isin(reference.regions())]
    is_possible = own["status"] != "not_applicable"
    counts = own.assign(found=own["status"].isin(FOUND), possible=is_possible)
    return counts.groupby("place_id")[["found", "possible"]].sum()


def _coverage_sentence(cells: pd.DataFrame, language: str) -> str:
    counts = _found_of_regions(cells).sum()
    return text(
        "finding_coverage",
        language,
        found=number(int(counts["found"]), language),
        possible=number(int(counts["possible"]), language),
        share=percent(counts["found"] / counts["possible"], language, digits=0),
        first=int(cells["year"].min()),
        last=int(cells["year"].max()),
        regions=len(reference.regions()),
    )


def _most_and_least(regions: pd.DataFrame, language: str) -> str:
    part = regions["found"] / regions["possible"]
    most, least = regions[part == part.max()], regions[part == part.min()]
    return text(
        "finding_regions",
        language,
        most=_listed(most.index, language),
        most_found=int(most["found"].iloc[0]),
        most_possible=int(most["possible"].iloc[0]),
        least=_listed(least.index, language),
        least_found=int(least["found"].iloc[0]),
        least_possible=int(least["possible"].iloc[0]),
    )


def _listed(places: Iterable[str], language: str) -> str:
    names = [place_name(place, language) for place in places]
    return ", ".join(sorted(names, key=alphabetical))


def _turnout_sentence(language: str) -> str:
    vote = reference.latest_votes()[0]
    found = headline_turnout(vote=vote.code)
    assert found.value is not None
    return text(
        "finding_turnout",
        language,
        vote=capital(vote.name(language)),
        day=day(vote.day, language),
        value=share(found.value, language),
        counted=found.counted(language),
    )


def _agreement_sentence(language: str) -> str:
    table = agreement().loc[list(published_datasets())]
    n_repeated = int(table["n_repeated"].sum())
    n_differ = int(table[list(KINDS)].sum().sum())
    return text(
        "finding_agreement",
        language,
        values=number(int(table["n_values"].sum()), language),
        repeated=number(n_repeated, language),
        differ=number(n_differ, language),
    )


# --- the map ---


def map_layers(language: str) -> list[Layer]:
    """Return what the map can be coloured by: the figures found, then turnout in each vote."""
    votes = sorted(reference.votes(), key=lambda vote: vote.day, reverse=True)
    return [_coverage_layer(language), *(_vote_layer(vote, language) for vote in votes)]


def _coverage_layer(language: str) -> Layer:
    regions = _found_of_regions(coverage())
    words = {
        str(place): f"{row.found}/{row.possible}"
        for place, row in zip(regions.index, regions.itertuples(), strict=True)
    }
    name, note = text("map_coverage", language), text("map_coverage_note", language)
    parts = (regions["found"] / regions["possible"]).to_dict()
    return _layer("coverage", name, parts, words, note, language)


def _vote_layer(vote: reference.Vote, language: str) -> Layer:
    rows = load.load_turnout(vote=vote.code)
    rows = rows[rows["place_id"].isin(reference.regions())]
    shares = rows.set_index("place_id")["value"].to_dict()
    words = {place: percent(value, language) for place, value in shares.items()}
    name = text("kf_turnout", language, vote=vote.name(language))
    counted = capital(counted_words("preliminary", language))
    note = text("map_vote_note", language, counted=counted)
    return _layer(vote.code, name, shares, words, note, language)


def _layer(  # noqa: PLR0913  # one value for each field of a layer
    code: str,
    name: str,
    shares: dict[Any, float],
    words: Mapping[Any, str],
    note: str,
    language: str,
) -> Layer:
    low, high = min(shares.values()), max(shares.values())
    width = (high - low) / _STEPS or 1.0
    places = {}
    for place in reference.regions():
        step = 0
        if place in shares:
            step = min(_STEPS, 1 + int((shares[place] - low) / width))
        places[place] = (words.get(place, _NOTHING), step)
    bounds = [percent(low + step * width, language, digits=0) for step in range(_STEPS + 1)]
    legend = [(step, f"{bounds[step - 1]} – {bounds[step]}") for step in range(1, _STEPS + 1)]
    if len(shares) < len(reference.regions()):
        legend.append((0, text("map_nothing", language)))
    return Layer(code, name, places, legend, note)


def _tiles(layer: Layer, folder: Path, language: str) -> list[dict[str, Any]]:
    """Return the tiles of the map, row by row: readers by keyboard go through them so."""
    placed = sorted(reference.tiles().items(), key=lambda tile: tile[1][::-1])
    return [_tile(place, column, row, layer, folder, language) for place, (column, row) in placed]


def _tile(  # noqa: PLR0913
    place: str, column: int, row: int, layer: Layer, folder: Path, language: str
) -> dict[str, Any]:
    words, step = layer.places[place]
    name, short = place_name(place, language), _short_names(language)[place]
    return {
        "place": place,
        "column": column + 1,
        "row": row + 1,
        "name": name,
        "short": short,
        "code": short[:_LETTERS],
        "words": words,
        "step": step,
        "href": place_address(folder, place, language),
    }


def _short_names(language: str) -> dict[str, str]:
    """Return the names of regions without the word for it; a city keeps it beside its region."""
    names = {place: place_name(place, language) for place in reference.regions()}
    short = {place: _WORDS_FOR_REGION.sub("", name) for place, name in names.items()}
    shared = [name for name in short.values() if list(short.values()).count(name) > 1]
    cities = [place for place in short if not reference.has_rural_akims(place)]
    return short | {place: names[place] for place in cities if short[place] in shared}


# --- the places ---


def place_address(folder: Path, place: str, language: str) -> str:
    """Return where a reader finds a place: its report, else its values, else those of its region.

    Parameters
    ----------
    folder : Path
        Where the reports are.
    place, language : str
    """
    report = _report(place, language, "html")
    if (folder / report).is_file():
        return report
    indicator = _indicators_of_places().get(place)
    explorer = Page("explorer", language).path
    if indicator:
        return f"{explorer}#indicator={indicator}&places={place}"
    region = reference.region_of(place)
    if region not in (place, NATION):
        return place_address(folder, region, language)
    return f"{explorer}#indicator={_FIRST}"


def _report(place: str, language: str, kind: str) -> str:
    return f"{place}/{file_name(f'openness-{place}', language)}.{kind}"


def _indicators_of_places() -> dict[str, str]:
    """Return the indicator of which each place has most values, those on openness first."""
    frame = values()
    is_published = frame["dataset"].isin(published_datasets())
    counts = frame.assign(published=is_published).groupby(["place_id", "published", "indicator"])
    ordered = counts.size().reset_index(name="n").sort_values(["published", "n"], kind="stable")
    newest = ordered.groupby("place_id")["indicator"].last()
    return {str(place): indicator for place, indicator in newest.items()}


def _places(folder: Path, language: str) -> list[dict[str, Any]]:
    """Return the nation and each region with its reports, and the districts in it."""
    counts = _found_of_regions(coverage())
    regions = sorted(
        reference.regions(), key=lambda place: alphabetical(place_name(place, language))
    )
    return [_place(place, counts, folder, language) for place in (NATION, *regions)]


def _place(place: str, counts: pd.DataFrame, folder: Path, language: str) -> dict[str, Any]:
    inside = [] if place == NATION else _inside(place, folder, language)
    found = ""
    if place in counts.index:
        n_found, n_possible = counts.loc[place].tolist()  # type: ignore[operator]
        numbers = {"found": n_found, "cells": n_possible}
        found = text("place_found", language, **numbers)
    reports = {kind: _report(place, language, kind) for kind in FORMATS[1:]}
    files = [(path, kind.upper()) for kind, path in reports.items() if (folder / path).is_file()]
    return {
        "id": place,
        "name": place_name(place, language),
        "href": place_address(folder, place, language),
        "found": found,
        "files": files,
        "inside": inside,
        "inside_words": text("place_inside", language, n=len(inside)),
    }


def _inside(region: str, folder: Path, language: str) -> list[tuple[str, str]]:
    """Return the address and name of each district and city of a region."""
    table = load.load_places()
    is_here = table["parent_id"].eq(region) & table["valid_to"].isna()
    inside = table[is_here & table["level"].isin(_SHOWN_LEVELS)]["place_id"]
    names = {place: place_name(place, language) for place in inside}
    ordered = sorted(names, key=lambda place: alphabetical(names[place]))
    return [(place_address(folder, place, language), names[place]) for place in ordered]


def search_entries(folder: Path, language: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return name, region, address and spellings of each place that the search finds.

    Parameters
    ----------
    folder : Path
        Where the reports are.
    language : str
    """
    known = spellings()
    table = load.load_places()
    here = table[table["place_id"].isin(known) & table["valid_to"].isna()]
    rank = here["level"].map(_RANK).fillna(len(_RANK))
    ordered = here.assign(rank=rank).sort_values("rank", kind="stable")["place_id"]
    return [_entry(place, known[place], folder, language) for place in ordered]


def _entry(
    place: str, names: tuple[str, ...], folder: Path, language: str
) -> tuple[str, str, str, tuple[str, ...]]:
    region = reference.region_of(place)
    where = "" if region == place else place_name(region, language)
    return place_name(place, language), where, place_address(folder, place, language), names
