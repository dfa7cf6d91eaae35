"""What the sections share: a part of a report, rows of a place, tables and charts as blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import ParamSpec

import pandas as pd

from analysis import gallery, load, reference
from analysis.derive.totals import parts_found, totals_found
from analysis.evidence import data_version
from analysis.locale import day, text
from analysis.reference.places import NATION
from analysis.report.document import Block, Items, Run, Table, explained, source_ids, words
from analysis.report.wording import figure_label, period_words, value_words

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
    newest_source = day(load.data_as_of(), language)
    as_of = text("as_of", language, date=newest_source)
    sentence = text("data_version", language, version=data_version(), as_of=as_of)
    # A date such as "27 марта 2026 г." ends with a full stop of its own.
    return sentence.replace("..", ".")


def is_inside_region(place: str) -> bool:
    """Return whether a place is a part of a region, such as a district."""
    region = reference.region_of(place)
    return region != place


def rows_of(place: str, dataset: str, *, inside: bool = False) -> pd.DataFrame:
    """Return the rows of a place in one data set; `inside` adds the places that lie in it."""
    rows = load.load_all()
    of_dataset = rows["dataset"] == dataset
    recent = rows["period_end"] >= _FIRST_OF_VALUES
    rows = rows[of_dataset & recent]
    if not inside or place == NATION:
        return rows[rows["place_id"] == place]
    if not is_inside_region(place):
        return rows[rows["region_id"] == place]
    places = load.load_places()
    parts = places[places["parent_id"] == place]["place_id"]
    return rows[rows["place_id"].isin([place, *parts])]


def since_2021(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose period ends in 2021 or later."""
    return rows[rows["period_end"] >= _FIRST_DAY]


def newest_of(place: str, dataset: str, indicator: str) -> pd.DataFrame:
    """Return the values of an indicator of a place since 2021 by the end of their period."""
    rows = rows_of(place, dataset)
    rows = whole(since_2021(rows))
    rows = rows[rows["indicator"] == indicator]
    return rows.sort_values(["period_end", "value"])


def whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that count all of something, or all that one level of authority holds."""
    is_state_body = rows["breakdown"].eq("state_body")
    is_akimats = rows["breakdown_value"].isin(_ALL_AKIMATS)
    counts_all = rows["breakdown"].isin(_ALL_OF_SOMETHING)
    return rows[counts_all | (is_state_body & is_akimats)]


def list_totals(place: str, dataset: str, language: str) -> list[Block]:
    """Return how many totals were found and the newest, or that none was; then the parts found.

    A part, such as one level of bodies, is never listed as a total.
    """
    blocks: list[Block] = []
    totals = totals_found(place, dataset)
    if totals.empty:
        none = text(f"{dataset}_none", language)
        blocks.append(words(none, role="finding"))
    else:
        some = text(f"{dataset}_some", language, n=len(totals))
        newest = _newest_first(totals)
        lead = words(some, *source_ids(newest), role="finding")
        blocks += [lead, _listed(newest, language)]
    parts = parts_found(place, dataset)
    if len(parts):
        newest = _newest_first(parts)
        lead = words(text("parts_found", language), *source_ids(newest))
        blocks += [lead, _listed(newest, language)]
    return blocks


def _newest_first(rows: pd.DataFrame) -> pd.DataFrame:
    newest = rows.tail(_IN_TEXT)
    return newest.iloc[::-1]


def _listed(rows: pd.DataFrame, language: str) -> Items:
    items = []
    for row in rows.itertuples():
        line = Run(_line(row, language))
        items.append((line,))
    return Items(tuple(items))


def _line(row: object, language: str) -> str:
    label = figure_label(row, language)
    value = value_words(row, language)
    period = period_words(row, language)
    return f"{label}: {value} ({period})"


def values_table(
    rows: pd.DataFrame, caption: str, language: str, *, with_place: bool = False
) -> Table:
    """Return a table with indicator, period, value and sources of each row."""
    heads = ["col_indicator", "col_period", "col_value"]
    if with_place:
        heads.insert(0, "col_place")
    cells: list[tuple[str, ...]] = []
    for row in rows.itertuples():
        label = figure_label(row, language)
        period = period_words(row, language)
        value = value_words(row, language)
        cells.append((label, period, value))
    if with_place:
        names = rows[f"place_{language}"]
        cells = [(name, *cell) for name, cell in zip(names, cells, strict=True)]
    return Table(
        caption=caption,
        columns=tuple(text(head, language) for head in heads),
        rows=tuple(cells),
        sources=tuple(tuple(cell.split()) for cell in rows["sources"]),
    )


def found_here(place: str, dataset: str, language: str) -> list[Block]:
    """Return a table of what is published of the place itself, without its parts, newest first."""
    rows = since_2021(rows_of(place, dataset))
    newest_first = rows.sort_values("period_end", ascending=False)
    shown = whole(newest_first).head(_IN_TABLE)
    if shown.empty or place == NATION:
        return []
    name = reference.place_name(place, language)
    caption = text("place_figures", language, place=name)
    return [values_table(shown, caption, language)]


@lru_cache(maxsize=128)
def _national(name: str, language: str) -> tuple[Block, ...]:
    """Return a chart of the whole country, drawn once for all reports of a language."""
    chart = gallery.draw(name, language=language)
    return tuple(explained(chart))


def national_charts(*names: str, language: str) -> list[Block]:
    """Return figures of the whole country by their names, each explained."""
    blocks: list[Block] = []
    for name in names:
        blocks += _national(name, language)
    return blocks


def without_finding(blocks: list[Block]) -> list[Block]:
    """Return an explained chart without the finding, where a sentence of the section says it."""
    return blocks[1:]
