"""The sections on the districts of a region, and on what is known of one of them."""

from __future__ import annotations

import pandas as pd

from analysis import reference
from analysis.locale import text
from analysis.reference import place_name
from analysis.report.document import Block, Heading, Items, Run, words
from analysis.report.sections.parts import rows_of, section, values_table

_MOST = 30  # rows of a short page


@section
def districts(place: str, *, language: str = "en") -> list[Block]:
    """Return the list of the districts of a region that have a page of their own.

    Parameters and returns as in `opening`; nothing for the nation and for districts.

    Examples
    --------
    >>> districts("KZ-33").blocks[0]
    Heading(level=2, text='Districts and cities of the region')
    """
    from analysis.report.addresses import address_of, districts_of

    inside = districts_of(place) if place in reference.regions() else []
    if not inside:
        return []
    named = sorted((place_name(one, language), one) for one in inside)
    listed = [(Run(name, href=address_of(one, language, seen_from=place)),) for name, one in named]
    lead = words(text("districts_lead", language))
    return [Heading(2, text("h_districts", language)), lead, Items(tuple(listed))]


@section
def known(place: str, *, language: str = "en") -> list[Block]:
    """Return the figures of a district and its rural districts, the newest first.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> known("333600000").blocks[0]
    Heading(level=2, text='What is known')
    """
    every = [rows_of(place, name, inside=True) for name in reference.published_datasets()]
    rows = pd.concat(every)
    rows = rows[rows["indicator"] != "population"]
    newest = rows.sort_values("period_end", ascending=False, kind="stable").head(_MOST)
    heading, several = text("h_known", language), newest["place_id"].nunique() > 1
    table = values_table(newest, heading, language, with_place=several)
    return [Heading(2, heading), table]
