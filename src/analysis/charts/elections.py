"""Charts of direct elections of akims."""

from __future__ import annotations

import textwrap

import pandas as pd

from analysis.charts.theme import (
    BLUE,
    GREY,
    MARKERS,
    ORANGE,
    PHONE_WIDTH,
    Chart,
    count_axis,
    dots,
    finish,
    known_values,
    new_chart,
    no_data,
    percent_axis,
)
from analysis.locale import day, number, percent, text


@known_values
def plot_rural_turnout_2021(
    frame: pd.DataFrame, *, language: str = "en", place: str | None = None
) -> Chart:
    """Draw turnout on 25 July 2021 by region, in the borders of that day.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` gives it.
    language : {"en", "kk", "ru"}
    place : str, optional
        The region to stand out, in the borders of 2021; the chart is then narrow enough for a phone.
    """
    rows = frame[
        (frame["indicator"] == "turnout_share") & (frame["office"] == "rural") & (frame["period_end"] == "2021-07-25")
        & frame["level"].isin(["region", "national"])
    ].sort_values("value")  # fmt: skip
    regions, nation = rows[rows["place_id"] != "KZ"], rows[rows["place_id"] == "KZ"]
    if regions.empty or nation.empty:
        return no_data(key="rural_turnout", rows=rows, language=language)
    chart, axes = (
        new_chart(height=5.2) if place is None else new_chart(height=5.6, width=PHONE_WIDTH)
    )
    places = range(len(regions))
    axes.hlines(places, regions["low"], regions["high"], color=ORANGE, lw=5)
    axes.plot(regions["value"], places, "o", color=BLUE, ms=7)
    if place in set(regions["place_id"]):
        own = regions["place_id"].tolist().index(place)
        axes.axhspan(own - 0.5, own + 0.5, color=BLUE, alpha=0.13, lw=0)
    for position, value in enumerate(regions["value"]):
        axes.annotate(
            percent(value, language),
            (value, position),
            (8, 0),
            textcoords="offset points",
            va="center",
            size=8,
        )
    share = nation["value"].item()
    axes.axvline(share, color=GREY, ls="--", lw=1.2)
    axes.annotate(f"{text('nation', language)} {percent(share, language)}", (share, len(regions) - 0.4), (-4, 0),
                  textcoords="offset points", size=8, va="center", ha="right")  # fmt: skip
    axes.set_yticks(places, regions[f"place_{language}"])
    axes.set_ylim(-0.6, len(regions))
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0.6, 0.97)
    axes.set_xlabel(
        textwrap.fill(text("turnout_denominator", language), 70 if place is None else 40)
    )
    percent_axis(axes, language)
    return finish(
        chart, key="rural_turnout", rows=rows, language=language, nation=percent(share, language),
        low=percent(regions["value"].iloc[0], language), low_place=regions[f"place_{language}"].iloc[0],
        high=percent(regions["value"].iloc[-1], language), high_place=regions[f"place_{language}"].iloc[-1],
    )  # fmt: skip


