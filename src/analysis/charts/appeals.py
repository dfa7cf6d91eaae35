"""Charts of appeals."""

from __future__ import annotations

import pandas as pd

from analysis.charts.theme import (
    BLUE,
    GREY,
    MARKERS,
    Chart,
    count_axis,
    count_label,
    dots,
    finish,
    known_values,
    new_chart,
    no_data,
    percent_axis,
    words_for,
)
from analysis.locale import day, number, percent, text


@known_values
def plot_appeals_totals(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw the national totals of appeals, one line a figure, joined by nothing.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals(since=2020)` gives it.
    language : {"en", "kk", "ru"}
    """
    national = frame[
        (frame["place_id"] == "KZ")
        & frame["indicator"].isin(["appeals_registered", "appeals_considered"])
    ]
    e_otinish = (national["register"] == "e_otinish") & (national["breakdown"] == "channel")
    every_body = (national["register"] == "appeals_registers") & (national["breakdown"] == "")
    rows = national[e_otinish | every_body].sort_values(["period_end", "value"])
    if rows.empty:
        return no_data(key="appeals_totals", rows=rows, language=language)
    chart, axes = new_chart(height=1.9 + 0.42 * len(rows))
    labels = []
    for position, row in enumerate(rows.itertuples()):
        axes.hlines(position, 0, row.value, color=GREY, lw=1.2)
        axes.plot(row.value, position, MARKERS[row.precision], color=BLUE, ms=8)
        axes.annotate(
            count_label(row, language),
            (row.value, position),
            (8, 0),
            textcoords="offset points",
            va="center",
        )
        scope = "considered" if row.indicator == "appeals_considered" else (
            "e_otinish" if row.register == "e_otinish" else "registered")  # fmt: skip
        part = "" if row.period_end.month == 12 and row.period_end.day == 31 else (
            ", " + text("part_year", language, date=day(row.period_end, language)))  # fmt: skip
        labels.append(f"{row.period_end.year}: {text('scope_' + scope, language)}{part}")
    axes.set_yticks(range(len(rows)), labels)
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0, rows["value"].max() * 1.32)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel(text("count", language))
    axes.locator_params(axis="x", nbins=5)
    count_axis(axes, language)
    least, most = rows.loc[rows["value"].idxmin()], rows.loc[rows["value"].idxmax()]
    return finish(
        chart, key="appeals_totals", rows=rows, language=language,
        low=count_label(least, language), low_year=str(least["period_end"].year),
        high=count_label(most, language), high_year=str(most["period_end"].year),
    )  # fmt: skip


@known_values
def plot_administrative_lawsuits(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw administrative lawsuits by period; half-years are hatched and never taken for years.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` gives it.
    language : {"en", "kk", "ru"}
    """
    rows = frame[frame["indicator"] == "administrative_lawsuits_filed"].sort_values("period_end")
    if rows.empty:
        return no_data(key="lawsuits", rows=rows, language=language)
    chart, axes = new_chart(height=1.9 + 0.42 * len(rows))
    full = (rows["period_end"] - rows["period_start"]).dt.days > 360
    labels = [
        str(row.period_end.year) if whole else text(f"half_{1 if row.period_end.month < 7 else 2}", language, year=row.period_end.year)
        for row, whole in zip(rows.itertuples(), full, strict=True)
    ]  # fmt: skip
    bars = axes.barh(range(len(rows)), rows["value"], color=BLUE, height=0.6)
    for bar, whole, row in zip(bars, full, rows.itertuples(), strict=True):
        if not whole:
            bar.set(facecolor="white", edgecolor=BLUE, hatch="////")
        axes.annotate(
            number(row.value, language),
            (row.value, bar.get_y() + 0.3),
            (6, 0),
            textcoords="offset points",
            va="center",
        )
    axes.set_yticks(range(len(rows)), labels)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0, rows["value"].max() * 1.18)
    axes.set_xlabel(text("count", language))
    axes.locator_params(axis="x", nbins=5)
    count_axis(axes, language)
    values = "; ".join(
        f"{r.period_end.year} — {number(r.value, language)}" for r in rows[full].itertuples()
    )
    won = frame[frame["indicator"] == "administrative_lawsuits_share_won_by_citizens"]
    chart = finish(
        chart, key="lawsuits", rows=pd.concat([rows, won]), language=language, values=values
    )
    if not won.empty:
        share = percent(won["value"].iloc[-1], language, digits=0)
        said = text(
            "lawsuits_won",
            language,
            share=share,
            precision=text(str(won["precision"].iloc[-1]), language),
        )
        chart.alt = f"{chart.alt} {said}"
    return chart


@known_values
def plot_appeal_types(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw appeals of 2024 by type, as far as published.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` gives it.
    language : {"en", "kk", "ru"}
    """
    rows = frame[
        (frame["indicator"] == "appeals_registered") & (frame["place_id"] == "KZ")
        & (frame["breakdown"] == "appeal_type") & (frame["period_end"].dt.year == 2024)
    ].sort_values("value")  # fmt: skip
    if rows.empty:
        return no_data(key="types", rows=rows, language=language)
    chart, axes = new_chart(height=1.9 + 0.42 * len(rows))
    names = [words_for(kind, language) for kind in rows["breakdown_value"]]
    axes.barh(names, rows["value"], color=BLUE, height=0.6)
    for position, row in enumerate(rows.itertuples()):
        label = f"{number(row.value, language)} ({text(row.precision, language)})"
        axes.annotate(label, (row.value, position), (6, 0), textcoords="offset points", va="center")
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0, rows["value"].max() * 1.4)
    axes.set_xlabel(text("count", language))
    axes.locator_params(axis="x", nbins=5)
    count_axis(axes, language)
    values = "; ".join(
        f"{n} — {number(v, language)}"
        for n, v in zip(names[::-1], rows["value"][::-1], strict=True)
    )
    return finish(chart, key="types", rows=rows, language=language, values=values)


