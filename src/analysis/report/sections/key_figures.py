"""The key figures of a place: what a reader looks for first, with ranges and sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import load, reference
from analysis.data.reconcile import publisher
from analysis.derive.coverage import FOUND, coverage
from analysis.derive.headline import Headline, headline_turnout, turnout_at
from analysis.derive.totals import parts_found, totals_found, totals_of
from analysis.evidence.weight import by_weight, is_weak
from analysis.locale import day, number, publisher_words, share, text
from analysis.reference import borders_before, has_rural_akims, place_name, region_of
from analysis.reference.places import NATION
from analysis.report.document import Block, Heading, Table
from analysis.report.sections.parts import (
    identity,
    is_inside_region,
    newest_of,
    rows_of,
    section,
)
from analysis.report.sources import published_words
from analysis.report.wording import figure_label, period_words, value_words
from analysis.store import cached_on

_LATEST_VOTES = 2
# Key figures: their message, and what is looked for, of which the newest total is shown.
_KEY_TOTALS = {
    "kf_appeals": "appeals_total",
    "kf_meetings": "meetings_count",
    "kf_received": "people_received",
}
_DATASETS = {"kf_appeals": "appeals", "kf_meetings": "meetings", "kf_received": "meetings"}
_OWN_REGISTERS = ("", "national", "appeals_registers")
_MAIN = ("akims_elected", "turnout_share", "meetings_held", "citizens_received")


@dataclass(frozen=True)
class KeyFigure:
    """One row of the table: `rows` are the rows of the data behind it, by `identity`."""

    label: str
    period: str
    value: str
    sources: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class MainFigure:
    """The figure of a district to begin with: a line, its sources, and how to cite them."""

    line: str
    sources: tuple[str, ...]
    cited: str


@section
def key_figures(place: str, *, language: str = "en") -> list[Block]:
    """Return the key figures of a place; where one was not found, the nearest that is known.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> key_figures("KZ-33").blocks[0]
    Heading(level=2, text='Key figures')
    """
    figures = figures_of(place, language)
    heads = ("col_indicator", "col_period", "col_value")
    columns = tuple(text(head, language) for head in heads)
    table = Table(
        caption=text("key_figures", language),
        columns=columns,
        rows=tuple((one.label, one.period, one.value) for one in figures),
        sources=tuple(one.sources for one in figures),
    )
    return [Heading(2, text("key_figures", language)), table]


def shown_above(place: str, language: str) -> set[tuple[str, ...]]:
    """Return the rows of the data that the key figures show, which sections do not repeat."""
    rows: set[tuple[str, ...]] = set()
    for figure in figures_of(place, language):
        rows |= set(figure.rows)
    return rows


def _read(*_: str) -> tuple[str, ...]:
    return reference.published_datasets()


@cached_on(_read, "population", "sources", "places", "raw/votes", "raw/coverage_items")
def figures_of(place: str, language: str) -> list[KeyFigure]:
    """Return the figures a reader looks for first; what was not found says so."""
    figures = [_residents(place, language), *_turnout(place, language)]
    if has_rural_akims(place):
        figures.append(_rural_turnout(place, language))
    totals = [_total(place, key, item, language) for key, item in _KEY_TOTALS.items()]
    if is_inside_region(place):  # the finding says of a district what was not found
        totals = [total for total in totals if total.rows]
    figures += totals
    if has_rural_akims(place):
        figures.append(_elected(place, language))
    return _without_doubles(figures)


def _without_doubles(figures: list[KeyFigure]) -> list[KeyFigure]:
    """Return the figures, each row of the data in the first of them only."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for figure in figures:
        if not figure.rows or not set(figure.rows) <= seen:
            kept.append(figure)
        seen |= set(figure.rows)
    return kept


def _figure(row: Any, label: str, language: str) -> KeyFigure:
    if row.breakdown_value or row.register not in _OWN_REGISTERS:
        label = figure_label(row, language)
    return KeyFigure(
        label,
        period_words(row, language),
        value_words(row, language),
        tuple(row.sources.split()),
        (identity(row),),
    )


def _latest(rows: pd.DataFrame, label: str, language: str) -> KeyFigure:
    if rows.empty:
        return KeyFigure(label, "–", text("not_found_searched", language))
    return _figure(next(rows.tail(1).itertuples()), label, language)


def _total(place: str, key: str, item: str, language: str) -> KeyFigure:
    """Return the newest total, or that none was found with the nearest figure that is known."""
    totals, label = totals_of(place, item), text(key, language)
    if len(totals):
        return _latest(totals, label, language)
    near = _nearest(place, _DATASETS[key])
    if near is None:
        return _latest(totals, label, language)
    known = _figure(near, "", language)
    value = text(
        "not_found_nearest",
        language,
        label=figure_label(near, language),
        value=known.value,
        period=known.period,
    )
    return KeyFigure(label, "–", value, known.sources, known.rows)


