"""One contract for every chart: frames are checked, drawn, and leave with their words and data."""

from __future__ import annotations

import functools
import inspect
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Protocol, overload

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import (
    Chart,
    Described,
    Panel,
    new_figure,
    source_line,
    stamp,
    write_words,
)
from analysis.charts.frames import Kind, known_values, require
from analysis.charts.phone import fit_phone
from analysis.charts.style import FOOTER, GREY, HEADER, INK, NARROW_WIDTH, STYLE, WIDTH
from analysis.locale import sentence, text
from analysis.reference import check_language

_PANEL_LETTERS, _LEAST_LETTERS = 9.5, 10  # of a title: in an inch of an axes, and in a line
_NO_DATA_HEIGHT = 2.6  # inches
_OPTIONS = """

Other Parameters
----------------
language : {"en", "kk", "ru"}
    Of the words on the chart and beside it.
ax : matplotlib.axes.Axes, optional
    Where to draw, to put several charts on one figure; the result is then a `Panel`.
title, subtitle : str, optional
    Words of your own; an empty string leaves them out.
figsize : tuple of float, optional
    Width and height in inches.
source : bool
    Whether the source line is written under the chart; never where `ax` is given.

Raises
------
WrongFrame
    If a frame is not of the kind that the chart takes.
UnknownName
    If the language, or an indicator, a place or a vote that is named, is not known.
"""


@dataclass(frozen=True)
class Told:
    """What drawing leaves behind: the rows that were drawn and the words for its messages."""

    rows: pd.DataFrame
    words: dict[str, str]
    drawn: pd.DataFrame | None = None
    is_empty: bool = False
    subtitle: str | None = None
    alt: str | None = None
    finding: str = ""
    note: str = ""


def told(
    rows: pd.DataFrame,
    *,
    drawn: pd.DataFrame | None = None,
    finding: str = "",
    note: str = "",
    **words: str,
) -> Told:
    """Return what was drawn and how to say it.

    Parameters
    ----------
    rows : pandas.DataFrame
        The rows behind the picture: the source line is derived from them.
    drawn : pandas.DataFrame, optional
        One row per mark, with its `label` on the chart, its `value` as drawn and, where the chart
        has several, its `panel` and `series`; `rows` if not given.
    finding : str
        What the figure shows, computed from the rows: it becomes the title, and the topic moves to
        the subtitle. Empty where nothing can be said.
    note : str
        A sentence for the end of the alt text.
    **words : str
        What fills the placeholders of the messages.
    """
    return Told(
        rows,
        words,
        drawn=drawn,
        finding=finding,
        note=note,
    )


def nothing(rows: pd.DataFrame, **words: str) -> Told:
    """Return that there is nothing to draw in a frame of the right kind."""
    none = rows.iloc[:0]
    return Told(none, words, is_empty=True)


@dataclass
class Canvas:
    """Where a chart is drawn: a figure of its own, or axes of the caller's."""

    language: str
    ax: Axes | None = None
    figsize: tuple[float, float] | None = None
    is_narrow: bool = False
    chart: Chart | None = field(default=None, init=False)

    def axes(self, *, height: float, width: float = WIDTH) -> Axes:
        """Return the axes of a chart that has one plot."""
        if self.ax is not None:
            apply_style(self.ax)
            return self.ax
        return self.panels(height=height, width=width)[0, 0]

    def panels(
        self,
        *,
        height: float,
        width: float = WIDTH,
        rows: int = 1,
        columns: int = 1,
        stack: bool = True,
        **options: Any,
    ) -> np.ndarray:
        """Return a rectangle of axes for a chart of several plots.

        A drawing for a phone has them below each other, unless `stack` is false.
        """
        if self.ax is not None:
            return self._nested_panels(self.ax, rows, columns, **options)
        if self.is_narrow and stack:
            return self._stacked_panels(height, rows, columns, **options)
        width = NARROW_WIDTH if self.is_narrow else width
        wide, high = self.figsize or (width, height)
        self.chart = new_figure(width=wide, height=high)
        with mpl.rc_context(STYLE):
            return self.chart.subplots(rows, columns, squeeze=False, **options)

    def _stacked_panels(self, height: float, rows: int, columns: int, **options: Any) -> np.ndarray:
        around = HEADER + FOOTER
        plot = height - around
        high = around + plot * columns
        ratios = options.pop("height_ratios", [1] * rows)
        of_each = [ratio for ratio in ratios for _ in range(columns)]
        self.chart = new_figure(width=NARROW_WIDTH, height=high)
        with mpl.rc_context(STYLE):
            below = self.chart.subplots(
                rows * columns,
                1,
                squeeze=False,
                height_ratios=of_each,
                **options,
            )
        return below.reshape(rows, columns)

    def _nested_panels(self, ax: Axes, rows: int, columns: int, **options: Any) -> np.ndarray:
        shared = {}
        for name in ("sharex", "sharey"):
            if name in options:
                shared[name] = options[name]
        grid = nested_grid(ax, rows, columns)
        ax.set_axis_off()
        with mpl.rc_context(STYLE):
            return grid.subplots(squeeze=False, **shared)

    def result(self) -> Chart | Panel:
        """Return what was drawn on: the chart, or the axes of the caller."""
        if self.ax is not None:
            return Panel(self.ax)
        assert self.chart is not None, "a chart draws on the axes of its canvas"
        return self.chart


