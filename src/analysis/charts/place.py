"""Charts of one region beside the nation and the others, narrow enough for a phone."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import COVERAGE, TURNOUT
from analysis.charts.national_votes import votes_in
from analysis.charts.parts import NOT_FOUND, legend_below, percents, share_axis
from analysis.charts.style import (
    BLUE,
    GREY,
    LABEL,
    LIGHT_GREY,
    ORANGE,
    PALE_BLUE,
    PHONE_WIDTH,
    Look,
)
from analysis.derive.asked import NOT_GIVEN, shown_status
from analysis.derive.comparisons import vote_name
from analysis.derive.coverage import FOUND, status_counts
from analysis.derive.headline import counted_words
from analysis.locale import percent, text
from analysis.reference import borders_before, place_name, regions_in_votes
from analysis.reference.names import find_place
from analysis.reference.places import NATION

_OWN_COLUMN, _NATION_COLUMN = 42, 84  # points right of the plot, where a share ends


@chart(TURNOUT)
def plot_place_turnout(
    canvas: Canvas, frame: pd.DataFrame, *, place: str, language: str = "en"
) -> Told:
    """Draw the turnout of one region in each national vote beside the nation and the other regions.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_turnout()` returns it.
    place : str
        Code, KATO code or name of a region. A vote before June 2022 shows the region it was then
        part of, with a mark of its own.

    Examples
    --------
    >>> from analysis import load_turnout
    >>> plot_place_turnout(load_turnout(), place="Jetisu").title
    'Turnout in national votes: Jetisu Region'
    """
    place = find_place(place)
    name, before = place_name(place, language), borders_before(place)
    rows = frame[frame["place_id"].isin([NATION, *regions_in_votes()])]
    shown = [known.code for known in votes_in(rows)]
    wide = rows[rows["vote"].isin(shown)].pivot(index="vote", columns="place_id", values="value")
    wide = wide.reindex(index=shown)
    if place not in wide or NATION not in wide:
        return nothing(rows, place=name)
    axes = canvas.axes(height=5.6, width=PHONE_WIDTH)
    for y, (_, shares) in enumerate(wide.iterrows()):
        _draw_others(axes, y, shares.drop([NATION, place]).dropna(), language)
        label = text("nation", language)
        axes.plot(shares[NATION], y, "D", color=ORANGE, ms=7, label=label)
        _write_right(axes, y, percent(shares[NATION], language), _NATION_COLUMN, ORANGE)
        _mark_place(axes, y, shares, place, language)
    names = [vote_name(code, language) for code in shown]
    axes.set_yticks(range(len(shown)), [name.replace(" ", "\n") for name in names], size=LABEL)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlim(0.2, 1)
    axes.grid(visible=False, axis="y")
    share_axis(axes, language)
    axes.set_xlabel(textwrap.fill(counted_words("preliminary", language), 44), size=LABEL)
    legend_below(axes, x=-0.25, y=-0.2)
    own = wide[place].dropna()
    held = [vote_name(code, language) for code in own.index]
    values = joined(held, percents(own, language))
    kept = rows[rows["place_id"].isin([NATION, place, before])]
    return told(kept, place=name, values=values)


def _draw_others(axes: Axes, y: int, others: pd.Series, language: str) -> None:
    label = text("other_regions", language)
    line = [y] * len(others)
    axes.plot(
        others,
        line,
        "|",
        color=LIGHT_GREY,
        ms=9,
        label=label,
    )


def _mark_place(axes: Axes, y: int, shares: pd.Series, place: str, language: str) -> None:
    before = borders_before(place)
    share, face, label = shares[place], BLUE, place_name(place, language)
    if pd.isna(share) and before is not None and pd.notna(shares.get(before)):
        share, face = shares[before], "white"
        label = text("in_old_borders", language, place=place_name(before, language))
    if pd.isna(share):
        _write_right(axes, y, NOT_FOUND, _OWN_COLUMN, GREY)
        return
    look: Look = {"mec": BLUE, "mew": 1.8, "ms": 8.5, "zorder": 3}
    axes.plot(share, y, "o", label=label, mfc=face, **look)
    _write_right(axes, y, percent(share, language), _OWN_COLUMN, BLUE)


def _write_right(axes: Axes, y: int, words: str, points: float, color: str) -> None:
    edge, offset = (1, y), (points, 0)
    axes.annotate(
        words,
        edge,
        offset,
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        ha="right",
        va="center",
        size=LABEL,
        color=color,
    )


@chart(COVERAGE)
def plot_place_coverage(
    canvas: Canvas, cells: pd.DataFrame, *, place: str, language: str = "en"
) -> Told:
    """Draw what was found of one place by year, and what was not found or does not apply.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `analysis.coverage()` returns it.
    place : str
        Code, KATO code or name of a region; "KZ" for the nation.

    Examples
    --------
    >>> from analysis import coverage
    >>> plot_place_coverage(coverage(), place="Jetisu").title
    'What was found: Jetisu Region'
    """
    place = find_place(place)
    rows, name = cells[cells["place_id"] == place], place_name(place, language)
    if rows.empty:
        return nothing(rows, place=name)
    items, years = list(rows["item"].unique()), sorted(rows["year"].unique())
    axes = canvas.axes(height=3.3 + 0.36 * len(items), width=PHONE_WIDTH)
    shown = shown_status(rows)
    for status, (marker, look) in _status_marks().items():
        some = rows[shown == status]
        if some.empty and status in NOT_GIVEN:
            continue
        x, y = some["year"].map(years.index), some["item"].map(items.index)
        axes.plot(x, y, marker, ls="", label=text(f"status_{status}", language), **look)
    names = [textwrap.fill(text(f"could_be_{item}", language), 26) for item in items]
    axes.set_yticks(range(len(items)), names, size=LABEL)
    axes.set_xticks(range(len(years)), [str(year) for year in years], size=7.5)
    axes.set_ylim(len(items) - 0.5, -0.5)
    axes.set_xlim(-0.5, len(years) - 0.5)
    axes.grid(visible=False)
    legend_below(axes, x=-0.6, y=-0.25)
    counts = status_counts(rows)
    found, possible = counts[list(FOUND)].sum(), counts.drop("not_applicable").sum()
    spoken = {status: str(number) for status, number in counts.items()}
    return told(rows, place=name, found=str(found), cells=str(possible), **spoken)


def _status_marks() -> dict[str, tuple[str, Look]]:
    return {
        "final": ("s", {"mfc": BLUE, "mec": BLUE, "ms": 11}),
        "closing": ("s", {"mfc": PALE_BLUE, "mec": BLUE, "mew": 2, "ms": 10}),
        "partial": ("s", {"mfc": "white", "mec": BLUE, "mew": 2, "ms": 10}),
        "not_found": (".", {"color": GREY, "ms": 7}),
        "not_applicable": ("x", {"color": GREY, "ms": 6}),
        "refused": ("v", {"color": ORANGE, "ms": 8}),
        "silent": ("o", {"mec": ORANGE, "mfc": "white", "mew": 2, "ms": 8}),
    }
