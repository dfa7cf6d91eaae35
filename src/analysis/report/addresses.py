"""The pages that a reader can open: full reports, and short ones of districts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from analysis import load, reference
from analysis.reference import region_of
from analysis.report.output.html import file_name
from analysis.report.sections.parts import fields_found
from analysis.store import cached_on

REPORT, DISTRICT = "report", "district"
_LEVELS = ("district", "city", "town")


class Page(NamedTuple):
    """One page: `kind` is "report" (with PDF and Word beside it) or "district" (HTML only).

    `path` is relative to the folder of the reports; `region` the region in which the place lies.
    """

    place: str
    language: str
    kind: str
    path: str
    region: str


def pages(languages: Sequence[str] | None = None) -> list[Page]:
    """Return every page that a full build writes, reports first.

    Parameters
    ----------
    languages : list of str, optional
        All of `analysis.reference.languages()` if not given.

    Examples
    --------
    >>> first = pages(["kk"])[0]
    >>> first.path, first.kind
    ('KZ/openness-KZ-kk.html', 'report')
    """
    full = [(place, REPORT) for place in reference.report_places()]
    short = [(place, DISTRICT) for place in districts()]
    return [
        Page(place, language, kind, path_of(place, language), region_of(place))
        for language in languages or reference.languages()
        for place, kind in (*full, *short)
    ]


def path_of(place: str, language: str) -> str:
    """Return the page of a place relative to the folder of the reports; "" if it has none.

    Examples
    --------
    >>> path_of("333600000", "kk"), path_of("KZ-ALM", "kk")
    ('KZ-33/openness-333600000-kk.html', '')
    """
    name = page_name(place, language)
    if place in reference.report_places():
        return f"{place}/{name}"
    return f"{region_of(place)}/{name}" if place in districts() else ""


def page_name(place: str, language: str) -> str:
    """Return the name of the page of a place.

    Examples
    --------
    >>> page_name("333600000", "kk")
    'openness-333600000-kk.html'
    """
    return f"{file_name(report_name(place), language)}.html"


def report_name(place: str) -> str:
    """Return the name of a place's files without language and ending.

    Examples
    --------
    >>> report_name("KZ-63/altai-city")
    'openness-KZ-63-altai-city'
    """
    return f"openness-{place.replace('/', '-')}"


@cached_on(reference.published_datasets, "places", "sources")
def districts() -> tuple[str, ...]:
    """Return the districts and cities inside regions that have a short page.

    These are the places of which, or of whose rural districts, a figure beside population is known,
    and that have no full report.

    Examples
    --------
    >>> "333600000" in districts(), "333400000" in districts()
    (True, False)
    """
    table = load.load_places()
    inside = table[table["parent_id"].isin(reference.regions()) & table["level"].isin(_LEVELS)]
    full = set(reference.report_places())
    candidates = [place for place in inside["place_id"] if place not in full]
    return tuple(place for place in candidates if sum(fields_found(place).values()))


def districts_of(region: str) -> list[str]:
    """Return the districts of a region that have a page, of either kind.

    Examples
    --------
    >>> "333400000" in districts_of("KZ-33"), districts_of("KZ")
    (True, [])
    """
    every = (*reference.report_places(), *districts())
    inside = [place for place in every if region_of(place) == region]
    return [place for place in inside if place != region]


def address_of(place: str, language: str, *, seen_from: str) -> str:
    """Return the address of a district's page, relative to the page of its region.

    Examples
    --------
    >>> address_of("333600000", "kk", seen_from="KZ-33")
    'openness-333600000-kk.html'
    >>> address_of("333400000", "kk", seen_from="KZ-33")
    '../333400000/openness-333400000-kk.html'
    """
    name = page_name(place, language)
    return f"../{place}/{name}" if place in reference.report_places() else name