def nested_grid(ax: Axes, rows: int, columns: int) -> Any:
    """Return a grid of plots that takes the place of axes in a figure of the caller's.

    Raises
    ------
    ValueError
        If the axes are not part of a grid.
    """
    place = ax.get_subplotspec()
    if place is None:
        raise ValueError(
            "This chart has several plots: give axes that plt.subplots or add_subplot made."
        )
    return place.subgridspec(rows, columns)


def apply_style(ax: Axes) -> None:
    """Draw axes of the caller's in the look of a chart."""
    no_frame = ax.spines[["top", "right"]]
    frame = ax.spines[["left", "bottom"]]
    size, grid = STYLE["font.size"], STYLE["grid.color"]
    no_frame.set_visible(False)
    frame.set_edgecolor(GREY)
    ax.tick_params(colors=INK, labelsize=size)
    ax.set_axisbelow(True)
    ax.grid(visible=True, color=grid)


@dataclass(frozen=True)
class Options:
    """What every chart takes beside its frames."""

    ax: Axes | None = None
    title: str | None = None
    subtitle: str | None = None
    figsize: tuple[float, float] | None = None
    source: bool = True


_OPTION_NAMES = [option.name for option in fields(Options)]


class Plot(Protocol):
    """A function that draws a chart: frames first, then options by name."""

    __name__: str

    @overload
    def __call__(
        self,
        *data: Any,
        language: str = ...,
        ax: None = None,
        title: str | None = ...,
        subtitle: str | None = ...,
        figsize: tuple[float, float] | None = ...,
        source: bool = ...,
        **options: Any,
    ) -> Chart: ...

    @overload
    def __call__(
        self,
        *data: Any,
        language: str = ...,
        ax: Axes,
        title: str | None = ...,
        subtitle: str | None = ...,
        figsize: tuple[float, float] | None = ...,
        source: bool = ...,
        **options: Any,
    ) -> Panel: ...


CHARTS: dict[str, Plot] = {}


def chart(*needs: Kind, keeps_missing: bool = False) -> Callable[[Callable[..., Told]], Plot]:
    """Make a chart of a function that draws.

    Parameters
    ----------
    *needs : Kind
        Kinds of the frames that the function takes, in order. They are checked, and rows without
        a value left out, before it is called.
    keeps_missing : bool
        Whether rows without a value are kept, because the chart names them.

    Returns
    -------
    callable
        Takes a function with a `Canvas` and the frames that returns `Told`; gives one without the
        canvas that returns a `Chart`. Title, subtitle and alt text are the messages
        `<name>_title`, `<name>_sub` and `<name>_alt`, where `<name>` is that of the function
        without `plot_`.
    """

    def take(draw: Callable[..., Told]) -> Plot:
        signature = _without_canvas(inspect.signature(draw))

        @functools.wraps(draw)
        def plot(*data: Any, **given: Any) -> Any:
            options = {name: given.pop(name) for name in _OPTION_NAMES if name in given}
            bound = signature.bind(*data, **given)
            bound.apply_defaults()
            for name, kind in zip(list(bound.arguments), needs, strict=False):
                frame = require(bound.arguments[name], kind, chart=draw.__name__)
                bound.arguments[name] = frame if keeps_missing else known_values(frame)
            return _make(draw, bound, Options(**options))

        plot.__doc__ = inspect.cleandoc(draw.__doc__ or "") + _OPTIONS
        plot.__signature__ = _with_options(signature)  # type: ignore[attr-defined]
        CHARTS[chart_name(draw)] = plot  # type: ignore[assignment]
        return plot  # type: ignore[return-value]

    return take


