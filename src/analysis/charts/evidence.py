"""Charts of the evidence: coverage, disagreements, steps of law, one district, a profile."""

from __future__ import annotations

import textwrap
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import ALL_SERIES, COVERAGE, ELECTIONS, EVENTS, MEETINGS, TURNOUT
from analysis.charts.parts import (
    NO_SUCH,
    NOT_FOUND,
    count_axis,
    label_point,
    label_points,
    legend_above,
    legend_below,
    share_axis,
    year_axis,
)
from analysis.charts.style import BLUE, GREY, INK, ORANGE, PALE_BLUE, PALE_GREY, SMALL_LABEL, Look
from analysis.derive.asked import NOT_GIVEN, shown_status
from analysis.derive.comparisons import vote_name
from analysis.derive.coverage import openness_sentence, status_counts
from analysis.derive.gaps import join_sources
from analysis.derive.profile import Profile, openness_profile
from analysis.locale import day, number, percent, text
from analysis.reference import first_akim_election, place_name, regions, report_places
from analysis.reference.languages import in_language
from analysis.reference.places import NATION

_ITEM_GAP = 0.7  # between the columns of two items, in columns
_CENTURY = 100
_ABOVE_COLUMNS = -1.3  # where the name of an item stands, in rows
_TIME_SINCE, _TIME_UNTIL, _TIME_YEARS = "2020-01-01", "2026-04-01", range(2020, 2027)
_STEP_WIDTH = 46  # letters of a line of a step
_LABELS_TURN = "2022-10-01"  # from here labels stand left of their dot
_AGREEMENT = ("d_once", "d_same", "d_differ")
_WHITE_BOX = {"facecolor": "white", "edgecolor": "none", "pad": 1}


