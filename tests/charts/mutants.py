"""Break the drawing of every figure in four ways; the test of artists and `verify` must both see it.

Run: make mutants-charts
"""

from __future__ import annotations

import sys

import numpy as np
from artists import differences, lines_of_dots
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.container import BarContainer

from analysis import charts
from analysis.charts.contract import Canvas
from analysis.gallery.drawing import drawing_differences

WAYS = ("scaled", "shifted", "swapped", "dropped")
ON_Y = (
    "turnout_spread",
    "neighbours",
    "turnout_day",
    "turnout_day_regions",
)  # figures with values on the vertical axis
FACTOR = 0.93


class Line:
    """The values of a line of dots."""

    def __init__(self, line, on_y):
        self.line, self.on_y = line, on_y

    def get(self):
        both = self.line.get_xdata(orig=False), self.line.get_ydata(orig=False)
        return np.asarray(both[self.on_y], dtype=float)

    def set(self, values):
        (self.line.set_ydata if self.on_y else self.line.set_xdata)(values)

    def drop(self):
        x, y = self.line.get_xdata(orig=False), self.line.get_ydata(orig=False)
        self.line.set_data(x[1:], y[1:])


class Scatter:
    """The values of a scatter."""

    def __init__(self, drawn, on_y):
        self.drawn, self.on_y = drawn, int(on_y)

    def get(self):
        return np.ma.filled(self.drawn.get_offsets(), np.nan)[:, self.on_y]

    def set(self, values):
        offsets = np.ma.filled(self.drawn.get_offsets(), np.nan)
        offsets[:, self.on_y] = values
        self.drawn.set_offsets(offsets)

    def drop(self):
        self.drawn.set_offsets(self.drawn.get_offsets()[1:])


class Bars:
    """The ends of bars."""

    def __init__(self, drawn):
        self.drawn = drawn

    def get(self):
        return np.array([bar.get_width() for bar in self.drawn.patches])

    def set(self, values):
        for bar, value in zip(self.drawn.patches, values, strict=True):
            bar.set_width(value)

    def drop(self):
        self.drawn.patches[0].set_width(0)


class Tiles:
    """Where tiles lie."""

    def __init__(self, patches):
        self.patches = patches

    def get(self):
        return np.array([tile.get_x() for tile in self.patches], dtype=float)

    def set(self, values):
        for tile, value in zip(self.patches, values, strict=True):
            tile.set_x(value)

    def drop(self):
        self.patches[0].remove()


class Cells:
    """The values of a table of colours."""

    def __init__(self, image):
        self.image = image

    def get(self):
        return np.ma.filled(self.image.get_array(), np.nan).ravel()

    def set(self, values):
        self.image.set_data(np.reshape(values, self.image.get_array().shape))

    def drop(self):
        values = self.get()
        values[np.flatnonzero(~np.isnan(values))[0]] = np.nan
        self.set(values)


class Shades(Cells):
    """The values of a mesh of colours."""

    def set(self, values):
        self.image.set_array(np.asarray(values))

    def drop(self):
        values = self.get()
        values[np.flatnonzero(values)[0]] = 0
        self.set(values)


def marks_of(name, axes):
    """The marks of a plot, each of which can be given other values."""
    on_y = name in ON_Y
    found = [Line(line, on_y) for line in lines_of_dots(axes)]
    found += [Scatter(c, on_y) for c in axes.collections if isinstance(c, PathCollection)]
    found += [Bars(c) for c in axes.containers if isinstance(c, BarContainer)]
    found += [Cells(image) for image in axes.images]
    if name == "tile_map":
        found.append(Tiles(axes.patches))
    found += [Shades(c) for c in axes.collections if isinstance(c, QuadMesh)]
    return [mark for mark in found if len(mark.get())]


def swap(marks):
    """Give the first value to the last mark whose value is another, and the other way round."""
    values = [mark.get() for mark in marks]
    flat = np.concatenate(values)
    known = np.flatnonzero(~np.isnan(flat))
    others = [i for i in known if abs(flat[i] - flat[known[0]]) > 1e-3 * abs(flat[known[0]])]
    if not others:
        return False
    first, other = known[0], others[-1]
    flat[[first, other]] = flat[[other, first]]
    ends = np.cumsum([len(value) for value in values])[:-1]
    for mark, new in zip(marks, np.split(flat, ends), strict=True):
        mark.set(new)
    return True


def break_drawing(name, figure, way):
    """Break the marks of a figure in one way."""
    plots = [marks for axes in figure.axes if (marks := marks_of(name, axes))]
    if way == "dropped":
        plots[0][0].drop()
    elif way == "swapped":
        assert any(swap(marks) for marks in plots), f"{name}: all marks have one value"
    else:
        for mark in (mark for marks in plots for mark in marks):
            values = mark.get()
            step = 0.05 * np.nanmax(np.abs(values)) or 0.05
            mark.set(values * FACTOR if way == "scaled" else values + step)


def survivors(name):
    """The ways in which a figure can be broken unseen, each with who does not see it."""
    whole, unseen = Canvas.result, []
    published = charts.draw(name).svg()
    for way in WAYS:

        def broken(canvas, way=way):
            break_drawing(name, canvas.chart, way)
            return whole(canvas)

        Canvas.result = broken
        try:
            chart = charts.draw(name)
        finally:
            Canvas.result = whole
        if differences(chart) == {"shown": {}, "listed": {}}:
            unseen.append((way, "the test of artists"))
        if not drawing_differences(published, chart.svg()):
            unseen.append((way, "the coordinates that verify compares"))
    return unseen


def main(names):
    failed = 0
    for name in names or charts.FIGURES:
        unseen = survivors(name)
        failed += len(unseen)
        said = "; ".join(f"{way} passes {who}" for way, who in unseen) or "all four seen twice"
        print(f"{name:26} {said}", flush=True)
    print(f"{failed} mutations survived.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
