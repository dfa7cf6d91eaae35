"""Charts of appeals."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.charts.chart import words_for
from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import APPEALS
from analysis.charts.parts import (
    categories,
    count_label,
    counts_from_zero,
    dots,
    label_points,
    share_axis,
)
from analysis.charts.style import BLUE, GREY, MARKERS, ROW
from analysis.locale import day, number, percent, text
from analysis.reference.places import NATION

_HEAD = 1.9  # inches of a chart beside its lines
_TOPIC_ROW = 0.34
_WHOLE_YEAR = 360  # days: a shorter period is a part of a year
_LAST_MONTH, _LAST_DAY, _SECOND_HALF = 12, 31, 7
_TYPES_YEAR, _GROWTH_SINCE = 2024, 2024
# The one region and period in which outcomes, and in which topics, were published.
_OUTCOMES_PLACE, _OUTCOMES_YEAR = "KZ-27", 2021
_TOPICS_PLACE, _TOPICS_END = "KZ-23", "2021-04-30"
_OUTCOMES = ("clarified", "satisfied", "redirected", "refused")
_TOTALS = ("appeals_registered", "appeals_considered")


@chart(APPEALS)
def plot_appeals_totals(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the national totals of appeals, one line per figure, joined by nothing.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals(since=2020)` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_appeals
    >>> plot_appeals_totals(load_appeals(since=2020)).title
    'National totals of appeals'
    """
    national = frame[(frame["place_id"] == NATION) & frame["indicator"].isin(_TOTALS)]
    e_otinish = (national["register"] == "e_otinish") & (national["breakdown"] == "channel")
    every_body = (national["register"] == "appeals_registers") & (national["breakdown"] == "")
    rows = national[e_otinish | every_body].sort_values(["period_end", "value"])
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=_HEAD + ROW * len(rows))
    found = list(rows.itertuples())
    for position, row in enumerate(found):
        axes.hlines(position, 0, row.value, color=GREY, lw=1.2)
        axes.plot(row.value, position, MARKERS[row.precision], color=BLUE, ms=8)
    label_points(axes, rows["value"], [count_label(row, language) for row in found])
    names = [_what_was_counted(row, language) for row in found]
    categories(axes, names)
    axes.locator_params(axis="x", nbins=5)
    counts_from_zero(axes, rows["value"], language, room=1.32)
    least, most = rows.loc[rows["value"].idxmin()], rows.loc[rows["value"].idxmax()]
    return told(
        rows,
        drawn=rows.assign(label=names),
        low=count_label(least, language),
        low_year=str(least["period_end"].year),
        high=count_label(most, language),
        high_year=str(most["period_end"].year),
    )


def _what_was_counted(row: Any, language: str) -> str:
    if row.indicator == "appeals_considered":
        scope = "considered"
    else:
        scope = "e_otinish" if row.register == "e_otinish" else "registered"
    end = row.period_end
    is_whole = end.month == _LAST_MONTH and end.day == _LAST_DAY
    part = "" if is_whole else ", " + text("part_year", language, date=day(end, language))
    return f"{end.year}: {text('scope_' + scope, language)}{part}"


@chart(APPEALS)
def plot_administrative_lawsuits(
    canvas: Canvas, frame: pd.DataFrame, *, language: str = "en"
) -> Told:
    """Draw administrative lawsuits by period; half-years are hatched and never taken for years.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_appeals
    >>> plot_administrative_lawsuits(load_appeals()).alt[:36]
    'Full years: 2022 — 28,852; 2023 — 31'
    """
    rows = frame[frame["indicator"] == "administrative_lawsuits_filed"].sort_values("period_end")
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=_HEAD + ROW * len(rows))
    is_whole = (rows["period_end"] - rows["period_start"]).dt.days > _WHOLE_YEAR
    bars = axes.barh(range(len(rows)), rows["value"], color=BLUE, height=0.6)
    for bar, whole in zip(bars, is_whole, strict=True):
        if not whole:
            bar.set(facecolor="white", edgecolor=BLUE, hatch="////")
    counts = [number(value, language) for value in rows["value"]]
    label_points(axes, rows["value"], counts, offset=6)
    ends = zip(rows["period_end"], is_whole, strict=True)
    names = [_year_or_half(end, whole, language) for end, whole in ends]
    axes.set_yticks(range(len(rows)), names)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.locator_params(axis="x", nbins=5)
    counts_from_zero(axes, rows["value"], language, room=1.18)
    years = rows[is_whole]
    values = joined((str(r.period_end.year), number(r.value, language)) for r in years.itertuples())
    won = frame[frame["indicator"] == "administrative_lawsuits_share_won_by_citizens"]
    drawn = pd.concat([rows.assign(label=names), won.assign(label="")])
    note = _won_by_citizens(won, language)
    return told(pd.concat([rows, won]), drawn=drawn, note=note, values=values)


