"""Charts of turnout in national votes."""

from __future__ import annotations

from itertools import cycle

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm

from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import ELECTIONS, TURNOUT, WrongFrame, of_nation, without_nation
from analysis.charts.parts import (
    NO_SUCH,
    NOT_FOUND,
    label_point,
    legend_above,
    percents,
    place_names,
    share_axis,
    short_name,
    signed,
    slanted_names,
)
from analysis.charts.style import BLUE, GREEN, GREY, HOLLOW, INK, ORANGE, SMALL_LABEL, Look
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

_WIDEST_GAP = 50  # points at which the colours of gaps end
_WHITE_FROM_GAP = 32  # points from which a label is white
_LEAST_SHARE = 0.2  # of turnout on axes
_SMALLEST = 7.0
_FIRST, _SECOND, _THIRD = "o", "o", "D"
_MARKS: tuple[tuple[str, Look], ...] = (
    (_FIRST, HOLLOW),
    (_SECOND, {"color": BLUE}),
    (_THIRD, {"color": INK}),
    ("s", {"color": GREEN}),
    ("^", {"color": GREY}),
)


def votes_in(frame: pd.DataFrame) -> list[Vote]:
    """Return the national votes that a frame has figures on, those of a kind together."""
    found = set(frame["vote"])
    known = votes_by_kind()
    return [vote for vote in known if vote.code in found]


def _national(frame: pd.DataFrame) -> pd.DataFrame:
    known = votes_by_kind()
    codes = [vote.code for vote in known]
    is_national = frame["vote"].isin(codes)
    return frame[is_national]


def _require_nation(rows: pd.DataFrame, chart_name: str) -> None:
    nation = of_nation(rows)
    if len(rows) and nation.empty:
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

    Examples
    --------
    >>> from analysis import load_turnout
    >>> plot_turnout_spread(load_turnout()).title
    'Almaty city had the lowest turnout in 7 of 7 national votes'
    """
    rows = _national(frame)
    if rows.empty:
        return nothing(rows)
    national = of_nation(rows).set_index("vote")["value"]
    shown = votes_in(rows)
    places = _places_by_kind(shown)
    axes = canvas.axes(height=5.0)
    of_regions = without_nation(rows)
    for code, place in places.items():
        shares = of_regions[of_regions["vote"] == code]["value"].sort_values()
        axes.scatter([place] * len(shares), shares, s=26, color=BLUE, alpha=0.55, lw=0)
        if code in national:
            _draw_nation(axes, place, national[code], language)
    names = {code: vote_name(code, language) for code in places}
    at = list(places.values())
    slanted_names(axes, at, list(names.values()))
    axes.set_xlim(min(at) - 0.5, max(at) + 1)
    axes.set_ylim(0, 1)
    axes.grid(visible=False, axis="x")
    share_axis(axes, language, axis="y")
    lowest = _lowest(rows)
    if not canvas.is_narrow:
        _name_lowest(axes, places, lowest, language)
    with_nation = [code for code in places if code in national]
    shares_of_nation = percents(national[with_nation], language)
    values = joined([names[code] for code in with_nation], shares_of_nation)
    return told(
        rows,
        drawn=rows.assign(label=rows["vote"].map(names)),
        finding=_lowest_in_words(lowest, language),
        values=values or text("no_data", language),
        why=_why_most_lie_above(turnout_gaps(rows), residents, language),
    )


def _places_by_kind(shown: list[Vote]) -> dict[str, float]:
    """Return where the column of each vote stands, with a gap between kinds."""
    places, kinds = {}, set()
    for line, vote_shown in enumerate(shown):
        kinds.add(vote_shown.kind)
        gaps = 0.5 * len(kinds)
        places[vote_shown.code] = line + gaps
    return places


def _why_most_lie_above(gaps: pd.DataFrame, residents: pd.Series | None, language: str) -> str:
    """Return how many regional figures lie above the nation, and which region pulls it down."""
    pull = None if residents is None else pull_on_nation(gaps, residents)
    if pull is None:
        return ""
    said = text(
        "most_lie_above",
        language,
        above=pull.n_above,
        n=pull.n,
        place=place_name(pull.place_id, language),
        share=percent(pull.residents_share, language, digits=0),
        least=number(round(pull.least_gap), language),
        most=number(round(pull.most_gap), language),
    )
    return f" {said}"


def _lowest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the region with the lowest turnout in each vote."""
    of_regions = without_nation(rows)
    shares = of_regions.groupby("vote")["value"]
    lowest = shares.idxmin()
    return of_regions.loc[lowest]


def _name_lowest(axes: Axes, places: dict[str, float], lowest: pd.DataFrame, language: str) -> None:
    below: Look = {"ha": "center", "va": "top", "size": _SMALLEST}
    for row in lowest.itertuples():
        name = place_name(row.place_id, language)
        share = percent(row.value, language, digits=0)
        label = f"{short_name(name)} {share}"
        point = (places[row.vote], row.value)
        label_point(axes, point, label, offset=0, rise=-6, **below)


def _lowest_in_words(lowest: pd.DataFrame, language: str) -> str:
    """Return which region is lowest in most votes, if one is in more than half of them."""
    n_votes = len(lowest)
    if n_votes <= 1:
        return ""
    counts = lowest["place_id"].value_counts()
    place = counts.index[0]
    n = int(counts.iloc[0])
    if n * 2 <= n_votes:
        return ""
    name = place_name(place, language)
    return text("turnout_spread_finding", language, place=name, n=n, votes=n_votes)


