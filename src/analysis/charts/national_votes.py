"""Charts of turnout in national votes."""

from __future__ import annotations

import re
import textwrap
from itertools import cycle
from typing import Any

import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.patches import Rectangle

from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import ELECTIONS, RESIDENTS, TURNOUT, WrongFrame
from analysis.charts.parts import (
    NO_SUCH,
    NOT_FOUND,
    label_point,
    legend_above,
    share_axis,
    signed,
    signed_axis,
    slanted_names,
)
from analysis.charts.style import BLUE, GREEN, GREY, INK, ORANGE, PALE_GREY, SMALL_LABEL, Look
from analysis.derive.comparisons import kind_name, rural_beside_national, vote_name
from analysis.derive.gaps import existed, gap_rows, gap_tests, join_sources, turnout_gaps
from analysis.locale import number, percent, text
from analysis.reference import (
    Vote,
    borders_moved_on,
    first_akim_election,
    former_regions,
    place_name,
    regions,
    regions_in_votes,
    tiles,
    unmoved_regions,
    vote,
    votes,
    votes_by_kind,
)
from analysis.reference.places import NATION

_ALPHA = 0.05
_WIDEST_GAP = 50  # points at which the colours of gaps end
_WHITE_FROM_GAP, _WHITE_FROM_SHARE = 32, 0.68  # where the ink of a label turns white
_LEAST_SHARE = 0.2  # of turnout on maps and axes
_TILE = 0.94  # of the room for a tile
_TILE_LETTERS = 11
_BESIDE = "majilis_2021"  # the national vote nearest to the first elections of rural akims
_FIRST, _SECOND, _THIRD = "o", "o", "D"
_MARKS: tuple[tuple[str, Look], ...] = (
    (_FIRST, {"mfc": "white", "mec": ORANGE, "mew": 1.8}),
    (_SECOND, {"color": BLUE}),
    (_THIRD, {"color": INK}),
    ("s", {"color": GREEN}),
    ("^", {"color": GREY}),
)


def votes_in(frame: pd.DataFrame) -> list[Vote]:
    """Return the national votes that a frame has figures on, those of a kind together."""
    found = set(frame["vote"])
    return [known for known in votes_by_kind() if known.code in found]


def _national(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["vote"].isin([known.code for known in votes_by_kind()])]


def _require_nation(rows: pd.DataFrame, chart_name: str) -> None:
    if len(rows) and not (rows["place_id"] == NATION).any():
        raise WrongFrame(
            f"{chart_name} compares regions with the nation; this frame has no row of it. "
            'Add "KZ" to the places of load_turnout().'
        )


