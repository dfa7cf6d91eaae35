"""Charts of turnout through the day of a vote, and of hourly lists that coincide."""

from __future__ import annotations

import textwrap
from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.chart import publishers_of
from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import TURNOUT, of_nation, without_nation
from analysis.charts.national_votes import votes_in
from analysis.charts.parts import legend_above, percents, place_names, share_axis, short_name
from analysis.charts.style import BLUE, GREEN, HOLLOW, INK, ORANGE, PALE_GREY, SMALL_LABEL, Look
from analysis.derive.comparisons import kind_name, vote_name
from analysis.derive.hours import CoincidingPair, coinciding_votes, hour_number, share_of_day
from analysis.locale import number, percent, text
from analysis.reference import Vote, place_name, regions
from analysis.reference.places import NATION

_NOON = "12:00"
_CLOSE, _RESULT = 21.5, 23.0  # where the close of voting and the result stand, right of the hours
_FIRST_HOUR, _LAST_HOUR = 9.0, 24.0
_HOURS = (10, 14, 18)
_LOOKS: tuple[Look, ...] = (
    {"color": ORANGE, "marker": "o"},
    {"color": BLUE, "marker": "s"},
    {"color": INK, "marker": "D"},
)
_KIND_COLOURS = (BLUE, ORANGE, GREEN, INK)
_COLUMNS = 5
_SMALL_TITLE = 17  # letters of the name of a region above its plot


@chart(TURNOUT, TURNOUT, TURNOUT)
def plot_turnout_day(
    canvas: Canvas,
    interim: pd.DataFrame,
    closing: pd.DataFrame,
    final: pd.DataFrame,
    *,
    language: str = "en",
) -> Told:
    """Draw the nation's turnout through the day of each vote, the close and the result apart.

    Parameters
    ----------
    interim, closing, final : pandas.DataFrame
        As `load_turnout()` returns them for the stages "interim", "preliminary" and "final".

    Examples
    --------
    >>> from analysis import load_turnout
    >>> frames = [load_turnout(stage=s, place="KZ") for s in ("interim", "preliminary", "final")]
    >>> plot_turnout_day(*frames).title
    'By 12:00, 45% to 64% of the ballots of the day were out: President 2019, referendum 2022'
    """
    frames = {"interim": interim, "closing": closing, "final": final}
    rows = _at_hours(frames, [NATION])
    if rows.empty:
        return nothing(rows)
    by_kind = _by_kind(votes_in(rows))
    panels = canvas.panels(height=4.4, columns=len(by_kind), sharey=True)[0]
    for axes, (kind, of_kind) in zip(panels, by_kind.items(), strict=True):
        for known, look in zip(of_kind, cycle(_LOOKS), strict=False):
            _draw_course(axes, rows[rows["vote"] == known.code], str(known.year), look)
        axes.set_title(kind_name(kind, language), size=9, loc="left", pad=20)
        _day_axis(axes, language)
        tight: Look = {"columnspacing": 0.8, "fontsize": SMALL_LABEL, "handlelength": 1}
        legend_above(axes, columns=3, loc="lower left", bbox_to_anchor=(-0.06, 0.99), **tight)
    panels[0].set_ylim(0, 0.9)
    share_axis(panels[0], language, axis="y")
    last = rows[rows["step"] == "closing"]
    names = [vote_name(code, language) for code in last["vote"]]
    shares = [percent(share, language) for share in last["value"]]
    values = joined(names, shares)
    finding = _by_noon(interim, closing, language)
    return told(rows, drawn=_courses_in_words(rows, language), finding=finding, values=values)


