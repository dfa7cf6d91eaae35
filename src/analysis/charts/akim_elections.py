"""Charts of direct elections of akims."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import ELECTIONS, of_indicator, of_nation, without_nation
from analysis.charts.parts import (
    QUARTERS,
    categories,
    count_axis,
    count_label,
    dots,
    ends_in_words,
    label_point,
    label_points,
    legend_above,
    numbers,
    percents,
    share_axis,
)
from analysis.charts.style import (
    BLUE,
    GREY,
    HOLLOW,
    INK,
    MARKERS,
    NARROW_ROW,
    ORANGE,
    PALE_GREY,
    PHONE_WIDTH,
    SMALL_LABEL,
    WIDTH,
)
from analysis.derive.turnout import candidates_per_seat, single_election_turnout
from analysis.locale import counted, day, number, percent, text
from analysis.reference import first_akim_election

_NAME_LETTERS = 40  # of a line beside the plot
_POSTS_LETTERS = 24  # of a line above the plot, on a phone
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
    place : str, optional
        The region to stand out, in the borders of 2021; the chart then fits a phone.

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_rural_turnout_2021(load_akim_elections()).key
    'rural_turnout_2021'
    """
    first_day = _first_day("rural")
    rows = _turnout_on(first_day, frame)
    regions, nation = without_nation(rows), of_nation(rows)
    if regions.empty or nation.empty:
        return nothing(rows)
    share = nation["value"].item()
    is_for_phone = place is not None
    height, width = (5.6, PHONE_WIDTH) if is_for_phone else (5.2, WIDTH)
    axes = canvas.axes(height=height, width=width)
    _draw_ranges(axes, regions, language, place)
    _draw_national_line(axes, share, len(regions), language, is_centred=canvas.is_narrow)
    axes.set_ylim(-0.6, len(regions))
    axes.set_xlim(0.6, 0.97)
    denominator = text("turnout_denominator", language)
    letters = 40 if is_for_phone else 70
    axes.set_xlabel(textwrap.fill(denominator, letters))
    share_axis(axes, language)
    drawn = rows.assign(label=rows[f"place_{language}"])
    ends = ends_in_words(regions, language)
    finding = text("turnout_range_finding", language, **ends) if len(regions) > 1 else ""
    words = {"nation": percent(share, language), "day": day(first_day, language), **ends}
    return told(rows, drawn=drawn, finding=finding, **words)


def _first_day(office: str) -> pd.Timestamp:
    """Return the day on which akims of an office were first elected directly."""
    election = first_akim_election(office)
    return pd.Timestamp(election.day)


def _turnout_on(first_day: pd.Timestamp, frame: pd.DataFrame) -> pd.DataFrame:
    """Return rural turnout of the nation and the regions on a day, the lowest first."""
    turnout = of_indicator(frame, "turnout_share")
    is_rural = turnout["office"] == "rural"
    rural = turnout[is_rural]
    is_then = rural["period_end"] == first_day
    then = rural[is_then]
    levels = then["level"]
    is_shown = levels.isin(["region", "national"])
    rows = then[is_shown]
    return rows.sort_values("value")


def _draw_national_line(
    axes: Axes, share: float, n: int, language: str, *, is_centred: bool
) -> None:
    """Draw the national share through the lines of n regions, with its name above them."""
    axes.axvline(share, color=GREY, ls="--", lw=1.2)
    nation = text("nation", language)
    label = f"{nation} {percent(share, language)}"
    top = (share, n - 0.4)
    side, offset = ("center", 0) if is_centred else ("right", -4)
    label_point(axes, top, label, offset=offset, size=SMALL_LABEL, ha=side)


def _draw_ranges(axes: Axes, regions: pd.DataFrame, language: str, place: str | None) -> None:
    lines = range(len(regions))
    values = regions["value"]
    axes.hlines(lines, regions["low"], regions["high"], color=ORANGE, lw=5)
    axes.plot(values, lines, "o", color=BLUE, ms=7)
    places = regions["place_id"].tolist()
    if place in places:
        own = places.index(place)
        axes.axhspan(own - 0.5, own + 0.5, color=BLUE, alpha=0.13, lw=0)
    shares = percents(values, language)
    label_points(axes, values, shares, size=SMALL_LABEL)
    axes.set_yticks(lines, regions[f"place_{language}"])
    axes.grid(visible=False, axis="y")


