"""Maps of equal tiles, one for each region, roughly where it lies."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.charts.chart import words_for
from analysis.charts.contract import Canvas, Told, chart, nothing, told
from analysis.charts.frames import SERIES, TURNOUT
from analysis.charts.parts import NOT_FOUND, dots, place_names, short_name
from analysis.charts.style import GREY, INK, Look
from analysis.derive.comparisons import vote_name
from analysis.errors import check_known
from analysis.locale import number, percent, text
from analysis.reference import borders_moved_on, place_name, regions, tiles, votes

_TILE = 0.94  # of the room for a tile
_TILE_LETTERS = 11
_PALEST, _DARKEST = 0.1, 0.9  # of the colours of a map
_WHITE_FROM = 0.62  # of the way along them the ink of a label turns white
_WHISKER = 1.5  # interquartile ranges, as in a box plot
_LARGEST_SHARE = 0.5


@dataclass(frozen=True)
class Scale:
    """The values at which the colours of a map begin and end."""

    low: float
    high: float

    def place(self, value: float) -> float:
        """Return how far along the colours a value is; one outside has the colour of the end."""
        length = self.high - self.low
        if length == 0:
            return _LARGEST_SHARE
        along = (value - self.low) / length
        not_below = max(along, 0)
        return min(not_below, 1)

    def colour(self, value: float) -> Any:
        """Return the colour of a value."""
        room = _DARKEST - _PALEST
        along = _PALEST + room * self.place(value)
        blues = colormaps["Blues"]
        return blues(along)


def robust_scale(values: pd.Series) -> Scale:
    """Return a scale that one outlier does not take for itself.

    It ends at the last values within one and a half interquartile ranges of the quartiles, as the
    whiskers of a box plot do.

    Examples
    --------
    >>> robust_scale(pd.Series([0.33, 0.6, 0.7, 0.72, 0.75, 0.8]))
    Scale(low=0.6, high=0.8)
    """
    first, third = values.quantile(0.25), values.quantile(0.75)
    reach = _WHISKER * (third - first)
    inside = values[values.between(first - reach, third + reach)]
    return Scale(float(inside.min()), float(inside.max()))


@chart(TURNOUT)
def plot_tile_map(
    canvas: Canvas, frame: pd.DataFrame, *, language: str = "en", vote: str | None = None
) -> Told:
    """Draw turnout in one vote on a map of equal tiles, one for each region.

    Colours end where the whiskers of a box plot would, so that one outlier does not take them all.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_turnout()` returns it, of any stage; of several hours the latest is drawn.
    vote : str, optional
        One of the votes in today's borders; the latest in the frame if not given.

    Examples
    --------
    >>> from analysis import load_turnout
    >>> plot_tile_map(load_turnout(vote="majilis_2023")).title
    'Turnout ran from 25.8% (Almaty city) to 67.2% (Kyzylorda Region)'
    """
    code = vote or _latest_in_todays_borders(frame)
    name = vote_name(code, language)
    rows = _latest_of_regions(frame[frame["vote"] == code])
    if rows.empty:
        return nothing(rows, vote=name)
    known = set(frame["place_id"])
    missing = _draw_map(canvas, rows, known, language)
    words = _ends(rows, lambda value: percent(value, language), language)
    finding = text("turnout_range_finding", language, **words) if len(rows) > 1 else ""
    return told(
        rows,
        drawn=_all_tiles(rows, language).assign(vote=code),
        finding=finding,
        note=_not_given_in_words(known, language),
        vote=name,
        missing=str(missing),
        **words,
    )


def _latest_in_todays_borders(frame: pd.DataFrame) -> str:
    moved = borders_moved_on()
    found = set(frame["vote"])
    since = [known.code for known in votes() if known.day >= moved]
    shown = [code for code in since if code in found]
    latest = shown or since
    return latest[-1]


@chart(SERIES)
def plot_indicator_map(
    canvas: Canvas,
    frame: pd.DataFrame,
    *,
    indicator: str,
    year: int | None = None,
    language: str = "en",
) -> Told:
    """Draw one indicator of the regions in one year on a map of equal tiles.

    Parameters
    ----------
    frame : pandas.DataFrame
        As one of the loaders of series returns it. Totals are drawn, not their parts; of several
        values of a region in the year the one that ends last.
    indicator : str
    year : int, optional
        The latest year in which a region has a value, if not given.

    Examples
    --------
    >>> from analysis import load_population
    >>> plot_indicator_map(load_population(), indicator="population", year=2023).key
    'indicator_map'
    """
    name = words_for(indicator, language, prefix="indicator_")
    if len(frame):
        check_known("indicator", indicator, sorted(frame["indicator"].unique()))
    own = frame[(frame["indicator"] == indicator) & (frame["breakdown"] == "")]
    own = own[own["place_id"].isin(regions())]
    if own.empty:
        return nothing(own, indicator=name, year="")
    years = own["period_end"].dt.year
    shown = int(years.max()) if year is None else year
    rows = _latest_of_regions(own[years == shown])
    if rows.empty:
        return nothing(own, indicator=name, year=str(shown))
    known = set(frame["place_id"])
    missing = _draw_map(canvas, rows, known, language)
    words = _ends(rows, _labels_of(rows, language), language)
    return told(
        rows,
        drawn=_all_tiles(rows, language).assign(indicator=indicator, year=shown),
        note=_not_given_in_words(known, language),
        indicator=name,
        year=str(shown),
        missing=str(missing),
        **words,
    )


def _latest_of_regions(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each of today's regions, the one that ends last, in order of value."""
    is_region = rows["place_id"].isin(regions())
    ours = rows[is_region]
    by = ["period_end"]
    if "as_of" in ours:
        by.append("as_of")
    in_time = ours.sort_values(by)
    latest = in_time.drop_duplicates("place_id", keep="last")
    return latest.sort_values("value")


def _labels_of(rows: pd.DataFrame, language: str) -> Callable[[float], str]:
    are_shares = rows["unit"].eq("share").all()

    def written(value: float) -> str:
        if are_shares:
            return percent(value, language)
        rounded = round(value, 1)
        return number(rounded, language)

    return written


def _ends(rows: pd.DataFrame, label: Callable[[float], str], language: str) -> dict[str, str]:
    least, most = rows.iloc[0], rows.iloc[-1]
    name = f"place_{language}"
    scale = robust_scale(rows["value"])
    return {
        "low": label(least["value"]),
        "low_place": least[name],
        "high": label(most["value"]),
        "high_place": most[name],
        "palest": label(scale.low),
        "darkest": label(scale.high),
    }


def _all_tiles(rows: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return a row for each tile, those of regions without a figure too."""
    places = list(tiles())
    every = pd.DataFrame({"place_id": places})
    listed = every.merge(rows, how="left")
    names = place_names(places, language)
    sources = listed["sources"].fillna("")
    return listed.assign(label=names, sources=sources)


def _not_given_in_words(known: set[str], language: str) -> str:
    every = set(tiles())
    n = len(every - known)
    if n == 0:
        return ""
    return text("tile_map_not_given", language, n=n)


def _draw_map(canvas: Canvas, rows: pd.DataFrame, known: set[str], language: str) -> int:
    """Draw all tiles and return how many regions of the frame have no figure."""
    if canvas.is_narrow:
        return _draw_list(canvas, rows, known, language)
    axes = canvas.axes(height=5.4)
    values, label = rows.set_index("place_id")["value"], _labels_of(rows, language)
    scale = robust_scale(rows["value"])
    across = sorted(tiles().items(), key=lambda tile: tile[1][::-1])
    for region, tile in across:
        name = short_name(place_name(region, language))
        if region in values:
            value = values[region]
            is_dark = scale.place(value) > _WHITE_FROM
            _draw_tile(axes, tile, scale.colour(value))
            _write_tile(axes, tile, name, label(value), "white" if is_dark else INK)
        else:
            _draw_tile(axes, tile, "white", ls="--")
            _write_tile(axes, tile, name, NOT_FOUND if region in known else "", INK)
    axes.set(xlim=(-0.05, 8), ylim=(5, -0.05))
    axes.set_axis_off()
    return _n_missing(rows, known)


def _draw_list(canvas: Canvas, rows: pd.DataFrame, known: set[str], language: str) -> int:
    """Draw the regions as lines of dots: names on tiles could not be read on a phone."""
    axes = canvas.axes(height=1.9 + 0.28 * len(rows))
    from_highest = rows[::-1]
    values, label = from_highest["value"], _labels_of(rows, language)
    names = place_names(from_highest["place_id"], language)
    labels = [label(value) for value in values]
    dots(axes, values, names, labels)
    most = values.max()
    axes.set_xlim(0, most * 1.3)
    axes.set_xticks([])
    return _n_missing(rows, known)


def _n_missing(rows: pd.DataFrame, known: set[str]) -> int:
    """Return how many regions of a frame have no figure."""
    every = set(tiles())
    found = set(rows["place_id"])
    given = every & known
    return len(given - found)


def _draw_tile(axes: Axes, tile: tuple[int, int], face: Any, *, ls: str = "-") -> None:
    square = Rectangle(
        tile,
        _TILE,
        _TILE,
        facecolor=face,
        edgecolor=GREY,
        ls=ls,
    )
    axes.add_patch(square)


def _write_tile(axes: Axes, tile: tuple[int, int], name: str, label: str, ink: str) -> None:
    left, top = tile
    middle = left + _TILE / 2
    wrapped = textwrap.fill(name, _TILE_LETTERS, break_long_words=False)
    centred: Look = {"ha": "center", "va": "center", "color": ink}
    axes.text(middle, top + 0.34, wrapped, size=6.2, **centred)
    axes.text(middle, top + 0.73, label, size=8.5, weight="bold", **centred)