@chart(TURNOUT)
def plot_turnout_spread(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the turnout of regions and the nation in each vote, votes of a kind side by side.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_turnout()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_turnout
    >>> plot_turnout_spread(load_turnout()).title
    'Turnout in national votes: regions and the nation'
    """
    rows = _national(frame)
    if rows.empty:
        return nothing(rows)
    nation = rows[rows["place_id"] == NATION].set_index("vote")["value"]
    shown = votes_in(rows)
    kinds = [known.kind for known in shown]
    places = [i + 0.5 * len(set(kinds[: i + 1])) for i in range(len(shown))]
    axes = canvas.axes(height=5.0)
    for place, known in zip(places, shown, strict=True):
        ours = (rows["vote"] == known.code) & (rows["place_id"] != NATION)
        shares = rows[ours]["value"].sort_values()
        axes.scatter([place] * len(shares), shares, s=26, color=BLUE, alpha=0.55, lw=0)
        if known.code in nation:
            _draw_nation(axes, place, nation[known.code], language)
    names = [vote_name(known.code, language) for known in shown]
    slanted_names(axes, places, names)
    axes.set_xlim(min(places) - 0.5, max(places) + 1)
    axes.set_ylim(0, 1)
    axes.grid(visible=False, axis="x")
    share_axis(axes, language, axis="y")
    pairs = zip(shown, names, strict=True)
    values = joined((n, percent(nation[v.code], language)) for v, n in pairs if v.code in nation)
    drawn = rows.assign(label=[vote_name(code, language) for code in rows["vote"]])
    return told(rows, drawn=drawn, values=values or text("no_data", language))


def _draw_nation(axes: Axes, place: float, share: float, language: str) -> None:
    look: Look = {"marker": "D", "color": ORANGE, "edgecolor": "white", "zorder": 3}
    axes.scatter(place, share, s=70, **look)
    label_point(axes, (place, share), percent(share, language), size=SMALL_LABEL)


@chart(TURNOUT)
def plot_vote_pairs(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw votes of a kind region by region, for regions whose borders did not move in 2022.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_turnout()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_turnout
    >>> plot_vote_pairs(load_turnout()).key
    'vote_pairs'
    """
    national = _national(frame)
    rows = national[national["place_id"].isin(unmoved_regions())]
    if rows.empty:
        return nothing(rows)
    shown = votes_in(rows)
    by_kind = [
        [v for v in shown if v.kind == kind] for kind in dict.fromkeys(v.kind for v in shown)
    ]
    wide = rows.pivot(index="place_id", columns="vote", values="value").sort_values(shown[0].code)
    panels = canvas.panels(height=5.2, columns=len(by_kind), sharey=True)[0]
    for axes, of_kind in zip(panels, by_kind, strict=True):
        _draw_kind(axes, wide, of_kind, language)
    names = [place_name(place, language) for place in wide.index]
    panels[0].set_yticks(range(len(wide)), names, size=SMALL_LABEL)
    changes = [_change(wide, of_kind, language) for of_kind in by_kind if len(of_kind) > 1]
    return told(
        rows,
        drawn=_by_kind_and_year(rows, language),
        values="; ".join(changes) or text("no_data", language),
    )


def _by_kind_and_year(rows: pd.DataFrame, language: str) -> pd.DataFrame:
    held = [vote(code) for code in rows["vote"]]
    return rows.assign(
        panel=[kind_name(known.kind, language) for known in held],
        series=[str(known.year) for known in held],
        label=[place_name(place, language) for place in rows["place_id"]],
    )


def _draw_kind(axes: Axes, wide: pd.DataFrame, of_kind: list[Vote], language: str) -> None:
    lines, shares = range(len(wide)), wide[[known.code for known in of_kind]]
    axes.hlines(lines, shares.min(axis=1), shares.max(axis=1), color=GREY, lw=1.5)
    for known, (marker, look) in zip(of_kind, cycle(_MARKS), strict=False):
        label = str(known.year)
        axes.plot(shares[known.code], lines, marker, ms=6.5, label=label, **look)
    axes.set_title(kind_name(of_kind[0].kind, language), size=9, loc="left", pad=20)
    tight: Look = {"handletextpad": 0, "columnspacing": 0.5, "fontsize": 7.5}
    legend_above(axes, columns=3, loc="lower left", bbox_to_anchor=(-0.08, 0.99), **tight)
    axes.set_xlim(_LEAST_SHARE, 1)
    axes.set_xticks([0.25, 0.5, 0.75])
    axes.grid(visible=False, axis="y")
    share_axis(axes, language)


def _change(wide: pd.DataFrame, of_kind: list[Vote], language: str) -> str:
    """Return in words how many regions rose and fell from the first to the last vote of a kind."""
    first, last = of_kind[0], of_kind[-1]
    both = wide[[first.code, last.code]].dropna()
    return text(
        "vote_pairs_change",
        language,
        kind=kind_name(first.kind, language),
        first=first.year,
        last=last.year,
        rose=int((both[last.code] > both[first.code]).sum()),
        fell=int((both[last.code] < both[first.code]).sum()),
        n=len(both),
    )


@chart(TURNOUT)
def plot_turnout_gaps(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw each region's gap to the nation in the same vote.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_turnout()` returns it, with the rows of the nation.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_turnout
    >>> plot_turnout_gaps(load_turnout(place=["KZ-33", "KZ"])).title
    "Each region's gap to the nation"
    """
    rows = _national(frame)
    _require_nation(rows, "plot_turnout_gaps")
    gaps = turnout_gaps(rows)
    if gaps.empty:
        return nothing(rows)
    axes = canvas.axes(height=2.0 + 5.4 * len(gaps) / len(regions_in_votes()))
    norm = TwoSlopeNorm(0, -_WIDEST_GAP, _WIDEST_GAP)
    axes.imshow(gaps, cmap="PuOr", norm=norm, aspect="auto")
    for i, place in enumerate(gaps.index):
        for j, code in enumerate(gaps.columns):
            mark = NOT_FOUND if existed(place, code) else NO_SUCH
            _write_gap(axes, (j, i), gaps.loc[place, code], mark, language)
    axes.set_yticks(range(len(gaps)), [_dated_name(p, language) for p in gaps.index], size=8)
    slanted_names(axes, range(len(gaps.columns)), [vote_name(v, language) for v in gaps])
    today = sum(place in regions() for place in gaps.index)
    if today < len(gaps):
        axes.axhline(today - 0.5, color=INK, lw=1)
    axes.grid(visible=False)
    place, code = gaps.abs().stack().idxmax()
    latest = max(gaps.columns, key=lambda code: vote(code).day)
    there = gaps.loc[gaps.index.isin(regions(vote(latest).day)), latest]
    drawn = gap_rows(rows)
    return told(
        rows,
        drawn=drawn.assign(label=[_dated_name(p, language) for p in drawn["place_id"]]),
        value=number(round(gaps.loc[place, code]), language),
        place=place_name(place, language),
        vote=vote_name(code, language),
        missing=str(int(there.isna().sum())),
        latest=vote_name(latest, language),
    )


def _dated_name(place: str, language: str) -> str:
    name = place_name(place, language)
    if place not in former_regions():
        return name
    return f"{name} (2018–{borders_moved_on().year})"


def _write_gap(axes: Axes, cell: tuple[int, int], gap: float, missing: str, language: str) -> None:
    label = missing if pd.isna(gap) else signed(gap, language)
    ink = "white" if abs(gap) > _WHITE_FROM_GAP else INK
    axes.text(*cell, label, ha="center", va="center", size=SMALL_LABEL, color=ink)


@chart(TURNOUT, RESIDENTS)
def plot_gap_tests(
    canvas: Canvas, turnout: pd.DataFrame, residents: pd.Series, *, language: str = "en"
) -> Told:
    """Draw the median and range of each region's gap to the median region.

    A full dot is a region that keeps to one side by more than chance.

    Parameters
    ----------
    turnout : pandas.DataFrame
        As `load_turnout()` returns it, with the rows of the nation.
    residents : pandas.Series
        As `load_residents()` returns it, to put regions on the borders of 2018.
    language : {"en", "kk", "ru"}

    Returns
    -------
    Chart
        Its alt text is the sentence of `analysis.stats.gaps`.

    Examples
    --------
    >>> from analysis import load_residents, load_turnout
    >>> plot_gap_tests(load_turnout(), load_residents()).title
    'Which regions keep to one side of the median region'
    """
    _require_nation(turnout, "plot_gap_tests")
    found = gap_tests(turnout, residents, language=language)
    if found is None:
        return nothing(turnout, said="", votes="")
    table = found.result.table.sort_values("median")
    table = table.assign(**table[["median", "low", "high"]] * 100)
    axes = canvas.axes(height=5.6)
    axes.axvline(0, color=GREY, lw=1)
    axes.hlines(range(len(table)), table["low"], table["high"], color=PALE_GREY, lw=3)
    for position, row in enumerate(table.itertuples()):
        face = BLUE if row.p_adjusted < _ALPHA else "white"
        axes.plot(row.median, position, "o", mfc=face, mec=BLUE, mew=1.6, ms=7)
    axes.set_yticks(range(len(table)), table.index, size=SMALL_LABEL)
    axes.set_ylim(-0.7, len(table) - 0.3)
    axes.grid(visible=False, axis="y")
    signed_axis(axes, language)
    said = found.result.summary(language)
    drawn = table[["median", "low", "high", "p_adjusted"]].rename(columns={"median": "value"})
    drawn = drawn.assign(label=table.index, unit="percentage points")
    drawn = drawn.assign(sources=join_sources(found.rows["sources"]))
    return told(found.rows, drawn=drawn, said=said, votes=str(found.n_votes))


@chart(TURNOUT)
def plot_tile_map(
    canvas: Canvas, frame: pd.DataFrame, *, language: str = "en", vote: str | None = None
) -> Told:
    """Draw turnout in one vote on a map of equal tiles, one for each region.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_turnout()` returns it.
    language : {"en", "kk", "ru"}
    vote : str, optional
        One of the votes in today's borders; the latest in the frame if not given.

    Examples
    --------
    >>> from analysis import load_turnout
    >>> plot_tile_map(load_turnout(vote="majilis_2023")).title
    'Turnout by region: Majilis 2023'
    """
    code = vote or _latest_in_todays_borders(frame)
    name = vote_name(code, language)
    ours = (frame["vote"] == code) & frame["place_id"].isin(regions())
    rows = frame[ours].sort_values("value")
    if rows.empty:
        return nothing(rows, vote=name)
    shares = rows.set_index("place_id")["value"]
    axes = canvas.axes(height=5.4)
    for region, (column, row) in sorted(tiles().items(), key=lambda tile: tile[1][::-1]):
        _draw_tile(axes, (column, row), shares.get(region))
        short_name = _short(place_name(region, language))
        _write_tile(axes, (column, row), short_name, shares.get(region), language)
    axes.set(xlim=(-0.05, 8), ylim=(5, -0.05))
    axes.set_axis_off()
    least, most = rows.iloc[0], rows.iloc[-1]
    listed = pd.DataFrame({"place_id": list(tiles())}).merge(rows, how="left")
    names = [place_name(place, language) for place in listed["place_id"]]
    return told(
        rows,
        drawn=listed.assign(label=names, vote=code, sources=listed["sources"].fillna("")),
        vote=name,
        low=percent(least["value"], language),
        low_place=least[f"place_{language}"],
        high=percent(most["value"], language),
        high_place=most[f"place_{language}"],
        missing=str(len(tiles()) - len(shares)),
    )


def _latest_in_todays_borders(frame: pd.DataFrame) -> str:
    since = [known for known in votes() if known.day >= borders_moved_on()]
    found = set(frame["vote"])
    return ([known.code for known in since if known.code in found] or [since[-1].code])[-1]


def _draw_tile(axes: Axes, tile: tuple[int, int], share: float | None) -> None:
    face: Any = "white"
    if share is not None:
        place_on_scale = (share - _LEAST_SHARE) / (1 - _LEAST_SHARE)
        face = colormaps["Blues"](0.1 + 0.8 * place_on_scale)
    line = "--" if share is None else "-"
    look: Look = {"facecolor": face, "edgecolor": GREY, "ls": line}
    axes.add_patch(Rectangle(tile, _TILE, _TILE, **look))


def _write_tile(
    axes: Axes, tile: tuple[int, int], name: str, share: float | None, language: str
) -> None:
    x, y = tile[0] + _TILE / 2, tile[1]
    ink = "white" if share is not None and share > _WHITE_FROM_SHARE else INK
    wrapped = textwrap.fill(name, _TILE_LETTERS, break_long_words=False)
    label = NOT_FOUND if share is None else percent(share, language)
    middle: Look = {"ha": "center", "va": "center", "color": ink}
    axes.text(x, y + 0.34, wrapped, size=6.2, **middle)
    axes.text(x, y + 0.73, label, size=8.5, weight="bold", **middle)


def _short(name: str) -> str:
    """Drop the word for region or city from a name, except where two tiles would read the same."""
    if "Алмат" in name or "Almaty" in name:
        return name
    return re.sub(r" (?:Region|city|облысы|қаласы|область)$|^(?:область|город) ", "", name)


@chart(ELECTIONS, TURNOUT)
def plot_rural_beside_national(
    canvas: Canvas, elections: pd.DataFrame, turnout: pd.DataFrame, *, language: str = "en"
) -> Told:
    """Draw turnout of the first rural akim elections beside a national vote of that year.

    Parameters
    ----------
    elections, turnout : pandas.DataFrame
        As `load_akim_elections()` and `load_turnout()` return them.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_akim_elections, load_turnout
    >>> plot_rural_beside_national(load_akim_elections(), load_turnout()).alt
    'Rural turnout was above that of the Majilis election in 13 of 14 regions.'
    """
    both = rural_beside_national(elections, turnout).sort_values("rural")
    first_day = pd.Timestamp(first_akim_election("rural").day)
    rural = elections[
        (elections["indicator"] == "turnout_share") & (elections["office"] == "rural")
    ]
    rural = rural[rural["period_end"] == first_day]
    rows = pd.concat([rural, turnout[turnout["vote"] == _BESIDE]])
    rows = rows[rows["place_id"].isin(both.index)]
    if both.empty:
        return nothing(rows)
    axes = canvas.axes(height=5.0)
    lines = range(len(both))
    axes.hlines(lines, both["national"], both["rural"], color=GREY, lw=1.5)
    hollow, beside = dict(_MARKS[0][1]), vote_name(_BESIDE, language)
    axes.plot(both["national"], lines, "o", ms=7, label=beside, **hollow)
    axes.plot(both["rural"], lines, "o", color=BLUE, ms=7, label=text("rural_vote", language))
    legend_above(axes, columns=2, fontsize=SMALL_LABEL)
    names = [place_name(place, language) for place in both.index]
    axes.set_yticks(lines, names, size=SMALL_LABEL)
    axes.set_xlim(0.5, 0.95)
    axes.set_xlabel(text("turnout_denominator", language))
    axes.grid(visible=False, axis="y")
    share_axis(axes, language)
    above = int((both["rural"] > both["national"]).sum())
    is_rural = rows["office"] == "rural"
    drawn = rows.assign(
        series=is_rural.map({True: text("rural_vote", language), False: beside}),
        label=[place_name(place, language) for place in rows["place_id"]],
    )
    return told(rows, drawn=drawn, above=str(above), n=str(len(both)))
