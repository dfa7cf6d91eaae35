"""Charts of report meetings and receptions."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import MANDATES, MEETINGS
from analysis.charts.parts import (
    NO_SUCH,
    NOT_FOUND,
    QUARTERS,
    counts_from_zero,
    existed_in,
    label_point,
    label_points,
    nothing_here,
    share_axis,
    year_axis,
)
from analysis.charts.style import BLUE, GREY, INK, NARROW_ROW, ORANGE, ROW, Look
from analysis.derive.gaps import join_sources
from analysis.derive.meetings import distinct_events
from analysis.locale import number, percent, text
from analysis.reference import place_name, regions
from analysis.reference.places import NATION

_YEAR = 2022  # the only year with national totals
_STEPS = ("meetings_held", "meeting_questions_raised", "meeting_questions_resolved")
_HOLDERS = ("akims_all_levels", "ministers")
_ABOUT = ("meeting", "citizens_", "reception")
_OFFICES = ("region", "city_of_republican_significance", "district", "rural")
_SHADES = {1: "#C6DBEF", 2: "#6BAED6", 4: BLUE}  # by meetings required a year
_WHITE_ON = 4
_LAW_SINCE, _LAW_UNTIL, _LAW_YEARS = "2020-01-01", "2026-12-31", range(2020, 2027)
_RECEIVED_SINCE, _RECEIVED_UNTIL = "2021-12-01", "2026-06-01"
_RECEIVED_YEARS = range(2022, 2027)
_WHOLE_YEAR, _LABEL_EVERY = 300, 200  # days


def _in_year(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    starts, ends = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
    return frame[(frame["period_start"] == starts) & (frame["period_end"] == ends)]


@chart(MEETINGS)
def plot_meetings_2022(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw meetings held, questions raised and resolved in 2022.

    Akims and ministers have scales of their own.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_meetings()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_meetings
    >>> plot_meetings_2022(load_meetings()).title
    'Meetings with the population, 2022'
    """
    year = _in_year(frame, _YEAR)
    is_step = year["indicator"].isin(_STEPS) & (year["place_id"] == NATION)
    rows = year[is_step & year["breakdown_value"].isin(_HOLDERS)]
    if rows.empty:
        return nothing(rows)
    panels = canvas.panels(height=3.6, columns=len(_HOLDERS))[0]
    akims, ministers = (
        _draw_steps(axes, rows, holder, colour, language)
        for axes, holder, colour in zip(panels, _HOLDERS, (BLUE, ORANGE), strict=True)
    )
    panels[1].tick_params(labelleft=False)
    panel = rows["breakdown_value"].map(lambda holder: text(holder, language))
    label = rows["indicator"].map(lambda step: text(step, language))
    drawn = rows.assign(panel=panel, label=label)
    return told(rows, drawn=drawn, akims=akims, ministers=ministers)


def _draw_steps(axes: Axes, rows: pd.DataFrame, holder: str, colour: str, language: str) -> str:
    """Draw the steps of one kind of holder and return them in words."""
    own = rows[rows["breakdown_value"] == holder].set_index("indicator")["value"]
    values = own.reindex(list(_STEPS)).dropna()
    axes.set_title(text(holder, language), size=9.5, loc="left")
    if values.empty:
        nothing_here(axes, language)
        return text("no_data", language)
    names = [text(step, language) for step in values.index]
    counts = [number(value, language) for value in values]
    axes.barh(names, values, color=colour, height=0.6)
    label_points(axes, values, counts, offset=5)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.locator_params(axis="x", nbins=3)
    counts_from_zero(axes, values, language, room=1.45)
    return joined(zip(names, counts, strict=True))


