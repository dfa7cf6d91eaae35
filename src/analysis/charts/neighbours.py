"""Charts of Kazakhstan among its neighbours."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import CONTEXT
from analysis.charts.parts import label_point, signed_axis
from analysis.charts.style import BLUE, GREY, INK, SMALL_LABEL, Look
from analysis.derive.comparisons import COUNTRIES, published_errors
from analysis.derive.gaps import IndexDistances, join_sources, neighbour_distances
from analysis.locale import number, text
from analysis.reference.places import NATION

INDICES = (
    "e_participation_index",
    "obs_transparency_score",
    "wgi_voice_accountability_estimate",
    "cpi_score",
)
_ALPHA = 0.05
_SINCE, _UNTIL, _YEARS = "2012-06-01", "2027-06-01", (2013, 2017, 2021, 2025)
_TITLE_LETTERS = 20


@chart(CONTEXT)
def plot_neighbours(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw four indices for Kazakhstan among seven comparators, with the published 90 % intervals.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_context(since=2012)` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_context
    >>> plot_neighbours(load_context(since=2012)).title
    'Kazakhstan among its neighbours'
    """
    is_shown = frame["indicator"].isin(INDICES) & frame["place_id"].isin(COUNTRIES)
    rows = frame[is_shown & (frame["breakdown"] == "")]
    if rows.empty or not (rows["place_id"] == NATION).any():
        return nothing(rows)
    panels = canvas.panels(height=5.6, rows=2, columns=2)
    found = []
    for axes, index in zip(panels.flat, INDICES, strict=True):
        _draw_countries(axes, rows[rows["indicator"] == index])
        _draw_interval(axes, frame, index)
        found += _draw_home(axes, rows[rows["indicator"] == index], index, language)
        _finish_panel(axes, index, language)
    return told(rows, drawn=_with_intervals(rows, frame, language), values=joined(found))


def _with_intervals(rows: pd.DataFrame, frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return the values drawn, those of Kazakhstan with the published intervals."""
    drawn = rows.assign(
        panel=[text(index, language) for index in rows["indicator"]],
        label=rows[f"place_{language}"],
    )
    for index in INDICES:
        band = published_errors(frame[frame["place_id"] == NATION], index).droplevel("place_id")
        is_home = (drawn["indicator"] == index) & (drawn["place_id"] == NATION)
        for bound in ("low", "high"):
            known = drawn.loc[is_home, "period_end"].map(band[bound])
            drawn.loc[is_home, bound] = known.fillna(drawn.loc[is_home, bound])
    return drawn


def _draw_countries(axes: Axes, rows: pd.DataFrame) -> None:
    wide = rows.pivot_table(index="period_end", columns="place_id", values="value")
    for country in wide.columns.drop(NATION, errors="ignore"):
        axes.plot(wide[country].dropna(), color="#B8BEC8", lw=1, marker=".", ms=3)


def _draw_interval(axes: Axes, frame: pd.DataFrame, index: str) -> None:
    band = published_errors(frame[frame["place_id"] == NATION], index).droplevel("place_id")
    axes.fill_between(band.index, band["low"], band["high"], color=BLUE, alpha=0.2, lw=0)


def _draw_home(axes: Axes, rows: pd.DataFrame, index: str, language: str) -> list[tuple[str, str]]:
    """Draw Kazakhstan and return its last value in words, if it has one."""
    home = rows[rows["place_id"] == NATION]
    if home.empty:
        return []
    own = home.pivot_table(index="period_end", values="value")["value"]
    axes.plot(own, color=BLUE, lw=2.2, marker="o", ms=4)
    last = number(round(own.iloc[-1], 2), language)
    look: Look = {"size": SMALL_LABEL, "color": BLUE}
    label_point(axes, (own.index[-1], own.iloc[-1]), last, offset=5, **look)
    return [(text(index, language), f"{last} ({own.index[-1].year})")]


def _finish_panel(axes: Axes, index: str, language: str) -> None:
    axes.set_title(text(index, language), size=8.5, loc="left")
    axes.set_xlim(pd.Timestamp(_SINCE), pd.Timestamp(_UNTIL))
    ends = [pd.Timestamp(year, 12, 31) for year in _YEARS]
    axes.set_xticks(ends, [str(year) for year in _YEARS])
    axes.locator_params(axis="y", nbins=4)
    axes.yaxis.set_major_formatter(lambda value, _: number(round(value, 2), language))


@chart(CONTEXT)
def plot_distances(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw how far neighbours lie from Kazakhstan in indices whose standard errors are published.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_context(since=2012)` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_context
    >>> plot_distances(load_context(since=2012)).title
    'How far its neighbours are from Kazakhstan'
    """
    found = neighbour_distances(frame, language=language)
    years = {one.year for one in found}
    is_shown = frame["indicator"].isin([one.index for one in found])
    rows = frame[is_shown & frame["place_id"].isin(COUNTRIES)]
    rows = rows[rows["period_end"].dt.year.isin(years)]
    if not found:
        return nothing(rows, year="")
    names = frame.drop_duplicates("place_id").set_index("place_id")[f"place_{language}"]
    others = _neighbours_of(found[0], names[NATION])
    panels = canvas.panels(height=3.9, columns=len(found), sharey=True)[0]
    for axes, one in zip(panels, found, strict=True):
        _draw_distances(axes, one, others, language)
    panels[0].set_yticks(range(len(others)), others, size=SMALL_LABEL)
    panels[0].set_ylim(len(others) - 0.5, -0.5)
    told_apart = [str(int((one.result.table["p_adjusted"] < _ALPHA).sum())) for one in found]
    indices = [text(one.index, language) for one in found]
    year = ", ".join(sorted(str(year) for year in years))
    drawn = pd.concat([_drawn_distances(one, others, rows, language) for one in found])
    values = joined(zip(indices, told_apart, strict=True))
    return told(rows, drawn=drawn, values=values, year=year)


def _drawn_distances(
    one: IndexDistances, others: list[str], rows: pd.DataFrame, language: str
) -> pd.DataFrame:
    table = one.result.table.reindex(others)
    drawn = table[["low", "high", "p_adjusted"]].assign(value=table["difference"], label=others)
    own = rows[rows["indicator"] == one.index]
    panel, sources = text(one.index, language), join_sources(own["sources"])
    return drawn.assign(panel=panel, indicator=one.index, year=one.year, sources=sources)


def _neighbours_of(one: IndexDistances, home: str) -> list[str]:
    return [name for name in one.result.table.index if name != home]


def _draw_distances(axes: Axes, one: IndexDistances, others: list[str], language: str) -> None:
    table = one.result.table.reindex(others)
    axes.axvline(0, color=BLUE, lw=1.4)
    axes.hlines(range(len(others)), table["low"], table["high"], color=GREY, lw=1.5)
    for position, row in enumerate(table.itertuples()):
        face = INK if row.p_adjusted < _ALPHA else "white"
        axes.plot(row.difference, position, "o", mfc=face, mec=INK, mew=1.4, ms=6)
    axes.set_title(textwrap.fill(text(one.index, language), _TITLE_LETTERS), size=8, loc="left")
    axes.tick_params(axis="x", labelsize=7)
    axes.locator_params(axis="x", nbins=4)
    signed_axis(axes, language, digits=1)
