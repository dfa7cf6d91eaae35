"""The sections on what is required and what was found, and what to ask for."""

from __future__ import annotations

import pandas as pd

from analysis import gallery
from analysis.derive.coverage import coverage, items, open_questions
from analysis.derive.law import article_words
from analysis.derive.required import required_and_found
from analysis.locale import day, text
from analysis.reference import region_of
from analysis.reference.places import NATION
from analysis.report.document import Block, Fold, Heading, Items, Run, Table, words
from analysis.report.sections.key_figures import found_of_all
from analysis.report.sections.parts import (
    for_specialists,
    is_inside_region,
    national_charts,
    section,
    years_words,
)


@section
def published(place: str, *, language: str = "en") -> list[Block]:
    """Return what was found and what was not by year, with the article of the law beside it.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> published("KZ-33").blocks[0]
    Heading(level=2, text='Required and found')
    """
    blocks: list[Block] = [Heading(2, text("h_required", language))]
    if not is_inside_region(place):
        found = text("found_of_all", language)
        blocks.append(words(f"{found}: {found_of_all(place, language)}."))
    blocks.append(_table(place, language))
    if place == NATION:
        differ = words(gallery.draw("disagreements", language=language).alt)
        profile = national_charts("required_found", language=language)
        drawn = national_charts("coverage", language=language)
        more = for_specialists([*profile, differ], about="h_required", language=language)
        blocks += [*drawn, more]
    return blocks


def _table(place: str, language: str) -> Table:
    """Return one row per item: the years found and not found, and what the law requires."""
    rows = required_and_found(place)
    definitions = {item.name: item.definition(language) for item in items()}
    cells = []
    for _, row in rows.iterrows():
        found = years_words((*row["found"], *row["part"]))
        law = _law_words(row, language)
        shown = definitions[row["item"]], found, years_words(row["missing"]), law
        cells.append(shown)
    heads = ("col_what", "col_found", "col_missing", "col_law")
    return Table(
        caption=text("h_required", language),
        columns=tuple(text(head, language) for head in heads),
        rows=tuple(cells),
        sources=tuple(tuple(cell.split()) for cell in rows["sources"]),
    )


def _law_words(row: pd.Series, language: str) -> str:
    """Return the article that requires a figure, with the edition read, or that none does."""
    if not row["requires"]:
        return text("gap_law_none", language)
    law = article_words(row["article"], language=language)
    if pd.notna(row["edition"]):
        law = f"{law} ({text('law_edition', language, day=day(row['edition'], language))})"
    return text(f"gap_law_{row['requires']}", language, law=law)


@section
def questions(place: str, *, language: str = "en") -> list[Block]:
    """Return what to ask for, as questions; the letter that asks it is a file of its own.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> questions("KZ-33").blocks[0].title
    'Questions to put to the akimat'
    """
    asked = Items(_asked(_not_final(place), language), ordered=True)
    lead = words(text("questions_lead", language))
    return [Fold(text("h_questions", language), (lead, asked))]


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
