"""The sections on what is published, and a request for what is not."""

from __future__ import annotations

import pandas as pd

from analysis import charts, gallery, load
from analysis.derive.coverage import coverage, open_questions
from analysis.locale import day, text
from analysis.reference import place_name, region_of
from analysis.reference.places import NATION
from analysis.report.document import Block, Heading, Items, Paragraph, Run, explained, words
from analysis.report.sections.parts import is_inside_region, national_charts, section


@section
def published(place: str, *, language: str = "en") -> list[Block]:
    """Return what is published and what is not, by year.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> published("KZ-33").blocks[0]
    Heading(level=2, text='What was found, and what was not')
    """
    blocks: list[Block] = [Heading(2, text("section_06_evidence", language))]
    if place == NATION:
        differ = words(gallery.draw("disagreements", language=language).alt)
        shown = national_charts("coverage", "openness_profile", language=language)
        return [*blocks, *shown, differ]
    region = region_of(place)
    if is_inside_region(place):
        name = place_name(region, language)
        blocks.append(words(text("alakol_region", language, region=name)))
    chart = charts.plot_place_coverage(coverage(), place=region, language=language)
    return [*blocks, *explained(chart)]


@section
def questions(place: str, *, language: str = "en") -> list[Block]:
    """Return a request for information that asks for what was not found.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> questions("KZ-33").blocks[0]
    Heading(level=2, text='Questions to put to the akimat')
    """
    name = place_name(place, language)
    if place == NATION:
        addressee = text("request_to_nation", language)
    else:
        addressee = text("request_to", language, place=name)
    return [
        Heading(2, text("h_questions", language)),
        words(text("questions_lead", language)),
        Paragraph((Run(addressee, bold=True),)),
        words(text("request_body", language, place=name)),
        Items(_asked(_not_final(place), language), ordered=True),
        words(text("request_close", language)),
        _term_of_answer(language),
    ]


def _term_of_answer(language: str) -> Paragraph:
    """Return the term in which a request is answered, with the article and the edition read."""
    duties = load.load_duties(theme="requests").set_index("code")
    answer, extend = duties.loc["request_answer"], duties.loc["request_extend"]
    note = text(
        "request_note",
        language,
        days=int(answer["term_number"]),
        more=int(extend["term_number"]),
        edition=day(answer["edition"], language),
    )
    return words(note, *answer["sources"].split(), role="how")


def _not_final(place: str) -> pd.DataFrame:
    """Return what was not found as final; of a place inside a region, all that its region has."""
    cells = coverage()
    cells = cells[cells["place_id"] == region_of(place)]
    if is_inside_region(place):
        return cells[cells["status"] != "not_applicable"]
    return open_questions(cells)


def _asked(cells: pd.DataFrame, language: str) -> tuple[tuple[Run, ...], ...]:
    asked = []
    for item, rows in cells.groupby("item", sort=False):
        years = ", ".join(str(year) for year in rows["year"])
        asked.append((Run(text(f"q_{item}", language, years=years)),))
    return tuple(asked)
