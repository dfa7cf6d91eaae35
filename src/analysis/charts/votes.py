"""Charts of turnout in national votes."""

from __future__ import annotations

import re
import textwrap
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.colors import TwoSlopeNorm

from analysis import stats
from analysis.charts.theme import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    Chart,
    finish,
    known_values,
    new_chart,
    no_data,
    percent_axis,
)
from analysis.derive.comparisons import (
    RURAL_DAY,
    rural_beside_national,
    turnout_by_region,
    vote_name,
)
from analysis.locale import number, percent, text

VOTES = (
    "president_2019", "president_2022", "majilis_2021", "majilis_2023", "referendum_2022", "referendum_2024",
    "referendum_2026",
)  # fmt: skip
REGIONS_2022 = {
    "KZ-10": {"en": "Abai Region", "kk": "Абай облысы", "ru": "область Абай"},
    "KZ-11": {"en": "Akmola Region", "kk": "Ақмола облысы", "ru": "Акмолинская область"},
    "KZ-15": {"en": "Aktobe Region", "kk": "Ақтөбе облысы", "ru": "Актюбинская область"},
    "KZ-19": {"en": "Almaty Region", "kk": "Алматы облысы", "ru": "Алматинская область"},
    "KZ-23": {"en": "Atyrau Region", "kk": "Атырау облысы", "ru": "Атырауская область"},
    "KZ-27": {
        "en": "West Kazakhstan Region",
        "kk": "Батыс Қазақстан облысы",
        "ru": "Западно-Казахстанская область",
    },
    "KZ-31": {"en": "Zhambyl Region", "kk": "Жамбыл облысы", "ru": "Жамбылская область"},
    "KZ-33": {"en": "Jetisu Region", "kk": "Жетісу облысы", "ru": "область Жетісу"},
    "KZ-35": {"en": "Karaganda Region", "kk": "Қарағанды облысы", "ru": "Карагандинская область"},
    "KZ-39": {"en": "Kostanay Region", "kk": "Қостанай облысы", "ru": "Костанайская область"},
    "KZ-43": {"en": "Kyzylorda Region", "kk": "Қызылорда облысы", "ru": "Кызылординская область"},
    "KZ-47": {"en": "Mangystau Region", "kk": "Маңғыстау облысы", "ru": "Мангистауская область"},
    "KZ-55": {"en": "Pavlodar Region", "kk": "Павлодар облысы", "ru": "Павлодарская область"},
    "KZ-59": {
        "en": "North Kazakhstan Region",
        "kk": "Солтүстік Қазақстан облысы",
        "ru": "Северо-Казахстанская область",
    },
    "KZ-61": {"en": "Turkistan Region", "kk": "Түркістан облысы", "ru": "Туркестанская область"},
    "KZ-62": {"en": "Ulytau Region", "kk": "Ұлытау облысы", "ru": "область Ұлытау"},
    "KZ-63": {
        "en": "East Kazakhstan Region",
        "kk": "Шығыс Қазақстан облысы",
        "ru": "Восточно-Казахстанская область",
    },
    "KZ-71": {"en": "Astana city", "kk": "Астана қаласы", "ru": "город Астана"},
    "KZ-75": {"en": "Almaty city", "kk": "Алматы қаласы", "ru": "город Алматы"},
    "KZ-79": {"en": "Shymkent city", "kk": "Шымкент қаласы", "ru": "город Шымкент"},
}
SPLIT_IN_2022 = ("KZ-ALM", "KZ-KAR", "KZ-VOS")
UNMOVED = tuple(
    r for r in REGIONS_2022 if r not in ("KZ-10", "KZ-19", "KZ-33", "KZ-35", "KZ-62", "KZ-63")
)


_STYLES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("o", {"mfc": "white", "mec": ORANGE, "mew": 1.8}),
    ("o", {"color": BLUE}),
    ("D", {"color": INK}),
)


