"""Charts of Kazakhstan among its neighbours."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import CONTEXT, of_indicator, of_nation, without_nation
from analysis.charts.parts import label_point, signed, signed_axis
from analysis.charts.style import BLUE, GREY, INK, SMALL_LABEL
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

    Examples
    --------
    >>> from analysis import load_context
    >>> plot_neighbours(load_context(since=2012)).key
    'neighbours'
    """
    is_total = frame["breakdown"] == ""
    is_shown = frame["place_id"].isin(COUNTRIES)
    rows = of_indicator(frame[is_total & is_shown], *INDICES)
    if of_nation(rows).empty:
        return nothing(rows)
    panels = canvas.panels(height=5.6, rows=2, columns=2)
    last_values = {}
    for axes, index in zip(panels.flat, INDICES, strict=True):
        own = of_indicator(rows, index)
        _draw_countries(axes, own)
        _draw_interval(axes, frame, index)
        last = _draw_home(axes, own, language)
        if last:
            last_values[text(index, language)] = last
        _finish_panel(axes, index, language)
    return told(
        rows,
        drawn=_with_intervals(rows, frame, language),
        finding=_best_and_worst(rows, language),
        values=joined(last_values, last_values.values()),
    )


def _best_and_worst(rows: pd.DataFrame, language: str) -> str:
    """Return in which index Kazakhstan is above most countries, and in which above fewest."""
    counts = {index: _above(of_indicator(rows, index)) for index in INDICES}
    shares = {index: above / n for index, (above, n) in counts.items() if n}
    if len(shares) <= 1:
        return ""
    best = max(shares, key=shares.__getitem__)
    worst = min(shares, key=shares.__getitem__)
    best_above, best_n = counts[best]
    worst_above, worst_n = counts[worst]
    return text(
        "neighbours_finding",
        language,
        best=text(best, language),
        best_above=best_above,
        best_n=best_n,
        worst=text(worst, language),
        worst_above=worst_above,
        worst_n=worst_n,
    )


def _above(rows: pd.DataFrame) -> tuple[int, int]:
    """Return above how many of the others Kazakhstan is in its last year, and how many have one."""
    home = of_nation(rows)
    if home.empty:
        return 0, 0
    in_order = home.sort_values("period_end")
    last = in_order.iloc[-1]
    others = without_nation(rows)
    is_then = others["period_end"] == last["period_end"]
    then = others[is_then].drop_duplicates("place_id")
    is_below = then["value"] < last["value"]
    n_below = is_below.sum()
    return int(n_below), len(then)