def _draw_nation(axes: Axes, place: float, share: float, language: str) -> None:
    point = (place, share)
    axes.scatter(
        place,
        share,
        s=70,
        marker="D",
        color=ORANGE,
        edgecolor="white",
        zorder=3,
    )
    label = percent(share, language)
    label_point(axes, point, label, size=SMALL_LABEL)


@chart(TURNOUT)
def plot_vote_pairs(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw votes of a kind region by region, for regions whose borders did not move in 2022.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_turnout()` returns it.

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
    kinds = [kind_name(known.kind, language) for known in held]
    years = [str(known.year) for known in held]
    names = place_names(rows["place_id"], language)
    return rows.assign(
        panel=kinds,
        series=years,
        label=names,
    )


def _draw_kind(axes: Axes, wide: pd.DataFrame, of_kind: list[Vote], language: str) -> None:
    codes = [known.code for known in of_kind]
    lines, shares = range(len(wide)), wide[codes]
    least, most = shares.min(axis=1), shares.max(axis=1)
    axes.hlines(lines, least, most, color=GREY, lw=1.5)
    for known, (marker, look) in zip(of_kind, cycle(_MARKS), strict=False):
        year = str(known.year)
        values = shares[known.code]
        axes.plot(values, lines, marker, ms=6.5, label=year, **look)
    kind = kind_name(of_kind[0].kind, language)
    axes.set_title(kind, size=9, loc="left", pad=20)
    legend_above(
        axes,
        columns=3,
        loc="lower left",
        bbox_to_anchor=(-0.08, 0.99),
        handletextpad=0,
        columnspacing=0.5,
        fontsize=7.5,
    )
    axes.set_xlim(_LEAST_SHARE, 1)
    axes.set_xticks([0.25, 0.5, 0.75])
    axes.grid(visible=False, axis="y")
    share_axis(axes, language)


def _rose_and_fell(wide: pd.DataFrame, of_kind: list[Vote]) -> tuple[int, int, int]:
    """Return how many regions rose and fell from the first to the last vote of a kind, of all."""
    first, last = of_kind[0], of_kind[-1]
    both = wide[[first.code, last.code]].dropna()
    change = both[last.code] - both[first.code]
    rose = (change > 0).sum()
    fell = (change < 0).sum()
    return int(rose), int(fell), len(both)


def _change(wide: pd.DataFrame, of_kind: list[Vote], language: str) -> str:
    first, last = of_kind[0], of_kind[-1]
    rose, fell, n = _rose_and_fell(wide, of_kind)
    return text(
        "vote_pairs_change",
        language,
        kind=kind_name(first.kind, language),
        first=first.year,
        last=last.year,
        rose=rose,
        fell=fell,
        n=n,
    )


def _clearest_change(wide: pd.DataFrame, pairs: list[list[Vote]], language: str) -> str:
    """Return the kind of vote in which the largest part of the regions went one way."""
    clearest, message, words = 0.0, "", {}
    for of_kind in pairs:
        rose, fell, n = _rose_and_fell(wide, of_kind)
        moved = max(rose, fell)
        if n <= 1 or moved / n <= clearest:
            continue
        clearest = moved / n
        message = "vote_pairs_rose" if rose > fell else "vote_pairs_fell"
        words = {
            "kind": kind_name(of_kind[0].kind, language),
            "first": of_kind[0].year,
            "last": of_kind[-1].year,
            "n": n,
            "moved": moved,
        }
    return text(message, language, **words) if message else ""


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
    for line, (place, own) in enumerate(gaps.iterrows()):
        for column, (code, gap) in enumerate(own.items()):
            mark = NOT_FOUND if existed(str(place), str(code)) else NO_SUCH
            cell = (column, line)
            _write_gap(axes, cell, gap, mark, language)
    names = [_dated_name(place, language) for place in gaps.index]
    axes.set_yticks(range(len(gaps)), names, size=8)
    held = [vote_name(code, language) for code in gaps]
    slanted_names(axes, range(len(held)), held)
    today = sum(place in regions() for place in gaps.index)
    if today < len(gaps):
        axes.axhline(today - 0.5, color=INK, lw=1)
    axes.grid(visible=False)


def _sides_in_words(frame: pd.DataFrame, residents: pd.Series | None, language: str) -> str:
    """Return the sentence of the tests of sides, where they can be made."""
    if residents is None or residents.empty:
        return ""
    found = gap_tests(frame, residents, language=language)
    if found is None:
        return ""
    return found.result.summary(language)


def _dated_name(place: str, language: str) -> str:
    name = place_name(place, language)
    if place not in former_regions():
        return name
    return f"{name} (2018–{borders_moved_on().year})"


def _write_gap(axes: Axes, cell: tuple[int, int], gap: float, missing: str, language: str) -> None:
    label = missing if pd.isna(gap) else signed(gap, language)
    is_dark = abs(gap) > _WHITE_FROM_GAP
    ink = "white" if is_dark else INK
    axes.text(
        *cell,
        label,
        ha="center",
        va="center",
        size=SMALL_LABEL,
        color=ink,
    )


@chart(ELECTIONS, TURNOUT)
def plot_rural_beside_national(
    canvas: Canvas, elections: pd.DataFrame, turnout: pd.DataFrame, *, language: str = "en"
) -> Told:
    """Draw turnout of the first rural akim elections beside a national vote of that year.

    Parameters
    ----------
    elections, turnout : pandas.DataFrame
        As `load_akim_elections()` and `load_turnout()` return them.

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
    beside = vote_name(before.code, language)
    axes.plot(both["national"], lines, "o", ms=7, label=beside, **HOLLOW)
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
