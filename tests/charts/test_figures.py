"""Each figure, in each language: data, alt text, units, source line, nothing overlapping or cut."""

from __future__ import annotations

import itertools
import warnings

import pytest

from analysis import charts
from analysis.reference import languages


def shown_tick_labels(axes, axis=None):
    """The tick labels that are drawn: those inside the view."""
    for each in [axis] if axis else [axes.xaxis, axes.yaxis]:
        low, high = sorted(each.get_view_interval())
        for tick in each.get_major_ticks():
            if (
                low <= tick.get_loc() <= high
                and tick.label1.get_visible()
                and tick.label1.get_text()
            ):
                yield tick.label1


def corners(text, renderer):
    """The box of a label; of a rotated one, the part near its anchor."""
    box = text.get_window_extent(renderer)
    return box if not text.get_rotation() else box.from_extents(box.x1 - 12, box.y0, box.x1, box.y1)


@pytest.mark.parametrize(("name", "language"), list(itertools.product(charts.FIGURES, languages())))
def test_a_figure_is_whole(name, language):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chart = charts.draw(name, language=language)
        chart.canvas.draw()
    assert len(chart.data()) and (chart.data()["sources"] != "").any()
    assert chart.alt and any(c.isdigit() for c in chart.alt)
    assert chart.source_line.split(".")[0].split(": ")[1]
    renderer = chart.canvas.get_renderer()
    width, height = chart.bbox.width, chart.bbox.height
    for text in [
        *chart.texts,
        *(t for axes in chart.axes for t in [*axes.texts, *shown_tick_labels(axes)]),
    ]:
        box = text.get_window_extent(renderer)
        assert box.x0 >= -1 and box.x1 <= width + 1, text.get_text()
        assert box.y0 >= -1 and box.y1 <= height + 1, text.get_text()
    labels = [*chart.texts]
    for axes in chart.axes:
        legend = axes.get_legend()
        labels += [
            *axes.texts,
            *shown_tick_labels(axes),
            axes.xaxis.label,
            axes.yaxis.label,
            axes._left_title,
        ]
        labels += legend.get_texts() if legend else []
    boxes = [
        (t.get_text(), corners(t, renderer).padded(-1))
        for t in labels
        if t.get_text() and t.get_visible()
    ]
    overlaps = [(a, b) for (a, x), (b, y) in itertools.combinations(boxes, 2) if x.overlaps(y)]
    assert not overlaps


def test_interim_and_planned_figures_reach_no_chart():
    for name in charts.FIGURES:
        rows = charts.draw(name).rows
        stages = rows["stage"].dropna() if "stage" in rows else []
        assert set(stages) <= {"preliminary", "final"}


def some_rows(frame, how):
    """One row, one region, or no value known."""
    if how == "one region":
        return frame[frame["place_id"] == "KZ-31"] if "place_id" in frame else frame.iloc[:1]
    if how == "one row":
        return frame.iloc[[len(frame) // 2]]
    return (
        frame.assign(value=float("nan"), low=float("nan"), high=float("nan"))
        if "value" in frame
        else frame
    )


@pytest.mark.parametrize("how", ["one row", "one region", "all missing"])
@pytest.mark.parametrize("name", charts.FIGURES)
def test_a_figure_of_very_little_is_true(name, how):
    plot, loaders = charts.FIGURES[name]
    frames = [some_rows(load(), how) for load in loaders]
    if name in ("turnout_gaps", "gap_tests") and how != "all missing":
        with pytest.raises(charts.WrongFrame, match='Add "KZ"'):
            plot(*frames, language="ru")
        return
    chart = plot(*frames, language="ru")
    chart.canvas.draw()
    drawn = [
        a
        for a in chart.axes
        if a.axison and (a.lines or a.patches or a.collections or a.images or a.texts)
    ]
    assert drawn or chart.alt == "нет данных" or any(a.texts for a in chart.axes)
    assert chart.alt


@pytest.mark.parametrize(
    "name", ["rural_turnout_2021", "vote_pairs", "turnout_gaps", "administrative_lawsuits"]
)
def test_the_numbers_of_the_alt_text_are_plotted_values(name):
    import re

    chart = charts.draw(name, language="en")
    numbers = {
        float(n.replace(",", ""))
        for n in re.findall(r"(?<![\d,.])\d[\d,]*\.?\d*(?=%|\b)", chart.alt)
    }
    values = {round(v * 100, 1) for v in chart.rows["value"] if v <= 1} | {
        float(v) for v in chart.rows["value"] if v > 1
    }
    years, counts = set(range(2019, 2027)), set(range(0, 42))
    assert numbers <= values | years | counts, numbers - values


def test_the_openness_profile_lists_what_it_shows():
    """Coverage of twenty regions, eleven rural turnouts of regions that were not split, twenty of 2024, three shares of 2022."""
    data = charts.draw("openness_profile").data()
    assert data["indicator"].value_counts().to_dict() == {
        "turnout_share": 31,
        "meeting_questions_resolved_share": 3,
    }
    assert data["status"].notna().sum() == 20 * 6 * 5 - 3 * 5  # three cities have no rural akims


def test_the_gaps_and_distances_fill_the_dots_that_hold_after_adjustment():
    filled = {}
    for name in ("gap_tests", "distances"):
        dots = [
            line
            for axes in charts.draw(name).axes
            for line in axes.lines
            if line.get_marker() == "o"
        ]
        filled[name] = sum(dot.get_markerfacecolor() != "white" for dot in dots), len(dots)
    assert filled == {"gap_tests": (0, 17), "distances": (4 + 1 + 5 + 4, 28)}