@known_values
def plot_akims_elected(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw the stated cumulative counts of rural akims elected, unjoined, beside the number of posts.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` gives it.
    language : {"en", "kk", "ru"}
    """
    national = frame[
        (frame["place_id"] == "KZ") & (frame["office"] == "rural") & (frame["breakdown"] == "")
    ]
    elected = national[
        (national["indicator"] == "akims_elected") & (national["measure"] == "cumulative")
    ]
    elected = elected.sort_values("period_end")
    posts = national[national["indicator"] == "akim_posts_total"]
    rows = pd.concat([elected, posts])
    if elected.empty or posts.empty:
        return no_data(key="elected", rows=rows, language=language)
    chart, axes = new_chart(height=1.9 + 0.36 * len(elected))
    labels = []
    for position, row in enumerate(elected.itertuples()):
        axes.plot(row.value, position, MARKERS[row.precision], color=BLUE, ms=8)
        precise = {"rounded": f" ({text('rounded', language)})", "at_least": ""}.get(
            row.precision, ""
        )
        value = number(row.value, language)
        value = (
            text("at_least", language, value=value)
            if row.precision == "at_least"
            else value + precise
        )
        side, offset = ("left", 9) if row.value > posts["high"].max() else ("right", -9)
        axes.annotate(
            value,
            (row.value, position),
            (offset, 0),
            textcoords="offset points",
            va="center",
            ha=side,
            size=8,
        )
        labels.append(day(row.period_end, language))
    axes.axvspan(posts["low"].min(), posts["high"].max(), color=ORANGE, lw=2)
    total = f"{number(posts['low'].min(), language)}–{number(posts['high'].max(), language)}"
    axes.annotate(f"{text('posts', language)}: {total}", (posts["low"].min(), -0.75), (-4, 0),
                  textcoords="offset points", size=8, ha="right", va="center")  # fmt: skip
    axes.set_yticks(range(len(elected)), labels)
    axes.set_ylim(len(elected) - 0.5, -1.2)
    axes.set_xlim(0, 3600)
    axes.set_xlabel(text("count", language))
    count_axis(axes, language)
    values = "; ".join(
        f"{label} — {number(v, language)}"
        for label, v in zip(labels, elected["value"], strict=True)
    )
    return finish(chart, key="elected", rows=rows, language=language, values=values, posts=total)


def _turnouts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return turnouts of single elections with the electorate.

    A turnout is the printed share or, where only counts are printed, voters who took part / voters listed
    (`computed` says which). `listed` is missing where no electorate was found.
    """
    single = frame[(frame["breakdown"] == "") & (frame["period_start"] == frame["period_end"])]
    by = ["place_id", "period_end"]
    listed = single[single["indicator"] == "voters_listed"].set_index(by)
    voted = single[single["indicator"] == "voters_voted"].set_index(by)
    both = voted.join(
        listed[["value", "sources"]].rename(columns={"value": "listed", "sources": "listed_in"}),
        how="inner",
    )
    both["sources"] = [
        " ".join(sorted({*a.split(), *b.split()}))
        for a, b in zip(both["sources"], both["listed_in"], strict=True)
    ]
    both = both.assign(
        value=both["value"] / both["listed"], computed=True, unit="share", indicator="turnout_share"
    )
    both = both.assign(low=both["value"], high=both["value"])
    printed = single[single["indicator"] == "turnout_share"].set_index(by)
    printed = printed.join(listed["value"].rename("listed")).assign(computed=False)
    extra = printed[~printed.index.isin(both.index)]
    return pd.concat([both, extra]).reset_index().sort_values("period_end", ignore_index=True)


@known_values
def plot_later_rural_turnout(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw the few rural turnouts found after July 2021, each with its electorate.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` gives it.
    language : {"en", "kk", "ru"}
    """
    rows = _turnouts(frame[(frame["office"] == "rural") & (frame["period_start"] > "2021-07-25")])
    if rows.empty:
        return no_data(key="later", rows=rows, language=language)
    chart, axes = new_chart(height=2.0 + 0.5 * len(rows))
    names = []
    for position, row in enumerate(rows.itertuples()):
        axes.plot(row.value, position, "o", color=BLUE, ms=8)
        n = text("no_data", language) if pd.isna(row.listed) else number(row.listed, language)
        axes.annotate(
            f"{percent(row.value, language)} (n = {n})",
            (row.value, position),
            (8, 0),
            textcoords="offset points",
            va="center",
            size=8,
        )
        names.append(f"{getattr(row, 'place_' + language)}\n{day(row.period_end, language)}")
    axes.set_yticks(range(len(rows)), names, size=8)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 1.2)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axes.set_xlabel(text("turnout_denominator", language))
    percent_axis(axes, language)
    values = "; ".join(
        f"{name.splitlines()[0]} — {percent(v, language)}"
        for name, v in zip(names, rows["value"], strict=True)
    )
    return finish(chart, key="later", rows=rows, language=language, n=str(len(rows)), values=values)


@known_values
def plot_candidates_per_seat(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw candidates registered on one seat, where seats and candidates of one election day are both printed.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` gives it.
    language : {"en", "kk", "ru"}
    """
    total = frame[(frame["breakdown"] == "") & frame["level"].isin(["national", "region"])]
    by = ["place_id", "office", "period_start", "period_end"]
    seats = total[total["indicator"] == "seats_contested"].set_index(by)
    rows = total[total["indicator"] == "candidates_registered"].set_index(by)
    rows = rows.join(
        seats[["value", "sources"]].rename(columns={"value": "seats", "sources": "seats_in"}),
        how="inner",
    ).reset_index()
    rows = rows[(rows["place_id"] == "KZ") | (rows["period_end"] > "2021-12-31")].sort_values(
        "period_end"
    )
    if rows.empty:
        return no_data(key="perseat", rows=rows, language=language)
    sources = [
        " ".join(sorted({*a.split(), *b.split()}))
        for a, b in zip(rows["sources"], rows["seats_in"], strict=True)
    ]
    rows = rows.assign(
        value=rows["value"] / rows["seats"],
        unit="ratio",
        indicator="candidates_per_seat",
        sources=sources,
    )
    rows = rows.assign(low=rows["value"], high=rows["value"])
    chart, axes = new_chart(height=1.9 + 0.42 * len(rows))
    names = [
        f"{getattr(r, 'place_' + language)}, {text(r.office, language)}, "
        + (
            day(r.period_end, language)
            if r.period_start == r.period_end
            else str(r.period_end.year)
        )
        for r in rows.itertuples()
    ]
    labels = [
        f"{number(round(r.value, 1), language)} (n = {number(r.seats, language)})"
        for r in rows.itertuples()
    ]
    dots(axes, rows["value"], names, labels)
    axes.set_yticks(range(len(names)), names, size=8)
    axes.set_xlim(0, rows["value"].max() * 1.35)
    axes.set_xlabel(text("perseat_title", language))
    values = "; ".join(f"{n} — {v}" for n, v in zip(names, labels, strict=True))
    return finish(chart, key="perseat", rows=rows, language=language, values=values)


@known_values
def plot_elected_profile(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw who was elected in the first year: first-time, self-nominated, women.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` gives it.
    language : {"en", "kk", "ru"}
    """
    year = frame[
        (frame["indicator"] == "akims_elected") & (frame["place_id"] == "KZ") & (frame["office"] == "rural")
        & (frame["period_end"] == "2022-07-29")
    ]  # fmt: skip
    total = year[year["breakdown"] == ""]["value"]
    rows = year[year["breakdown_value"].isin(["first_time", "self", "female"])].sort_values(
        "value", ascending=False
    )
    if rows.empty or total.empty:
        return no_data(key="profile", rows=rows, language=language, total="")
    whole = total.iloc[0]
    chart, axes = new_chart(height=1.9 + 0.42 * len(rows))
    names = [text(f"p_{kind}", language) for kind in rows["breakdown_value"]]
    labels = [f"{percent(v / whole, language)} ({number(v, language)})" for v in rows["value"]]
    dots(axes, rows["value"] / whole, names, labels)
    axes.set_xlim(0, 1)
    percent_axis(axes, language)
    values = "; ".join(f"{n} — {v}" for n, v in zip(names, labels, strict=True))
    return finish(
        chart,
        key="profile",
        rows=rows,
        language=language,
        values=values,
        total=number(whole, language),
    )


@known_values
def plot_district_elections_2023(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw turnout in the district akim elections of 5 November 2023.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` gives it.
    language : {"en", "kk", "ru"}
    """
    rows = _turnouts(frame[(frame["office"] == "district") & (frame["period_end"] == "2023-11-05")])
    rows = rows.sort_values("value", ascending=False, ignore_index=True)
    nation = rows[rows["place_id"] == "KZ"]["value"]
    if rows.empty or nation.empty:
        return no_data(key="district2023", rows=rows, language=language)
    chart, axes = new_chart(height=2.0 + 0.36 * len(rows))
    labels = [percent(v, language) for v in rows["value"]]
    names = rows[f"place_{language}"].tolist()
    dots(axes, rows["value"], names, labels)
    axes.set_xlim(0, 1)
    axes.set_xlabel(text("turnout_denominator", language))
    percent_axis(axes, language)
    values = "; ".join(
        f"{n} — {v}" for n, v, p in zip(names, labels, rows["place_id"], strict=True) if p != "KZ"
    )
    return finish(chart, key="district2023", rows=rows, language=language, values=values, n=str(len(rows) - 1),
                  nation=percent(nation.iloc[0], language))  # fmt: skip