def _with_intervals(rows: pd.DataFrame, frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return the values drawn, those of Kazakhstan with the published intervals."""
    panels = [text(index, language) for index in rows["indicator"]]
    names = rows[f"place_{language}"]
    drawn = rows.assign(panel=panels, label=names)
    is_home = drawn["place_id"] == NATION
    for index in INDICES:
        band = _published_interval(frame, index)
        is_own = is_home & (drawn["indicator"] == index)
        own = drawn[is_own]
        for bound in ("low", "high"):
            published = own["period_end"].map(band[bound])
            drawn.loc[is_own, bound] = published.fillna(own[bound])
    return drawn


def _published_interval(frame: pd.DataFrame, index: str) -> pd.DataFrame:
    """Return the published interval of Kazakhstan in an index, by the end of the year."""
    errors = published_errors(of_nation(frame), index)
    return errors.droplevel("place_id")


def _draw_countries(axes: Axes, rows: pd.DataFrame) -> None:
    others = without_nation(rows)
    wide = others.pivot_table(index="period_end", columns="place_id", values="value")
    for country in wide:
        values = wide[country]
        known = values.dropna()
        axes.plot(known, color="#B8BEC8", lw=1, marker=".", ms=3)


def _draw_interval(axes: Axes, frame: pd.DataFrame, index: str) -> None:
    band = _published_interval(frame, index)
    axes.fill_between(
        band.index,
        band["low"],
        band["high"],
        color=BLUE,
        alpha=0.2,
        lw=0,
    )


def _draw_home(axes: Axes, rows: pd.DataFrame, language: str) -> str:
    """Draw Kazakhstan and return its last value and year, if it has one."""
    home = of_nation(rows)
    if home.empty:
        return ""
    by_year = home.pivot_table(index="period_end", values="value")
    own = by_year["value"]
    axes.plot(own, color=BLUE, lw=2.2, marker="o", ms=4)
    end, value = own.index[-1], own.iloc[-1]
    last = signed(value, language, digits=_DIGITS)
    label_point(axes, (end, value), last, offset=5, size=SMALL_LABEL, color=BLUE)
    return f"{last} ({end.year})"


def _finish_panel(axes: Axes, index: str, language: str) -> None:
    name = text(index, language)
    title = textwrap.fill(name, _PANEL_LETTERS)
    axes.set_title(title, size=8.5, loc="left")
    first, last = pd.Timestamp(_SINCE), pd.Timestamp(_UNTIL)
    axes.set_xlim(first, last)
    ends = [pd.Timestamp(year, 12, 31) for year in _YEARS]
    names = [str(year) for year in _YEARS]
    axes.set_xticks(ends, names)
    axes.locator_params(axis="y", nbins=4)
    signed_axis(axes, language, axis="y", digits=_DIGITS)


@chart(CONTEXT)
def plot_distances(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw how far neighbours lie from Kazakhstan in indices whose standard errors are published.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_context(since=2012)` returns it.

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
    told_apart = [str(_told_apart(one)) for one in found]
    indices = [text(one.index, language) for one in found]
    year = ", ".join(sorted(str(year) for year in years))
    drawn = pd.concat([_drawn_distances(one, others, rows, language) for one in found])
    values = joined(indices, told_apart)
    finding = _told_apart_in_words(found, len(others), language)
    return told(rows, drawn=drawn, finding=finding, values=values, year=year)


def _told_apart_in_words(found: list[IndexDistances], n: int, language: str) -> str:
    """Return in which index most neighbours can be told apart from Kazakhstan, and fewest."""
    counts = {one.index: _told_apart(one) for one in found}
    most = max(counts, key=counts.__getitem__)
    fewest = min(counts, key=counts.__getitem__)
    if counts[most] == counts[fewest]:
        return ""
    return text(
        "distances_finding",
        language,
        n=n,
        most=counts[most],
        most_index=text(most, language),
        fewest=counts[fewest],
        fewest_index=text(fewest, language),
    )


def _told_apart(one: IndexDistances) -> int:
    """Return how many neighbours can be told apart from Kazakhstan."""
    p_values = one.result.table["p_adjusted"]
    is_apart = p_values < _ALPHA
    return int(is_apart.sum())


def _drawn_distances(
    one: IndexDistances, others: list[str], rows: pd.DataFrame, language: str
) -> pd.DataFrame:
    table = one.result.table.reindex(others)
    bounds = table[["low", "high", "p_adjusted"]]
    own = of_indicator(rows, one.index)
    return bounds.assign(
        value=table["difference"],
        label=others,
        panel=text(one.index, language),
        indicator=one.index,
        year=one.year,
        sources=join_sources(own["sources"]),
    )


def _neighbours_of(one: IndexDistances, home: str) -> list[str]:
    table = one.result.table
    others = table.index.drop(home, errors="ignore")
    return others.tolist()


def _draw_distances(axes: Axes, one: IndexDistances, others: list[str], language: str) -> None:
    table = one.result.table.reindex(others)
    axes.axvline(0, color=BLUE, lw=1.4)
    lines = range(len(others))
    axes.hlines(lines, table["low"], table["high"], color=GREY, lw=1.5)
    for line, row in enumerate(table.itertuples()):
        is_apart = row.p_adjusted < _ALPHA
        face = INK if is_apart else "white"
        axes.plot(row.difference, line, "o", mfc=face, mec=INK, mew=1.4, ms=6)
    name = text(one.index, language)
    title = textwrap.fill(name, _TITLE_LETTERS)
    axes.set_title(title, size=8, loc="left")
    axes.tick_params(axis="x", labelsize=7)
    axes.locator_params(axis="x", nbins=4)
    signed_axis(axes, language, digits=1)