@chart(TURNOUT, TURNOUT)
def plot_turnout_day_regions(
    canvas: Canvas, interim: pd.DataFrame, closing: pd.DataFrame, *, language: str = "en"
) -> Told:
    """Draw turnout through the day of each vote in today's regions, one small plot for each.

    Parameters
    ----------
    interim, closing : pandas.DataFrame
        As `load_turnout()` returns them for the stages "interim" and "preliminary".

    Examples
    --------
    >>> from analysis import load_turnout
    >>> plot_turnout_day_regions(load_turnout(stage="interim"), load_turnout()).key
    'turnout_day_regions'
    """
    rows = _at_hours({"interim": interim, "closing": closing}, list(regions()))
    shown = [place for place in regions() if place in set(rows["place_id"])]
    if rows.empty:
        return nothing(rows)
    columns = 2 if canvas.is_narrow else _COLUMNS
    lines = -(-len(shown) // columns)
    size: Look = {"height": 1.9 + 1.25 * lines, "rows": lines, "columns": columns}
    grid = canvas.panels(**size, sharex=True, sharey=True, stack=False)
    colours = dict(zip(_by_kind(votes_in(rows)), _KIND_COLOURS, strict=False))
    for axes, place in zip(grid.flat, shown, strict=False):
        own = rows[rows["place_id"] == place]
        for known in votes_in(own):
            look: Look = {"color": colours[known.kind], "marker": "o", "ms": 2, "lw": 0.9}
            _draw_course(
                axes, own[own["vote"] == known.code], kind_name(known.kind, language), look
            )
        name = short_name(place_name(place, language))
        axes.set_title(textwrap.fill(name, _SMALL_TITLE), size=8, loc="left")
        _day_axis(axes, language, is_small=True)
    for axes in grid.flat[len(shown) :]:
        axes.set_axis_off()
    grid[0, 0].set_ylim(0, 1)
    grid[0, 0].set_yticks([0, 0.5, 1])
    for axes in grid[:, 0]:
        share_axis(axes, language, axis="y")
    drawn = _courses_in_words(rows, language)
    drawn = drawn.assign(panel=[short_name(name) for name in drawn["place"]])
    finding, values = _fastest_and_slowest(interim, closing, language)
    kinds = [f"{kind_name(kind, language)}" for kind in colours]
    words = {"n": str(len(shown)), "values": values, "kinds": ", ".join(kinds)}
    return told(rows, drawn=drawn, finding=finding, **words)


def _at_hours(frames: dict[str, pd.DataFrame], places: list[str]) -> pd.DataFrame:
    """Return the figures of places at the hours as printed, at the close and after counting."""
    parts = [frame.assign(step=step) for step, frame in frames.items()]
    every = pd.concat(parts, ignore_index=True)
    is_here = every["place_id"].isin(places)
    rows = every[is_here]
    printed = [_hour_or_nan(hour) for hour in _hours(rows)]
    hours = pd.Series(printed, rows.index)
    fixed = rows["step"].map({"closing": _CLOSE, "final": _RESULT})
    x = fixed.fillna(hours)
    placed = rows.assign(x=x)
    return placed.sort_values(["vote", "place_id", "x"], ignore_index=True)


def _hour_or_nan(hour: object) -> float:
    if isinstance(hour, str):
        return hour_number(hour)
    return np.nan


def _hours(rows: pd.DataFrame) -> pd.Series:
    if "hour" in rows:
        return rows["hour"]
    index = rows.index
    return pd.Series(np.nan, index)


def _by_kind(shown: list[Vote]) -> dict[str, list[Vote]]:
    by_kind: dict[str, list[Vote]] = {}
    for known in shown:
        of_kind = by_kind.setdefault(known.kind, [])
        of_kind.append(known)
    return by_kind


def _draw_course(axes: Axes, rows: pd.DataFrame, label: str, look: Look) -> None:
    """Join the hours and the close, which count ballots handed out; the result stands apart."""
    step = rows["step"]
    at_hours = rows[step == "interim"]
    at_close = rows[step == "closing"]
    counted = rows[step == "final"]
    ballots = rows[step != "final"]
    marks: Look = {"ms": 4, "lw": 1.3} | look
    line = marks | {"marker": ""}
    dots = marks | {"ls": "", "label": label}
    hollow = marks | {"ls": "", "mfc": "white"}
    dash = marks | {"ls": "", "marker": "_", "ms": 8}
    axes.plot(ballots["x"], ballots["value"], **line)
    axes.plot(at_hours["x"], at_hours["value"], **dots)
    axes.plot(at_close["x"], at_close["value"], **hollow)
    axes.plot(counted["x"], counted["value"], **dash)


def _day_axis(axes: Axes, language: str, *, is_small: bool = False) -> None:
    last = _CLOSE + 1 if is_small else _LAST_HOUR
    axes.set_xlim(_FIRST_HOUR, last)
    if is_small:
        places = [*_HOURS, _CLOSE]
        names = [str(hour) for hour in _HOURS]
        marks = ["□"]
    else:
        places = [*_HOURS, _CLOSE, _RESULT]
        names = [f"{hour}:00" for hour in _HOURS]
        marks = ["□", "–"]
    axes.set_xticks(places, names + marks, size=7)


def _courses_in_words(rows: pd.DataFrame, language: str) -> pd.DataFrame:
    later = {
        "closing": text("at_close", language),
        "final": text("result", language),
    }
    when = rows["step"].map(later)
    kinds = {known.code: known.kind for known in votes_in(rows)}
    votes = rows["vote"]
    return rows.assign(
        panel=[kind_name(kinds[code], language) for code in votes],
        series=[vote_name(code, language) for code in votes],
        label=when.fillna(_hours(rows)),
        place=rows[f"place_{language}"],
    )


def _by_noon(interim: pd.DataFrame, closing: pd.DataFrame, language: str) -> str:
    """Return the smallest and the largest part of the day's ballots that was out by noon."""
    found = share_of_day(of_nation(interim), of_nation(closing), hour=_NOON)
    if len(found) <= 1:
        return ""
    most, least = found.iloc[0], found.iloc[-1]
    return text(
        "turnout_day_finding",
        language,
        hour=_NOON,
        low=percent(least["part"], language, digits=0),
        low_vote=vote_name(least["vote"], language),
        high=percent(most["part"], language, digits=0),
        high_vote=vote_name(most["vote"], language),
    )


def _fastest_and_slowest(
    interim: pd.DataFrame, closing: pd.DataFrame, language: str
) -> tuple[str, str]:
    """Return the regions in which the largest and the smallest part was out by noon, in the latest
    vote that has both.
    """
    every = share_of_day(interim, closing, hour=_NOON)
    is_today = every["place_id"].isin(regions())
    found = every[is_today]
    shown = votes_in(found)
    if not shown:
        return "", text("no_data", language)
    latest = max(shown, key=lambda known: known.day)
    own = found[found["vote"] == latest.code]
    name = vote_name(latest.code, language)
    places = place_names(own["place_id"], language)
    parts = percents(own["part"], language, digits=0)
    values = f"{name}: {joined(places, parts)}"
    if len(own) <= 1:
        return "", values
    finding = text(
        "turnout_day_regions_finding",
        language,
        vote=name,
        hour=_NOON,
        high=parts[0],
        high_place=places[0],
        low=parts[-1],
        low_place=places[-1],
    )
    return finding, values


@chart(TURNOUT)
def plot_coinciding_lists(canvas: Canvas, interim: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the hourly lists of different votes that agree in more regions than chance gives.

    Parameters
    ----------
    interim : pandas.DataFrame
        As `load_turnout(stage="interim")` returns it.

    Examples
    --------
    >>> from analysis import load_turnout
    >>> plot_coinciding_lists(load_turnout(stage="interim")).title
    'Two pairs of lists of different votes agree in 16 of 17 and in 11 of 17 regions'
    """
    pairs = coinciding_votes(interim)
    if not pairs:
        return nothing(interim)
    places = sorted({place for pair in pairs for place in pair.rows["place_id"]})
    order = {place: line for line, place in enumerate(places)}
    panels = canvas.panels(height=5.8, columns=len(pairs), sharey=True)[0]
    for axes, pair in zip(panels, pairs, strict=True):
        _draw_pair(axes, pair, order, language)
    names = [place_name(place, language) for place in places]
    panels[0].set_yticks(range(len(places)), names, size=SMALL_LABEL)
    panels[0].set_ylim(len(places) - 0.5, -0.5)
    drawn = pd.concat([_pair_in_words(pair, language) for pair in pairs], ignore_index=True)
    counts = [{"equal": pair.n_equal, "n": len(pair.rows)} for pair in pairs]
    each = [text("coinciding_of", language, **count) for count in counts]
    are_two = len(pairs) == len(_TWO)
    words = dict(zip(_TWO, each, strict=False))
    finding = text("coinciding_lists_finding", language, **words) if are_two else ""
    values = "; ".join(_pair_said(pair, interim, language) for pair in pairs)
    rows = _rows_of(pairs, interim)
    return told(rows, drawn=drawn, finding=finding, values=values)


_TWO = ("first", "second")


def _rows_of(pairs: list[CoincidingPair], interim: pd.DataFrame) -> pd.DataFrame:
    lists = {one for pair in pairs for one in (pair.first, pair.second)}
    rows = without_nation(interim)
    votes, hours = rows["vote"], rows["hour"]
    is_shown = [one in lists for one in zip(votes, hours, strict=True)]
    return rows[is_shown]


def _list_name(one: tuple[str, str], language: str) -> str:
    vote, hour = one
    name = vote_name(vote, language)
    return f"{name}, {hour}"


def _draw_pair(axes: Axes, pair: CoincidingPair, order: dict[str, int], language: str) -> None:
    rows = pair.rows
    first, second = rows["first"], rows["second"]
    lines = rows["place_id"].map(order)
    axes.hlines(lines, first, second, color=PALE_GREY, lw=2)
    one = _list_name(pair.first, language)
    other = _list_name(pair.second, language)
    axes.plot(first, lines, "o", label=one, ms=9, **HOLLOW)
    axes.plot(second, lines, "o", label=other, ms=5, color=BLUE)
    legend_above(
        axes,
        columns=1,
        loc="lower left",
        bbox_to_anchor=(-0.05, 1.0),
        fontsize=7.5,
    )
    axes.grid(visible=False, axis="y")
    axes.locator_params(axis="x", nbins=4)
    share_axis(axes, language)


def _pair_in_words(pair: CoincidingPair, language: str) -> pd.DataFrame:
    one = _list_name(pair.first, language)
    other = _list_name(pair.second, language)
    names = place_names(pair.rows["place_id"], language)
    title = text("coinciding_pair", language, first=one, second=other)
    status = pair.rows["is_equal"].map({True: "equal", False: "differs"})
    rows = pair.rows.assign(label=names, panel=title, unit="share", status=status)
    first = rows.assign(series=one, value=rows["first"])
    second = rows.assign(series=other, value=rows["second"])
    return pd.concat([first, second])


def _pair_said(pair: CoincidingPair, interim: pd.DataFrame, language: str) -> str:
    """Return both lists with those who printed them, and how many figures chance would give."""
    expected = round(pair.expected, 1)
    return text(
        "coinciding_pair_said",
        language,
        first=_list_name(pair.first, language),
        first_by=_printed_by(pair.first, interim),
        second=_list_name(pair.second, language),
        second_by=_printed_by(pair.second, interim),
        equal=pair.n_equal,
        n=len(pair.rows),
        expected=number(expected, language),
    )


def _printed_by(one: tuple[str, str], interim: pd.DataFrame) -> str:
    vote, hour = one
    is_vote = interim["vote"] == vote
    of_vote = interim[is_vote]
    is_hour = of_vote["hour"] == hour
    own = of_vote[is_hour]
    names = publishers_of(own)
    in_order = sorted(names)
    return ", ".join(in_order)
