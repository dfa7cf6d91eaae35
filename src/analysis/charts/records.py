"""Charts of your own records: of roll-ups, and of the records where a curve needs each case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, MonthLocator, YearLocator

from analysis import stats
from analysis.charts.chart import words_for
from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import RECORDS, ROLLUP, of_indicator
from analysis.charts.funnel import draw_funnel
from analysis.charts.parts import NOT_FOUND, count_axis, dots, numbers, percents, share_axis
from analysis.charts.style import BLUE, GREEN, GREY, INK, ORANGE, Look
from analysis.locale import day, number, text
from analysis.records.rollups.backlog import bin_curve, count_backlog

MOST_TOPICS = 25  # more cannot be read on one chart
LONGEST_NAME = 60  # letters
_HEAD, _ROW = 1.9, 0.34  # inches beside the lines of a chart, and of a line
_ROOM = 1.12  # above the highest point
_FEWEST_MONTHS = 25  # for a trend and a season
_QUARTERS_BEGIN = (4, 7, 10)
_DUE = {"appeals_past_deadline": "late", "appeals_answered_in_time": "in_time"}
_FEWEST_DUE, _FEWEST_BODIES = 30, 3  # cases of a body, and bodies, that a funnel can judge
_SHOWN_DEADLINES, _FEWEST_DAYS = 3, 10  # how far the axis of waiting goes
_COLOURS = (BLUE, ORANGE, GREEN, GREY)
_STEPS = {
    "held": ("meetings_held", BLUE),
    "raised": ("meeting_questions_raised", ORANGE),
    "resolved": ("meeting_questions_resolved", GREEN),
}


def _total(frame: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Return the rows of all records together, in order of time."""
    is_total = frame["breakdown"] == ""
    of_all = of_indicator(frame[is_total], indicator)
    if of_all.empty:
        return of_all
    sums = of_all.groupby("place_id")["value"].sum()
    whole = sums.idxmax()
    is_whole = of_all["place_id"] == whole
    is_known = of_all["value"].notna()
    own = of_all[is_whole & is_known]
    return own.sort_values("period_start", ignore_index=True)


def _time_axis(axes: Axes) -> None:
    years, quarters = YearLocator(), MonthLocator(_QUARTERS_BEGIN)
    written = DateFormatter("%Y")
    axis = axes.xaxis
    axis.set_major_locator(years)
    axis.set_major_formatter(written)
    axis.set_minor_locator(quarters)


def _legend(axes: Axes, place: str) -> None:
    look: Look = {
        "loc": place,
        "fontsize": 8,
        "frameon": True,
        "framealpha": 0.85,
        "edgecolor": "none",
    }
    axes.legend(**look)


