"""The section on meetings of akims with residents."""

from __future__ import annotations

import pandas as pd

from analysis import load, reference
from analysis.derive.meetings import halves_of_2022
from analysis.locale import day, number, share, text
from analysis.reference.places import NATION
from analysis.report.document import Block, Heading, Paragraph, Table, source_ids, words
from analysis.report.sections.key_figures import shown_above
from analysis.report.sections.parts import (
    found_here,
    is_inside_region,
    list_totals,
    more_charts,
    national_charts,
    national_fold,
    section,
)

_ABOUT = "section_02_meetings"
_CHARTS = ("meetings_2022", "required_meetings")
_MORE_CHARTS = ("questions_resolved", "receptions")
_CITY, _REGION = "city_of_republican_significance", "region"


@section
def meetings(place: str, *, language: str = "en") -> list[Block]:
    """Return the duty of akims to meet residents, and beside it what was found that they did.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> [block.text for block in meetings("KZ-33").blocks if isinstance(block, Heading)]
    ['Meetings and receptions']
    """
    shown = shown_above(place, language)
    blocks: list[Block] = [
        Heading(2, text(_ABOUT, language)),
        *list_totals(place, "meetings", language, shown=shown),
        _duty(place, language),
        words(text("meetings_duty", language)),
        *found_here(place, "meetings", language, shown=shown),
    ]
    if place == NATION:
        charts = national_charts(*_CHARTS, language=language)
        more = more_charts(*_MORE_CHARTS, about=_ABOUT, language=language)
        return [*blocks, _halves(language), *charts, more]
    national = national_fold("required_meetings", about=_ABOUT, language=language)
    return [*blocks, national]


def _duty(place: str, language: str) -> Table:
    """Return how many meetings a year each akim of the place must hold, and by which decree."""
    rows = load.load_mandates()
    rows = rows[rows["office"].isin(_offices(place)) & rows["valid_to"].isna()]
    heads = ("col_office", "col_since", "col_required", "col_decree")
    return Table(
        caption=text("duty_of_akims", language),
        columns=tuple(text(head, language) for head in heads),
        rows=tuple(_duty_cells(row, language) for _, row in rows.iterrows()),
        sources=tuple(tuple(cell.split()) for cell in rows["sources"]),
    )


def _offices(place: str) -> list[str]:
    """Return the levels of akims in a place."""
    below = ["district", "rural"]
    if place == NATION:
        return [_REGION, _CITY, *below]
    if is_inside_region(place):
        return below
    return [_REGION, *below] if reference.has_rural_akims(place) else [_CITY, "district"]


def _duty_cells(row: pd.Series, language: str) -> tuple[str, ...]:
    times = number(int(row["meetings_per_year"]), language)
    return (
        text(f"akim_{row['office']}", language),
        day(row["valid_from"], language),
        text("times_a_year", language, n=times),
        text("decree_n", language, n=row["decree"]),
    )


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