@chart(ELECTIONS)
def plot_akims_elected(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the stated counts of rural akims elected so far, unjoined, beside the number of posts.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` returns it.

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_akims_elected(load_akim_elections()).key
    'akims_elected'
    """
    elected, posts = _elected_and_posts(frame)
    rows = pd.concat([elected, posts])
    if elected.empty or posts.empty:
        return nothing(rows)
    axes = canvas.axes(height=1.9 + NARROW_ROW * len(elected))
    least, most = posts["low"].min(), posts["high"].max()
    for position, row in enumerate(elected.itertuples()):
        is_right = canvas.is_narrow or row.value > most
        _draw_elected(axes, position, row, language, is_right=is_right)
    total = _draw_posts(axes, least, most, language, is_narrow=canvas.is_narrow)
    days = [day(end, language) for end in elected["period_end"]]
    lines = range(len(days))
    axes.set_yticks(lines, days)
    axes.set_ylim(len(days) - 0.5, -1.2)
    axes.set_xlim(0, 5600 if canvas.is_narrow else 3600)
    axes.set_xlabel(text("count", language))
    count_axis(axes, language)
    counts = numbers(elected["value"], language)
    values = joined(days, counts)
    named, posts_named = elected.assign(label=days), posts.assign(label=text("posts", language))
    drawn = pd.concat([named, posts_named])
    is_above = elected["value"] > most
    n_above = int(is_above.sum())
    words = {"n": n_above, "m": len(elected), "posts": total}
    finding = text("akims_elected_finding", language, **words) if n_above else ""
    return told(rows, drawn=drawn, finding=finding, posts=total, values=values)


def _elected_and_posts(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the national totals of rural akims elected so far, by day, and of their posts."""
    is_rural = frame["office"] == "rural"
    rural = of_nation(frame[is_rural])
    is_total = rural["breakdown"] == ""
    totals = rural[is_total]
    elected = of_indicator(totals, "akims_elected")
    is_so_far = elected["measure"] == "cumulative"
    so_far = elected[is_so_far]
    posts = of_indicator(totals, "akim_posts_total")
    return so_far.sort_values("period_end"), posts


def _draw_posts(axes: Axes, least: float, most: float, language: str, *, is_narrow: bool) -> str:
    """Draw the range of the number of posts and return it in words."""
    axes.axvspan(least, most, color=ORANGE, lw=2)
    low = number(least, language)
    high = number(most, language)
    total = f"{low}–{high}"
    posts = text("posts", language)
    label = f"{posts}: {total}"
    side, offset = ("left", 4) if is_narrow else ("right", -4)
    above = (least, -0.75)
    wrapped = textwrap.fill(label, _POSTS_LETTERS) if is_narrow else label
    label_point(axes, above, wrapped, offset=offset, size=SMALL_LABEL, ha=side)
    return total


def _draw_elected(axes: Axes, line: int, row: Any, language: str, *, is_right: bool) -> None:
    """Draw a count with its label on one side."""
    count = row.value
    marker = MARKERS[row.precision]
    axes.plot(count, line, marker, color=BLUE, ms=8)
    side = "left" if is_right else "right"
    offset = 9 if is_right else -9
    label = _count_and_precision(row, language)
    point = (count, line)
    label_point(
        axes,
        point,
        label,
        offset=offset,
        ha=side,
        size=SMALL_LABEL,
    )


def _count_and_precision(row: Any, language: str) -> str:
    label = count_label(row, language)
    if row.precision != "rounded":
        return label
    rounded = text("rounded", language)
    return f"{label} ({rounded})"


@chart(ELECTIONS)
def plot_later_rural_turnout(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the few rural turnouts found after July 2021, each with its electorate.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` returns it.

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_later_rural_turnout(load_akim_elections()).title
    'Turnout in the towns found is at most 30.1%, in the rural districts found at least 58.3%'
    """
    is_rural = frame["office"] == "rural"
    is_later = frame["period_start"] > _first_day("rural")
    found = single_election_turnout(frame[is_rural & is_later])
    rows = found.sort_values("listed", ignore_index=True)
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=2.0 + 0.62 * len(rows))
    shares = percents(rows["value"], language)
    _draw_turnouts(axes, rows["value"])
    label_points(axes, rows["value"], shares, size=SMALL_LABEL)
    names = [_place_day_and_electorate(row, language) for row in rows.itertuples()]
    wrapped = [_wrapped(name) for name in names]
    axes.set_yticks(range(len(rows)), wrapped, size=SMALL_LABEL)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 1.05)
    axes.set_xticks(QUARTERS)
    denominator = text("turnout_denominator", language)
    axes.set_xlabel(textwrap.fill(denominator, 40))
    share_axis(axes, language)
    labels = [name.replace("\n", ", ") for name in names]
    drawn = rows.assign(label=labels, total=rows["listed"])
    values = joined(rows[f"place_{language}"], shares)
    finding = _towns_and_villages(rows, language)
    return told(rows, drawn=drawn, finding=finding, n=str(len(rows)), values=values)


def _draw_turnouts(axes: Axes, shares: pd.Series) -> None:
    n = len(shares)
    lines = range(n)
    axes.hlines(lines, 0, shares, color=PALE_GREY, lw=1.2)
    for line in lines:
        share = shares.iloc[line]
        axes.plot(share, line, "o", color=BLUE, ms=8)


def _place_day_and_electorate(row: Any, language: str) -> str:
    place = getattr(row, f"place_{language}")
    held = day(row.period_end, language)
    listed = text("no_data", language)
    if pd.notna(row.listed):
        listed = number(row.listed, language)
    return f"{place}, {held}\nn = {listed}"


def _wrapped(name: str) -> str:
    """Return a label of several lines with none of them longer than leaves room for the plot."""
    lines = []
    for line in name.split("\n"):
        shorter = textwrap.fill(line, _NAME_LETTERS)
        lines.append(shorter)
    return "\n".join(lines)


def _towns_and_villages(rows: pd.DataFrame, language: str) -> str:
    """Return that turnout in every town found is below that in every rural district found."""
    is_town = rows["level"].isin(_TOWNS)
    is_village = rows["level"] == "rural_district"
    towns, villages = rows[is_town]["value"], rows[is_village]["value"]
    if towns.empty or villages.empty:
        return ""
    most, least = towns.max(), villages.min()
    if most >= least:
        return ""
    town, village = percents([most, least], language)
    return text("later_rural_turnout_finding", language, town=town, village=village)


@chart(ELECTIONS)
def plot_candidates_per_seat(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw candidates registered per seat, where both are published for one election.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` returns it.

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_candidates_per_seat(load_akim_elections()).title
    'Exactly 3 candidates on a seat in 6 of 8 later elections; 2.3 to 3.8 in 2021'
    """
    found = candidates_per_seat(frame)
    rows = found.sort_values(["period_end", "value"], ignore_index=True)
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=1.9 + 0.3 * len(rows))
    names = [_election_name(row, language) for row in rows.itertuples()]
    labels = [_ratio_and_seats(row, language) for row in rows.itertuples()]
    seats = rows["seats"].clip(upper=_MOST_SEATS)
    sizes = _LEAST_DOT + _DOT_PER_SEAT * seats
    axes.scatter(rows["value"], range(len(rows)), s=sizes, color=BLUE)
    label_points(axes, rows["value"], labels, size=SMALL_LABEL, offset=11)
    categories(axes, names, size=SMALL_LABEL)
    is_later = rows["period_end"] > _first_day("rural")
    earlier, later = rows[~is_later], rows[is_later]
    axes.axhline(len(earlier) - 0.5, color=INK, lw=1)
    axes.set_xlim(0, rows["value"].max() * 1.35)
    axes.set_xlabel(text("candidates_per_seat_title", language))
    drawn = rows.assign(label=names, total=rows["seats"])
    values = joined(names, labels)
    finding = _stops_varying(earlier, later, language)
    return told(rows, drawn=drawn, finding=finding, values=values)


