"""What the sections share: a part of a report, rows of a place, tables and charts as blocks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, ParamSpec

import pandas as pd

from analysis import gallery, load, reference
from analysis.derive.totals import parts_found, totals_found
from analysis.errors import DataError
from analysis.evidence import data_version
from analysis.locale import day, text
from analysis.reference.languages import fallback
from analysis.reference.places import NATION
from analysis.report.document import Block, Fold, Items, Run, Table, explained, source_ids, words
from analysis.report.wording import figure_label, period_words, value_words
from analysis.store import cached_on

_ALL_OF_SOMETHING = ("", "held_by", "channel", "event")
_ALL_AKIMATS = ("akimat", "local_executive_bodies")
_FIRST_DAY = "2021-01-01"
_FIRST_OF_VALUES = "2019-01-01"  # of regions; of smaller places all that is known counts
_IN_TEXT, _IN_TABLE = 4, 8
_FIELDS = ("akim_elections", "meetings", "appeals")
_ON_PLACES = ("population", "rural_districts")  # of a place, not of its openness
_IDENTITY = (
    "indicator",
    "period_start",
    "period_end",
    "place_id",
    "register",
    "office",
    "vote",
    "breakdown",
    "breakdown_value",
    "stage",
    "value",
)


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


def in_own_language(said: Mapping[str, str], language: str) -> str:
    """Return words of one's own in a language, or in the next that they have.

    Raises
    ------
    DataError
        If they are in none of them.

    Examples
    --------
    >>> in_own_language({"ru": "Итоги", "en": "Results"}, "kk")
    'Итоги'
    """
    for known in dict.fromkeys((*fallback(language), *reference.languages())):
        if said.get(known):
            return said[known]
    raise DataError.one(
        file="the notebook",
        column="title or headings",
        found=f"no words in {language}: {dict(said)}",
        expected='words by language, such as {"kk": "...", "ru": "...", "en": "..."}',
        remedy="Write them in the cell tagged parameters.",
    )


def identity(row: Any) -> tuple[str, ...]:
    """Return what tells one row of the data from all others."""
    cells = [getattr(row, column) for column in _IDENTITY]
    return tuple(map(str, cells))


def fields_found(place: str) -> dict[str, int]:
    """Return how many figures of a place and what lies in it, by field.

    Population is not counted: it says nothing of openness.

    Examples
    --------
    >>> fields_found("333400000")["meetings"]
    0
    """
    found = {}
    for field in _FIELDS:
        rows = rows_of(place, field, inside=True)
        found[field] = int((~rows["indicator"].isin(_ON_PLACES)).sum()) if len(rows) else 0
    return found


def is_inside_region(place: str) -> bool:
    """Return whether a place is a part of a region, such as a district."""
    region = reference.region_of(place)
    return region != place


def rows_of(place: str, dataset: str, *, inside: bool = False) -> pd.DataFrame:
    """Return the rows of a place in one data set; `inside` adds the places that lie in it."""
    if place == NATION or not inside:
        return _rows_at(place, dataset)
    parts = _parts_of(place)
    frames = [_rows_at(one, dataset) for one in (place, *parts)]
    found = [frame for frame in frames if len(frame)]
    return pd.concat(found).sort_index() if found else frames[0]


def _rows_at(place: str, dataset: str) -> pd.DataFrame:
    by_place, nothing = _grouped()
    return by_place.get((dataset, place), nothing)


@cached_on(reference.published_datasets, "sources", "places")
def _grouped() -> tuple[dict[tuple[str, str], pd.DataFrame], pd.DataFrame]:
    """Return the rows of each data set and place, and a frame without rows."""
    rows = load.load_all()
    wide = rows["place_id"].isin([NATION, *reference.regions_in_votes()])
    rows = rows[(rows["period_end"] >= _FIRST_OF_VALUES) | ~wide]
    groups = rows.groupby(["dataset", "place_id"], observed=True)
    return {(str(name), str(place)): frame for (name, place), frame in groups}, rows.iloc[:0]


@cached_on(reference.published_datasets, "sources", "places")
def _places_inside() -> dict[str, tuple[str, ...]]:
    """Return the places of which something is known by the place around them, of any level."""
    inside: dict[str, list[str]] = {}
    rows = load.load_all()[["place_id", "region_id"]].drop_duplicates()
    parents = load.load_places().set_index("place_id")["parent_id"]
    for place, region in rows.itertuples(index=False):
        for around in {region, parents.get(place, "")} - {place, ""}:
            inside.setdefault(around, []).append(place)
    return {around: tuple(places) for around, places in inside.items()}


def _parts_of(place: str) -> tuple[str, ...]:
    return _places_inside().get(place, ())


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


def list_totals(
    place: str, dataset: str, language: str, *, shown: Collection[tuple[str, ...]] = ()
) -> list[Block]:
    """Return how many totals were found, and those not shown above; then the parts found.

    A part, such as one level of bodies, is never listed as a total.
    """
    found, parts = totals_found(place, dataset), parts_found(place, dataset)
    if found.empty:
        blocks: list[Block] = [words(text(f"{dataset}_none", language), role="finding")]
    else:
        some = text(f"{dataset}_some", language, n=len(found))
        blocks = [words(some, *source_ids(found), role="finding")]
        blocks += _newest(not_in(found, shown), text("the_others", language), language)
    return blocks + _newest(not_in(parts, shown), text("parts_found", language), language)


def _newest(rows: pd.DataFrame, lead: str, language: str) -> list[Block]:
    if rows.empty:
        return []
    newest = rows.tail(_IN_TEXT).iloc[::-1]
    return [words(lead, *source_ids(newest)), _listed(newest, language)]


def not_in(rows: pd.DataFrame, shown: Collection[tuple[str, ...]]) -> pd.DataFrame:
    """Return the rows that are not among those shown, by `identity`."""
    new = [identity(row) not in shown for row in rows.itertuples()]
    return rows[pd.Series(new, index=rows.index, dtype=bool)]


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


def found_here(
    place: str, dataset: str, language: str, *, shown: Collection[tuple[str, ...]] = ()
) -> list[Block]:
    """Return a table of what else is published of the place itself, newest first."""
    if place == NATION:
        return []
    rows = since_2021(rows_of(place, dataset)).sort_values("period_end", ascending=False)
    listed = [totals_found(place, dataset), parts_found(place, dataset)] if _has(dataset) else []
    listed_rows = {identity(row) for frame in listed for row in frame.itertuples()}
    rows = not_in(whole(rows), {*shown, *listed_rows}).head(_IN_TABLE)
    rows = rows[~rows["indicator"].isin(_ON_PLACES)]
    if rows.empty:
        return []
    caption = text("place_figures", language, place=reference.place_name(place, language))
    return [values_table(rows, caption, language)]


def _has(dataset: str) -> bool:
    """Return whether a data set has totals."""
    return dataset in ("appeals", "meetings")


def years_words(years: Collection[int]) -> str:
    """Return years in words, those that follow each other from the first to the last.

    Examples
    --------
    >>> years_words((2021, 2022, 2023, 2025)), years_words(())
    ('2021–2023, 2025', '–')
    """
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    spans = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return ", ".join(spans) or "–"


def national_fold(*names: str, about: str, language: str) -> Fold:
    """Return figures of the whole country, folded away in the report of a smaller place."""
    charts = tuple(national_charts(*names, language=language))
    return Fold(_titled(about, "whole_country", language), charts)


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


def more_charts(*names: str, about: str, language: str) -> Fold:
    """Return further figures of the whole country, folded away."""
    charts = tuple(national_charts(*names, language=language))
    return Fold(_titled(about, "more_charts", language), charts)


def for_specialists(blocks: Iterable[Block], *, about: str, language: str) -> Fold:
    """Return statistics for specialists, folded away."""
    return Fold(_titled(about, "for_specialists", language), tuple(blocks))


def _titled(about: str, key: str, language: str) -> str:
    return f"{text(about, language)}: {text(key, language)}"


def without_finding(blocks: list[Block]) -> list[Block]:
    """Return an explained chart without the finding, where a sentence of the section says it."""
    return blocks[1:]
