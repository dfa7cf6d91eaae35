"""Charts of direct elections of akims."""

from __future__ import annotations

import textwrap
from datetime import date
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import ELECTIONS
from analysis.charts.parts import (
    QUARTERS,
    categories,
    count_axis,
    dots,
    ends_in_words,
    label_point,
    label_points,
    legend_above,
    share_axis,
)
from analysis.charts.style import (
    BLUE,
    GREY,
    INK,
    MARKERS,
    NARROW_ROW,
    ORANGE,
    PALE_GREY,
    PHONE_WIDTH,
    SMALL_LABEL,
    WIDTH,
    Look,
)
from analysis.derive.turnout import candidates_per_seat, single_election_turnout
from analysis.locale import counted, day, number, percent, text
from analysis.reference import first_akim_election
from analysis.reference.places import NATION

_NAME_LETTERS = 40  # of a line beside the plot
_FIRST_YEAR_END = pd.Timestamp(
    "2022-07-29"
)  # the day to which the profile of those elected was published
_KINDS = ["female", "self"]
_TOWNS = ("city", "town")
_WITH_SEVERAL_SEATS = ("region", "national")
_LEAST_DOT, _DOT_PER_SEAT, _MOST_SEATS = 18, 1.2, 100  # areas of dots grow up to so many seats
_SAME = 3  # decimals in which two ratios are one


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
    side, offset = ("center", 0) if canvas.is_narrow else ("right", -4)
    label_point(axes, beside, label, offset=offset, size=SMALL_LABEL, ha=side)
    axes.set_ylim(-0.6, len(regions))
    axes.set_xlim(0.6, 0.97)
    denominator = text("turnout_denominator", language)
    axes.set_xlabel(textwrap.fill(denominator, 40 if is_narrow else 70))
    share_axis(axes, language)
    ends = ends_in_words(regions, language)
    finding = text("turnout_range_finding", language, **ends) if len(regions) > 1 else ""
    drawn = rows.assign(label=rows[f"place_{language}"])
    words = {"nation": percent(share, language), "day": day(first_day, language), **ends}
    return told(rows, drawn=drawn, finding=finding, **words)


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
        is_right = canvas.is_narrow or row.value > most
        side, offset = ("left", 9) if is_right else ("right", -9)
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
    axes.set_xlim(0, 5600 if canvas.is_narrow else 3600)
    axes.set_xlabel(text("count", language))
    count_axis(axes, language)
    counts = [number(value, language) for value in elected["value"]]
    drawn = pd.concat([elected.assign(label=days), posts.assign(label=text("posts", language))])
    values = joined(zip(days, counts, strict=True))
    n_above = int((elected["value"] > most).sum())
    words = {"n": n_above, "m": len(elected), "posts": total}
    finding = text("akims_elected_finding", language, **words) if n_above else ""
    return told(rows, drawn=drawn, finding=finding, posts=total, values=values)


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
    'Turnout in the towns found is at most 30.1%, in the rural districts found at least 58.3%'
    """
    first_day = pd.Timestamp(first_akim_election("rural").day)
    is_later = (frame["office"] == "rural") & (frame["period_start"] > first_day)
    rows = single_election_turnout(frame[is_later])
    rows = rows.sort_values("listed", ignore_index=True)
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=2.0 + 0.62 * len(rows))
    shares = [percent(value, language) for value in rows["value"]]
    _draw_turnouts(axes, rows["value"])
    label_points(axes, rows["value"], shares, size=SMALL_LABEL)
    names = [_place_day_and_electorate(row, language) for row in rows.itertuples()]
    lines = [_wrapped(name) for name in names]
    axes.set_yticks(range(len(rows)), lines, size=SMALL_LABEL)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 1.05)
    axes.set_xticks(QUARTERS)
    axes.set_xlabel(textwrap.fill(text("turnout_denominator", language), 40))
    share_axis(axes, language)
    drawn = rows.assign(label=[name.replace("\n", ", ") for name in names], total=rows["listed"])
    values = joined(zip(rows[f"place_{language}"], shares, strict=True))
    finding = _towns_and_villages(rows, language)
    return told(rows, drawn=drawn, finding=finding, n=str(len(rows)), values=values)


def _draw_turnouts(axes: Axes, shares: pd.Series) -> None:
    axes.hlines(range(len(shares)), 0, shares, color=PALE_GREY, lw=1.2)
    for position, share in enumerate(shares):
        axes.plot(share, position, "o", color=BLUE, ms=8)


def _place_day_and_electorate(row: Any, language: str) -> str:
    place, date = getattr(row, f"place_{language}"), day(row.period_end, language)
    listed = text("no_data", language) if pd.isna(row.listed) else number(row.listed, language)
    return f"{place}, {date}\nn = {listed}"


def _wrapped(name: str) -> str:
    """Return a label of several lines with none of them longer than leaves room for the plot."""
    lines = [textwrap.fill(line, _NAME_LETTERS) for line in name.split("\n")]
    return "\n".join(lines)


def _towns_and_villages(rows: pd.DataFrame, language: str) -> str:
    """Return that turnout in every town found is below that in every rural district found."""
    towns = rows[rows["level"].isin(_TOWNS)]["value"]
    villages = rows[rows["level"] == "rural_district"]["value"]
    if towns.empty or villages.empty or towns.max() >= villages.min():
        return ""
    words = {"town": percent(towns.max(), language), "village": percent(villages.min(), language)}
    return text("later_rural_turnout_finding", language, **words)


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
    'Exactly 3 candidates on a seat in 6 of 8 later elections; 2.3 to 3.8 in 2021'
    """
    rows = candidates_per_seat(frame).sort_values(["period_end", "value"], ignore_index=True)
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=1.9 + 0.3 * len(rows))
    names = [_election_name(row, language) for row in rows.itertuples()]
    labels = [
        f"{number(round(ratio, 1), language)} (n = {number(seats, language)})"
        for ratio, seats in zip(rows["value"], rows["seats"], strict=True)
    ]
    sizes = _LEAST_DOT + _DOT_PER_SEAT * rows["seats"].clip(upper=_MOST_SEATS)
    axes.scatter(rows["value"], range(len(rows)), s=sizes, color=BLUE)
    label_points(axes, rows["value"], labels, size=SMALL_LABEL, offset=11)
    categories(axes, names, size=SMALL_LABEL)
    first_day = pd.Timestamp(first_akim_election("rural").day)
    later = rows[rows["period_end"] > first_day]
    axes.axhline(len(rows) - len(later) - 0.5, color=INK, lw=1)
    axes.set_xlim(0, rows["value"].max() * 1.35)
    axes.set_xlabel(text("candidates_per_seat_title", language))
    values = joined(zip(names, labels, strict=True))
    drawn = rows.assign(label=names, total=rows["seats"])
    earlier = rows[rows["period_end"] <= first_day]
    return told(rows, drawn=drawn, finding=_stops_varying(earlier, later, language), values=values)


