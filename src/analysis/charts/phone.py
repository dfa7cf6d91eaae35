"""A drawing for a phone: 360 pixels wide, with type that can be read there."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.category import StrCategoryLocator
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, MaxNLocator

from analysis.charts.parts import short_name
from analysis.charts.style import LEAST_NARROW

if TYPE_CHECKING:
    from analysis.charts.chart import Chart

_NAME_LETTERS, _TITLE_LETTERS, _LABEL_LETTERS = 22, 36, 34  # that fit into a line
_SHORT_LABEL, _VALUE_LETTERS = 18, 16  # beside names a longer one has no room on a line
_FEW_TICKS, _MOST_TICKS = 2, 4
_LINE, _BETWEEN = 0.14, 0.05  # inches of a line of a name, and between two names
_NUMBERS = re.compile(r"[\d\s.,:%\u2212\u202f\xa0]*")


def fit_phone(made: Chart) -> Chart:
    """Make the type of a narrow chart large enough, and its long words several lines.

    The chart becomes higher where its names then need more room.

    Parameters
    ----------
    made : Chart
        A chart that was drawn narrow; it is changed in place.
    """
    for axes in made.axes:
        _wrap_names(axes)
        _wrap_values(axes)
        _thin_out(axes)
    for words in made.findobj(Text):
        if isinstance(words, Text) and float(words.get_fontsize()) < LEAST_NARROW:
            words.set_fontsize(LEAST_NARROW)
    for axes in made.axes:
        axes.tick_params(labelsize=LEAST_NARROW)
    _make_room(made)
    return made


def _has_names(axes: Axes) -> bool:
    axis = axes.yaxis
    locator = axis.get_major_locator()
    return isinstance(locator, FixedLocator | StrCategoryLocator)


def _wrap_names(axes: Axes) -> None:
    """Break long names of lines, titles and labels of axes into lines."""
    if axes.axison and _has_names(axes):
        wrapped = []
        for label in axes.get_yticklabels():
            written = label.get_text()
            name = short_name(written)
            lines = _wrap(name, _NAME_LETTERS)
            wrapped.append(lines)
        places = axes.get_yticks()
        axes.set_yticks(places, wrapped)
    title = axes.get_title(loc="left")
    if len(title) > _TITLE_LETTERS:
        lines = _wrap(title, _TITLE_LETTERS)
        axes.set_title(lines, loc="left", size=LEAST_NARROW)
    name = " ".join(axes.get_xlabel().split("\n"))
    lines = _wrap(name, _LABEL_LETTERS)
    if len(name) > _SHORT_LABEL:
        axes.set_xlabel(lines, loc="right", multialignment="right")


def _wrap_values(axes: Axes) -> None:
    """Put what stands in brackets behind a long value on a line of its own."""
    for label in axes.texts:
        words = label.get_text()
        if len(words) > _VALUE_LETTERS:
            label.set_text(words.replace(" (", "\n("))


def _wrap(words: str, letters: int) -> str:
    wrapped = []
    for line in words.splitlines():
        shorter = textwrap.fill(line, letters, break_long_words=False)
        wrapped.append(shorter)
    return "\n".join(wrapped)


def _thin_out(axes: Axes) -> None:
    """Leave few numbers on the horizontal axis."""
    locator = axes.xaxis.get_major_locator()
    if isinstance(locator, MaxNLocator):
        locator.set_params(nbins=_FEW_TICKS)
    if not isinstance(locator, FixedLocator):
        return
    labels = [label.get_text() for label in axes.get_xticklabels()]
    are_numbers = all(_NUMBERS.fullmatch(label) for label in labels)
    if len(labels) > _MOST_TICKS and are_numbers and any(labels):
        axes.set_xticks(axes.get_xticks()[::2], labels[::2])


def _make_room(made: Chart) -> None:
    """Make the chart so high that no name of a line reaches into the next one."""
    made.draw_without_rendering()
    more = {axes: _missing_height(axes) for axes in made.axes if axes.axison}
    grids = {axes.get_gridspec(): 0.0 for axes in more}
    for axes, inches in more.items():
        grids[axes.get_gridspec()] = max(grids[axes.get_gridspec()], inches)
    rows = max((grid.nrows for grid in grids if grid is not None), default=1)
    made.set_figheight(made.get_figheight() + rows * max(grids.values(), default=0.0))


def _missing_height(axes: Axes) -> float:
    """Return how many inches higher the plot must be for the tallest of its names."""
    names = [label.get_text() for label in axes.get_yticklabels()]
    if not _has_names(axes) or len(names) <= 1:
        return 0.0
    most = max(name.count("\n") for name in names)
    tallest = most + 1
    of_line = tallest * _LINE + _BETWEEN
    needed = len(names) * of_line
    figure = axes.get_figure(root=True)
    assert figure is not None
    extent = axes.get_window_extent()
    held = extent.height / figure.dpi
    return max(needed - held, 0.0)