def _ratio_and_seats(row: Any, language: str) -> str:
    ratio = round(row.value, 1)
    seats = row.seats
    candidates = number(ratio, language)
    contested = number(seats, language)
    return f"{candidates} (n = {contested})"


def _stops_varying(earlier: pd.DataFrame, later: pd.DataFrame, language: str) -> str:
    """Return how many later elections have the same number of candidates on a seat."""
    if len(earlier) <= 1 or len(later) <= 1:
        return ""
    ratios = later["value"].round(_SAME)
    same = ratios.mode().iloc[0]
    n_same = (ratios == same).sum()
    before = earlier["value"]
    ends = [same, before.min(), before.max()]
    rounded = [round(ratio, 1) for ratio in ends]
    written = dict(zip(("same", "low", "high"), numbers(rounded, language), strict=True))
    year = earlier["period_end"].iloc[0].year
    counts = {"n": int(n_same), "m": len(later)}
    return text("candidates_per_seat_finding", language, year=year, **counts, **written)


def _election_name(row: Any, language: str) -> str:
    place = getattr(row, f"place_{language}")
    office = text(row.office, language)
    last = row.period_end
    is_one_day = row.period_start == last
    when = last.year
    if is_one_day:
        when = day(last, language)
    return f"{place}, {office}, {when}"