@known_values
def plot_registers_growth(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw the growth printed for each register, side by side, never joined or added.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` gives it.
    language : {"en", "kk", "ru"}
    """
    rows = frame[
        (frame["indicator"] == "appeals_growth_yoy")
        & (frame["place_id"] == "KZ")
        & (frame["period_end"].dt.year >= 2024)
    ]
    rows = rows.sort_values("value", ascending=False)
    if rows.empty:
        return no_data(key="growth", rows=rows, language=language)
    chart, axes = new_chart(height=1.9 + 0.42 * len(rows))
    names = [
        f"{text('reg_' + row.register, language)}, {row.period_end.year}"
        + (
            ""
            if row.period_end.month == 12
            else ", " + text("part_year", language, date=day(row.period_end, language))
        )
        for row in rows.itertuples()
    ]
    labels = ["+" + percent(v, language) for v in rows["value"]]
    dots(axes, rows["value"], names, labels)
    axes.set_xlim(0, rows["value"].max() * 1.25)
    percent_axis(axes, language)
    values = "; ".join(f"{n} — {v}" for n, v in zip(names, labels, strict=True))
    return finish(chart, key="growth", rows=rows, language=language, values=values)


@known_values
def plot_appeal_outcomes(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw the outcomes of appeals in the one region and period where a set of them was found.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` gives it.
    language : {"en", "kk", "ru"}
    """
    kinds = [
        f"appeals_{kind}_share" for kind in ("clarified", "satisfied", "redirected", "refused")
    ]
    rows = frame[
        frame["indicator"].isin(kinds)
        & (frame["place_id"] == "KZ-27")
        & (frame["period_end"].dt.year == 2021)
    ]
    rows = rows.sort_values("value", ascending=False)
    if rows.empty:
        return no_data(key="outcomes", rows=rows, language=language)
    chart, axes = new_chart(height=1.9 + 0.42 * len(rows))
    names, labels = (
        [text(kind, language) for kind in rows["indicator"]],
        [percent(v, language) for v in rows["value"]],
    )
    dots(axes, rows["value"], names, labels)
    axes.set_xlim(0, 1)
    percent_axis(axes, language)
    values = "; ".join(f"{n} — {v}" for n, v in zip(names, labels, strict=True))
    return finish(chart, key="outcomes", rows=rows, language=language, values=values)


@known_values
def plot_appeal_topics(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw the topics of appeals in Atyrau region, January to April 2021.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_appeals()` gives it.
    language : {"en", "kk", "ru"}
    """
    rows = frame[
        (frame["indicator"] == "appeals_registered") & (frame["place_id"] == "KZ-23") & (frame["breakdown"] == "topic")
        & (frame["period_end"] == "2021-04-30")
    ].sort_values("value", ascending=False)  # fmt: skip
    if rows.empty:
        return no_data(key="topics", rows=rows, language=language)
    chart, axes = new_chart(height=1.9 + 0.34 * len(rows))
    names = [words_for(topic, language, prefix="t_") for topic in rows["breakdown_value"]]
    labels = [number(v, language) for v in rows["value"]]
    dots(axes, rows["value"], names, labels)
    axes.set_xlim(0, rows["value"].max() * 1.2)
    axes.set_xlabel(text("count", language))
    count_axis(axes, language)
    values = "; ".join(f"{n} — {v}" for n, v in zip(names, labels, strict=True))
    return finish(chart, key="topics", rows=rows, language=language, values=values)
