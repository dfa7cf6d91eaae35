"""Charts of the evidence: coverage, what is required and found, disagreements, steps of law."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import ALL_SERIES, COVERAGE, EVENTS
from analysis.charts.parts import (
    NO_SUCH,
    NOT_FOUND,
    count_axis,
    label_point,
    label_points,
    legend_above,
    legend_below,
    year_axis,
)
from analysis.charts.style import BLUE, GREY, ORANGE, PALE_BLUE, PALE_GREY, SMALL_LABEL, Look
from analysis.derive.asked import NOT_GIVEN, shown_status
from analysis.derive.coverage import (
    NATIONAL_TURNOUT,
    openness_sentence,
    places_without_figures,
    status_counts,
    years_found,
)
from analysis.derive.gaps import join_sources
from analysis.locale import day, number, text
from analysis.reference import place_name, regions
from analysis.reference.languages import in_language
from analysis.reference.places import NATION

_ITEM_GAP = 0.7  # between the columns of two items, in columns
_CENTURY = 100
_ITEMS_ON_PHONE, _PHONE_PARTS = 2, 2.0  # items beside each other; how much higher that makes it
_ABOVE_COLUMNS = -1.3  # where the name of an item stands, in rows
_TIME_SINCE, _TIME_UNTIL, _TIME_YEARS = "2020-01-01", "2026-04-01", range(2020, 2027)
_STEP_LETTERS, _STEP_LETTERS_ON_PHONE = 46, 40  # of a line of a step
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

    Examples
    --------
    >>> from analysis import coverage
    >>> plot_coverage(coverage()).title
    'Of 574 figures that could be published 441 were not found and 24 are final'
    """
    if cells.empty:
        return nothing(cells)
    places = [p for p in (NATION, *regions()) if p in set(cells["place_id"])]
    items = list(cells["item"].unique())
    beside = _ITEMS_ON_PHONE if canvas.is_narrow else len(items)
    parts = [items[start : start + beside] for start in range(0, len(items), beside)]
    panels = canvas.panels(height=6.8, rows=len(parts)) if len(parts) > 1 else None
    each = panels[:, 0] if panels is not None else [canvas.axes(height=6.8)]
    for axes, part in zip(each, parts, strict=True):
        _draw_cells(axes, cells[cells["item"].isin(part)], places, language)
    if canvas.chart is not None and len(parts) > 1:
        canvas.chart.set_figheight(canvas.chart.get_figheight() * _PHONE_PARTS)
    counts = status_counts(cells)
    drawn = cells.assign(label=[place_name(place, language) for place in cells["place_id"]])
    drawn = drawn.assign(panel=[text(f"item_{item}", language) for item in cells["item"]])
    drawn = drawn.assign(status=shown_status(cells), value=cells["status"].cat.codes)
    spoken = {status: str(number) for status, number in counts.items()}
    finding = _not_found_in_words(counts, language)
    return told(cells, drawn=drawn, finding=finding, cells=str(len(cells)), **spoken)


def _not_found_in_words(counts: pd.Series, language: str) -> str:
    possible = counts.drop("not_applicable").sum()
    if possible == 0:
        return ""
    return text(
        "coverage_finding",
        language,
        not_found=number(counts["not_found"], language),
        possible=number(possible, language),
        final=number(counts["final"], language),
    )


def _draw_cells(axes: Axes, cells: pd.DataFrame, places: list[str], language: str) -> None:
    at = _columns(cells)
    keys = zip(cells["item"], cells["year"], strict=True)
    x = pd.Series([at[key] for key in keys], cells.index)
    y = cells["place_id"].map(places.index)
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
        axes.text(sum(own) / len(own), _ABOVE_COLUMNS, title, ha="center", size=6.8)
    axes.set_ylim(len(places) - 0.4, -1.8)
    axes.grid(visible=False)


def _columns(cells: pd.DataFrame) -> dict[tuple[str, int], float]:
    """Return where the column of each item and year stands."""
    columns = cells[["item", "year"]].drop_duplicates()
    places, items = {}, []
    for line, (item, year) in enumerate(columns.itertuples(index=False)):
        if item not in items:
            items.append(item)
        gaps = _ITEM_GAP * items.index(item)
        places[item, year] = line + gaps
    return places


