"""On a screen of 360 pixels every figure has type of 11 pixels or more, and nothing is cut."""

from __future__ import annotations

import re

import pytest
from layout import cut_words, overlapping_words

from analysis import charts, coverage, load_akim_elections, load_turnout
from analysis.reference import languages
from analysis.report.document import picture
from analysis.report.output.html import fragment

SCREEN, LEAST = 360, 11  # pixels
FEW = ("appeal_types", "elected_profile", "coverage")


def smallest_type(svg):
    """The smallest type of a picture in pixels, where it is as wide as the screen."""
    width = float(re.search(r'<svg [^>]*viewBox="0 0 ([\d.]+) ', svg, re.S)[1])
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", svg)]
    assert sizes
    return min(sizes) * SCREEN / width


def check(chart):
    narrow = chart.narrow().plot_only()
    assert smallest_type(narrow.svg().decode()) >= LEAST
    narrow.canvas.draw()
    assert cut_words(narrow) == [] and overlapping_words(narrow) == []
    assert narrow.data().equals(chart.data()) and narrow.alt == chart.alt


@pytest.mark.parametrize("name", FEW)
def test_a_figure_can_be_read_on_a_phone(name):
    check(charts.draw(name, language="ru"))


@pytest.mark.slow
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", charts.FIGURES)
def test_every_figure_can_be_read_on_a_phone(name, language):
    check(charts.draw(name, language=language))


@pytest.mark.slow
@pytest.mark.parametrize("language", languages())
def test_charts_of_one_place_can_be_read_on_a_phone(language):
    check(charts.plot_place_turnout(load_turnout(), place="KZ-33", language=language))
    check(charts.plot_place_coverage(coverage(), place="KZ-27", language=language))
    elections = load_akim_elections()
    check(charts.plot_rural_turnout_2021(elections, place="KZ-59", language=language))


def test_the_wide_drawing_would_be_too_small():
    chart = charts.draw("turnout_gaps")
    assert smallest_type(chart.svg().decode()) < LEAST


def test_a_page_offers_the_narrow_drawing_to_narrow_screens():
    block = picture(charts.draw("administrative_lawsuits"))
    page = fragment((block,), language="en")
    assert page.count("<picture>") == 1
    assert re.search(r'<source media="\(max-width: 30rem\)" srcset="data:image/svg', page)
