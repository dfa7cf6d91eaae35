"""What was found, in five sentences computed from the data."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis import reference
from analysis.derive.agreement import KINDS, agreement
from analysis.derive.coverage import FOUND, coverage, openness_sentence
from analysis.derive.headline import headline_turnout
from analysis.locale import day, number, percent, share, text
from analysis.reference import place_name, published_datasets
from analysis.site.labels import capital, place_order
from analysis.site.pages import Page


def findings(language: str) -> list[tuple[str, str]]:
    """Return what was found in five sentences, each with the page that shows it.

    Examples
    --------
    >>> len(findings("en"))
    5
    """
    cells = coverage()
    page = Page("front", language)
    figure = page.sibling("figure", "coverage")
    turnout = page.sibling("indicator", "turnout_share")
    disagreements = page.sibling("figure", "disagreements")
    return [
        (_coverage_sentence(cells, language), figure.path),
        (openness_sentence(cells, language=language), page.sibling("indicators").path),
        (_most_and_least(language), f"{page.path}#places"),
        (_turnout_sentence(language), turnout.path),
        (_agreement_sentence(language), disagreements.path),
    ]


def found_of_regions() -> pd.DataFrame:
    """Return by region the number of figures found and of those that could be published.

    Examples
    --------
    >>> found_of_regions().columns.tolist()
    ['found', 'possible']
    """
    cells = coverage()
    own = cells[cells["place_id"].isin(reference.regions())]
    counted = own.assign(
        found=own["status"].isin(FOUND),
        possible=own["status"] != "not_applicable",
    )
    by_region = counted.groupby("place_id")
    return by_region[["found", "possible"]].sum()


def _coverage_sentence(cells: pd.DataFrame, language: str) -> str:
    counts = found_of_regions().sum()
    found, possible = int(counts["found"]), int(counts["possible"])
    return text(
        "finding_coverage",
        language,
        found=number(found, language),
        possible=number(possible, language),
        share=percent(found / possible, language, digits=0),
        first=int(cells["year"].min()),
        last=int(cells["year"].max()),
        regions=len(reference.regions()),
    )


def _most_and_least(language: str) -> str:
    regions = found_of_regions()
    part = regions["found"] / regions["possible"]
    most = regions[part == part.max()]
    least = regions[part == part.min()]
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
    ordered = sorted(places, key=lambda place: place_order(place, language))
    names = [place_name(place, language) for place in ordered]
    return ", ".join(names)


def _turnout_sentence(language: str) -> str:
    vote = reference.latest_votes()[0]
    found = headline_turnout(vote=vote.code)
    if found.value is None:
        return text("finding_no_turnout", language, vote=capital(vote.name(language)))
    return text(
        "finding_turnout",
        language,
        vote=capital(vote.name(language)),
        day=day(vote.day, language),
        value=share(found.value, language),
        counted=found.counted(language),
    )


def _agreement_sentence(language: str) -> str:
    published = list(published_datasets())
    counts = agreement().loc[published].sum()
    differ = counts[list(KINDS)].sum()
    return text(
        "finding_agreement",
        language,
        values=number(int(counts["n_values"]), language),
        repeated=number(int(counts["n_repeated"]), language),
        differ=number(int(differ), language),
    )