def _nearest(place: str, dataset: str) -> Any:
    """Return the newest figure that is known of a field: a total of another thing, or a part."""
    for rows in (totals_found(place, dataset), parts_found(place, dataset)):
        if len(rows):
            return next(rows.tail(1).itertuples())
    return None


def _residents(place: str, language: str) -> KeyFigure:
    """Return the newest population that does not rest on software or an encyclopedia alone."""
    rows = load.load_population(since=None)
    is_total = rows["indicator"].eq("population") & rows["breakdown"].eq("")
    is_here = rows["place_id"].eq(place)
    by_day = rows[is_total & is_here].sort_values("period_end")
    is_strong = ~by_day["sources"].map(is_weak)
    shown = by_day[is_strong] if is_strong.any() else by_day
    return _latest(shown, text("residents", language), language)


def _elected(place: str, language: str) -> KeyFigure:
    rows = newest_of(place, "akim_elections", "akims_elected")
    return _latest(rows[rows["office"] == "rural"], text("kf_elected", language), language)


def _turnout(place: str, language: str) -> list[KeyFigure]:
    """Return turnout in the latest votes: final where it is held, else at the close of voting."""
    figures = []
    for vote in reference.latest_votes()[:_LATEST_VOTES]:
        label = text("kf_turnout", language, vote=vote.name(language))
        found = headline_turnout(place, vote=vote.code)
        if found.row is not None:
            figures.append(_quoted(found, label, language))
        elif not is_inside_region(place):
            missing = text("not_found_searched", language)
            figures.append(KeyFigure(label, day(vote.day, language), missing))
    return figures


def _quoted(found: Headline, label: str, language: str) -> KeyFigure:
    """Return a turnout with what it counts, beside the nation's at the same stage."""
    row = found.row
    assert row is not None
    value, sources = value_words(row, language), row["sources"].split()
    if found.place != NATION:
        nation = turnout_at(NATION, vote=found.vote, stage=found.stage)
        if nation is not None:
            shown = share(nation["value"], language)
            value = text("beside_nation", language, value=value, nation=shown)
            sources += nation["sources"].split()
    stage = text(f"stage_{found.stage}", language)
    told = f"{value} ({stage}; {found.counted(language)})"
    behind = tuple(dict.fromkeys(sources))
    return KeyFigure(label, period_words(row, language), told, behind, (identity(row),))


def first_rural_turnout() -> pd.DataFrame:
    """Return turnout in the first direct elections of rural akims, by place."""
    rows = load.load_akim_elections(
        indicator="turnout_share", office="rural", level=["region", "national"]
    )
    election = reference.first_akim_election("rural")
    first = pd.Timestamp(election.day)
    rows = rows[rows["period_end"] == first]
    return rows.set_index("place_id", drop=False)


def _rural_turnout(place: str, language: str) -> KeyFigure:
    rows, before = first_rural_turnout(), borders_before(region_of(place))
    if place in rows.index or before not in rows.index:
        label = text("kf_rural", language)
        return _latest(rows[rows["place_id"] == place], label, language)
    label = text("kf_rural_old", language, old=place_name(str(before), language))
    return _latest(rows[rows["place_id"] == before], label, language)


def found_of_all(place: str, language: str) -> str:
    """Return how many of the figures that could be published of a region were found.

    Examples
    --------
    >>> found_of_all("KZ-33", "en")
    '4 of 24'
    """
    cells = coverage()
    own = cells[(cells["place_id"] == place) & (cells["status"] != "not_applicable")]
    found = number(int(own["status"].isin(FOUND).sum()), language)
    return text("found_of_all_value", language, found=found, cells=len(own))


def main_figure(place: str, language: str) -> MainFigure | None:
    """Return the figure of a district to begin with, or None if there is none."""
    row = _main_row(place)
    if row is None:
        return None
    label, value = figure_label(row, language), value_words(row, language)
    line = f"{label}: {value} ({period_words(row, language)})"
    return MainFigure(line, tuple(row.sources.split()), _cited(row, language))


@cached_on(_read, "sources", "places")
def _main_row(place: str) -> Any:
    every = [rows_of(place, dataset) for dataset in reference.published_datasets()]
    rows = pd.concat([frame for frame in every if len(frame)] or every)
    rows = rows[~rows["indicator"].eq("population") & ~rows["sources"].map(is_weak)]
    if rows.empty:
        return None
    rows = rows.sort_values(["period_end", "value"])
    named = [rows[rows["indicator"] == indicator] for indicator in _MAIN]
    best = next((found for found in named if len(found)), rows)
    totals = best[best["breakdown"] == ""]
    return next((totals if len(totals) else best).tail(1).itertuples())


def _cited(row: Any, language: str) -> str:
    """Return the source that carries the most weight, and when it was published."""
    first = by_weight(row.sources.split())[0]
    source: Any = load.load_sources(first).iloc[0]
    named = publisher_words(publisher(source), language)
    return f"{named}, {published_words(source['published'], language)}"
