"""Which words of a chart lie outside of it or on each other."""

from __future__ import annotations

import itertools


def shown_tick_labels(axes, axis=None):
    """The tick labels that are drawn: those inside the view."""
    for each in [axis] if axis else [axes.xaxis, axes.yaxis]:
        if not axes.axison:
            return
        low, high = sorted(each.get_view_interval())
        for tick in each.get_major_ticks():
            is_inside = low <= tick.get_loc() <= high
            if is_inside and tick.label1.get_text():
                yield from (t for t in (tick.label1, tick.label2) if t.get_visible())


def corners(text, renderer):
    """The box of a label; of a rotated one, the part near its anchor."""
    box = text.get_window_extent(renderer)
    if not text.get_rotation():
        return box
    if text.get_ha() == "left":
        return box.from_extents(box.x0, box.y0, box.x0 + 12, box.y0 + 12)
    return box.from_extents(box.x1 - 12, box.y0, box.x1, box.y1)


def words_of(chart):
    """Every text of a chart that can be seen."""
    found = [*chart.texts]
    for axes in chart.axes:
        legend = axes.get_legend()
        found += [*axes.texts, *shown_tick_labels(axes), axes._left_title]
        found += [axes.xaxis.label, axes.yaxis.label] if axes.axison else []
        found += legend.get_texts() if legend else []
    return [text for text in found if text.get_text() and text.get_visible()]


def cut_words(chart):
    renderer, box = chart.canvas.get_renderer(), chart.bbox
    extents = [(text, text.get_window_extent(renderer)) for text in words_of(chart)]
    return [
        text.get_text()
        for text, own in extents
        if own.x0 < -1 or own.x1 > box.width + 1 or own.y0 < -1 or own.y1 > box.height + 1
    ]


def overlapping_words(chart):
    renderer = chart.canvas.get_renderer()
    boxes = [(t.get_text(), corners(t, renderer).padded(-1)) for t in words_of(chart)]
    return [(a, b) for (a, x), (b, y) in itertools.combinations(boxes, 2) if x.overlaps(y)]