def chart_name(draw: Callable[..., Any]) -> str:
    """Return the name of a chart: that of its function without `plot_`."""
    return draw.__name__.removeprefix("plot_")


def _without_canvas(signature: inspect.Signature) -> inspect.Signature:
    parameters = signature.parameters.values()
    _, *others = parameters
    return signature.replace(
        parameters=others,
        return_annotation=Chart,
    )


def _with_options(signature: inspect.Signature) -> inspect.Signature:
    own = signature.parameters.values()
    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = list(own)
    for option in fields(Options):
        parameter = inspect.Parameter(option.name, kind, default=option.default)
        parameters.append(parameter)
    return signature.replace(parameters=parameters)


def _make(
    draw: Callable[..., Told],
    bound: inspect.BoundArguments,
    options: Options,
    *,
    is_narrow: bool = False,
) -> Chart | Panel:
    """Draw, and write the words of the chart."""
    language = check_language(bound.arguments["language"])
    canvas = Canvas(language, ax=options.ax, figsize=options.figsize, is_narrow=is_narrow)
    result = draw(canvas, *bound.args, **bound.kwargs)
    if result.is_empty:
        _write_no_data(canvas)
    made = canvas.result()
    made.key, made.language, made.rows = chart_name(draw), language, result.rows
    made.drawn = result.drawn
    _describe(made, result, options)
    if isinstance(made, Panel):
        _write_on_axes(made, options.subtitle)
        return made
    made.draw_narrow = functools.partial(_make, draw, bound, options, is_narrow=True)
    write_words(made, with_source=options.source, grows=options.figsize is None)
    return fit_phone(made) if is_narrow else made


def _write_no_data(canvas: Canvas) -> None:
    axes = canvas.axes(height=_NO_DATA_HEIGHT)
    axes.set_axis_off()
    words = text("no_data", canvas.language)
    axes.text(
        0.5,
        0.5,
        words,
        size=14,
        color=GREY,
        ha="center",
        va="center",
        transform=axes.transAxes,
    )


def _describe(made: Described, result: Told, options: Options) -> None:
    def message(part: str) -> str:
        return text(f"{made.key}_{part}", made.language, **result.words)

    says_finding = bool(result.finding) and options.title is None
    if options.title is not None:
        made.title = options.title
    else:
        made.title = result.finding or message("title")
    if result.is_empty:
        made.subtitle, made.alt = options.subtitle or "", text("no_data", made.language)
        return
    subtitle = message("sub") if result.subtitle is None else result.subtitle
    if says_finding:
        subtitle = f"{message('title')}. {subtitle}"
    made.subtitle = subtitle if options.subtitle is None else options.subtitle
    alt = message("alt") if result.alt is None else result.alt
    made.alt = sentence(f"{alt} {result.note}".strip())
    made.source_line = source_line(made.rows, made.language)


def _root(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes without a figure cannot be drawn on"
    return figure


def _write_on_axes(panel: Panel, subtitle: str | None) -> None:
    lines = [panel.title, subtitle or ""]
    inches = panel.ax.get_window_extent().width / _root(panel.ax).dpi
    letters = max(int(inches * _PANEL_LETTERS), _LEAST_LETTERS)
    words = "\n".join(textwrap.fill(line, letters) for line in lines if line)
    panel.ax.set_title(words, loc="left", size=10, color=INK, pad=14)
    stamp(panel)


def joined(names: Iterable[Any], values: Iterable[str]) -> str:
    """Return names and values as the alt text lists them.

    Examples
    --------
    >>> joined(["2022", "2023"], ["28,852", "31,186"])
    '2022 — 28,852; 2023 — 31,186'
    """
    entries = []
    for name, value in zip(names, values, strict=True):
        entry = f"{name} — {value}"
        entries.append(entry)
    return "; ".join(entries)
