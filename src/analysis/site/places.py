"""Where a reader finds a place: the list of regions with their districts, and the search."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from analysis import load, reference
from analysis.locale import text
from analysis.reference import place_name, published_datasets
from analysis.reference.names import spellings
from analysis.reference.places import NATION
from analysis.report.addresses import pages
from analysis.report.jobs import FORMATS
from analysis.site.columns import values
from analysis.site.findings import found_of_regions
from analysis.site.labels import place_order
from analysis.site.pages import Page
from analysis.store import cached_on

FIRST = "turnout_share"  # what the explorer opens with
_SHOWN_LEVELS = ("district", "city", "town")
_RANK = {"national": 0, "region": 1, "city": 1, "district": 2, "town": 2}


class Entry(NamedTuple):
    """A place as the search holds it: its name, its region, its address, all its spellings."""

    name: str
    where: str
    href: str
    spellings: tuple[str, ...]


def place_address(folder: Path, place: str, language: str) -> str:
    """Return where a reader finds a place: its report, else its values, else those of its region.

    Parameters
    ----------
    folder : Path
        Where the reports are.
    place, language : str
    """
    pages = _pages()
    page = pages.get((place, language), "")
    if page and (folder / page).is_file():
        return page
    explorer = Page("explorer", language).path
    indicators = _indicators_of_places()
    indicator = indicators.get(place)
    if indicator:
        return f"{explorer}#indicator={indicator}&places={place}"
    region = reference.region_of(place)
    if region in (place, NATION):
        return f"{explorer}#indicator={FIRST}"
    return place_address(folder, region, language)


@cached_on(reference.published_datasets, "places", "sources", "raw/languages")
def _pages() -> dict[tuple[str, str], str]:
    """Return the address of the page of each place that has one, by place and language."""
    found = {}
    for page in pages():
        found[page.place, page.language] = page.path
    return found


@cached_on(reference.datasets, "places")
def _indicators_of_places() -> dict[str, str]:
    """Return the indicator of which each place has most values, those on openness first."""
    frame = values()
    is_published = frame["dataset"].isin(published_datasets())
    groups = frame.assign(published=is_published).groupby(["place_id", "published", "indicator"])
    counts = groups.size().reset_index(name="n")
    ordered = counts.sort_values(["published", "n"], kind="stable")
    most = ordered.drop_duplicates("place_id", keep="last")
    return dict(zip(most["place_id"], most["indicator"], strict=True))


def listed_places(folder: Path, language: str) -> list[dict[str, Any]]:
    """Return the nation and each region with its reports, and the districts in it.

    Parameters
    ----------
    folder : Path
        Where the reports are.
    language : str
    """
    regions = _by_alphabet(reference.regions(), language)
    listed = [_place(NATION, folder, language)]
    for region in regions:
        listed.append(_place(region, folder, language))
    return listed


def _by_alphabet(places: Any, language: str) -> list[str]:
    return sorted(places, key=lambda place: place_order(place, language))


def _place(place: str, folder: Path, language: str) -> dict[str, Any]:
    inside = [] if place == NATION else _inside(place, folder, language)
    files = []
    for kind in FORMATS[1:]:
        page = Path(_pages()[place, language])
        file = page.with_suffix(f".{kind}").as_posix()
        if (folder / file).is_file():
            files.append((file, kind.upper()))
    return {
        "id": place,
        "name": place_name(place, language),
        "href": place_address(folder, place, language),
        "found": _found(place, language),
        "files": files,
        "inside": inside,
        "inside_words": text("place_inside", language, n=len(inside)),
    }


def _found(place: str, language: str) -> str:
    counts = found_of_regions()
    if place not in counts.index:
        return ""
    own = counts[counts.index == place].iloc[0]
    return text("place_found", language, found=own["found"], cells=own["possible"])


def _inside(region: str, folder: Path, language: str) -> list[tuple[str, str]]:
    """Return the address and name of each district and city of a region."""
    table = load.load_places()
    is_here = table["parent_id"].eq(region) & table["valid_to"].isna()
    is_shown = table["level"].isin(_SHOWN_LEVELS)
    inside = table.loc[is_here & is_shown, "place_id"]
    named = []
    for place in _by_alphabet(inside, language):
        address = place_address(folder, place, language)
        named.append((address, place_name(place, language)))
    return named


def search_entries(folder: Path, language: str) -> list[Entry]:
    """Return each place as the search finds it: regions first, then districts, then villages.

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
    ordered = here.assign(rank=rank).sort_values("rank", kind="stable")
    entries = []
    for place in ordered["place_id"]:
        names = known[place]
        entries.append(_entry(place, names, folder, language))
    return entries


def _entry(place: str, names: tuple[str, ...], folder: Path, language: str) -> Entry:
    region = reference.region_of(place)
    return Entry(
        name=place_name(place, language),
        where="" if region == place else place_name(region, language),
        href=place_address(folder, place, language),
        spellings=names,
    )