@known_values
def plot_turnout_spread(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw the turnout of regions and the nation in each vote, votes of a kind side by side.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_turnout()` gives it.
    language : {"en", "kk", "ru"}
    """
    rows = frame[frame["vote"].isin(VOTES)]
    nation = rows[rows["place_id"] == "KZ"].set_index("vote")["value"]
    if rows.empty or nation.empty:
        return no_data(key="spread", rows=rows, language=language)
    votes = [v for v in VOTES if v in nation.index]
    chart, axes = new_chart(height=5.0)
    kinds = [v.split("_")[0] for v in votes]
    places = [i + 0.5 * len(set(kinds[: i + 1])) for i in range(len(votes))]
    for place, vote in zip(places, votes, strict=True):
        shares = rows[(rows["vote"] == vote) & (rows["place_id"] != "KZ")]["value"].sort_values()
        axes.scatter([place] * len(shares), shares, s=26, color=BLUE, alpha=0.55, lw=0)
        axes.scatter(
            place, nation[vote], s=70, marker="D", color=ORANGE, edgecolor="white", zorder=3
        )
        axes.annotate(
            percent(nation[vote], language),
            (place, nation[vote]),
            (8, 0),
            textcoords="offset points",
            va="center",
            size=8,
        )
    axes.set_xticks(
        places,
        [vote_name(v, language) for v in votes],
        size=8,
        rotation=30,
        ha="right",
        rotation_mode="anchor",
    )
    axes.set_xlim(min(places) - 0.5, max(places) + 1)
    axes.set_ylim(0, 1)
    axes.grid(visible=False, axis="x")
    percent_axis(axes, language, axis="y")
    values = "; ".join(f"{vote_name(v, language)} — {percent(nation[v], language)}" for v in votes)
    return finish(chart, key="spread", rows=rows, language=language, values=values)


@known_values
def plot_vote_pairs(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw votes of a kind region by region, for regions whose borders did not move in 2022.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_turnout()` gives it.
    language : {"en", "kk", "ru"}
    """
    kinds = [
        [v for v in VOTES if v.startswith(kind)] for kind in ("president", "majilis", "referendum")
    ]
    rows = frame[frame["vote"].isin(VOTES) & frame["place_id"].isin(UNMOVED)]
    wide = rows.pivot(index="place_id", columns="vote", values="value").reindex(columns=list(VOTES))
    if wide.empty:
        return no_data(key="pairs", rows=rows, language=language)
    wide = wide.sort_values("president_2019")
    chart, panels = new_chart(height=5.2, columns=3, sharey=True)
    for axes, votes in zip(panels, kinds, strict=True):
        axes.hlines(
            range(len(wide)), wide[votes].min(axis=1), wide[votes].max(axis=1), color=GREY, lw=1.5
        )
        for vote, style in zip(votes, _STYLES, strict=False):
            axes.plot(
                wide[vote], range(len(wide)), style[0], ms=6.5, label=vote.split("_")[1], **style[1]
            )
        axes.set_title(text(votes[0].split("_")[0], language), size=9, loc="left", pad=20)
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(-0.08, 0.99),
            ncols=3,
            frameon=False,
            fontsize=7.5,
            handletextpad=0,
            columnspacing=0.5,
        )
        axes.set_xlim(0.2, 1)
        axes.set_xticks([0.25, 0.5, 0.75])
        axes.grid(visible=False, axis="y")
        percent_axis(axes, language)
    panels[0].set_yticks(range(len(wide)), [REGIONS_2022[p][language] for p in wide.index], size=8)
    both = wide[["referendum_2022", "referendum_2026"]].dropna()
    return finish(
        chart, key="pairs", rows=rows, language=language, n=str(len(wide)), m=str(len(both)),
        pres=str(int((wide["president_2022"] < wide["president_2019"]).sum())),
        maj=str(int((wide["majilis_2023"] < wide["majilis_2021"]).sum())),
        ref=str(int((both["referendum_2026"] > both["referendum_2022"]).sum())),
    )  # fmt: skip


@known_values
def plot_turnout_gaps(frame: pd.DataFrame, *, language: str = "en") -> Chart:
    """Draw each region's gap to the nation in the same vote; a figure that was not found has a mark of its own.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_turnout()` gives it.
    language : {"en", "kk", "ru"}
    """
    rows = frame[frame["vote"].isin(VOTES)]
    nation = rows[rows["place_id"] == "KZ"].set_index("vote")["value"]
    regions = rows[rows["place_id"].isin([*REGIONS_2022, *SPLIT_IN_2022])]
    if regions.empty or nation.empty:
        return no_data(key="gap", rows=rows, language=language)
    wide = regions.pivot(index="place_id", columns="vote", values="value").reindex(
        columns=list(VOTES)
    )
    gaps = ((wide - nation) * 100)[list(VOTES)].reindex([*REGIONS_2022, *SPLIT_IN_2022])
    names = regions.drop_duplicates("place_id").set_index("place_id")[f"place_{language}"]
    chart, axes = new_chart(height=7.4)
    axes.imshow(gaps, cmap="PuOr", norm=TwoSlopeNorm(0, -50, 50), aspect="auto")
    for i, place in enumerate(gaps.index):
        for j, vote in enumerate(gaps.columns):
            gap = gaps.loc[place, vote]
            label = (
                "–" if pd.isna(gap) else number(round(gap), language).replace("-", "\N{MINUS SIGN}")
            )
            axes.text(
                j,
                i,
                label,
                ha="center",
                va="center",
                size=8,
                color="white" if abs(gap) > 32 else INK,
            )

    labels = [f"{names[p]} (2018–2022)" if p in SPLIT_IN_2022 else names[p] for p in gaps.index]
    axes.set_yticks(range(len(gaps)), labels, size=8)
    axes.set_xticks(
        range(len(VOTES)),
        [vote_name(v, language) for v in VOTES],
        size=8,
        rotation=30,
        ha="right",
        rotation_mode="anchor",
    )
    axes.axhline(len(REGIONS_2022) - 0.5, color=INK, lw=1)
    axes.grid(visible=False)
    place, vote = gaps.abs().stack().idxmax()
    missing = len(REGIONS_2022) - int(gaps["referendum_2026"].notna().sum())
    return finish(
        chart, key="gap", rows=rows, language=language, value=number(round(gaps.loc[place, vote]), language),
        place=names[place], vote=vote_name(vote, language), missing=str(missing),
    )  # fmt: skip


@known_values
def plot_gap_tests(turnout: pd.DataFrame, residents: pd.Series, *, language: str = "en") -> Chart:
    """Draw the median and range of each region's gap to the nation, and which keep to one side by more than chance.

    Parameters
    ----------
    turnout : pandas.DataFrame
        As `load_turnout()` gives it.
    residents : pandas.Series
        As `load_residents()` gives it, to put regions on the borders of 2018.
    language : {"en", "kk", "ru"}

    Returns
    -------
    Chart
        Its alt text is the sentence of `analysis.stats.gaps`.
    """
    rows = turnout[turnout["vote"].isin(VOTES)]
    votes, nation = turnout_by_region(rows, residents)
    votes, nation = votes.loc[votes.notna().any(axis=1), nation.notna()], nation.dropna()
    if votes.dropna(how="all").empty:
        return no_data(key="gap_tests", rows=rows, language=language, said="")
    names = rows.drop_duplicates("place_id").set_index("place_id")[f"place_{language}"]
    labels = [f"{names[p]} (2018)" if p in SPLIT_IN_2022 else names[p] for p in votes.index]
    result = stats.gaps(votes.set_axis(labels) * 100, nation * 100)
    table = result.table.sort_values("median")
    chart, axes = new_chart(height=5.6)
    axes.axvline(0, color=GREY, lw=1)
    axes.hlines(range(len(table)), table["low"], table["high"], color="#C9D1DB", lw=3)
    for position, row in enumerate(table.itertuples()):
        face = BLUE if row.p_adjusted < 0.05 else "white"
        axes.plot(row.median, position, "o", mfc=face, mec=BLUE, mew=1.6, ms=7)
    axes.set_yticks(range(len(table)), table.index, size=8)
    axes.set_ylim(-0.7, len(table) - 0.3)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_formatter(
        lambda value, _: number(round(value), language).replace("-", "\N{MINUS SIGN}")
    )
    return finish(
        chart, key="gap_tests", rows=rows, language=language, said=result.summary(language)
    )


# Column and row of each region's tile, roughly where it lies.
TILES = {
    "KZ-59": (4, 0), "KZ-39": (3, 1), "KZ-11": (4, 1), "KZ-71": (5, 1), "KZ-55": (6, 1), "KZ-27": (0, 2), "KZ-15": (2, 2),
    "KZ-62": (4, 2), "KZ-35": (5, 2), "KZ-10": (6, 2), "KZ-63": (7, 2), "KZ-23": (1, 3), "KZ-43": (3, 3), "KZ-61": (4, 3),
    "KZ-31": (5, 3), "KZ-19": (6, 3), "KZ-33": (7, 3), "KZ-47": (1, 4), "KZ-79": (4, 4), "KZ-75": (6, 4),
}  # fmt: skip


@known_values
def plot_tile_map(
    frame: pd.DataFrame, *, language: str = "en", vote: str = "referendum_2026"
) -> Chart:
    """Draw turnout in one vote on a map of equal tiles, one a region.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_turnout()` gives it.
    language : {"en", "kk", "ru"}
    vote : str
        One of the votes since November 2022, when there were 20 regions.
    """
    rows = frame[(frame["vote"] == vote) & frame["place_id"].isin(TILES)].sort_values("value")
    if rows.empty:
        return no_data(key="tile", rows=rows, language=language, vote=vote_name(vote, language))
    shares = rows.set_index("place_id")["value"]
    chart, axes = new_chart(height=5.4)
    colours = plt.get_cmap("Blues")
    for region, (column, row) in TILES.items():
        share = shares.get(region)
        face = "white" if share is None else colours(0.1 + 0.8 * (share - 0.2) / 0.8)
        axes.add_patch(
            plt.Rectangle(
                (column, row),
                0.94,
                0.94,
                facecolor=face,
                edgecolor=GREY,
                ls="--" if share is None else "-",
            )
        )
        ink = "white" if share is not None and share > 0.68 else INK
        name = textwrap.fill(_short(REGIONS_2022[region][language]), 11, break_long_words=False)
        axes.text(column + 0.47, row + 0.34, name, ha="center", va="center", size=6.2, color=ink)
        label = "–" if share is None else percent(share, language)
        axes.text(
            column + 0.47,
            row + 0.73,
            label,
            ha="center",
            va="center",
            size=8.5,
            weight="bold",
            color=ink,
        )
    axes.set(xlim=(-0.05, 8), ylim=(5, -0.05))
    axes.set_axis_off()
    return finish(
        chart, key="tile", rows=rows, language=language, vote=vote_name(vote, language),
        low=percent(shares.iloc[0], language), low_place=rows[f"place_{language}"].iloc[0],
        high=percent(shares.iloc[-1], language), high_place=rows[f"place_{language}"].iloc[-1],
        missing=str(len(TILES) - len(shares)),
    )  # fmt: skip


def _short(name: str) -> str:
    """Drop the word for region or city from a name, except where two tiles would read the same."""
    if "Алмат" in name or "Almaty" in name:
        return name
    return re.sub(r" (?:Region|city|облысы|қаласы|область)$|^(?:область|город) ", "", name)


@known_values
def plot_rural_beside_national(
    elections: pd.DataFrame, turnout: pd.DataFrame, *, language: str = "en"
) -> Chart:
    """Draw turnout of rural akim elections of July 2021 beside the Majilis election of January 2021, by region.

    Parameters
    ----------
    elections, turnout : pandas.DataFrame
        As `load_akim_elections()` and `load_turnout()` give them.
    language : {"en", "kk", "ru"}
    """
    both = rural_beside_national(elections, turnout).sort_values("rural")
    rural = elections[
        (elections["indicator"] == "turnout_share")
        & (elections["office"] == "rural")
        & (elections["period_end"] == RURAL_DAY)
    ]
    rows = pd.concat([rural, turnout[turnout["vote"] == "majilis_2021"]])
    rows = rows[rows["place_id"].isin(both.index)]
    if both.empty:
        return no_data(key="rural_national", rows=rows, language=language)
    names = rows.drop_duplicates("place_id").set_index("place_id")[f"place_{language}"]
    chart, axes = new_chart(height=5.0)
    axes.hlines(range(len(both)), both["national"], both["rural"], color=GREY, lw=1.5)
    axes.plot(
        both["national"],
        range(len(both)),
        "o",
        mfc="white",
        mec=ORANGE,
        mew=1.8,
        ms=7,
        label=vote_name("majilis_2021", language),
    )
    axes.plot(
        both["rural"], range(len(both)), "o", color=BLUE, ms=7, label=text("rural_vote", language)
    )
    axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2, frameon=False, fontsize=8)
    axes.set_yticks(range(len(both)), [names[p] for p in both.index], size=8)
    axes.set_xlim(0.5, 0.95)
    axes.set_xlabel(text("turnout_denominator", language))
    axes.grid(visible=False, axis="y")
    percent_axis(axes, language)
    above = int((both["rural"] > both["national"]).sum())
    return finish(
        chart,
        key="rural_national",
        rows=rows,
        language=language,
        above=str(above),
        n=str(len(both)),
    )
