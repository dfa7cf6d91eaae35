"""Charts of turnout through the day of a vote, and of hourly lists that coincide."""

from __future__ import annotations

import textwrap
from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.chart import publishers_of
from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import TURNOUT
from analysis.charts.national_votes import votes_in
from analysis.charts.parts import legend_above, share_axis, short_name
from analysis.charts.style import BLUE, GREEN, INK, ORANGE, PALE_GREY, SMALL_LABEL, Look
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
    language : {"en", "kk", "ru"}

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
    language : {"en", "kk", "ru"}

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
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["place_id"].isin(places)]
    fixed = rows["step"].map({"closing": _CLOSE, "final": _RESULT})
    hours = [hour_number(hour) if isinstance(hour, str) else np.nan for hour in _hours(rows)]
    rows = rows.assign(x=fixed.fillna(pd.Series(hours, rows.index)))
    return rows.sort_values(["vote", "place_id", "x"], ignore_index=True)


def _hours(rows: pd.DataFrame) -> pd.Series:
    return rows["hour"] if "hour" in rows else pd.Series(np.nan, rows.index)


def _by_kind(shown: list[Vote]) -> dict[str, list[Vote]]:
    kinds = dict.fromkeys(known.kind for known in shown)
    return {kind: [known for known in shown if known.kind == kind] for kind in kinds}


def _draw_course(axes: Axes, rows: pd.DataFrame, label: str, look: Look) -> None:
    """Join the hours and the close, which count ballots handed out; the result stands apart."""
    ballots = rows[rows["step"] != "final"]
    counted = rows[rows["step"] == "final"]
    at_hours = ballots["step"] == "interim"
    size: Look = {"ms": 4, "lw": 1.3}
    axes.plot(ballots["x"], ballots["value"], **(size | look | {"marker": ""}))
    axes.plot(
        ballots["x"][at_hours], ballots["value"][at_hours], ls="", label=label, **(size | look)
    )
    hollow = size | look | {"mfc": "white", "ls": ""}
    axes.plot(ballots["x"][~at_hours], ballots["value"][~at_hours], **hollow)
    axes.plot(counted["x"], counted["value"], **(size | look | {"marker": "_", "ls": "", "ms": 8}))


def _day_axis(axes: Axes, language: str, *, is_small: bool = False) -> None:
    axes.set_xlim(_FIRST_HOUR, _CLOSE + 1 if is_small else _LAST_HOUR)
    places = [*_HOURS, _CLOSE] if is_small else [*_HOURS, _CLOSE, _RESULT]
    names = [f"{hour}:00" for hour in _HOURS] if not is_small else [str(hour) for hour in _HOURS]
    names += ["□"] if is_small else ["□", "–"]
    axes.set_xticks(places, names, size=7)


def _courses_in_words(rows: pd.DataFrame, language: str) -> pd.DataFrame:
    when = rows["step"].map(
        {"closing": text("at_close", language), "final": text("result", language)}
    )
    kinds = {known.code: known.kind for known in votes_in(rows)}
    return rows.assign(
        panel=[kind_name(kinds[code], language) for code in rows["vote"]],
        series=[vote_name(code, language) for code in rows["vote"]],
        label=when.fillna(_hours(rows)),
        place=rows[f"place_{language}"],
    )


def _by_noon(interim: pd.DataFrame, closing: pd.DataFrame, language: str) -> str:
    """Return the smallest and the largest part of the day's ballots that was out by noon."""
    national = [frame[frame["place_id"] == NATION] for frame in (interim, closing)]
    found = share_of_day(*national, hour=_NOON)
    if len(found) <= 1:
        return ""
    most, least = found.iloc[0], found.iloc[-1]
    words = {
        "hour": _NOON,
        "low": percent(least["part"], language, digits=0),
        "low_vote": vote_name(least["vote"], language),
        "high": percent(most["part"], language, digits=0),
        "high_vote": vote_name(most["vote"], language),
    }
    return text("turnout_day_finding", language, **words)


