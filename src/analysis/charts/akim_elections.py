"""Charts of direct elections of akims."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import ELECTIONS
from analysis.charts.parts import QUARTERS, count_axis, dots, label_point, label_points, share_axis
from analysis.charts.style import (
    BLUE,
    GREY,
    MARKERS,
    NARROW_ROW,
    ORANGE,
    PHONE_WIDTH,
    ROW,
    SMALL_LABEL,
    WIDTH,
)
from analysis.derive.turnout import candidates_per_seat, single_election_turnout
from analysis.locale import day, number, percent, text
from analysis.reference import first_akim_election
from analysis.reference.places import NATION

_FIRST_YEAR_END = "2022-07-29"  # the day to which the profile of those elected was published
_PROFILE = ("first_time", "self", "female")
_FIRST_OF_REGIONS = "2021-12-31"  # of 2021 seats and candidates are compared for the nation only


@chart(ELECTIONS)
def plot_rural_turnout_2021(
    canvas: Canvas, frame: pd.DataFrame, *, language: str = "en", place: str | None = None
) -> Told:
    """Draw turnout in the first elections of rural akims by region, in the borders of that day.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` returns it.
    language : {"en", "kk", "ru"}
    place : str, optional
        The region to stand out, in the borders of 2021; the chart then fits a phone.

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_rural_turnout_2021(load_akim_elections()).key
    'rural_turnout_2021'
    """
    first_day = pd.Timestamp(first_akim_election("rural").day)
    turnout = frame[(frame["indicator"] == "turnout_share") & (frame["office"] == "rural")]
    is_shown = turnout["level"].isin(["region", "national"]) & (turnout["period_end"] == first_day)
    rows = turnout[is_shown].sort_values("value")
    regions, nation = rows[rows["place_id"] != NATION], rows[rows["place_id"] == NATION]
    if regions.empty or nation.empty:
        return nothing(rows)
    is_narrow = place is not None
    size = {"height": 5.6, "width": PHONE_WIDTH} if is_narrow else {"height": 5.2, "width": WIDTH}
    axes = canvas.axes(**size)
    _draw_ranges(axes, regions, language, place)
    share = nation["value"].item()
    axes.axvline(share, color=GREY, ls="--", lw=1.2)
    label = f"{text('nation', language)} {percent(share, language)}"
    beside = (share, len(regions) - 0.4)
    label_point(axes, beside, label, offset=-4, size=SMALL_LABEL, ha="right")
    axes.set_ylim(-0.6, len(regions))
    axes.set_xlim(0.6, 0.97)
    denominator = text("turnout_denominator", language)
    axes.set_xlabel(textwrap.fill(denominator, 40 if is_narrow else 70))
    share_axis(axes, language)
    least, most = regions.iloc[0], regions.iloc[-1]
    return told(
        rows,
        drawn=rows.assign(label=rows[f"place_{language}"]),
        nation=percent(share, language),
        low=percent(least["value"], language),
        low_place=least[f"place_{language}"],
        high=percent(most["value"], language),
        high_place=most[f"place_{language}"],
    )


def _draw_ranges(axes: Axes, regions: pd.DataFrame, language: str, place: str | None) -> None:
    places = range(len(regions))
    axes.hlines(places, regions["low"], regions["high"], color=ORANGE, lw=5)
    axes.plot(regions["value"], places, "o", color=BLUE, ms=7)
    if place in set(regions["place_id"]):
        own = regions["place_id"].tolist().index(place)
        axes.axhspan(own - 0.5, own + 0.5, color=BLUE, alpha=0.13, lw=0)
    shares = [percent(value, language) for value in regions["value"]]
    label_points(axes, regions["value"], shares, size=SMALL_LABEL)
    axes.set_yticks(places, regions[f"place_{language}"])
    axes.grid(visible=False, axis="y")


@chart(ELECTIONS)
def plot_akims_elected(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the stated counts of rural akims elected so far, unjoined, beside the number of posts.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_akims_elected(load_akim_elections()).key
    'akims_elected'
    """
    is_total = (frame["office"] == "rural") & (frame["breakdown"] == "")
    national = frame[(frame["place_id"] == NATION) & is_total]
    elected = national[national["indicator"] == "akims_elected"]
    elected = elected[elected["measure"] == "cumulative"].sort_values("period_end")
    posts = national[national["indicator"] == "akim_posts_total"]
    rows = pd.concat([elected, posts])
    if elected.empty or posts.empty:
        return nothing(rows)
    least, most = posts["low"].min(), posts["high"].max()
    axes = canvas.axes(height=1.9 + NARROW_ROW * len(elected))
    for position, row in enumerate(elected.itertuples()):
        axes.plot(row.value, position, MARKERS[row.precision], color=BLUE, ms=8)
        side, offset = ("left", 9) if row.value > most else ("right", -9)
        label = _count_and_precision(row, language)
        point = (row.value, position)
        label_point(axes, point, label, offset=offset, ha=side, size=SMALL_LABEL)
    axes.axvspan(least, most, color=ORANGE, lw=2)
    total = f"{number(least, language)}–{number(most, language)}"
    label = f"{text('posts', language)}: {total}"
    label_point(axes, (least, -0.75), label, offset=-4, size=SMALL_LABEL, ha="right")
    days = [day(end, language) for end in elected["period_end"]]
    axes.set_yticks(range(len(elected)), days)
    axes.set_ylim(len(elected) - 0.5, -1.2)
    axes.set_xlim(0, 3600)
    axes.set_xlabel(text("count", language))
    count_axis(axes, language)
    counts = [number(value, language) for value in elected["value"]]
    drawn = pd.concat([elected.assign(label=days), posts.assign(label=text("posts", language))])
    return told(rows, drawn=drawn, posts=total, values=joined(zip(days, counts, strict=True)))


def _count_and_precision(row: Any, language: str) -> str:
    value = number(row.value, language)
    if row.precision == "at_least":
        return text("at_least", language, value=value)
    return value + (f" ({text('rounded', language)})" if row.precision == "rounded" else "")


@chart(ELECTIONS)
def plot_later_rural_turnout(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the few rural turnouts found after July 2021, each with its electorate.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_later_rural_turnout(load_akim_elections()).title
    'Turnout in later rural elections: the few found'
    """
    first_day = pd.Timestamp(first_akim_election("rural").day)
    is_later = (frame["office"] == "rural") & (frame["period_start"] > first_day)
    rows = single_election_turnout(frame[is_later])
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=2.0 + 0.5 * len(rows))
    shares = [percent(value, language) for value in rows["value"]]
    for position, value in enumerate(rows["value"]):
        axes.plot(value, position, "o", color=BLUE, ms=8)
    labels = [
        f"{share} (n = {_listed(n, language)})"
        for share, n in zip(shares, rows["listed"], strict=True)
    ]
    label_points(axes, rows["value"], labels, size=SMALL_LABEL)
    places = rows[f"place_{language}"]
    days = [day(end, language) for end in rows["period_end"]]
    names = [f"{place}\n{date}" for place, date in zip(places, days, strict=True)]
    axes.set_yticks(range(len(rows)), names, size=SMALL_LABEL)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 1.2)
    axes.set_xticks(QUARTERS)
    axes.set_xlabel(text("turnout_denominator", language))
    share_axis(axes, language)
    drawn = rows.assign(label=[name.replace("\n", ", ") for name in names], total=rows["listed"])
    values = joined(zip(places, shares, strict=True))
    return told(rows, drawn=drawn, n=str(len(rows)), values=values)


def _listed(voters: float, language: str) -> str:
    return text("no_data", language) if pd.isna(voters) else number(voters, language)


@chart(ELECTIONS)
def plot_candidates_per_seat(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw candidates registered per seat, where both are published for one election.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_candidates_per_seat(load_akim_elections()).title
    'Candidates on one seat'
    """
    ratios = candidates_per_seat(frame)
    is_later = ratios["period_end"] > _FIRST_OF_REGIONS
    rows = ratios[(ratios["place_id"] == NATION) | is_later]
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=1.9 + ROW * len(rows))
    names = [_election_name(row, language) for row in rows.itertuples()]
    labels = [
        f"{number(round(ratio, 1), language)} (n = {number(seats, language)})"
        for ratio, seats in zip(rows["value"], rows["seats"], strict=True)
    ]
    dots(axes, rows["value"], names, labels)
    axes.set_yticks(range(len(names)), names, size=SMALL_LABEL)
    axes.set_xlim(0, rows["value"].max() * 1.35)
    axes.set_xlabel(text("candidates_per_seat_title", language))
    values = joined(zip(names, labels, strict=True))
    return told(rows, drawn=rows.assign(label=names, total=rows["seats"]), values=values)


def _election_name(row: Any, language: str) -> str:
    is_one_day = row.period_start == row.period_end
    when = day(row.period_end, language) if is_one_day else str(row.period_end.year)
    return f"{getattr(row, f'place_{language}')}, {text(row.office, language)}, {when}"


@chart(ELECTIONS)
def plot_elected_profile(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw who was elected in the first year: first-time, self-nominated, women.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_elected_profile(load_akim_elections()).title
    'Who was elected: rural akims, July 2021 to July 2022'
    """
    elected = frame[(frame["indicator"] == "akims_elected") & (frame["place_id"] == NATION)]
    in_first_year = elected["period_end"] == _FIRST_YEAR_END
    year = elected[(elected["office"] == "rural") & in_first_year]
    total = year[year["breakdown"] == ""]["value"]
    rows = year[year["breakdown_value"].isin(_PROFILE)].sort_values("value", ascending=False)
    if rows.empty or total.empty:
        return nothing(rows, total="")
    whole = total.iloc[0]
    axes = canvas.axes(height=1.9 + ROW * len(rows))
    names = [text(f"p_{kind}", language) for kind in rows["breakdown_value"]]
    shares = rows["value"] / whole
    labels = [
        f"{percent(share, language)} ({number(count, language)})"
        for share, count in zip(shares, rows["value"], strict=True)
    ]
    dots(axes, shares, names, labels)
    axes.set_xlim(0, 1)
    share_axis(axes, language)
    values = joined(zip(names, labels, strict=True))
    drawn = rows.assign(label=names, count=rows["value"], total=whole, unit="share")
    drawn = drawn.assign(value=shares, low=shares, high=shares)
    return told(rows, drawn=drawn, values=values, total=number(whole, language))


@chart(ELECTIONS)
def plot_district_elections_2023(
    canvas: Canvas, frame: pd.DataFrame, *, language: str = "en"
) -> Told:
    """Draw turnout in the first direct elections of district akims.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_district_elections_2023(load_akim_elections()).title
    'District akim elections of 5 November 2023'
    """
    first_day = pd.Timestamp(first_akim_election("district").day)
    on_that_day = (frame["office"] == "district") & (frame["period_end"] == first_day)
    rows = single_election_turnout(frame[on_that_day])
    rows = rows.sort_values("value", ascending=False, ignore_index=True)
    nation = rows[rows["place_id"] == NATION]["value"]
    if rows.empty or nation.empty:
        return nothing(rows)
    axes = canvas.axes(height=2.0 + NARROW_ROW * len(rows))
    names = rows[f"place_{language}"].tolist()
    labels = [percent(value, language) for value in rows["value"]]
    dots(axes, rows["value"], names, labels)
    axes.set_xlim(0, 1)
    axes.set_xlabel(text("turnout_denominator", language))
    share_axis(axes, language)
    pairs = zip(names, labels, rows["place_id"], strict=True)
    values = joined((name, label) for name, label, place in pairs if place != NATION)
    nation_share = percent(nation.iloc[0], language)
    drawn, n = rows.assign(label=names, total=rows["listed"]), str(len(rows) - 1)
    return told(rows, drawn=drawn, n=n, nation=nation_share, values=values)
