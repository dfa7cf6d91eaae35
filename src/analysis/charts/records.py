"""Charts of own records: of roll-ups.

And of the records themselves where a curve needs each case.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, MonthLocator, YearLocator

from analysis import stats
from analysis.charts.funnel import plot_funnel
from analysis.charts.theme import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    Chart,
    count_axis,
    dots,
    finish,
    new_chart,
    no_data,
    percent_axis,
    put_source_line,
    words_for,
)
from analysis.locale import day, number, percent, text
from analysis.records.rollups.backlog import bin_curve, count_backlog

# A chart of more topics than this cannot be read; longer names are cut.
MOST_TOPICS = 25
LONGEST_NAME = 60


def _total(frame: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Give the rows of all records together, in order of time."""
    rows = frame[(frame["indicator"] == indicator) & (frame["breakdown"] == "")]
    whole = rows.groupby("place_id")["value"].sum().idxmax() if len(rows) else ""
    return rows[(rows["place_id"] == whole) & rows["value"].notna()].sort_values(
        "period_start", ignore_index=True
    )


def _time_axis(axes: Axes) -> None:
    axes.xaxis.set_major_locator(YearLocator())
    axes.xaxis.set_major_formatter(DateFormatter("%Y"))
    axes.xaxis.set_minor_locator(MonthLocator((4, 7, 10)))


def _legend(axes: Axes, *, place: Any) -> None:
    axes.legend(loc=place, fontsize=8, frameon=True, framealpha=0.85, edgecolor="none")