@chart(COVERAGE)
def plot_coverage(canvas: Canvas, cells: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw what is published by region, year and item.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `analysis.coverage()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import coverage
    >>> plot_coverage(coverage()).title
    'What was found, by region and year'
    """
    if cells.empty:
        return nothing(cells)
    places = [p for p in (NATION, *regions()) if p in set(cells["place_id"])]
    at = _columns(cells)
    keys = zip(cells["item"], cells["year"], strict=True)
    x = pd.Series([at[key] for key in keys], cells.index)
    y = cells["place_id"].map(places.index)
    axes = canvas.axes(height=6.8)
    shown = shown_status(cells)
    for status, look in _status_marks().items():
        is_shown = shown == status
        if is_shown.any() or status not in NOT_GIVEN:
            label = text(f"asked_{status}", language) if status in NOT_GIVEN else ""
            axes.plot(x[is_shown], y[is_shown], linestyle="", label=label, **look)
    if shown.isin(NOT_GIVEN).any():
        legend_below(axes, x=0, y=-0.05)
    names = [place_name(place, language) for place in places]
    axes.set_yticks(range(len(places)), names, size=SMALL_LABEL)
    axes.set_xticks(list(at.values()), _every_other_year(list(at)), size=7)
    for item in cells["item"].unique():
        own = [place for (name, _), place in at.items() if name == item]
        title = text(f"item_{item}", language)
        axes.text(sum(own) / len(own), _ABOVE_COLUMNS, title, ha="center", size=7.5)
    axes.set_ylim(len(places) - 0.4, -1.8)
    axes.grid(visible=False)
    counts = status_counts(cells)
    drawn = cells.assign(label=[place_name(place, language) for place in cells["place_id"]])
    drawn = drawn.assign(panel=[text(f"item_{item}", language) for item in cells["item"]])
    drawn = drawn.assign(status=shown, value=cells["status"].cat.codes)
    spoken = {status: str(number) for status, number in counts.items()}
    return told(cells, drawn=drawn, cells=str(len(cells)), **spoken)


def _columns(cells: pd.DataFrame) -> dict[tuple[str, int], float]:
    """Return where the column of each item and year stands."""
    columns = cells[["item", "year"]].drop_duplicates()
    items = list(columns["item"].unique())
    pairs = enumerate(zip(columns["item"], columns["year"], strict=True))
    return {(item, year): i + _ITEM_GAP * items.index(item) for i, (item, year) in pairs}


def _every_other_year(columns: list[tuple[str, int]]) -> list[str]:
    """Return two digits of every other year of each item, to have room for them."""
    labels, place = [], 0
    for previous, (item, year) in pairwise([("", 0), *columns]):
        place = 0 if item != previous[0] else place + 1
        labels.append("" if place % 2 else str(year % _CENTURY))
    return labels


def _status_marks() -> dict[str, Look]:
    square: Look = {"marker": "s", "ms": 6, "mec": BLUE, "mew": 1.4}
    return {
        "not_found": {"marker": ".", "ms": 3, "color": GREY},
        "not_applicable": {"marker": "x", "ms": 3, "color": GREY},
        "refused": {"marker": "v", "ms": 5, "color": ORANGE},
        "silent": {"marker": "o", "ms": 5, "mec": ORANGE, "mfc": "white"},
        "partial": square | {"mfc": "white"},
        "closing": square | {"mfc": PALE_BLUE},
        "final": square | {"mfc": BLUE},
    }


@chart(ALL_SERIES)
def plot_disagreements(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw how many values are published once, agree, or differ, by data set.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analysis.load.load_all()` returns it: several data sets, with a column `dataset`.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load
    >>> plot_disagreements(load.load_all()).title
    'Where sources agree and where they do not'
    """
    if frame.empty:
        return nothing(frame)
    counts = _agreement(frame)
    totals = counts.sum(axis=1)
    names = [text(f"ds_{name}", language) for name in counts.index]
    axes = canvas.axes(height=3.6)
    left = pd.Series(0, index=counts.index)
    faces, hatches = (PALE_GREY, BLUE, ORANGE), ("", "", "////")
    for column, face, hatch in zip(counts, faces, hatches, strict=True):
        look: Look = {"color": face, "hatch": hatch, "edgecolor": "white"}
        axes.barh(names, counts[column], left=left, label=text(column, language), **look)
        left = left + counts[column]
    repeated = counts["d_differ"] + counts["d_same"]
    labels = [f"{d} / {n}" for d, n in zip(counts["d_differ"], repeated, strict=True)]
    label_points(axes, totals, labels, offset=5, size=SMALL_LABEL)
    legend_above(axes, columns=3, fontsize=7.5, columnspacing=1)
    axes.set_xlim(0, totals.max() * 1.15)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(text("count", language))
    count_axis(axes, language)
    drawn = _agreement_in_words(frame, counts, language)
    return told(frame, drawn=drawn, values=joined(zip(names, labels, strict=True)))


def _agreement_in_words(frame: pd.DataFrame, counts: pd.DataFrame, language: str) -> pd.DataFrame:
    sources = frame.groupby("dataset")["sources"].agg(join_sources)
    drawn = counts.stack().rename("value").rename_axis(["dataset", "kind"]).reset_index()
    return drawn.assign(
        label=[text(f"ds_{name}", language) for name in drawn["dataset"]],
        series=[text(kind, language) for kind in drawn["kind"]],
        unit="count",
        sources=drawn["dataset"].map(sources),
    )


def _agreement(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of values published once, alike and differently, by data set."""
    once, same, differ = _AGREEMENT
    kind = pd.Series(same, index=frame.index)
    kind = kind.where(frame["n_figures"] > 1, once).where(frame["agree"], differ)
    return pd.crosstab(frame["dataset"], kind).reindex(columns=list(_AGREEMENT), fill_value=0)


@chart(EVENTS)
def plot_timeline(canvas: Canvas, events: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the steps of law and practice that the figures have to be read against.

    Parameters
    ----------
    events : pandas.DataFrame
        As `load_events()` returns it; those with a `milestone` are drawn.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_events
    >>> plot_timeline(load_events()).title
    'Law and events'
    """
    rows = events[events["milestone_en"] != ""].sort_values("date")
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=1.9 + 0.36 * len(rows))
    dates = pd.to_datetime(rows["date"])
    axes.vlines(dates, range(len(rows)), len(rows) - 0.5, color="#D5DAE1", lw=1)
    axes.plot(dates, range(len(rows)), "o", color=BLUE, ms=7)
    steps = [in_language(row, "milestone", language) for row in rows.to_dict("records")]
    for position, (when, step) in enumerate(zip(dates, steps, strict=True)):
        side, offset = ("left", 8) if when < pd.Timestamp(_LABELS_TURN) else ("right", -8)
        look: Look = {"ha": side, "size": SMALL_LABEL, "bbox": _WHITE_BOX}
        label = textwrap.fill(f"{day(when, language)}: {step}", _STEP_WIDTH)
        label_point(axes, (when, position), label, offset=offset, **look)
    axes.set_ylim(len(rows) - 0.5, -0.6)
    axes.set_yticks([])
    year_axis(axes, _TIME_YEARS, first=_TIME_SINCE, last=_TIME_UNTIL)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    first, last = day(dates.min(), language), day(dates.max(), language)
    drawn = rows.assign(label=steps, value=float("nan"))
    return told(rows, drawn=drawn, n=str(len(rows)), first=first, last=last)


@chart(ELECTIONS)
def plot_alakol(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw all that is known of Alakol district's elections, and what was not found.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_alakol(load_akim_elections()).title
    'Alakol district: what is known'
    """
    districts = [place for place in report_places() if place not in (NATION, *regions())]
    own = frame[frame["place_id"].isin(districts[:1])]
    if own.empty:
        return nothing(own)
    known = _known_of_district(own)
    lines = [(text(key, language), _first_value(found, language)) for key, found in known.items()]
    lines += [(text(key, language), NOT_FOUND) for key in ("a_appeals", "a_meetings")]
    axes = canvas.axes(height=1.9 + 0.3 * len(lines))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    for position, (name, value) in enumerate(lines):
        ink = GREY if value == NOT_FOUND else BLUE
        look: Look = {"size": 13, "weight": "bold", "color": ink}
        axes.text(0.14, position, value, ha="right", va="center", **look)
        axes.text(0.18, position, name, va="center", size=10, color=INK)
    found = joined(line for line in lines if line[1] != NOT_FOUND)
    return told(pd.concat(known.values()), drawn=_table(known, lines), values=found)


def _table(known: dict[str, pd.DataFrame], lines: list[tuple[str, str]]) -> pd.DataFrame:
    """Return the lines of the table, each with the row it is taken from, if there is one."""
    first = [rows.iloc[:1].to_dict("records") for rows in known.values()]
    records = [found[0] if found else {"sources": ""} for found in first]
    records += [{"sources": ""}] * (len(lines) - len(records))
    return pd.DataFrame(records).assign(label=[name for name, _ in lines])


def _known_of_district(own: pd.DataFrame) -> dict[str, pd.DataFrame]:
    elected = own[own["indicator"] == "akims_elected"]
    seats = own[own["indicator"] == "seats_contested"]
    first_day = pd.Timestamp(first_akim_election("rural").day)
    return {
        "a_elected": elected[elected["measure"] == "cumulative"],
        "a_elected_2024": elected[elected["period_start"] == "2024-01-01"],
        "a_seats": seats[seats["period_end"] == first_day],
        "a_rural_districts": own[own["indicator"] == "rural_districts"],
        "a_turnout": own[own["indicator"] == "turnout_share"],
        "a_candidates": own[own["indicator"].str.startswith("candidates")],
    }


def _first_value(rows: pd.DataFrame, language: str) -> str:
    return number(rows["value"].iloc[0], language) if len(rows) else NOT_FOUND


@chart(COVERAGE, TURNOUT, ELECTIONS, MEETINGS)
def plot_openness_profile(  # noqa: PLR0913 - it shows four data sets
    canvas: Canvas,
    cells: pd.DataFrame,
    turnout: pd.DataFrame,
    elections: pd.DataFrame,
    meetings: pd.DataFrame,
    *,
    language: str = "en",
) -> Told:
    """Draw what is published of each region beside how much was found: a profile, not an index.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `analysis.coverage()` returns it.
    turnout, elections, meetings : pandas.DataFrame
        As `load_turnout()`, `load_akim_elections()` and `load_meetings()` return them.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import coverage, load_akim_elections, load_meetings, load_turnout
    >>> frames = coverage(), load_turnout(), load_akim_elections(), load_meetings()
    >>> plot_openness_profile(*frames).key
    'openness_profile'
    """
    cells = cells[cells["place_id"].isin(regions())]
    if cells.empty:
        return nothing(cells, said="")
    found = openness_profile(cells, turnout, elections, meetings)
    panels = canvas.panels(height=6.4, columns=found.shares.shape[1], sharey=True)[0]
    titles = {
        column: text(f"op_{column}", language) for column in ("coverage", "rural", "resolved")
    }
    titles["vote"] = vote_name(found.vote, language)
    for axes, column in zip(panels, found.shares, strict=True):
        nowhere = found.without_rural_vote if column == "rural" else ()
        _draw_shares(axes, found.shares[column], titles[column], nowhere)
        share_axis(axes, language)
    names = [place_name(place, language) for place in found.shares.index]
    panels[0].set_yticks(range(len(names)), names, size=SMALL_LABEL)
    panels[0].set_ylim(len(names) - 0.5, -0.5)
    covered = found.shares["coverage"]
    return told(
        found.rows,
        drawn=_profile_in_words(found, titles, language),
        said=openness_sentence(cells, language=language),
        low=percent(covered.min(), language, digits=0),
        high=percent(covered.max(), language, digits=0),
    )


def _profile_in_words(found: Profile, titles: dict[str, str], language: str) -> pd.DataFrame:
    shares = found.shares.rename_axis("place_id").rename_axis("kind", axis=1)
    drawn = shares.unstack().rename("value").reset_index()
    return drawn.assign(
        panel=drawn["kind"].map(titles),
        label=[place_name(place, language) for place in drawn["place_id"]],
        unit="share",
        sources=[
            found.sources_of(kind, place) for kind, place in drawn[["kind", "place_id"]].values
        ],
    )


def _draw_shares(axes: Axes, shares: pd.Series, title: str, nowhere: tuple[str, ...]) -> None:
    marker, colour = ("s", ORANGE) if shares.name == "coverage" else ("o", BLUE)
    axes.plot(shares, range(len(shares)), marker, color=colour, ms=6)
    middle: Look = {"ha": "center", "va": "center", "color": GREY, "size": 8, "bbox": _WHITE_BOX}
    for position, share in enumerate(shares):
        if pd.isna(share):
            mark = NO_SUCH if shares.index[position] in nowhere else NOT_FOUND
            axes.text(0.5, position, mark, **middle)
    axes.set_title(textwrap.fill(title, 16, break_long_words=False), size=8, loc="left")
    axes.tick_params(axis="x", labelsize=7)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1])
