"""Charts of turnout in national votes."""

from __future__ import annotations

from itertools import cycle

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm

from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import ELECTIONS, TURNOUT, WrongFrame
from analysis.charts.parts import (
    NO_SUCH,
    NOT_FOUND,
    label_point,
    legend_above,
    share_axis,
    short_name,
    signed,
    slanted_names,
)
from analysis.charts.style import BLUE, GREEN, GREY, INK, ORANGE, SMALL_LABEL, Look
from analysis.derive.comparisons import (
    kind_name,
    majilis_before_rural,
    rural_beside_national,
    vote_name,
)
from analysis.derive.gaps import existed, gap_rows, gap_tests, pull_on_nation, turnout_gaps
from analysis.locale import day, number, percent, text
from analysis.reference import (
    Vote,
    borders_moved_on,
    first_akim_election,
    former_regions,
    place_name,
    regions,
    regions_in_votes,
    unmoved_regions,
    vote,
    votes_by_kind,
)
from analysis.reference.places import NATION

_WIDEST_GAP = 50  # points at which the colours of gaps end
_WHITE_FROM_GAP = 32  # points from which a label is white
_LEAST_SHARE = 0.2  # of turnout on axes
_SMALLEST = 7.0
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
def plot_turnout_spread(
    canvas: Canvas,
    frame: pd.DataFrame,
    residents: pd.Series | None = None,
    *,
    language: str = "en",
) -> Told:
    """Draw the turnout of regions and the nation in each vote, votes of a kind side by side.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_turnout()` returns it.
    residents : pandas.Series, optional
        As `load_residents()` returns it: the subtitle then says why most regions lie above the
        nation.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_turnout
    >>> plot_turnout_spread(load_turnout()).title
    'Almaty city had the lowest turnout in 7 of 7 national votes'
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
    lowest = _lowest(rows)
    if not canvas.is_narrow:
        _name_lowest(
            axes, dict(zip([v.code for v in shown], places, strict=True)), lowest, language
        )
    finding = _lowest_in_words(lowest, language)
    why = _why_most_lie_above(turnout_gaps(rows), residents, language)
    words = {"values": values or text("no_data", language), "why": why}
    return told(rows, drawn=drawn, finding=finding, **words)


def _why_most_lie_above(gaps: pd.DataFrame, residents: pd.Series | None, language: str) -> str:
    """Return how many regional figures lie above the nation, and which region pulls it down."""
    pull = None if residents is None else pull_on_nation(gaps, residents)
    if pull is None:
        return ""
    words = {
        "above": pull.n_above,
        "n": pull.n,
        "place": place_name(pull.place_id, language),
        "share": percent(pull.residents_share, language, digits=0),
        "least": number(round(pull.least_gap), language),
        "most": number(round(pull.most_gap), language),
    }
    return " " + text("most_lie_above", language, **words)


def _lowest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the region with the lowest turnout in each vote."""
    regions_only = rows[rows["place_id"] != NATION]
    return regions_only.loc[regions_only.groupby("vote")["value"].idxmin()]


def _name_lowest(axes: Axes, places: dict[str, float], lowest: pd.DataFrame, language: str) -> None:
    for row in lowest.itertuples():
        name = short_name(place_name(row.place_id, language))
        label = f"{name} {percent(row.value, language, digits=0)}"
        below: Look = {"ha": "center", "va": "top", "size": _SMALLEST}
        label_point(axes, (places[row.vote], row.value), label, offset=0, rise=-6, **below)


