"""The section on the country among its neighbours."""

from __future__ import annotations

from analysis.locale import text
from analysis.reference.places import NATION
from analysis.report.document import Block, Heading
from analysis.report.sections.parts import for_specialists, national_charts, section


@section
def context(place: str, *, language: str = "en") -> list[Block]:
    """Return the country's place among its neighbours and the steps of law; of the nation only.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> context("KZ-33").blocks
    ()
    """
    if place != NATION:
        return []
    heading = Heading(2, text("section_05_context", language))
    specialist = national_charts("distances", language=language)
    return [
        heading,
        *national_charts("neighbours", "timeline", language=language),
        for_specialists(specialist, about="section_05_context", language=language),
    ]