def _every_other_year(columns: list[tuple[str, int]]) -> list[str]:
    """Return two digits of every other year of each item, to have room for them."""
    labels, shown, last = [], False, ""
    for item, year in columns:
        is_first = item != last
        shown = is_first or not shown
        label = str(year % _CENTURY) if shown else ""
        labels.append(label)
        last = item
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

    Examples
    --------
    >>> from analysis import load
    >>> plot_disagreements(load.load_all()).title
    'Of 253 values published more than once 8 differ between sources'
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
    values = joined(names, labels)
    words = {"differ": int(counts["d_differ"].sum()), "repeated": int(repeated.sum())}
    finding = text("disagreements_finding", language, **words) if words["repeated"] else ""
    return told(frame, drawn=drawn, finding=finding, values=values)


def _agreement_in_words(frame: pd.DataFrame, counts: pd.DataFrame, language: str) -> pd.DataFrame:
    by_set = frame.groupby("dataset")["sources"]
    sources = by_set.agg(join_sources)
    values = counts.stack().rename("value")
    drawn = values.rename_axis(["dataset", "kind"]).reset_index()
    names = [text(f"ds_{name}", language) for name in drawn["dataset"]]
    kinds = [text(kind, language) for kind in drawn["kind"]]
    return drawn.assign(
        label=names,
        series=kinds,
        unit="count",
        sources=drawn["dataset"].map(sources),
    )