def _lowest_in_words(lowest: pd.DataFrame, language: str) -> str:
    """Return which region is lowest in most votes, if one is in more than half of them."""
    counts = lowest["place_id"].value_counts()
    n_votes = len(lowest)
    if n_votes <= 1 or counts.iloc[0] * 2 <= n_votes:
        return ""
    place = place_name(counts.index[0], language)
    words = {"place": place, "n": int(counts.iloc[0]), "votes": n_votes}
    return text("turnout_spread_finding", language, **words)


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
    pairs = [of_kind for of_kind in by_kind if len(of_kind) > 1]
    changes = [_change(wide, of_kind, language) for of_kind in pairs]
    return told(
        rows,
        drawn=_by_kind_and_year(rows, language),
        finding=_clearest_change(wide, pairs, language),
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


def _rose_and_fell(wide: pd.DataFrame, of_kind: list[Vote]) -> tuple[int, int, int]:
    """Return how many regions rose and fell from the first to the last vote of a kind, of all."""
    first, last = of_kind[0], of_kind[-1]
    both = wide[[first.code, last.code]].dropna()
    change = both[last.code] - both[first.code]
    return int((change > 0).sum()), int((change < 0).sum()), len(both)


def _change(wide: pd.DataFrame, of_kind: list[Vote], language: str) -> str:
    rose, fell, n = _rose_and_fell(wide, of_kind)
    kind, counts = kind_name(of_kind[0].kind, language), {"rose": rose, "fell": fell, "n": n}
    years = {"first": of_kind[0].year, "last": of_kind[-1].year}
    return text("vote_pairs_change", language, kind=kind, **years, **counts)


def _clearest_change(wide: pd.DataFrame, pairs: list[list[Vote]], language: str) -> str:
    """Return the kind of vote in which the largest part of the regions went one way."""
    found = [(of_kind, _rose_and_fell(wide, of_kind)) for of_kind in pairs]
    found = [(of_kind, counts) for of_kind, counts in found if counts[2] > 1]
    if not found:
        return ""
    of_kind, (rose, fell, n) = max(found, key=lambda one: max(one[1][:2]) / one[1][2])
    words = {
        "kind": kind_name(of_kind[0].kind, language),
        "first": of_kind[0].year,
        "last": of_kind[-1].year,
        "n": n,
        "moved": max(rose, fell),
    }
    return text("vote_pairs_rose" if rose > fell else "vote_pairs_fell", language, **words)


@chart(TURNOUT)
def plot_turnout_gaps(
    canvas: Canvas,
    frame: pd.DataFrame,
    residents: pd.Series | None = None,
    *,
    language: str = "en",
) -> Told:
    """Draw each region's gap to the nation in the same vote.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_turnout()` returns it, with the rows of the nation.
    residents : pandas.Series, optional
        As `load_residents()` returns it: the subtitle then says why most regions lie above the
        nation, and the alternative text which keep to one side of the median region by more than
        chance (`analysis.stats.gaps`).
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_turnout
    >>> plot_turnout_gaps(load_turnout(place=["KZ-33", "KZ"])).title
    'Widest gap: Jetisu Region, President 2022, 12 points from the nation'
    """
    rows = _national(frame)
    _require_nation(rows, "plot_turnout_gaps")
    gaps = turnout_gaps(rows)
    if gaps.empty:
        return nothing(rows)
    axes = canvas.axes(height=2.0 + 5.4 * len(gaps) / len(regions_in_votes()))
    _draw_gaps(axes, gaps, language)
    place, code = gaps.abs().stack().idxmax()
    latest = max(gaps.columns, key=lambda code: vote(code).day)
    there = gaps.loc[gaps.index.isin(regions(vote(latest).day)), latest]
    widest = {
        "value": signed(gaps.loc[place, code], language),
        "place": _dated_name(place, language),
        "vote": vote_name(code, language),
    }
    drawn = gap_rows(rows)
    return told(
        rows,
        drawn=drawn.assign(label=[_dated_name(p, language) for p in drawn["place_id"]]),
        finding=text("turnout_gaps_finding", language, **widest),
        note=_sides_in_words(frame, residents, language),
        missing=str(int(there.isna().sum())),
        latest=vote_name(latest, language),
        why=_why_most_lie_above(gaps, residents, language),
        **widest,
    )


def _draw_gaps(axes: Axes, gaps: pd.DataFrame, language: str) -> None:
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


def _sides_in_words(frame: pd.DataFrame, residents: pd.Series | None, language: str) -> str:
    """Return the sentence of the tests of sides, where they can be made."""
    if residents is None or residents.empty:
        return ""
    found = gap_tests(frame, residents, language=language)
    return "" if found is None else found.result.summary(language)


def _dated_name(place: str, language: str) -> str:
    name = place_name(place, language)
    if place not in former_regions():
        return name
    return f"{name} (2018–{borders_moved_on().year})"


def _write_gap(axes: Axes, cell: tuple[int, int], gap: float, missing: str, language: str) -> None:
    label = missing if pd.isna(gap) else signed(gap, language)
    ink = "white" if abs(gap) > _WHITE_FROM_GAP else INK
    axes.text(*cell, label, ha="center", va="center", size=SMALL_LABEL, color=ink)


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
    before = majilis_before_rural()
    rural = elections[
        (elections["indicator"] == "turnout_share") & (elections["office"] == "rural")
    ]
    rural = rural[rural["period_end"] == first_day]
    rows = pd.concat([rural, turnout[turnout["vote"] == before.code]])
    rows = rows[rows["place_id"].isin(both.index)]
    if both.empty:
        return nothing(rows)
    axes = canvas.axes(height=5.0)
    lines = range(len(both))
    axes.hlines(lines, both["national"], both["rural"], color=GREY, lw=1.5)
    hollow, beside = dict(_MARKS[0][1]), vote_name(before.code, language)
    axes.plot(both["national"], lines, "o", ms=7, label=beside, **hollow)
    rural_vote = text("rural_vote", language, day=day(first_day, language))
    axes.plot(both["rural"], lines, "o", color=BLUE, ms=7, label=rural_vote)
    legend_above(axes, columns=2, fontsize=SMALL_LABEL)
    names = [place_name(place, language) for place in both.index]
    axes.set_yticks(lines, names, size=SMALL_LABEL)
    axes.set_xlim(0.5, 0.95)
    axes.set_xlabel(text("turnout_denominator", language))
    axes.grid(visible=False, axis="y")
    share_axis(axes, language)
    above = int((both["rural"] > both["national"]).sum())
    words = {"above": str(above), "n": str(len(both))}
    is_higher = above * 2 > len(both)
    finding = text("rural_beside_national_finding", language, **words) if is_higher else ""
    is_rural = rows["office"] == "rural"
    drawn = rows.assign(
        series=is_rural.map({True: rural_vote, False: beside}),
        label=[place_name(place, language) for place in rows["place_id"]],
    )
    return told(rows, drawn=drawn, finding=finding, **words)