@chart(ROLLUP)
def plot_records_monthly(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the appeals of each month with their trend and the season that repeats every year.

    Trend and season are by STL (Cleveland et al. 1990).

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.records.rollup(by=["month"])` returns it; two whole years or more, else no
        trend is drawn.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = ["indicator", "breakdown", "value", "place_id", "period_start", "sources"]
    >>> plot_records_monthly(pd.DataFrame(columns=columns)).alt
    'no data'
    """
    rows = _total(frame, "appeals_registered")
    if rows.empty:
        return nothing(rows)
    counts = rows.set_index("period_start")["value"].asfreq("MS")
    above, below = canvas.panels(height=4.6, rows=2, height_ratios=[3, 1.2])[:, 0]
    counted: Look = {"color": GREY, "lw": 1, "marker": "o", "ms": 3}
    above.plot(counts.index, counts, label=text("rec_counted", language), **counted)
    moves = text("rec_no_season", language)
    if len(counts) >= _FEWEST_MONTHS and counts.notna().all():
        moves = _draw_season(above, below, counts, language)
    above.set_ylim(0, counts.max() * _ROOM)
    _time_axis(above)
    count_axis(above, language, axis="y")
    share_axis(below, language, axis="y")
    below.set_xticks(range(1, 13))
    below.set_xlabel(text("rec_month_of_year", language))
    labels = [f"{month:%m.%Y}" for month in rows["period_start"]]
    return told(
        rows,
        drawn=rows.assign(label=labels),
        total=number(counts.sum(), language),
        n=str(len(counts)),
        high=number(counts.max(), language),
        when=f"{counts.idxmax():%m.%Y}",
        season=moves,
    )


def _draw_season(above: Axes, below: Axes, counts: pd.Series, language: str) -> str:
    """Draw trend and season, and return how far the season moves."""
    at_least_one = counts.clip(lower=1)
    parts = stats.seasonal_adjustment(at_least_one, multiplicative=True)
    trend, season = parts.table["trend"], parts.seasons
    name = text("trend_word", language)
    above.plot(counts.index, trend, color=BLUE, lw=2, label=name)
    is_above = season >= 0
    colours = np.where(is_above, BLUE, ORANGE)
    below.bar(season.index, season, color=colours, width=0.7)
    _legend(above, "lower right")
    ends = [season.min(), season.max()]
    least, most = percents(ends, language, digits=0)
    swing = f"{least} … +{most}"
    return text("rec_season", language, swing=swing)


@chart(ROLLUP)
def plot_records_reform(
    canvas: Canvas, frame: pd.DataFrame, *, start: date | str, language: str = "en"
) -> Told:
    """Draw the appeals of each month beside what the time before a reform would have led to.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.records.rollup(by=["month"])` returns it, with twelve months on each side.
    start : date
        First day of the reform; see `analysis.stats.interrupted_time_series` for what it can and
        cannot show.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = ["indicator", "breakdown", "value", "place_id", "period_start", "sources"]
    >>> plot_records_reform(pd.DataFrame(columns=columns), start="2024-01-01").alt
    'no data'
    """
    rows = _total(frame, "appeals_registered")
    if rows.empty:
        return nothing(rows, start="", said="")
    result = stats.interrupted_time_series(
        rows,
        outcome="value",
        time="period_start",
        start=start,
        family="quasipoisson",
        harmonics=1,
        cov="ar1",  # months depend on each other
    )
    axes = canvas.axes(height=4.0)
    _draw_reform(axes, result, language)
    counterfactual, fitted = result.counterfactual.to_numpy(), result.fitted.to_numpy()
    rows = rows.assign(counterfactual=counterfactual, fitted=fitted)
    labels = [f"{month:%m.%Y}" for month in rows["period_start"]]
    first = day(pd.Timestamp(start).date(), language)
    said = result.summary(language)
    return told(rows, drawn=rows.assign(label=labels), start=first, said=said)


def _draw_reform(axes: Axes, result: Any, language: str) -> None:
    after = result.counterfactual.index >= result.start
    counted, model = text("rec_counted", language), text("rec_model", language)
    axes.plot(result.observed, "o", color=GREY, ms=3.5, label=counted)
    axes.plot(result.fitted, color=BLUE, lw=1.8, label=model)
    dashes: Look = {"color": ORANGE, "lw": 1.8, "label": text("rec_without", language)}
    axes.plot(result.counterfactual[after], "--", **dashes)
    axes.axvline(result.start, color=INK, lw=1)
    axes.set_ylim(0, result.observed.max() * _ROOM)
    _time_axis(axes)
    count_axis(axes, language, axis="y")
    _legend(axes, "lower right")


def _as_rows(
    table: pd.DataFrame, records: pd.DataFrame, as_of: pd.Timestamp, **columns: Any
) -> pd.DataFrame:
    """Return computed values with the columns that a source line and a stamp need."""
    simulated = False
    if "simulated" in records:
        simulated = bool(records["simulated"].any())
    name = "simulated_records" if simulated else "own_records"
    return table.assign(
        sources=name,
        publishers=name,
        published=as_of,
        simulated=simulated,
        **columns,
    )


def _answered_or_waiting(
    records: pd.DataFrame, as_of: date | str | None
) -> tuple[pd.DataFrame, pd.Timestamp]:
    """Leave out what was passed on or taken back: it ends without an answer."""
    states = records["state"]
    has_left = states.isin(["redirected", "withdrawn"])
    kept = records[~has_left]
    if as_of is not None:
        return kept, pd.Timestamp(as_of)
    days = records[["registered", "finished"]]
    latest_of_each = days.max()
    return kept, latest_of_each.max()


@chart(RECORDS)
def plot_records_response(  # noqa: PLR0913 - a curve, by group, to a deadline, on a day
    canvas: Canvas,
    records: pd.DataFrame,
    *,
    group: str | None = None,
    deadline: float = stats.response.DEADLINE_DAYS,
    as_of: date | str | None = None,
    language: str = "en",
) -> Told:
    """Draw the share of appeals that still wait by day, the open ones counted as waiting.

    By Kaplan and Meier (1958). A curve ends where fewer people than the threshold of small counts
    are left under it.

    Parameters
    ----------
    records : pandas.DataFrame
        As `analysis.records.read` returns appeals, one row per appeal. Take one type, because
        deadlines differ.
    group : str, optional
        Column: one curve for each of its values, two or three.
    deadline : float
        Days within which an answer is due.
    as_of : date, optional
        Until when answers are known; the latest day in the records if not given.

    Examples
    --------
    >>> import pandas as pd
    >>> plot_records_response(pd.DataFrame(columns=["registered", "finished", "state"])).alt
    'no data'
    """
    kept, until = _answered_or_waiting(records, as_of)
    if kept.empty:
        return nothing(kept, n="", open="", said="")
    if group:
        names = {value: words_for(str(value), language) for value in kept[group].unique()}
        kept = kept.assign(**{group: kept[group].map(names)})
    times: Look = {"start": "registered", "end": "finished", "as_of": until}
    result = stats.response_time(kept, group=group, deadline=deadline, **times)
    ended = kept["finished"].where(kept["finished"] <= until, until)
    waited = (ended - kept["registered"]).dt.days
    axes = canvas.axes(height=4.0)
    drawn = []
    curves = result.curves.groupby("group", sort=False)
    for (name, curve), colour in zip(curves, _COLOURS, strict=False):
        days = np.sort(waited[kept[group] == name] if group else waited)
        label = str(name) if group else text("rec_waiting", language)
        known = bin_curve(curve, days)
        _draw_waiting(axes, known, label, colour)
        drawn.append(known.assign(breakdown_value=label, series=label))
    _finish_waiting(axes, deadline, language)
    table = pd.concat(drawn, ignore_index=True).rename(columns={"waiting": "value"})
    labels = [number(days, language) for days in table["days"]]
    table = table.assign(label=labels, indicator="share_still_waiting", unit="share")
    rows = _as_rows(table, kept, until)
    n_open = number(int(result.table["open"].sum()), language)
    said = result.summary(language)
    return told(rows, n=number(len(kept), language), open=n_open, said=said)


def _draw_waiting(axes: Axes, known: pd.DataFrame, label: str, colour: str) -> None:
    start = pd.DataFrame({"days": [0.0], "waiting": [1.0], "low": [1.0], "high": [1.0]})
    steps = pd.concat([start, known])
    days = steps["days"]
    axes.step(
        days,
        steps["waiting"],
        where="post",
        color=colour,
        lw=1.8,
        label=label,
    )
    axes.fill_between(
        days,
        steps["low"],
        steps["high"],
        step="post",
        color=colour,
        alpha=0.2,
        lw=0,
    )


def _finish_waiting(axes: Axes, deadline: float, language: str) -> None:
    days = number(deadline, language)
    label = text("rec_deadline", language, days=days)
    axes.axvline(deadline, color=INK, lw=1, ls="--", label=label)
    shown = _SHOWN_DEADLINES * deadline
    last = max(shown, _FEWEST_DAYS)
    axes.set_xlim(0, last)
    axes.set_ylim(0, 1)
    name = text("rec_days", language)
    axes.set_xlabel(name)
    share_axis(axes, language, axis="y")
    _legend(axes, "upper right")


@chart(ROLLUP)
def plot_records_overdue(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the share of appeals late or past the deadline by body, within the limits of chance.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.records.rollup(by=["body"])` returns it. Bodies whose counts are hidden are
        left out, and their number is told. The common share is that of all bodies, those left out
    too; where the counts of all are hidden, it is that of the bodies shown, and the chart says so.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = ["indicator", "breakdown", "breakdown_value", "value", "published", "sources"]
    >>> plot_records_overdue(pd.DataFrame(columns=columns)).alt
    'no data'
    """
    rows = frame[frame["breakdown"] == "state_body"]
    table = _late_and_due(rows)
    can_judge = (table["due"] >= _FEWEST_DUE).sum() >= _FEWEST_BODIES
    if not can_judge or not table["late"].any():
        return nothing(rows)
    target = _late_share_of_all(frame)
    result = stats.funnel(table, count="late", total="due", unit="breakdown_value", target=target)
    drawn = draw_funnel(canvas, result, language=language)
    names = {"unit": "breakdown_value", "share": "value"}
    shown = result.table.rename(columns=names)
    shown = shown[["breakdown_value", "count", "total", "value", "outside"]]
    shown = shown.assign(label=shown["breakdown_value"], indicator="share_late_or_overdue")
    until = rows["published"].max()
    hidden = rows["breakdown_value"].nunique() - len(table)
    note = text("rec_overdue_hidden", language, n=hidden)
    if hidden and target is None:
        note += " " + text("rec_overdue_shown", language)
    own = _as_rows(shown, rows, until, unit="share")
    return replace(drawn, rows=own, drawn=None, note=note)


def _late_and_due(rows: pd.DataFrame) -> pd.DataFrame:
    """Return for each body whose counts are shown how many appeals are late, of those due."""
    own = of_indicator(rows, *_DUE)
    by_body = own.groupby(["breakdown_value", "indicator"])
    sums = by_body["value"].agg(_sum_of_shown)
    wide = sums.unstack()
    kinds = list(_DUE)
    both = wide.reindex(columns=kinds)
    named = both.rename(columns=_DUE)
    counts = named.astype("float")
    table = counts.dropna().reset_index()
    due = table["late"] + table["in_time"]
    return table.assign(due=due)


def _sum_of_shown(counts: pd.Series) -> float:
    """Return the sum of counts, missing where one of them is hidden."""
    return counts.sum(skipna=False)


def _late_share_of_all(frame: pd.DataFrame) -> float | None:
    """Return the share of late appeals of all bodies, or None where its counts are hidden."""
    is_total = frame["breakdown"] == ""
    total = _late_and_due(frame[is_total])
    late = total["late"].sum()
    due = total["due"].sum()
    if not 0 < late < due:
        return None
    return float(late / due)


@chart(RECORDS)
def plot_records_backlog(
    canvas: Canvas,
    records: pd.DataFrame,
    *,
    as_of: date | str | None = None,
    language: str = "en",
) -> Told:
    """Draw how many appeals were open at the end of each month; small counts are left out.

    Parameters
    ----------
    records : pandas.DataFrame
        As `analysis.records.read` returns appeals. The first weeks are too low where older appeals
        are not in the records.
    as_of : date, optional
        As in `plot_records_response`.

    Examples
    --------
    >>> from analysis.records.simulation import simulate
    >>> plot_records_backlog(simulate(10, seed=0).iloc[:0]).alt
    'no data'
    """
    table = count_backlog(records, as_of=as_of)
    if table.empty:
        return nothing(records)
    axes = canvas.axes(height=3.8)
    for column, label, colour in (("value", "open", BLUE), ("overdue", "overdue", ORANGE)):
        words = text(f"rec_{label}", language)
        axes.plot(table["date"], table[column], color=colour, lw=1.8, label=words)
    axes.set_ylim(bottom=0, top=table["value"].max() * _ROOM)
    _time_axis(axes)
    count_axis(axes, language, axis="y")
    _legend(axes, "lower right")
    labels = [day(month.date(), language) for month in table["date"]]
    named = table.assign(label=labels, indicator="appeals_open", unit="count")
    rows = _as_rows(named, records, table["date"].iloc[-1])
    last = table.iloc[-1]
    said = {name: _count_or_dash(last[name], language) for name in ("value", "overdue")}
    return told(rows, date=labels[-1], open=said["value"], overdue=said["overdue"])


def _count_or_dash(value: float, language: str) -> str:
    is_known = np.isfinite(value)
    if not is_known:
        return NOT_FOUND
    return number(value, language)


@chart(ROLLUP, keeps_missing=True)
def plot_records_topics(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the appeals by topic; a hidden count is named as hidden, not drawn as a zero.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.records.rollup(by=["topic"])` returns it.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = ["indicator", "breakdown", "breakdown_value", "value", "sources"]
    >>> plot_records_topics(pd.DataFrame(columns=columns)).alt
    'no data'
    """
    by_topic = frame[(frame["indicator"] == "appeals_registered") & (frame["breakdown"] == "topic")]
    in_order = by_topic.sort_values("value", ascending=False, na_position="last")
    rows, more = in_order.head(MOST_TOPICS), max(0, len(in_order) - MOST_TOPICS)
    if rows["value"].dropna().empty:
        return nothing(rows)
    axes = canvas.axes(height=_HEAD + _ROW * len(rows))
    names = [_topic_words(topic, language) for topic in rows["breakdown_value"]]
    labels = [_count_or_hidden(value, language) for value in rows["value"]]
    markers = ["" if pd.isna(value) else "o" for value in rows["value"]]
    dots(axes, rows["value"].fillna(0), names, labels, markers=markers)
    axes.set_xlim(0, rows["value"].max() * 1.2)
    axes.set_xlabel(text("count", language))
    count_axis(axes, language)
    values = joined(names, labels)
    if more:
        values += "; " + text("rec_rest", language, n=more)
    return told(rows, drawn=rows.assign(label=names), values=values)


def _count_or_hidden(value: float, language: str) -> str:
    is_hidden = pd.isna(value)
    if is_hidden:
        return text("rec_suppressed", language)
    return number(value, language)


def _topic_words(topic: str, language: str) -> str:
    if topic == "not_stated":
        return text("rec_not_stated", language)
    name = words_for(topic, language, prefix="t_")
    if len(name) <= LONGEST_NAME:
        return name
    kept = name[: LONGEST_NAME - 1]
    return f"{kept}…"


@chart(ROLLUP)
def plot_records_turnout(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw turnout by place of the latest election in your records.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.records.rollup(by=["day", "place"], dataset="elections")` returns it.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = ["indicator", "breakdown", "value", "period_start", "sources"]
    >>> plot_records_turnout(pd.DataFrame(columns=columns)).alt
    'no data'
    """
    rows = _latest(frame, "turnout_share", "")
    if rows.empty:
        return nothing(rows)
    places = rows[f"place_{language}"]
    names = _cut(places)
    return _draw_latest(canvas, rows, names, language)


def _cut(names: pd.Series) -> list[str]:
    """Return names no longer than can be read beside a plot."""
    written = names.astype("str")
    short = written.str[:LONGEST_NAME]
    return short.tolist()


@chart(ROLLUP)
def plot_records_votes(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the votes of each candidate in the latest election in your records.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.records.rollup(by=["day", "candidate"], dataset="elections")` returns it.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = ["indicator", "breakdown", "value", "period_start", "sources"]
    >>> plot_records_votes(pd.DataFrame(columns=columns)).alt
    'no data'
    """
    rows = _latest(frame, "candidate_votes", "candidate")
    if rows.empty:
        return nothing(rows)
    candidates = rows["breakdown_value"]
    names = _cut(candidates)
    return _draw_latest(canvas, rows, names, language)


def _latest(frame: pd.DataFrame, indicator: str, breakdown: str) -> pd.DataFrame:
    """Return the latest values of an indicator, the largest first."""
    is_broken_down = frame["breakdown"] == breakdown
    rows = of_indicator(frame[is_broken_down], indicator)
    starts = rows["period_start"]
    is_latest = starts == starts.max()
    latest = rows[is_latest]
    from_largest = latest.sort_values("value", ascending=False)
    return from_largest.head(MOST_TOPICS)


def _draw_latest(canvas: Canvas, rows: pd.DataFrame, names: list[str], language: str) -> Told:
    values = rows["value"]
    height = _HEAD + _ROW * len(rows)
    axes = canvas.axes(height=height)
    are_shares = rows["unit"].eq("share").any()
    if are_shares:
        labels = percents(values, language)
        share_axis(axes, language)
    else:
        labels = numbers(values, language)
        count_axis(axes, language)
    dots(axes, values, names, labels)
    most = values.max()
    axes.set_xlim(0, most * 1.2)
    drawn = rows.assign(label=names)
    written = joined(names, labels)
    return told(rows, drawn=drawn, values=written)


@chart(ROLLUP)
def plot_records_meetings(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the meetings held and the questions raised and resolved, by period.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.records.rollup(by=["quarter"], dataset="meetings")` returns it.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = ["indicator", "breakdown", "value", "place_id", "period_start", "sources"]
    >>> plot_records_meetings(pd.DataFrame(columns=columns)).alt
    'no data'
    """
    found = {step: _total(frame, indicator) for step, (indicator, _) in _STEPS.items()}
    if found["held"].empty:
        return nothing(found["held"], period="")
    axes = canvas.axes(height=3.8)
    drawn = []
    for step, rows in found.items():
        label, colour = text(f"rec_{step}", language), _STEPS[step][1]
        axes.plot(rows["period_start"], rows["value"], "o-", color=colour, label=label)
        drawn.append(rows.assign(series=label))
    _time_axis(axes)
    count_axis(axes, language, axis="y")
    axes.set_ylim(bottom=0)
    _legend(axes, "upper left")
    everything = pd.concat(drawn, ignore_index=True)
    labels = [_days(row) for row in everything.itertuples()]
    sums = {step: _sum_or_dash(rows, language) for step, rows in found.items()}
    named = everything.assign(label=labels)
    return told(everything, drawn=named, period=labels[0], **sums)


def _days(row: Any) -> str:
    pattern = "%d.%m.%Y"
    first = row.period_start.strftime(pattern)
    last = row.period_end.strftime(pattern)
    return f"{first}–{last}"


def _sum_or_dash(rows: pd.DataFrame, language: str) -> str:
    if rows.empty:
        return NOT_FOUND
    total = rows["value"].sum()
    return number(total, language)
