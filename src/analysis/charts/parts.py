"""Parts that charts share: lines of dots, labels, axes of shares, counts and years, legends."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis

from analysis.charts.style import (
    BLUE,
    GREY,
    LABEL,
    NARROW_WIDTH,
    PALE_GREY,
    SMALL_LABEL,
    Look,
)
from analysis.locale import number, percent, text
from analysis.reference import place_name, regions
from analysis.reference.places import NATION

NOT_FOUND, NO_SUCH = "–", "×"  # not found where we searched; there was no such thing to find
QUARTERS = (0, 0.25, 0.5, 0.75, 1)
_ENTRY_LETTERS = 32  # of a line of a legend on a phone
_SHORT_ENTRY = 8  # letters of an entry of a legend that fits beside others on a phone


def dots(
    axes: Axes,
    values: Any,
    names: list[str],
    labels: list[str],
    *,
    markers: list[str] | None = None,
) -> None:
    """Draw one labelled dot per line, the first on top, joined by nothing.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    values : sequence of float
    names : list of str
        What each line is.
    labels : list of str
        What stands beside each dot.
    markers : list of str, optional
        One for each dot; an empty one leaves the dot out.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> dots(axes, [0.4, 0.6], ["Abai", "Akmola"], ["40%", "60%"])
    >>> [line.get_xdata().item() for line in axes.lines]
    [0.4, 0.6]
    """
    if markers is None:
        markers = ["o"] * len(names)
    pairs = zip(values, markers, strict=True)
    for line, (value, marker) in enumerate(pairs):
        axes.hlines(line, 0, value, color=PALE_GREY, lw=1.2)
        axes.plot(value, line, marker, color=BLUE, ms=8)
    label_points(axes, values, labels, size=LABEL)
    categories(axes, names)


def label_points(
    axes: Axes,
    values: Iterable[Any],
    labels: Sequence[str],
    *,
    offset: float = 8,
    **look: Any,
) -> None:
    """Write a label beside each value of a chart of one value per line."""
    labelled = zip(values, labels, strict=True)
    for line, (value, label) in enumerate(labelled):
        point = (value, line)
        label_point(axes, point, label, offset=offset, **look)


def label_point(
    axes: Axes,
    point: tuple[Any, Any],
    label: str,
    *,
    offset: float = 8,
    rise: float = 0,
    **look: Any,
) -> None:
    """Write a label beside a point of the plot, `offset` and `rise` typographic points away."""
    away = (offset, rise)
    axes.annotate(
        label,
        point,
        xytext=away,
        textcoords="offset points",
        **({"va": "center"} | look),
    )


def categories(axes: Axes, names: Sequence[str], **look: Any) -> None:
    """Name the lines of a chart, the first on top, without lines of a grid."""
    n = len(names)
    lines = range(n)
    bottom, top = n - 0.5, -0.5
    axes.set_yticks(lines, names, **look)
    axes.set_ylim(bottom, top)
    axes.grid(visible=False, axis="y")


def slanted_names(axes: Axes, places: Sequence[float] | range, names: Sequence[str]) -> None:
    """Name the columns of a chart in slanted words."""
    axes.set_xticks(
        places,
        names,
        size=SMALL_LABEL,
        rotation=30,
        ha="right",
        rotation_mode="anchor",
    )


def share_axis(axes: Axes, language: str, *, axis: str = "x") -> None:
    """Write the values of an axis as whole percentages."""

    def written(share: float, _: float) -> str:
        return percent(share, language, digits=0)

    target = _axis(axes, axis)
    target.set_major_formatter(written)


def count_axis(axes: Axes, language: str, *, axis: str = "x") -> None:
    """Write the values of an axis as whole numbers."""

    def written(value: float, _: float) -> str:
        whole = round(value)
        return number(whole, language)

    target = _axis(axes, axis)
    target.set_major_formatter(written)


def _axis(axes: Axes, name: str) -> Axis:
    if name == "x":
        return axes.xaxis
    return axes.yaxis


def counts_from_zero(axes: Axes, values: pd.Series, language: str, *, room: float) -> None:
    """Begin an axis of counts at zero, with room for labels right of the largest."""
    most = values.max()
    count = text("count", language)
    axes.set_xlim(0, most * room)
    axes.set_xlabel(count)
    count_axis(axes, language)


def signed(value: float, language: str, *, digits: int | None = None) -> str:
    """Return a number with a true minus sign.

    Examples
    --------
    >>> signed(-12.4, "en"), signed(-0.26, "en", digits=1)
    ('−12', '−0.3')
    """
    rounded = round(value, digits)
    return number(rounded, language)


def signed_axis(axes: Axes, language: str, *, axis: str = "x", digits: int | None = None) -> None:
    """Write the values of an axis with true minus signs."""

    def written(value: float, _: float) -> str:
        return signed(value, language, digits=digits)

    target = _axis(axes, axis)
    target.set_major_formatter(written)


def year_axis(axes: Axes, years: Sequence[int], *, first: str, last: str) -> None:
    """Mark the beginnings of years on an axis of time."""
    start, end = pd.Timestamp(first), pd.Timestamp(last)
    new_years = [pd.Timestamp(year, 1, 1) for year in years]
    names = [str(year) for year in years]
    axes.set_xlim(start, end)
    axes.set_xticks(new_years, names)


def _is_narrow(axes: Axes) -> bool:
    root = axes.get_figure(root=True)
    return root is not None and root.get_figwidth() <= NARROW_WIDTH


def legend_above(axes: Axes, *, columns: int, **look: Any) -> None:
    """Put the entries of a legend above the plot, side by side where there is room."""
    _, labels = axes.get_legend_handles_labels()
    if _is_narrow(axes) and max(map(len, labels)) > _SHORT_ENTRY:
        columns = 1
    place: Look = {"loc": "lower center", "bbox_to_anchor": (0.4, 1.0), "frameon": False}
    axes.legend(ncols=columns, **(place | look))


def legend_below(axes: Axes, *, x: float, y: float) -> None:
    """Put one entry per mark under the axes, each on a line of its own."""
    handles, labels = axes.get_legend_handles_labels()
    if _is_narrow(axes):
        labels = [textwrap.fill(label, _ENTRY_LETTERS) for label in labels]
    found = dict(zip(labels, handles, strict=True))
    place: Look = {"loc": "upper left", "bbox_to_anchor": (x, y), "frameon": False}
    axes.legend(found.values(), found.keys(), fontsize=LABEL, handletextpad=0.4, **place)


def percents(shares: Iterable[float], language: str, *, digits: int = 1) -> list[str]:
    """Return shares of 0..1 as percentages."""
    return [percent(share, language, digits=digits) for share in shares]


def numbers(values: Iterable[float], language: str) -> list[str]:
    """Return numbers as a language writes them."""
    return [number(value, language) for value in values]


def place_names(places: Iterable[str], language: str) -> list[str]:
    """Return the names of places."""
    return [place_name(place, language) for place in places]


def count_label(row: Any, language: str) -> str:
    """Return a count as exact as its source: a bound says so."""
    value = number(row.value, language)
    is_bound = row.precision == "at_least"
    if is_bound:
        return text("at_least", language, value=value)
    return value


def ends_in_words(rows: pd.DataFrame, language: str) -> dict[str, str]:
    """Return the first and the last of shares of places in order of size, with their names."""
    least, most = rows.iloc[0], rows.iloc[-1]
    return {
        "low": percent(least["value"], language),
        "low_place": least[f"place_{language}"],
        "high": percent(most["value"], language),
        "high_place": most[f"place_{language}"],
    }


def short_name(name: str) -> str:
    """Return a name without the word for region or city, unless two regions would read the same.

    Examples
    --------
    >>> short_name("Jetisu Region"), short_name("Almaty city"), short_name("Атырауская область")
    ('Jetisu', 'Almaty city', 'Атырауская')
    """
    if "Алмат" in name or "Almaty" in name:
        return name
    return re.sub(r" (?:Region|city|облысы|қаласы|область)$|^(?:область|город) ", "", name)


def existed_in(place: str, year: int) -> bool:
    """Return whether a region existed, in its borders, at the end of a year.

    Examples
    --------
    >>> existed_in("KZ-10", 2021), existed_in("KZ-10", 2022), existed_in("KZ", 2021)
    (False, True, True)
    """
    if place == NATION:
        return True
    last_day = f"{year}-12-31"
    return place in regions(last_day)


def nothing_here(axes: Axes, language: str) -> None:
    """Write on one plot of several that there is nothing to draw."""
    words = text("no_data", language)
    across = axes.transAxes
    axes.set_axis_off()
    axes.text(0.5, 0.5, words, ha="center", transform=across, color=GREY)
