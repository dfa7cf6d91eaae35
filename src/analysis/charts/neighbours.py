"""Charts of Kazakhstan among its neighbours."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import CONTEXT
from analysis.charts.parts import label_point, signed, signed_axis
from analysis.charts.style import BLUE, GREY, INK, SMALL_LABEL, Look
from analysis.derive.comparisons import COUNTRIES, published_errors
from analysis.derive.gaps import IndexDistances, join_sources, neighbour_distances
from analysis.locale import text
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
_PANEL_LETTERS = 44
_DIGITS = 2


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
    >>> plot_neighbours(load_context(since=2012)).key
    'neighbours'
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
    drawn, finding = _with_intervals(rows, frame, language), _best_and_worst(rows, language)
    return told(rows, drawn=drawn, finding=finding, values=joined(found))


def _best_and_worst(rows: pd.DataFrame, language: str) -> str:
    """Return in which index Kazakhstan is above most countries, and in which above fewest."""
    places = [_above(rows[rows["indicator"] == index]) for index in INDICES]
    shares = {index: above / n for index, (above, n) in zip(INDICES, places, strict=True) if n}
    if len(shares) <= 1:
        return ""
    best, worst = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    counts = dict(zip(INDICES, places, strict=True))
    words = {
        "best": text(best, language),
        "best_above": counts[best][0],
        "best_n": counts[best][1],
        "worst": text(worst, language),
        "worst_above": counts[worst][0],
        "worst_n": counts[worst][1],
    }
    return text("neighbours_finding", language, **words)


def _above(rows: pd.DataFrame) -> tuple[int, int]:
    """Return above how many of the others Kazakhstan is in its last year, and how many have one."""
    home = rows[rows["place_id"] == NATION]
    if home.empty:
        return 0, 0
    last = home.sort_values("period_end").iloc[-1]
    others = rows[(rows["period_end"] == last["period_end"]) & (rows["place_id"] != NATION)]
    values = others.drop_duplicates("place_id")["value"]
    return int((values < last["value"]).sum()), len(values)


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
    last = signed(own.iloc[-1], language, digits=_DIGITS)
    look: Look = {"size": SMALL_LABEL, "color": BLUE}
    label_point(axes, (own.index[-1], own.iloc[-1]), last, offset=5, **look)
    return [(text(index, language), f"{last} ({own.index[-1].year})")]


def _finish_panel(axes: Axes, index: str, language: str) -> None:
    title = textwrap.fill(text(index, language), _PANEL_LETTERS)
    axes.set_title(title, size=8.5, loc="left")
    axes.set_xlim(pd.Timestamp(_SINCE), pd.Timestamp(_UNTIL))
    ends = [pd.Timestamp(year, 12, 31) for year in _YEARS]
    axes.set_xticks(ends, [str(year) for year in _YEARS])
    axes.locator_params(axis="y", nbins=4)
    axes.yaxis.set_major_formatter(lambda value, _: signed(value, language, digits=_DIGITS))


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
    >>> plot_distances(load_context(since=2012)).key
    'distances'
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
    values = joined(indices, told_apart)
    finding = _told_apart_in_words(found, len(others), language)
    return told(rows, drawn=drawn, finding=finding, values=values, year=year)


def _told_apart_in_words(found: list[IndexDistances], n: int, language: str) -> str:
    """Return in which index most neighbours can be told apart from Kazakhstan, and fewest."""
    counts = {one.index: int((one.result.table["p_adjusted"] < _ALPHA).sum()) for one in found}
    most, fewest = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
    if counts[most] == counts[fewest]:
        return ""
    words = {
        "n": n,
        "most": counts[most],
        "most_index": text(most, language),
        "fewest": counts[fewest],
        "fewest_index": text(fewest, language),
    }
    return text("distances_finding", language, **words)


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