def _year_or_half(end: pd.Timestamp, is_whole: bool, language: str) -> str:
    if is_whole:
        return str(end.year)
    half = 1 if end.month < _SECOND_HALF else 2
    return text(f"half_{half}", language, year=end.year)


def _won_by_citizens(won: pd.DataFrame, language: str) -> str:
    if won.empty:
        return ""
    last = won.iloc[-1]
    share = percent(last["value"], language, digits=0)
    precision = text(str(last["precision"]), language)
    return text("administrative_lawsuits_won", language, share=share, precision=precision)


@chart(APPEALS)
def plot_appeal_types(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw appeals of 2024 by type, as far as published.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_appeals
    >>> plot_appeal_types(load_appeals()).title
    'Appeals of 2024 by type'
    """
    registered = frame[(frame["indicator"] == "appeals_registered") & (frame["place_id"] == NATION)]
    in_year = registered["period_end"].dt.year == _TYPES_YEAR
    rows = registered[in_year & (registered["breakdown"] == "appeal_type")].sort_values("value")
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=_HEAD + ROW * len(rows))
    names = [words_for(kind, language) for kind in rows["breakdown_value"]]
    axes.barh(names, rows["value"], color=BLUE, height=0.6)
    counts = [number(value, language) for value in rows["value"]]
    how = [text(precision, language) for precision in rows["precision"]]
    labels = [f"{count} ({exact})" for count, exact in zip(counts, how, strict=True)]
    label_points(axes, rows["value"], labels, offset=6)
    axes.grid(visible=False, axis="y")
    axes.locator_params(axis="x", nbins=5)
    counts_from_zero(axes, rows["value"], language, room=1.4)
    values = joined(zip(names[::-1], counts[::-1], strict=True))
    return told(rows, drawn=rows.assign(label=names), values=values)


@chart(APPEALS)
def plot_registers_growth(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the growth published for each register, side by side, never joined or added.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_appeals
    >>> plot_registers_growth(load_appeals()).title
    'Growth printed for registers of appeals'
    """
    growth = frame[(frame["indicator"] == "appeals_growth_yoy") & (frame["place_id"] == NATION)]
    rows = growth[growth["period_end"].dt.year >= _GROWTH_SINCE]
    rows = rows.sort_values("value", ascending=False)
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=_HEAD + ROW * len(rows))
    names = [_register_and_year(row, language) for row in rows.itertuples()]
    labels = ["+" + percent(value, language) for value in rows["value"]]
    dots(axes, rows["value"], names, labels)
    axes.set_xlim(0, rows["value"].max() * 1.25)
    share_axis(axes, language)
    values = joined(zip(names, labels, strict=True))
    return told(rows, drawn=rows.assign(label=names), values=values)


def _register_and_year(row: Any, language: str) -> str:
    end = row.period_end
    is_whole = end.month == _LAST_MONTH
    part = "" if is_whole else ", " + text("part_year", language, date=day(end, language))
    return f"{text('reg_' + row.register, language)}, {end.year}{part}"


@chart(APPEALS)
def plot_appeal_outcomes(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the outcomes of appeals in the one region and period where a set of them was found.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_appeals
    >>> plot_appeal_outcomes(load_appeals()).title
    'What became of appeals: one region in 2021'
    """
    kinds = [f"appeals_{kind}_share" for kind in _OUTCOMES]
    there = frame[frame["indicator"].isin(kinds) & (frame["place_id"] == _OUTCOMES_PLACE)]
    rows = there[there["period_end"].dt.year == _OUTCOMES_YEAR]
    rows = rows.sort_values("value", ascending=False)
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=_HEAD + ROW * len(rows))
    names = [text(kind, language) for kind in rows["indicator"]]
    labels = [percent(value, language) for value in rows["value"]]
    dots(axes, rows["value"], names, labels)
    axes.set_xlim(0, 1)
    share_axis(axes, language)
    values = joined(zip(names, labels, strict=True))
    return told(rows, drawn=rows.assign(label=names), values=values)


@chart(APPEALS)
def plot_appeal_topics(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the topics of appeals in Atyrau region, January to April 2021.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_appeals
    >>> plot_appeal_topics(load_appeals()).title
    'What people write about: Atyrau, early 2021'
    """
    registered = frame[frame["indicator"] == "appeals_registered"]
    there = registered[registered["place_id"] == _TOPICS_PLACE]
    is_wanted = (there["breakdown"] == "topic") & (there["period_end"] == _TOPICS_END)
    rows = there[is_wanted].sort_values("value", ascending=False)
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=_HEAD + _TOPIC_ROW * len(rows))
    names = [words_for(topic, language, prefix="t_") for topic in rows["breakdown_value"]]
    labels = [number(value, language) for value in rows["value"]]
    dots(axes, rows["value"], names, labels)
    counts_from_zero(axes, rows["value"], language, room=1.2)
    values = joined(zip(names, labels, strict=True))
    return told(rows, drawn=rows.assign(label=names), values=values)
