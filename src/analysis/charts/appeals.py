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
    legend_above,
    numbers,
    share_axis,
)
from analysis.charts.style import (
    BLUE,
    GREY,
    HOLLOW,
    MARKERS,
    PALE_GREY,
    ROW,
    SMALL_LABEL,
)
from analysis.derive.appeals import dialogue_answers
from analysis.derive.gaps import join_sources
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
_OUTCOMES = ("clarified", "satisfied", "refused")  # the parts of the appeals considered
_REST = "other_types"
_TOPICS_OF = "local_executive_bodies"  # whose appeals the topics were counted of
_TOTALS = ("appeals_registered", "appeals_considered")
_ROUNDING = 0.01  # of shares printed with one decimal, and more


@chart(APPEALS)
def plot_appeals_totals(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the national totals of appeals, one line per figure, joined by nothing.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals(since=2020)` returns it.

    Examples
    --------
    >>> from analysis import load_appeals
    >>> plot_appeals_totals(load_appeals(since=2020)).title
    'No two of the 3 national totals found count the same thing'
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
    scopes = {_scope(row) for row in found}
    all_differ = 1 < len(found) == len(scopes)
    finding = text("appeals_totals_finding", language, n=len(found)) if all_differ else ""
    return told(
        rows,
        drawn=rows.assign(label=names),
        finding=finding,
        low=count_label(least, language),
        low_year=str(least["period_end"].year),
        high=count_label(most, language),
        high_year=str(most["period_end"].year),
    )


def _scope(row: Any) -> str:
    if row.indicator == "appeals_considered":
        return "considered"
    is_e_otinish = row.register == "e_otinish"
    return "e_otinish" if is_e_otinish else "registered"


def _what_was_counted(row: Any, language: str) -> str:
    end = row.period_end
    scope = text(f"scope_{_scope(row)}", language)
    counted = f"{end.year}: {scope}"
    is_whole = end.month == _LAST_MONTH and end.day == _LAST_DAY
    if is_whole:
        return counted
    last = day(end, language)
    until = text("part_year", language, date=last)
    return f"{counted}, {until}"


@chart(APPEALS)
def plot_administrative_lawsuits(
    canvas: Canvas, frame: pd.DataFrame, *, language: str = "en"
) -> Told:
    """Draw administrative lawsuits by period; half-years are hatched and never taken for years.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` returns it.

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
    values = joined(years["period_end"].dt.year, numbers(years["value"], language))
    won = frame[frame["indicator"] == "administrative_lawsuits_share_won_by_citizens"]
    drawn = pd.concat([rows.assign(label=names), won.assign(label="")])
    note, finding = _won_by_citizens(won, language), _course(years, language)
    both = pd.concat([rows, won])
    return told(both, drawn=drawn, finding=finding, note=note, values=values)


def _course(years: pd.DataFrame, language: str) -> str:
    """Return whether lawsuits rose, or fell, from each year to the next; else nothing."""
    changes = years["value"].diff().dropna()
    rose = (changes > 0).all()
    fell = (changes < 0).all()
    if changes.empty or not (rose or fell):
        return ""
    first, last = years.iloc[0], years.iloc[-1]
    return text(
        "administrative_lawsuits_rose" if rose else "administrative_lawsuits_fell",
        language,
        first=number(first["value"], language),
        first_year=first["period_end"].year,
        last=number(last["value"], language),
        last_year=last["period_end"].year,
    )


def _year_or_half(end: pd.Timestamp, is_whole: bool, language: str) -> str:
    year = end.year
    if is_whole:
        return str(year)
    is_first = end.month < _SECOND_HALF
    half = 1 if is_first else 2
    return text(f"half_{half}", language, year=year)


def _won_by_citizens(won: pd.DataFrame, language: str) -> str:
    if won.empty:
        return ""
    last = won.iloc[-1]
    printed = str(last["precision"])
    share = percent(last["value"], language, digits=0)
    precision = text(printed, language)
    return text("administrative_lawsuits_won", language, share=share, precision=precision)


@chart(APPEALS)
def plot_appeal_types(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw appeals of 2024 by type, as far as published.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` returns it.

    Examples
    --------
    >>> from analysis import load_appeals
    >>> plot_appeal_types(load_appeals()).title
    '68% of the appeals of 2024 were of one type: application'
    """
    registered = frame[(frame["indicator"] == "appeals_registered") & (frame["place_id"] == NATION)]
    in_year = registered[registered["period_end"].dt.year == _TYPES_YEAR]
    types = in_year[in_year["breakdown"] == "appeal_type"].sort_values("value")
    if types.empty:
        return nothing(types)
    rest = _other_types(in_year, types)
    rows = pd.concat([rest, types])
    axes = canvas.axes(height=_HEAD + ROW * len(rows))
    names = [words_for(kind, language) for kind in rows["breakdown_value"]]
    colours = [BLUE if kind != _REST else PALE_GREY for kind in rows["breakdown_value"]]
    axes.barh(names, rows["value"], color=colours, height=0.6)
    counts = [number(value, language) for value in rows["value"]]
    how = [text(precision, language) for precision in rows["precision"]]
    labels = [f"{count} ({exact})" for count, exact in zip(counts, how, strict=True)]
    label_points(axes, rows["value"], labels, offset=6)
    axes.grid(visible=False, axis="y")
    axes.locator_params(axis="x", nbins=5)
    counts_from_zero(axes, rows["value"], language, room=1.4)
    values = joined(names[::-1], counts[::-1])
    finding = _largest_type(types, rest, language)
    return told(rows, drawn=rows.assign(label=names), finding=finding, values=values)


def _other_types(in_year: pd.DataFrame, types: pd.DataFrame) -> pd.DataFrame:
    """Return what the types leave of the total of the same register and period, if it is known."""
    like = types.iloc[-1]
    same = (in_year["breakdown"] == "") & (in_year["register"] == like["register"])
    total = in_year[same & (in_year["period_start"] == like["period_start"])]
    left = total["value"] - types["value"].sum()
    sources = join_sources([*total["sources"], *types["sources"]])
    rest = total.assign(value=left, low=left, high=left, breakdown_value=_REST, sources=sources)
    return rest.assign(breakdown="appeal_type")[left > 0]


def _largest_type(types: pd.DataFrame, rest: pd.DataFrame, language: str) -> str:
    if rest.empty:
        return ""
    largest = types.iloc[-1]
    in_types = types["value"].sum()
    total = in_types + rest["value"].sum()
    part = largest["value"] / total
    return text(
        "appeal_types_finding",
        language,
        share=percent(part, language, digits=0),
        type=words_for(largest["breakdown_value"], language),
        year=_TYPES_YEAR,
    )


@chart(APPEALS)
def plot_registers_growth(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the growth published for each register, side by side, never joined or added.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` returns it.

    Examples
    --------
    >>> from analysis import load_appeals
    >>> plot_registers_growth(load_appeals()).title
    'Every register with a printed change grew, by 14.0% to 33.0%'
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
    values = joined(names, labels)
    all_grew = len(rows) > 1 and (rows["value"] > 0).all()
    ends = {"low": labels[-1].lstrip("+"), "high": labels[0].lstrip("+")}
    finding = text("registers_growth_finding", language, **ends) if all_grew else ""
    return told(rows, drawn=rows.assign(label=names), finding=finding, values=values)


def _register_and_year(row: Any, language: str) -> str:
    end = row.period_end
    register = text(f"reg_{row.register}", language)
    name = f"{register}, {end.year}"
    if end.month == _LAST_MONTH:
        return name
    last = day(end, language)
    part = text("part_year", language, date=last)
    return f"{name}, {part}"


@chart(APPEALS)
def plot_appeal_outcomes(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the outcomes of appeals in the one region and period where a set of them was found.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` returns it.

    Examples
    --------
    >>> from analysis import load_appeals
    >>> plot_appeal_outcomes(load_appeals()).title
    'Of the appeals considered 62.7% ended with an explanation, 33.9% were satisfied, 2.5% refused'
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
    values = joined(names, labels)
    found = dict(zip(rows["indicator"], labels, strict=True))
    shares = {kind: found.get(f"appeals_{kind}_share", "") for kind in _OUTCOMES}
    is_whole = len(rows) == len(_OUTCOMES)
    finding = text("appeal_outcomes_finding", language, **shares) if is_whole else ""
    return told(rows, drawn=rows.assign(label=names), finding=finding, values=values)


@chart(APPEALS)
def plot_appeal_topics(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the topics of appeals in Atyrau region, January to April 2021.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` returns it.

    Examples
    --------
    >>> from analysis import load_appeals
    >>> plot_appeal_topics(load_appeals()).title
    '47% of appeals were about one topic: land (6,206 of 13,234)'
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
    values = joined(names, labels)
    total = there[there["breakdown_value"] == _TOPICS_OF]
    total = total[total["period_start"].isin(rows["period_start"])]
    total = total[total["period_end"] == _TOPICS_END]
    drawn = pd.concat([rows.assign(label=names), total.assign(label="")])
    finding = _largest_topic(rows, total, names[0], language)
    return told(pd.concat([rows, total]), drawn=drawn, finding=finding, values=values)


def _largest_topic(rows: pd.DataFrame, total: pd.DataFrame, topic: str, language: str) -> str:
    if len(total) != 1:
        return ""
    whole = total["value"].item()
    largest = rows["value"].iloc[0]
    part = largest / whole
    return text(
        "appeal_topics_finding",
        language,
        topic=topic,
        share=percent(part, language, digits=0),
        count=number(largest, language),
        total=number(whole, language),
    )


@chart(APPEALS)
def plot_open_dialogue(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the share of questions answered in Open Dialogue, as printed and by its own counts.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` returns it.

    Examples
    --------
    >>> from analysis import load_appeals
    >>> plot_open_dialogue(load_appeals()).key
    'open_dialogue'
    """
    answered = dialogue_answers(frame)
    if answered.empty:
        return nothing(answered)
    rows = answered.sort_values("printed", ignore_index=True)
    axes = canvas.axes(height=_HEAD + _TOPIC_ROW * len(rows))
    lines = range(len(rows))
    both = rows[rows["counted"].notna()]
    axes.hlines(both.index, both["printed"], both["counted"], color=GREY, lw=1.2)
    by_count, as_printed = text("by_counts", language), text("as_printed_share", language)
    axes.plot(both["counted"], both.index, "o", ms=9, label=by_count, **HOLLOW)
    axes.plot(rows["printed"], lines, "o", color=BLUE, ms=6, label=as_printed)
    legend_above(axes, columns=2, fontsize=SMALL_LABEL)
    names = rows[f"place_{language}"].tolist()
    categories(axes, names)
    axes.set_xlim(0, 1.05)
    share_axis(axes, language)
    shares = [percent(value, language) for value in rows["printed"]]
    values = joined(names, shares)
    drawn = _both_shares(rows, as_printed, by_count, language)
    return told(rows, drawn=drawn, finding=_furthest_off(rows, language), values=values)


def _both_shares(rows: pd.DataFrame, printed: str, counted: str, language: str) -> pd.DataFrame:
    names = rows[f"place_{language}"]
    named = rows.assign(label=names)
    has_counts = named["counted"].notna()
    with_counts = named[has_counts]
    as_printed = named.assign(series=printed, value=named["printed"])
    by_count = with_counts.assign(series=counted, value=with_counts["counted"])
    return pd.concat([as_printed, by_count])


def _furthest_off(rows: pd.DataFrame, language: str) -> str:
    """Return for which place the printed share is furthest from its own counts, if by a point."""
    difference = rows["printed"] - rows["counted"]
    apart = difference.abs()
    if not apart.max() > _ROUNDING:
        return ""
    furthest = apart.idxmax()
    row = rows.loc[furthest]
    return text(
        "open_dialogue_finding",
        language,
        place=row[f"place_{language}"],
        printed=percent(row["printed"], language),
        counted=percent(row["counted"], language),
    )
