"""Facts of the world, read from data/raw: places and borders, votes, languages, data sets."""

from __future__ import annotations

from analysis.reference.codes import code_name
from analysis.reference.indicators import datasets, published_datasets
from analysis.reference.languages import (
    check_language,
    front_language,
    in_language,
    language_name,
    languages,
    mark_not_found,
)
from analysis.reference.places import (
    NATION,
    borders_before,
    borders_moved_on,
    former_regions,
    has_rural_akims,
    neighbours,
    parts_of,
    place_name,
    place_names,
    region_of,
    regions,
    regions_in_votes,
    report_places,
    tiles,
    unmoved_regions,
)
from analysis.reference.votes import (
    Vote,
    first_akim_election,
    kinds,
    latest_votes,
    vote,
    votes,
    votes_by_kind,
)

__all__ = [
    "NATION",
    "Vote",
    "borders_before",
    "borders_moved_on",
    "check_language",
    "code_name",
    "datasets",
    "first_akim_election",
    "former_regions",
    "front_language",
    "has_rural_akims",
    "in_language",
    "kinds",
    "language_name",
    "languages",
    "latest_votes",
    "mark_not_found",
    "neighbours",
    "parts_of",
    "place_name",
    "place_names",
    "published_datasets",
    "region_of",
    "regions",
    "regions_in_votes",
    "report_places",
    "tiles",
    "unmoved_regions",
    "vote",
    "votes",
    "votes_by_kind",
]


def __dir__() -> list[str]:
    return sorted(__all__)
