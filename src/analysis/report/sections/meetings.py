"""The section on meetings of akims with residents."""

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

_CHARTS = ("meetings_2022", "questions_resolved", "required_meetings", "receptions")


@section
def meetings(place: str, *, language: str = "en") -> list[Block]:
    """Return what is published on meetings and receptions, and what the law requires of akims.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> [block.text for block in meetings("KZ-33").blocks if isinstance(block, Heading)]
    ['Meetings and receptions', 'Kazakhstan as a whole']
    """
    found = totals(place, "meetings", TOTALS["meetings"])
    duty = text("meetings_duty", language)
    here = found_here(place, "meetings", language)
    blocks: list[Block] = [
        Heading(2, text("section_02_meetings", language)),
        *totals_found(found, "meetings", language),
        words(duty),
        *here,
    ]
    if place == NATION:
        return [*blocks, *national_charts(*_CHARTS, language=language)]
    country = Heading(3, text("whole_country", language))
    charts = national_charts("required_meetings", language=language)
    return [*blocks, country, *charts]