def plot_records_monthly(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw the appeals of each month with their trend.

    And the season that repeats every year (STL, Cleveland et al. 1990).

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.records.rollup(by=["month"])` gives it; two whole years or more, else no trend
        is drawn.
    language : {"en", "kk", "ru"}
    """
    rows = _total(frame, "appeals_registered")
    if rows.empty:
        return no_data(key="rec_monthly", rows=rows, language=language)
    counts = rows.set_index("period_start")["value"].asfreq("MS")
    chart, (above, below) = new_chart(height=4.6, rows=2, height_ratios=[3, 1.2])
    above.plot(
        counts.index,
        counts,
        color=GREY,
        lw=1,
        marker="o",
        ms=3,
        label=text("rec_counted", language),
    )
    moves = text("rec_no_season", language)
    if len(counts) >= 25 and counts.notna().all():
        parts = stats.seasonal_adjustment(counts.clip(lower=1), multiplicative=True)
        trend, season = parts.table["trend"], parts.seasons
        above.plot(counts.index, trend, color=BLUE, lw=2, label=text("trend_word", language))
        below.bar(season.index, season, color=np.where(season >= 0, BLUE, ORANGE), width=0.7)
        swing = f"{percent(season.min(), language, digits=0)} … +{percent(season.max(), language, digits=0)}"
        moves = text("rec_season", language, swing=swing)
        _legend(above, place="lower right")
    above.set_ylim(0, counts.max() * 1.12)
    _time_axis(above)
    count_axis(above, language, axis="y")
    percent_axis(below, language, axis="y")
    below.set_xticks(range(1, 13))
    below.set_xlabel(text("rec_month_of_year", language))
    high = counts.idxmax()
    return finish(
        chart, key="rec_monthly", rows=rows, language=language, total=number(counts.sum(), language), n=str(len(counts)),
        high=number(counts.max(), language), when=f"{high:%m.%Y}", season=moves,
    )  # fmt: skip


def plot_records_reform(frame: pd.DataFrame, *, start: date | str, language: str = "en") -> Chart:
    """Draw the appeals of each month beside what the time before a reform would have led to (interrupted time series).

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.records.rollup(by=["month"])` gives it, with twelve months on each side.
    start : date
        First day of the reform; see `analysis.stats.interrupted_time_series` for what it can and
        cannot show.
    language : {"en", "kk", "ru"}
    """
    rows = _total(frame, "appeals_registered")
    if rows.empty:
        return no_data(key="rec_reform", rows=rows, language=language)
    result = stats.interrupted_time_series(
        rows,
        outcome="value",
        time="period_start",
        start=start,
        family="quasipoisson",
        harmonics=1,
        cov="ar1",  # months depend on each other
    )
    after = result.counterfactual.index >= result.start
    chart, axes = new_chart(height=4.0)
    axes.plot(
        result.observed.index,
        result.observed,
        "o",
        color=GREY,
        ms=3.5,
        label=text("rec_counted", language),
    )
    axes.plot(
        result.fitted.index, result.fitted, color=BLUE, lw=1.8, label=text("rec_model", language)
    )
    axes.plot(
        result.counterfactual.index[after],
        result.counterfactual[after],
        "--",
        color=ORANGE,
        lw=1.8,
        label=text("rec_without", language),
    )
    axes.axvline(result.start, color=INK, lw=1)
    axes.set_ylim(0, result.observed.max() * 1.12)
    _time_axis(axes)
    count_axis(axes, language, axis="y")
    _legend(axes, place="lower right")
    rows = rows.assign(
        counterfactual=result.counterfactual.to_numpy(), fitted=result.fitted.to_numpy()
    )
    return finish(
        chart,
        key="rec_reform",
        rows=rows,
        language=language,
        start=day(pd.Timestamp(start).date(), language),
        said=result.summary(language),
    )


def _as_rows(
    table: pd.DataFrame, records: pd.DataFrame, as_of: pd.Timestamp, **columns: Any
) -> pd.DataFrame:
    """Give computed values the columns that a source line and a stamp need."""
    simulated = bool(records["simulated"].any()) if "simulated" in records else False
    name = "simulated_records" if simulated else "own_records"
    return table.assign(
        sources=name, publishers=name, published=as_of, simulated=simulated, **columns
    )


def _answered_or_waiting(
    records: pd.DataFrame, as_of: date | str | None
) -> tuple[pd.DataFrame, pd.Timestamp]:
    """Leave out what was passed on or taken back: it ends without an answer."""
    latest = records[["registered", "finished"]].max().max()
    kept = records[~records["state"].isin(["redirected", "withdrawn"])]
    return kept, pd.Timestamp(as_of) if as_of is not None else latest


def plot_records_response(
    records: pd.DataFrame,
    *,
    group: str | None = None,
    deadline: float = stats.response.DEADLINE_DAYS,
    as_of: date | str | None = None,
    language: str = "en",
) -> Chart:
    """Draw the share of appeals that still wait by day.

    The open ones counted as waiting (Kaplan and Meier 1958).

    A curve ends where fewer people than the threshold of small counts are left under it.

    Parameters
    ----------
    records : pandas.DataFrame
        As `analysis.records.read` gives appeals: one row an appeal. Take one type, because
        deadlines differ.
    group : str, optional
        Column: one curve for each of its values, two or three.
    deadline : float
        Days within which an answer is due.
    as_of : date, optional
        Until when answers are known; the latest day in the records if not given.
    language : {"en", "kk", "ru"}
    """
    kept, until = _answered_or_waiting(records, as_of)
    if kept.empty:
        return no_data(key="rec_response", rows=kept, language=language)
    if group:
        names = {value: words_for(str(value), language) for value in kept[group].unique()}
        kept = kept.assign(**{group: kept[group].map(names)})
    result = stats.response_time(
        kept, start="registered", end="finished", group=group, deadline=deadline, as_of=until
    )
    waited = (kept["finished"].where(kept["finished"] <= until, until) - kept["registered"]).dt.days
    chart, axes = new_chart(height=4.0)
    drawn = []
    for (name, curve), color in zip(
        result.curves.groupby("group", sort=False), (BLUE, ORANGE, GREEN, GREY), strict=False
    ):
        days = np.sort(waited[kept[group] == name] if group else waited)
        known = bin_curve(curve, days)
        steps = pd.concat(
            [pd.DataFrame({"days": [0.0], "waiting": [1.0], "low": [1.0], "high": [1.0]}), known]
        )
        label = str(name) if group else text("rec_waiting", language)
        axes.step(steps["days"], steps["waiting"], where="post", color=color, lw=1.8, label=label)
        axes.fill_between(
            steps["days"], steps["low"], steps["high"], step="post", color=color, alpha=0.2, lw=0
        )
        drawn.append(known.assign(breakdown_value=label))
    axes.axvline(
        deadline,
        color=INK,
        lw=1,
        ls="--",
        label=text("rec_deadline", language, days=number(deadline, language)),
    )
    axes.set_xlim(0, max(3 * deadline, 10))
    axes.set_ylim(0, 1)
    axes.set_xlabel(text("rec_days", language))
    percent_axis(axes, language, axis="y")
    _legend(axes, place="upper right")
    table = pd.concat(drawn, ignore_index=True).rename(columns={"waiting": "value"})
    rows = _as_rows(table, kept, until, indicator="share_still_waiting", unit="share")
    return finish(
        chart, key="rec_response", rows=rows, language=language, n=number(len(kept), language),
        open=number(int(result.table["open"].sum()), language), said=result.summary(language),
    )  # fmt: skip


def plot_records_overdue(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw the share of appeals answered late or open past the deadline by body.

    Within the limits of chance.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.records.rollup(by=["body"])` gives it. Bodies whose counts are hidden are left
        out, and their number is told.
    language : {"en", "kk", "ru"}
    """
    rows = frame[frame["breakdown"] == "state_body"]
    wide = rows.pivot_table(
        index="breakdown_value",
        columns="indicator",
        values="value",
        aggfunc=lambda v: v.sum(skipna=False),
    )
    table = (
        wide.reindex(columns=["appeals_past_deadline", "appeals_answered_in_time"])
        .dropna()
        .reset_index()
    )
    table = table.rename(columns={"appeals_past_deadline": "late"}).assign(
        due=table.sum(axis=1, numeric_only=True)
    )
    if (table["due"] >= 30).sum() < 3 or not table["late"].any():
        return no_data(key="rec_overdue", rows=rows.iloc[:0], language=language)
    result = stats.funnel(table, count="late", total="due", unit="breakdown_value")
    chart = plot_funnel(result, title=text("rec_overdue_title", language), language=language)
    until = rows["published"].max()
    shown = result.table.rename(columns={"unit": "breakdown_value", "share": "value"})[
        ["breakdown_value", "count", "total", "value", "outside"]
    ]
    chart.key, chart.rows = (
        "rec_overdue",
        _as_rows(shown, rows, until, indicator="share_late_or_overdue", unit="share"),
    )
    hidden = rows["breakdown_value"].nunique() - len(table)
    chart.alt = f"{chart.alt} {text('rec_overdue_hidden', language, n=hidden)}"
    return put_source_line(chart)


def plot_records_backlog(
    records: pd.DataFrame, *, as_of: date | str | None = None, language: str = "en"
) -> Chart:
    """Draw how many appeals were open at the end of each month; counts that are small are left out.

    Parameters
    ----------
    records : pandas.DataFrame
        As `analysis.records.read` gives appeals. The first weeks are too low where older appeals
        are not in the records.
    as_of : date, optional
        As in `plot_records_response`.
    language : {"en", "kk", "ru"}
    """
    table = count_backlog(records, as_of=as_of)
    if table.empty:
        return no_data(key="rec_backlog", rows=records.iloc[:0], language=language)
    until = table["date"].iloc[-1]
    chart, axes = new_chart(height=3.8)
    axes.plot(table["date"], table["value"], color=BLUE, lw=1.8, label=text("rec_open", language))
    axes.plot(
        table["date"], table["overdue"], color=ORANGE, lw=1.8, label=text("rec_overdue", language)
    )
    axes.set_ylim(bottom=0, top=table["value"].max() * 1.15)
    _time_axis(axes)
    count_axis(axes, language, axis="y")
    _legend(axes, place="lower right")
    rows = _as_rows(table, records, until, indicator="appeals_open", unit="count")
    last = table.iloc[-1]
    said = {
        name: number(last[name], language) if np.isfinite(last[name]) else "–"
        for name in ("value", "overdue")
    }
    return finish(
        chart,
        key="rec_backlog",
        rows=rows,
        language=language,
        date=day(last["date"].date(), language),
        open=said["value"],
        overdue=said["overdue"],
    )


def plot_records_topics(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw the appeals by topic; a hidden count is named as hidden, not drawn as a zero.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.records.rollup(by=["topic"])` gives it.
    language : {"en", "kk", "ru"}
    """
    rows = frame[(frame["indicator"] == "appeals_registered") & (frame["breakdown"] == "topic")]
    rows = rows.sort_values("value", ascending=False, na_position="last")
    more = max(0, len(rows) - MOST_TOPICS)
    rows = rows.head(MOST_TOPICS)
    if rows["value"].dropna().empty:
        return no_data(key="rec_topics", rows=rows, language=language)
    chart, axes = new_chart(height=1.9 + 0.34 * len(rows))
    names = [_topic_words(topic, language) for topic in rows["breakdown_value"]]
    labels = [
        text("rec_suppressed", language) if pd.isna(v) else number(v, language)
        for v in rows["value"]
    ]
    dots(
        axes,
        rows["value"].fillna(0),
        names,
        labels,
        markers=["" if pd.isna(v) else "o" for v in rows["value"]],
    )
    axes.set_xlim(0, rows["value"].max() * 1.2)
    axes.set_xlabel(text("count", language))
    count_axis(axes, language)
    values = "; ".join(f"{n} — {v}" for n, v in zip(names, labels, strict=True))
    if more:
        values += "; " + text("rec_rest", language, n=more)
    return finish(chart, key="rec_topics", rows=rows, language=language, values=values)


def _topic_words(topic: str, language: str) -> str:
    if topic == "not_stated":
        return text("rec_not_stated", language)
    name = words_for(topic, language, prefix="t_")
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _by_value(
    frame: pd.DataFrame, indicator: str, breakdown: str, language: str
) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Return the latest values of an indicator, the largest first, with their names and labels."""
    rows = frame[(frame["indicator"] == indicator) & (frame["breakdown"] == breakdown)]
    rows = rows[rows["period_start"] == rows["period_start"].max()] if len(rows) else rows
    rows = rows[rows["value"].notna()].sort_values("value", ascending=False).head(MOST_TOPICS)
    if breakdown:
        names = [str(value)[:LONGEST_NAME] for value in rows["breakdown_value"]]
    else:
        names = [str(name)[:LONGEST_NAME] for name in rows[f"place_{language}"]]
    share = rows["unit"].eq("share").any()
    labels = [percent(v, language) if share else number(v, language) for v in rows["value"]]
    return rows, names, labels


def _plot_dots(frame: pd.DataFrame, key: str, what: tuple[str, str], language: str) -> Chart:
    rows, names, labels = _by_value(frame, *what, language)
    if rows.empty:
        return no_data(key=key, rows=rows, language=language)
    chart, axes = new_chart(height=1.9 + 0.34 * len(rows))
    dots(axes, rows["value"], names, labels)
    axes.set_xlim(0, rows["value"].max() * 1.2)
    if rows["unit"].eq("share").any():
        percent_axis(axes, language)
    else:
        count_axis(axes, language)
    values = "; ".join(f"{n} — {v}" for n, v in zip(names, labels, strict=True))
    return finish(chart, key=key, rows=rows, language=language, values=values)


def plot_records_turnout(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw turnout by place of the latest election in your records.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.records.rollup(by=["day", "place"], dataset="elections")` returns it.
    language : {"en", "kk", "ru"}
    """
    return _plot_dots(frame, "rec_turnout", ("turnout_share", ""), language)


def plot_records_votes(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw the votes of each candidate in the latest election in your records.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.records.rollup(by=["day", "candidate"], dataset="elections")` returns it.
    language : {"en", "kk", "ru"}
    """
    return _plot_dots(frame, "rec_votes", ("candidate_votes", "candidate"), language)


def plot_records_meetings(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw the meetings held and the questions raised and resolved, by period.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.records.rollup(by=["quarter"], dataset="meetings")` returns it.
    language : {"en", "kk", "ru"}
    """
    wanted = {
        "meetings_held": ("rec_held", BLUE),
        "meeting_questions_raised": ("rec_raised", ORANGE),
        "meeting_questions_resolved": ("rec_resolved", GREEN),
    }
    found = {name: _total(frame, name) for name in wanted}
    if found["meetings_held"].empty:
        return no_data(key="rec_meetings", rows=found["meetings_held"], language=language)
    chart, axes = new_chart(height=3.8)
    for name, (label, color) in wanted.items():
        rows = found[name]
        axes.plot(
            rows["period_start"], rows["value"], "o-", color=color, label=text(label, language)
        )
    _time_axis(axes)
    count_axis(axes, language, axis="y")
    axes.set_ylim(bottom=0)
    _legend(axes, place="upper left")
    sums = {
        label: number(found[name]["value"].sum(), language) if len(found[name]) else "–"
        for label, name in (
            ("held", "meetings_held"),
            ("raised", "meeting_questions_raised"),
            ("resolved", "meeting_questions_resolved"),
        )
    }
    everything = pd.concat(found.values(), ignore_index=True)
    first = everything.iloc[0]
    period = f"{first['period_start']:%d.%m.%Y}–{first['period_end']:%d.%m.%Y}"
    return finish(
        chart, key="rec_meetings", rows=everything, language=language, period=period, **sums
    )
