"""Charts of one region beside the nation and the other regions, narrow enough to be read on a phone."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.theme import (
    BLUE,
    GREY,
    ORANGE,
    PHONE_WIDTH,
    Chart,
    finish,
    known_values,
    new_chart,
    no_data,
    percent_axis,
)
from analysis.charts.votes import REGIONS_2022, SPLIT_IN_2022, VOTES, vote_name
from analysis.locale import percent, text
from analysis.reference import borders_before


@known_values
def plot_place_turnout(frame: pd.DataFrame, *, place: str, language: str = "en") -> Chart:
    """Draw the turnout of one region in each national vote beside the nation and the other regions.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_turnout()` gives it.
    place : str
        One of the 20 regions. A vote before June 2022 shows the region it was then part of, with a mark of its own.
    language : {"en", "kk", "ru"}
    """
    rows = frame[
        frame["vote"].isin(VOTES) & frame["place_id"].isin(["KZ", *REGIONS_2022, *SPLIT_IN_2022])
    ]
    before = borders_before(place)
    wide = rows.pivot(index="vote", columns="place_id", values="value").reindex(index=list(VOTES))
    name = REGIONS_2022[place][language]
    if place not in wide or "KZ" not in wide:
        return no_data(key="place_turnout", rows=rows.iloc[:0], language=language, place=name)
    chart, axes = new_chart(height=5.6, width=PHONE_WIDTH)
    for y, (_, shares) in enumerate(wide.iterrows()):
        others = shares.drop(["KZ", place]).dropna()
        axes.plot(
            others,
            [y] * len(others),
            "|",
            color="#9CA3AF",
            ms=9,
            label=text("other_regions", language),
        )
        axes.plot(shares["KZ"], y, "D", color=ORANGE, ms=7, label=text("nation", language))
        _write_share(axes, y, shares["KZ"], 1.28, ORANGE, language)
        _mark_place(axes, y, shares, place, before, language)
    axes.set_yticks(
        range(len(VOTES)), [vote_name(v, language).replace(" ", "\n") for v in VOTES], size=8.5
    )
    axes.set_ylim(len(VOTES) - 0.5, -0.5)
    axes.set_xlim(0.2, 1)
    axes.grid(visible=False, axis="y")
    percent_axis(axes, language)
    axes.set_xlabel(textwrap.fill(text("turnout_denominator", language), 44), size=8.5)
    legend_below(axes, x=-0.25, y=-0.2)
    own = wide[place].dropna()
    values = "; ".join(f"{vote_name(v, language)} — {percent(own[v], language)}" for v in own.index)
    kept = rows[rows["place_id"].isin(["KZ", place, before])]
    return finish(
        chart, key="place_turnout", rows=kept, language=language, place=name, values=values
    )


def _mark_place(
    axes: Axes, y: int, shares: pd.Series, place: str, before: str | None, language: str
) -> None:
    share, face = shares[place], BLUE
    label = REGIONS_2022[place][language]
    if pd.isna(share) and before is not None and pd.notna(shares.get(before)):
        share, face = shares[before], "white"
        label = text("in_old_borders", language, place=text(f"old_{before}", language))
    if pd.isna(share):
        axes.annotate(
            "–",
            (1.13, y),
            xycoords=("axes fraction", "data"),
            ha="right",
            va="center",
            size=8.5,
            color=GREY,
        )
        return
    axes.plot(share, y, "o", mec=BLUE, mew=1.8, ms=8.5, zorder=3, label=label, mfc=face)
    _write_share(axes, y, share, 1.13, BLUE, language)


def _write_share(axes: Axes, y: int, share: float, x: float, color: str, language: str) -> None:
    axes.annotate(
        percent(share, language),
        (x, y),
        xycoords=("axes fraction", "data"),
        ha="right",
        va="center",
        size=8.5,
        color=color,
    )


def legend_below(axes: Axes, *, x: float, y: float) -> None:
    """Put one entry a mark under the axes, each on a line of its own."""
    found = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    axes.legend(
        found.values(),
        found.keys(),
        loc="upper left",
        bbox_to_anchor=(x, y),
        frameon=False,
        fontsize=8.5,
        handletextpad=0.4,
    )


def plot_place_coverage(cells: pd.DataFrame, *, place: str, language: str = "en") -> Chart:
    """Draw what was found of one place by year: final, partial, or not found in the sources searched.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `analysis.coverage()` gives it.
    place : str
        A region or "KZ".
    language : {"en", "kk", "ru"}
    """
    rows = cells[cells["place_id"] == place]
    name = rows[f"place_{language}"].iloc[0] if len(rows) else ""
    if rows.empty:
        return no_data(key="place_coverage", rows=rows, language=language, place=name)
    items, years = list(rows["item"].unique()), sorted(rows["year"].unique())
    chart, axes = new_chart(height=3.3 + 0.36 * len(items), width=PHONE_WIDTH)
    styles: dict[str, tuple[str, dict[str, Any]]] = {
        "final": ("s", {"mfc": BLUE, "mec": BLUE, "ms": 11}),
        "partial": ("s", {"mfc": "white", "mec": BLUE, "mew": 2, "ms": 10}),
        "not_found": ("x", {"color": GREY, "ms": 6}),
    }
    for status, (marker, style) in styles.items():
        some = rows[rows["status"] == status]
        axes.plot(
            [years.index(y) for y in some["year"]], [items.index(i) for i in some["item"]], marker, ls="",
            label=text(f"status_{status}", language), **style,
        )  # fmt: skip
    axes.set_yticks(
        range(len(items)),
        [textwrap.fill(text(f"could_be_{item}", language), 26) for item in items],
        size=8.5,
    )
    axes.set_xticks(range(len(years)), [str(y) for y in years], size=7.5)
    axes.set_ylim(len(items) - 0.5, -0.5)
    axes.set_xlim(-0.5, len(years) - 0.5)
    axes.grid(visible=False)
    legend_below(axes, x=-0.6, y=-0.25)
    found = int(rows["status"].ne("not_found").sum())
    return finish(
        chart, key="place_coverage", rows=rows, language=language, place=name, found=str(found), cells=str(len(rows)),
        final=str(int(rows["status"].eq("final").sum())), partial=str(int(rows["status"].eq("partial").sum())),
    )  # fmt: skip
