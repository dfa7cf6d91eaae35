"""Each figure draws the values that its data list, at the label that its data give them."""

from __future__ import annotations

import pytest
from artists import READERS, differences, rows

from analysis import charts
from analysis.reference import languages

SAME = {"shown": {}, "listed": {}}


@pytest.mark.parametrize("name", charts.FIGURES)
def test_the_picture_shows_what_the_data_list(name):
    assert differences(charts.draw(name)) == SAME


@pytest.mark.slow
@pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
@pytest.mark.parametrize("name", charts.FIGURES)
def test_the_picture_shows_what_the_data_list_in_every_language(name, language):
    assert differences(charts.draw(name, language=language)) == SAME


@pytest.mark.parametrize("name", charts.FIGURES)
def test_the_reader_of_a_figure_finds_marks(name):
    chart = charts.draw(name)
    found, wanted = READERS.get(name, rows)(chart)
    assert sum(found.values()) >= 3 and sum(wanted.values()) >= 3