@chart(ELECTIONS)
def plot_elected_profile(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the shares of women and of the self-nominated among those who stood and those elected.

    Candidates are those of the first wave, the elected those of the first year.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` returns it.

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_elected_profile(load_akim_elections()).title
    'Women: 19.9% of candidates, 10.6% of those elected. Self-nominated: 61.8% and 19.7%'
    """
    first_day = _first_day("rural")
    stood = _shares_by_kind(frame, "candidates_registered", first_day)
    won = _shares_by_kind(frame, "akims_elected", _FIRST_YEAR_END)
    rows = pd.concat([stood.assign(step="stood"), won.assign(step="won")])
    if stood.empty or won.empty:
        return nothing(rows)
    axes = canvas.axes(height=2.1 + 0.5 * len(_KINDS))
    wide = rows.pivot(index="breakdown_value", columns="step", values="value")
    table = wide.reindex(_KINDS)
    series = {step: text(f"profile_{step}", language) for step in ("stood", "won")}
    _draw_profile(axes, table, series, language)
    names = {kind: text(f"p_{kind}", language) for kind in _KINDS}
    categories(axes, list(names.values()))
    axes.set_ylim(len(_KINDS) - 0.5, -0.8)
    axes.set_xlim(-0.3 if canvas.is_narrow else -0.05, 1)
    axes.set_xticks(QUARTERS)
    share_axis(axes, language)
    labels, steps = rows["breakdown_value"].map(names), rows["step"].map(series)
    drawn = rows.assign(label=labels, series=steps)
    words = _profile_in_words(table, language)
    finding = text("elected_profile_finding", language, **words)
    note = _winners_of_parties(frame, language)
    totals = {step: number(part["total"].iloc[0], language) for step, part in rows.groupby("step")}
    days = {"first": day(first_day, language), "last": day(_FIRST_YEAR_END, language)}
    return told(rows, drawn=drawn, finding=finding, note=note, **totals, **words, **days)


def _draw_profile(axes: Axes, table: pd.DataFrame, series: dict[str, str], language: str) -> None:
    """Draw the share of each kind among those who stood and those who won."""
    lines = range(len(table))
    axes.hlines(lines, table["stood"], table["won"], color=GREY, lw=1.5)
    axes.plot(table["stood"], lines, "o", ms=8, label=series["stood"], **HOLLOW)
    axes.plot(table["won"], lines, "o", ms=8, label=series["won"], color=BLUE)
    _write_both_ends(axes, table, language)
    legend_above(axes, columns=2, fontsize=SMALL_LABEL)


def _shares_by_kind(frame: pd.DataFrame, indicator: str, last: pd.Timestamp) -> pd.DataFrame:
    """Return the shares of kinds in a national count of rural akims or candidates to a day."""
    counts = of_nation(of_indicator(frame, indicator))
    is_rural = counts["office"] == "rural"
    is_last = counts["period_end"] == last
    rows = counts[is_rural & is_last]
    total = rows[rows["breakdown"] == ""]["value"]
    kinds = rows[rows["breakdown_value"].isin(_KINDS)]
    if len(total) != 1 or len(kinds) != len(_KINDS):
        return rows.iloc[:0]
    whole, found = total.item(), kinds["value"]
    shares = found / whole
    return kinds.assign(
        value=shares,
        low=shares,
        high=shares,
        count=found,
        total=whole,
        unit="share",
    )


def _write_both_ends(axes: Axes, table: pd.DataFrame, language: str) -> None:
    """Write the smaller share of each line at its left and the larger at its right."""
    for line, (_, shares) in enumerate(table.iterrows()):
        low = shares.min()
        high = shares.max()
        left = percent(low, language)
        right = percent(high, language)
        label_point(axes, (low, line), left, offset=-9, ha="right")
        label_point(axes, (high, line), right, offset=9)


def _profile_in_words(table: pd.DataFrame, language: str) -> dict[str, str]:
    words = {}
    for kind in _KINDS:
        for step in ("stood", "won"):
            share = table.loc[kind, step]
            words[f"{kind}_{step}"] = percent(share, language)
    return words


def _winners_of_parties(frame: pd.DataFrame, language: str) -> str:
    """Return how many winners of the first wave the parties leave to the self-nominated."""
    first_day = _first_day("rural")
    is_first = frame["period_end"] == first_day
    is_rural = frame["office"] == "rural"
    rural = of_nation(frame[is_first & is_rural])
    is_total = rural["breakdown"] == ""
    winners = of_indicator(rural[~is_total], "akims_elected")
    seats = of_indicator(rural[is_total], "seats_contested")
    if winners.empty or len(seats) != 1:
        return ""
    parties, whole = winners["value"].sum(), seats["value"].item()
    counts = {"parties": parties, "seats": whole, "rest": whole - parties}
    words = {name: number(count, language) for name, count in counts.items()}
    held = day(first_day, language)
    return text("elected_profile_note", language, day=held, **words)


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

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> plot_district_elections_2023(load_akim_elections()).title
    'Turnout ran from 48.7% (Kostanay Region, 5 akims) to 67.6% (Karaganda Region, 3 akims)'
    """
    is_district = frame["office"] == "district"
    is_first = frame["period_end"] == _first_day("district")
    elections = frame[is_district & is_first]
    found = single_election_turnout(elections)
    rows = found.sort_values("value", ascending=False, ignore_index=True)
    nation = of_nation(rows)["value"]
    if rows.empty or nation.empty:
        return nothing(rows)
    axes = canvas.axes(height=2.0 + NARROW_ROW * len(rows))
    rows = _with_akims_beside_regions(rows, elections, language)
    names = rows[f"place_{language}"].tolist()
    labels = percents(rows["value"], language)
    dots(axes, rows["value"], names, labels)
    axes.set_xlim(0, 1)
    axes.set_xlabel(text("turnout_denominator", language))
    share_axis(axes, language)
    drawn = rows.assign(label=names, total=rows["listed"])
    places = without_nation(rows)
    shares = percents(places["value"], language)
    from_lowest = places.sort_values("value")
    ends = ends_in_words(from_lowest, language) if len(places) > 1 else {}
    return told(
        rows,
        drawn=drawn,
        finding=text("turnout_range_finding", language, **ends) if ends else "",
        n=str(len(places)),
        nation=percent(nation.iloc[0], language),
        values=joined(places[f"place_{language}"], shares),
        levels=_levels_in_words(places, language),
    )


def _with_akims_beside_regions(
    rows: pd.DataFrame, elections: pd.DataFrame, language: str
) -> pd.DataFrame:
    """Return the rows with the number of akims elected beside the name of each larger place."""
    totals = elections[elections["breakdown"] == ""]
    contested = of_indicator(totals, "seats_contested")
    seats = contested.set_index("place_id")["value"]
    names = []
    for row in rows.itertuples():
        name = getattr(row, f"place_{language}")
        has_several = row.level in _WITH_SEVERAL_SEATS
        if has_several and row.place_id in seats:
            akims = counted("n_akims", int(seats[row.place_id]), language)
            name = f"{name}, {akims}"
        names.append(name)
    column = f"place_{language}"
    return rows.assign(**{column: names})


def _levels_in_words(places: pd.DataFrame, language: str) -> str:
    """Return how many regions stand beside how many single districts, if both do."""
    is_region = places["level"] == "region"
    regions, districts = places[is_region], places[~is_region]
    if regions.empty or districts.empty:
        return ""
    is_inside = districts["region_id"].isin(regions["place_id"])
    said = text(
        "district_levels",
        language,
        regions=len(regions),
        districts=len(districts),
        inside=int(is_inside.sum()),
    )
    return f" {said}"
