"""What the sections share: a part of a report, rows of a place, tables and charts as blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import ParamSpec

import pandas as pd

from analysis import gallery, load, reference
from analysis.evidence import data_version
from analysis.locale import day, text
from analysis.reference.places import NATION
from analysis.report.document import Block, Items, Run, Table, explained, source_ids, words
from analysis.report.wording import figure_label, period_words, value_words

# Figures that sum up a data set, in the order in which they are listed.
TOTALS = {
    "appeals": ("appeals_registered", "appeals_considered"),
    "meetings": ("meetings_held", "receptions_held", "citizens_received"),
}
_APPEAL_REGISTERS = ("appeals_registers", "e_otinish")
_ALL_OF_SOMETHING = ("", "held_by", "channel", "event")
_ALL_AKIMATS = ("akimat", "local_executive_bodies")
_FIRST_DAY, _FIRST_OF_VALUES = "2021-01-01", "2019-01-01"
_IN_TEXT, _IN_TABLE = 4, 14


@dataclass(frozen=True)
class Section:
    """A part of a report; a notebook shows it as HTML, and an export writes it into each format."""

    blocks: tuple[Block, ...]
    language: str = "en"

    def _repr_html_(self) -> str:
        from analysis.report.output.html import fragment

        return fragment(self.blocks, language=self.language)


P = ParamSpec("P")


def section(write: Callable[P, Iterable[Block]]) -> Callable[P, Section]:
    """Make a section of a function that returns blocks; it keeps the language it is written in."""

    @wraps(write)
    def written(*args: P.args, **options: P.kwargs) -> Section:
        given = options.get("language", "en")
        language = str(given)
        reference.check_language(language)
        blocks = tuple(write(*args, **options))
        return Section(blocks, language)

    return written


def data_words(language: str) -> str:
    """Return which data a report rests on: their version and the day of the newest source."""
    as_of = text("as_of", language, date=day(load.data_as_of(), language))
    return text("data_version", language, version=data_version(), as_of=as_of).replace("..", ".")


def is_inside_region(place: str) -> bool:
    """Return whether a place is a part of a region, such as a district."""
    region = reference.region_of(place)
    return region != place


def rows_of(place: str, dataset: str, *, inside: bool = False) -> pd.DataFrame:
    """Return the rows of a place in one data set; `inside` adds the places that lie in it."""
    rows = load.load_all()
    rows = rows[(rows["dataset"] == dataset) & (rows["period_end"] >= _FIRST_OF_VALUES)]
    if not inside or place == NATION:
        return rows[rows["place_id"] == place]
    if is_inside_region(place):
        places = load.load_places()
        parts = places[places["parent_id"] == place]["place_id"]
        return rows[rows["place_id"].isin([place, *parts])]
    return rows[rows["region_id"] == place]


def since_2021(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose period ends in 2021 or later."""
    return rows[rows["period_end"] >= _FIRST_DAY]


def totals(place: str, dataset: str, indicators: tuple[str, ...]) -> pd.DataFrame:
    """Return the totals of a place since 2021 by the end of their period.

    Topics, types and kinds of people are no totals.
    """
    every = rows_of(place, dataset)
    rows = whole(since_2021(every))
    is_wanted = rows["indicator"].isin(indicators)
    rows = rows[is_wanted]
    if dataset == "appeals":
        is_of_appeals = rows["register"].isin(_APPEAL_REGISTERS)
        rows = rows[is_of_appeals]
    return rows.sort_values(["period_end", "value"])


def whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that count all of something, or all that one level of authority holds."""
    is_state_body = rows["breakdown"].eq("state_body")
    akimats = is_state_body & rows["breakdown_value"].isin(_ALL_AKIMATS)
    return rows[rows["breakdown"].isin(_ALL_OF_SOMETHING) | akimats]


def totals_found(found: pd.DataFrame, key: str, language: str) -> list[Block]:
    """Return how many totals are published and a list of the newest, or that none was found."""
    if found.empty:
        return [words(text(f"{key}_none", language), role="finding")]
    newest = found.tail(_IN_TEXT).iloc[::-1]
    some = text(f"{key}_some", language, n=len(found))
    listed = tuple((Run(_line(row, language)),) for row in newest.itertuples())
    return [words(some, *source_ids(newest), role="finding"), Items(listed)]


def _line(row: object, language: str) -> str:
    label, value = figure_label(row, language), value_words(row, language)
    return f"{label}: {value} ({period_words(row, language)})"


def values_table(
    rows: pd.DataFrame, caption: str, language: str, *, with_place: bool = False
) -> Table:
    """Return a table with indicator, period, value and sources of each row."""
    heads = ["col_place"] if with_place else []
    heads += ["col_indicator", "col_period", "col_value"]
    columns = tuple(text(head, language) for head in heads)
    cells: list[tuple[str, ...]] = [
        (figure_label(row, language), period_words(row, language), value_words(row, language))
        for row in rows.itertuples()
    ]
    if with_place:
        names = rows[f"place_{language}"]
        cells = [(name, *cell) for name, cell in zip(names, cells, strict=True)]
    sources = tuple(tuple(cell.split()) for cell in rows["sources"])
    return Table(caption, columns, tuple(cells), sources)


def found_here(place: str, dataset: str, language: str) -> list[Block]:
    """Return a table of what is published of the place itself, without its parts, newest first."""
    rows = since_2021(rows_of(place, dataset)).sort_values("period_end", ascending=False)
    rows = whole(rows).head(_IN_TABLE)
    if rows.empty or place == NATION:
        return []
    caption = text("place_figures", language, place=reference.place_name(place, language))
    return [values_table(rows, caption, language)]


@lru_cache(maxsize=128)
def _national(name: str, language: str) -> tuple[Block, ...]:
    """Return a chart of the whole country, drawn once for all reports of a language."""
    return tuple(explained(gallery.draw(name, language=language)))


def national_charts(*names: str, language: str) -> list[Block]:
    """Return figures of the whole country by their names, each explained."""
    return [block for name in names for block in _national(name, language)]


def without_finding(blocks: list[Block]) -> list[Block]:
    """Return an explained chart without the finding, where a sentence of the section says it."""
    return blocks[1:]