def _agreement(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of values published once, alike and differently, by data set."""
    once, same, differ = _AGREEMENT
    is_repeated = frame["n_figures"] > 1
    alike = pd.Series(same, index=frame.index)
    known = alike.where(is_repeated, once)
    kind = known.where(frame["agree"], differ)
    counts = pd.crosstab(frame["dataset"], kind)
    return counts.reindex(columns=list(_AGREEMENT), fill_value=0)


@chart(EVENTS)
def plot_timeline(canvas: Canvas, events: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the steps of law and practice that the figures have to be read against.

    Parameters
    ----------
    events : pandas.DataFrame
        As `load_events()` returns it; those with a `milestone` are drawn.

    Examples
    --------
    >>> from analysis import load_events
    >>> plot_timeline(load_events()).title
    'Law and events'
    """
    rows = events[events["milestone_en"] != ""].sort_values("date")
    if rows.empty:
        return nothing(rows)
    dates = pd.to_datetime(rows["date"])
    steps = [in_language(row, "milestone", language) for row in rows.to_dict("records")]
    first, last = day(dates.min(), language), day(dates.max(), language)
    words = {"n": str(len(rows)), "first": first, "last": last}
    drawn = rows.assign(label=steps, value=float("nan"))
    if canvas.is_narrow:
        _list_steps(canvas, dates, steps, language)
        return told(rows, drawn=drawn, **words)
    axes = canvas.axes(height=1.9 + 0.36 * len(rows))
    axes.vlines(dates, range(len(rows)), len(rows) - 0.5, color="#D5DAE1", lw=1)
    axes.plot(dates, range(len(rows)), "o", color=BLUE, ms=7)
    for position, (when, step) in enumerate(zip(dates, steps, strict=True)):
        side, offset = ("left", 8) if when < pd.Timestamp(_LABELS_TURN) else ("right", -8)
        look: Look = {"ha": side, "size": SMALL_LABEL, "bbox": _WHITE_BOX}
        label = textwrap.fill(
            f"{day(when, language)}: {step}", _STEP_LETTERS, break_on_hyphens=False
        )
        label_point(axes, (when, position), label, offset=offset, **look)
    axes.set_ylim(len(rows) - 0.5, -0.6)
    axes.set_yticks([])
    year_axis(axes, _TIME_YEARS, first=_TIME_SINCE, last=_TIME_UNTIL)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    return told(rows, drawn=drawn, **words)


def _list_steps(canvas: Canvas, dates: pd.Series, steps: list[str], language: str) -> None:
    """Write the steps one below the other: beside their days they have no room on a phone."""
    n = len(steps)
    axes = canvas.axes(height=1.9 + 0.5 * n)
    axes.plot([0] * n, range(n), "o-", color=BLUE, ms=7, lw=1)
    for line, (when, step) in enumerate(zip(dates, steps, strict=True)):
        date = day(when, language)
        wrapped = textwrap.fill(step, _STEP_LETTERS_ON_PHONE, break_on_hyphens=False)
        label_point(axes, (0, line), f"{date}\n{wrapped}", offset=10)
    axes.set_xlim(-0.2, 5)
    axes.set_ylim(n - 0.5, -0.5)
    axes.set_axis_off()


@chart(COVERAGE)
def plot_required_found(canvas: Canvas, cells: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw in how many years each figure was found of each region, beside the duty behind it.

    Turnout in national votes is left out: it is found of every region, and is not openness.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `analysis.coverage()` returns it.

    Examples
    --------
    >>> from analysis import coverage
    >>> plot_required_found(coverage()).title
    'Beside national turnout nothing was found of 5 of 20 regions'
    """
    own = cells[cells["place_id"].isin(regions()) & (cells["item"] != NATIONAL_TURNOUT)]
    if own.empty:
        return nothing(cells)
    table = years_found(own)
    shares = table.pivot(index="place_id", columns="item", values="value")
    labels = table.assign(label=_years_in_words(table)).pivot(
        index="place_id", columns="item", values="label"
    )
    order = table.groupby("place_id")["found"].sum().sort_values(ascending=False, kind="stable")
    items = list(own["item"].unique())
    shares = shares.loc[order.index, items].astype("float")
    axes = canvas.axes(height=7.0)
    _draw_heat(axes, shares, labels.loc[order.index, items])
    places = [place + 0.5 for place in range(len(items))]
    if canvas.is_narrow:
        heads = [text(f"item_{item}", language) for item in items]
        axes.set_xticks(places, heads, rotation=35, ha="left", rotation_mode="anchor")
    else:
        heads = [_item_and_duty(own, item, language) for item in items]
        axes.set_xticks(places, heads, size=7.5, rotation=0)
    names = [place_name(place, language) for place in order.index]
    axes.set_yticks([line + 0.5 for line in range(len(names))], names, size=SMALL_LABEL, rotation=0)
    without = places_without_figures(cells)
    words = {"n": len(without), "regions": len(order)}
    finding = text("required_found_finding", language, **words) if without else ""
    drawn = table.rename(columns={"found": "count"}).assign(
        label=[place_name(place, language) for place in table["place_id"]],
        panel=[text(f"item_{item}", language) for item in table["item"]],
    )
    said = openness_sentence(cells, language=language)
    return told(own, drawn=drawn, finding=finding, said=said)


def _draw_heat(axes: Axes, shares: pd.DataFrame, labels: pd.DataFrame) -> None:
    import seaborn as sns

    look: Look = {"cmap": "Blues", "vmin": 0, "vmax": 1, "cbar": False}
    lines: Look = {"linewidths": 1, "linecolor": "white"}
    written: Look = {"annot": labels, "fmt": "", "annot_kws": {"size": SMALL_LABEL}}
    sns.heatmap(shares.fillna(0), ax=axes, **look, **lines, **written)
    axes.set(xlabel="", ylabel="")
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(visible=False)


def _years_in_words(table: pd.DataFrame) -> list[str]:
    words = []
    for row in table.itertuples():
        years = _found_of(row.found, row.total)
        words.append(years)
    return words


def _found_of(found: int, total: int) -> str:
    if total == 0:
        return NO_SUCH
    if found == 0:
        return NOT_FOUND
    return f"{found}/{total}"


def _item_and_duty(cells: pd.DataFrame, item: str, language: str) -> str:
    """Return the name of an item over the article that asks for it, if one does."""
    is_item = cells["item"] == item
    own = cells[is_item]
    duty = own.iloc[0]
    name = text(f"item_{item}", language)
    article = duty["article"]
    if not duty["requires"]:
        article = text("no_duty", language)
    wrapped = textwrap.fill(article, 14)
    return f"{name}\n{wrapped}"