def _fastest_and_slowest(
    interim: pd.DataFrame, closing: pd.DataFrame, language: str
) -> tuple[str, str]:
    """Return the regions in which the largest and the smallest part was out by noon, in the latest
    vote that has both.
    """
    found = share_of_day(interim, closing, hour=_NOON)
    found = found[found["place_id"].isin(regions())]
    shown = [known for known in votes_in(found)]
    if not shown:
        return "", text("no_data", language)
    latest = max(shown, key=lambda known: known.day).code
    own = found[found["vote"] == latest]
    names = [place_name(place, language) for place in own["place_id"]]
    parts = [percent(part, language, digits=0) for part in own["part"]]
    values = f"{vote_name(latest, language)}: {joined(names, parts)}"
    words = {
        "vote": vote_name(latest, language),
        "hour": _NOON,
        "high": parts[0],
        "high_place": names[0],
        "low": parts[-1],
        "low_place": names[-1],
    }
    finding = text("turnout_day_regions_finding", language, **words) if len(own) > 1 else ""
    return finding, values


@chart(TURNOUT)
def plot_coinciding_lists(canvas: Canvas, interim: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the hourly lists of different votes that agree in more regions than chance gives.

    Parameters
    ----------
    interim : pandas.DataFrame
        As `load_turnout(stage="interim")` returns it.
    language : {"en", "kk", "ru"}

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
    of = pd.Series(list(zip(interim["vote"], interim["hour"], strict=True)), interim.index)
    lists = {one for pair in pairs for one in (pair.first, pair.second)}
    return interim[of.isin(lists) & (interim["place_id"] != NATION)]


def _list_name(one: tuple[str, str], language: str) -> str:
    vote, hour = one
    return f"{vote_name(vote, language)}, {hour}"


def _draw_pair(axes: Axes, pair: CoincidingPair, order: dict[str, int], language: str) -> None:
    rows = pair.rows
    lines = rows["place_id"].map(order)
    axes.hlines(lines, rows["first"], rows["second"], color=PALE_GREY, lw=2)
    hollow: Look = {"mfc": "white", "mec": ORANGE, "mew": 1.8, "ms": 9}
    axes.plot(rows["first"], lines, "o", label=_list_name(pair.first, language), **hollow)
    small: Look = {"color": BLUE, "ms": 5}
    axes.plot(rows["second"], lines, "o", label=_list_name(pair.second, language), **small)
    legend_above(axes, columns=1, loc="lower left", bbox_to_anchor=(-0.05, 1.0), fontsize=7.5)
    axes.grid(visible=False, axis="y")
    axes.locator_params(axis="x", nbins=4)
    share_axis(axes, language)


def _pair_in_words(pair: CoincidingPair, language: str) -> pd.DataFrame:
    names = [place_name(place, language) for place in pair.rows["place_id"]]
    title = text(
        "coinciding_pair",
        language,
        first=_list_name(pair.first, language),
        second=_list_name(pair.second, language),
    )
    rows = pair.rows.assign(label=names, panel=title, unit="share")
    first = rows.assign(series=_list_name(pair.first, language), value=rows["first"])
    second = rows.assign(series=_list_name(pair.second, language), value=rows["second"])
    both = pd.concat([first, second])
    return both.assign(status=both["is_equal"].map({True: "equal", False: "differs"}))


def _pair_said(pair: CoincidingPair, interim: pd.DataFrame, language: str) -> str:
    """Return both lists with those who printed them, and how many figures chance would give."""
    words = {
        "first": _list_name(pair.first, language),
        "first_by": _printed_by(pair.first, interim),
        "second": _list_name(pair.second, language),
        "second_by": _printed_by(pair.second, interim),
        "equal": pair.n_equal,
        "n": len(pair.rows),
        "expected": number(round(pair.expected, 1), language),
    }
    return text("coinciding_pair_said", language, **words)


def _printed_by(one: tuple[str, str], interim: pd.DataFrame) -> str:
    vote, hour = one
    own = interim[(interim["vote"] == vote) & (interim["hour"] == hour)]
    return ", ".join(sorted(publishers_of(own)))
