"""The section on appeals."""

from __future__ import annotations

from analysis.derive.totals import totals_found
from analysis.locale import text
from analysis.reference.places import NATION
from analysis.report.document import Block, Heading, words
from analysis.report.sections.key_figures import shown_above
from analysis.report.sections.parts import (
    found_here,
    list_totals,
    more_charts,
    national_charts,
    national_fold,
    section,
)

_ABOUT = "section_01_appeals"
_CHARTS = ("appeals_totals", "administrative_lawsuits", "appeal_types")
_MORE_CHARTS = ("registers_growth",)


@section
def appeals(place: str, *, language: str = "en") -> list[Block]:
    """Return what is published on appeals of a place, and the national series that compare.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> appeals("KZ-33").blocks[0]
    Heading(level=2, text='Appeals')
    """
    meaning = text("appeals_meaning", language)
    if len(totals_found(place, "appeals")) > 1:
        not_compared = text("appeals_not_compared", language)
        meaning = f"{not_compared} {meaning}"
    shown = shown_above(place, language)
    blocks: list[Block] = [
        Heading(2, text(_ABOUT, language)),
        *list_totals(place, "appeals", language, shown=shown),
        words(meaning),
        *found_here(place, "appeals", language, shown=shown),
    ]
    if place == NATION:
        more = more_charts(*_MORE_CHARTS, about=_ABOUT, language=language)
        return [*blocks, *national_charts(*_CHARTS, language=language), more]
    national = national_fold("administrative_lawsuits", about=_ABOUT, language=language)
    return [*blocks, national]
