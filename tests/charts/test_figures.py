"""Each figure, in each language: data, alt text, units, source line, nothing overlapping or cut."""

from __future__ import annotations

import warnings

import pytest
from layout import cut_words, overlapping_words

from analysis import charts, coverage
from analysis.reference import languages


@pytest.mark.parametrize("name", charts.FIGURES)
def test_a_figure_is_whole(name):
    check(name, "en")


@pytest.mark.slow
@pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
@pytest.mark.parametrize("name", charts.FIGURES)
def test_a_figure_is_whole_in_every_language(name, language):
    check(name, language)


def check(name, language):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chart = charts.draw(name, language=language)
        chart.canvas.draw()
    assert len(chart.data()) and (chart.data()["sources"] != "").any()
    assert chart.alt and any(c.isdigit() for c in chart.alt)
    assert chart.source_line.split(".")[0].split(": ")[1]
    assert cut_words(chart) == [] and overlapping_words(chart) == []


def test_interim_and_planned_figures_reach_no_chart():
    through_the_day = {"turnout_day", "turnout_day_regions", "coinciding_lists"}
    for name in set(charts.FIGURES) - through_the_day:
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
    if name == "turnout_gaps" and how != "all missing":
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
    "name", ["rural_turnout_2021", "vote_pairs", "tile_map", "administrative_lawsuits"]
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


def test_required_and_found_counts_the_years_of_the_coverage():
    data = charts.draw("required_found").data()
    cells = coverage()
    row = data[(data["place_id"] == "KZ-23") & (data["panel"] == "appeals")].iloc[0]
    own = cells[(cells["place_id"] == "KZ-23") & (cells["item"] == "appeals_total")]
    found = own["status"].isin(["partial", "closing", "final"]).sum()
    assert (row["count"], row["total"]) == (found, len(own)) == (2, 5)
    assert len(data) == 100 and row["article"] == "APPC art. 69 p. 3"


def test_the_dots_that_hold_after_adjustment_are_filled():
    chart = charts.draw("distances")
    dots = [line for axes in chart.axes for line in axes.lines if line.get_marker() == "o"]
    filled = [dot.get_markerfacecolor() != "white" for dot in dots]
    assert filled == (chart.data()["p_adjusted"] < 0.05).tolist()
    assert len(filled) == 28
