"""Charts of what surrounds the figures: neighbours, coverage, law, one district."""

from __future__ import annotations

import textwrap

import pandas as pd

from analysis import stats
from analysis.charts.theme import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    Chart,
    count_axis,
    finish,
    known_values,
    new_chart,
    no_data,
    percent_axis,
)
from analysis.charts.votes import REGIONS_2022
from analysis.derive.comparisons import (
    COUNTRIES,
    RURAL_DAY,
    WITH_ERRORS,
    beside_neighbours,
    published_errors,
)
from analysis.derive.coverage import openness_sentence
from analysis.locale import day, number, percent, text

INDICES = (
    "e_participation_index",
    "obs_transparency_score",
    "wgi_voice_accountability_estimate",
    "cpi_score",
)
MILESTONES = (
    "2020-06-29", "2021-05-24", "2021-07-01", "2021-07-25", "2022-03-03", "2022-05-03", "2023-11-05", "2023-11-20",
    "2024-04-04", "2025-10-12",
)  # fmt: skip


@known_values
def plot_neighbours(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw four indices for Kazakhstan among seven comparators, with the published 90 % intervals.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_context(since=2012)` gives it.
    language : {"en", "kk", "ru"}
    """
    rows = frame[
        frame["indicator"].isin(INDICES)
        & frame["place_id"].isin(COUNTRIES)
        & (frame["breakdown"] == "")
    ]
    if rows.empty or not (rows["place_id"] == "KZ").any():
        return no_data(key="context", rows=rows, language=language)
    chart, panels = new_chart(height=5.6, rows=2, columns=2)
    said = []
    for axes, index in zip(panels.flat, INDICES, strict=True):
        wide = rows[rows["indicator"] == index].pivot_table(
            index="period_end", columns="place_id", values="value"
        )
        for country in wide.columns.drop("KZ", errors="ignore"):
            axes.plot(wide[country].dropna(), color="#B8BEC8", lw=1, marker=".", ms=3)
        band = published_errors(frame[frame["place_id"] == "KZ"], index).droplevel("place_id")
        axes.fill_between(band.index, band["low"], band["high"], color=BLUE, alpha=0.2, lw=0)
        if "KZ" in wide:
            own = wide["KZ"].dropna()
            axes.plot(own, color=BLUE, lw=2.2, marker="o", ms=4)
            last = number(round(own.iloc[-1], 2), language)
            axes.annotate(
                last,
                (own.index[-1], own.iloc[-1]),
                (5, 0),
                textcoords="offset points",
                size=8,
                va="center",
                color=BLUE,
            )
            said.append(f"{text(index, language)} — {last} ({own.index[-1].year})")
        axes.set_title(text(index, language), size=8.5, loc="left")
        axes.set_xlim(pd.Timestamp("2012-06-01"), pd.Timestamp("2027-06-01"))
        axes.set_xticks(
            [pd.Timestamp(y, 12, 31) for y in (2013, 2017, 2021, 2025)],
            ["2013", "2017", "2021", "2025"],
        )
        axes.locator_params(axis="y", nbins=4)
        axes.yaxis.set_major_formatter(lambda value, _: number(round(value, 2), language))
    return finish(chart, key="context", rows=rows, language=language, values="; ".join(said))


@known_values
def plot_distances(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw how far neighbours lie from Kazakhstan in indices whose standard errors are published.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_context(since=2012)` gives it.
    language : {"en", "kk", "ru"}
    """
    tables = {index: beside_neighbours(frame, index, language=language) for index in WITH_ERRORS}
    tables = {index: table for index, table in tables.items() if len(table) > 1}
    years = {str(year) for table in tables.values() for year in table["year"]}
    shown = frame["indicator"].isin(tables) & frame["place_id"].isin(COUNTRIES)
    rows = frame[shown & frame["period_end"].dt.year.astype(str).isin(years)]
    if not tables:
        return no_data(key="distance", rows=rows, language=language, year="")
    others = list(next(iter(tables.values())).index[1:])
    chart, panels = new_chart(height=3.9, columns=len(tables), sharey=True, squeeze=False)
    said = []
    for axes, (index, found) in zip(panels[0], tables.items(), strict=True):
        table = stats.distances(
            found["estimate"], found["se"], reference=found.index[0]
        ).table.reindex(others)
        axes.axvline(0, color=BLUE, lw=1.4)
        axes.hlines(range(len(others)), table["low"], table["high"], color=GREY, lw=1.5)
        for position, row in enumerate(table.itertuples()):
            axes.plot(
                row.difference,
                position,
                "o",
                mfc=INK if row.p_adjusted < 0.05 else "white",
                mec=INK,
                mew=1.4,
                ms=6,
            )
        axes.set_title(textwrap.fill(text(index, language), 20), size=8, loc="left")
        axes.tick_params(axis="x", labelsize=7)
        axes.locator_params(axis="x", nbins=4)
        axes.xaxis.set_major_formatter(
            lambda value, _: number(round(value, 1), language).replace("-", "\N{MINUS SIGN}")
        )
        said.append(f"{text(index, language)} — {int((table['p_adjusted'] < 0.05).sum())}")
    panels[0][0].set_yticks(range(len(others)), others, size=8)
    panels[0][0].set_ylim(len(others) - 0.5, -0.5)
    return finish(
        chart,
        key="distance",
        rows=rows,
        language=language,
        values="; ".join(said),
        year=", ".join(sorted(years)),
    )


@known_values
def plot_coverage(cells: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw what is published by region, year and item.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `analysis.coverage()` gives it.
    language : {"en", "kk", "ru"}
    """
    if cells.empty:
        return no_data(key="published", rows=cells, language=language)
    columns = cells[["item", "year"]].drop_duplicates().reset_index(drop=True)
    places = [p for p in ["KZ", *REGIONS_2022] if p in set(cells["place_id"])]
    gaps = columns["item"].map({item: i for i, item in enumerate(columns["item"].unique())})
    chart, axes = new_chart(height=6.8)
    at = {
        (c.item, c.year): i + 0.7 * gap
        for i, (c, gap) in enumerate(zip(columns.itertuples(), gaps, strict=True))
    }
    x = pd.Series([at[key] for key in zip(cells["item"], cells["year"], strict=True)], cells.index)
    y = cells["place_id"].map(places.index)
    square = {"marker": "s", "ms": 6, "mec": BLUE, "mew": 1.4}
    marks = {
        "not_found": {"marker": ".", "ms": 3, "color": GREY},
        "partial": square | {"mfc": "white"},
        "final": square | {"mfc": BLUE},
    }
    for status, mark in marks.items():
        shown = cells["status"] == status
        axes.plot(x[shown], y[shown], linestyle="", **mark)
    names = cells.drop_duplicates("place_id").set_index("place_id")[f"place_{language}"]
    axes.set_yticks(range(len(places)), [names[p] for p in places], size=8)
    axes.set_xticks(
        list(at.values()),
        [
            str(y % 100) if i % 2 == 0 else ""
            for _, years in columns.groupby("item", sort=False)["year"]
            for i, y in enumerate(years)
        ],
        size=7,
    )
    for item in columns["item"].unique():
        middle = sum(x for (i, _), x in at.items() if i == item) / sum(i == item for i, _ in at)
        axes.text(middle, -1.3, text(f"item_{item}", language), ha="center", size=7.5)
    axes.set_ylim(len(places) - 0.4, -1.8)
    axes.grid(visible=False)
    return finish(
        chart, key="published", rows=cells, language=language, cells=str(len(cells)),
        final=str((cells["status"] == "final").sum()), partial=str((cells["status"] == "partial").sum()),
    )  # fmt: skip


@known_values
def plot_disagreements(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw how many values are printed once, agree, or differ, by data set.

    Parameters
    ----------
    frame : pandas.DataFrame
        Series of several data sets with a column `dataset`.
    language : {"en", "kk", "ru"}
    """
    if frame.empty:
        return no_data(key="disagree", rows=frame, language=language)
    kind = (
        pd.Series("d_same", index=frame.index)
        .where(frame["n_figures"] > 1, "d_once")
        .where(frame["agree"], "d_differ")
    )
    counts = pd.crosstab(frame["dataset"], kind).reindex(
        columns=["d_once", "d_same", "d_differ"], fill_value=0
    )
    chart, axes = new_chart(height=3.6)
    left = pd.Series(0, index=counts.index)
    names = [text(f"ds_{name}", language) for name in counts.index]
    for column, face, hatch in zip(
        counts, ("#C9D1DB", BLUE, ORANGE), ("", "", "////"), strict=True
    ):
        axes.barh(
            names,
            counts[column],
            left=left,
            color=face,
            hatch=hatch,
            edgecolor="white",
            label=text(column, language),
        )
        left = left + counts[column]
    for position, (total, differ) in enumerate(zip(left, counts["d_differ"], strict=True)):
        axes.annotate(
            f"{differ} / {total}",
            (total, position),
            (5, 0),
            textcoords="offset points",
            va="center",
            size=8,
        )
    axes.legend(
        loc="lower center",
        bbox_to_anchor=(0.4, 1.0),
        ncols=3,
        frameon=False,
        fontsize=7.5,
        columnspacing=1,
    )
    axes.set_xlim(0, left.max() * 1.15)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(text("count", language))
    count_axis(axes, language)
    values = "; ".join(
        f"{n} — {d} / {t}" for n, d, t in zip(names, counts["d_differ"], left, strict=True)
    )
    return finish(chart, key="disagree", rows=frame, language=language, values=values)


@known_values
def plot_timeline(events: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw the steps of law and practice that the figures have to be read against.

    Parameters
    ----------
    events : pandas.DataFrame
        As `load_events()` gives it.
    language : {"en", "kk", "ru"}
    """
    rows = events[events["date"].isin(MILESTONES)].drop_duplicates("date").sort_values("date")
    if rows.empty:
        return no_data(key="timeline", rows=rows, language=language)
    chart, axes = new_chart(height=1.9 + 0.36 * len(rows))
    dates = pd.to_datetime(rows["date"])
    axes.vlines(dates, range(len(rows)), len(rows) - 0.5, color="#D5DAE1", lw=1)
    axes.plot(dates, range(len(rows)), "o", color=BLUE, ms=7)
    middle = pd.Timestamp("2022-10-01")
    for position, (when, name) in enumerate(zip(dates, rows["date"], strict=True)):
        side, offset = ("left", 8) if when < middle else ("right", -8)
        label = f"{day(when, language)}: {text(f'ev_{name}', language)}"
        axes.annotate(label, (when, position), (offset, 0), textcoords="offset points", va="center", ha=side, size=8,
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
    axes.set_xlim(pd.Timestamp("2020-01-01"), pd.Timestamp("2026-04-01"))
    axes.set_ylim(len(rows) - 0.5, -0.6)
    axes.set_yticks([])
    axes.set_xticks(
        [pd.Timestamp(y, 1, 1) for y in range(2020, 2027)], [str(y) for y in range(2020, 2027)]
    )
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    return finish(
        chart, key="timeline", rows=rows, language=language, n=str(len(rows)),
        first=day(dates.min(), language), last=day(dates.max(), language),
    )  # fmt: skip


@known_values
def plot_alakol(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw all that is known of Alakol district's elections, and what was not found.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_akim_elections()` gives it.
    language : {"en", "kk", "ru"}
    """
    own = frame[frame["place_id"] == "333400000"]
    if own.empty:
        return no_data(key="alakol", rows=own, language=language)
    known = {
        "a_elected": own[(own["indicator"] == "akims_elected") & (own["measure"] == "cumulative")],
        "a_elected_2024": own[
            (own["indicator"] == "akims_elected") & (own["period_start"] == "2024-01-01")
        ],
        "a_seats": own[
            (own["indicator"] == "seats_contested") & (own["period_end"] == "2021-07-25")
        ],
        "a_rural_districts": own[own["indicator"] == "rural_districts"],
        "a_turnout": own[own["indicator"] == "turnout_share"],
        "a_candidates": own[own["indicator"].str.startswith("candidates")],
    }
    rows = pd.concat(known.values())
    lines = [
        (text(key, language), number(r["value"].iloc[0], language) if len(r) else "–")
        for key, r in known.items()
    ]
    lines += [(text("a_appeals", language), "–"), (text("a_meetings", language), "–")]
    chart, axes = new_chart(height=1.9 + 0.3 * len(lines))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    for position, (name, value) in enumerate(lines):
        axes.text(
            0.14,
            position,
            value,
            ha="right",
            va="center",
            size=13,
            weight="bold",
            color=GREY if value == "–" else BLUE,
        )
        axes.text(0.18, position, name, va="center", size=10, color=INK)
    values = "; ".join(f"{name} — {value}" for name, value in lines if value != "–")
    return finish(chart, key="alakol", rows=rows, language=language, values=values)


@known_values
def plot_openness_profile(
    cells: pd.DataFrame,
    turnout: pd.DataFrame,
    elections: pd.DataFrame,
    meetings: pd.DataFrame,
    *,
    language: str = "en",
) -> Chart:
    """Draw what is really published of each region beside how much of it was found: a profile, not an index.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `analysis.coverage()` gives it.
    turnout, elections, meetings : pandas.DataFrame
        As `load_turnout()`, `load_akim_elections()` and `load_meetings()` give them.
    language : {"en", "kk", "ru"}
    """
    cells = cells[cells["place_id"].isin(REGIONS_2022)]
    if cells.empty:
        return no_data(key="openness", rows=cells, language=language, said="")
    found = cells["status"].ne("not_found").groupby(cells["place_id"]).mean()
    rural = elections[
        (elections["indicator"] == "turnout_share")
        & (elections["office"] == "rural")
        & (elections["period_end"] == RURAL_DAY)
    ]
    vote = turnout[turnout["vote"] == "referendum_2024"]
    resolved = meetings[
        (meetings["indicator"] == "meeting_questions_resolved_share")
        & (meetings["period_start"] == "2022-01-01")
    ]
    shown = {
        "op_coverage": found,
        "op_rural": rural.set_index("place_id")["value"],
        "op_vote": vote.set_index("place_id")["value"],
        "op_resolved": resolved.drop_duplicates("place_id").set_index("place_id")["value"],
    }
    plotted = [
        part[part["place_id"].isin(REGIONS_2022)]
        for part in (rural, vote, resolved.drop_duplicates("place_id"))
    ]
    rows = pd.concat([cells, *(part for part in plotted if len(part))], ignore_index=True)
    places = list(REGIONS_2022)
    chart, panels = new_chart(height=6.4, columns=4, sharey=True)
    for axes, (key, values) in zip(panels, shown.items(), strict=True):
        known = values.reindex(places)
        axes.plot(
            known,
            range(len(places)),
            "s" if key == "op_coverage" else "o",
            color=ORANGE if key == "op_coverage" else BLUE,
            ms=6,
        )
        for position, value in enumerate(known):
            if pd.isna(value):
                axes.text(0.5, position, "–", ha="center", va="center", color=GREY, size=8,
                          bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
        axes.set_title(
            textwrap.fill(text(key, language), 16, break_long_words=False), size=8, loc="left"
        )
        axes.tick_params(axis="x", labelsize=7)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1])
        percent_axis(axes, language)
    panels[0].set_yticks(range(len(places)), [REGIONS_2022[p][language] for p in places], size=8)
    panels[0].set_ylim(len(places) - 0.5, -0.5)
    return finish(
        chart, key="openness", rows=rows, language=language, said=openness_sentence(cells, language=language),
        low=percent(found.min(), language, digits=0), high=percent(found.max(), language, digits=0),
    )  # fmt: skip