def _stops_varying(earlier: pd.DataFrame, later: pd.DataFrame, language: str) -> str:
    """Return how many later elections have the same number of candidates on a seat."""
    if len(earlier) <= 1 or len(later) <= 1:
        return ""
    same = later["value"].round(_SAME).mode().iloc[0]
    words = {
        "n": int((later["value"].round(_SAME) == same).sum()),
        "m": len(later),
        "same": number(round(same, 1), language),
        "low": number(round(earlier["value"].min(), 1), language),
        "high": number(round(earlier["value"].max(), 1), language),
        "year": earlier["period_end"].iloc[0].year,
    }
    return text("candidates_per_seat_finding", language, **words)


def _election_name(row: Any, language: str) -> str:
    is_one_day = row.period_start == row.period_end
    when = day(row.period_end, language) if is_one_day else str(row.period_end.year)
    return f"{getattr(row, f'place_{language}')}, {text(row.office, language)}, {when}"


@chart(ELECTIONS)
def plot_elected_profile(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the shares of women and of the self-nominated among those who stood and those elected.

    Candidates are those of the first wave, the elected those of the first year.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_elected_profile(load_akim_elections()).title
    'Women: 19.9% of candidates, 10.6% of those elected. Self-nominated: 61.8% and 19.7%'
    """
    first_day = first_akim_election("rural").day
    stood = _shares_by_kind(frame, "candidates_registered", first_day)
    won = _shares_by_kind(frame, "akims_elected", _FIRST_YEAR_END)
    rows = pd.concat([stood.assign(step="stood"), won.assign(step="won")])
    if stood.empty or won.empty:
        return nothing(rows)
    axes = canvas.axes(height=2.1 + 0.5 * len(_KINDS))
    table = rows.pivot(index="breakdown_value", columns="step", values="value").reindex(_KINDS)
    lines = range(len(_KINDS))
    axes.hlines(lines, table["stood"], table["won"], color=GREY, lw=1.5)
    series = {step: text(f"profile_{step}", language) for step in ("stood", "won")}
    hollow: Look = {"mfc": "white", "mec": ORANGE, "mew": 1.8}
    axes.plot(table["stood"], lines, "o", ms=8, label=series["stood"], **hollow)
    axes.plot(table["won"], lines, "o", ms=8, label=series["won"], color=BLUE)
    _write_both_ends(axes, table, language)
    legend_above(axes, columns=2, fontsize=SMALL_LABEL)
    names = {kind: text(f"p_{kind}", language) for kind in _KINDS}
    categories(axes, list(names.values()))
    axes.set_ylim(len(_KINDS) - 0.5, -0.8)
    axes.set_xlim(-0.3 if canvas.is_narrow else -0.05, 1)
    axes.set_xticks(QUARTERS)
    share_axis(axes, language)
    labels = [names[kind] for kind in rows["breakdown_value"]]
    drawn = rows.assign(label=labels, series=[series[step] for step in rows["step"]])
    words = _profile_in_words(table, language)
    totals = {step: number(part["total"].iloc[0], language) for step, part in rows.groupby("step")}
    finding = text("elected_profile_finding", language, **words)
    note = _winners_of_parties(frame, language)
    days = {"first": day(first_day, language), "last": day(_FIRST_YEAR_END, language)}
    return told(rows, drawn=drawn, finding=finding, note=note, **totals, **words, **days)


def _shares_by_kind(frame: pd.DataFrame, indicator: str, last: date) -> pd.DataFrame:
    """Return the shares of kinds in a national count of rural akims or candidates to a day."""
    is_rural = (frame["office"] == "rural") & (frame["place_id"] == NATION)
    rows = frame[is_rural & (frame["indicator"] == indicator)]
    rows = rows[rows["period_end"] == pd.Timestamp(last)]
    total = rows[rows["breakdown"] == ""]["value"]
    kinds = rows[rows["breakdown_value"].isin(_KINDS)]
    if len(total) != 1 or len(kinds) != len(_KINDS):
        return rows.iloc[:0]
    whole, counts = total.item(), kinds["value"]
    shares = counts / whole
    rest = {"count": counts, "total": whole, "unit": "share"}
    return kinds.assign(value=shares, low=shares, high=shares, **rest)


def _write_both_ends(axes: Axes, table: pd.DataFrame, language: str) -> None:
    """Write the smaller share of each line at its left and the larger at its right."""
    for line, (_, shares) in enumerate(table.iterrows()):
        low, high = shares.min(), shares.max()
        label_point(axes, (low, line), percent(low, language), offset=-9, ha="right")
        label_point(axes, (high, line), percent(high, language), offset=9)


def _profile_in_words(table: pd.DataFrame, language: str) -> dict[str, str]:
    return {
        f"{kind}_{step}": percent(table.loc[kind, step], language)
        for kind in _KINDS
        for step in ("stood", "won")
    }


def _winners_of_parties(frame: pd.DataFrame, language: str) -> str:
    """Return how many winners of the first wave the parties leave to the self-nominated."""
    first_day = pd.Timestamp(first_akim_election("rural").day)
    is_first = (frame["period_end"] == first_day) & (frame["place_id"] == NATION)
    rural = frame[is_first & (frame["office"] == "rural")]
    winners = rural[(rural["indicator"] == "akims_elected") & (rural["breakdown"] != "")]
    seats = rural[(rural["indicator"] == "seats_contested") & (rural["breakdown"] == "")]
    if winners.empty or len(seats) != 1:
        return ""
    parties, whole = winners["value"].sum(), seats["value"].item()
    words = {
        "day": day(first_day, language),
        "parties": number(parties, language),
        "seats": number(whole, language),
        "rest": number(whole - parties, language),
    }
    return text("elected_profile_note", language, **words)


@chart(ELECTIONS)
def plot_district_elections_2023(
    canvas: Canvas, frame: pd.DataFrame, *, language: str = "en"
) -> Told:
    """Draw turnout in the first direct elections of district akims.

    Only some districts of a region voted: the number of akims elected there stands beside its name.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_district_elections_2023(load_akim_elections()).title
    'Turnout ran from 48.7% (Kostanay Region, 5 akims) to 67.6% (Karaganda Region, 3 akims)'
    """
    first_day = pd.Timestamp(first_akim_election("district").day)
    on_that_day = (frame["office"] == "district") & (frame["period_end"] == first_day)
    elections = frame[on_that_day]
    rows = single_election_turnout(elections)
    rows = rows.sort_values("value", ascending=False, ignore_index=True)
    nation = rows[rows["place_id"] == NATION]["value"]
    if rows.empty or nation.empty:
        return nothing(rows)
    axes = canvas.axes(height=2.0 + NARROW_ROW * len(rows))
    rows = _with_akims_beside_regions(rows, elections, language)
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
    places = rows[rows["place_id"] != NATION].sort_values("value")
    ends = ends_in_words(places, language) if len(places) > 1 else {}
    finding = text("turnout_range_finding", language, **ends) if ends else ""
    levels = _levels_in_words(places, language)
    words = {"n": n, "nation": nation_share, "values": values, "levels": levels}
    return told(rows, drawn=drawn, finding=finding, **words)


def _with_akims_beside_regions(
    rows: pd.DataFrame, elections: pd.DataFrame, language: str
) -> pd.DataFrame:
    """Return the rows with the number of akims elected beside the name of each larger place."""
    is_seats = (elections["indicator"] == "seats_contested") & (elections["breakdown"] == "")
    seats = elections[is_seats].set_index("place_id")["value"]
    names = []
    for row in rows.itertuples():
        name = getattr(row, f"place_{language}")
        is_one_seat = row.level not in _WITH_SEVERAL_SEATS
        known = None if is_one_seat else seats.get(row.place_id)
        akims = "" if known is None else ", " + counted("n_akims", int(known), language)
        names.append(name + akims)
    return rows.assign(**{f"place_{language}": names})


def _levels_in_words(places: pd.DataFrame, language: str) -> str:
    """Return how many regions stand beside how many single districts, if both do."""
    is_region = places["level"] == "region"
    regions, districts = places[is_region], places[~is_region]
    if regions.empty or districts.empty:
        return ""
    is_inside = districts["region_id"].isin(regions["place_id"])
    counts = {"regions": len(regions), "districts": len(districts), "inside": int(is_inside.sum())}
    return " " + text("district_levels", language, **counts)
