"""The section on appeals."""

from __future__ import annotations

from analysis.locale import text
from analysis.reference.places import NATION
from analysis.report.document import Block, Heading, words
from analysis.report.sections.parts import (
    TOTALS,
    found_here,
    national_charts,
    section,
    totals,
    totals_found,
)

_CHARTS = ("appeals_totals", "administrative_lawsuits", "appeal_types", "registers_growth")


@section
def appeals(place: str, *, language: str = "en") -> list[Block]:
    """Return what is published on appeals of a place, and the national series that compare.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> appeals("KZ-33").blocks[0]
    Heading(level=2, text='Appeals')
    """
    found = totals(place, "appeals", TOTALS["appeals"])
    meaning = text("appeals_meaning", language)
    if len(found) > 1:
        not_compared = text("appeals_not_compared", language)
        meaning = f"{not_compared} {meaning}"
    heading = text("section_01_appeals", language)
    blocks: list[Block] = [
        Heading(2, heading),
        *totals_found(found, "appeals", language),
        words(meaning),
        *found_here(place, "appeals", language),
    ]
    if place == NATION:
        return [*blocks, *national_charts(*_CHARTS, language=language)]
    country = Heading(3, text("whole_country", language))
    charts = national_charts("administrative_lawsuits", language=language)
    return [*blocks, country, *charts]