@chart(MEETINGS)
def plot_questions_resolved(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the published shares of questions resolved in 2022.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_meetings()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_meetings
    >>> plot_questions_resolved(load_meetings()).title
    'Share of questions resolved, 2022'
    """
    year = _in_year(frame, _YEAR)
    resolved = year[year["indicator"] == "meeting_questions_resolved_share"]
    rows = resolved[resolved["breakdown_value"].isin(_HOLDERS)].sort_values("value")
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=1.9 + NARROW_ROW * len(rows))
    pairs = zip(rows[f"place_{language}"], rows["breakdown_value"], strict=True)
    names = [f"{place}: {text(holder, language)}" for place, holder in pairs]
    shares = [percent(value, language) for value in rows["value"]]
    axes.hlines(range(len(rows)), 0, rows["value"], color=GREY, lw=1.2)
    axes.plot(rows["value"], range(len(rows)), "o", color=BLUE, ms=8)
    label_points(axes, rows["value"], shares)
    axes.set_yticks(range(len(rows)), names)
    axes.set_ylim(-0.5, len(rows) - 0.5)
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0, 1.15)
    axes.set_xticks(QUARTERS)
    share_axis(axes, language)
    values = joined(zip(names[::-1], shares[::-1], strict=True))
    return told(rows, drawn=rows.assign(label=names), values=values)


@chart(MEETINGS)
def plot_meetings_coverage(
    canvas: Canvas,
    frame: pd.DataFrame,
    *,
    language: str = "en",
    first: int = 2021,
    last: int = 2025,
) -> Told:
    """Draw how many figures on meetings and receptions were found for each region and year.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_meetings()` returns it.
    language : {"en", "kk", "ru"}
    first, last : int
        Years.

    Examples
    --------
    >>> from analysis import load_meetings
    >>> plot_meetings_coverage(load_meetings()).key
    'meetings_coverage'
    """
    year = frame["period_end"].dt.year
    is_shown = frame["indicator"].str.startswith(_ABOUT) & frame["region_id"].isin(regions())
    rows = frame[is_shown & year.between(first, last)]
    if rows.empty:
        return nothing(rows)
    years = range(first, last + 1)
    counts = rows.groupby([rows["region_id"], rows["period_end"].dt.year]).size()
    table = counts.unstack(fill_value=0).reindex(index=list(regions()), columns=years, fill_value=0)
    axes = canvas.axes(height=6.6)
    for i, region in enumerate(table.index):
        for j, in_year in enumerate(years):
            mark = NOT_FOUND if existed_in(region, in_year) else NO_SUCH
            _draw_count(axes, (j, i), int(table.loc[region, in_year]), mark)
    axes.set_xticks(range(len(years)), [str(y) for y in years])
    axes.set_yticks(range(len(table)), [place_name(place, language) for place in table.index])
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(-0.5, len(years) - 0.5)
    axes.grid(visible=False)
    words = {"first": str(first), "last": str(last), "cells": str(table.size)}
    found = str(int((table > 0).sum().sum()))
    return told(rows, drawn=_cells(rows, table, language), found=found, **words)


def _cells(rows: pd.DataFrame, table: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return the cells of the chart, each with the sources of what was counted."""
    keys = [rows["region_id"].rename("place_id"), rows["period_end"].dt.year.rename("year")]
    sources = rows.groupby(keys)["sources"].agg(join_sources).rename("sources")
    cells = table.stack().rename("value").rename_axis(["place_id", "year"])
    drawn = pd.concat([cells, sources], axis=1).fillna({"sources": ""}).reset_index()
    names = drawn["place_id"].map(lambda place: place_name(place, language))
    places = zip(drawn["place_id"], drawn["year"], drawn["value"], strict=True)
    status = [_status(place, year, count) for place, year, count in places]
    return drawn.assign(label=names, unit="count", status=status)


def _status(place: str, year: int, count: float) -> str:
    if count:
        return "found"
    return "not_found" if existed_in(place, year) else "no_region"


def _draw_count(axes: Axes, cell: tuple[int, int], count: int, missing: str) -> None:
    middle: Look = {"ha": "center", "va": "center"}
    if not count:
        axes.text(*cell, missing, color=GREY, weight="normal", **middle)
        return
    axes.scatter(*cell, s=190, color=BLUE, marker="s")
    axes.text(*cell, str(count), color="white", weight="bold", **middle)


@chart(MANDATES, MEETINGS)
def plot_required_meetings(
    canvas: Canvas, mandates: pd.DataFrame, meetings: pd.DataFrame, *, language: str = "en"
) -> Told:
    """Draw the number of meetings the law requires by level of akim over time.

    The subtitle says how many were held.

    Parameters
    ----------
    mandates : pandas.DataFrame
        As `load_mandates()` returns it.
    meetings : pandas.DataFrame
        As `load_meetings()` returns it, for the one year in which the number held is known.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_mandates, load_meetings
    >>> plot_required_meetings(load_mandates(), load_meetings()).title
    'Meetings that the law requires of akims'
    """
    year = _in_year(meetings, _YEAR)
    is_held = (year["indicator"] == "meetings_held") & (year["breakdown_value"] == _HOLDERS[0])
    held = year[is_held]
    rows = mandates.sort_values(["office", "valid_from"])
    if rows.empty or held.empty:
        return nothing(rows, held="")
    axes = canvas.axes(height=3.8)
    for row in rows.itertuples():
        _draw_duty(axes, row, language)
    axes.set_yticks(range(len(_OFFICES)), [text(f"office_{o}", language) for o in _OFFICES])
    axes.invert_yaxis()
    year_axis(axes, _LAW_YEARS, first=_LAW_SINCE, last=_LAW_UNTIL)
    axes.grid(visible=False, axis="y")
    district = rows[rows["office"] == "district"]["meetings_per_year"]
    steps = " → ".join(str(n) for n in district)
    drawn = _duties_and_held(rows, held, language)
    return told(rows, drawn=drawn, held=number(held["value"].iloc[0], language), district=steps)


def _duties_and_held(rows: pd.DataFrame, held: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return what is required, drawn as bars, and what was held, which the subtitle says."""
    required = rows.assign(
        label=[text(f"office_{office}", language) for office in rows["office"]],
        value=rows["meetings_per_year"].astype("float"),
        unit="meetings required per year",
        period_start=rows["valid_from"],
        period_end=rows["valid_to"],
    )
    return pd.concat([required, held.assign(label="", office="")])


def _draw_duty(axes: Axes, row: Any, language: str) -> None:
    until = pd.Timestamp(_LAW_UNTIL) if pd.isna(row.valid_to) else row.valid_to
    n = None if pd.isna(row.meetings_per_year) else int(row.meetings_per_year)
    y, width = _OFFICES.index(row.office), until - row.valid_from
    face = "white" if n is None else _SHADES.get(n, BLUE)
    edge: Look = {"edgecolor": GREY, "lw": 0.8}
    axes.barh(y, width, left=row.valid_from, height=0.62, color=face, **edge)
    ink = "white" if n is not None and n >= _WHITE_ON else INK
    look: Look = {"weight": "normal", "size": 8} if n is None else {"weight": "bold", "size": 9}
    label = text("no_data", language) if n is None else str(n)
    middle: Look = {"ha": "center", "va": "center", "color": ink}
    axes.text(row.valid_from + width / 2, y, label, **middle, **look)


@chart(MEETINGS)
def plot_receptions(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw each published count of people received in a region at the end of its period.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_meetings()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_meetings
    >>> plot_receptions(load_meetings()).title
    'People received: what was found of the regions'
    """
    received = frame[(frame["indicator"] == "citizens_received") & (frame["place_id"] != NATION)]
    events = distinct_events(received[received["breakdown"] != "outcome"])
    rows = events.sort_values("period_end")
    if rows.empty:
        return nothing(rows)
    found = rows["region_id"].drop_duplicates().tolist()
    axes = canvas.axes(height=2.2 + ROW * len(found))
    labelled: dict[str, pd.Timestamp] = {}
    for row in rows.itertuples():
        y, end = found.index(row.region_id), row.period_end
        is_year = (end - row.period_start).days > _WHOLE_YEAR
        marker, face = ("s", BLUE) if is_year else ("o", "white")
        axes.plot(end, y, marker, color=face, mec=BLUE, mew=1.6, ms=7)
        last = labelled.get(row.region_id)
        if last is None or (end - last).days > _LABEL_EVERY:
            count = number(row.value, language)
            above: Look = {"ha": "center", "va": "baseline", "rise": 8}
            label_point(axes, (end, y), count, offset=0, size=7.5, **above)
            labelled[row.region_id] = end
    axes.set_yticks(range(len(found)), [place_name(region, language) for region in found])
    axes.set_ylim(len(found) - 0.5, -0.8)
    year_axis(axes, _RECEIVED_YEARS, first=_RECEIVED_SINCE, last=_RECEIVED_UNTIL)
    most = number(rows["value"].max(), language)
    drawn = rows.assign(label=[place_name(region, language) for region in rows["region_id"]])
    return told(rows, drawn=drawn, n=str(len(rows)), regions=str(len(found)), most=most)
