"""The section on meetings of akims with residents."""

from __future__ import annotations

from analysis import load
from analysis.derive.meetings import halves_of_2022
from analysis.locale import share, text
from analysis.reference.places import NATION
from analysis.report.document import Block, Heading, Paragraph, source_ids, words
from analysis.report.sections.parts import found_here, list_totals, national_charts, section

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
    duty = text("meetings_duty", language)
    here = found_here(place, "meetings", language)
    blocks: list[Block] = [
        Heading(2, text("section_02_meetings", language)),
        *list_totals(place, "meetings", language),
        words(duty),
        *here,
    ]
    if place == NATION:
        charts = national_charts(*_CHARTS, language=language)
        return [*blocks, _halves(language), *charts]
    country = Heading(3, text("whole_country", language))
    charts = national_charts("required_meetings", language=language)
    return [*blocks, country, *charts]


def _halves(language: str) -> Paragraph:
    """Return what two published shares of questions resolved imply for the half-year between."""
    held = load.load_meetings(place=NATION, since=2022)
    shares = halves_of_2022(held)["share"].round(2)
    sentence = text(
        "meetings_halves",
        language,
        first=share(shares["first_half"], language),
        second=share(shares["second_half"], language),
        year=share(shares["year"], language),
    )
    questions = held[held["indicator"].str.startswith("meeting_questions_r")]
    return words(sentence, *source_ids(questions))
