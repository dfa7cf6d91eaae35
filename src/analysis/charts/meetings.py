"""Charts of report meetings and receptions."""

from __future__ import annotations

import pandas as pd

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
from analysis.locale import number, percent, text

STEPS = ("meetings_held", "meeting_questions_raised", "meeting_questions_resolved")
HOLDERS = ("akims_all_levels", "ministers")


def _year_2022(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[(frame["period_start"] == "2022-01-01") & (frame["period_end"] == "2022-12-31")]


@known_values
def plot_meetings_2022(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw meetings held, questions raised and resolved in 2022, akims and ministers on scales of their own.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_meetings()` gives it.
    language : {"en", "kk", "ru"}
    """
    year = _year_2022(frame)
    rows = year[
        year["indicator"].isin(STEPS)
        & year["breakdown_value"].isin(HOLDERS)
        & (year["place_id"] == "KZ")
    ]
    if rows.empty:
        return no_data(key="meetings_2022", rows=rows, language=language)
    chart, panels = new_chart(height=3.6, columns=2)
    said = {}
    for axes, holder, colour in zip(panels, HOLDERS, (BLUE, ORANGE), strict=True):
        values = (
            rows[rows["breakdown_value"] == holder]
            .set_index("indicator")["value"]
            .reindex(list(STEPS))
            .dropna()
        )
        axes.set_title(text(holder, language), size=9.5, loc="left")
        said[holder] = text("no_data", language)
        if values.empty:
            axes.set_axis_off()
            axes.text(
                0.5,
                0.5,
                text("no_data", language),
                ha="center",
                transform=axes.transAxes,
                color=GREY,
            )
            continue
        names = [text(step, language) for step in values.index]
        axes.barh(names, values, color=colour, height=0.6)
        for position, value in enumerate(values):
            axes.annotate(
                number(value, language),
                (value, position),
                (5, 0),
                textcoords="offset points",
                va="center",
            )
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.set_xlim(0, values.max() * 1.45)
        axes.locator_params(axis="x", nbins=3)
        axes.set_xlabel(text("count", language))
        count_axis(axes, language)
        said[holder] = "; ".join(
            f"{n} — {number(v, language)}" for n, v in zip(names, values, strict=True)
        )
    panels[1].tick_params(labelleft=False)
    return finish(
        chart, key="meetings_2022", rows=rows, language=language,
        akims=said["akims_all_levels"], ministers=said["ministers"],
    )  # fmt: skip


@known_values
def plot_questions_resolved(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw the published shares of questions resolved in 2022.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_meetings()` gives it.
    language : {"en", "kk", "ru"}
    """
    year = _year_2022(frame)
    rows = year[
        (year["indicator"] == "meeting_questions_resolved_share")
        & year["breakdown_value"].isin(HOLDERS)
    ]
    rows = rows.sort_values("value")
    if rows.empty:
        return no_data(key="resolved", rows=rows, language=language)
    chart, axes = new_chart(height=1.9 + 0.36 * len(rows))
    names = [
        f"{name}: {text(holder, language)}"
        for name, holder in zip(rows[f"place_{language}"], rows["breakdown_value"], strict=True)
    ]
    axes.hlines(range(len(rows)), 0, rows["value"], color=GREY, lw=1.2)
    axes.plot(rows["value"], range(len(rows)), "o", color=BLUE, ms=8)
    for position, value in enumerate(rows["value"]):
        axes.annotate(
            percent(value, language),
            (value, position),
            (8, 0),
            textcoords="offset points",
            va="center",
        )
    axes.set_yticks(range(len(rows)), names)
    axes.set_ylim(-0.5, len(rows) - 0.5)
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0, 1.15)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    percent_axis(axes, language)
    values = "; ".join(
        f"{n} — {percent(v, language)}"
        for n, v in zip(names[::-1], rows["value"][::-1], strict=True)
    )
    return finish(chart, key="resolved", rows=rows, language=language, values=values)


@known_values
def plot_meetings_coverage(
    frame: pd.DataFrame, *, language: str = "en", first: int = 2021, last: int = 2025
) -> Chart:
    """Draw how many figures on meetings and receptions were found for each region and year.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_meetings()` gives it.
    language : {"en", "kk", "ru"}
    first, last : int
        Years.
    """
    from analysis.charts.votes import REGIONS_2022

    about = frame["indicator"].str.startswith(("meeting", "citizens_", "reception"))
    rows = frame[
        about
        & frame["region_id"].isin(REGIONS_2022)
        & frame["period_end"].dt.year.between(first, last)
    ]
    years = range(first, last + 1)
    counts = (
        rows.groupby([rows["region_id"], rows["period_end"].dt.year]).size().unstack(fill_value=0)
    )
    counts = counts.reindex(index=list(REGIONS_2022), columns=years, fill_value=0)
    if rows.empty:
        return no_data(key="coverage", rows=rows, language=language)
    chart, axes = new_chart(height=6.6)
    for i, region in enumerate(counts.index):
        for j, year in enumerate(years):
            n = counts.loc[region, year]
            if n:
                axes.scatter(j, i, s=190, color=BLUE, marker="s")
            axes.text(
                j,
                i,
                str(n) if n else "–",
                ha="center",
                va="center",
                color="white" if n else GREY,
                weight="bold" if n else "normal",
            )
    axes.set_xticks(range(len(counts.columns)), [str(y) for y in years])
    axes.set_yticks(range(len(counts)), [REGIONS_2022[r][language] for r in counts.index])
    axes.set_ylim(len(counts) - 0.5, -0.5)
    axes.set_xlim(-0.5, len(counts.columns) - 0.5)
    axes.grid(visible=False)
    return finish(
        chart, key="coverage", rows=rows, language=language, cells=str(counts.size), found=str(int((counts > 0).sum().sum())),
        first=str(first), last=str(last),
    )  # fmt: skip


@known_values
def plot_required_meetings(
    mandates: pd.DataFrame, meetings: pd.DataFrame, *, language: str = "en"
) -> Chart:
    """Draw the number of meetings the law requires by level of akim over time, and say how many were held.

    Parameters
    ----------
    mandates : pandas.DataFrame
        As `load_mandates()` gives it.
    meetings : pandas.DataFrame
        As `load_meetings()` gives it, for the one year in which the number held is known.
    language : {"en", "kk", "ru"}
    """
    held = _year_2022(meetings).query(
        "indicator == 'meetings_held' and breakdown_value == 'akims_all_levels'"
    )
    rows = mandates.sort_values(["office", "valid_from"])
    if rows.empty or held.empty:
        return no_data(key="required", rows=rows, language=language, held="")
    chart, axes = new_chart(height=3.8)
    offices = ["region", "city_of_republican_significance", "district", "rural"]
    end = pd.Timestamp("2026-12-31")
    shades = {1: "#C6DBEF", 2: "#6BAED6", 4: BLUE}
    for row in rows.itertuples():
        until = end if pd.isna(row.valid_to) else row.valid_to
        n = None if pd.isna(row.meetings_per_year) else int(row.meetings_per_year)
        face = "white" if n is None else shades[n]
        y = offices.index(row.office)
        axes.barh(
            y,
            until - row.valid_from,
            left=row.valid_from,
            height=0.62,
            color=face,
            edgecolor=GREY,
            lw=0.8,
        )
        label = text("no_data", language) if n is None else str(n)
        axes.text(row.valid_from + (until - row.valid_from) / 2, y, label, ha="center", va="center",
                  color="white" if n == 4 else INK, weight="bold" if n else "normal", size=9 if n else 8)  # fmt: skip
    axes.set_yticks(range(len(offices)), [text(f"office_{o}", language) for o in offices])
    axes.invert_yaxis()
    axes.set_xlim(pd.Timestamp("2020-01-01"), end)
    axes.set_xticks(
        [pd.Timestamp(y, 1, 1) for y in range(2020, 2027)], [str(y) for y in range(2020, 2027)]
    )
    axes.grid(visible=False, axis="y")
    district = rows[rows["office"] == "district"]["meetings_per_year"]
    return finish(
        chart, key="required", rows=rows, language=language, held=number(held["value"].iloc[0], language),
        district=" → ".join(str(n) for n in district),
    )  # fmt: skip


@known_values
def plot_receptions(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw each printed count of people received in a region at the end of its period.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_meetings()` gives it.
    language : {"en", "kk", "ru"}
    """
    rows = frame[
        (frame["indicator"] == "citizens_received")
        & (frame["place_id"] != "KZ")
        & ~(frame["breakdown"] == "outcome")
    ]
    rows = rows.sort_values("period_end")
    if rows.empty:
        return no_data(key="receptions", rows=rows, language=language)
    regions = rows["region_id"].drop_duplicates().tolist()
    from analysis.charts.votes import REGIONS_2022

    chart, axes = new_chart(height=2.2 + 0.42 * len(regions))
    last: dict[str, pd.Timestamp] = {}
    for row in rows.itertuples():
        y = regions.index(row.region_id)
        year = (row.period_end - row.period_start).days > 300
        axes.plot(
            row.period_end,
            y,
            "s" if year else "o",
            color=BLUE if year else "white",
            mec=BLUE,
            mew=1.6,
            ms=7,
        )
        if row.region_id not in last or (row.period_end - last[row.region_id]).days > 200:
            axes.annotate(
                number(row.value, language),
                (row.period_end, y),
                (0, 8),
                textcoords="offset points",
                ha="center",
                size=7.5,
            )
            last[row.region_id] = row.period_end
    axes.set_yticks(range(len(regions)), [REGIONS_2022[r][language] for r in regions])
    axes.set_ylim(len(regions) - 0.5, -0.8)
    axes.set_xlim(pd.Timestamp("2021-12-01"), pd.Timestamp("2026-06-01"))
    axes.set_xticks(
        [pd.Timestamp(y, 1, 1) for y in range(2022, 2027)], [str(y) for y in range(2022, 2027)]
    )
    return finish(
        chart, key="receptions", rows=rows, language=language, n=str(len(rows)), regions=str(len(regions)),
        most=number(rows["value"].max(), language),
    )  # fmt: skip
